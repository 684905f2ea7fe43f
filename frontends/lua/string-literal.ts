// Quoted strings and their escapes. On an error it tells what Lua would show as the text "near" it: the delimiter,
// what was read so far with its escapes already replaced, and the offending escape as it is written.
import { hexadecimalValue, isDigit, isHexadecimalDigit, isNewline, isSpace, NEWLINE } from './characters';
import { newlineLength } from './long-bracket';

/** A string that is unfinished or has a bad escape. `near` is ready for a message. */
export class EscapeError extends Error {
  constructor(
    message: string,
    readonly near: string,
    readonly position: number,
  ) {
    super(message);
  }
}

const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const SIMPLE_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 0x5c, '"': 0x22, "'": 0x27 }).map(
    ([letter, value]) => [letter.charCodeAt(0), value],
  ),
);

/** Reads quoted strings of one source. */
export class StringReader {
  /** Byte behind the string that was read last. */
  position = 0;
  /** Line ends inside the string that was read last. */
  newlines = 0;
  private buffer = new Uint8Array(256);
  private length = 0;
  private delimiter = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The content of the string whose delimiter is at `start`. */
  read(start: number): Uint8Array {
    this.delimiter = this.bytes[start]!;
    this.position = start + 1;
    this.newlines = 0;
    this.length = 0;
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === undefined) throw new EscapeError('unfinished string', '<eof>', this.position);
      if (byte === this.delimiter) break;
      if (isNewline(byte)) throw this.error('unfinished string', this.position);
      if (byte === BACKSLASH) this.readEscape();
      else {
        this.append(byte);
        this.position++;
      }
    }
    this.position++;
    return this.buffer.slice(0, this.length);
  }

  private append(byte: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = byte;
  }

  private readEscape(): void {
    const start = this.position++;
    const byte = this.bytes[this.position] ?? -1;
    const simple = SIMPLE_ESCAPES.get(byte);
    if (simple !== undefined) {
      this.position++;
      this.append(simple);
    } else if (isNewline(byte)) this.appendNewline();
    else if (byte === 0x78) this.readHexadecimalEscape(start);
    else if (byte === 0x75) this.readUtf8Escape(start);
    else if (byte === 0x7a) this.skipSpace();
    else if (byte !== -1) this.readDecimalEscape(start);
  }

  private appendNewline(): void {
    this.position += newlineLength(this.bytes, this.position);
    this.newlines++;
    this.append(NEWLINE);
  }

  /** \z skips the white space that follows, line ends included. */
  private skipSpace(): void {
    this.position++;
    for (;;) {
      const byte = this.bytes[this.position] ?? -1;
      if (!isSpace(byte)) return;
      if (isNewline(byte)) this.newlines++;
      this.position += isNewline(byte) ? newlineLength(this.bytes, this.position) : 1;
    }
  }

  /** \ddd: up to three decimal digits. */
  private readDecimalEscape(start: number): void {
    this.check(isDigit(this.bytes[this.position]!), 'invalid escape sequence', start);
    let value = 0;
    for (let count = 0; count < 3 && isDigit(this.bytes[this.position] ?? -1); count++) {
      value = value * 10 + this.bytes[this.position++]! - 0x30;
    }
    this.check(value <= 255, 'decimal escape too large', start);
    this.append(value);
  }

  /** \xXX: exactly two hexadecimal digits. */
  private readHexadecimalEscape(start: number): void {
    this.position++;
    const high = this.readHexadecimalDigit(start);
    this.append(high * 16 + this.readHexadecimalDigit(start));
  }

  private readHexadecimalDigit(start: number): number {
    const byte = this.bytes[this.position] ?? -1;
    this.check(isHexadecimalDigit(byte), 'hexadecimal digit expected', start);
    this.position++;
    return hexadecimalValue(byte);
  }

  /** \u{XXX}: the UTF-8 form, up to six bytes long, of a number below 2^31. */
  private readUtf8Escape(start: number): void {
    this.position++;
    this.check(this.bytes[this.position] === OPEN_BRACE, "missing '{'", start);
    this.position++;
    let value = this.readHexadecimalDigit(start);
    while (isHexadecimalDigit(this.bytes[this.position] ?? -1)) {
      this.check(value < 0x8000000, 'UTF-8 value too large', start);
      value = value * 16 + hexadecimalValue(this.bytes[this.position++]!);
    }
    this.check(this.bytes[this.position] === CLOSE_BRACE, "missing '}'", start);
    this.position++;
    for (const byte of encodeUtf8(value)) this.append(byte);
  }

  private check(condition: boolean, message: string, escapeStart: number): void {
    if (condition) return;
    const end = Math.min(this.position + 1, this.bytes.length);
    for (let position = escapeStart; position < end; position++) this.append(this.bytes[position]!);
    throw this.error(message, end);
  }

  private error(message: string, position: number): EscapeError {
    const content = this.buffer.subarray(0, this.length);
    return new EscapeError(message, quoteNear([this.delimiter, ...content.subarray(0, LONGEST_NEAR)]), position);
  }
}

/** Lua shows the whole text; we stop here, for a message is not the place for a megabyte. */
const LONGEST_NEAR = 4000;

/** `'text'`, cut at the first zero byte as a C string is. */
export function quoteNear(bytes: ArrayLike<number>): string {
  const all = Uint8Array.from(bytes);
  const zero = all.indexOf(0);
  return `'${new TextDecoder().decode(zero === -1 ? all : all.subarray(0, zero))}'`;
}

/** The original UTF-8 of RFC 2279: 1 to 6 bytes for 0 to 2^31 - 1. */
export function encodeUtf8(value: number): number[] {
  if (value < 0x80) return [value];
  const bytes: number[] = [];
  let rest = value;
  let firstBits = 0x3f;
  do {
    bytes.unshift(0x80 | (rest & 0x3f));
    rest = Math.floor(rest / 64);
    firstBits >>= 1;
  } while (rest > firstBits);
  bytes.unshift(((~firstBits << 1) & 0xff) | rest);
  return bytes;
}
