// pow, cbrt, hypot and fmod. pow is exp(y log x) in double-double, with C99's special cases.
import { addDoubles, multiplyDoubles, multiplyExact, squareRootDoubles, tail } from './double-double';
import { exponential, exponentialExponent } from './exponential';
import { copySign, maximum, minimum } from './float';
import { high, remainderUnsigned, shiftLeft, toDouble } from './integer64';
import { fromDouble } from './integer64-conversion';
import { logarithm } from './logarithm';
import { frexpExponent, frexpFraction, ldexp, roundScaled } from './scaling';

const TWO_53 = 9007199254740992;

/** x^y. */
export function pow(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0 || x === 1) return 1;
  if (!Number.isFinite(x) || !Number.isFinite(y) || x === 0) return specialPower(x, y);
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  if (x > 0) return finitePower(x, y);
  if (Math.floor(y) !== y) return NaN;
  const result = finitePower(-x, y);
  return isOdd(y) ? -result : result;
}

function isOdd(y: number): boolean {
  return Math.abs(y) < TWO_53 && Math.floor(y) === y && Math.floor(y / 2) * 2 !== y;
}

/** The cases with a zero, an infinity or a NaN, apart from the two that are always 1. */
function specialPower(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const magnitude = Math.abs(x);
  if (Math.abs(y) === Infinity) {
    if (magnitude === 1) return 1;
    return magnitude > 1 === y > 0 ? Infinity : 0;
  }
  const result = (magnitude === 0) === y > 0 ? 0 : Infinity;
  return isOdd(y) ? copySign(result, x) : result;
}

/** x^y of finite positive x and finite y. */
function finitePower(x: number, y: number): number {
  if (x === 1) return 1;
  const logarithmHead = logarithm(x);
  const logarithmTail = tail[0];
  const estimate = y * logarithmHead;
  if (estimate > 710) return Infinity;
  if (estimate < -746) return 0;
  const product = multiplyExact(y, logarithmHead);
  const result = exponential(product, tail[0] + y * logarithmTail);
  return roundScaled(result, tail[0], exponentialExponent());
}

/** The cube root; exact for cubes. */
export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const power = Math.floor((frexpExponent(x) + 2) / 3);
  const scaled = ldexp(Math.abs(x), -3 * power); // in [1/8, 1)
  // A parabola within 4 % of the root; each step of Halley's cubes that error: 3e-5, 1e-14, then the last rounding.
  let root = 0.354 + scaled * (1.119 - scaled * 0.488);
  for (let step = 0; step < 3; step++) {
    const cube = root * root * root;
    root *= (cube + 2 * scaled) / (2 * cube + scaled);
  }
  const square = multiplyExact(root, root);
  const cube = multiplyDoubles(square, tail[0], root, 0);
  root -= (cube - scaled + tail[0]) / (3 * square);
  return ldexp(x < 0 ? -root : root, power);
}

/** The square root of x^2 + y^2 without overflow or underflow between; infinite if either is, even beside NaN. */
export function hypot(x: number, y: number): number {
  const a = Math.abs(x);
  const b = Math.abs(y);
  if (a === Infinity || b === Infinity) return Infinity;
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  const greater = maximum(a, b);
  const lesser = minimum(a, b);
  if (lesser === 0) return greater;
  const power = frexpExponent(greater);
  const first = ldexp(greater, -power);
  const second = ldexp(lesser, -power);
  const firstSquare = multiplyExact(first, first);
  const firstTail = tail[0];
  const secondSquare = second < 1e-20 ? 0 : multiplyExact(second, second);
  const sum = addDoubles(firstSquare, firstTail, secondSquare, second < 1e-20 ? 0 : tail[0]);
  return ldexp(squareRootDoubles(sum, tail[0]), power);
}

/** The remainder of x by y, exact, with the sign of x: C's fmod. The work is bounded: 190 short steps at most. */
export function fmod(x: number, y: number): number {
  const a = Math.abs(x);
  const b = Math.abs(y);
  if (!(a < Infinity && b > 0)) return NaN;
  if (a < b) return x;
  let rest = 0;
  if (a < TWO_53 && Math.floor(a) === a && Math.floor(b) === b) rest = a - Math.floor(a / b) * b;
  else rest = longRemainder(a, b);
  return copySign(rest, x);
}

/** Long division of the mantissas, 11 bits at a time: a remainder below 2^53 times 2^11 fits in 64 bits. */
function longRemainder(a: number, b: number): number {
  const exponent = frexpExponent(b) - 53;
  let gap = frexpExponent(a) - 53 - exponent;
  const divisorLow = fromDouble(frexpFraction(b) * TWO_53);
  const divisorHigh = high;
  let low = fromDouble(frexpFraction(a) * TWO_53);
  low = remainderUnsigned(low, high, divisorLow, divisorHigh);
  while (gap > 0 && (low | high) !== 0) {
    const bits = minimum(gap, 11);
    low = shiftLeft(low, high, bits);
    low = remainderUnsigned(low, high, divisorLow, divisorHigh);
    gap -= bits;
  }
  return ldexp(toDouble(low, high), exponent);
}

/** The remainder with the sign of y, of a division that rounds down; an infinite y gives x or itself. */
export function floorModuloDouble(x: number, y: number): number {
  const rest = fmod(x, y);
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}
