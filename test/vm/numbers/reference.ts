// True values of the elementary functions for the tests: fixed-point BigInt arithmetic, 320 bits after the point.
// A reference is a fraction times a power of two, so that it is as precise for very large and very small results.
export const BITS = 320n;
export const ONE = 1n << BITS;

/** fraction / 2^BITS * 2^exponent. */
export interface Reference {
  fraction: bigint;
  exponent: number;
}

export const multiply = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
export const divide = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** A finite double exactly, as integer * 2^exponent. */
export function decompose(value: number): { integer: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const integer = biased === 0 ? fraction : fraction | (1n << 52n);
  return { integer: value < 0 ? -integer : integer, exponent: Math.max(biased, 1) - 1075 };
}

const shift = (value: bigint, count: number): bigint => (count >= 0 ? value << BigInt(count) : value >> BigInt(-count));

/** A double as fixed point; exact unless it has bits below 2^-320. */
export function fixed(value: number): bigint {
  const { integer, exponent } = decompose(value);
  return shift(integer, exponent + Number(BITS));
}

/** Sums a series until its terms vanish; `next` makes term k of the one before. */
function series(first: bigint, next: (term: bigint, index: bigint) => bigint): bigint {
  let sum = first;
  let term = first;
  for (let index = 1n; term !== 0n && term !== -1n; index++) {
    term = next(term, index);
    sum += term;
  }
  return sum;
}

/** The inverse tangent for |x| up to 1: the argument is halved until the power series is short. */
export function atan(x: bigint, halvings = 8): bigint {
  if (halvings > 0) {
    const root = squareRoot(ONE + multiply(x, x));
    return 2n * atan(divide(x, ONE + root), halvings - 1);
  }
  const square = multiply(x, x);
  let power = x;
  let sum = x;
  for (let index = 3n; power !== 0n && power !== -1n; index += 2n) {
    power = -multiply(power, square);
    sum += power / index;
  }
  return sum;
}

export function squareRoot(value: bigint): bigint {
  const radicand = value << BITS;
  if (radicand === 0n) return 0n;
  let root = 1n << BigInt((radicand.toString(16).length * 4) / 2 + 1);
  for (;;) {
    const next = (root + radicand / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export const PI = 4n * atan(ONE);

function inverseHyperbolicTangent(x: bigint): bigint {
  const square = multiply(x, x);
  let power = x;
  let sum = x;
  for (let index = 3n; power !== 0n && power !== -1n; index += 2n) {
    power = multiply(power, square);
    sum += power / index;
  }
  return sum;
}

export const LN2 = 2n * inverseHyperbolicTangent(ONE / 3n);
export const LN10 = 3n * LN2 + 2n * inverseHyperbolicTangent(ONE / 9n);

/** e^x of a fixed-point number. */
export function exp(x: bigint): Reference {
  const exponent = (x + LN2 / 2n - ((((x + LN2 / 2n) % LN2) + LN2) % LN2)) / LN2;
  const rest = (x - exponent * LN2) >> 16n;
  let fraction = series(ONE, (term, index) => multiply(term, rest) / index);
  for (let step = 0; step < 16; step++) fraction = multiply(fraction, fraction);
  return { fraction, exponent: Number(exponent) };
}

/** The logarithm of a positive double. */
export function log(value: number): bigint {
  const { integer, exponent } = decompose(value);
  return logScaled(integer, exponent);
}

/** The logarithm of integer * 2^exponent, positive. */
export function logScaled(integer: bigint, exponent: number): bigint {
  const bits = integer.toString(2).length;
  let x = shift(integer, Number(BITS) - bits); // in [0.5, 1)
  let power = exponent + bits;
  if (x < (ONE * 7n) / 10n) {
    x *= 2n;
    power--;
  }
  // log x = 2 log sqrt x, down to a short series
  for (let step = 0; step < 8; step++) x = squareRoot(x);
  return ((2n * inverseHyperbolicTangent(divide(x - ONE, x + ONE))) << 8n) + BigInt(power) * LN2;
}

/** sin and cos of a fixed-point number. */
export function sinCos(x: bigint): { sin: bigint; cos: bigint } {
  const turn = x % (2n * PI);
  const square = -multiply(turn, turn);
  const sin = series(turn, (term, index) => multiply(term, square) / (2n * index * (2n * index + 1n)));
  const cos = series(ONE, (term, index) => multiply(term, square) / (2n * index * (2n * index - 1n)));
  return { sin, cos };
}

/** |value - reference| in units in the last place of the reference as a double: 0.5 is perfect. */
export function ulpError(value: number, reference: Reference | bigint): number {
  const { fraction, exponent } = typeof reference === 'bigint' ? { fraction: reference, exponent: 0 } : reference;
  const magnitude = fraction < 0n ? -fraction : fraction;
  const top = magnitude.toString(2).length - Number(BITS) + exponent; // reference in [2^(top-1), 2^top)
  if (!Number.isFinite(value)) return top > 1024 || (top === 1024 && magnitude >> 200n > 0n) ? 0 : Number.NaN;
  const unit = Math.max(top - 53, -1074);
  const { integer, exponent: ownExponent } = decompose(value);
  // Both in units of 2^(unit - 60).
  const own = shift(integer, ownExponent - unit + 60);
  const other = shift(fraction, exponent - Number(BITS) - unit + 60);
  return Math.abs(Number(own - other)) / 2 ** 60;
}
