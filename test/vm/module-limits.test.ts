// The limits of modules: what is at a limit is accepted, what is over it refused, by the verifier and by the builder.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ModuleBuilder } from '../../vm/builder';
import { decodeModule, encodeModule } from '../../vm/codec';
import { ModuleError } from '../../vm/errors';
import * as limits from '../../vm/limits';
import type { FunctionDefinition, Module } from '../../vm/module';
import { TypedOp, ValueOp } from '../../vm/opcode-numbers';
import { verifyModule } from '../../vm/verifier';

function plainModule(): Module {
  const builder = new ModuleBuilder('test');
  const body = builder.addFunction({ family: 'value', name: 'main' });
  body.emit(ValueOp.RETURN_NONE);
  return builder.build();
}

const plain = plainModule();

function withFunction(changes: Partial<FunctionDefinition>): Module {
  return { ...plain, functions: [{ ...plain.functions[0]!, ...changes }] };
}

function withMemory(memory: Partial<NonNullable<Module['memory']>>): Module {
  return { ...plain, memory: { dataEnd: 1 << 20, stackBytes: 0, segments: [], ...memory } };
}

function repeat<T>(count: number, item: T): T[] {
  return new Array<T>(count).fill(item);
}

/** `count` instructions of one word. */
function code(count: number): Int32Array {
  return new Int32Array(count).fill(ValueOp.RETURN_NONE);
}

/** Name, limit, and a module that has so many of it. */
const rows: [string, number, (count: number) => Module][] = [
  ['functions', limits.MAXIMUM_FUNCTIONS, (count) => ({ ...plain, functions: repeat(count, plain.functions[0]!) })],
  ['constants', limits.MAXIMUM_CONSTANTS, (count) => withFunction({ constants: repeat(count, { kind: 'nil' }) })],
  [
    'upvalues',
    limits.MAXIMUM_UPVALUES,
    (count) => withFunction({ upvalues: repeat(count, { fromRegister: true, index: 0, name: '' }) }),
  ],
  ['registers', limits.MAXIMUM_REGISTERS, (count) => withFunction({ registerCount: count })],
  ['words of code', limits.MAXIMUM_FUNCTION_WORDS, (count) => withFunction({ code: code(count) })],
  [
    'signatures',
    limits.MAXIMUM_SIGNATURES,
    (count) => ({ ...plain, signatures: repeat(count, { params: [], results: [] }) }),
  ],
  ['syscalls', limits.MAXIMUM_IMPORTS, (count) => ({ ...plain, syscalls: repeat(count, 'write') })],
  ['intrinsics', limits.MAXIMUM_IMPORTS, (count) => ({ ...plain, intrinsics: repeat(count, 'sort') })],
  ['table elements', limits.MAXIMUM_TABLE_ELEMENTS, (count) => ({ ...plain, table: repeat(count, -1) })],
  ['sources', limits.MAXIMUM_SOURCES, (count) => ({ ...plain, sources: repeat(count, 'main') })],
  ['characters of a name', limits.MAXIMUM_NAME_LENGTH, (count) => ({ ...plain, sources: ['x'.repeat(count)] })],
  ['bytes of static data', limits.MAXIMUM_STATIC_BYTES, (count) => withMemory({ dataEnd: count })],
  ['bytes of memory stack', limits.MAXIMUM_MEMORY_STACK_BYTES, (count) => withMemory({ stackBytes: count })],
  [
    'data segments',
    limits.MAXIMUM_SEGMENTS,
    (count) => withMemory({ segments: repeat(count, { address: 1024, bytes: new Uint8Array(0) }) }),
  ],
];

for (const [name, limit, make] of rows) {
  test(`accepts ${limit} ${name}, not one more`, () => {
    verifyModule(make(limit - 1));
    verifyModule(make(limit));
    assert.throws(() => verifyModule(make(limit + 1)), isModuleError);
  });
}

test('what the verifier accepts at a limit has a binary form', () => {
  for (const [, limit, make] of rows) {
    const module = make(limit);
    const bytes = encodeModule(module);
    assert.ok(bytes.length <= limits.MAXIMUM_MODULE_BYTES);
    verifyModule(decodeModule(bytes));
  }
});

test('refuses a module that is too large', () => {
  const half = { kind: 'string', bytes: new Uint8Array(limits.MAXIMUM_MODULE_BYTES / 2) } as const;
  verifyModule(withFunction({ constants: [half] }));
  assert.throws(() => verifyModule(withFunction({ constants: [half, half] })), isModuleError);
  assert.throws(() => decodeModule(encodeModule(withFunction({ constants: [half, half] }))), isModuleError);
});

test('the builder refuses too many functions, constants, upvalues and names', () => {
  const module = new ModuleBuilder('test');
  const body = module.addFunction({ family: 'value', name: 'main' });
  for (let count = 1; count < limits.MAXIMUM_FUNCTIONS; count++) module.reserveFunction();
  for (let count = 0; count < limits.MAXIMUM_CONSTANTS; count++) body.constants.integer(count, 0);
  for (let count = 0; count < limits.MAXIMUM_IMPORTS; count++) module.syscall(`${count}`);
  const upvalue = { fromRegister: true, index: 0, name: '' };
  for (let count = 0; count < limits.MAXIMUM_UPVALUES; count++) body.addUpvalue(upvalue);
  assert.throws(() => module.reserveFunction(), isModuleError);
  assert.throws(() => body.constants.float(0.5), isModuleError);
  assert.throws(() => module.syscall('one more'), isModuleError);
  assert.throws(() => body.addUpvalue(upvalue), isModuleError);
});

test('a branch table may have 65,536 targets', () => {
  const module = new ModuleBuilder('test');
  const body = module.addFunction({ family: 'typed', name: 'main', signature: { params: [], results: [] } });
  const end = body.newLabel();
  body.emitTable(TypedOp.BR_TABLE, 0, repeat(1 << 16, end));
  body.bind(end);
  body.emit(TypedOp.RETURN);
  verifyModule(module.build());
  assert.throws(() => body.emitTable(TypedOp.BR_TABLE, 0, repeat((1 << 16) + 1, end)), isModuleError);
});

function isModuleError(error: unknown): boolean {
  return error instanceof ModuleError;
}

test.run();
