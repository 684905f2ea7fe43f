// Calls between the families: what is converted and what is refused, preempted inside, with errors and collections on the way.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FunctionBuilder, ModuleBuilder } from '../../vm/builder';
import type { Context } from '../../vm/context';
import { Trap } from '../../vm/errors';
import {
  FRAME_TOP,
  HEADER,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TRUE,
  VALUE_LOW,
} from '../../vm/layout';
import type { Signature } from '../../vm/module';
import { bitsToDouble } from '../../vm/numbers/float';
import { TypedOp, ValueOp } from '../../vm/opcode-numbers';
import { DONE, THROW } from '../../vm/signals';
import { stringLength, stringStart } from '../../vm/strings';
import { begin, execute, f32Bits, f64Bits, finish, linkModule, type RunOptions } from '../support/typed-program';

const ALL: Signature = { params: ['i32', 'i64', 'f32', 'f64'], results: ['i32', 'i64', 'f32', 'f64'] };
const SLICES = [1, 2, 3, 7, 100, 1 << 20];
const text = new TextDecoder();

type Value = null | boolean | bigint | number | string;

/** The value in a slot; a bigint is an integer, a number a float. */
function valueAt(context: Context, slot: number): Value {
  const { i32 } = context;
  const [low, high, tag] = i32.subarray(slot, slot + 3);
  switch (tag) {
    case TAG_NIL:
      return null;
    case TAG_FALSE:
    case TAG_TRUE:
      return tag === TAG_TRUE;
    case TAG_INTEGER:
      return (BigInt(high) << 32n) | BigInt(low >>> 0);
    case TAG_FLOAT:
      return bitsToDouble(low, high);
    case TAG_SHORT_STRING:
    case TAG_LONG_STRING: {
      const start = stringStart(context, low);
      return text.decode(context.u8.slice(start, start + stringLength(context, low)));
    }
    default:
      return `tag ${tag} ${i32[slot + VALUE_LOW]}`;
  }
}

/** Runs a module whose entry is a value function without parameters; its results. */
function runValues(
  module: ModuleBuilder,
  options: RunOptions = {},
): { signal: number; values: Value[]; instructions: number; error: Value } {
  const context = begin(linkModule(module.build()), options);
  context.collectAlways = options.slice === 3;
  const { signal, instructions } = finish(context, options);
  const values: Value[] = [];
  const end = context.i32[context.frame + FRAME_TOP];
  if (signal === DONE) for (let word = 0; word < end; word += 4) values.push(valueAt(context, context.stack + word));
  return { signal, values, instructions, error: valueAt(context, HEADER.ERROR) };
}

/** A typed entry that calls the value function `callee` emits, with the entry's own arguments and results. */
function typedCallsValue(
  signature: Signature,
  callee: (code: FunctionBuilder) => void,
  parameterCount?: number,
  isVararg = false,
): ModuleBuilder {
  const module = new ModuleBuilder('test');
  module.entry = module.reserveFunction();
  const inner = module.addFunction({
    family: 'value',
    name: 'inner',
    signature,
    isVararg,
    parameterCount: parameterCount ?? signature.params.length,
  });
  callee(inner);
  const code = module.addFunction({ family: 'typed', name: 'main', signature }, module.entry);
  // Odd, so that the value frame's base must be aligned.
  code.reserveRegisters(7);
  code.emit(TypedOp.CALL, 0, inner.index);
  if (signature.results.length === 0) code.emit(TypedOp.RETURN);
  else if (signature.results.length === 1) code.emit(TypedOp.RETURN_VALUE, 0);
  else code.emit(TypedOp.RETURN_VALUES, 0, signature.results.length);
  return module;
}

