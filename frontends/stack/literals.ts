// What the spelling of a number, a character or a string means.
import { doubleToBits, floatToBits, high, parseDouble, parseFloat32, type ValueType } from '../../vm/index';
import { MAX_NUMBER_LENGTH } from './limits';

/** A number: an exact integer, or the text of a float, whose rounding depends on its type. */
export type NumberLiteral =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly text: string };

const INTEGER = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)(KiB|MiB)?$/;
const FLOAT =
  /^[+-]?(?:(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)|0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?(?:[pP][+-]?[0-9]+)|inf)$|^nan$/;
const UNITS: Readonly<Record<string, bigint>> = { KiB: 1024n, MiB: 1024n * 1024n };

/** The number that a token spells; null when it is malformed or too long. */
export function parseNumber(spelling: string): NumberLiteral | null {
  if (spelling.length > MAX_NUMBER_LENGTH) return null;
  const text = spelling.replace(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, '');
  const integer = INTEGER.exec(text);
  if (integer !== null) {
    const [, sign, digits, unit] = integer;
    const value = BigInt(digits!) * (unit === undefined ? 1n : UNITS[unit]!);
    return { kind: 'integer', value: sign === '-' ? -value : value };
  }
  return FLOAT.test(text) ? { kind: 'float', text } : null;
}

/** A constant of the machine: its type and 64 bits, of which an i32 and an f32 use the low ones. */
export interface Bits {
  readonly type: ValueType;
  readonly low: number;
  readonly high: number;
}

/** The integer types, and the bits that each has. */
export const INTEGER_BITS = { i8: 8, i16: 16, i32: 32, i64: 64 } as const;

/** Whether an integer, signed or unsigned, fits so many bits. */
export function fitsBits(value: bigint, bits: number): boolean {
  return value >= -(1n << BigInt(bits - 1)) && value < 1n << BigInt(bits);
}

/** The bits of an integer that fits. */
export function integerBits(value: bigint, type: 'i32' | 'i64'): Bits {
  const low = Number(BigInt.asIntN(32, value));
  return { type, low, high: type === 'i32' ? 0 : Number(BigInt.asIntN(32, value >> 32n)) };
}

const encoder = new TextEncoder();

/** The bits of a number as a float, correctly rounded; a NaN is the canonical one. */
export function floatBits(literal: NumberLiteral, type: 'f32' | 'f64'): Bits {
  const bytes = encoder.encode(literal.kind === 'integer' ? literal.value.toString() : literal.text);
  if (type === 'f32') return { type, low: floatToBits(parseFloat32(bytes, 0, bytes.length)), high: 0 };
  const low = doubleToBits(parseDouble(bytes, 0, bytes.length));
  return { type, low, high };
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '0': 0, '\\': 0x5c, '"': 0x22, "'": 0x27 };

/** The bytes between the quotes; null when an escape sequence is unknown. */
export function parseText(spelling: string): Uint8Array | null {
  const bytes: number[] = [];
  for (let at = 1; at < spelling.length - 1; at++) {
    if (spelling[at] !== '\\') {
      bytes.push(spelling.charCodeAt(at));
      continue;
    }
    const letter = spelling[++at]!;
    const hexadecimal = /^x([0-9a-fA-F]{2})$/.exec(spelling.slice(at, at + 3));
    const byte = hexadecimal === null ? ESCAPES[letter] : Number.parseInt(hexadecimal[1]!, 16);
    if (byte === undefined) return null;
    bytes.push(byte);
    if (hexadecimal !== null) at += 2;
  }
  return Uint8Array.from(bytes);
}
