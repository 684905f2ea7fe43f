// Moves what computes the same value in each round of a loop in front of it.
import type { Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { FIRST_VIRTUAL, forEachRead, forEachWrite, shapeOfInstruction } from './instruction-shape';

/** Blocks that follow on each other, are entered through one of them, and jump back. */
export interface Loop {
  readonly blocks: readonly Block[];
  /** From where it is entered. */
  readonly entry: Block;
}

/** Registers that one loop may take for what is computed in front. */
const MOST = 24;

/** Moves what is the same in each round of `loops` in front of them: inner loops come first. */
export function hoistInvariants(loops: readonly Loop[], registerCount: number): void {
  for (const loop of loops) hoistFrom(loop, registerCount);
}

/**
 * The loops of `graph` that are entered from one block alone, inner ones first. Those with calls are left out, for a call
 * leaves no room above its arguments.
 */
export function simpleLoops(graph: FlowGraph): Loop[] {
  return loopsOf(graph).filter(
    ({ blocks }) => !blocks.some(({ code }) => code.some((one) => shapeOfInstruction(one).isCall)),
  );
}

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
  const written = writtenIn(blocks, registerCount);
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

/** The registers that `blocks` write. */
export function writtenIn(blocks: readonly Block[], registerCount: number): Set<number> {
  const written = new Set<number>();
  for (const { code } of blocks) {
    for (const instruction of code) {
      forEachWrite(instruction, registerCount, (register) => {
        written.add(register);
      });
    }
  }
  return written;
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
