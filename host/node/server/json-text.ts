// JSON of what may be large, written a piece at a time: a function's result has up to 262,144 values and megabytes of text, and
// `JSON.stringify` holds everybody up for a tenth of a second with it.

import type { Steps } from '../../../vm/index';

/** Characters of a piece, give or take a value or name; that takes some tenths of a millisecond. */
const PIECE = 1 << 14;
/** Strings above are written in parts. */
const LONG = 1 << 12;

/** A list or an object that is being written. */
interface Level {
  readonly source: object;
  /** Of an object. */
  readonly names: readonly string[] | null;
  readonly length: number;
  next: number;
  isEmpty: boolean;
}

/** Texts that are one string together. */
export class TextParts {
  constructor(readonly parts: Iterator<string>) {}
}

/**
 * The JSON text of plain data in pieces: as JSON.stringify has it, members that are undefined left out; TextParts are strings.
 */
export function* jsonPieces(value: unknown): Generator<string, void> {
  const writer = new Writer(value);
  for (let piece = writer.next(); piece !== ''; piece = writer.next()) yield piece;
}

class Writer {
  private text = '';
  private readonly levels: Level[] = [];
  /** What is left of a string that is being written. */
  private parts: Iterator<string> | null = null;

  constructor(value: unknown) {
    this.begin(value);
  }

  /** The next piece; empty at the end. */
  next(): string {
    while (this.text.length < PIECE) {
      const level = this.levels.at(-1);
      if (this.parts !== null) this.writePart(this.parts);
      else if (level === undefined) break;
      else if (level.next === level.length) {
        this.levels.pop();
        this.text += level.names === null ? ']' : '}';
      } else this.writeMember(level);
    }
    const { text } = this;
    this.text = '';
    return text;
  }

  private writeMember(level: Level): void {
    const { source, names } = level;
    const index = level.next++;
    const member = names === null ? (source as unknown[])[index] : (source as Record<string, unknown>)[names[index]!];
    if (names !== null && member === undefined) return;
    if (!level.isEmpty) this.text += ',';
    level.isEmpty = false;
    if (names !== null) this.text += `${JSON.stringify(names[index])}:`;
    this.begin(member);
  }

  /** Writes a scalar, or begins with what has more to it. */
  private begin(value: unknown): void {
    if (value instanceof TextParts) this.beginString(value.parts);
    else if (typeof value === 'string' && value.length > LONG) this.beginString(partsOf(value));
    else if (typeof value !== 'object' || value === null) this.text += JSON.stringify(value) ?? 'null';
    else {
      const names = Array.isArray(value) ? null : Object.keys(value);
      const length = names === null ? (value as unknown[]).length : names.length;
      this.levels.push({ source: value, names, length, next: 0, isEmpty: true });
      this.text += names === null ? '[' : '{';
    }
  }

  private beginString(parts: Iterator<string>): void {
    this.parts = parts;
    this.text += '"';
  }

  private writePart(parts: Iterator<string>): void {
    const { done, value } = parts.next();
    if (done) this.parts = null;
    this.text += done ? '"' : JSON.stringify(value).slice(1, -1);
  }
}

/** Parts of a text, between which no character is split: a half of one is written as an escape. */
function* partsOf(text: string): Generator<string, void> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + LONG, text.length);
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last < 0xdc00 && end < text.length) end++;
    yield text.slice(start, end);
    start = end;
  }
}

/** Characters from which on a message is sent in parts. */
const PART = 1 << 16;

/** What the pieces of a long text are sent as: one text, or bytes of many. */
export function* encodeParts(pieces: readonly string[]): Steps<(string | Buffer)[]> {
  const parts: (string | Buffer)[] = [];
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < PART) continue;
    if (parts.length > 0) yield;
    parts.push(Buffer.from(text));
    text = '';
  }
  parts.push(text);
  return parts;
}