/** A value entry that calls a typed function with arguments that `load` puts into R[1], .... */
function valueCallsTyped(
  signature: Signature,
  callee: (code: FunctionBuilder, module: ModuleBuilder) => void,
  count: number,
  load: (code: FunctionBuilder) => void,
): ModuleBuilder {
  const module = new ModuleBuilder('test');
  module.entry = module.reserveFunction();
  const inner = module.addFunction({ family: 'typed', name: 'inner', signature });
  callee(inner, module);
  const code = module.addFunction({ family: 'value', name: 'main' }, module.entry);
  code.emit(ValueOp.CLOSURE, 0, inner.index);
  code.reserveRegisters(count + 2);
  load(code);
  code.emit(ValueOp.CALL, 0, count + 1, 0);
  code.emit(ValueOp.RETURN, 0, 0);
  return module;
}

const ARGUMENTS = [BigInt.asUintN(32, -5n), 1n << 62n, f32Bits(1.5), f64Bits(-0.1)];

test('typed code gets from a value function what it gave it, whatever the slices', () => {
  const module = typedCallsValue(ALL, (code) => {
    code.reserveRegisters(4);
    code.emit(ValueOp.RETURN, 0, 5);
  });
  const program = linkModule(module.build());
  const counts = new Set<number>();
  for (const slice of SLICES) {
    const { results, instructions, trap } = execute(program, { args: ARGUMENTS, slice });
    assert.is(trap, -1);
    assert.equal(
      results.map((bits, index) => (index % 2 === 0 ? bits & 0xffffffffn : bits)),
      ARGUMENTS,
    );
    counts.add(instructions);
  }
  assert.is(counts.size, 1);
});

test('a value function sees integers and floats', () => {
  const signature: Signature = { params: ['i32', 'f32'], results: ['f64', 'i64'] };
  const module = typedCallsValue(signature, (code) => {
    // -5 / 2 is a float, 1.5 // 0.25 one with an integer's value.
    code.emit(ValueOp.LOAD_INTEGER, 2, 2);
    code.emit(ValueOp.DIV, 0, 0, 2);
    code.emit(ValueOp.LOAD_CONSTANT, 2, code.constants.float(0.25));
    code.emit(ValueOp.IDIV, 1, 1, 2);
    code.emit(ValueOp.RETURN, 0, 3);
  });
  const { results } = execute(linkModule(module.build()), { args: [BigInt.asUintN(32, -5n), f32Bits(1.5)] });
  assert.equal(results, [f64Bits(-2.5), 6n]);
});

test('variable arguments and missing ones', () => {
  const signature: Signature = { params: ['i32', 'i32', 'i32'], results: ['i32', 'i32', 'i32'] };
  const extra = typedCallsValue(
    signature,
    (code) => {
      code.reserveRegisters(4);
      code.emit(ValueOp.VARARG, 1, 0);
      code.emit(ValueOp.RETURN, 0, 0);
    },
    1,
    true,
  );
  const args = [11n, 22n, 33n];
  assert.equal(
    execute(linkModule(extra.build()), { args }).results.map((bits) => bits & 0xffffffffn),
    args,
  );
});

