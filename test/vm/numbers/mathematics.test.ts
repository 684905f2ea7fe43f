// Every mathematical function against true values (reference.ts), in units in the last place, and its special cases
// against the host's Math, whose special cases are C99's except where said.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as numbers from '../../../vm/numbers/index';
import * as tables from '../../../vm/numbers/tables';
import { edgeDoubles } from './arbitraries';
import * as reference from './reference';
import { BITS, fixed, ONE, type Reference, ulpError } from './reference';

const RUNS = 300;

/** Uniform in [from, to]: edges are for the special cases. */
const between = (from: number, to: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((part) => from + (to - from) * (part / 2 ** 32 + part * 2 ** -71));

/** Of every magnitude from 2^from to 2^to, of both signs. */
const magnitudes = (from: number, to: number): fc.Arbitrary<number> =>
  fc.tuple(between(1, 2), fc.integer({ min: from, max: to }), fc.boolean()).map(([m, e, s]) => (s ? m : -m) * 2 ** e);

function worst(name: string, bound: number, values: fc.Arbitrary<number>, error: (x: number) => number): void {
  let greatest = 0;
  fc.assert(
    fc.property(values, (x) => {
      const found = error(x);
      if (found > greatest) greatest = found;
      if (!(found <= bound)) assert.unreachable(`${name}(${x}) is off by ${found} ulp`);
    }),
    { numRuns: RUNS },
  );
  if (process.env.VERBOSE === '1') console.log(`${name}: at most ${greatest.toFixed(3)} ulp`);
}

type Unary = (x: number) => number;
type True = (x: bigint) => bigint | Reference;

function check(name: string, operation: Unary, truth: True, bound: number, ...ranges: fc.Arbitrary<number>[]): void {
  test(`${name} is within ${bound} ulp`, () => {
    for (const range of ranges) worst(name, bound, range, (x) => ulpError(operation(x), truth(fixed(x))));
  });
}

const { exp, log, divide, multiply, PI, LN2, LN10 } = reference;
const expFixed = (x: bigint): bigint => {
  const { fraction, exponent } = exp(x);
  return exponent >= 0 ? fraction << BigInt(exponent) : fraction >> BigInt(-exponent);
};
const logFixed = (x: bigint): bigint => reference.logScaled(x, -Number(BITS));

check('exp', numbers.exp, exp, 0.51, magnitudes(-60, 8), between(-708, 709), between(-1, 1));
check('exp, subnormal', numbers.exp, exp, 0.51, between(-745, -708));
check(
  'exp2',
  numbers.exp2,
  (x) => exp(multiply(x, LN2)),
  0.51,
  between(-1022, 1023),
  between(-1, 1),
  magnitudes(-60, 0),
);
check('exp2, subnormal', numbers.exp2, (x) => exp(multiply(x, LN2)), 0.51, between(-1074, -1022));
check('expm1', numbers.expm1, (x) => expFixed(x) - ONE, 0.52, between(-40, 40), between(-1, 1), magnitudes(-60, 3));
check('expm1, large', numbers.expm1, exp, 0.51, between(100, 709));

const sinhFixed = (x: bigint): bigint => (expFixed(x) - expFixed(-x)) / 2n;
const coshFixed = (x: bigint): bigint => (expFixed(x) + expFixed(-x)) / 2n;
const tanhFixed = (x: bigint): bigint => divide(sinhFixed(x), coshFixed(x));
check('sinh', numbers.sinh, sinhFixed, 0.52, between(-45, 45), between(-1, 1), magnitudes(-40, 5));
check('cosh', numbers.cosh, coshFixed, 0.52, between(-45, 45), between(-1, 1), magnitudes(-40, 5));
check('tanh', numbers.tanh, tanhFixed, 0.52, between(-25, 25), between(-1, 1), magnitudes(-40, 3));

const positive = (values: fc.Arbitrary<number>): fc.Arbitrary<number> => values.map(Math.abs);
const nearOne = magnitudes(-52, -3).map((x) => 1 + x);
for (const [name, operation, base] of [
  ['log', numbers.log, ONE],
  ['log2', numbers.log2, LN2],
  ['log10', numbers.log10, LN10],
] as [string, Unary, bigint][]) {
  test(`${name} is within 0.51 ulp`, () => {
    for (const range of [between(0.5, 2), nearOne, positive(magnitudes(-1074, 1023))]) {
      worst(
        name,
        0.51,
        range.filter((x) => x !== 1),
        (x) => ulpError(operation(x), divide(log(x), base)),
      );
    }
  });
}
check(
  'log1p',
  numbers.log1p,
  (x) => logFixed(ONE + x),
  0.52,
  between(-0.99, 10),
  magnitudes(-60, -2),
  between(10, 1e20),
);

test('pow is within 0.6 ulp', () => {
  const error = (x: number, y: number): number => ulpError(numbers.pow(x, y), exp(multiply(log(x), fixed(y))));
  worst('pow of large powers', 0.6, between(0.5, 2), (x) => error(x, (x > 1 ? 700 : -700) / Math.log2(x)));
  worst('pow, subnormal', 0.6, between(0.25, 0.75), (x) => error(x, 1050 / -Math.log2(x)));
  worst(
    'pow near one',
    0.6,
    nearOne.filter((x) => x !== 1),
    (x) => error(x, 500 / Math.log2(x)),
  );
  for (const y of [-3.7, -1, 0.1, 1 / 3, 1.5, 3, 10]) worst('pow', 0.6, between(0.01, 100), (x) => error(x, y));
});

const sin = (x: bigint): bigint => reference.sinCos(x).sin;
const cos = (x: bigint): bigint => reference.sinCos(x).cos;
const tan = (x: bigint): bigint => {
  const both = reference.sinCos(x);
  return divide(both.sin, both.cos);
};
const angles = [between(-1, 1), between(-10, 10), between(-1e6, 1e6), magnitudes(-30, 40), between(-1e15, 1e15)];
check('sin', numbers.sin, sin, 0.6, ...angles);
check('cos', numbers.cos, cos, 0.6, ...angles);
check('tan', numbers.tan, tan, 0.65, ...angles);

test('sin, cos and tan reduce near multiples of pi/2, and the hardest double, correctly', () => {
  const hardest = 6381956970095103 * 2 ** 797;
  assert.is(numbers.cos(hardest), -4.687165924254628e-19);
  assert.is(numbers.sin(hardest), 1);
  const multiples = fc.integer({ min: 1, max: 1e9 }).map((count) => (count * Math.PI) / 2);
  worst('sin', 0.6, multiples, (x) => ulpError(numbers.sin(x), sin(fixed(x))));
  worst('cos', 0.6, multiples, (x) => ulpError(numbers.cos(x), cos(fixed(x))));
  worst('tan', 0.65, multiples, (x) => ulpError(numbers.tan(x), tan(fixed(x))));
});

test('sin and cos of huge arguments agree with the host within 1 ulp', () => {
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= Math.abs(b) * 2 ** -52;
  fc.assert(
    fc.property(magnitudes(40, 1023), (x) => {
      assert.ok(close(numbers.sin(x), Math.sin(x)), `sin(${x})`);
      assert.ok(close(numbers.cos(x), Math.cos(x)), `cos(${x})`);
    }),
    { numRuns: 2000 },
  );
});

const asin = (x: bigint): bigint => {
  const leg = reference.squareRoot(ONE - multiply(x, x));
  return x * x > (ONE * ONE) / 2n ? PI / 2n - acos(x) : reference.atan(divide(x, leg));
};
const acos = (x: bigint): bigint => {
  const leg = reference.squareRoot(ONE - multiply(x, x));
  if (x < 0n) return PI - acos(-x);
  return x * x > (ONE * ONE) / 2n ? reference.atan(divide(leg, x)) : PI / 2n - asin(x);
};
const atan = (x: bigint): bigint => {
  if (x < 0n) return -atan(-x);
  return x > ONE ? PI / 2n - reference.atan(divide(ONE, x)) : reference.atan(x);
};
check(
  'asin',
  numbers.asin,
  asin,
  0.52,
  between(-1, 1),
  magnitudes(-40, -1),
  nearOne.map((x) => Math.min(x, 2 - x)),
);
check(
  'acos',
  numbers.acos,
  acos,
  0.52,
  between(-1, 1),
  magnitudes(-40, -1),
  nearOne.map((x) => Math.min(x, 2 - x)),
);
check('atan', numbers.atan, atan, 0.52, between(-1, 1), magnitudes(-40, 65), between(-20, 20));

test('atan2 is within 0.52 ulp in all quadrants', () => {
  for (const other of [1, -1, 0.3, -7, 1e10, -1e-10]) {
    const truth = (y: number): bigint => {
      const first = atan(divide(fixed(y), fixed(other)));
      return other > 0 ? first : y < 0 ? first - PI : first + PI;
    };
    worst('atan2', 0.52, magnitudes(-40, 40), (y) => ulpError(numbers.atan2(y, other), truth(y)));
  }
});

test('cbrt and hypot are within 0.51 ulp', () => {
  // By the cube of the candidate and its neighbours' middle: exact.
  const cube = (x: bigint): bigint => multiply(multiply(x, x), x);
  worst('cbrt', 0.51, magnitudes(-60, 60), (x) => {
    const root = fixed(numbers.cbrt(x));
    const unit =
      BigInt(Math.round(2 ** (Math.floor(Math.log2(Math.abs(numbers.cbrt(x)))) - 52 + 160))) << (BITS - 160n);
    const derivative = 3n * multiply(root, root);
    return Math.abs(Number(divide(fixed(x) - cube(root), derivative)) / Number(unit));
  });
  for (const y of [1, 1e5, 1e-7]) {
    const truth = (x: number): bigint => {
      const [a, b] = [fixed(x), fixed(y)];
      return reference.squareRoot(multiply(a, a) + multiply(b, b));
    };
    worst('hypot', 0.51, magnitudes(-40, 40), (x) => ulpError(numbers.hypot(x, y), truth(x)));
  }
  assert.is(numbers.hypot(3e300, 4e300), 5e300);
  assert.is(numbers.hypot(3e-310, 4e-310), 5e-310);
  assert.is(numbers.hypot(1e308, 1e308), 1.4142135623730951e308);
  assert.is(numbers.hypot(1.7e308, 1.7e308), Infinity);
});

test('the constants and tables are the roundings of what they say', () => {
  const holds = (head: number, rest: number, truth: bigint): void => {
    assert.ok(head === 0 ? truth === 0n : ulpError(head, truth) <= 0.5, `${head}`);
    assert.ok(rest === 0 ? fixed(head) === truth : ulpError(rest, truth - fixed(head)) <= 0.5, `${head} ${rest}`);
  };
  holds(tables.LN2, tables.LN2_TAIL, LN2);
  holds(tables.INVERSE_LN2, tables.INVERSE_LN2_TAIL, divide(ONE, LN2));
  holds(tables.INVERSE_LN10, tables.INVERSE_LN10_TAIL, divide(ONE, LN10));
  holds(tables.PI, tables.PI_TAIL, PI);
  holds(tables.HALF_PI, tables.HALF_PI_TAIL, PI / 2n);
  holds(tables.SIXTH, tables.SIXTH_TAIL, ONE / 6n);
  assert.ok(ulpError(tables.TWO_OVER_PI, divide(2n * ONE, PI)) <= 0.5);
  for (let i = 0n; i < 32n; i++)
    holds(tables.POWERS[Number(i)], tables.POWER_TAILS[Number(i)], expFixed((LN2 * i) / 32n));
  for (let i = 0; i < 64; i++) {
    const reciprocal = tables.RECIPROCALS_256[i] / 256;
    const middle = (1 + (i + 0.5) / 64) / (i < 27 ? 1 : 2);
    assert.ok(i === 0 || i === 63 ? reciprocal === 1 : Math.abs(reciprocal - 1 / middle) <= 1 / 512);
    holds(tables.LOGARITHMS[i], tables.LOGARITHM_TAILS[i], reciprocal === 1 ? 0n : -log(reciprocal));
  }
  for (let i = 0n; i <= 16n; i++) {
    holds(tables.ARCTANGENTS[Number(i)], tables.ARCTANGENT_TAILS[Number(i)], reference.atan((ONE * i) / 16n));
  }
});

test('the digits of 2/pi are right', () => {
  const inverse = (q: bigint): bigint => {
    let term = (1n << 1400n) / q;
    let sum = term;
    for (let k = 3n; term !== 0n; k += 2n) {
      term = -term / (q * q);
      sum += term / k;
    }
    return sum;
  };
  const pi = 4n * (4n * inverse(5n) - inverse(239n));
  const quotient = (1n << 2801n) / pi;
  tables.TWO_OVER_PI_DIGITS.forEach((digit, index) => {
    assert.is(digit, Number((quotient >> BigInt(1400 - 24 * (index + 1))) & 0xffffffn));
  });
});

test('results that are exact are exact', () => {
  for (let n = -1074; n < 1024; n++) {
    const power = numbers.ldexp(1, n);
    assert.is(numbers.exp2(n), power);
    assert.is(numbers.log2(power), n);
    assert.is(numbers.pow(2, n), power);
  }
  for (let n = 0; n <= 22; n++) {
    assert.is(numbers.log10(Number(`1e${n}`)), n);
    assert.is(numbers.pow(10, n), Number(`1e${n}`));
  }
  for (let n = -200; n <= 200; n++) {
    assert.is(numbers.cbrt(n * n * n), n);
    for (let k = 0; n ** k < 2 ** 53 && k < 7; k++) assert.is(numbers.pow(n, k), n ** k);
  }
});

/** The host is trusted with the special cases only: zeros, infinities, NaN; elsewhere a few ulp are allowed. */
function agrees(name: string, actual: number, expected: number): void {
  const close = Math.abs(actual - expected) <= Math.abs(expected) * 2 ** -50;
  const isSpecial = expected === 0 || !Number.isFinite(expected);
  const subnormal = Math.abs(expected) < 1e-300 && Math.abs(actual - expected) <= 5e-324;
  assert.ok(
    isSpecial ? Object.is(actual, expected) : close || subnormal,
    `${name} gave ${Object.is(actual, -0) ? '-0' : actual} instead of ${Object.is(expected, -0) ? '-0' : expected}`,
  );
}

const unary: [string, Unary, Unary][] = [
  ['sin', numbers.sin, Math.sin],
  ['cos', numbers.cos, Math.cos],
  ['tan', numbers.tan, Math.tan],
  ['asin', numbers.asin, Math.asin],
  ['acos', numbers.acos, Math.acos],
  ['atan', numbers.atan, Math.atan],
  ['sinh', numbers.sinh, Math.sinh],
  ['cosh', numbers.cosh, Math.cosh],
  ['tanh', numbers.tanh, Math.tanh],
  ['exp', numbers.exp, Math.exp],
  ['expm1', numbers.expm1, Math.expm1],
  ['log', numbers.log, Math.log],
  ['log2', numbers.log2, Math.log2],
  ['log10', numbers.log10, Math.log10],
  ['log1p', numbers.log1p, Math.log1p],
  ['cbrt', numbers.cbrt, Math.cbrt],
];
const edges = [
  ...edgeDoubles,
  NaN,
  5e-324,
  1e-320,
  1e-200,
  709.78,
  709.79,
  710.4758,
  710.476,
  711,
  -745.13,
  -745.14,
  22,
  40,
].flatMap((x) => [x, -x]);

for (const [name, operation, expected] of unary) {
  test(`${name} has the special cases of C99`, () => {
    for (const x of edges) agrees(`${name}(${x})`, operation(x), expected(x));
  });
}

test('atan2, pow, hypot and fmod have the special cases of C99', () => {
  for (const x of [...edges, -3, 4, 2 ** 53 - 1, 0.5, -0.5, -2.5]) {
    for (const y of [...edges, -3, 4, 2 ** 53 - 1, 0.5, -0.5, -2.5]) {
      agrees(`atan2(${x}, ${y})`, numbers.atan2(x, y), Math.atan2(x, y));
      agrees(`hypot(${x}, ${y})`, numbers.hypot(x, y), Math.hypot(x, y));
      agrees(`fmod(${x}, ${y})`, numbers.fmod(x, y), x % y);
      // JavaScript differs from C99 where the base is 1 or -1.
      const isOne = x === 1 || (x === -1 && Math.abs(y) === Infinity);
      agrees(`pow(${x}, ${y})`, numbers.pow(x, y), isOne ? 1 : x ** y);
    }
  }
});

test('fmod is exact', () => {
  const all = fc.double({ noNaN: true });
  fc.assert(
    fc.property(all, all, (x, y) => assert.ok(Object.is(numbers.fmod(x, y), x % y), `${x} ${y}`)),
    { numRuns: 3000 },
  );
  const near = fc.tuple(magnitudes(-20, 60), magnitudes(-20, 60));
  fc.assert(
    fc.property(near, ([x, y]) => assert.ok(Object.is(numbers.fmod(x, y), x % y), `${x} ${y}`)),
    { numRuns: 2000 },
  );
  assert.is(numbers.fmod(Number.MAX_VALUE, 5e-324), 0);
  assert.is(numbers.floorModuloDouble(5.5, -2), -0.5);
  assert.is(numbers.floorModuloDouble(-5.5, 2), 0.5);
  assert.is(numbers.floorModuloDouble(-6, 2), -0);
  assert.is(numbers.floorModuloDouble(1, -Infinity), -Infinity);
  assert.is(numbers.floorModuloDouble(1, Infinity), 1);
});

test('ldexp rounds once and frexp and modf take apart', () => {
  const exact = (x: number, n: number): number => {
    const { integer, exponent } = reference.decompose(x);
    // Correctly rounded by the host's conversion of a quotient of integers to text and back.
    const power = exponent + n;
    if (power >= 0) return power > 2100 ? Number(integer) * Infinity : Number(integer << BigInt(power));
    const scaled = (integer * 10n ** 1400n) >> BigInt(Math.min(-power, 6000));
    const sticky = scaled << BigInt(Math.min(-power, 6000)) === integer * 10n ** 1400n ? '' : '1';
    const text = `${scaled < 0n ? -scaled - (sticky ? 1n : 0n) : scaled}`;
    return Number(`${x < 0 || Object.is(x, -0) ? '-' : ''}${text}${sticky}e${-1400 - sticky.length}`);
  };
  const check = (x: number, n: number): void => {
    if (x !== 0) assert.ok(Object.is(numbers.ldexp(x, n), exact(x, n)), `ldexp(${x}, ${n})`);
    const [fraction, exponent] = [numbers.frexpFraction(x), numbers.frexpExponent(x)];
    assert.ok(x === 0 || (Math.abs(fraction) >= 0.5 && Math.abs(fraction) < 1));
    assert.ok(Object.is(numbers.ldexp(fraction, exponent), x));
    assert.ok(Object.is(numbers.modfInteger(x), Math.trunc(x)));
    assert.is(numbers.modfInteger(x) + numbers.modfFraction(x), x);
    assert.is(numbers.isNegative(numbers.modfFraction(x)), numbers.isNegative(x));
  };
  const all = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(all, fc.integer({ min: -2200, max: 2200 }), check), { numRuns: 500 });
  fc.assert(fc.property(all, fc.integer({ min: -60, max: 60 }), check), { numRuns: 300 });
  fc.assert(fc.property(magnitudes(-20, 20), fc.integer({ min: -1080, max: -1000 }), check), { numRuns: 500 });
  for (const n of [2147483647, -2147483648, 1024, -1075]) {
    assert.is(numbers.ldexp(Infinity, n), Infinity);
    assert.is(numbers.ldexp(-0, n), -0);
    assert.ok(Number.isNaN(numbers.ldexp(NaN, n)));
    assert.is(numbers.ldexp(3, n), n > 0 ? Infinity : numbers.ldexp(3, n === -1075 ? n : -3000));
  }
  assert.is(numbers.modfFraction(-Infinity), -0);
});

test.run();
