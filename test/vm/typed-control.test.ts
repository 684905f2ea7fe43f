// Control flow of typed code: branches, calls, returns, traps, syscalls, intrinsics, and frame records that are corrupt.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findOpcode } from '../../vm/encoding';
import { Trap } from '../../vm/errors';
import { FRAME_BASE, FRAME_FUNCTION, FRAME_PC, FRAME_SIZE, THREAD_FRAMES } from '../../vm/layout';
import { MAXIMUM_FRAMES, MAXIMUM_STACK_WORDS } from '../../vm/limits';
import type { Module } from '../../vm/module';
import { TypedOp } from '../../vm/opcode-numbers';
import { FUNCTION_START, type Intrinsic } from '../../vm/program';
import { DONE, FUEL, NEXT, SYSCALL, TRAP } from '../../vm/signals';
import { begin, execute, finish, linkModule, typedModule } from '../support/typed-program';

const low = (bits: bigint) => Number(BigInt.asIntN(32, bits));

const VALUES = [0, 1, -1, 5, -5, 100, 0x7fffffff, -0x80000000, -0x7fffffff];
const BRANCHES: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  'i32.br_eq': (left, right) => left === right,
  'i32.br_ne': (left, right) => left !== right,
  'i32.br_lt_s': (left, right) => left < right,
  'i32.br_lt_u': (left, right) => left >>> 0 < right >>> 0,
  'i32.br_le_s': (left, right) => left <= right,
  'i32.br_le_u': (left, right) => left >>> 0 <= right >>> 0,
  'i32.br_eq_imm': (left, right) => left === right,
  'i32.br_ne_imm': (left, right) => left !== right,
  'i32.br_lt_s_imm': (left, right) => left < right,
  'i32.br_ge_s_imm': (left, right) => left >= right,
  'i32.br_lt_u_imm': (left, right) => left >>> 0 < right >>> 0,
  'i32.br_ge_u_imm': (left, right) => left >>> 0 >= right >>> 0,
};

for (const [name, isTaken] of Object.entries(BRANCHES)) {
  test(`${name} branches exactly when it should`, () => {
    const { number } = findOpcode('typed', name)!;
    const isImmediate = name.endsWith('_imm');
    for (const right of isImmediate ? [0, 1, -1, 5, -5, 32767, -32768] : VALUES) {
      const program = linkModule(
        typedModule(['i32', 'i32'], ['i32'], (code) => {
          const target = code.newLabel();
          code.emitJump(number, target, 0, isImmediate ? right : 1);
          code.emit(TypedOp.I32_CONST, 0, 0);
          code.emit(TypedOp.RETURN_VALUE, 0);
          code.bind(target);
          code.emit(TypedOp.I32_CONST, 0, 1);
          code.emit(TypedOp.RETURN_VALUE, 0);
        }),
      );
      for (const left of VALUES) {
        const { results } = execute(program, { args: [BigInt(left), BigInt(right)] });
        assert.is(low(results[0]), isTaken(left, right) ? 1 : 0, `${left} ${right}`);
      }
    }
  });
}

test('br_if and br_unless look at the low 32 bits only', () => {
  const program = linkModule(
    typedModule(['i64'], ['i32', 'i32'], (code) => {
      for (const [register, op] of [
        [1, TypedOp.BR_IF],
        [2, TypedOp.BR_UNLESS],
      ]) {
        const target = code.newLabel();
        code.emit(TypedOp.I32_CONST, register, 1);
        code.emitJump(op, target, 0);
        code.emit(TypedOp.I32_CONST, register, 0);
        code.bind(target);
      }
      code.emit(TypedOp.RETURN_VALUES, 1, 2);
    }),
  );
  assert.equal(execute(program, { args: [0xffffffff00000000n] }).results.map(low), [0, 1]);
  assert.equal(execute(program, { args: [1n] }).results.map(low), [1, 0]);
});

