// asin, acos, atan and atan2: all are the angle of a vector in the first quadrant, from a table of atan(i/16) and the
// power series of what is left, in double-double: about 62 bits before the last rounding.
import {
  addDoubles,
  addExact,
  addOrdered,
  divideDoubles,
  multiplyDoubles,
  multiplyExact,
  squareRootDoubles,
  tail,
} from './double-double';
import { copySign, isNegative } from './float';
import { frexpExponent, ldexp } from './scaling';
import { ARCTANGENT_TAILS, ARCTANGENTS, HALF_PI, HALF_PI_TAIL, PI, PI_TAIL } from './tables';

const TINY = 7.450580596923828e-9; // 2^-27: below, asin and atan round to their argument
const HUGE = 1e18; // above, a quotient is as good as infinite

/** The angle of a vector with x > 0 and y >= 0, neither far from 1 unless 0, as a double-double in [0, pi/2]. */
function angle(y: number, yTail: number, x: number, xTail: number): number {
  if (y > x) {
    const complement = angle(x, xTail, y, yTail);
    return addDoubles(HALF_PI, HALF_PI_TAIL, -complement, -tail[0]);
  }
  const quotient = divideDoubles(y, yTail, x, xTail);
  const index = Math.floor(quotient * 16 + 0.5);
  if (index === 0) return arctangentSeries(quotient, tail[0]);
  const rest = tangentOfDifference(quotient, tail[0], index / 16);
  const result = arctangentSeries(rest, tail[0]);
  return addDoubles(ARCTANGENTS[index], ARCTANGENT_TAILS[index], result, tail[0]);
}

/** (t - c) / (1 + tc): the tangent of the difference of the two angles. */
function tangentOfDifference(t: number, tTail: number, c: number): number {
  const product = multiplyExact(t, c);
  const productTail = tail[0] + tTail * c;
  const divisor = addOrdered(1, product);
  const divisorTail = tail[0] + productTail;
  const difference = addExact(t, -c);
  return divideDoubles(difference, tail[0] + tTail, divisor, divisorTail);
}

/** atan(t + tTail) for |t| up to 1/32. */
function arctangentSeries(t: number, tTail: number): number {
  const square = t * t;
  const high = 1 / 9 - square * (1 / 11 - square * (1 / 13));
  return addOrdered(t, tTail - t * square * (1 / 3 - square * (1 / 5 - square * (1 / 7 - square * high))));
}

/** The inverse tangent, in [-pi/2, pi/2]. */
export function atan(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude >= TINY)) return x; // NaN too
  if (magnitude > HUGE) return copySign(HALF_PI, x);
  const result = angle(magnitude, 0, 1, 0);
  return x < 0 ? -result : result;
}

/** The angle of the vector (x, y), in [-pi, pi], with the signs of zeros and infinities as in C99. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const a = Math.abs(y);
  const b = Math.abs(x);
  const result = isNegative(x) ? leftAngle(a, b) : rightAngle(a, b);
  return copySign(result, y);
}

/** The angle for a, b >= 0, with x = b. */
function rightAngle(a: number, b: number): number {
  if (a === 0 || (b === Infinity && a < Infinity)) return 0;
  if (a === b) return HALF_PI / 2;
  const gap = b === 0 || a === Infinity ? 100 : frexpExponent(a) - frexpExponent(b);
  if (gap > 60) return HALF_PI;
  if (gap < -60) return a / b;
  const power = -frexpExponent(b);
  return angle(ldexp(a, power), 0, ldexp(b, power), 0);
}

/** The angle for a, b >= 0, with x = -b. */
function leftAngle(a: number, b: number): number {
  if (a === 0 || (b === Infinity && a < Infinity)) return PI;
  if (a === b) return 0.75 * PI;
  const gap = b === 0 || a === Infinity ? 100 : frexpExponent(a) - frexpExponent(b);
  if (gap > 60) return HALF_PI;
  if (gap < -60) return PI;
  const power = -frexpExponent(b);
  const result = angle(ldexp(a, power), 0, ldexp(b, power), 0);
  return addDoubles(PI, PI_TAIL, -result, -tail[0]);
}

/** sqrt(1 - x^2) for |x| below 1, as a double-double. */
function otherLeg(x: number): number {
  const less = addExact(1, -x);
  const lessTail = tail[0];
  const more = addExact(1, x);
  const square = multiplyDoubles(less, lessTail, more, tail[0]);
  return squareRootDoubles(square, tail[0]);
}

/** The inverse sine, in [-pi/2, pi/2]; NaN outside [-1, 1]. */
export function asin(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 1)) return magnitude === 1 ? copySign(HALF_PI, x) : NaN;
  if (magnitude < TINY) return x;
  const leg = otherLeg(magnitude);
  const result = angle(magnitude, 0, leg, tail[0]);
  return x < 0 ? -result : result;
}

/** The inverse cosine, in [0, pi]; NaN outside [-1, 1]. */
export function acos(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 1)) return magnitude === 1 ? (x < 0 ? PI : 0) : NaN;
  if (magnitude < 1e-20) return HALF_PI;
  const leg = otherLeg(magnitude);
  const result = angle(leg, tail[0], magnitude, 0);
  return x < 0 ? addDoubles(PI, PI_TAIL, -result, -tail[0]) : result;
}
