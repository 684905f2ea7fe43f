// sin, cos and tan. The argument is reduced to r in [-pi/4, pi/4] and a quadrant: by a product with pi/2 in parts for
// common arguments, by the digits of 2/pi (Payne and Hanek) for huge ones and for those very near a multiple of pi/2.
// Then power series, in double-double where it matters: about 60 bits before the last rounding.
import { addDoubles, addExact, addOrdered, divideDoubles, multiplyDoubles, multiplyExact, tail } from './double-double';
import { frexpExponent, frexpFraction, powerOfTwo } from './scaling';
import { HALF_PI, HALF_PI_TAIL, SIXTH, SIXTH_TAIL, TWO_OVER_PI, TWO_OVER_PI_DIGITS } from './tables';

const QUARTER_PI = 0.7853981633974483;
// The head of pi/2 in two parts of at most 29 bits: products with counts up to 2^20 are exact.
const HALF_PI_TOP = Math.fround(HALF_PI);
const HALF_PI_MIDDLE = HALF_PI - HALF_PI_TOP;
const LARGE = 1000000;
const CANCELLED = 9.5367431640625e-7; // 2^-20: below, the short reduction may have lost too many bits

const BASE = 16777216;
const DIGITS = 9;

// The reduced argument: the quadrant (any integer for counting modulo 4), head and tail. Doubles stay in a typed array.
const reduced = new Float64Array(2);
const product = new Float64Array(DIGITS + 3);
let quadrant = 0;

/** Reduces a finite x into `reduced` and `quadrant`. */
function reduce(x: number): void {
  const magnitude = Math.abs(x);
  if (magnitude <= QUARTER_PI) {
    setReduced(x, 0, 0);
    return;
  }
  if (magnitude < LARGE) {
    const count = Math.floor(x * TWO_OVER_PI + 0.5);
    const rest = addExact(x - count * HALF_PI_TOP, -count * HALF_PI_MIDDLE);
    const head = addOrdered(rest, tail[0] - count * HALF_PI_TAIL);
    if (Math.abs(head) > CANCELLED) {
      setReduced(head, tail[0], count & 3);
      return;
    }
  }
  reduceByDigits(magnitude);
  if (x < 0) setReduced(-reduced[0], -reduced[1], -quadrant & 3);
}

function setReduced(head: number, rest: number, count: number): void {
  reduced[0] = head;
  reduced[1] = rest;
  quadrant = count;
}

/**
 * x = M 2^e with a 53-bit M, times nine digits of 2/pi: those before them add multiples of 4 to the product, which do
 * not matter, and those after them less than 2^-130, while no double is nearer than 2^-62 to a multiple of pi/2.
 */
function reduceByDigits(x: number): void {
  const exponent = frexpExponent(x) - 53;
  const first = exponent < 2 ? 0 : Math.floor((exponent - 2) / 24);
  multiplyDigits(frexpFraction(x) * 9007199254740992, first);
  // The weight of product[0] is 2^scale; find the highest digit that is not a multiple of 4.
  const scale = exponent - 24 * (first + DIGITS);
  let top = DIGITS + 2;
  while (top > 0 && scale + 24 * top >= 2) top--;
  let weight = powerOfTwo(scale + 24 * top);
  const leading = product[top] * weight;
  const head = leading - 4 * Math.floor(leading / 4) + product[top - 1] * (weight / BASE);
  const count = Math.floor(head + 0.5);
  // The rest of the digits in pairs of 48 bits, each exact; the first sum may cancel, so it is exact too.
  weight /= BASE * BASE;
  const second = pairOfDigits(top - 2, weight);
  const third = pairOfDigits(top - 4, weight / (BASE * BASE));
  const sum = addExact(head - count, second);
  const sumTail = tail[0];
  const fraction = addExact(sum, third);
  const fractionTail = tail[0] + sumTail + pairOfDigits(top - 6, weight / (BASE * BASE * BASE * BASE));
  const result = multiplyDoubles(fraction, fractionTail, HALF_PI, HALF_PI_TAIL);
  setReduced(result, tail[0], count & 3);
}

