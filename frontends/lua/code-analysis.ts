// Small questions about the parser's code and its constants that the translator asks. No code is made here.
import type { Constant } from '../../vm/index';
import { type Instruction, OP, type Prototype } from './prototype';

/** By pc: 1 where a jump goes. */
export function findTargets(code: readonly Instruction[]): Uint8Array {
  const targets = new Uint8Array(code.length + 3);
  code.forEach(({ opcode, C, sBx }, pc) => {
    if (opcode === OP.JMP || opcode === OP.FORPREP || opcode === OP.FORLOOP || opcode === OP.TFORLOOP) {
      targets[pc + 1 + sBx] = 1;
    }
    if (opcode === OP.LOADBOOL && C !== 0) targets[pc + 2] = 1;
  });
  return targets;
}

/** By pc: the number of active variables that a return has to close. */
export function countClosedVariables({ code, locals }: Prototype): Int32Array {
  const counts = new Int32Array(code.length + 1);
  for (const { isClosed, start, end } of locals) {
    if (!isClosed) continue;
    counts[start]!++;
    counts[end]!--;
  }
  for (let pc = 1; pc < counts.length; pc++) counts[pc]! += counts[pc - 1]!;
  return counts;
}

/** By pc: the number of instructions before it that capture variables or have one that must be closed. */
export function countCaptures(code: readonly Instruction[]): Int32Array {
  const counts = new Int32Array(code.length + 1);
  code.forEach(({ opcode }, pc) => {
    counts[pc + 1] = counts[pc]! + (opcode === OP.CLOSURE || opcode === OP.TBC || opcode === OP.TFORCALL ? 1 : 0);
  });
  return counts;
}

type IntegerConstant = Extract<Constant, { kind: 'integer' }>;

export function isNumber({ kind }: Constant): boolean {
  return kind === 'integer' || kind === 'float';
}

/** An integer that fits in an operand of `bits` bits. */
export function isSmallInteger(constant: Constant, bits: 8 | 16): constant is IntegerConstant {
  const limit = bits === 8 ? 0x80 : 0x8000;
  if (constant.kind !== 'integer') return false;
  return constant.high === constant.low >> 31 && constant.low >= -limit && constant.low < limit;
}

/** A float that is an integer of 16 bits, but not negative zero. */
export function isSmallFloat(constant: Constant): constant is Extract<Constant, { kind: 'float' }> {
  if (constant.kind !== 'float') return false;
  const { value } = constant;
  return Number.isInteger(value) && value >= -0x8000 && value < 0x8000 && !Object.is(value, -0);
}

/** Sizes of tables are encoded as small floating-point numbers: 5 bits of exponent, 3 of mantissa. */
export function decodeSize(encoded: number): number {
  const size = encoded < 8 ? encoded : ((encoded & 7) + 8) * (1 << ((encoded >> 3) - 1));
  return Math.min(255, size);
}
