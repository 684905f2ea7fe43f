// 64-bit integers as text: formatting into bytes in bases 8, 10 and 16, and parsing runs of digits. No signs, prefixes
// or spaces in the parsers: see numeral.ts. Integers follow the convention of integer64.ts.
import { pair } from './integer64';

const TWO_32 = 4294967296;
const CHUNK = 1000000; // 10^6 < 2^20, so that remainder * 2^32 + word stays below 2^53
const CHUNK_DIGITS = 6;
const LETTERS_LOWER = 0x61 - 10;
const LETTERS_UPPER = 0x41 - 10;

/** The most bytes that a formatter here writes: 64 bits in base 8. */
export const INTEGER_TEXT_SIZE = 22;

/** Whether the latest parse met more digits than fit in 64 bits; its result is then modulo 2^64. */
export let overflowed = false;

/** Writes a signed integer in decimal at `at`; returns the number of bytes written, at most 20. */
export function writeSigned(out: Uint8Array, at: number, low: number, top: number): number {
  if (top >= 0) return writeUnsigned(out, at, low, top);
  out[at] = 0x2d;
  return 1 + writeUnsigned(out, at + 1, -low | 0, (~top + (low === 0 ? 1 : 0)) | 0);
}

/** Writes an unsigned integer in decimal at `at`; returns the number of bytes written, at most 20. */
export function writeUnsigned(out: Uint8Array, at: number, low: number, top: number): number {
  if (top === 0) return writeDecimal(out, at, low >>> 0, 0);
  // Two chunks of six digits from the right leave a quotient below 2^64 / 10^12 < 2^53.
  const upper = Math.floor((top >>> 0) / CHUNK);
  const rest = ((top >>> 0) - upper * CHUNK) * TWO_32 + (low >>> 0);
  const lower = Math.floor(rest / CHUNK);
  const nextUpper = Math.floor(upper / CHUNK);
  const nextRest = (upper - nextUpper * CHUNK) * TWO_32 + lower;
  const nextLower = Math.floor(nextRest / CHUNK);
  let length = writeMiddle(out, at, nextUpper * TWO_32 + nextLower, nextRest - nextLower * CHUNK);
  length += writeDecimal(out, at + length, rest - lower * CHUNK, CHUNK_DIGITS);
  return length;
}

function writeMiddle(out: Uint8Array, at: number, first: number, middle: number): number {
  if (first === 0) return writeDecimal(out, at, middle, 0);
  const length = writeDecimal(out, at, first, 0);
  return length + writeDecimal(out, at + length, middle, CHUNK_DIGITS);
}

/** Writes an integer below 2^53 in decimal, with leading zeros up to `width`; returns the number of bytes written. */
export function writeDecimal(out: Uint8Array, at: number, value: number, width: number): number {
  let length = 1;
  for (let power = 10; power <= value; power *= 10) length++;
  if (length < width) length = width;
  let rest = value;
  for (let position = at + length - 1; position >= at; position--) {
    const quotient = Math.floor(rest / 10);
    out[position] = 0x30 + (rest - quotient * 10);
    rest = quotient;
  }
  return length;
}

/** Writes an unsigned integer in base 8 or 16; `uppercase` is for the digits of base 16. Returns the bytes written. */
export function writeBits(
  out: Uint8Array,
  at: number,
  low: number,
  top: number,
  base: 8 | 16,
  uppercase: boolean,
): number {
  const bits = base === 8 ? 3 : 4;
  const letters = uppercase ? LETTERS_UPPER : LETTERS_LOWER;
  const used = top === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(top);
  const length = used === 0 ? 1 : Math.floor((used + bits - 1) / bits);
  let lower = low;
  let upper = top;
  for (let position = at + length - 1; position >= at; position--) {
    const digit = lower & (base - 1);
    out[position] = digit < 10 ? 0x30 + digit : letters + digit;
    lower = (lower >>> bits) | (upper << (32 - bits));
    upper >>>= bits;
  }
  return length;
}

/** A signed integer as decimal text. */
export function signedToString(low: number, top: number): string {
  const bytes = new Uint8Array(INTEGER_TEXT_SIZE);
  return bytesToString(bytes, writeSigned(bytes, 0, low, top));
}

/** An unsigned integer as decimal text. */
export function unsignedToString(low: number, top: number): string {
  const bytes = new Uint8Array(INTEGER_TEXT_SIZE);
  return bytesToString(bytes, writeUnsigned(bytes, 0, low, top));
}

/** The first `length` bytes as a string of as many characters; for the short ASCII texts of this folder. */
export function bytesToString(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) text += String.fromCharCode(bytes[index]);
  return text;
}

/** The value of a digit in a base up to 36, or -1. */
export function digitValue(byte: number, base: number): number {
  let value = -1;
  if (byte >= 0x30 && byte <= 0x39) value = byte - 0x30;
  else if (byte >= 0x61 && byte <= 0x7a) value = byte - LETTERS_LOWER;
  else if (byte >= 0x41 && byte <= 0x5a) value = byte - LETTERS_UPPER;
  return value < base ? value : -1;
}

/**
 * The unsigned integer that the digits in [start, end) write in `base` (2 to 36), modulo 2^64; `overflowed` tells
 * whether it was larger. All bytes must be digits of the base. The work is proportional to the length.
 */
export function parseDigits(bytes: Uint8Array, start: number, end: number, base: number): number {
  let low = 0;
  let top = 0;
  overflowed = false;
  for (let index = start; index < end; index++) {
    const carried = (low >>> 0) * base + digitValue(bytes[index], base);
    // Above the high word: what the multiplication pushes out of it, and the carry of the low word.
    const upper = (top >>> 0) * base + Math.floor(carried / TWO_32);
    if (upper >= TWO_32) overflowed = true;
    low = carried | 0;
    top = upper | 0;
  }
  return pair(low, top);
}
