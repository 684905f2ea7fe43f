// Instructions that do the work of two give what the two give, on edge values and at every pair of them, and are one
// instruction to the meter.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionBuilder } from '../../vm/builder';
import { findOpcode } from '../../vm/encoding';
import { Trap } from '../../vm/errors';
import type { ValueType } from '../../vm/module';
import { TypedOp } from '../../vm/opcode-numbers';
import { execute, f64Bits, linkModule, typedModule } from '../support/typed-program';

const WORDS = [0, 1, -1, 5, -5, 7, 255, 65535, 2147483647, -2147483648].map((value) =>
  BigInt.asUintN(64, BigInt(value)),
);
const LONGS = [...WORDS, 1n << 32n, (1n << 32n) + 5n, 1n << 63n, (1n << 63n) - 1n];
const DOUBLES = [0, -0, 1, -1.5, 0.1, 1e300, -1e300, 5e-324, Infinity, -Infinity, NaN].map(f64Bits);
const VALUES: Readonly<Record<string, readonly bigint[]>> = { i32: WORDS, i64: LONGS, f64: DOUBLES };

const op = (mnemonic: string) => findOpcode('typed', mnemonic)!.number;

/** A function of three parameters; `body` leaves its result in R[3]. */
function compile(type: string, result: ValueType, body: (code: FunctionBuilder) => void) {
  const types = [type, type, type] as ValueType[];
  const program = linkModule(
    typedModule(types, [result], (code, module) => {
      module.setMemory(4096, 0);
      code.reserveRegisters(8);
      body(code);
      code.emit(TypedOp.RETURN_VALUE, 3);
    }),
  );
  return (...args: bigint[]) => execute(program, { args });
}

/** 1 where the branch is taken, else 0. */
function taken(code: FunctionBuilder, branch: (target: number) => void): void {
  const target = code.newLabel();
  code.emit(TypedOp.I32_CONST, 3, 1);
  branch(target);
  code.emit(TypedOp.I32_CONST, 3, 0);
  code.bind(target);
}

const low = (bits: bigint) => Number(BigInt.asIntN(32, bits));

const COMPARISONS = {
  i64: ['eq', 'ne', 'lt_s', 'lt_u', 'le_s', 'le_u'],
  f64: ['eq', 'ne', 'lt', 'le'],
};

for (const [type, names] of Object.entries(COMPARISONS)) {
  for (const name of names) {
    test(`${type}.br_${name} branches where ${type}.${name} is true`, () => {
      const separate = compile(type, 'i32', (code) => code.emit(op(`${type}.${name}`), 3, 0, 1));
      const fused = compile(type, 'i32', (code) =>
        taken(code, (target) => code.emitJump(op(`${type}.br_${name}`), target, 0, 1)),
      );
      for (const left of VALUES[type]) {
        for (const right of VALUES[type]) {
          assert.is(
            low(fused(left, right, 0n).results[0]),
            low(separate(left, right, 0n).results[0]),
            `${left} ${right}`,
          );
        }
      }
    });
  }
}

for (const name of ['lt', 'le']) {
  test(`f64.br_n${name} branches where f64.${name} is false, of NaN too`, () => {
    const separate = compile('f64', 'i32', (code) => code.emit(op(`f64.${name}`), 3, 0, 1));
    const fused = compile('f64', 'i32', (code) =>
      taken(code, (target) => code.emitJump(op(`f64.br_n${name}`), target, 0, 1)),
    );
    for (const left of DOUBLES) {
      for (const right of DOUBLES) {
        assert.is(low(fused(left, right, 0n).results[0]), 1 - low(separate(left, right, 0n).results[0]));
      }
    }
  });
}

test('i64.br_if and i64.br_unless look at all 64 bits', () => {
  const isSet = compile('i64', 'i32', (code) => taken(code, (target) => code.emitJump(TypedOp.I64_BR_IF, target, 0)));
  const isClear = compile('i64', 'i32', (code) =>
    taken(code, (target) => code.emitJump(TypedOp.I64_BR_UNLESS, target, 0)),
  );
  for (const value of LONGS) {
    assert.is(low(isSet(value, 0n, 0n).results[0]), value === 0n ? 0 : 1);
    assert.is(low(isClear(value, 0n, 0n).results[0]), value === 0n ? 1 : 0);
  }
});

