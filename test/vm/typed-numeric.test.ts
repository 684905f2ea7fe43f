// Numeric instructions of the typed family against the host's WebAssembly: every opcode, edge values and random ones.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findOpcode } from '../../vm/encoding';
import { Trap } from '../../vm/errors';
import { FRAME_PC } from '../../vm/layout';
import type { ValueType } from '../../vm/module';
import { TypedOp } from '../../vm/opcode-numbers';
import { TYPED_OPCODES } from '../../vm/opcodes';
import { DONE, TRAP } from '../../vm/signals';
import { runTyped } from '../../vm/typed-loop';
import { begin, execute, f32Bits, f64Bits, linkModule, registerBits, typedModule } from '../support/typed-program';
import { type Oracle, wasmOracle } from '../support/wasm-oracle';

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  0.3,
  1e10,
  -1e10,
  1e20,
  -1e20,
  1e300,
  5e-324,
  Infinity,
  -Infinity,
];
const LIMITS = [2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 2 ** 63, -(2 ** 63), 2 ** 64];
const NEAR = [2147483646.9, -2147483648.9, 4294967295.9, -0.99, 2 ** 63 - 1024, 2 ** 64 - 2048, 8388609, 2 ** 52 + 1];
const FLOATS = [...NUMBERS, ...LIMITS, ...NEAR, Math.fround(1.1), 3.4e38, 1e-45];

const EDGES: Readonly<Record<ValueType, readonly bigint[]>> = {
  i32: [0, 1, -1, 2, 7, 31, 32, 33, 255, 128, 32768, 65535, 2147483647, -2147483648, -7].map((value) =>
    BigInt.asUintN(32, BigInt(value)),
  ),
  i64: [
    ...[0n, 1n, -1n, 2n, -7n, 31n, 32n, 33n, 63n, 64n, 128n, 32768n, 1n << 31n, 1n << 32n, (1n << 32n) - 1n, 1n << 53n],
    ...[(1n << 53n) + 1n, (1n << 63n) - 1n, -(1n << 63n), 0x123456789abcdefn, (1n << 62n) + (1n << 38n), 10000000000n],
  ].map((value) => BigInt.asUintN(64, value)),
  f32: [...FLOATS.map(f32Bits), 0x7fc00000n, 0xffc00000n, 0x7f800001n, 0xff812345n],
  f64: [...FLOATS.map(f64Bits), 0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff0000000000001n, 0xfff0000012345678n],
};

const CANONICAL = { f32: 0x7fc00000n, f64: 0x7ff8000000000000n };
const BITWISE = /\.(abs|neg|copysign)$/;
const TRAPS: readonly (readonly [RegExp, number])[] = [
  [/divide by zero|remainder by zero/, Trap.INTEGER_DIVIDE_BY_ZERO],
  [/divide result unrepresentable/, Trap.INTEGER_OVERFLOW],
  [/float unrepresentable/, Trap.INVALID_CONVERSION_TO_INTEGER],
];

function isNotANumber(bits: bigint, type: ValueType): boolean {
  return type === 'f32'
    ? (bits & 0x7fffffffn) > 0x7f800000n
    : type === 'f64' && (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n;
}

/** What the machine must give where WebAssembly gives `bits`: NaNs that arithmetic makes are canonical. */
function expected(bits: bigint | string, { result }: Oracle, mnemonic: string): bigint | number {
  if (typeof bits === 'string') return TRAPS.find(([pattern]) => pattern.test(bits))![1];
  return isNotANumber(bits, result) && !BITWISE.test(mnemonic) ? CANONICAL[result as 'f32' | 'f64'] : bits;
}

/** Runs one instruction again and again in one context: R[2] := op R[0], R[1]. The answer is its bits or its trap. */
function machine(mnemonic: string, { operands, result }: Oracle): (...bits: bigint[]) => bigint | number {
  const number = findOpcode('typed', mnemonic)!.number;
  const program = linkModule(
    typedModule(['i64', 'i64'], ['i64'], (code) => {
      code.emit(number, 2, ...operands.map((_, index) => index));
      code.emit(TypedOp.RETURN_VALUE, 2);
    }),
  );
  const context = begin(program);
  const { frame, stack } = context;
  const start = context.i32[frame + FRAME_PC];
  const mask = result === 'i32' || result === 'f32' ? 0xffffffffn : -1n;
  return (...bits) => {
    context.frame = frame;
    context.i32[frame + FRAME_PC] = start;
    context.fuel = 100;
    bits.forEach((value, index) => {
      context.i32[stack + 4 + index * 2] = Number(BigInt.asIntN(32, value));
      context.i32[stack + 5 + index * 2] = Number(BigInt.asIntN(32, value >> 32n));
    });
    const signal = runTyped(context);
    if (signal === TRAP) return context.trap;
    assert.is(signal, DONE);
    return BigInt.asUintN(64, registerBits(context, context.stack) & mask);
  };
}

function compare(mnemonic: string, oracle: Oracle, run: (...bits: bigint[]) => bigint | number, bits: bigint[]): void {
  const wanted = expected(oracle.run(...bits), oracle, mnemonic);
  const found = run(...bits);
  if (found !== wanted)
    assert.is(
      found,
      wanted,
      `${mnemonic} ${bits.map((b) => `0x${b.toString(16)}`)}: 0x${found.toString(16)}, not 0x${wanted.toString(16)}`,
    );
}

function arbitrary(type: ValueType): fc.Arbitrary<bigint> {
  const bits = type === 'i32' || type === 'f32' ? 32 : 64;
  return fc.oneof(fc.constantFrom(...EDGES[type]), fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }));
}

