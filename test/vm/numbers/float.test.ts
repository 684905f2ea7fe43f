import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as numbers from '../../../vm/numbers/index';
import { doubles, edgeDoubles } from './arbitraries';

const all = [...edgeDoubles, NaN];
const view = new DataView(new ArrayBuffer(8));
const same = (actual: number, expected: number, what: string): void =>
  assert.ok(Object.is(actual, expected), `${what}: ${actual} instead of ${expected}`);

test('minimum and maximum know NaN and the order of zeros', () => {
  for (const a of all) {
    for (const b of all) {
      same(numbers.minimum(a, b), Math.min(a, b), `minimum(${a}, ${b})`);
      same(numbers.maximum(a, b), Math.max(a, b), `maximum(${a}, ${b})`);
    }
  }
});

test('nearest takes ties to even, roundAway takes them away from zero, both keep the sign of zero', () => {
  const nearest = (value: number): number => {
    const floor = Math.floor(value);
    const rest = value - floor;
    if (!Number.isFinite(value) || rest === 0) return value;
    const chosen = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
    return value < 0 && chosen === 0 ? -0 : chosen;
  };
  const check = (value: number): void => {
    same(numbers.nearest(value), nearest(value), `nearest(${value})`);
    const away = Math.floor(Math.abs(value)) + (Math.abs(value) % 1 >= 0.5 ? 1 : 0);
    same(numbers.roundAway(value), numbers.isNegative(value) ? -away : away, `roundAway(${value})`);
  };
  all.forEach(check);
  fc.assert(fc.property(doubles, check), { numRuns: 2000 });
});

test('copySign takes the sign of zeros and counts NaN as positive', () => {
  for (const a of all) {
    for (const b of all) {
      const expected = Object.is(b, -0) || b < 0 ? -Math.abs(a) : Math.abs(a);
      same(numbers.copySign(a, b), expected, `copySign(${a}, ${b})`);
    }
  }
});

test('bits of floats round trip, and every NaN shows the canonical bits', () => {
  const words = new Int32Array(4);
  const check = (value: number): void => {
    view.setFloat64(0, value);
    const low = numbers.doubleToBits(value);
    const expected = Number.isNaN(value) ? [0, 0x7ff80000] : [view.getInt32(4), view.getInt32(0)];
    assert.equal([low, numbers.high], expected);
    same(numbers.bitsToDouble(low, numbers.high), value, 'round trip');
    numbers.storeDouble(words, 1, value);
    assert.equal([...words], [0, expected[0], expected[1], 0]);
    view.setFloat32(0, value);
    assert.is(numbers.floatToBits(value), Number.isNaN(value) ? 0x7fc00000 : view.getInt32(0));
    same(numbers.bitsToFloat(numbers.floatToBits(value)), Math.fround(value), 'round trip of float32');
  };
  all.forEach(check);
  check(numbers.bitsToDouble(1, -1));
  check(numbers.bitsToFloat(-1));
  fc.assert(fc.property(doubles, check));
});

test('words rotate, their counts modulo 32', () => {
  const rotate = (word: bigint, count: bigint): number =>
    Number(BigInt.asIntN(32, (word << count) | (word >> (32n - count))));
  for (const word of [0, 1, -1, 0x12345678, -0x80000000, 0x7fffffff]) {
    for (let count = -33; count < 66; count++) {
      assert.is(numbers.rotateWordLeft(word, count), rotate(BigInt(word >>> 0), BigInt(count & 31)));
      assert.is(numbers.rotateWordRight(word, count), rotate(BigInt(word >>> 0), BigInt(-count & 31)));
    }
  }
});

test.run();