test('br_table takes its last target for every index that is too large', () => {
  const program = linkModule(
    typedModule(['i32'], ['i32'], (code) => {
      const targets = [0, 1, 2].map(() => code.newLabel());
      code.emitTable(TypedOp.BR_TABLE, 0, targets);
      targets.forEach((target, index) => {
        code.bind(target);
        code.emit(TypedOp.I32_CONST, 0, index + 10);
        code.emit(TypedOp.RETURN_VALUE, 0);
      });
    }),
  );
  for (const [index, wanted] of [
    [0, 10],
    [1, 11],
    [2, 12],
    [3, 12],
    [-1, 12],
    [-0x80000000, 12],
  ]) {
    assert.is(low(execute(program, { args: [BigInt(index)] }).results[0]), wanted);
  }
});

function fibonacci(): Module {
  return typedModule(['i32'], ['i32'], (code) => {
    const recurse = code.newLabel();
    code.emitJump(TypedOp.I32_BR_GE_S_IMM, recurse, 0, 2);
    code.emit(TypedOp.RETURN_VALUE, 0);
    code.bind(recurse);
    code.emit(TypedOp.I32_ADD_IMM, 1, 0, -1);
    code.emit(TypedOp.CALL, 1, code.index);
    code.emit(TypedOp.I32_ADD_IMM, 2, 0, -2);
    code.emit(TypedOp.CALL, 2, code.index);
    code.emit(TypedOp.I32_ADD, 0, 1, 2);
    code.emit(TypedOp.RETURN_VALUE, 0);
  });
}

test('calls itself, in any slices with the same count', () => {
  const program = linkModule(fibonacci());
  const whole = execute(program, { args: [15n] });
  assert.is(low(whole.results[0]), 610);
  for (const slice of [1, 2, 3, 7, 100]) {
    const { results, instructions } = execute(program, { args: [15n], slice });
    assert.is(low(results[0]), 610);
    assert.is(instructions, whole.instructions);
  }
});

test('returns several results in order', () => {
  const program = linkModule(
    typedModule(['i64', 'i64'], ['i64', 'i64', 'i64'], (code, module) => {
      const inner = module.addFunction({
        family: 'typed',
        name: 'inner',
        signature: { params: ['i64', 'i64'], results: ['i64', 'i64', 'i64'] },
      });
      inner.emit(TypedOp.I64_ADD, 4, 0, 1);
      inner.emit(TypedOp.MOVE, 3, 1);
      inner.emit(TypedOp.MOVE, 2, 0);
      inner.emit(TypedOp.RETURN_VALUES, 2, 3);
      code.emit(TypedOp.MOVE, 5, 0);
      code.emit(TypedOp.MOVE, 6, 1);
      code.reserveRegisters(9);
      code.emit(TypedOp.CALL, 5, inner.index);
      code.emit(TypedOp.RETURN_VALUES, 5, 3);
    }),
  );
  const [left, right] = [0xfedcba9876543210n, 0x1111111111111111n];
  assert.equal(execute(program, { args: [left, right] }).results, [left, right, BigInt.asUintN(64, left + right)]);
});

function indirect(): Module {
  return typedModule(['i32', 'i32'], ['i32'], (code, module) => {
    const unary = { params: ['i32'], results: ['i32'] } as const;
    const twice = module.addFunction({ family: 'typed', name: 'twice', signature: unary });
    twice.emit(TypedOp.I32_ADD, 0, 0, 0);
    twice.emit(TypedOp.RETURN_VALUE, 0);
    const other = module.addFunction({ family: 'typed', name: 'other', signature: { params: [], results: ['i64'] } });
    other.emit(TypedOp.I64_CONST, 0, 1);
    other.emit(TypedOp.RETURN_VALUE, 0);
    for (const element of [-1, twice.index, other.index]) module.addTableElement(element);
    code.emit(TypedOp.CALL_INDIRECT, 1, 0, module.signature(unary));
    code.emit(TypedOp.RETURN_VALUE, 1);
  });
}

