import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as numbers from '../../../vm/numbers/index';
import { doubles, edgeDoubles, edgeIntegers, integers, low, signed, top, unsigned } from './arbitraries';

type Binary = (aLow: number, aHigh: number, bLow: number, bHigh: number) => number;
const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const magnitude = (value: bigint): bigint => BigInt.asUintN(64, value);

function floorDivide(a: bigint, b: bigint): bigint {
  return a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
}

/** Checks `operation` against `expected` on all pairs of edge values and on random pairs. */
function agrees(operation: Binary, expected: (a: bigint, b: bigint) => bigint, allowsZero: boolean): void {
  const check = (a: bigint, b: bigint): void => {
    if (b === 0n && !allowsZero) return;
    const result = signed(operation(low(a), top(a), low(b), top(b)));
    if (result !== wrap(expected(a, b))) assert.unreachable(`${operation.name}(${a}, ${b}) gave ${result}`);
  };
  for (const a of edgeIntegers) for (const b of edgeIntegers) check(a, b);
  fc.assert(fc.property(integers, integers, check), { numRuns: 2000 });
}

const binary: [Binary, (a: bigint, b: bigint) => bigint, boolean][] = [
  [numbers.add, (a, b) => a + b, true],
  [numbers.subtract, (a, b) => a - b, true],
  [numbers.multiply, (a, b) => a * b, true],
  [numbers.divideSigned, (a, b) => a / b, false],
  [numbers.divideUnsigned, (a, b) => magnitude(a) / magnitude(b), false],
  [numbers.remainderSigned, (a, b) => a % b, false],
  [numbers.remainderUnsigned, (a, b) => magnitude(a) % magnitude(b), false],
  [numbers.floorDivide, floorDivide, false],
  [numbers.floorModulo, (a, b) => a - b * floorDivide(a, b), false],
  [numbers.shiftLeftUnbounded, (a, b) => shiftUnbounded(a, b), true],
  [numbers.shiftRightUnbounded, (a, b) => shiftUnbounded(a, -b), true],
];

function shiftUnbounded(a: bigint, count: bigint): bigint {
  if (count <= -64n || count >= 64n) return 0n;
  return count < 0n ? magnitude(a) >> -count : a << count;
}

for (const [operation, expected, allowsZero] of binary) {
  test(`${operation.name} agrees with BigInt`, () => agrees(operation, expected, allowsZero));
}

const shifts: [(aLow: number, aHigh: number, count: number) => number, (a: bigint, count: bigint) => bigint][] = [
  [numbers.shiftLeft, (a, count) => a << count],
  [numbers.shiftRightSigned, (a, count) => a >> count],
  [numbers.shiftRightUnsigned, (a, count) => magnitude(a) >> count],
  [numbers.rotateLeft, (a, count) => (a << count) | (magnitude(a) >> (64n - count))],
  [numbers.rotateRight, (a, count) => (magnitude(a) >> count) | (a << (64n - count))],
];

for (const [operation, expected] of shifts) {
  test(`${operation.name} agrees with BigInt, its count modulo 64`, () => {
    for (const a of edgeIntegers) {
      for (let count = -65; count < 130; count++) {
        const result = signed(operation(low(a), top(a), count));
        assert.is(result, wrap(expected(a, BigInt(count & 63))), `${a} by ${count}`);
      }
    }
  });
}

test('negation and the counts of bits agree with BigInt', () => {
  fc.assert(
    fc.property(integers, (a) => {
      const text = magnitude(a).toString(2).padStart(64, '0');
      const word = text.slice(32);
      assert.is(signed(numbers.negate(low(a), top(a))), wrap(-a));
      assert.is(numbers.countLeadingZeros(low(a), top(a)), `${text}1`.indexOf('1'));
      assert.is(numbers.countTrailingZeros(low(a), top(a)), a === 0n ? 64 : 63 - text.lastIndexOf('1'));
      assert.is(numbers.countOnes(low(a), top(a)), text.replaceAll('0', '').length);
      assert.is(numbers.countOnesOfWord(low(a)), word.replaceAll('0', '').length);
      assert.is(numbers.countTrailingZerosOfWord(low(a)), low(a) === 0 ? 32 : 31 - word.lastIndexOf('1'));
    }),
    { examples: edgeIntegers.map((a): [bigint] => [a]), numRuns: 1000 },
  );
});

test('comparisons agree with BigInt', () => {
  const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
  const check = (a: bigint, b: bigint): void => {
    const [aLow, aHigh, bLow, bHigh] = [low(a), top(a), low(b), top(b)];
    assert.is(numbers.compareSigned(aLow, aHigh, bLow, bHigh), order(a, b));
    assert.is(numbers.isLessSigned(aLow, aHigh, bLow, bHigh), a < b);
    assert.is(numbers.compareUnsigned(aLow, aHigh, bLow, bHigh), order(magnitude(a), magnitude(b)));
    assert.is(numbers.isLessUnsigned(aLow, aHigh, bLow, bHigh), magnitude(a) < magnitude(b));
    assert.is(numbers.divisionOverflows(aLow, aHigh, bLow, bHigh), a === -(1n << 63n) && b === -1n);
  };
  for (const a of edgeIntegers) for (const b of edgeIntegers) check(a, b);
  fc.assert(fc.property(integers, integers, check));
});

