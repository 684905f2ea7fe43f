// Which registers are still needed, at the start and the end of each block.
import type { Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { forEachRead, forEachWrite, shapeOfInstruction } from './instruction-shape';

const BITS = 32;

/** A set of small numbers. */
export class BitSet {
  readonly words: Int32Array;

  constructor(size: number) {
    this.words = new Int32Array((size + BITS - 1) >> 5);
  }

  has(member: number): boolean {
    return ((this.words[member >> 5]! >>> (member & 31)) & 1) === 1;
  }

  add(member: number): void {
    this.words[member >> 5]! |= 1 << (member & 31);
  }

  delete(member: number): void {
    this.words[member >> 5]! &= ~(1 << (member & 31));
  }

  /** Adds all members of `other`: whether some were new. */
  addAll(other: BitSet): boolean {
    let isChanged = false;
    for (let index = 0; index < this.words.length; index++) {
      const joined = this.words[index]! | other.words[index]!;
      if (joined !== this.words[index]) isChanged = true;
      this.words[index] = joined;
    }
    return isChanged;
  }

  forEach(visit: (member: number) => void): void {
    this.words.forEach((word, index) => {
      for (let rest = word; rest !== 0; rest &= rest - 1) visit(index * BITS + 31 - Math.clz32(rest & -rest));
    });
  }
}

/** What is needed of the registers below `size`. */
export class Liveness {
  private readonly atStart: readonly BitSet[];

  constructor(
    private readonly graph: FlowGraph,
    private readonly size: number,
    /** Registers from here on are lost by calls whose window begins below: those that are not virtual. */
    private readonly physicalCount: number,
  ) {
    this.atStart = graph.blocks.map(() => new BitSet(size));
    this.solve();
  }

  startOf(block: Block): BitSet {
    return this.atStart[block.index]!;
  }

  /** What is needed at the end of `block`: a new set. */
  endOf(block: Block): BitSet {
    const live = new BitSet(this.size);
    for (const successor of block.successors) live.addAll(this.atStart[successor.index]!);
    return live;
  }

  /** From what is needed behind `instruction` to what is needed in front of it. */
  step(instruction: Instruction, live: BitSet): void {
    forEachWrite(instruction, this.physicalCount, (register) => {
      live.delete(register);
    });
    forEachRead(instruction, (register) => {
      live.add(register);
    });
  }

  private solve(): void {
    const { blocks } = this.graph;
    const waiting = new Set<Block>([...blocks].reverse());
    for (const block of waiting) {
      waiting.delete(block);
      const live = this.endOf(block);
      for (let index = block.code.length - 1; index >= 0; index--) this.step(block.code[index]!, live);
      if (!this.atStart[block.index]!.addAll(live)) continue;
      for (const predecessor of block.predecessors) waiting.add(predecessor);
    }
  }
}

/** Takes out what computes values that nobody needs. */
export function removeDeadCode(graph: FlowGraph, liveness: Liveness): void {
  for (const block of graph.blocks) {
    const live = liveness.endOf(block);
    const kept: Instruction[] = [];
    for (let index = block.code.length - 1; index >= 0; index--) {
      const instruction = block.code[index]!;
      const { destination, isPure } = shapeOfInstruction(instruction);
      if (isPure && !live.has(instruction.operands[destination]!)) continue;
      liveness.step(instruction, live);
      kept.push(instruction);
    }
    block.code = kept.reverse();
  }
}
