// log, log2, log10 and log1p. x = 2^k m with m near 1; log m = log(mc) - log c, with c a short reciprocal of m from a
// table, so that mc - 1 is exact and small, and log(mc) its power series. About 66 bits before the last rounding.
import { addDoubles, addExact, addOrdered, divideDoubles, multiplyDoubles, multiplyExact, tail } from './double-double';
import { bitsToDouble, doubleToBits } from './float';
import { high } from './integer64';
import {
  INVERSE_LN2,
  INVERSE_LN2_TAIL,
  INVERSE_LN10,
  INVERSE_LN10_TAIL,
  LN2,
  LN2_TAIL,
  LOGARITHM_TAILS,
  LOGARITHMS,
  RECIPROCALS_256,
} from './tables';

// The head of log 2 in two parts of at most 29 bits: products with k are exact.
const LN2_TOP = Math.fround(LN2);
const LN2_MIDDLE = LN2 - LN2_TOP;
const THIRD = 1 / 3;
const LEAST_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;
const FIRST_HALVED = 27; // 1 + 27/64 is just above the square root of 2

let exponent = 0;

/** log m of a positive finite x = 2^k m with m in about [0.71, 1.42), as a double-double; k is left in `exponent`. */
function mantissaLogarithm(x: number): number {
  const isSubnormal = x < LEAST_NORMAL;
  const low = doubleToBits(isSubnormal ? x * TWO_54 : x);
  const index = (high >>> 14) & 63;
  const isHalved = index >= FIRST_HALVED ? 1 : 0;
  exponent = (high >>> 20) - 1023 + isHalved - (isSubnormal ? 54 : 0);
  const mantissa = bitsToDouble(low, (high & 0xfffff) | ((1023 - isHalved) << 20));
  const reciprocal = RECIPROCALS_256[index] / 256;
  const top = Math.fround(mantissa);
  const rest = addExact(top * reciprocal - 1, (mantissa - top) * reciprocal);
  const result = series(rest, tail[0]);
  return addDoubles(LOGARITHMS[index], LOGARITHM_TAILS[index], result, tail[0]);
}

/** log(1 + r + rTail) for |r| up to 1/64. */
function series(r: number, rTail: number): number {
  const square = multiplyExact(r, r);
  const squareTail = tail[0] + 2 * r * rTail;
  const high = 1 / 8 - r * (1 / 9 - r * (1 / 10 - r * (1 / 11 - r * (1 / 12))));
  const middle = 1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r * high)));
  const cube = square * r * (THIRD - r * middle);
  const sum = addOrdered(r, -0.5 * square);
  return addOrdered(sum, tail[0] + (rTail - 0.5 * squareTail + cube));
}

/** The logarithm of a positive finite number as a double-double. */
export function logarithm(x: number): number {
  const mantissa = mantissaLogarithm(x);
  if (exponent === 0) return mantissa;
  const mantissaTail = tail[0];
  const power = addOrdered(exponent * LN2_TOP, exponent * LN2_MIDDLE);
  return addDoubles(power, tail[0] + exponent * LN2_TAIL, mantissa, mantissaTail);
}

/** The logarithm of zero, infinity, NaN or a negative number, in any base. */
function specialLogarithm(x: number): number {
  if (x === 0) return -Infinity;
  return x > 0 ? x : NaN;
}

/** The natural logarithm. */
export function log(x: number): number {
  return x > 0 && x < Infinity ? logarithm(x) : specialLogarithm(x);
}

/** The logarithm in base 2; exact for powers of two. */
export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return specialLogarithm(x);
  const mantissa = mantissaLogarithm(x);
  const result = multiplyDoubles(mantissa, tail[0], INVERSE_LN2, INVERSE_LN2_TAIL);
  return addDoubles(exponent, 0, result, tail[0]);
}

/** The logarithm in base 10; exact for powers of ten. */
export function log10(x: number): number {
  if (!(x > 0 && x < Infinity)) return specialLogarithm(x);
  const natural = logarithm(x);
  return multiplyDoubles(natural, tail[0], INVERSE_LN10, INVERSE_LN10_TAIL);
}

/** log(1 + x), precise near zero. */
export function log1p(x: number): number {
  if (Math.abs(x) < 1e-300) return x; // the series would lose its low bits to underflow, and the sign of zero
  if (Math.abs(x) < 0.015625) return series(x, 0);
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : specialLogarithm(x);
  if (x > 1e18) return logarithm(x); // the 1 is far below the last place
  const sum = addExact(1, x);
  const lost = tail[0];
  const result = logarithm(sum);
  const resultTail = tail[0];
  return addDoubles(result, resultTail, divideDoubles(lost, 0, sum, 0), 0);
}