test('i32.br_any_imm and i32.br_none_imm test bits', () => {
  for (const mask of [0, 1, 4, 255, 65535]) {
    const any = compile('i32', 'i32', (code) =>
      taken(code, (target) => code.emitJump(TypedOp.I32_BR_ANY_IMM, target, 0, mask)),
    );
    const none = compile('i32', 'i32', (code) =>
      taken(code, (target) => code.emitJump(TypedOp.I32_BR_NONE_IMM, target, 0, mask)),
    );
    for (const value of WORDS) {
      const isAny = (low(value) & mask) !== 0 ? 1 : 0;
      assert.is(low(any(value, 0n, 0n).results[0]), isAny, `${value} & ${mask}`);
      assert.is(low(none(value, 0n, 0n).results[0]), 1 - isAny, `${value} & ${mask}`);
    }
  }
});

const RELATIONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  lt_s: (left, right) => left < right,
  le_s: (left, right) => left <= right,
  gt_s: (left, right) => left > right,
  ge_s: (left, right) => left >= right,
  lt_u: (left, right) => left >>> 0 < right >>> 0,
};

/** Steps R[0], and puts 2 * the counter and whether it jumped into R[3]. */
function stepping(jump: (code: FunctionBuilder, target: number) => void) {
  return compile('i32', 'i32', (code) => {
    taken(code, (target) => jump(code, target));
    code.emit(TypedOp.I32_SHL_IMM, 4, 0, 1);
    code.emit(TypedOp.I32_ADD, 3, 3, 4);
  });
}

for (const [name, isTaken] of Object.entries(RELATIONS)) {
  test(`i32.add_imm_br_${name} counts, wrapping, and then compares`, () => {
    for (const step of [1, -1, 127, -128]) {
      const run = stepping((code, target) => code.emitJump(op(`i32.add_imm_br_${name}`), target, 0, step, 1));
      for (const start of WORDS) {
        for (const bound of WORDS) {
          const counter = (low(start) + step) | 0;
          const wanted = ((counter << 1) + (isTaken(counter, low(bound)) ? 1 : 0)) | 0;
          assert.is(low(run(start, bound, 0n).results[0]), wanted, `${start} ${bound}`);
        }
      }
    }
  });
}

for (const name of ['lt_s', 'le_s']) {
  test(`i32.add_br_${name} steps by a register`, () => {
    const run = stepping((code, target) => code.emitJump(op(`i32.add_br_${name}`), target, 0, 1, 2));
    for (const start of WORDS) {
      for (const step of WORDS) {
        for (const bound of WORDS) {
          const counter = (low(start) + low(step)) | 0;
          const wanted = ((counter << 1) + (RELATIONS[name](counter, low(bound)) ? 1 : 0)) | 0;
          assert.is(low(run(start, step, bound).results[0]), wanted, `${start} ${step} ${bound}`);
        }
      }
    }
  });
}

const PAIRS: readonly { type: ValueType; name: string; first: string; second: string; isSwapped?: boolean }[] = [
  { type: 'i32', name: 'i32.mul_add', first: 'i32.mul', second: 'i32.add' },
  { type: 'f64', name: 'f64.mul_add', first: 'f64.mul', second: 'f64.add' },
  { type: 'f64', name: 'f64.mul_sub', first: 'f64.mul', second: 'f64.sub' },
];

for (const { type, name, first, second } of PAIRS) {
  test(`${name} gives what ${first} and ${second} give`, () => {
    const separate = compile(type, type, (code) => {
      code.emit(op(first), 4, 0, 1);
      code.emit(op(second), 3, 2, 4);
    });
    const fused = compile(type, type, (code) => code.emit(op(name), 3, 0, 1, 2));
    const mask = type === 'i32' ? 0xffffffffn : -1n;
    for (const a of VALUES[type]) {
      for (const b of VALUES[type]) {
        for (const c of VALUES[type]) {
          const wanted = separate(a, b, c);
          const found = fused(a, b, c);
          assert.is(found.results[0] & mask, wanted.results[0] & mask, `${a} ${b} ${c}`);
          assert.is(found.instructions, wanted.instructions - 1);
        }
      }
    }
  });
}

