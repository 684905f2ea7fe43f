// Lua 5.4's lexer: bytes in, tokens out, one at a time. It owns names, numerals, strings, comments, line counting and
// the texts of lexical errors; it knows no grammar.
import {
  type Constant,
  NUMERAL_FLOAT,
  NUMERAL_INTEGER,
  NUMERAL_NONE,
  numeralFloat,
  numeralHigh,
  numeralLow,
  parseNumeral,
} from '../../vm/index';
import {
  CARRIAGE_RETURN,
  isDigit,
  isHexadecimalDigit,
  isLetter,
  isLetterOrDigit,
  isNewline,
  isSpace,
  NEWLINE,
} from './characters';
import type { LiteralTable } from './literals';
import { LongBracketError, readLongBracket } from './long-bracket';
import { EscapeError, quoteNear, StringReader } from './string-literal';
import { LuaSyntaxError } from './syntax-error';
import { RESERVED, TOKEN, type Token } from './token';

const END_OF_SOURCE = -1;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const HASH = 0x23;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DOT = 0x2e;
const ZERO = 0x30;
const EQUALS = 0x3d;
const OPEN_BRACKET = 0x5b;

/** Operators of two characters, by the first one's code: the second one's code and the token. */
const PAIRS: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map(
  Object.entries({
    '/': { '/': TOKEN['//'] },
    '=': { '=': TOKEN['=='] },
    '<': { '=': TOKEN['<='], '<': TOKEN['<<'] },
    '>': { '=': TOKEN['>='], '>': TOKEN['>>'] },
    '~': { '=': TOKEN['~='] },
    ':': { ':': TOKEN['::'] },
  }).map(([first, seconds]) => [
    first.charCodeAt(0),
    new Map(Object.entries(seconds).map(([second, token]) => [second.charCodeAt(0), token])),
  ]),
);

