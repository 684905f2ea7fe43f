// The code of a function as blocks: runs of instructions that are entered at their start alone, and left at their end.
import { type CodeItem, type Instruction, isLabel, type Label } from './code-list';
import { shapeOfInstruction } from './instruction-shape';

export interface Block {
  /** Its place in the order of the code. */
  index: number;
  readonly labels: Label[];
  code: Instruction[];
  successors: Block[];
  predecessors: Block[];
}

/** Blocks in the order of the code: without a jump at its end, one goes on in the next. */
export class FlowGraph {
  constructor(
    readonly blocks: readonly Block[],
    private readonly places: Map<Label, Block>,
  ) {}

  /** The block that `label` stands for. */
  target(label: Label): Block {
    return this.places.get(label)!;
  }

  /** A label of `block`: a new one if it has none. */
  labelOf(block: Block): Label {
    let [label] = block.labels;
    if (label === undefined) {
      label = { isUsed: true, isPlaced: true };
      block.labels.push(label);
      this.places.set(label, block);
    }
    return label;
  }

  /** The code again, with the labels that something jumps to. */
  items(): CodeItem[] {
    const used = usedLabels(this.blocks.flatMap(({ code }) => code));
    return this.blocks.flatMap(({ labels, code }) => [...labels.filter((label) => used.has(label)), ...code]);
  }
}

/** The graph of `items`, without what cannot be reached. */
export function buildFlowGraph(items: readonly CodeItem[]): FlowGraph {
  const { blocks, places } = splitIntoBlocks(items);
  connect(blocks, places);
  const reached = reachable(blocks);
  const kept = blocks.filter((block) => reached.has(block));
  kept.forEach((block, index) => {
    block.index = index;
    block.predecessors = block.predecessors.filter((other) => reached.has(other));
  });
  return new FlowGraph(kept, places);
}

function usedLabels(items: readonly CodeItem[]): Set<Label> {
  const used = new Set<Label>();
  for (const item of items) {
    if (isLabel(item)) continue;
    if (item.target !== undefined) used.add(item.target);
    for (const target of item.targets ?? []) used.add(target);
  }
  return used;
}

function splitIntoBlocks(items: readonly CodeItem[]): { blocks: Block[]; places: Map<Label, Block> } {
  const used = usedLabels(items);
  const blocks: Block[] = [];
  const places = new Map<Label, Block>();
  let current: Block | undefined;
  const open = (): Block => {
    const block: Block = { index: blocks.length, labels: [], code: [], successors: [], predecessors: [] };
    blocks.push(block);
    return block;
  };
  for (const item of items) {
    if (isLabel(item)) {
      if (!used.has(item)) continue;
      if (current === undefined || current.code.length > 0) current = open();
      current.labels.push(item);
      places.set(item, current);
      continue;
    }
    current ??= open();
    current.code.push(item);
    if (item.target !== undefined || shapeOfInstruction(item).isTerminator) current = undefined;
  }
  return { blocks, places };
}

function connect(blocks: readonly Block[], places: ReadonlyMap<Label, Block>): void {
  blocks.forEach((block, index) => {
    const last = block.code[block.code.length - 1];
    const next = blocks[index + 1];
    const successors = new Set<Block>();
    if ((last === undefined || !shapeOfInstruction(last).isTerminator) && next !== undefined) successors.add(next);
    if (last?.target !== undefined) successors.add(places.get(last.target)!);
    for (const target of last?.targets ?? []) successors.add(places.get(target)!);
    block.successors = [...successors];
    for (const successor of successors) successor.predecessors.push(block);
  });
}

function reachable(blocks: readonly Block[]): Set<Block> {
  const [entry] = blocks;
  const reached = new Set<Block>(entry === undefined ? [] : [entry]);
  for (const block of reached) for (const successor of block.successors) reached.add(successor);
  return reached;
}
