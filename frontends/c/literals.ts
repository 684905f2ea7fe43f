// What the spelling of a constant means: numbers, character constants, string literals. Knows no C types, only
// suffixes and widths; the checker (and `#if`) give the types.

import { parseDouble, parseFloat32 } from '../../vm/index';

/** An integer constant: its value and what its spelling says about its type. */
export interface IntegerLiteral {
  kind: 'integer';
  value: bigint;
  isDecimal: boolean;
  isUnsigned: boolean;
  /** 0 for none, 1 for `l`, 2 for `ll`. */
  longs: number;
}

/** A floating constant; `isSingle` with the suffix f. */
export interface FloatingLiteral {
  kind: 'floating';
  value: number;
  isSingle: boolean;
}

/** A spelling that is no constant, and why. */
export interface BadLiteral {
  kind: 'bad';
  message: string;
}

const INTEGER = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uU]?(?:ll|LL|[lL])?|(?:ll|LL|[lL])[uU])$/;
const DECIMAL_FLOAT = /^((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)([fFlL]?)$/;
const HEX_FLOAT = /^(0[xX](?=\.?[0-9a-fA-F])[0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?[0-9]+)([fFlL]?)$/;

/** The longest numeric constant that is looked at; longer ones are errors, whatever they mean. */
const MAX_NUMBER_LENGTH = 1000;

/** What the preprocessing number `image` means. */
export function parseNumber(image: string): IntegerLiteral | FloatingLiteral | BadLiteral {
  if (image.length > MAX_NUMBER_LENGTH) return { kind: 'bad', message: 'numeric constant is too long' };
  const integer = INTEGER.exec(image);
  if (integer !== null) return parseInteger(integer[1]!, integer[2]!);
  const decimal = DECIMAL_FLOAT.exec(image);
  if (decimal !== null) return floating(decimal[1]!, decimal[2]!);
  const hexadecimal = HEX_FLOAT.exec(image);
  if (hexadecimal !== null) return floating(hexadecimal[1]!, hexadecimal[2]!);
  return { kind: 'bad', message: `'${image}' is not a valid number` };
}

function parseInteger(digits: string, suffix: string): IntegerLiteral | BadLiteral {
  const isOctal = /^0[0-9]/.test(digits);
  if (isOctal && /[89]/.test(digits)) return { kind: 'bad', message: `'${digits}' has a digit that is not octal` };
  const value = isOctal ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  if (value >= 1n << 64n) return { kind: 'bad', message: `'${digits}' is too large for any integer type` };
  const isUnsigned = /u/i.test(suffix);
  const longs = suffix.length - (isUnsigned ? 1 : 0);
  return { kind: 'integer', value, isDecimal: /^[1-9]/.test(digits), isUnsigned, longs };
}

/** Rounded once to the type that the suffix asks for. */
function floating(text: string, suffix: string): FloatingLiteral {
  const isSingle = suffix === 'f' || suffix === 'F';
  const bytes = encoder.encode(text);
  const value = isSingle ? parseFloat32(bytes, 0, bytes.length) : parseDouble(bytes, 0, bytes.length);
  return { kind: 'floating', value, isSingle };
}

const encoder = new TextEncoder();

const SIMPLE_ESCAPES: Record<string, number> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '0': 0,
  "'": 39,
  '"': 34,
  '?': 63,
  '\\': 92,
};

/** The element values of a string or character constant, and the width of an element in bytes. */
export interface CharacterLiteral {
  values: number[];
  /** 1 for a plain one and u8, 2 for u, 4 for L and U. */
  width: 1 | 2 | 4;
  /** What is wrong with an escape, if something is. */
  problem?: string;
}

/** Decodes `image`, a string literal or character constant with its quotes and prefix. */
export function parseCharacters(image: string): CharacterLiteral {
  const quoteAt = image.search(/["']/);
  const prefix = image.slice(0, quoteAt);
  const width = prefix === 'L' || prefix === 'U' ? 4 : prefix === 'u' ? 2 : 1;
  const reader = new CharacterReader(image.slice(quoteAt + 1, -1), width);
  return reader.read();
}

class CharacterReader {
  private position = 0;
  private readonly literal: CharacterLiteral;

  constructor(
    private readonly text: string,
    private readonly width: 1 | 2 | 4,
  ) {
    this.literal = { values: [], width };
  }

  read(): CharacterLiteral {
    const { text, literal } = this;
    while (this.position < text.length) {
      const code = text.charCodeAt(this.position);
      if (code === 92) this.readEscape();
      else if (code < 128 || this.width === 1) {
        literal.values.push(code);
        this.position++;
      } else this.readUtf8();
    }
    return literal;
  }

  private readEscape(): void {
    const { text } = this;
    const letter = text.charAt(this.position + 1);
    if (/[0-7]/.test(letter)) this.readNumeric(/[0-7]{1,3}/y, this.position + 1, 8);
    else if (letter === 'x') this.readNumeric(/[0-9a-fA-F]+/y, this.position + 2, 16);
    else if (letter === 'u' || letter === 'U') this.readUniversal(letter === 'u' ? 4 : 8);
    else {
      const value = SIMPLE_ESCAPES[letter];
      if (value === undefined) this.literal.problem ??= `unknown escape '\\${letter}'`;
      this.literal.values.push(value ?? letter.charCodeAt(0));
      this.position += 2;
    }
  }

  private readNumeric(digits: RegExp, start: number, radix: number): void {
    digits.lastIndex = start;
    const match = digits.exec(this.text);
    const value = match === null ? Number.NaN : Number.parseInt(match[0], radix);
    this.position = start + (match?.[0].length ?? 0);
    if (!(value < 2 ** (8 * this.width))) this.literal.problem ??= 'escape is out of range';
    this.literal.values.push(value >>> 0);
  }

  private readUniversal(length: number): void {
    const digits = this.text.slice(this.position + 2, this.position + 2 + length);
    this.position += 2 + length;
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
      this.literal.problem ??= 'incomplete universal character name';
      return;
    }
    this.pushCodePoint(Number.parseInt(digits, 16));
  }

  /** One character of the source, which is UTF-8, in a wide literal. */
  private readUtf8(): void {
    const { text } = this;
    const first = text.charCodeAt(this.position++);
    const extra = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    let point = extra === 0 ? first : first & (0x3f >> extra);
    for (let index = 0; index < extra; index++) point = (point << 6) | (text.charCodeAt(this.position++) & 0x3f);
    this.pushCodePoint(point);
  }

  private pushCodePoint(point: number): void {
    const { values } = this.literal;
    if (point > 0x10ffff) this.literal.problem ??= 'not a Unicode character';
    else if (this.width === 4 || point < 0x80) values.push(point);
    else if (this.width === 2) values.push(...utf16(point));
    else values.push(...new TextEncoder().encode(String.fromCodePoint(point)));
  }
}

function utf16(point: number): number[] {
  return point < 0x10000 ? [point] : [0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff)];
}
