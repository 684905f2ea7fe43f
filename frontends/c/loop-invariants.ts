// Moves what computes the same value in each round of a loop in front of it.
import { createInstruction, type Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { FIRST_VIRTUAL, forEachRead, forEachWrite, shapeOfInstruction } from './instruction-shape';

/** Blocks that follow on each other, are entered through one of them, and jump back. */
interface Loop {
  readonly blocks: readonly Block[];
  /** From where it is entered. */
  readonly entry: Block;
}

/** Registers that one loop may take for what is computed in front. */
const MOST = 24;

/** Moves in `graph`; loops with calls stay as they are, for a call leaves no room above its arguments. */
export function hoistInvariants(graph: FlowGraph, registerCount: number): void {
  for (const loop of loopsOf(graph)) {
    const hasCall = loop.blocks.some(({ code }) => code.some((one) => shapeOfInstruction(one).isCall));
    if (!hasCall) hoistFrom(loop, registerCount);
  }
}

/** The loops of `graph` that are entered from one block alone, inner ones first. */
function loopsOf(graph: FlowGraph): Loop[] {
  const ends = new Map<number, number>();
  for (const block of graph.blocks) {
    for (const { index } of block.successors) {
      if (index <= block.index) ends.set(index, Math.max(ends.get(index) ?? 0, block.index));
    }
  }
  const ranges = [...ends].sort(([a, b], [c, d]) => b - a - (d - c));
  return ranges.flatMap(([start, end]): Loop[] => {
    const blocks = graph.blocks.slice(start, end + 1);
    const isOutside = ({ index }: Block) => index < start || index > end;
    const entries = new Set(blocks.flatMap(({ predecessors }) => predecessors.filter(isOutside)));
    const [entry] = entries;
    return entries.size === 1 ? [{ blocks, entry: entry! }] : [];
  });
}

function hoistFrom({ blocks, entry }: Loop, registerCount: number): void {
  const written = new Set<number>();
  for (const { code } of blocks) {
    for (const instruction of code) {
      forEachWrite(instruction, registerCount, (register) => {
        written.add(register);
      });
    }
  }
  const hoisted: Instruction[] = [];
  for (const block of blocks) {
    block.code = block.code.filter((instruction) => {
      if (hoisted.length === MOST || !isInvariant(instruction, written)) return true;
      written.delete(instruction.operands[0]!);
      hoisted.push(instruction);
      return false;
    });
  }
  const { code } = entry;
  const last = code[code.length - 1];
  const endsInJump = last !== undefined && (last.target !== undefined || shapeOfInstruction(last).isTerminator);
  code.splice(endsInJump ? code.length - 1 : code.length, 0, ...hoisted);
}

function isInvariant(instruction: Instruction, written: ReadonlySet<number>): boolean {
  const { isPure, destination } = shapeOfInstruction(instruction);
  if (!isPure || instruction.mnemonic === 'move' || instruction.operands[destination]! < FIRST_VIRTUAL) return false;
  let isSame = true;
  forEachRead(instruction, (register) => {
    if (written.has(register)) isSame = false;
  });
  return isSame;
}

const IMMEDIATE_TESTS: Readonly<Record<string, { readonly mnemonic: string; readonly isSwapped: boolean }>> = {
  'i32.br_eq_imm': { mnemonic: 'i32.br_eq', isSwapped: false },
  'i32.br_ne_imm': { mnemonic: 'i32.br_ne', isSwapped: false },
  'i32.br_lt_s_imm': { mnemonic: 'i32.br_lt_s', isSwapped: false },
  'i32.br_ge_s_imm': { mnemonic: 'i32.br_le_s', isSwapped: true },
  'i32.br_lt_u_imm': { mnemonic: 'i32.br_lt_u', isSwapped: false },
};

/**
 * Puts the constant that a loop's counter is compared with into a register of its own, so that counting and comparing can
 * become one instruction. `next` is the first free virtual register, and what is given back.
 */
export function separateBounds(graph: FlowGraph, next: number): number {
  let free = next;
  for (const { code, index } of graph.blocks) {
    const [step, branch] = code.slice(-2);
    const test = branch === undefined ? undefined : IMMEDIATE_TESTS[branch.mnemonic];
    if (test === undefined || step?.mnemonic !== 'i32.add_imm' || graph.target(branch!.target!).index > index) continue;
    const [counter, bound] = branch!.operands as [number, number];
    if (step.operands[0] !== counter || step.operands[1] !== counter) continue;
    const register = free++;
    code.splice(-2, 0, createInstruction('i32.const', [register, bound], branch!.token));
    branch!.mnemonic = test.mnemonic;
    branch!.operands = test.isSwapped ? [register, counter] : [counter, register];
  }
  return free;
}
