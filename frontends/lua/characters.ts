// Character classes of Lua's lexer, in the C locale: bytes above 127 belong to none.

export const NEWLINE = 0x0a;
export const CARRIAGE_RETURN = 0x0d;

const DIGIT = 1;
const HEXADECIMAL = 2;
const LETTER = 4;
const SPACE = 8;

const classes = new Uint8Array(257);
markRange('0', '9', DIGIT | HEXADECIMAL);
markRange('a', 'f', HEXADECIMAL);
markRange('A', 'F', HEXADECIMAL);
markRange('a', 'z', LETTER);
markRange('A', 'Z', LETTER);
markRange('_', '_', LETTER);
markRange('\t', '\r', SPACE);
markRange(' ', ' ', SPACE);

function markRange(first: string, last: string, bit: number): void {
  for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) classes[code]! |= bit;
}

// A byte of -1 stands for the end of the source: the extra element at index 256 is in no class.
function hasClass(byte: number, bits: number): boolean {
  return (classes[byte < 0 ? 256 : byte]! & bits) !== 0;
}

export function isDigit(byte: number): boolean {
  return hasClass(byte, DIGIT);
}

export function isHexadecimalDigit(byte: number): boolean {
  return hasClass(byte, HEXADECIMAL);
}

/** A letter or an underscore. */
export function isLetter(byte: number): boolean {
  return hasClass(byte, LETTER);
}

export function isLetterOrDigit(byte: number): boolean {
  return hasClass(byte, LETTER | DIGIT);
}

export function isSpace(byte: number): boolean {
  return hasClass(byte, SPACE);
}

export function isNewline(byte: number): boolean {
  return byte === NEWLINE || byte === CARRIAGE_RETURN;
}

/** The value of a hexadecimal digit. */
export function hexadecimalValue(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x61 + 10;
}
