// The instructions of one function: that they are instructions, that their operands exist, that control stays inside.
// What each operand kind must be is here; what an instruction implies beyond its operands is in instruction-rules.ts.
import { type Instruction, instructionLength, instructionsOf, jumpTargets } from './code-walk';
import { decodeOp, EXTRA, opcodesOf, operandRange, unusedBits } from './encoding';
import { ModuleError, type ModuleErrorCode, TRAP_COUNT } from './errors';
import { instructionRule, type RuleContext, setsTop, usesTop } from './instruction-rules';
import type { FunctionDefinition, Module } from './module';
import type { Opcode, OperandKind } from './opcodes';
import { Pace, type Steps } from './steps';

/** Instructions of a step. */
const STEP_INSTRUCTIONS = 512;

/**
 * Throws ModuleError unless every instruction of function `index` is sound. Returns which words of its code are the first
 * of an instruction (1), and which are not (0).
 */
export function* verifyCode(module: Module, definition: FunctionDefinition, index: number): Steps<Uint8Array> {
  const pace = new Pace(STEP_INSTRUCTIONS);
  const { code, family } = definition;
  const opcodes = opcodesOf(family);
  const starts = yield* findStarts(code, opcodes, index);
  const targets = new Uint8Array(code.length);
  const topUsers: number[] = [];
  let previous: Instruction | null = null;
  for (const instruction of instructionsOf(code, opcodes)) {
    verifyInstruction(module, definition, index, instruction);
    markTargets(instruction, code, starts, targets, index);
    if (usesTop(instruction)) {
      if (previous === null || !setsTop(previous))
        fail('module.top', instruction.opcode.mnemonic, index, instruction.pc);
      topUsers.push(instruction.pc);
    }
    previous = instruction;
    if (pace.isOver()) yield;
  }
  for (const pc of topUsers) if (targets[pc] === 1) fail('module.top', 'reached by a jump', index, pc);
  if (!previous!.opcode.isTerminator) fail('module.end', previous!.opcode.mnemonic, index, previous!.pc);
  return starts;
}

function fail(code: ModuleErrorCode, detail: string, index: number, pc: number): never {
  throw new ModuleError(code, detail, { function: index, pc });
}

/** Where instructions begin; all words belong to one. */
function* findStarts(code: Int32Array, opcodes: readonly Opcode[], index: number): Steps<Uint8Array> {
  const pace = new Pace(STEP_INSTRUCTIONS);
  const starts = new Uint8Array(code.length);
  for (let pc = 0; pc < code.length; ) {
    const number = decodeOp(code[pc]!);
    const opcode = opcodes[number];
    if (opcode === undefined) return fail('module.opcode', `${number}`, index, pc);
    if (number === EXTRA) fail('module.extra', 'an extra word stands alone', index, pc);
    const end = pc + instructionLength(opcode, code[pc]!);
    if (end > code.length) fail('module.extra', `${opcode.mnemonic} at the end`, index, pc);
    if ((code[pc]! & unusedBits(opcode)) !== 0) fail('module.operand', 'unused bits are set', index, pc);
    starts[pc] = 1;
    for (let at = pc + 1; at < end; at++) {
      if (decodeOp(code[at]!) !== EXTRA) fail('module.extra', `${opcode.mnemonic} needs one`, index, at);
    }
    pc = end;
    if (pace.isOver()) yield;
  }
  return starts;
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
    const { kind } = opcode.operands[at]!;
    if (operands[at]! > operandRange(kind).max) refuse('module.operand', `${kind} is ${operands[at]}`);
    verifyOperand(kind, operands[at]!, module, definition, refuse);
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
