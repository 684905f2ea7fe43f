// The tokens of Lua 5.4: their numbers, their spelling in messages, and the record that the lexer fills.
// Numbers below 256 are the characters themselves; the others follow the order that fengari's parser uses.

/** Reserved words, in order; the first has the number FIRST_RESERVED. */
const RESERVED_WORDS = [
  'and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'goto', 'if',
  'in', 'local', 'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while',
] as const; // biome-ignore format: two lines

/** Tokens of several characters, then the end of the source and the kinds that carry a value. */
const LONG_TOKENS = ['//', '..', '...', '==', '>=', '<=', '~=', '<<', '>>', '::'] as const;
const VALUE_TOKENS = ['<eof>', '<number>', '<integer>', '<name>', '<string>'] as const;
const SPELLINGS: readonly string[] = [...RESERVED_WORDS, ...LONG_TOKENS, ...VALUE_TOKENS];

type TokenName = (typeof RESERVED_WORDS)[number] | (typeof LONG_TOKENS)[number] | (typeof VALUE_TOKENS)[number];

const FIRST_RESERVED = 257;

/** Token numbers by spelling, those of single characters apart. */
export const TOKEN = Object.fromEntries(
  SPELLINGS.map((spelling, index) => [spelling, FIRST_RESERVED + index]),
) as Readonly<Record<TokenName, number>>;

/** Token numbers of the reserved words. */
export const RESERVED: ReadonlyMap<string, number> = new Map(RESERVED_WORDS.map((word) => [word, TOKEN[word]]));

/** One token; the lexer fills the record that it is given. */
export interface Token {
  kind: number;
  /** Bytes of the source: from `start` up to (not including) `end`. */
  start: number;
  end: number;
  /** The line on which the token ends; a long string may begin earlier. */
  line: number;
  /** `<name>`: index of the name; `<number>`, `<integer>`, `<string>`: index of the literal; else -1. */
  value: number;
}

export function createToken(): Token {
  return { kind: TOKEN['<eof>'], start: 0, end: 0, line: 1, value: -1 };
}

/** How a kind of token is named in "... expected": `'then'`, `'='`, `<name>`. */
export function spellTokenKind(kind: number): string {
  if (kind >= FIRST_RESERVED) {
    const spelling = SPELLINGS[kind - FIRST_RESERVED]!;
    return kind < TOKEN['<eof>'] ? `'${spelling}'` : spelling;
  }
  const isPrintable = kind >= 0x20 && kind < 0x7f;
  return isPrintable ? `'${String.fromCharCode(kind)}'` : `'<\\${kind}>'`;
}
