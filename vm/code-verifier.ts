// The instructions of one function: that they are instructions, that their operands exist, that control stays inside.
// What each operand kind must be is here; what an instruction implies beyond its operands is in instruction-rules.ts.
import { type Instruction, jumpTargets, readInstruction } from './code-walk';
import { decodeOp, EXTRA, opcodesOf, operandRange, unusedBits } from './encoding';
import { ModuleError, type ModuleErrorCode, TRAP_COUNT } from './errors';
import { instructionRule, type RuleContext, setsTop, usesTop } from './instruction-rules';
import type { FunctionDefinition, Module } from './module';
import type { Opcode, OperandKind } from './opcodes';

/** Throws ModuleError unless every instruction of function `index` is sound. */
export function verifyCode(module: Module, definition: FunctionDefinition, index: number): void {
  const { code, family } = definition;
  const opcodes = opcodesOf(family);
  const instructions = readAll(code, opcodes, index);
  const starts = new Uint8Array(code.length);
  for (const { pc } of instructions) starts[pc] = 1;
  const targets = new Uint8Array(code.length);
  for (const instruction of instructions) markTargets(instruction, code, starts, targets, index);
  let previous: Instruction | null = null;
  for (const instruction of instructions) {
    verifyInstruction(module, definition, index, instruction);
    const isReady = previous !== null && setsTop(previous) && targets[instruction.pc] === 0;
    if (usesTop(instruction) && !isReady) fail('module.top', instruction.opcode.mnemonic, index, instruction.pc);
    previous = instruction;
  }
  if (!previous!.opcode.isTerminator) fail('module.end', previous!.opcode.mnemonic, index, previous!.pc);
}

function fail(code: ModuleErrorCode, detail: string, index: number, pc: number): never {
  throw new ModuleError(code, detail, { function: index, pc });
}

function readAll(code: Int32Array, opcodes: readonly Opcode[], index: number): Instruction[] {
  const instructions: Instruction[] = [];
  for (let pc = 0; pc < code.length; ) {
    const word = code[pc]!;
    const opcode = opcodes[decodeOp(word)];
    if (opcode === undefined) fail('module.opcode', `${decodeOp(word)}`, index, pc);
    if (opcode.number === EXTRA) fail('module.extra', 'an extra word stands alone', index, pc);
    const instruction = readInstruction(code, pc, opcodes);
    if (instruction === null) return fail('module.extra', `${opcode.mnemonic} at the end`, index, pc);
    verifyWords(instruction, code, index);
    instructions.push(instruction);
    pc += instruction.length;
  }
  return instructions;
}

/** Operands in their ranges, bits that mean nothing 0, extra words where they belong. */
function verifyWords({ pc, opcode, length, operands }: Instruction, code: Int32Array, index: number): void {
  for (let at = 0; at < operands.length; at++) {
    const { field, kind } = opcode.operands[at]!;
    const value = operands[at]!;
    if (value > operandRange(kind).max) fail('module.operand', `${opcode.mnemonic}: ${field} is ${value}`, index, pc);
  }
  if ((code[pc]! & unusedBits(opcode)) !== 0) fail('module.operand', 'unused bits are set', index, pc);
  for (let at = pc + 1; at < pc + length; at++) {
    if (decodeOp(code[at]!) !== EXTRA) fail('module.extra', `${opcode.mnemonic} needs one`, index, at);
  }
}

function markTargets(
  instruction: Instruction,
  code: Int32Array,
  starts: Uint8Array,
  targets: Uint8Array,
  index: number,
): void {
  for (const target of jumpTargets(instruction, code)) {
    if (starts[target] !== 1) fail('module.jump', `to ${target}`, index, instruction.pc);
    targets[target] = 1;
  }
}

function verifyInstruction(
  module: Module,
  definition: FunctionDefinition,
  index: number,
  instruction: Instruction,
): void {
  const { opcode, operands, pc } = instruction;
  const refuse = (code: ModuleErrorCode, detail: string): never =>
    fail(code, `${opcode.mnemonic}: ${detail}`, index, pc);
  for (let at = 0; at < operands.length; at++) {
    verifyOperand(opcode.operands[at]!.kind, operands[at]!, module, definition, refuse);
  }
  instructionRule(definition.family, opcode.mnemonic)?.({ module, definition, instruction, refuse });
}

function verifyOperand(
  kind: OperandKind,
  value: number,
  module: Module,
  definition: FunctionDefinition,
  refuse: RuleContext['refuse'],
): void {
  switch (kind) {
    case 'dst':
    case 'src':
    case 'use':
      if (value >= definition.registerCount) refuse('module.register', `R[${value}]`);
      return;
    case 'k8':
    case 'k16':
      if (value >= definition.constants.length) refuse('module.constant', `K[${value}]`);
      return;
    case 'up':
      if (value >= definition.upvalues.length) refuse('module.upvalue', `U[${value}]`);
      return;
    case 'fn':
      if (value >= module.functions.length) refuse('module.index', `function ${value}`);
      return;
    case 'sys':
      if (value >= module.syscalls.length) refuse('module.index', `syscall ${value}`);
      return;
    case 'intr':
      if (value >= module.intrinsics.length) refuse('module.index', `intrinsic ${value}`);
      return;
    case 'trap':
      if (value >= TRAP_COUNT) refuse('module.index', `trap ${value}`);
      return;
    default:
      return;
  }
}
