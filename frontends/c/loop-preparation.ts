// Rewrites code so that more of it can be fused and moved out of loops: steps of variables go behind their last reader, and
// constants in loops get registers of their own.
import { createInstruction, type Instruction } from './code-list';
import type { FlowGraph } from './flow-graph';
import { FIRST_VIRTUAL, forEachRead, forEachWrite, shapeOfInstruction } from './instruction-shape';
import { indexShift } from './linear-form';
import { type Loop, writtenIn } from './loop-invariants';

/** How many instructions behind a step are looked at. */
const LONGEST_REACH = 24;

/**
 * `t = v; v = v + c; ... t ...` becomes `... v ...; v = v + c` where nothing but the copy stands in the way: what `a[i++]`
 * makes.
 */
export function sinkSteps(graph: FlowGraph): void {
  const readers = new Map<number, number>();
  for (const { code } of graph.blocks) for (const one of code) countReads(one, readers);
  for (const { code } of graph.blocks) {
    for (let index = 0; index < code.length; index++) {
      const { mnemonic, operands } = code[index]!;
      if (mnemonic !== 'move' || operands[0]! < FIRST_VIRTUAL) continue;
      if (sinkStep(code, index, readers.get(operands[0]!) ?? 0)) index--;
    }
  }
}

function countReads(instruction: Instruction, counts: Map<number, number>): void {
  forEachRead(instruction, (register) => {
    counts.set(register, (counts.get(register) ?? 0) + 1);
  });
}

/** For the copy at `from`, which `total` operands read: whether the step behind it has moved and the copy is gone. */
function sinkStep(code: Instruction[], from: number, total: number): boolean {
  const [copy, variable] = code[from]!.operands as [number, number];
  const end = Math.min(code.length, from + LONGEST_REACH);
  let step = -1;
  let last = -1;
  let found = 0;
  for (let index = from + 1; index < end && found < total; index++) {
    const instruction = code[index]!;
    if (shapeOfInstruction(instruction).isCall || instruction.target !== undefined) return false;
    const { reads, isWritten } = usesOf(instruction, copy, variable);
    if (step < 0 && isStep(instruction, variable)) {
      step = index;
      continue;
    }
    if (isWritten || (step >= 0 && reads.variable > 0)) return false;
    if (reads.copy > 0) last = index;
    found += reads.copy;
  }
  if (found < total || step < 0 || last < step || shapeOfInstruction(code[last]!).isTerminator) return false;
  for (let index = from + 1; index <= last; index++) renameReads(code[index]!, copy, variable);
  code.splice(last + 1, 0, code[step]!);
  code.splice(step, 1);
  code.splice(from, 1);
  return true;
}

function isStep({ mnemonic, operands }: Instruction, variable: number): boolean {
  return mnemonic === 'i32.add_imm' && operands[0] === variable && operands[1] === variable;
}

function usesOf(instruction: Instruction, copy: number, variable: number) {
  const reads = { copy: 0, variable: 0 };
  let isWritten = false;
  forEachRead(instruction, (register) => {
    if (register === copy) reads.copy++;
    if (register === variable) reads.variable++;
  });
  forEachWrite(instruction, 0, (register) => {
    if (register === variable || register === copy) isWritten = true;
  });
  return { reads, isWritten };
}

function renameReads(instruction: Instruction, from: number, to: number): void {
  for (const index of shapeOfInstruction(instruction).sources) {
    if (instruction.operands[index] === from) instruction.operands[index] = to;
  }
}

// --- constants ------------------------------------------------------------------------------------------------------

const IMMEDIATE_TESTS: Readonly<Record<string, { readonly mnemonic: string; readonly isSwapped: boolean }>> = {
  'i32.br_eq_imm': { mnemonic: 'i32.br_eq', isSwapped: false },
  'i32.br_ne_imm': { mnemonic: 'i32.br_ne', isSwapped: false },
  'i32.br_lt_s_imm': { mnemonic: 'i32.br_lt_s', isSwapped: false },
  'i32.br_ge_s_imm': { mnemonic: 'i32.br_le_s', isSwapped: true },
  'i32.br_lt_u_imm': { mnemonic: 'i32.br_lt_u', isSwapped: false },
};

