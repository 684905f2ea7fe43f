import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeOp,
  decodeOperand,
  EXTRA,
  encodeExtra,
  encodeInstruction,
  findOpcode,
  opcodesOf,
  operandRange,
} from '../../vm/encoding';
import { TypedOp, ValueOp } from '../../vm/opcode-numbers';

for (const family of ['typed', 'value'] as const) {
  for (const opcode of opcodesOf(family)) {
    test(`${family} ${opcode.mnemonic} keeps its operands`, () => {
      const values = fc.tuple(
        ...opcode.operands.map(({ kind }) => {
          const { min, max } = operandRange(kind);
          return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
        }),
      );
      fc.assert(
        fc.property(values, (operands) => {
          const fields = Object.fromEntries(opcode.operands.map(({ field }, index) => [field, operands[index]!]));
          const word = encodeInstruction(opcode, fields);
          const extra = fields.x === undefined ? 0 : encodeExtra(fields.x);
          assert.is(decodeOp(word), opcode.number);
          assert.equal(
            opcode.operands.map((operand) => decodeOperand(operand, word, extra)),
            operands,
          );
          if (opcode.length === 2) assert.is(decodeOp(extra), EXTRA);
        }),
        { numRuns: 30 },
      );
    });
  }
}

test('refuses operands out of range', () => {
  const add = findOpcode('typed', 'i32.add')!;
  assert.throws(
    () => encodeInstruction(add, { a: 256 }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => encodeInstruction(add, { a: 0.5 }),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => encodeExtra(2 ** 24),
    (error: unknown) => error instanceof RangeError,
  );
});

test('opcodes of a family have distinct mnemonics and numbers in order', () => {
  for (const family of ['typed', 'value'] as const) {
    const opcodes = opcodesOf(family);
    assert.is(new Set(opcodes.map(({ mnemonic }) => mnemonic)).size, opcodes.length);
    assert.equal(
      opcodes.map(({ number }) => number),
      opcodes.map((_, index) => index),
    );
  }
});

test('the numbers are those of the table', () => {
  assert.is(TypedOp.I32_ADD, findOpcode('typed', 'i32.add')!.number);
  assert.is(ValueOp.THROW, findOpcode('value', 'throw')!.number);
  assert.is(TypedOp.TRAP, 0);
});

test.run();
