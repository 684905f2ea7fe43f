// The lexical side of assembly text: how strings, floats and 64-bit integers are written and read, and a line's tokens.
// The disassembler writes with it what the assembler reads, so that the round trip is exact.

/** A token of a line: a quoted string (its text still escaped), a mark, or a word. */
export interface Token {
  readonly kind: 'word' | 'string' | 'mark';
  readonly text: string;
}

const SPACE_OR_COMMENT = /(?:\s|;.*)*/y;
const WORD = /[^\s,():";]+/y;
const MARKS = ',():';

/** The tokens of a line without its comment; null when something is no token. */
export function tokenize(line: string): Token[] | null {
  const tokens: Token[] = [];
  for (let at = endOf(SPACE_OR_COMMENT, line, 0); at < line.length; ) {
    const token = readToken(line, at);
    if (token === null) return null;
    tokens.push(token);
    at = endOf(SPACE_OR_COMMENT, line, at + token.text.length + (token.kind === 'string' ? 2 : 0));
  }
  return tokens;
}

function readToken(line: string, at: number): Token | null {
  const first = line[at]!;
  if (MARKS.includes(first)) return { kind: 'mark', text: first };
  if (first !== '"') return { kind: 'word', text: line.slice(at, endOf(WORD, line, at)) };
  // By hand: strings can be megabytes long, and an expression for them would use up the host's stack.
  let end = at + 1;
  while (end < line.length && line[end] !== '"') end += line[end] === '\\' ? 2 : 1;
  return end < line.length ? { kind: 'string', text: line.slice(at + 1, end) } : null;
}

/** The end of a sticky pattern's match at `at`. */
function endOf(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const UNESCAPES = new Map(Object.entries(ESCAPES).map(([character, escaped]) => [escaped, character]));
/** Characters that would not be seen, or would break the line. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name in quotes; what cannot be seen as `\u{...}`. */
export function quoteName(name: string): string {
  let text = '';
  for (const character of name) {
    const code = character.codePointAt(0)!;
    text += ESCAPES[character] ?? (INVISIBLE.test(character) ? `\\u{${code.toString(16)}}` : character);
  }
  return `"${text}"`;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const isPrintable = byte >= 0x20 && byte < 0x7f;
  return ESCAPES[character] ?? (isPrintable ? character : `\\x${byte.toString(16).padStart(2, '0')}`);
});

/** Bytes in quotes: printable ASCII as itself, the rest as `\xHH`. */
export function quoteBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += BYTES[byte];
  return `"${text}"`;
}

/** The name that a string token stands for; null when it is none. */
export function unquoteName(text: string): string | null {
  const codes = toCodes(text, /\\u\{([0-9a-f]{1,6})\}/y);
  if (codes === null || codes.some((code) => code > 0x10ffff)) return null;
  return codes.map((code) => String.fromCodePoint(code)).join('');
}

/** The bytes that a string token stands for; null when it stands for none. */
export function unquoteBytes(text: string): Uint8Array | null {
  const codes = toCodes(text, /\\x([0-9a-f]{2})/y);
  return codes === null || codes.some((code) => code > 255) ? null : Uint8Array.from(codes);
}

/** Code points, with numeric escapes as `pattern` says. */
function toCodes(text: string, pattern: RegExp): number[] | null {
  const codes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    if (character !== '\\') {
      codes.push(character.codePointAt(0)!);
      at += character.length;
      continue;
    }
    const simple = UNESCAPES.get(text.slice(at, at + 2));
    pattern.lastIndex = at;
    const match = simple === undefined ? pattern.exec(text) : null;
    if (simple === undefined && match === null) return null;
    codes.push(simple === undefined ? Number.parseInt(match![1]!, 16) : simple.charCodeAt(0));
    at = simple === undefined ? pattern.lastIndex : at + 2;
  }
  return codes;
}

const FLOAT = /^(?:-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|Infinity)|NaN)$/;

/** A float in the shortest decimal form that reads back as the same. */
export function formatFloat(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

export function parseFloatText(text: string): number | null {
  return FLOAT.test(text) ? Number(text) : null;
}

/** A 64-bit integer in decimal. */
export function formatInteger(low: number, high: number): string {
  return String((BigInt(high) << 32n) | BigInt(low >>> 0));
}

export function parseInteger(text: string): { low: number; high: number } | null {
  if (!/^-?[0-9]{1,19}$/.test(text)) return null;
  const value = BigInt(text);
  if (value !== BigInt.asIntN(64, value)) return null;
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
}

/** What operands of a kind are marked with in front of their number. */
export const OPERAND_PREFIXES: Readonly<Record<string, string>> = {
  dst: 'r',
  src: 'r',
  use: 'r',
  k8: 'k',
  k16: 'k',
  up: 'u',
  fn: 'f',
  sys: 's',
  intr: 'i',
};
