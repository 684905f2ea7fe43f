import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ModuleBuilder } from '../../vm/builder';
import { decodeBx, decodeOp, decodeSignedBx, decodeSj } from '../../vm/encoding';
import { ModuleError } from '../../vm/errors';
import { TypedOp, ValueOp } from '../../vm/opcode-numbers';

const VOID = { params: [], results: [] };

test('calls a function that is reserved before its body', () => {
  const module = new ModuleBuilder('test');
  const later = module.reserveFunction();
  const main = module.addFunction({ family: 'typed', name: 'main', signature: VOID });
  main.emit(TypedOp.CALL, 0, later);
  main.emit(TypedOp.RETURN);
  module.addFunction({ family: 'typed', name: 'later', signature: VOID }, later).emit(TypedOp.RETURN);
  module.entry = main.index;
  const { functions, entry } = module.build();
  assert.equal(
    functions.map(({ debug }) => debug.name),
    ['later', 'main'],
  );
  assert.is(entry, 1);
  assert.is(decodeBx(functions[1]!.code[0]!), 0);
});

test('resolves jumps in both directions, in either word', () => {
  const module = new ModuleBuilder('test');
  const main = module.addFunction({ family: 'typed', name: 'main', signature: VOID });
  const end = main.newLabel();
  const start = main.here();
  main.emitJump(TypedOp.I32_BR_EQ, end, 0, 1);
  main.emitJump(TypedOp.BR_IF, start, 2);
  main.emitJump(TypedOp.JUMP, start);
  main.bind(end);
  main.emit(TypedOp.RETURN);
  const { code, registerCount } = module.build().functions[0]!;
  assert.is(code.length, 5);
  assert.is(decodeSj(code[1]!), 2);
  assert.is(decodeSignedBx(code[2]!), -3);
  assert.is(decodeSj(code[3]!), -4);
  assert.is(registerCount, 3);
});

test('measures a jump table from its end', () => {
  const module = new ModuleBuilder('test');
  const main = module.addFunction({ family: 'typed', name: 'main', signature: VOID });
  const start = main.here();
  const end = main.newLabel();
  main.emitTable(TypedOp.BR_TABLE, 0, [end, start, end]);
  main.bind(end);
  main.emit(TypedOp.RETURN);
  const { code } = module.build().functions[0]!;
  assert.equal([...code].slice(1, 4).map(decodeSj), [0, -4, 0]);
  assert.is(decodeBx(code[0]!), 2);
});

for (const distance of [32767, 32768, 40000]) {
  test(`a jump of 16 bits goes ${distance} words forward and backward`, () => {
    const module = new ModuleBuilder('test');
    const main = module.addFunction({ family: 'value', name: 'main' });
    const end = main.newLabel();
    const start = main.here();
    main.emitJump(ValueOp.JUMP_IF, end, 0);
    for (let count = 0; count < distance; count++) main.emit(ValueOp.LOAD_NIL, 0, 0);
    main.bind(end);
    main.emitJump(ValueOp.JUMP_UNLESS, start, 0);
    main.emit(ValueOp.RETURN_NONE);
    const { code } = module.build().functions[0]!;
    assert.is(follow(code, 0), code.length - 4);
    assert.is(follow(code, code.length - 4), 0);
  });
}

/** Where the conditional jump at `pc` goes in the end. */
function follow(code: Int32Array, pc: number): number {
  const target = pc + 1 + decodeSignedBx(code[pc]!);
  if (decodeOp(code[target]!) !== ValueOp.JUMP || decodeOp(code[pc + 1]!) !== ValueOp.JUMP) return target;
  assert.is(pc + 2 + decodeSj(code[pc + 1]!), pc + 3);
  return target + 1 + decodeSj(code[target]!);
}