test('a result that typed code cannot take traps', () => {
  const one = (result: 'i32' | 'i64' | 'f32' | 'f64', load: (code: FunctionBuilder) => void) => {
    const module = typedCallsValue({ params: [], results: [result] }, (code) => {
      load(code);
      code.emit(ValueOp.RETURN_ONE, 0);
    });
    return execute(linkModule(module.build()));
  };
  const integer = (low: number, high: number) => (code: FunctionBuilder) =>
    code.emit(ValueOp.LOAD_CONSTANT, 0, code.constants.integer(low, high));
  const float = (value: number) => (code: FunctionBuilder) =>
    code.emit(ValueOp.LOAD_CONSTANT, 0, code.constants.float(value));
  const string = (code: FunctionBuilder) =>
    code.emit(ValueOp.LOAD_CONSTANT, 0, code.constants.string(new TextEncoder().encode('12')));
  assert.is(one('i32', integer(-1, 0)).results[0] & 0xffffffffn, 0xffffffffn);
  assert.is(one('i32', integer(-0x80000000, -1)).results[0] & 0xffffffffn, 0x80000000n);
  assert.is(one('i32', float(3)).results[0] & 0xffffffffn, 3n);
  assert.is(one('i64', float(2 ** 60)).results[0], 1n << 60n);
  assert.is(one('f64', integer(7, 0)).results[0], f64Bits(7));
  assert.is(one('f32', float(0.1)).results[0] & 0xffffffffn, f32Bits(0.1));
  assert.is(one('f32', integer(16777217, 0)).results[0] & 0xffffffffn, f32Bits(16777216));
  const refused = [
    one('i32', integer(0, 1)),
    one('i32', integer(0x7fffffff, -1)),
    one('i32', float(0.5)),
    one('i64', float(2 ** 63)),
    one('i64', float(Number.NaN)),
    one('i32', string),
    one('f64', string),
    one('f64', (code) => code.emit(ValueOp.LOAD_NIL, 0, 0)),
    one('f64', (code) => code.emit(ValueOp.LOAD_BOOLEAN, 0, 1)),
  ];
  for (const { trap } of refused) assert.is(trap, Trap.CONVERSION_FAILED);
  const none = typedCallsValue({ params: [], results: ['i32'] }, (code) => code.emit(ValueOp.RETURN_NONE));
  assert.is(execute(linkModule(none.build())).trap, Trap.CONVERSION_FAILED);
});

test('value code calls a typed function through a closure, whatever the slices', () => {
  const build = () =>
    valueCallsTyped(
      { params: ['i32', 'i64', 'f32', 'f64'], results: ['f64', 'i32', 'f32', 'i64'] },
      (code) => {
        code.emit(TypedOp.I32_ADD_IMM, 4, 0, 1);
        code.emit(TypedOp.MOVE, 0, 3);
        code.emit(TypedOp.MOVE, 3, 1);
        code.emit(TypedOp.MOVE, 1, 4);
        code.emit(TypedOp.RETURN_VALUES, 0, 4);
      },
      5,
      (code) => {
        code.emit(ValueOp.LOAD_INTEGER, 1, -3);
        code.emit(ValueOp.LOAD_FLOAT, 2, 100);
        code.emit(ValueOp.LOAD_INTEGER, 3, 7);
        code.emit(ValueOp.LOAD_FLOAT, 4, 9);
        // One argument too many is dropped.
        code.emit(ValueOp.LOAD_NIL, 5, 0);
      },
    );
  const counts = new Set<number>();
  for (const slice of SLICES) {
    const { signal, values, instructions } = runValues(build(), { slice });
    assert.is(signal, DONE);
    assert.equal(values, [9, -2n, 7, 100n]);
    if (slice !== 3) counts.add(instructions);
  }
  assert.is(counts.size, 1);
});

