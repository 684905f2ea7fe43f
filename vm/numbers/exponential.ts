// exp, exp2, expm1 and the hyperbolic functions. x = (n/32) log 2 + r with |r| below 0.011; e^x = 2^(n/32) e^r, the
// first factor from a table in double-double, the second by its power series. About 66 bits before the last rounding.
import { addExact, addOrdered, divideDoubles, multiplyExact, tail } from './double-double';
import { ldexp, powerOfTwo, roundScaled } from './scaling';
import { LN2, LN2_TAIL, POWER_TAILS, POWERS } from './tables';

// log 2 / 32 in three parts; the first two have at most 29 bits, so that products with n up to 2^16 are exact.
const STEP_TOP = Math.fround(LN2 / 32);
const STEP_MIDDLE = LN2 / 32 - STEP_TOP;
const STEP_TAIL = LN2_TAIL / 32;
const STEPS = 32 / LN2;

const OVERFLOW = 709.8;
const UNDERFLOW = -745.2;

let exponent = 0;

/** The binary exponent of the latest `exponential`. */
export function exponentialExponent(): number {
  return exponent;
}

/**
 * e^(x + xTail) for |x| up to 1500 as a double-double in about [0.99, 2), times 2^`exponentialExponent()`.
 */
export function exponential(x: number, xTail: number): number {
  const n = Math.floor(x * STEPS + 0.5);
  const rest = addExact(x - n * STEP_TOP, -n * STEP_MIDDLE);
  return powerTimesSeries(n, rest, tail[0] + (xTail - n * STEP_TAIL));
}

/** 2^(n/32) e^(r + rTail) for |r| below 0.011. */
function powerTimesSeries(n: number, r: number, rTail: number): number {
  const index = n & 31;
  exponent = (n - index) / 32;
  const high = 1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320))));
  const series = rTail + r * rTail + r * r * (0.5 + r * (1 / 6 + r * high));
  const power = POWERS[index];
  const product = multiplyExact(power, r);
  const productTail = tail[0];
  const sum = addOrdered(power, product);
  const sumTail = tail[0] + (productTail + power * series + POWER_TAILS[index] * (1 + r));
  return addOrdered(sum, sumTail);
}

/** e^x. */
export function exp(x: number): number {
  if (!(x < OVERFLOW)) return x + Infinity; // NaN stays NaN
  if (x < UNDERFLOW) return 0;
  const result = exponential(x, 0);
  return roundScaled(result, tail[0], exponent);
}

/** 2^x; exact for integers. */
export function exp2(x: number): number {
  if (!(x < 1024)) return x + Infinity;
  if (x < -1080) return 0;
  const n = Math.floor(x * 32 + 0.5);
  const fraction = x - n / 32;
  const rest = multiplyExact(fraction, LN2);
  const result = powerTimesSeries(n, rest, tail[0] + fraction * LN2_TAIL);
  return roundScaled(result, tail[0], exponent);
}

/** e^x - 1, precise near zero. */
export function expm1(x: number): number {
  if (Math.abs(x) < 1e-17) return x; // the sign of zero
  if (Math.abs(x) < 0.015625) return x + x * x * expm1Series(x);
  if (!(x < OVERFLOW)) return x + Infinity;
  if (x < -50) return -1;
  const result = exponential(x, 0);
  if (exponent > 100) return ldexp(result, exponent);
  const scale = powerOfTwo(exponent);
  const resultTail = tail[0] * scale;
  const difference = addExact(result * scale, -1);
  return difference + (tail[0] + resultTail);
}

function expm1Series(x: number): number {
  const high = 1 / 120 + x * (1 / 720 + x * (1 / 5040 + x * (1 / 40320 + x * (1 / 362880))));
  return 0.5 + x * (1 / 6 + x * (1 / 24 + x * high));
}

/** The hyperbolic sine. */
export function sinh(x: number): number {
  const magnitude = Math.abs(x);
  const square = x * x;
  if (magnitude < 0.03125) {
    return x + x * square * (1 / 6 + square * (1 / 120 + square * (1 / 5040 + square * (1 / 362880))));
  }
  const result = halfSum(magnitude, -1);
  return x < 0 ? -result : result;
}

/** The hyperbolic cosine. */
export function cosh(x: number): number {
  return halfSum(Math.abs(x), 1);
}

/** (e^x + sign e^-x) / 2 for x at least 0. */
function halfSum(x: number, sign: number): number {
  if (!(x < 711)) return x + Infinity;
  const result = exponential(x, 0);
  if (x > 40) return ldexp(result, exponent - 1);
  const scale = powerOfTwo(exponent);
  const resultTail = tail[0] * scale;
  const inverse = divideDoubles(1, 0, result * scale, resultTail);
  const inverseTail = tail[0];
  const sum = addExact(result * scale, sign * inverse);
  return 0.5 * (sum + (tail[0] + (resultTail + sign * inverseTail)));
}

/** The hyperbolic tangent. */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  const square = x * x;
  if (magnitude < 1e-9) return x; // the sign of zero
  if (magnitude < 0.03125) return x - x * square * tanhSeries(square);
  if (!(magnitude < 22)) return Number.isNaN(x) ? x : x < 0 ? -1 : 1;
  const result = hyperbolicTangent(magnitude);
  return x < 0 ? -result : result;
}

function tanhSeries(square: number): number {
  return 1 / 3 - square * (2 / 15 - square * (17 / 315 - square * (62 / 2835 - square * (1382 / 155925))));
}

/** (e^2x - 1) / (e^2x + 1) for x from 1/32 to 22. */
function hyperbolicTangent(x: number): number {
  const result = exponential(2 * x, 0);
  const scale = powerOfTwo(exponent);
  const power = result * scale;
  const powerTail = tail[0] * scale;
  const less = addExact(power, -1);
  const lessTail = tail[0] + powerTail;
  const more = addExact(power, 1);
  return divideDoubles(less, lessTail, more, tail[0] + powerTail);
}
