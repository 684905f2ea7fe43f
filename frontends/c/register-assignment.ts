// Gives virtual registers their places: each the first register that is free wherever its value is needed.
import type { Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { FIRST_VIRTUAL, forEachRead, forEachWrite, shapeOfInstruction } from './instruction-shape';
import { MAX_REGISTERS } from './limits';
import { BitSet, Liveness } from './liveness';

/** From a place in the code to another: an instruction reads at twice its number, and writes at the next one. */
type Span = readonly [from: number, to: number];

/** The first number behind the virtual registers that are needed in several blocks, and behind all. */
export interface VirtualRegisters {
  readonly shared: number;
  readonly end: number;
}

/** Numbers the virtual registers anew, those needed in several blocks first. */
export function compactRegisters(graph: FlowGraph): VirtualRegisters {
  const homes = new Map<number, Block>();
  const shared = new Set<number>();
  for (const block of graph.blocks) {
    const note = (register: number) => {
      if (register < FIRST_VIRTUAL) return;
      const home = homes.get(register);
      if (home === undefined) homes.set(register, block);
      else if (home !== block) shared.add(register);
    };
    for (const instruction of block.code) {
      forEachRead(instruction, note);
      forEachWrite(instruction, 0, note);
    }
  }
  const names = new Map<number, number>();
  for (const register of shared) names.set(register, FIRST_VIRTUAL + names.size);
  for (const register of homes.keys()) if (!shared.has(register)) names.set(register, FIRST_VIRTUAL + names.size);
  renameAll(graph, names);
  return { shared: FIRST_VIRTUAL + shared.size, end: FIRST_VIRTUAL + names.size };
}

function renameAll(graph: FlowGraph, names: ReadonlyMap<number, number>): void {
  for (const { code } of graph.blocks) {
    for (const instruction of code) {
      const { destination, sources } = shapeOfInstruction(instruction);
      for (const index of [destination, ...sources]) {
        const name = index < 0 ? undefined : names.get(instruction.operands[index]!);
        if (name !== undefined) instruction.operands[index] = name;
      }
    }
  }
}

/** Assigns in `graph`. False when there are too few registers: then the code is not to be used. */
export function assignRegisters(graph: FlowGraph, { shared, end }: VirtualRegisters): boolean {
  if (end === FIRST_VIRTUAL) return true;
  const liveness = new Liveness(graph, shared, MAX_REGISTERS);
  const assignment = new Assignment(graph, liveness, end);
  const names = assignment.assign();
  if (names === undefined) return false;
  renameAll(graph, names);
  for (const block of graph.blocks) block.code = block.code.filter((instruction) => !isIdle(instruction));
  return true;
}

function isIdle({ mnemonic, operands }: Instruction): boolean {
  return mnemonic === 'move' && operands[0] === operands[1];
}

class Assignment {
  private readonly spans: Span[][] = [];
  private readonly busy: BitSet[] = [];
  /** Where the span being followed of each register ends; -1 for those not needed. */
  private readonly needed: Int32Array;
  private readonly length: number;

  constructor(
    private readonly graph: FlowGraph,
    private readonly liveness: Liveness,
    end: number,
  ) {
    this.length = 2 * graph.blocks.reduce((sum, { code }) => sum + code.length + 1, 0) + 2;
    this.needed = new Int32Array(end).fill(-1);
  }

  /** The register of each virtual one. */
  assign(): Map<number, number> | undefined {
    let position = 0;
    for (const block of this.graph.blocks) {
      this.follow(block, position);
      position += block.code.length + 1;
    }
    const names = new Map<number, number>();
    const starts = this.spans.flatMap((spans, register) =>
      register >= FIRST_VIRTUAL ? [[register, Math.min(...spans.map(([from]) => from))] as const] : [],
    );
    starts.sort(([, a], [, b]) => a - b);
    const wishes = this.wishes();
    for (const [register] of starts) {
      const spans = this.spans[register]!;
      const wish = wishes.get(register);
      let place = wish !== undefined && this.isFree(wish, spans) ? wish : 0;
      while (place < MAX_REGISTERS && !this.isFree(place, spans)) place++;
      if (place === MAX_REGISTERS) return undefined;
      names.set(register, place);
      for (const span of spans) this.occupy(place, span);
    }
    return names;
  }

  /** Where virtual registers are moved to or come from: there no move is needed. */
  private wishes(): Map<number, number> {
    const wishes = new Map<number, number>();
    for (const { code } of this.graph.blocks) {
      for (const { mnemonic, operands } of code) {
        if (mnemonic !== 'move') continue;
        const [to, from] = operands as [number, number];
        if (from >= FIRST_VIRTUAL && to < FIRST_VIRTUAL) wishes.set(from, to);
        if (to >= FIRST_VIRTUAL && from < FIRST_VIRTUAL && !wishes.has(to)) wishes.set(to, from);
      }
    }
    return wishes;
  }

  /** Finds from where to where registers are needed in `block`, whose first instruction has the number `first`. */
  private follow(block: Block, first: number): void {
    const { code } = block;
    const last = first + code.length;
    this.liveness.endOf(block).forEach((register) => {
      this.needed[register] = 2 * last;
    });
    for (let index = code.length - 1; index >= 0; index--) this.step(code[index]!, 2 * (first + index));
    this.needed.forEach((to, register) => {
      if (to < 0) return;
      this.add(register, [2 * first, to]);
      this.needed[register] = -1;
    });
  }

  private step(instruction: Instruction, place: number): void {
    forEachWrite(instruction, MAX_REGISTERS, (register) => {
      this.add(register, [place + 1, Math.max(this.needed[register]!, place + 1)]);
      this.needed[register] = -1;
    });
    forEachRead(instruction, (register) => {
      if (this.needed[register]! < 0) this.needed[register] = place;
    });
  }

  private add(register: number, span: Span): void {
    if (register >= FIRST_VIRTUAL) (this.spans[register] ??= []).push(span);
    else this.occupy(register, span);
  }

  private occupy(register: number, [from, to]: Span): void {
    const set = (this.busy[register] ??= new BitSet(this.length));
    for (let place = from; place <= to; place++) set.add(place);
  }

  private isFree(register: number, spans: readonly Span[]): boolean {
    const set = this.busy[register];
    if (set === undefined) return true;
    for (const [from, to] of spans) for (let place = from; place <= to; place++) if (set.has(place)) return false;
    return true;
  }
}

/** How many registers the code needs, those of its calls' arguments and results included. */
export function countRegisters(graph: FlowGraph): number {
  let count = 1;
  const note = (register: number) => {
    if (register >= count) count = register + 1;
  };
  for (const { code } of graph.blocks) {
    for (const instruction of code) {
      forEachRead(instruction, note);
      const { destination, isCall } = shapeOfInstruction(instruction);
      if (destination >= 0) note(instruction.operands[destination]!);
      if (isCall) note(instruction.operands[0]!);
    }
  }
  return count;
}