test('calls through the table when element and signature fit', () => {
  const program = linkModule(indirect());
  const run = (element: number) => execute(program, { args: [BigInt(element), 21n] });
  assert.is(low(run(1).results[0]), 42);
  assert.is(run(0).trap, Trap.UNDEFINED_ELEMENT);
  assert.is(run(2).trap, Trap.INDIRECT_CALL_TYPE_MISMATCH);
  for (const element of [3, -1, 0x7fffffff]) assert.is(run(element).trap, Trap.UNDEFINED_ELEMENT);
});

test('an indirect call grows the stacks too', () => {
  const program = linkModule(
    typedModule(['i32'], ['i32'], (code, module) => {
      const end = code.newLabel();
      module.addTableElement(code.index);
      code.emitJump(TypedOp.BR_UNLESS, end, 0);
      code.emit(TypedOp.I32_ADD_IMM, 20, 0, -1);
      code.emit(TypedOp.I32_CONST, 1, 0);
      code.emit(TypedOp.CALL_INDIRECT, 20, 1, module.signature({ params: ['i32'], results: ['i32'] }));
      code.emit(TypedOp.I32_ADD_IMM, 0, 20, 1);
      code.bind(end);
      code.emit(TypedOp.RETURN_VALUE, 0);
    }),
  );
  assert.is(low(execute(program, { args: [1000n] }).results[0]), 1000);
});

function recursion(registers: number): Module {
  return typedModule(['i32'], ['i32'], (code) => {
    const end = code.newLabel();
    code.emitJump(TypedOp.BR_UNLESS, end, 0);
    code.emit(TypedOp.I32_ADD_IMM, registers - 1, 0, -1);
    code.emit(TypedOp.CALL, registers - 1, code.index);
    code.emit(TypedOp.I32_ADD_IMM, 0, registers - 1, 1);
    code.bind(end);
    code.emit(TypedOp.RETURN_VALUE, 0);
  });
}

test('recursion goes as deep as the frames allow, then is a stack overflow', () => {
  const program = linkModule(recursion(2));
  const options = { memoryLimitBytes: 1 << 26 };
  // The floor, the entry, and one frame for each level.
  const deepest = MAXIMUM_FRAMES - 2;
  assert.is(low(execute(program, { ...options, args: [BigInt(deepest)] }).results[0]), deepest);
  assert.is(execute(program, { ...options, args: [BigInt(deepest + 1)] }).trap, Trap.STACK_OVERFLOW);
  const tooDeep = execute(program, { ...options, args: [10_000_000n] });
  assert.is(tooDeep.trap, Trap.STACK_OVERFLOW);
  const sliced = execute(program, { ...options, args: [10_000_000n], slice: 1009 });
  assert.is(sliced.trap, Trap.STACK_OVERFLOW);
  assert.is(sliced.instructions, tooDeep.instructions);
});

test('recursion with many registers overflows the register stack first', () => {
  const program = linkModule(recursion(250));
  const [words, base] = [249 * 2, 4];
  const depth = Math.floor((MAXIMUM_STACK_WORDS - base - 500) / words);
  const options = { memoryLimitBytes: 1 << 26 };
  assert.is(low(execute(program, { ...options, args: [BigInt(depth)] }).results[0]), depth);
  assert.is(execute(program, { ...options, args: [BigInt(depth + 1)] }).trap, Trap.STACK_OVERFLOW);
});

test('recursion that exceeds the memory limit is out of memory', () => {
  const program = linkModule(recursion(100));
  assert.is(execute(program, { memoryLimitBytes: 1 << 18, args: [100_000n] }).trap, Trap.OUT_OF_MEMORY);
});

test('an endless loop stops at the slice, at most one straight run late', () => {
  const program = linkModule(
    typedModule([], [], (code) => {
      const top = code.here();
      for (let index = 0; index < 10; index++) code.emit(TypedOp.I32_CONST, 0, index);
      code.emitJump(TypedOp.JUMP, top);
    }),
  );
  const context = begin(program);
  for (const slice of [1, 10, 11, 12, 1000]) {
    const { signal, instructions } = finish(context, { slice, limit: 1 });
    assert.is(signal, FUEL);
    assert.ok(instructions >= slice && instructions < slice + 11, `${instructions} of ${slice}`);
  }
});

