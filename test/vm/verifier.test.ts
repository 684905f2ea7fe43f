// What the verifier accepts and refuses: each rule with a module that just keeps it and one that just breaks it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FunctionBuilder, ModuleBuilder } from '../../vm/builder';
import { encodeExtra } from '../../vm/encoding';
import { ModuleError, type ModuleErrorCode, TRAP_COUNT } from '../../vm/errors';
import { verifyImports } from '../../vm/import-verifier';
import type { FunctionDefinition, Module, Signature } from '../../vm/module';
import { TypedOp, ValueOp } from '../../vm/opcode-numbers';
import { allSteps } from '../../vm/steps';
import { verifyModule } from '../../vm/verifier';

const VOID: Signature = { params: [], results: [] };

function codeOf(module: Module): ModuleErrorCode | null {
  try {
    verifyModule(module);
    return null;
  } catch (error) {
    if (error instanceof ModuleError) return error.code;
    throw error;
  }
}

/** A module with one typed or value function; `fill` adds what comes before its return. */
function single(
  family: 'typed' | 'value',
  fill: (body: FunctionBuilder, module: ModuleBuilder) => void,
  options: Partial<FunctionDefinition> = {},
): Module {
  const builder = new ModuleBuilder('test');
  const signature = family === 'typed' ? VOID : null;
  const body = builder.addFunction({ family, name: 'main', signature, isVararg: options.isVararg ?? false });
  fill(body, builder);
  body.emit(family === 'typed' ? TypedOp.RETURN : ValueOp.RETURN_NONE);
  const module = builder.build();
  return { ...module, functions: [{ ...module.functions[0]!, ...options }, ...module.functions.slice(1)] };
}

const typed = (op: number, ...operands: number[]): Module =>
  single('typed', (body) => body.emit(op, ...operands), { registerCount: 10 });
const value = (op: number, ...operands: number[]): Module =>
  single('value', (body) => body.emit(op, ...operands), { registerCount: 10 });

/** Instructions with registers, at the frame's end and one behind it. */
const runs: [string, (op: number, ...operands: number[]) => Module, number, number[], number[]][] = [
  ['a typed destination', typed, TypedOp.MOVE, [9, 0], [10, 0]],
  ['a typed source', typed, TypedOp.I32_ADD, [0, 0, 9], [0, 0, 10]],
  ['load_nil', value, ValueOp.LOAD_NIL, [5, 4], [5, 5]],
  ['concat', value, ValueOp.CONCAT, [0, 8, 9], [0, 8, 10]],
  ['concat of two or more', value, ValueOp.CONCAT, [0, 8, 9], [0, 9, 9]],
  ['the arguments of call', value, ValueOp.CALL, [5, 5, 1], [5, 6, 1]],
  ['the results of call', value, ValueOp.CALL, [5, 1, 6], [5, 1, 7]],
  ['tail_call', value, ValueOp.TAIL_CALL, [9, 1], [9, 2]],
  ['return', value, ValueOp.RETURN, [8, 3], [8, 4]],
  ['self', value, ValueOp.SELF, [8, 0, 0], [9, 0, 0]],
  ['generic_for_call', value, ValueOp.GENERIC_FOR_CALL, [3, 3], [4, 3]],
  ['generic_for_call with many variables', value, ValueOp.GENERIC_FOR_CALL, [0, 6], [0, 7]],
  ['set_list', value, ValueOp.SET_LIST, [5, 4, 0], [5, 5, 0]],
  ['the arguments of protected_call', value, ValueOp.PROTECTED_CALL, [5, 5, 1], [5, 6, 1]],
  ['the results of protected_call', value, ValueOp.PROTECTED_CALL, [5, 2, 6], [5, 2, 7]],
];

for (const [name, make, op, inside, outside] of runs) {
  test(`keeps the registers of ${name} in the frame`, () => {
    const isField = op === ValueOp.SELF && make === value;
    const withConstant = (operands: number[]): Module => {
      const module = make(op, ...operands);
      if (!isField) return module;
      const constant = { kind: 'string', bytes: new Uint8Array(3) } as const;
      return { ...module, functions: [{ ...module.functions[0]!, constants: [constant] }] };
    };
    assert.is(codeOf(withConstant(inside)), null);
    assert.is(codeOf(withConstant(outside)), 'module.register');
  });
}