/** The nearest value with `precision` bits, ties to even, by integers alone. */
function rounded(value: bigint, precision: number): number {
  const absolute = value < 0n ? -value : value;
  const excess = BigInt(Math.max(0, absolute.toString(2).length - precision));
  const half = excess === 0n ? 0n : 1n << (excess - 1n);
  const rest = absolute & ((1n << excess) - 1n);
  let kept = absolute >> excess;
  if (excess > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept++;
  return Number(value < 0n ? -(kept << excess) : kept << excess);
}

test('conversions to double and float32 round once, to nearest even', () => {
  const check = (a: bigint): void => {
    assert.is(numbers.toDouble(low(a), top(a)), rounded(a, 53));
    assert.is(numbers.toDoubleUnsigned(low(a), top(a)), rounded(magnitude(a), 53));
    assert.is(numbers.toFloat(low(a), top(a)), rounded(a, 24));
    assert.is(numbers.toFloatUnsigned(low(a), top(a)), rounded(magnitude(a), 24));
  };
  edgeIntegers.forEach(check);
  // Around the halfway points of float32 and double, where rounding twice goes wrong.
  for (let bit = 54n; bit < 64n; bit++) {
    for (const half of [1n << (bit - 24n), 1n << (bit - 53n)]) {
      for (const delta of [-1n, 0n, 1n]) {
        check(wrap((1n << bit) + half + delta));
        check(wrap((1n << bit) + 3n * half + delta));
        check(wrap(-((1n << bit) + half + delta)));
      }
    }
  }
  fc.assert(fc.property(integers, check), { numRuns: 5000 });
});

test('conversions from double truncate, check, saturate and convert exactly', () => {
  const check = (value: number): void => {
    const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
    const fitsSigned = whole !== undefined && BigInt.asIntN(64, whole) === whole;
    const fitsUnsigned = whole !== undefined && BigInt.asUintN(64, whole) === whole;
    assert.is(numbers.truncatesToSigned(value), fitsSigned);
    assert.is(numbers.truncatesToUnsigned(value), fitsUnsigned);
    assert.is(numbers.isExactInteger(value), fitsSigned && Number.isInteger(value));
    if (fitsSigned) assert.is(signed(numbers.fromDouble(value)), whole);
    if (fitsUnsigned) assert.is(unsigned(numbers.fromDouble(value)), whole);
    const limit = value > 0 ? (1n << 63n) - 1n : value < 0 ? -(1n << 63n) : 0n;
    assert.is(signed(numbers.fromDoubleSaturating(value)), fitsSigned ? whole : limit);
    assert.is(
      unsigned(numbers.fromDoubleSaturatingUnsigned(value)),
      fitsUnsigned ? whole : value > 0 ? (1n << 64n) - 1n : 0n,
    );
  };
  [...edgeDoubles, NaN].forEach(check);
  fc.assert(fc.property(doubles, check), { numRuns: 2000 });
});

test('an integer compares with a double as real numbers', () => {
  const check = (a: bigint, value: number): void => {
    if (Number.isNaN(value)) return;
    assert.is(numbers.compareWithDouble(low(a), top(a), value), a < value ? -1 : a > value ? 1 : 0, `${a} ${value}`);
  };
  for (const a of edgeIntegers) for (const value of edgeDoubles) check(a, value);
  fc.assert(fc.property(integers, doubles, check), { numRuns: 2000 });
});

test('integers are written in bases 8, 10 and 16', () => {
  const bytes = new Uint8Array(40);
  const written = (length: number): string => numbers.bytesToString(bytes, length);
  const check = (a: bigint): void => {
    assert.is(numbers.signedToString(low(a), top(a)), String(a));
    assert.is(numbers.unsignedToString(low(a), top(a)), String(magnitude(a)));
    assert.is(written(numbers.writeBits(bytes, 0, low(a), top(a), 16, false)), magnitude(a).toString(16));
    assert.is(written(numbers.writeBits(bytes, 0, low(a), top(a), 16, true)), magnitude(a).toString(16).toUpperCase());
    assert.is(written(numbers.writeBits(bytes, 0, low(a), top(a), 8, false)), magnitude(a).toString(8));
  };
  edgeIntegers.forEach(check);
  for (let power = 1n; power < 1n << 64n; power *= 10n) [power - 1n, power, power + 1n].map(wrap).forEach(check);
  fc.assert(fc.property(integers, check), { numRuns: 1000 });
});

test('digits parse modulo 2^64 and tell overflow', () => {
  const check = (value: bigint, base: number): void => {
    const bytes = new TextEncoder().encode(value.toString(base));
    assert.is(unsigned(numbers.parseDigits(bytes, 0, bytes.length, base)), BigInt.asUintN(64, value));
    assert.is(numbers.overflowed, value >= 1n << 64n);
  };
  for (const base of [2, 8, 10, 16, 36]) {
    for (const edge of edgeIntegers) check(magnitude(edge), base);
    check((1n << 64n) - 1n, base);
    check(1n << 64n, base);
  }
  const values = fc.bigInt({ min: 0n, max: 1n << 80n });
  fc.assert(fc.property(values, fc.integer({ min: 2, max: 36 }), check), { numRuns: 1000 });
});

test.run();