test('trap ends with its number, and FRAME_PC at the instruction', () => {
  const program = linkModule(
    typedModule([], [], (code) => {
      code.emit(TypedOp.I32_CONST, 0, 0);
      code.emit(TypedOp.TRAP, Trap.ABORTED);
    }),
  );
  const { signal, trap, context } = execute(program);
  assert.is(signal, TRAP);
  assert.is(trap, Trap.ABORTED);
  assert.is(context.i32[context.frame + FRAME_PC], program.functions[FUNCTION_START]! + 1);
});

test('a syscall leaves the loop with FRAME_PC at the instruction', () => {
  const program = linkModule(
    typedModule([], ['i32'], (code, module) => {
      code.reserveRegisters(4);
      code.emit(TypedOp.SYSCALL, 0, module.syscall('argument_count'));
      code.emit(TypedOp.RETURN_VALUE, 0);
    }),
  );
  const context = begin(program);
  assert.is(finish(context).signal, SYSCALL);
  assert.is(context.i32[context.frame + FRAME_PC], program.functions[FUNCTION_START]);
  context.i32[context.stack + context.i32[context.frame + FRAME_BASE]] = 7;
  context.i32[context.frame + FRAME_PC]++;
  assert.is(low(finish(context).results[0]), 7);
});

/** Adds up 1 ... R[0] in steps that each cost one instruction. */
const summing: Intrinsic = {
  name: 'sum',
  parameters: 2,
  results: 0,
  run(context, registers) {
    while (context.i32[registers] > 0) {
      context.i32[registers + 2] += context.i32[registers];
      context.i32[registers]--;
      context.fuel--;
      if (context.fuel <= 0 && context.i32[registers] > 0) return FUEL;
    }
    return NEXT;
  },
};

test('an intrinsic that stops for fuel goes on, charged once for its dispatch', () => {
  const program = linkModule(
    typedModule(['i32'], ['i32'], (code, module) => {
      code.emit(TypedOp.I32_CONST, 1, 0);
      code.emit(TypedOp.INTRINSIC, 0, module.intrinsic('sum'));
      code.emit(TypedOp.RETURN_VALUE, 1);
    }),
    { intrinsics: [summing] },
  );
  for (const slice of [1, 2, 3, 7, 1000]) {
    const { results, instructions } = execute(program, { args: [10n], slice });
    assert.is(low(results[0]), 55);
    assert.is(instructions, 3 + 10);
  }
});

test('a frame record that cannot be true is found when the callee returns', () => {
  const program = linkModule(fibonacci());
  const corruptions: [number, number][] = [
    ...[-1, 1, 0x7fffffff, -2].map((index): [number, number] => [FRAME_FUNCTION, index]),
    ...[-1, 11, 0x7fffffff].map((pc): [number, number] => [FRAME_PC, pc]),
    ...[-2, 0x7ffffffe, 190].map((base): [number, number] => [FRAME_BASE, base]),
  ];
  for (const [field, word] of corruptions) {
    const context = begin(program, { args: [10n] });
    finish(context, { slice: 5, limit: 5 });
    const frames = context.i32[context.thread + THREAD_FRAMES];
    assert.ok(context.frame > frames + FRAME_SIZE, 'a callee is running');
    context.i32[frames + FRAME_SIZE + field] = word;
    const { signal, trap } = finish(context);
    assert.is(signal, TRAP, `${field} ${word}`);
    assert.is(trap, Trap.HEAP_CORRUPT, `${field} ${word}`);
  }
});

test('returning to the floor ends the thread with the results at the bottom of the stack', () => {
  const program = linkModule(typedModule([], [], (code) => code.emit(TypedOp.RETURN)));
  const { signal, results, instructions, context } = execute(program);
  assert.is(signal, DONE);
  assert.equal(results, []);
  assert.is(instructions, 1);
  assert.is(context.frame, context.i32[context.thread + THREAD_FRAMES]);
});

test.run();