for (const [op, registers] of [
  [ValueOp.FOR_PREPARE, 4],
  [ValueOp.FOR_LOOP, 4],
  [ValueOp.GENERIC_FOR_PREPARE, 4],
  [ValueOp.GENERIC_FOR_LOOP, 5],
]) {
  test(`keeps the registers of the loop instruction ${op} in the frame`, () => {
    const make = (registerCount: number): Module =>
      single('value', (body) => body.emitJump(op!, body.here(), 0), { registerCount });
    assert.is(codeOf(make(registers!)), null);
    assert.is(codeOf(make(registers! - 1)), 'module.register');
  });
}

const pair: Signature = { params: ['i32', 'f64'], results: ['i64', 'f32', 'i32'] };

function typedCaller(registerCount: number, isIndirect: boolean): Module {
  return single(
    'typed',
    (body, module) => {
      const callee = module.addFunction({ family: 'typed', name: 'callee', signature: pair });
      callee.emit(TypedOp.RETURN_VALUES, 0, 3);
      callee.reserveRegisters(3);
      if (isIndirect) body.emit(TypedOp.CALL_INDIRECT, 1, 0, module.signature(pair));
      else body.emit(TypedOp.CALL, 1, callee.index);
    },
    { registerCount },
  );
}

for (const isIndirect of [false, true]) {
  test(`a typed ${isIndirect ? 'indirect ' : ''}call has room for arguments and results`, () => {
    assert.is(codeOf(typedCaller(4, isIndirect)), null);
    assert.is(codeOf(typedCaller(3, isIndirect)), 'module.register');
  });
}

test('a function returns what its signature says', () => {
  const make = (count: number): Module => {
    const module = new ModuleBuilder('test');
    module.addFunction({ family: 'typed', name: 'f', signature: pair }).emit(TypedOp.RETURN_VALUES, 0, count);
    const built = module.build();
    return { ...built, functions: [{ ...built.functions[0]!, registerCount: 4 }] };
  };
  assert.is(codeOf(make(3)), null);
  assert.is(codeOf(make(2)), 'module.results');
  assert.is(codeOf(make(4)), 'module.results');
});