test('an argument that a typed function cannot take is an error of the guest', () => {
  const refused: [string, (code: FunctionBuilder) => void][] = [
    ["bad argument #1 to 'inner' (number expected, got nil)", (code) => code.emit(ValueOp.LOAD_NIL, 1, 0)],
    ["bad argument #1 to 'inner' (number expected, got boolean)", (code) => code.emit(ValueOp.LOAD_BOOLEAN, 1, 1)],
    [
      "bad argument #1 to 'inner' (number has no integer representation of type i32)",
      (code) => code.emit(ValueOp.LOAD_CONSTANT, 1, code.constants.float(0.5)),
    ],
  ];
  for (const [message, load] of refused) {
    const module = valueCallsTyped({ params: ['i32'], results: [] }, (code) => code.emit(TypedOp.RETURN), 1, load);
    const { signal, error } = runValues(module);
    assert.is(signal, THROW);
    assert.ok(String(error).endsWith(message), `${error}`);
  }
  const missing = valueCallsTyped(
    { params: ['i32', 'i32'], results: [] },
    (code) => code.emit(TypedOp.RETURN),
    1,
    (code) => code.emit(ValueOp.LOAD_INTEGER, 1, 1),
  );
  assert.match(String(runValues(missing).error), /bad argument #2 to 'inner' \(number expected, got no value\)$/);
});

test('a protected call of a typed function has true in front of the results, a wrong argument false and the message', () => {
  for (const isRight of [true, false]) {
    const module = new ModuleBuilder('test');
    module.entry = module.reserveFunction();
    const inner = module.addFunction({
      family: 'typed',
      name: 'inner',
      signature: { params: ['i32'], results: ['i32'] },
    });
    inner.emit(TypedOp.I32_ADD, 0, 0, 0);
    inner.emit(TypedOp.RETURN_VALUE, 0);
    const code = module.addFunction({ family: 'value', name: 'main' }, module.entry);
    code.reserveRegisters(4);
    code.emit(ValueOp.LOAD_NIL, 0, 0);
    code.emit(ValueOp.CLOSURE, 1, inner.index);
    if (isRight) code.emit(ValueOp.LOAD_INTEGER, 2, 21);
    else code.emit(ValueOp.LOAD_BOOLEAN, 2, 1);
    code.emit(ValueOp.PROTECTED_CALL, 0, 3, 0);
    code.emit(ValueOp.RETURN, 0, 0);
    for (const slice of SLICES) {
      const { values } = runValues(module, { slice });
      if (isRight) assert.equal(values, [true, 42n]);
      else assert.match(`${values}`, /^false,.*bad argument #1 to 'inner'/);
    }
  }
});

/**
 * value main → typed sum (with its own memory stack) → value step → typed inc → back, `rounds` times; then value main
 * builds a string, so that it collects with everything that the typed frames have left behind.
 */
function pingPong(rounds: number): ModuleBuilder {
  const module = new ModuleBuilder('test');
  module.setMemory(2048, 4096);
  module.entry = module.reserveFunction();
  const increment = module.addFunction({
    family: 'typed',
    name: 'increment',
    signature: { params: ['i32'], results: ['i32'] },
  });
  increment.emit(TypedOp.STACK_ALLOCATE, 1, 1);
  increment.emit(TypedOp.I32_STORE, 0, 1, 0);
  increment.emit(TypedOp.I32_CONST, 9, -1);
  increment.emit(TypedOp.I32_ADD_IMM, 0, 0, 1);
  increment.emit(TypedOp.RETURN_VALUE, 0);
  const step = module.addFunction({ family: 'value', name: 'step', signature: { params: ['i32'], results: ['i32'] } });
  step.emit(ValueOp.NEW_TABLE, 3, 4, 0);
  step.emit(ValueOp.CLOSURE, 1, increment.index);
  step.emit(ValueOp.MOVE, 2, 0);
  step.emit(ValueOp.CALL, 1, 2, 2);
  step.emit(ValueOp.SET_INDEX, 3, 1, 1);
  step.emit(ValueOp.GET_INDEX, 4, 3, 1);
  step.emit(ValueOp.RETURN_ONE, 4);
  const sum = module.addFunction({
    family: 'typed',
    name: 'sum',
    signature: { params: ['i32'], results: ['i32', 'i32'] },
  });
  sum.emit(TypedOp.STACK_ALLOCATE, 1, 1);
  sum.emit(TypedOp.I32_CONST, 2, 0);
  sum.emit(TypedOp.I32_STORE, 2, 1, 0);
  const top = sum.here();
  sum.emit(TypedOp.CALL, 2, step.index);
  sum.emit(TypedOp.I32_ADD_IMM, 0, 0, -1);
  sum.emitJump(TypedOp.BR_IF, top, 0);
  // What the callee wrote to its memory stack must not lie over ours.
  sum.emit(TypedOp.I32_LOAD, 3, 1, 0);
  sum.emit(TypedOp.RETURN_VALUES, 2, 2);
  const code = module.addFunction({ family: 'value', name: 'main' }, module.entry);
  code.emit(ValueOp.CLOSURE, 0, sum.index);
  code.emit(ValueOp.LOAD_INTEGER, 1, rounds);
  code.emit(ValueOp.CALL, 0, 2, 3);
  code.emit(ValueOp.NEW_TABLE, 2, 4, 4);
  code.emit(ValueOp.RETURN, 0, 3);
  code.reserveRegisters(12);
  return module;
}

test('calls go back and forth, with slices and collections in every place', () => {
  const counts = new Set<number>();
  for (const slice of SLICES) {
    const { signal, values, instructions } = runValues(pingPong(50), { slice });
    assert.is(signal, DONE);
    assert.equal(values, [50n, 0n]);
    if (slice !== 3) counts.add(instructions);
  }
  assert.is(counts.size, 1);
});

test('an error of a value function crosses typed frames to the protected call', () => {
  const module = new ModuleBuilder('test');
  module.entry = module.reserveFunction();
  const failing = module.addFunction({ family: 'value', name: 'failing', signature: { params: [], results: [] } });
  failing.emit(ValueOp.LOAD_INTEGER, 0, 13);
  failing.emit(ValueOp.THROW, 0);
  const middle = module.addFunction({ family: 'typed', name: 'middle', signature: { params: [], results: [] } });
  middle.emit(TypedOp.I32_CONST, 30, -1);
  middle.emit(TypedOp.CALL, 5, failing.index);
  middle.emit(TypedOp.RETURN);
  const code = module.addFunction({ family: 'value', name: 'main' }, module.entry);
  code.emit(ValueOp.LOAD_NIL, 0, 0);
  code.emit(ValueOp.CLOSURE, 1, middle.index);
  code.emit(ValueOp.PROTECTED_CALL, 0, 2, 0);
  code.emit(ValueOp.RETURN, 0, 0);
  code.reserveRegisters(12);
  for (const slice of SLICES) assert.equal(runValues(module, { slice }).values, [false, 13n]);
});

test('a trap in a typed function ends everything, protected or not', () => {
  const module = new ModuleBuilder('test');
  module.entry = module.reserveFunction();
  const failing = module.addFunction({ family: 'typed', name: 'failing', signature: { params: [], results: [] } });
  failing.emit(TypedOp.TRAP, Trap.UNREACHABLE);
  const code = module.addFunction({ family: 'value', name: 'main' }, module.entry);
  code.emit(ValueOp.LOAD_NIL, 0, 0);
  code.emit(ValueOp.CLOSURE, 1, failing.index);
  code.emit(ValueOp.PROTECTED_CALL, 0, 2, 0);
  code.emit(ValueOp.RETURN, 0, 0);
  const context = begin(linkModule(module.build()));
  assert.is(finish(context).trap, Trap.UNREACHABLE);
});

test('mutual recursion across the families ends as a stack overflow', () => {
  const module = new ModuleBuilder('test');
  module.entry = module.reserveFunction();
  const value = module.reserveFunction();
  const typed = module.addFunction(
    { family: 'typed', name: 'typed', signature: { params: [], results: [] } },
    module.entry,
  );
  typed.emit(TypedOp.CALL, 0, value);
  typed.emit(TypedOp.RETURN);
  const code = module.addFunction({ family: 'value', name: 'value', signature: { params: [], results: [] } }, value);
  code.emit(ValueOp.CLOSURE, 0, typed.index);
  code.emit(ValueOp.CALL, 0, 1, 1);
  code.emit(ValueOp.RETURN_NONE);
  const { signal, trap } = execute(linkModule(module.build()), { memoryLimitBytes: 1 << 26, limit: 50_000_000 });
  assert.ok(signal === THROW || trap === Trap.STACK_OVERFLOW, `${signal} ${trap}`);
});

test.run();
