// Long strings and long comments: [[ ... ]], [==[ ... ]==].
import { isNewline, NEWLINE } from './characters';

/** The closing bracket is missing. */
export class LongBracketError extends Error {
  constructor(readonly newlines: number) {
    super('unfinished');
  }
}

/** What lies between the brackets, with every line end as \n and without a first one. */
export interface LongBracket {
  bytes: Uint8Array;
  /** Byte behind the closing bracket. */
  end: number;
  newlines: number;
}

const CLOSE_BRACKET = 0x5d;
const EQUALS = 0x3d;

/** Reads the long bracket of `level` equals signs at `start`; keeps its text when `keeps`. */
export function readLongBracket(bytes: Uint8Array, start: number, level: number, keeps: boolean): LongBracket {
  let position = start + level + 2;
  let newlines = 0;
  // Line ends only ever get shorter, so the text fits in a copy of its source.
  const kept: { bytes: Uint8Array; length: number } = { bytes: new Uint8Array(0), length: 0 };
  if (keeps) kept.bytes = new Uint8Array(contentLength(bytes, position, level));
  let isFirst = true;
  while (position < bytes.length) {
    const byte = bytes[position]!;
    if (byte === CLOSE_BRACKET && closes(bytes, position, level)) {
      return { bytes: kept.bytes.subarray(0, kept.length), end: position + level + 2, newlines };
    }
    if (isNewline(byte)) {
      newlines++;
      position += newlineLength(bytes, position);
      if (keeps && !isFirst) kept.bytes[kept.length++] = NEWLINE;
    } else {
      if (keeps) kept.bytes[kept.length++] = byte;
      position++;
    }
    isFirst = false;
  }
  throw new LongBracketError(newlines);
}

/** Length of the line end at `position`: 2 for \r\n and \n\r. */
export function newlineLength(bytes: Uint8Array, position: number): number {
  const second = bytes[position + 1] ?? 0;
  return isNewline(second) && second !== bytes[position] ? 2 : 1;
}

function closes(bytes: Uint8Array, position: number, level: number): boolean {
  for (let index = 1; index <= level; index++) if (bytes[position + index] !== EQUALS) return false;
  return bytes[position + level + 1] === CLOSE_BRACKET;
}

/** Bytes up to the closing bracket, or up to the end of the source. */
function contentLength(bytes: Uint8Array, start: number, level: number): number {
  let position = bytes.indexOf(CLOSE_BRACKET, start);
  while (position !== -1 && !closes(bytes, position, level)) position = bytes.indexOf(CLOSE_BRACKET, position + 1);
  return (position === -1 ? bytes.length : position) - start;
}
