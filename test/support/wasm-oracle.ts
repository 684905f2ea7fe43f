// The host's own WebAssembly as an oracle for numeric instructions: one function an instruction, operands and result as
// integers of their bits.
import type { ValueType } from '../../vm/module';

const UNARY_AND_TESTS = 0x45;
/** The numeric instructions from 0x45 on, in WebAssembly's order. */
const NAMES = [
  ...integerTests('i32'),
  ...integerTests('i64'),
  ...floatTests('f32'),
  ...floatTests('f64'),
  ...integerOperations('i32'),
  ...integerOperations('i64'),
  ...floatOperations('f32'),
  ...floatOperations('f64'),
  ...words('i32', 'wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u'),
  ...words('i64', 'extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u'),
  ...words('f32', 'convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64'),
  ...words('f64', 'convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32'),
  ...['i32.reinterpret_f32', 'i64.reinterpret_f64', 'f32.reinterpret_i32', 'f64.reinterpret_i64'],
  ...['i32.extend8_s', 'i32.extend16_s', 'i64.extend8_s', 'i64.extend16_s', 'i64.extend32_s'],
];
const SATURATING = ['i32', 'i64'].flatMap((type) =>
  words(type, 'trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u'),
);

function words(type: string, names: string): string[] {
  return names.split(' ').map((name) => `${type}.${name}`);
}

function integerTests(type: string): string[] {
  return words(type, 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u');
}

function floatTests(type: string): string[] {
  return words(type, 'eq ne lt gt le ge');
}

function integerOperations(type: string): string[] {
  return words(type, 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr');
}

function floatOperations(type: string): string[] {
  return words(type, 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign');
}

export interface Oracle {
  readonly operands: readonly ValueType[];
  readonly result: ValueType;
  /** The result's bits, or the trap's message. */
  readonly run: (...operands: bigint[]) => bigint | string;
}

const UNARY = /\.(eqz|clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|.*_.*)$/;
const BINARY_WITH_SIGN = /\.(lt|le|gt|ge|div|rem|shr)_[su]$/;
const TYPE_BYTES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

/** The oracle for an instruction by its mnemonic, or null when WebAssembly has none of that name. */
export function wasmOracle(mnemonic: string): Oracle | null {
  const code = instructionBytes(mnemonic);
  if (code === null) return null;
  const own = mnemonic.slice(0, 3) as ValueType;
  const isUnary = UNARY.test(mnemonic) && !BINARY_WITH_SIGN.test(mnemonic);
  const source = (/_([if]\d\d)/.exec(mnemonic)?.[1] ?? own) as ValueType;
  const operands = isUnary ? [source] : [own, own];
  const isTest = /\.(eqz|eq|ne|lt|le)(_[su])?$/.test(mnemonic);
  const result = isTest ? 'i32' : own;
  const call = instantiate(operands, result, code);
  return {
    operands,
    result,
    run: (...bits) => trapOr(() => toBits(call(...bits.map((b, i) => fromBits(b, operands[i]))))),
  };
}

function trapOr(call: () => bigint): bigint | string {
  try {
    return call();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return error.message;
    throw error;
  }
}

function instructionBytes(mnemonic: string): number[] | null {
  const plain = NAMES.indexOf(mnemonic);
  if (plain >= 0) return [UNARY_AND_TESTS + plain];
  const saturating = SATURATING.indexOf(mnemonic);
  return saturating >= 0 ? [0xfc, saturating] : null;
}

function isWide(type: ValueType): boolean {
  return type === 'i64' || type === 'f64';
}

function fromBits(bits: bigint, type: ValueType): number | bigint {
  return isWide(type) ? BigInt.asIntN(64, bits) : Number(BigInt.asIntN(32, bits));
}

function toBits(value: number | bigint): bigint {
  return typeof value === 'bigint' ? BigInt.asUintN(64, value) : BigInt(value >>> 0);
}

type Call = (...operands: (number | bigint)[]) => number | bigint;

/** A module with one function: floats cross as integers of their bits, so that no NaN loses any. */
function instantiate(operands: readonly ValueType[], result: ValueType, code: readonly number[]): Call {
  const integer = (type: ValueType) => TYPE_BYTES[isWide(type) ? 'i64' : 'i32'];
  const loads = operands.flatMap((type, index) => [
    ...[0x20, index],
    ...(type === 'f32' ? [0xbe] : type === 'f64' ? [0xbf] : []),
  ]);
  const store = result === 'f32' ? [0xbc] : result === 'f64' ? [0xbd] : [];
  const body = [0, ...loads, ...code, ...store, 0x0b];
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, operands.length, ...operands.map(integer), 1, integer(result)]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  return instance.exports.f as Call;
}

function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}
