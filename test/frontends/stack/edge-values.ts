// Values at which arithmetic goes wrong, as bits.
import type { ValueType } from '../../../vm/index';
import type { Words } from './wasm-module';

interface Values {
  readonly all: readonly Words[];
  /** A few that fit immediates, just so and just not, for code with constants. */
  readonly constants: readonly Words[];
}

const INTEGERS = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  -7n,
  31n,
  32n,
  33n,
  63n,
  64n,
  0x7fn,
  0x80n,
  0xffn,
  0x8000n,
  0xffffn,
  0x12345678n,
  0x7fffffffn,
  -0x80000000n,
  -0x7fffffffn,
  0x87654321n,
];
const LONG_INTEGERS = [
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x123456789abcdef0n,
  -0x123456789abcdef0n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 62n + 2n ** 37n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -(2n ** 63n) + 1n,
];
const CONSTANTS = [
  0n,
  1n,
  -1n,
  2n,
  4n,
  8n,
  31n,
  64n,
  127n,
  128n,
  -128n,
  -129n,
  255n,
  256n,
  32767n,
  32768n,
  -32768n,
  -32769n,
];
const LONG_CONSTANTS = [2n ** 31n - 1n, -(2n ** 31n)];

const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  0.1,
  -0.9999999,
  0.99999994,
  3e-5,
  1e10,
  -1e10,
  16777217,
  8388609.5,
  2147483648,
  2147483520,
  -2147483648,
  -2147483904,
  4294967295,
  4294967296,
  4294967040,
  2 ** 53,
  2 ** 63,
  2 ** 63 - 2 ** 39,
  -(2 ** 63),
  -(2 ** 63) - 2 ** 40,
  2 ** 64,
  2 ** 64 - 2 ** 40,
  Infinity,
  -Infinity,
  1.401298464324817e-45,
  1.1754942106924411e-38,
  3.4028234663852886e38,
];
const DOUBLES = [
  2147483647,
  2147483647.5,
  -2147483648.5,
  -2147483649,
  4294967295.5,
  2 ** 52 + 1,
  5e-324,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  1.0000000596046448,
  3.4028235677973366e38,
  0.49999999999999994,
  2 ** 63 - 1024,
  1e-46,
];
const FLOAT_CONSTANTS = [0, -0, 1, 2.5, -1e10, Infinity];

export const EDGE_VALUES: Readonly<Record<ValueType, Values>> = {
  i32: { all: INTEGERS.map(integer32), constants: [...CONSTANTS, ...LONG_CONSTANTS].map(integer32) },
  i64: {
    all: [...INTEGERS, ...LONG_INTEGERS].map(integer64),
    constants: [...CONSTANTS, ...LONG_CONSTANTS].map(integer64),
  },
  f32: {
    all: [...FLOATS.map(single), [0x7fc00000, 0], [0x7fa00001, 0], [-1, 0], [-0x7fffff, 0]],
    constants: FLOAT_CONSTANTS.map(single),
  },
  f64: {
    all: [...FLOATS, ...DOUBLES].map(double).concat([
      [0, 0x7ff80000],
      [1, 0x7ff40000],
      [-1, -1],
      [1, -0x100000],
    ]),
    constants: FLOAT_CONSTANTS.map(double),
  },
};

/** A constant as sm writes it. */
export function literalOf([low, high]: Words, type: ValueType): string {
  if (type === 'i32') return `${low}`;
  if (type === 'i64') return `${(BigInt(high) << 32n) | BigInt(low >>> 0)}`;
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, type === 'f32' ? low : high);
  view.setInt32(4, low);
  const value = type === 'f32' ? view.getFloat32(0) : view.getFloat64(0);
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Object.is(value, -0) ? '-0.0' : value.toFixed(1);
}

function integer32(value: bigint): Words {
  return [Number(BigInt.asIntN(32, value)), 0];
}

function integer64(value: bigint): Words {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}

function single(value: number): Words {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getInt32(0), 0];
}

function double(value: number): Words {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return [view.getInt32(4), view.getInt32(0)];
}
