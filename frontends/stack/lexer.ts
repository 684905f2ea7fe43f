// Characters to tokens, one line at a time. Each token has a kind of one character, so that the kinds of a line are a
// string that the grammar (grammar.ts) matches. A source is bytes, one character each: strings keep theirs, whatever
// they are. What numbers and strings mean is literals.ts's business.
import type { Place, Report } from './report';

/** A token; `kind` as in KINDS. */
export interface Token extends Place {
  readonly kind: string;
  readonly text: string;
}

/** Kinds of tokens that are not single words; punctuation is its own kind, `>` stands for `->`. */
export const KINDS = { word: 'w', number: '0', character: "'", string: '"', function: '&', attribute: 'o' } as const;

/** Kinds of the words with a syntax of their own: the grammar's terminals. All other words are KINDS.word. */
const WORD_KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    F: 'func',
    L: 'local',
    E: 'end',
    N: 'entry',
    C: 'const',
    D: 'data',
    R: 'reserve',
    M: 'memory',
    S: 'stack',
    T: 'table',
    A: 'align',
    Z: 'zero',
    t: 'i32 i64 f32 f64',
    e: 'i8 i16',
    n: 'local.get local.set local.tee br br_if call syscall',
    v: 'i32.const i64.const f32.const f64.const stack.allocate',
    b: 'br_table',
    c: 'call_indirect',
    '0': 'inf nan',
  }).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);

/** Words that begin or belong to a declaration and can be no names. */
export function isReservedWord(text: string): boolean {
  return WORD_KINDS.has(text);
}

const WORD = /[A-Za-z_][A-Za-z0-9_.]*/y;
/** Takes in whatever follows without a gap, so that a malformed number is one token. */
const NUMBER =
  /[+-]?(?:0[xX][0-9A-Fa-f_.]+(?:[pP][+-]?[0-9]+)?|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?)[A-Za-z0-9_.]*|[+-](?:inf|nan)(?![A-Za-z0-9_.])/y;
const UNSIGNED_NUMBER =
  /(?:0[xX][0-9A-Fa-f_.]+(?:[pP][+-]?[0-9]+)?|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?)[A-Za-z0-9_.]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const CHARACTER = /'[^'\\]*(?:\\.[^'\\]*)*'/y;
const FUNCTION = /&[A-Za-z_][A-Za-z0-9_.]*/y;
const ATTRIBUTE = /(?:offset|align)=/y;
const ARROW = /->/y;
const PUNCTUATION = /[():,=+-]/y;
const BLANKS = /[ \t\r]*(?:;.*)?/sy;

/** Shapes and kinds of all tokens but words; '' for punctuation, which is its own kind. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [NUMBER, KINDS.number],
  [ARROW, '>'],
  [PUNCTUATION, ''],
  [STRING, KINDS.string],
  [CHARACTER, KINDS.character],
  [FUNCTION, KINDS.function],
];

/** In a sum a sign is an operator, whatever follows it. */
const SHAPES_IN_PARENTHESES = SHAPES.map((shape) =>
  shape[0] === NUMBER ? ([UNSIGNED_NUMBER, KINDS.number] as const) : shape,
);

/**
 * The tokens of one line, which has no line end, or the first `most` + 1 of them; null, with an error, when it has
 * something that is no token.
 */
export function readTokens(text: string, line: number, most: number, report: Report): Token[] | null {
  const tokens: Token[] = [];
  let at = skipBlanks(text, 0);
  let depth = 0;
  while (at < text.length && tokens.length <= most) {
    const token = readToken(text, at, line, depth > 0);
    if (token === null) {
      reportBadCharacter(text, at, line, report);
      return null;
    }
    if (token.kind === '(') depth++;
    if (token.kind === ')') depth--;
    tokens.push(token);
    at = skipBlanks(text, at + token.length);
  }
  return tokens;
}

function readToken(text: string, at: number, line: number, isInParentheses: boolean): Token | null {
  const word = match(WORD, text, at);
  if (word !== null) return readWord(word, text, at, line);
  for (const [shape, kind] of isInParentheses ? SHAPES_IN_PARENTHESES : SHAPES) {
    const found = match(shape, text, at);
    if (found !== null) return { line, column: at + 1, length: found.length, text: found, kind: kind || found };
  }
  return null;
}

function readWord(word: string, text: string, at: number, line: number): Token {
  const attribute = word === 'offset' || word === 'align' ? match(ATTRIBUTE, text, at) : null;
  const found = attribute ?? word;
  const kind = attribute === null ? (WORD_KINDS.get(word) ?? KINDS.word) : KINDS.attribute;
  return { line, column: at + 1, length: found.length, text: found, kind };
}

function match(shape: RegExp, text: string, at: number): string | null {
  shape.lastIndex = at;
  return shape.test(text) ? text.slice(at, shape.lastIndex) : null;
}

function skipBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

function reportBadCharacter(text: string, at: number, line: number, report: Report): void {
  const character = text[at]!;
  const place = { line, column: at + 1, length: 1 };
  if (character === '"' || character === "'") {
    report.error('text', { ...place, length: text.length - at }, `a ${character} that is not closed on its line`);
  } else {
    const isPrintable = character > ' ' && character <= '~';
    const name = isPrintable ? `'${character}'` : `byte 0x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    report.error('character', place, `${name} means nothing here`);
  }
}
