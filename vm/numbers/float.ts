// Floating point operations with WebAssembly's semantics that JavaScript lacks, the bits of floats with canonical NaNs,
// and counting and rotating of 32-bit words. float32 values are doubles that a float32 can hold: min, max, nearest and
// copysign serve both widths. Heaps and these scratch words are little-endian, as every host of the machine is.
import { CANONICAL_NAN_FLOAT, CANONICAL_NAN_HIGH, CANONICAL_NAN_LOW } from './canonical-nan';
import { high, pair } from './integer64';

export { CANONICAL_NAN_FLOAT, CANONICAL_NAN_HIGH, CANONICAL_NAN_LOW };

const scratchDouble = new Float64Array(1);
const scratchFloat = new Float32Array(scratchDouble.buffer);
const scratchWords = new Int32Array(scratchDouble.buffer);

const TWO_52 = 4503599627370496;

/** The lesser of two; NaN if one is NaN; -0 is less than 0. */
export function minimum(a: number, b: number): number {
  if (a < b) return a;
  if (b < a) return b;
  if (a === b) return isNegative(a) ? a : b;
  return NaN;
}

/** The greater of two; NaN if one is NaN; 0 is greater than -0. */
export function maximum(a: number, b: number): number {
  if (a > b) return a;
  if (b > a) return b;
  if (a === b) return isNegative(a) ? b : a;
  return NaN;
}

/** Rounds to the nearest integer, ties to even, keeping the sign of zero: from 2^52 on, doubles hold only integers. */
export function nearest(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude < TWO_52)) return value;
  const rounded = magnitude + TWO_52 - TWO_52;
  return isNegative(value) ? -rounded : rounded;
}

/** Rounds to the nearest integer, ties away from zero, keeping the sign of zero: C's round. */
export function roundAway(value: number): number {
  const whole = Math.trunc(value);
  if (!(Math.abs(value - whole) >= 0.5)) return whole;
  return value < 0 ? whole - 1 : whole + 1;
}

/** The magnitude of one and the sign of another. A NaN counts as positive: its sign must never matter. */
export function copySign(magnitude: number, sign: number): number {
  const absolute = Math.abs(magnitude);
  return isNegative(sign) ? -absolute : absolute;
}

/** Whether a value is below zero or -0; false for NaN. */
export function isNegative(value: number): boolean {
  return value < 0 || (value === 0 && 1 / value < 0);
}

/** The bits of a double as a pair (see integer64.ts), those of the canonical NaN for every NaN. */
export function doubleToBits(value: number): number {
  if (Number.isNaN(value)) return pair(CANONICAL_NAN_LOW, CANONICAL_NAN_HIGH);
  scratchDouble[0] = value;
  return pair(scratchWords[0], scratchWords[1]);
}

/** The double with the given bits. */
export function bitsToDouble(low: number, top: number): number {
  scratchWords[0] = low;
  scratchWords[1] = top;
  return scratchDouble[0];
}

/** The bits of a float32, those of the canonical NaN for every NaN. The value is rounded if need be. */
export function floatToBits(value: number): number {
  if (Number.isNaN(value)) return CANONICAL_NAN_FLOAT;
  scratchFloat[0] = value;
  return scratchWords[0];
}

/** The float32 with the given bits. */
export function bitsToFloat(bits: number): number {
  scratchWords[0] = bits;
  return scratchFloat[0];
}

/**
 * Stores a double as two words, a NaN as the canonical one. The same as a store through a Float64Array except for NaNs:
 * which bits such a store gives them depends on the host's optimiser.
 */
export function storeDouble(words: Int32Array, index: number, value: number): void {
  words[index] = doubleToBits(value);
  words[index + 1] = high;
}

/** The number of zero bits below the lowest one bit of a word, 32 for zero. */
export function countTrailingZerosOfWord(word: number): number {
  return word === 0 ? 32 : 31 - Math.clz32(word & -word);
}

/** A word rotated left, the count modulo 32. */
export function rotateWordLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - (count & 31)));
}

/** A word rotated right, the count modulo 32. */
export function rotateWordRight(word: number, count: number): number {
  return (word >>> count) | (word << (32 - (count & 31)));
}