const unsound: [string, ModuleErrorCode, Module][] = [
  ['an opcode that is not there', 'module.opcode', patch(0, 255)],
  ['an extra word by itself', 'module.extra', patch(0, encodeExtra(0))],
  ['an instruction without its extra word', 'module.extra', truncate(typed(TypedOp.ADDRESS_OFFSET, 0, 0, 0), 1)],
  [
    'an instruction where an extra word belongs',
    'module.extra',
    patch(1, TypedOp.RETURN, typed(TypedOp.ADDRESS_OFFSET, 0, 0, 0)),
  ],
  ['bits that mean nothing', 'module.operand', patch(1, TypedOp.RETURN | (1 << 8))],
  ['a flag of 2', 'module.operand', patch(0, ValueOp.LOAD_BOOLEAN | (2 << 16), value(ValueOp.LOAD_BOOLEAN, 0, 1))],
  ['a jump behind the end', 'module.jump', patch(0, TypedOp.JUMP | (1 << 8))],
  ['a jump in front of the start', 'module.jump', patch(0, TypedOp.JUMP | (-2 << 8))],
  [
    'a jump onto an extra word',
    'module.jump',
    single('typed', (body) => {
      body.emit(TypedOp.ADDRESS_OFFSET, 0, 0, 0);
      body.emit(TypedOp.BR_IF, 0, -2);
    }),
  ],
  [
    'a branch table that leaves the code',
    'module.jump',
    patch(
      1,
      encodeExtra(5),
      single('typed', (body) => body.emitTable(TypedOp.BR_TABLE, 0, [body.here()])),
    ),
  ],
  ['control that runs off the end', 'module.end', truncate(typed(TypedOp.MOVE, 0, 0), 1)],
  ['a function without code', 'module.end', truncate(typed(TypedOp.MOVE, 0, 0), 0)],
  ['a constant that is not there', 'module.constant', typed(TypedOp.CONST, 0, 0)],
  ['a string in a typed function', 'module.constant', withConstants(typed(TypedOp.MOVE, 0, 0), { kind: 'nil' })],
  [
    'a field whose name is long',
    'module.constant',
    withConstants(value(ValueOp.GET_FIELD, 0, 0, 0), { kind: 'string', bytes: new Uint8Array(41) }),
  ],
  [
    'a number where a field name belongs',
    'module.constant',
    withConstants(value(ValueOp.SET_FIELD, 0, 0, 0), { kind: 'float', value: 1 }),
  ],
  [
    'arithmetic with a string constant',
    'module.constant',
    withConstants(value(ValueOp.MUL_K, 0, 0, 0), { kind: 'string', bytes: new Uint8Array(1) }),
  ],
  ['an upvalue that is not there', 'module.upvalue', value(ValueOp.GET_UPVALUE, 0, 0)],
  ['a function that is not there', 'module.index', typed(TypedOp.CALL, 0, 1)],
  ['a signature that is not there', 'module.index', typed(TypedOp.CALL_INDIRECT, 0, 0, 0)],
  ['a syscall that is not there', 'module.index', typed(TypedOp.SYSCALL, 0, 0)],
  ['an intrinsic that is not there', 'module.index', value(ValueOp.INTRINSIC, 0, 0)],
  ['a trap that is not there', 'module.index', typed(TypedOp.TRAP, TRAP_COUNT)],
  ['a typed call of a function without a signature', 'module.call', callOfPlainValueFunction()],
  ['an upvalue of what typed code calls', 'module.upvalue', withUpvalue(closureOf('value', VOID))],
  ['a closure over a register that is not there', 'module.upvalue', closureOver(true, 3)],
  ['a closure over an upvalue that is not there', 'module.upvalue', closureOver(false, 0)],
  ['varargs of a function without any', 'module.function', value(ValueOp.VARARG, 0, 1)],
  ['a generic for without variables', 'module.operand', value(ValueOp.GENERIC_FOR_CALL, 0, 0)],
  ['a protected call without a function', 'module.operand', value(ValueOp.PROTECTED_CALL, 0, 1, 1)],
  ['a top that nobody has set', 'module.top', value(ValueOp.CALL, 0, 0, 1)],
  ['251 registers', 'module.function', single('typed', () => {}, { registerCount: 251 })],
  ['no registers', 'module.function', single('typed', () => {}, { registerCount: 0 })],
  ['more parameters than registers', 'module.function', single('value', () => {}, { parameterCount: 2 })],
  ['a typed function without a signature', 'module.function', single('typed', () => {}, { signature: null })],
  ['a typed function with varargs', 'module.family', single('typed', () => {}, { isVararg: true })],
  ['a family that is none', 'module.family', single('typed', () => {}, { family: 'other' as never })],
  [
    'a type that is none',
    'module.signature',
    { ...single('typed', () => {}), signatures: [{ params: ['i8' as never], results: [] }] },
  ],
  ['a table element that is not there', 'module.table', { ...single('typed', () => {}), table: [-1, 0, 1] }],
  ['a table element without a signature', 'module.table', { ...single('value', () => {}), table: [0] }],
  ['an entry that is not there', 'module.entry', { ...single('typed', () => {}), entry: 1 }],
  ['a typed initialiser', 'module.entry', { ...single('typed', () => {}), initialiser: 0 }],
  [
    'an initialiser with parameters',
    'module.entry',
    { ...single('value', () => {}, { parameterCount: 1 }), initialiser: 0 },
  ],
  ['data below 1024', 'module.memory', withData(1023, 1, 2048)],
  ['data behind its end', 'module.memory', withData(2048, 1, 2048)],
  ['data that ends behind the end', 'module.memory', withData(2047, 2, 2048)],
  ['an end of data below 1024', 'module.memory', withData(1024, 0, 1023)],
  ['a line table out of order', 'module.debug', withLines([1, 0])],
  ['a line in the middle of an instruction', 'module.debug', withLines([2])],
  ['a local outside the frame', 'module.debug', withLocal(1, 0, 1)],
  ['a local that lives too long', 'module.debug', withLocal(0, 0, 2)],
  ['a function of no source', 'module.debug', { ...single('typed', () => {}), sources: [] }],
];

for (const [name, code, module] of unsound) {
  test(`refuses ${name}`, () => {
    assert.is(codeOf(module), code);
  });
}

test('accepts closures of both families', () => {
  assert.is(codeOf(closureOf('typed', VOID)), null);
  assert.is(codeOf(closureOf('value', VOID)), null);
  assert.is(codeOf(withUpvalue(closureOf('value', null))), null);
});

test('says where an error is', () => {
  try {
    verifyModule(typed(TypedOp.MOVE, 10, 0));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ModuleError);
    assert.is((error as ModuleError).function, 0);
    assert.is((error as ModuleError).pc, 0);
    assert.is((error as ModuleError).message, 'register outside the frame: move: R[10] (function 0, pc 0)');
  }
});

