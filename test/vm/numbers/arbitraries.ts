// What the tests of vm/numbers share: integers and doubles for properties, edge values favoured, and their bits.
import fc from 'fast-check';
import { high } from '../../../vm/numbers/index';

export const low = (value: bigint): number => Number(BigInt.asIntN(32, value));
export const top = (value: bigint): number => Number(BigInt.asIntN(32, value >> 32n));
export const signed = (word: number, highWord = high): bigint => BigInt.asIntN(64, bits(word, highWord));
export const unsigned = (word: number, highWord = high): bigint => BigInt.asUintN(64, bits(word, highWord));

function bits(word: number, highWord: number): bigint {
  return (BigInt(highWord) << 32n) | BigInt(word >>> 0);
}

const powers = [0, 1, 7, 15, 16, 20, 21, 24, 30, 31, 32, 33, 47, 48, 52, 53, 54, 62, 63].map(
  (bit) => 1n << BigInt(bit),
);

/** The signed 64-bit integers where carries, signs and roundings change. */
export const edgeIntegers: bigint[] = [
  ...new Set(
    [0n, 10n, 1000000n, 10n ** 12n, 10n ** 18n, ...powers].flatMap((value) =>
      [value - 1n, value, value + 1n, -value - 1n, -value, -value + 1n].map((near) => BigInt.asIntN(64, near)),
    ),
  ),
];

export const integers: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(...edgeIntegers),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  // Of every width, so that all paths of the division are met.
  fc
    .tuple(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), fc.integer({ min: 0, max: 63 }))
    .map(([value, shift]) => value >> BigInt(shift)),
);

export const edgeDoubles: number[] = [
  0,
  0.25,
  0.5,
  0.75,
  1,
  1.5,
  2,
  2.5,
  3,
  10,
  2 ** 31,
  2 ** 32,
  2 ** 52,
  2 ** 52 + 1,
  2 ** 53,
  2 ** 62,
  2 ** 63,
  2 ** 64,
  2 ** 63 - 1024,
  2 ** 64 - 2048,
  1e22,
  1e23,
  5e-324,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1e-7,
  0.1,
  1.7976931348623157e308,
  0.49999999999999994,
  1.0000000000000002,
  0.9999999999999999,
  3.4028234663852886e38,
  1e-45,
  Infinity,
].flatMap((value) => [value, -value]);

/** All doubles, NaN included, by bits and by kinds. */
export const doubles: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...edgeDoubles, NaN),
  fc.double(),
  fc.double({ min: -1e20, max: 1e20 }),
  fc.double({ min: -100, max: 100 }),
);
