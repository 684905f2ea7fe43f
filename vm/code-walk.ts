// Going through a function's code instruction by instruction: the one place that knows how long each is.
import { decodeBx, decodeOp, decodeOperand, decodeSj, EXTRA, operandRange, unusedBits } from './encoding';
import type { Opcode } from './opcodes';

/** An instruction as it stands in the code. */
export interface Instruction {
  /** Index of its first word. */
  readonly pc: number;
  readonly opcode: Opcode;
  /** Words, those of a br_table included. */
  readonly length: number;
  /** In the order of the opcode's operands. */
  readonly operands: readonly number[];
}

/** Words of the instruction `word` is the first of; br_table's number of words is in its operand. */
export function instructionLength(opcode: Opcode, word: number): number {
  return isBranchTable(opcode) ? opcode.length + decodeBx(word) + 1 : opcode.length;
}

/** br_table: the one instruction whose length depends on its operand. */
export function isBranchTable({ mnemonic }: Opcode): boolean {
  return mnemonic === 'br_table';
}

/** The instruction at `pc`; null when there is no such opcode or its words are not all there. */
export function readInstruction(code: Int32Array, pc: number, opcodes: readonly Opcode[]): Instruction | null {
  const word = code[pc]!;
  const opcode = opcodes[decodeOp(word)];
  if (opcode === undefined) return null;
  const length = instructionLength(opcode, word);
  if (pc + length > code.length) return null;
  const extra = opcode.length === 2 ? code[pc + 1]! : 0;
  const operands: number[] = [];
  for (const operand of opcode.operands) operands.push(decodeOperand(operand, word, extra));
  return { pc, opcode, length, operands };
}

/** All instructions of verified code, in order. */
export function* instructionsOf(code: Int32Array, opcodes: readonly Opcode[]): Generator<Instruction> {
  for (let pc = 0; pc < code.length; ) {
    const instruction = readInstruction(code, pc, opcodes);
    if (instruction === null) return;
    yield instruction;
    pc += instruction.length;
  }
}

/** Value of the operand in `field`, 0 if it has none. */
export function operandIn({ opcode, operands }: Instruction, field: string): number {
  const index = opcode.operands.findIndex((operand) => operand.field === field);
  return index < 0 ? 0 : operands[index]!;
}

/** Whether an instruction's words are the only ones that it encodes to, so that its text gives them back. */
export function isCanonical({ pc, opcode, length, operands }: Instruction, code: Int32Array): boolean {
  return (
    (code[pc]! & unusedBits(opcode)) === 0 &&
    opcode.operands.every(({ kind }, index) => operands[index]! <= operandRange(kind).max) &&
    code.subarray(pc + 1, pc + length).every((word) => decodeOp(word) === EXTRA)
  );
}

/** Where an instruction may jump to: its jump's target, or those of a br_table. */
export function jumpTargets(instruction: Instruction, code: Int32Array): number[] {
  const { opcode, pc, length, operands } = instruction;
  const end = pc + length;
  if (isBranchTable(opcode)) return Array.from(code.subarray(pc + opcode.length, end), (word) => end + decodeSj(word));
  const jump = opcode.operands.findIndex(({ kind }) => kind === 'j16' || kind === 'j24');
  return jump < 0 ? [] : [end + operands[jump]!];
}