test('accepts what hands a variable number of values on', () => {
  const module = single(
    'value',
    (body) => {
      body.emit(ValueOp.VARARG, 1, 0);
      body.emit(ValueOp.CALL, 0, 0, 0);
      body.emit(ValueOp.PROTECTED_CALL, 0, 0, 0);
      body.emit(ValueOp.SET_LIST, 0, 0, 0);
      body.emit(ValueOp.TAIL_CALL, 0, 1);
      body.emit(ValueOp.RETURN, 0, 0);
    },
    { isVararg: true },
  );
  assert.is(codeOf({ ...module, functions: [{ ...module.functions[0]!, registerCount: 2 }] }), null);
});

test('refuses a jump between the setting of a top and its use', () => {
  const module = single('value', (body) => {
    const label = body.newLabel();
    body.emitJump(ValueOp.JUMP_IF, label, 0);
    body.emit(ValueOp.CALL, 0, 1, 0);
    body.bind(label);
    body.emit(ValueOp.RETURN, 0, 0);
  });
  assert.is(codeOf(module), 'module.top');
});

test('accepts data up to the end and next to each other', () => {
  assert.is(codeOf(withData(1024, 1024, 2048)), null);
});

test('the registers of syscalls and intrinsics are checked with the knowledge of the linker', () => {
  const module = single('typed', (body, builder) => body.emit(TypedOp.SYSCALL, 1, builder.syscall('write')), {
    registerCount: 4,
  });
  verifyModule(module);
  allSteps(verifyImports(module, () => 3));
  for (const [registers, code] of [
    [4, 'module.register'],
    [undefined, 'module.import'],
  ] as const) {
    assert.throws(
      () => allSteps(verifyImports(module, () => registers)),
      (error: unknown) => error instanceof ModuleError && error.code === code,
    );
  }
});

function patch(at: number, word: number, module = typed(TypedOp.MOVE, 0, 0)): Module {
  const code = module.functions[0]!.code.slice();
  code[at] = word;
  return { ...module, functions: [{ ...module.functions[0]!, code }] };
}

function truncate(module: Module, length: number): Module {
  return { ...module, functions: [{ ...module.functions[0]!, code: module.functions[0]!.code.slice(0, length) }] };
}

function withConstants(module: Module, ...constants: FunctionDefinition['constants'][number][]): Module {
  return { ...module, functions: [{ ...module.functions[0]!, constants }] };
}

function callOfPlainValueFunction(): Module {
  return single('typed', (body, module) => {
    const callee = module.addFunction({ family: 'value', name: 'callee' });
    callee.emit(ValueOp.RETURN_NONE);
    body.emit(TypedOp.CALL, 0, callee.index);
  });
}

function closureOf(family: 'typed' | 'value', signature: Signature | null): Module {
  return single('value', (body, module) => {
    const inner = module.addFunction({ family, name: 'inner', signature });
    inner.emit(family === 'typed' ? TypedOp.RETURN : ValueOp.RETURN_NONE);
    body.emit(ValueOp.CLOSURE, 0, inner.index);
  });
}

function withUpvalue(module: Module): Module {
  const upvalues = [{ fromRegister: true, index: 0, name: 'x' }];
  const functions = module.functions.map((definition, index) =>
    index === 1 ? { ...definition, upvalues } : definition,
  );
  return { ...module, functions };
}

function closureOver(fromRegister: boolean, index: number): Module {
  return single('value', (body, module) => {
    const inner = module.addFunction({ family: 'value', name: 'inner' });
    inner.addUpvalue({ fromRegister, index, name: 'x' });
    inner.emit(ValueOp.RETURN_NONE);
    body.emit(ValueOp.CLOSURE, 0, inner.index);
  });
}

function withData(address: number, length: number, dataEnd: number): Module {
  const module = single('typed', () => {});
  return { ...module, memory: { dataEnd, stackBytes: 0, segments: [{ address, bytes: new Uint8Array(length) }] } };
}

function withDebug(module: Module, debug: Partial<FunctionDefinition['debug']>): Module {
  const definition = module.functions[0]!;
  return { ...module, functions: [{ ...definition, debug: { ...definition.debug, ...debug } }] };
}

function withLines(pcs: number[]): Module {
  return withDebug(
    single('typed', (body) => {
      body.emit(TypedOp.MOVE, 0, 0);
      body.emit(TypedOp.ADDRESS_OFFSET, 0, 0, 0);
    }),
    { lines: pcs.map((pc) => ({ pc, line: 1 })) },
  );
}

function withLocal(register: number, start: number, end: number): Module {
  return withDebug(
    single('typed', () => {}),
    { locals: [{ name: 'x', register, start, end }] },
  );
}

test.run();
