// A quotient of two big integers as the nearest double or float32, ties to even, rounded once, subnormals and overflow
// included: the exact end of every conversion from text. And the powers of ten that it and formatting need.
import { frexpExponent, ldexp } from './scaling';

/** What a binary floating point format holds. */
export interface FloatFormat {
  /** Bits of the significand, the implicit one included. */
  readonly precision: number;
  /** The power of two of the least positive value. */
  readonly leastExponent: number;
  /** The least power of two that is too large. */
  readonly overflow: number;
}

/** IEEE 754 binary64. */
export const DOUBLE: FloatFormat = { precision: 53, leastExponent: -1074, overflow: 1024 };
/** IEEE 754 binary32. */
export const FLOAT: FloatFormat = { precision: 24, leastExponent: -149, overflow: 128 };

/** numerator / denominator * 2^exponent, rounded; both integers positive or the numerator 0. */
export function roundRational(numerator: bigint, denominator: bigint, exponent: number, format: FloatFormat): number {
  if (numerator === 0n) return 0;
  // A quotient of at least precision + 1 bits, whose lowest is made sticky by the remainder.
  const shift = bitLength(numerator) - bitLength(denominator) - format.precision - 2;
  const scaledUp = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const divisor = shift > 0 ? denominator << BigInt(shift) : denominator;
  let quotient = scaledUp / divisor;
  if (quotient * divisor !== scaledUp) quotient |= 1n;
  return roundToFormat(quotient, exponent + shift, format);
}

/** integer * 2^exponent, rounded; the integer has more bits than the precision. */
function roundToFormat(integer: bigint, exponent: number, format: FloatFormat): number {
  const length = bitLength(integer);
  if (length + exponent > format.overflow) return Infinity;
  if (length + exponent < format.leastExponent) return 0; // below half of the least value
  let excess = length - format.precision;
  if (exponent + excess < format.leastExponent) excess = format.leastExponent - exponent;
  const unit = 1n << BigInt(excess);
  const rest = integer & (unit - 1n);
  let kept = integer >> BigInt(excess);
  const order = rest * 2n - unit;
  if (order > 0n || (order === 0n && (kept & 1n) === 1n)) kept++;
  const result = ldexp(Number(kept), exponent + excess);
  return result >= ldexp(1, format.overflow - 1) * 2 ? Infinity : result;
}

/** The number of bits of a positive integer. Doubles tell most of it, several times faster than text in base 16. */
export function bitLength(value: bigint): number {
  let rest = value;
  let length = 0;
  for (; Number(rest) === Infinity; length += 960) rest >>= 960n;
  const estimate = frexpExponent(Number(rest)); // one too large where the double was rounded up to a power of two
  return length + (rest >> BigInt(estimate - 1) === 0n ? estimate - 1 : estimate);
}

const KEPT_POWERS = 1100; // some 250 KiB at most, once a process
const powersOfTen: (bigint | undefined)[] = Array.from({ length: KEPT_POWERS });

/** 10^exponent for any exponent >= 0; those that doubles need are kept once computed. */
export function bigPowerOfTen(exponent: number): bigint {
  if (exponent >= KEPT_POWERS) return 10n ** BigInt(exponent);
  const kept = powersOfTen[exponent];
  if (kept !== undefined) return kept;
  const power = 10n ** BigInt(exponent);
  powersOfTen[exponent] = power;
  return power;
}
