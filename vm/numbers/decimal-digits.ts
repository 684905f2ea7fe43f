// The decimal digits of a double: exactly rounded to a count of significant digits or of decimals, or the fewest that
// read back as the same double. Digits only, into `digits`; format-float.ts lays them out. Short paths are exact in
// double-double; all others are integer arithmetic on BigInt, at most some 4,000 bits.
import { multiplyExact, tail } from './double-double';
import { doubleToBits, nearest } from './float';
import { high } from './integer64';
import { writeDecimal } from './integer64-text';
import { log10 } from './logarithm';
import { bigPowerOfTen } from './round-rational';

/** A double has no non-zero digit after these many significant digits. */
export const MOST_SIGNIFICANT = 767;
/** A double has no non-zero decimal after these many. */
export const MOST_DECIMALS = 1074;

/** The digits of the latest call, as ASCII. */
export const digits = new Uint8Array(1400);
/** The number of digits of the latest call. */
export let digitCount = 0;
/** The power of ten of the first digit: digits 12 with exponent 3 are 1200. */
export let decimalExponent = 0;

const TWO_32 = 4294967296;
const TWO_52 = 4503599627370496;

// Powers of ten that doubles hold exactly.
const POWERS_OF_TEN = new Float64Array(23);
for (let power = 0, value = 1; power < 23; power++, value *= 10) POWERS_OF_TEN[power] = value;

/** 10^exponent for exponents from 0 to 22, exactly. */
export function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent];
}

// A double taken apart: integer * 2^exponent, by `decompose`.
let integer = 0;
let exponent = 0;

/** Takes a positive finite double apart into an integer below 2^53 and a power of two. */
function decompose(value: number): void {
  const low = doubleToBits(value);
  const biased = high >>> 20;
  integer = (high & 0xfffff) * TWO_32 + (low >>> 0) + (biased === 0 ? 0 : TWO_52);
  exponent = (biased === 0 ? 1 : biased) - 1075;
}

/** Leaves `count` significant digits of a positive finite value, at least 1, ties to even. */
export function significantDigits(value: number, count: number): void {
  let power = Math.floor(log10(value)); // one too large for values just below a power of ten
  const scale = count - 1 - power;
  if (count <= 15 && scale >= 0 && scale <= 22 && isAtLeast(value, scale, POWERS_OF_TEN[count - 1])) {
    const rounded = scaledInteger(value, scale);
    if (rounded < POWERS_OF_TEN[count]) {
      setInteger(rounded, power);
      return;
    }
  }
  decompose(value);
  const limit = bigPowerOfTen(count);
  let rounded = scaledBigInt(scale);
  if (rounded === limit) {
    rounded /= 10n;
    power++;
  } else if (rounded * 10n <= limit) {
    // The power was too large, or the value is a power of ten, or rounds to it at one digit more.
    const finer = scaledBigInt(scale + 1);
    if (finer < limit) power--;
    rounded = finer < limit ? finer : limit / 10n;
  }
  setBigInt(rounded, power);
}

/** Whether value * 10^scale >= bound, exactly. */
function isAtLeast(value: number, scale: number, bound: number): boolean {
  const product = multiplyExact(value, POWERS_OF_TEN[scale]);
  return product > bound || (product === bound && tail[0] >= 0);
}

/** Leaves the digits of a finite value >= 0 times 10^decimals, rounded to an integer, ties to even; 0 is one digit 0. */
export function fixedDigits(value: number, decimals: number): void {
  if (decimals <= 22 && value < 1e15 && value * POWERS_OF_TEN[decimals] < TWO_52) {
    setInteger(scaledInteger(value, decimals), 0);
  } else {
    decompose(value);
    setBigInt(scaledBigInt(decimals), 0);
  }
  decimalExponent = digitCount - 1 - decimals;
}