/** Reads tokens from a source, from its start to its end. Throws LuaSyntaxError. */
export class Lexer {
  private position = 0;
  private line = 1;
  private readonly strings: StringReader;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly literals: LiteralTable,
    isFile = true,
  ) {
    this.strings = new StringReader(bytes);
    if (isFile) this.skipFirstLine();
  }

  /** Fills `token` with the next one; at the end of the source with `<eof>`, again and again. */
  next(token: Token): void {
    this.skipBlanksAndComments();
    token.start = this.position;
    token.value = -1;
    token.kind = this.readToken(token);
    token.end = this.position;
    token.line = this.line;
  }

  /** Files may begin with a byte order mark, then with a line for the Unix shell. */
  private skipFirstLine(): void {
    if (BYTE_ORDER_MARK.every((byte, index) => this.bytes[index] === byte)) this.position = BYTE_ORDER_MARK.length;
    if (this.peek() === HASH) this.skipLine();
  }

  private peek(ahead = 0): number {
    return this.bytes[this.position + ahead] ?? END_OF_SOURCE;
  }

  private skipLine(): void {
    const { bytes } = this;
    while (this.position < bytes.length && !isNewline(bytes[this.position]!)) this.position++;
  }

  /** Skips one line end: any of \n, \r, \n\r and \r\n. */
  private skipNewline(): void {
    const first = this.bytes[this.position++];
    const second = this.peek();
    if (isNewline(second) && second !== first) this.position++;
    this.line++;
  }

  private skipBlanksAndComments(): void {
    for (;;) {
      const byte = this.peek();
      if (byte === NEWLINE || byte === CARRIAGE_RETURN) this.skipNewline();
      else if (isSpace(byte)) this.position++;
      else if (byte === 0x2d && this.peek(1) === 0x2d) this.skipComment();
      else return;
    }
  }

  private skipComment(): void {
    this.position += 2;
    if (this.peek() === OPEN_BRACKET && this.bracketLevel() >= 0) this.readLong('comment');
    else this.skipLine();
  }

  private readToken(token: Token): number {
    const byte = this.peek();
    if (isLetter(byte)) return this.readName(token);
    if (isDigit(byte)) return this.readNumeral(token);
    switch (byte) {
      case END_OF_SOURCE:
        return TOKEN['<eof>'];
      case QUOTE:
      case APOSTROPHE:
        return this.readString(token);
      case OPEN_BRACKET:
        return this.readOpenBracket(token);
      case DOT:
        return isDigit(this.peek(1)) ? this.readNumeral(token) : this.readDots();
    }
    return this.readOperator(byte);
  }

  private readOperator(byte: number): number {
    const pair = PAIRS.get(byte)?.get(this.peek(1));
    this.position += pair === undefined ? 1 : 2;
    return pair ?? byte;
  }

  private readDots(): number {
    let count = 1;
    while (count < 3 && this.peek(count) === DOT) count++;
    this.position += count;
    return count === 1 ? DOT : count === 2 ? TOKEN['..'] : TOKEN['...'];
  }

  private readName(token: Token): number {
    const start = this.position;
    do this.position++;
    while (isLetterOrDigit(this.peek()));
    let name = '';
    for (let index = start; index < this.position; index++) name += String.fromCharCode(this.bytes[index]!);
    const reserved = RESERVED.get(name);
    if (reserved !== undefined) return reserved;
    token.value = this.literals.internName(name);
    return TOKEN['<name>'];
  }

  /** Reads greedily, as Lua does, whatever could belong to a numeral, and then asks whether it is one. */
  private readNumeral(token: Token): number {
    const start = this.position;
    const isHexadecimal = this.peek() === ZERO && (this.peek(1) | 0x20) === 0x78;
    const exponent = isHexadecimal ? 0x70 : 0x65;
    this.position += isHexadecimal ? 2 : 1;
    for (;;) {
      const byte = this.peek();
      if (byte !== END_OF_SOURCE && (byte | 0x20) === exponent) {
        this.position++;
        if (this.peek() === 0x2b || this.peek() === 0x2d) this.position++;
      } else if (isHexadecimalDigit(byte) || byte === DOT) this.position++;
      else break;
    }
    if (isLetter(this.peek())) this.position++;
    const constant = this.numeral(start, this.position);
    if (constant === null) {
      const text = this.bytes.subarray(start, Math.min(this.position, start + LONGEST_NUMERAL));
      throw this.error('malformed number', quoteNear(text), start);
    }
    token.value = this.literals.internConstant(constant);
    return constant.kind === 'integer' ? TOKEN['<integer>'] : TOKEN['<number>'];
  }

  private numeral(start: number, end: number): Constant | null {
    const kind = end - start > LONGEST_NUMERAL ? NUMERAL_NONE : parseNumeral(this.bytes, start, end);
    if (kind === NUMERAL_INTEGER) return { kind: 'integer', low: numeralLow, high: numeralHigh };
    return kind === NUMERAL_FLOAT ? { kind: 'float', value: numeralFloat } : null;
  }

  private readString(token: Token): number {
    const start = this.position;
    try {
      const bytes = this.strings.read(start);
      this.position = this.strings.position;
      this.line += this.strings.newlines;
      token.value = this.literals.internConstant({ kind: 'string', bytes });
      return TOKEN['<string>'];
    } catch (error) {
      if (!(error instanceof EscapeError)) throw error;
      this.position = error.position;
      this.line += this.strings.newlines;
      throw this.error(error.message, error.near, start);
    }
  }

  private readOpenBracket(token: Token): number {
    const level = this.bracketLevel();
    if (level >= 0) {
      token.value = this.literals.internConstant({ kind: 'string', bytes: this.readLong('string') });
      return TOKEN['<string>'];
    }
    if (level === MALFORMED_BRACKET) {
      const start = this.position++;
      while (this.peek() === EQUALS) this.position++;
      throw this.error('invalid long string delimiter', `'[${'='.repeat(this.position - start - 1)}'`, start);
    }
    this.position++;
    return OPEN_BRACKET;
  }

  /** The number of `=` in the long bracket that starts here; NO_BRACKET or MALFORMED_BRACKET when there is none. */
  private bracketLevel(): number {
    let count = 0;
    while (this.peek(1 + count) === EQUALS) count++;
    if (this.peek(1 + count) === OPEN_BRACKET) return count;
    return count === 0 ? NO_BRACKET : MALFORMED_BRACKET;
  }

  private readLong(what: 'string' | 'comment'): Uint8Array {
    const level = this.bracketLevel();
    const startLine = this.line;
    const start = this.position;
    try {
      const content = readLongBracket(this.bytes, start, level, what === 'string');
      this.position = content.end;
      this.line += content.newlines;
      return content.bytes;
    } catch (error) {
      if (!(error instanceof LongBracketError)) throw error;
      this.position = this.bytes.length;
      this.line += error.newlines;
      throw this.error(`unfinished long ${what} (starting at line ${startLine})`, '<eof>', this.position);
    }
  }

  private error(message: string, near: string, start: number): LuaSyntaxError {
    const text = `${message} near ${near}`;
    return new LuaSyntaxError('lua.syntax', text, this.line, start, Math.max(1, this.position - start));
  }
}

const NO_BRACKET = -1;
const MALFORMED_BRACKET = -2;

/** Longer numerals are called malformed; Lua's own limit for converting strings is 200. */
const LONGEST_NUMERAL = 10_000;