test('keeps lines and names where the instructions are', () => {
  const module = new ModuleBuilder('test');
  const main = module.addFunction({ family: 'value', name: 'main', source: module.source('main.lua'), line: 1 });
  main.line(2);
  const start = main.here();
  main.emit(ValueOp.LOAD_INTEGER, 0, -5);
  main.line(3);
  main.emitJump(ValueOp.JUMP_EQ, start, 0, 1, 1);
  main.nameOperand(0, 'local', 'x');
  main.nameLocal('x', 0, start, main.here());
  main.emit(ValueOp.RETURN_NONE);
  main.endLine(4);
  const { debug } = module.build().functions[0]!;
  assert.equal(debug, {
    name: 'main',
    source: 0,
    line: 1,
    lastLine: 4,
    lines: [
      { pc: 0, line: 2 },
      { pc: 1, line: 3 },
    ],
    locals: [{ name: 'x', register: 0, start: 0, end: 3 }],
    operands: [{ pc: 1, register: 0, kind: 'local', name: 'x' }],
  });
});

test('interns constants, syscalls, intrinsics, signatures and sources', () => {
  const module = new ModuleBuilder('test');
  const main = module.addFunction({ family: 'value', name: 'main' });
  const { constants } = main;
  assert.is(constants.integer(1, 0), 0);
  assert.is(constants.float(1), 1);
  assert.is(constants.float(-0), 2);
  assert.is(constants.float(0), 3);
  assert.is(constants.string('1'), 4);
  assert.is(constants.string(new Uint8Array([0x31])), 4);
  assert.is(constants.nil(), 5);
  assert.is(constants.boolean(false), 6);
  assert.is(constants.float32(1.5), 7);
  assert.equal(constants.list()[7], { kind: 'integer', low: 0x3fc00000, high: 0 });
  assert.is(constants.integer(1, 0), 0);
  assert.equal([module.syscall('a'), module.syscall('b'), module.syscall('a')], [0, 1, 0]);
  assert.equal([module.intrinsic('a'), module.intrinsic('b'), module.intrinsic('a')], [0, 1, 0]);
  assert.equal([module.signature(VOID), module.signature({ params: ['i32'], results: [] })], [0, 1]);
  assert.is(module.signature({ params: [], results: [] }), 0);
  assert.equal([module.source('a'), module.source('a')], [0, 0]);
});

test('takes the last instruction back with its names', () => {
  const module = new ModuleBuilder('test');
  const main = module.addFunction({ family: 'value', name: 'main' });
  main.emit(ValueOp.RETURN_NONE);
  main.emit(ValueOp.RETURN_ONE, 0);
  main.nameOperand(0, 'local', 'x');
  main.removeLast();
  const { code, debug } = module.build().functions[0]!;
  assert.is(code.length, 1);
  assert.equal(debug.operands, []);
});

test('sorts data segments', () => {
  const module = new ModuleBuilder('test');
  module.setMemory(1032, 4096);
  module.addData(1028, new Uint8Array([2]));
  module.addData(1024, new Uint8Array([1]));
  assert.equal(
    module.build().memory!.segments.map(({ address }) => address),
    [1024, 1028],
  );
});

const misuses: [string, (module: ModuleBuilder) => void][] = [
  ['a reserved function without a body', (module) => module.reserveFunction()],
  ['a body at an index that is not reserved', (module) => module.addFunction({ family: 'value', name: '' }, 3)],
  ['data without a memory', (module) => module.addData(1024, new Uint8Array(1))],
  [
    'a label without a place',
    (module) => {
      const main = module.addFunction({ family: 'value', name: '' });
      main.emitJump(ValueOp.JUMP, main.newLabel());
    },
  ],
  ['too few operands', (module) => module.addFunction({ family: 'value', name: '' }).emit(ValueOp.MOVE, 1)],
  ['an opcode that is not there', (module) => module.addFunction({ family: 'value', name: '' }).emit(255)],
  [
    'a jump with an instruction that has none',
    (module) => module.addFunction({ family: 'value', name: '' }).emitJump(ValueOp.MOVE, 0, 0, 0),
  ],
];

for (const [name, misuse] of misuses) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => {
        const module = new ModuleBuilder('test');
        misuse(module);
        module.build();
      },
      (error: unknown) => error instanceof TypeError,
    );
  });
}

test('refuses a function that is too long with a typed error', () => {
  const module = new ModuleBuilder('test');
  const main = module.addFunction({ family: 'value', name: 'main' });
  for (let count = 0; count <= 1 << 20; count++) main.emit(ValueOp.RETURN_NONE);
  assert.throws(
    () => module.build(),
    (error: unknown) => error instanceof ModuleError && error.code === 'module.too_large',
  );
});

test.run();