/** value * 10^scale rounded to an integer below 2^53, ties to even. The product is exact, in two doubles. */
function scaledInteger(value: number, scale: number): number {
  if (value < 1e-100) return 0; // and far below the range of exact products
  const product = multiplyExact(value, POWERS_OF_TEN[scale]);
  const floor = Math.floor(product);
  // The sign of this sum is exact, though the sum may not be.
  const overHalf = product - floor - 0.5 + tail[0];
  if (floor === product && tail[0] < 0) return floor;
  if (overHalf === 0) return floor % 2 === 0 ? floor : floor + 1;
  return overHalf < 0 ? floor : floor + 1;
}

/** The decomposed double times 10^scale, rounded to an integer, ties to even. */
function scaledBigInt(scale: number): bigint {
  let numerator = BigInt(integer);
  if (scale > 0) numerator *= bigPowerOfTen(scale);
  if (exponent > 0) numerator <<= BigInt(exponent);
  if (scale < 0) return divideRounded(numerator, bigPowerOfTen(-scale) << BigInt(exponent < 0 ? -exponent : 0));
  return exponent < 0 ? divideRounded(numerator, 1n << BigInt(-exponent)) : numerator;
}

/** numerator / denominator to the nearest integer, ties to even. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const order = (numerator - quotient * denominator) * 2n - denominator;
  return order > 0n || (order === 0n && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

function setInteger(value: number, power: number): void {
  digitCount = writeDecimal(digits, 0, value, 0);
  decimalExponent = power;
}

function setBigInt(value: bigint, power: number): void {
  const text = value.toString();
  for (let index = 0; index < text.length; index++) digits[index] = text.charCodeAt(index);
  digitCount = text.length;
  decimalExponent = power;
}

function dropTrailingZeros(): void {
  while (digitCount > 1 && digits[digitCount - 1] === 0x30) digitCount--;
}

/**
 * Leaves the fewest digits that read back as the same double; among those the nearest to it, and of two as near the
 * even one. For positive finite values.
 */
export function shortestDigits(value: number): void {
  if (!(value < 1e15 && value >= 1e-5 && shortestByTrial(value))) shortestByInterval(value);
  dropTrailingZeros();
}

/** Up to 15 digits: no two of those read as the same double, and both product and quotient here are precise enough. */
function shortestByTrial(value: number): boolean {
  for (let decimals = 0; decimals <= 20; decimals++) {
    const candidate = nearest(value * POWERS_OF_TEN[decimals]);
    if (candidate >= 1e15) return false;
    if (candidate / POWERS_OF_TEN[decimals] === value) {
      setInteger(candidate, 0);
      decimalExponent = digitCount - 1 - decimals;
      return true;
    }
  }
  return false;
}

/**
 * All reals between the middles to the neighbouring doubles read as this one. At 17 digits at least one decimal lies
 * there, so at the 17 or 18 of here; look for the one with the most zeros at its end.
 */
function shortestByInterval(value: number): void {
  decompose(value);
  const scale = 17 - Math.floor(log10(value));
  // Four times the value and the middles, as integers over one denominator; at a power of two the lower gap is half.
  const isPower = integer === TWO_52 && exponent > -1074;
  let denominator = 4n;
  let factor = scale > 0 ? bigPowerOfTen(scale) : 1n;
  if (scale < 0) denominator *= bigPowerOfTen(-scale);
  if (exponent > 0) factor <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  const middle = BigInt(integer) * 4n * factor;
  const below = middle - (isPower ? 1n : 2n) * factor;
  const above = middle + 2n * factor;
  // The middles themselves read as the even neighbour.
  const isEven = integer % 2 === 0;
  const least = isEven ? (below + denominator - 1n) / denominator : below / denominator + 1n;
  const greatest = isEven ? above / denominator : (above - 1n) / denominator;
  let step = 1n;
  while ((greatest / (step * 10n)) * (step * 10n) >= least) step *= 10n;
  let candidate = divideRounded(middle, denominator * step) * step;
  if (candidate < least) candidate += step;
  if (candidate > greatest) candidate -= step;
  setBigInt(candidate, 0);
  decimalExponent = digitCount - 1 - scale;
}