test('i32.shl_add shifts by its distance modulo 32', () => {
  for (const distance of [0, 1, 3, 31, 32, 35]) {
    const run = compile('i32', 'i32', (code) => code.emit(TypedOp.I32_SHL_ADD, 3, 0, 1, distance));
    for (const a of WORDS) {
      for (const b of WORDS) {
        assert.is(low(run(a, b, 0n).results[0]), ((low(a) << (distance & 31)) + low(b)) | 0);
      }
    }
  }
});

test('i32.and_not_imm clears bits', () => {
  for (const mask of [0, 1, 7, 255]) {
    const run = compile('i32', 'i32', (code) => code.emit(TypedOp.I32_AND_NOT_IMM, 3, 0, mask));
    for (const value of WORDS) assert.is(low(run(value, 0n, 0n).results[0]), low(value) & ~mask);
  }
});

for (const name of [
  'i32.load',
  'i32.load8_s',
  'i32.load8_u',
  'i32.load_indexed',
  'i32.load8_s_indexed',
  'i32.load8_u_indexed',
]) {
  for (const branch of ['br_if', 'br_unless']) {
    test(`${name}_${branch} loads, traps and branches as ${name} and ${branch} do`, () => {
      // R[0] + 3, or R[0] + R[2] (* 4); around an address with some bytes that are 0.
      const second = name.endsWith('_indexed') ? 2 : 3;
      const jump = (code: FunctionBuilder, emit: (target: number) => void) => {
        code.emit(TypedOp.I32_CONST, 4, 2000);
        code.emit(TypedOp.I32_CONST, 5, -32767);
        code.emit(TypedOp.I32_STORE, 5, 4, 0);
        code.emit(TypedOp.I32_STORE8, 5, 4, 6);
        taken(code, emit);
        code.emit(TypedOp.I32_SHL_IMM, 6, 6, 1);
        code.emit(TypedOp.I32_ADD, 3, 3, 6);
      };
      const separate = compile('i32', 'i32', (code) =>
        jump(code, (target) => {
          code.emit(op(name), 6, 0, second);
          code.emitJump(op(branch), target, 6);
        }),
      );
      const fused = compile('i32', 'i32', (code) =>
        jump(code, (target) => code.emitJump(op(`${name}_${branch}`), target, 6, 0, second)),
      );
      for (const address of [
        0,
        1020,
        1021,
        1024,
        ...Array.from({ length: 16 }, (_, index) => 1990 + index),
        4092,
        4095,
        4096,
        -1,
      ]) {
        const args = [BigInt.asUintN(32, BigInt(address)), 0n, 1n] as const;
        const wanted = separate(...args);
        const found = fused(...args);
        assert.is(found.trap, wanted.trap, `${address}`);
        assert.equal(found.results.map(low), wanted.results.map(low), `${address}`);
        assert.is(found.instructions, wanted.instructions - (wanted.trap < 0 ? 1 : 0));
      }
    });
  }
}

test('static accesses reach words by their number, inside the memory alone', () => {
  const run = compile('i32', 'i32', (code) => {
    code.emit(TypedOp.I32_STORE_STATIC, 0, 1000);
    code.emit(TypedOp.I32_CONST, 4, 4000);
    code.emit(TypedOp.I32_LOAD, 5, 4, 0);
    code.emit(TypedOp.I32_LOAD_STATIC, 3, 1000);
    code.emit(TypedOp.I32_ADD, 3, 3, 5);
  });
  assert.is(low(run(21n, 0n, 0n).results[0]), 42);
  for (const word of [0, 255, 1024, 65535]) {
    const load = compile('i32', 'i32', (code) => code.emit(TypedOp.I32_LOAD_STATIC, 3, word));
    const store = compile('i32', 'i32', (code) => code.emit(TypedOp.I32_STORE_STATIC, 3, word));
    assert.is(load(0n, 0n, 0n).trap, Trap.MEMORY_OUT_OF_BOUNDS, `${word}`);
    assert.is(store(0n, 0n, 0n).trap, Trap.MEMORY_OUT_OF_BOUNDS, `${word}`);
  }
});

test.run();
