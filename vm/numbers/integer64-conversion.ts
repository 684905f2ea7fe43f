// Conversions between 64-bit integers and floating point numbers: to float32, from doubles with range checks, saturating
// and exact, and the exact comparison of an integer with a double. Results follow the convention of integer64.ts.
// To doubles: see integer64.ts, which needs that itself. Text: see integer64-text.ts.
import { compareSigned, high, pair, toDouble, toDoubleUnsigned } from './integer64';

const TWO_32 = 4294967296;
const TWO_63 = TWO_32 * 2147483648;
const TWO_64 = TWO_32 * TWO_32;
const TWO_53_HIGH = 0x200000; // the high word of 2^53

/** The float32 nearest to a signed integer, ties to even, rounded once. */
export function toFloat(low: number, top: number): number {
  const isExact = top >= -TWO_53_HIGH && top < TWO_53_HIGH;
  return Math.fround(toDouble(isExact ? low : withStickyBit(low), top));
}

/** The float32 nearest to an unsigned integer, ties to even, rounded once. */
export function toFloatUnsigned(low: number, top: number): number {
  const isExact = top >>> 0 < TWO_53_HIGH;
  return Math.fround(toDoubleUnsigned(isExact ? low : withStickyBit(low), top));
}

/**
 * Makes an integer of 54 bits or more exact as a double: the lowest 11 bits go, and the lowest bit that stays is set if
 * one of them was. float32 rounds far above that bit, so the sticky bit keeps every decision as it was.
 */
function withStickyBit(low: number): number {
  return (low & 0x7ff) === 0 ? low : (low & ~0x7ff) | 0x800;
}

/** Whether trunc(value) is a signed 64-bit integer; false for NaN. */
export function truncatesToSigned(value: number): boolean {
  return value >= -TWO_63 && value < TWO_63;
}

/** Whether trunc(value) is an unsigned 64-bit integer; false for NaN. */
export function truncatesToUnsigned(value: number): boolean {
  return value > -1 && value < TWO_64;
}

/** Whether value is integral and a signed 64-bit integer, so that `fromDouble` gives exactly its value. */
export function isExactInteger(value: number): boolean {
  return value >= -TWO_63 && value < TWO_63 && Math.floor(value) === value;
}

/** trunc(value) as an integer, signed or unsigned, which must be in range: `truncatesToSigned` or `...ToUnsigned`. */
export function fromDouble(value: number): number {
  const whole = Math.trunc(value);
  const top = Math.floor(whole / TWO_32);
  return pair((whole - top * TWO_32) | 0, top | 0);
}

/** trunc(value), held within the signed 64-bit integers; 0 for NaN. */
export function fromDoubleSaturating(value: number): number {
  if (truncatesToSigned(value)) return fromDouble(value);
  if (Number.isNaN(value)) return pair(0, 0);
  return value < 0 ? pair(0, -0x80000000) : pair(-1, 0x7fffffff);
}

/** trunc(value), held within the unsigned 64-bit integers; 0 for NaN. */
export function fromDoubleSaturatingUnsigned(value: number): number {
  if (truncatesToUnsigned(value)) return fromDouble(value);
  return value > 0 ? pair(-1, -1) : pair(0, 0);
}

/** -1, 0 or 1: a signed integer compared with a double that is not NaN, as real numbers, without rounding. */
export function compareWithDouble(low: number, top: number, value: number): number {
  if (value >= TWO_63) return -1;
  if (value < -TWO_63) return 1;
  const floor = Math.floor(value);
  const floorLow = fromDouble(floor);
  const order = compareSigned(low, top, floorLow, high);
  return order === 0 && floor < value ? -1 : order;
}
