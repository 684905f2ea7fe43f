// The vocabulary of the C parser: one chevrotain token type a keyword and a punctuator, and the open classes.
import { createToken, Lexer, type TokenType } from 'chevrotain';

const PUNCTUATORS =
  '[ ] ( ) { } . -> ++ -- & * + - ~ ! / % << >> < > <= >= == != ^ | && || ? : ; ... = *= /= %= += -= <<= >>= &= ^= |= , # ##'.split(
    ' ',
  );

const KEYWORDS = (
  'auto break case char const continue default do double else enum extern float for goto if inline int long ' +
  'register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while ' +
  '_Bool _Complex _Imaginary _Alignas _Alignof _Atomic _Generic _Noreturn _Static_assert _Thread_local ' +
  'typeof __attribute__ __extension__ asm ' +
  '__builtin_va_start __builtin_va_end __builtin_va_arg __builtin_va_copy __builtin_offsetof ' +
  '__builtin_types_compatible_p __builtin_choose_expr __intrinsic __syscall'
).split(' ');

/** Other spellings, as GNU C has them. */
const ALIASES: Record<string, string> = {
  __inline: 'inline',
  __inline__: 'inline',
  __const: 'const',
  __const__: 'const',
  __volatile: 'volatile',
  __volatile__: 'volatile',
  __restrict: 'restrict',
  __restrict__: 'restrict',
  __signed: 'signed',
  __signed__: 'signed',
  __typeof: 'typeof',
  __typeof__: 'typeof',
  __alignof: '_Alignof',
  __alignof__: '_Alignof',
  __attribute: '__attribute__',
  __asm: 'asm',
  __asm__: 'asm',
};

const DIGRAPHS: Record<string, string> = { '<:': '[', ':>': ']', '<%': '{', '%>': '}', '%:': '#', '%:%:': '##' };

/** What the parser tells apart beyond keywords and punctuators. */
export const IdentifierType = open('Identifier', 'an identifier');
export const NumberType = open('Number', 'a number');
export const CharacterType = open('Character', 'a character constant');
export const StringType = open('String', 'a string literal');
/** A character or a token that means nothing in C: no rule consumes it. */
export const InvalidType = open('Invalid', 'a stray character');
export const EndType = open('End', 'the end of the file');

/** The token type of every punctuator, by its spelling (digraphs included). */
export const punctuatorTypes: ReadonlyMap<string, TokenType> = closed(PUNCTUATORS, DIGRAPHS);
/** The token type of every keyword, by its spelling (GNU aliases included). */
export const keywordTypes: ReadonlyMap<string, TokenType> = closed(KEYWORDS, ALIASES);

/** All token types, as the parser's constructor wants them. */
export const vocabulary: TokenType[] = [
  ...new Set([...punctuatorTypes.values(), ...keywordTypes.values()]),
  ...[IdentifierType, NumberType, CharacterType, StringType, InvalidType, EndType],
];

/** The type of the keyword or punctuator spelled `image`, which must exist. */
export function typeOf(image: string): TokenType {
  return (punctuatorTypes.get(image) ?? keywordTypes.get(image))!;
}

function open(name: string, label: string): TokenType {
  return createToken({ name, label, pattern: Lexer.NA });
}

function closed(images: readonly string[], aliases: Record<string, string>): Map<string, TokenType> {
  const types = new Map(
    images.map((image) => [image, createToken({ name: image, label: `'${image}'`, pattern: Lexer.NA })]),
  );
  for (const [alias, image] of Object.entries(aliases)) types.set(alias, types.get(image)!);
  return types;
}

/** The attribute that `#pragma pack` becomes; its argument is the alignment. */
export const PACK_ATTRIBUTE = 'pack_pragma';