/**
 * Puts the constants that counters are compared with, and that values are multiplied with before they are added, into
 * registers of their own: in `loops`, from which these are moved out. `next` is the first free virtual register, and what
 * is given back.
 */
export function separateConstants(loops: readonly Loop[], next: number): number {
  let free = next;
  for (const block of new Set(loops.flatMap(({ blocks }) => blocks))) {
    block.code = block.code.flatMap((instruction, index) => {
      const constant =
        separateBound(instruction, block.code[index - 1], free) ?? separateFactor(instruction, block.code, free);
      if (constant === undefined) return [instruction];
      free++;
      return [constant, instruction];
    });
  }
  return free;
}

/** The constant of a comparison behind the step of what it compares, loaded into `register`. */
function separateBound(branch: Instruction, step: Instruction | undefined, register: number): Instruction | undefined {
  const test = IMMEDIATE_TESTS[branch.mnemonic];
  const [counter, bound] = branch.operands as [number, number];
  if (test === undefined || step === undefined || !isStep(step, counter)) return undefined;
  branch.mnemonic = test.mnemonic;
  branch.operands = test.isSwapped ? [register, counter] : [counter, register];
  return createInstruction('i32.const', [register, bound], branch.token);
}

/** The constant of a multiplication whose product is added to something in the same block. */
function separateFactor(product: Instruction, code: readonly Instruction[], register: number): Instruction | undefined {
  if (product.mnemonic !== 'i32.mul_imm' || product.operands[0]! < FIRST_VIRTUAL) return undefined;
  const [result, factor, constant] = product.operands as [number, number, number];
  const isAdded = code.some(({ mnemonic, operands }) => mnemonic === 'i32.add' && operands.indexOf(result, 1) > 0);
  if (!isAdded) return undefined;
  product.mnemonic = 'i32.mul';
  product.operands = [result, factor, register];
  return createInstruction('i32.const', [register, constant], product.token);
}

// --- indices --------------------------------------------------------------------------------------------------------

/**
 * `base[x + y]` with `x` and the base the same in each round of a loop becomes `(base + x)[y]`, whose address is moved out of
 * the loop. As separateConstants for `next`.
 */
export function separateIndices(loops: readonly Loop[], registerCount: number, next: number): number {
  let free = next;
  for (const loop of loops) {
    const written = writtenIn(loop.blocks, registerCount);
    for (const { code } of loop.blocks) {
      for (let index = 0; index < code.length; index++) {
        const address = separateIndex(code, index, written, free);
        if (address === undefined) continue;
        code.splice(index++, 0, address);
        free++;
      }
    }
  }
  return free;
}

/** The address of the part that is the same, for the access at `index`; the access uses it. */
function separateIndex(
  code: readonly Instruction[],
  index: number,
  written: ReadonlySet<number>,
  register: number,
): Instruction | undefined {
  const access = code[index]!;
  const shift = indexShift(access);
  if (shift === undefined) return undefined;
  const [, base, place] = access.operands as [number, number, number];
  if (place < FIRST_VIRTUAL || written.has(base)) return undefined;
  const sum = findWriter(code, index, place);
  if (sum?.mnemonic !== 'i32.add') return undefined;
  const [, left, right] = sum.operands as [number, number, number];
  const [same, other] = written.has(left) ? [right, left] : [left, right];
  if (written.has(same) || !written.has(other) || isWrittenBetween(code, sum, access, other)) return undefined;
  access.operands[1] = register;
  access.operands[2] = other;
  return shift === 0
    ? createInstruction('i32.add', [register, same, base], access.token)
    : createInstruction('i32.shl_add', [register, same, base, shift], access.token);
}

/** What writes `register` in front of `index`. */
function findWriter(code: readonly Instruction[], index: number, register: number): Instruction | undefined {
  for (let at = index - 1; at >= 0; at--) {
    if (shapeOfInstruction(code[at]!).destination === 0 && code[at]!.operands[0] === register) return code[at];
  }
  return undefined;
}

function isWrittenBetween(code: readonly Instruction[], from: Instruction, to: Instruction, register: number): boolean {
  let isWritten = false;
  for (let at = code.indexOf(from) + 1; code[at] !== to; at++) {
    forEachWrite(code[at]!, 0, (one) => {
      if (one === register) isWritten = true;
    });
  }
  return isWritten;
}