function pairOfDigits(index: number, weight: number): number {
  return product[index] * weight + product[index - 1] * (weight / BASE);
}

/** Multiplies a 53-bit integer by DIGITS digits of 2/pi from `first` on, into `product`, lowest digit first. */
function multiplyDigits(integer: number, first: number): void {
  const upper = Math.floor(integer / BASE);
  const low = integer - upper * BASE;
  const high = Math.floor(upper / BASE);
  const middle = upper - high * BASE;
  let carry = 0;
  for (let index = 0; index < DIGITS + 3; index++) {
    // Three products below 2^48 and a carry: below 2^50.
    const sum = carry + low * digit(first, index) + middle * digit(first, index - 1) + high * digit(first, index - 2);
    carry = Math.floor(sum / BASE);
    product[index] = sum - carry * BASE;
  }
}

/** The digit of weight `index` in the window of DIGITS digits that starts at `first`. */
function digit(first: number, index: number): number {
  return index < 0 || index >= DIGITS ? 0 : TWO_OVER_PI_DIGITS[first + DIGITS - 1 - index];
}

/** sin of the reduced argument, as a double-double. */
function sine(r: number, rTail: number): number {
  const square = multiplyExact(r, r);
  const squareTail = tail[0] + 2 * r * rTail;
  const high = 1 / 39916800 - square * (1 / 6227020800 - square * (1 / 1307674368000 - square * sineEnd(square)));
  const series = 1 / 120 - square * (1 / 5040 - square * (1 / 362880 - square * high));
  // r - r^3 (1/6 - r^2 series)
  const factor = addOrdered(-SIXTH, square * series);
  const cubeFactor = multiplyDoubles(square, squareTail, factor, tail[0] - SIXTH_TAIL);
  const correction = multiplyDoubles(cubeFactor, tail[0], r, rTail);
  return addDoubles(r, rTail, correction, tail[0]);
}

function sineEnd(square: number): number {
  return 1 / 355687428096000 - square * (1 / 121645100408832000);
}

/** cos of the reduced argument, as a double-double. */
function cosine(r: number, rTail: number): number {
  const square = multiplyExact(r, r);
  const squareTail = tail[0] + 2 * r * rTail;
  const high = 1 / 479001600 - square * (1 / 87178291200 - square * (1 / 20922789888000 - square * cosineEnd(square)));
  const series = 1 / 24 - square * (1 / 720 - square * (1 / 40320 - square * (1 / 3628800 - square * high)));
  const head = addOrdered(1, -0.5 * square);
  return addOrdered(head, tail[0] + (square * square * series - 0.5 * squareTail));
}

function cosineEnd(square: number): number {
  return 1 / 6402373705728000 - square * (1 / 2432902008176640000);
}

/** The sine of any angle in radians. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) < 7.450580596923828e-9) return x;
  reduce(x);
  const result = (quadrant & 1) === 0 ? sine(reduced[0], reduced[1]) : cosine(reduced[0], reduced[1]);
  return (quadrant & 2) === 0 ? result : -result;
}

/** The cosine of any angle in radians. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  reduce(x);
  const result = (quadrant & 1) === 0 ? cosine(reduced[0], reduced[1]) : sine(reduced[0], reduced[1]);
  return ((quadrant + 1) & 2) === 0 ? result : -result;
}

/** The tangent of any angle in radians. */
export function tan(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) < 7.450580596923828e-9) return x;
  reduce(x);
  const sinus = sine(reduced[0], reduced[1]);
  const sinusTail = tail[0];
  const cosinus = cosine(reduced[0], reduced[1]);
  if ((quadrant & 1) === 0) return divideDoubles(sinus, sinusTail, cosinus, tail[0]);
  return -divideDoubles(cosinus, tail[0], sinus, sinusTail);
}