const covered = new Set<string>();
for (const { mnemonic } of TYPED_OPCODES) {
  const oracle = wasmOracle(mnemonic);
  if (oracle === null) continue;
  covered.add(mnemonic);
  test(`${mnemonic} does what WebAssembly does`, () => {
    const run = machine(mnemonic, oracle);
    const [first, second] = oracle.operands;
    for (const left of EDGES[first]) {
      if (second === undefined) compare(mnemonic, oracle, run, [left]);
      else for (const right of EDGES[second]) compare(mnemonic, oracle, run, [left, right]);
    }
    const operands = fc.tuple(...oracle.operands.map(arbitrary));
    fc.assert(
      fc.property(operands, (bits) => compare(mnemonic, oracle, run, bits)),
      { numRuns: 200 },
    );
  });
}

test('all numeric instructions but those with an immediate operand have an oracle', () => {
  const rest = TYPED_OPCODES.map(({ mnemonic }) => mnemonic).filter(
    (mnemonic) => /^[if]\d\d\./.test(mnemonic) && !/\bbr_|_br_|load|store/.test(mnemonic) && !covered.has(mnemonic),
  );
  const names = ['add', 'mul', 'and', 'and_not', 'or', 'xor', 'shl', 'shr_s', 'shr_u'];
  const immediates = names.map((name) => `i32.${name}_imm`);
  const wide = ['add', 'shl', 'shr_s', 'shr_u'].map((name) => `i64.${name}_imm`);
  // Those of two operations are compared with the two in typed-fused.test.ts.
  const fused = ['i32.mul_add', 'i32.shl_add', 'f64.mul_add', 'f64.mul_sub'];
  assert.equal(rest.sort(), ['i32.const', 'i64.const', ...immediates, ...wide, ...fused].sort());
});

for (const name of [
  'i32.add',
  'i32.mul',
  'i32.and',
  'i32.or',
  'i32.xor',
  'i32.shl',
  'i32.shr_s',
  'i32.shr_u',
  'i64.add',
  'i64.shl',
  'i64.shr_s',
  'i64.shr_u',
]) {
  test(`${name}_imm does what ${name} does with a constant`, () => {
    const oracle = wasmOracle(name)!;
    const opcode = findOpcode('typed', `${name}_imm`)!;
    const isSigned = opcode.operands[2].kind === 's8';
    const type = oracle.operands[0];
    const values = isSigned ? [-128, -1, 0, 1, 127] : [0, 1, 31, 32, 33, 63, 64, 127, 128, 255];
    for (const value of values) {
      const program = linkModule(
        typedModule([type], [type], (code) => {
          code.emit(opcode.number, 0, 0, value);
          code.emit(TypedOp.RETURN_VALUE, 0);
        }),
      );
      for (const bits of EDGES[type]) {
        const { results } = execute(program, { args: [bits] });
        const mask = type === 'i32' ? 0xffffffffn : -1n;
        assert.is(BigInt.asUintN(64, results[0] & mask), oracle.run(bits, BigInt(value)), `${name} ${bits} ${value}`);
      }
    }
  });
}

test('constants, moves and select keep all 64 bits, a NaN with a payload too', () => {
  const program = linkModule(
    typedModule(['i64', 'i32'], ['i64', 'i64', 'i64', 'i64', 'i64'], (code) => {
      code.emit(TypedOp.MOVE, 2, 0);
      code.emit(TypedOp.CONST, 3, code.constants.integer(0x12345678, 0x7ff45678));
      code.emit(TypedOp.I64_CONST, 4, -3);
      code.emit(TypedOp.CONST, 5, code.constants.float(-1.5));
      code.emit(TypedOp.MOVE, 6, 3);
      code.emit(TypedOp.SELECT, 6, 0, 1);
      code.emit(TypedOp.RETURN_VALUES, 2, 5);
    }),
  );
  const signalling = 0x7ff0_0000_dead_beefn;
  const constant = 0x7ff45678_12345678n;
  const common = [signalling, constant, BigInt.asUintN(64, -3n), f64Bits(-1.5)];
  assert.equal(execute(program, { args: [signalling, 0n] }).results, [...common, signalling]);
  assert.equal(execute(program, { args: [signalling, 1n] }).results, [...common, constant]);
});

test('i32.const writes the sign-extended immediate', () => {
  for (const value of [-32768, -1, 0, 32767]) {
    const program = linkModule(
      typedModule([], ['i32'], (code) => {
        code.emit(TypedOp.I32_CONST, 0, value);
        code.emit(TypedOp.RETURN_VALUE, 0);
      }),
    );
    assert.is(Number(BigInt.asIntN(32, execute(program).results[0])), value);
  }
});

test.run();
