// Jumps that go through jumps, loops that are entered by a jump to their test, and ends of functions that are jumped to:
// the test or the end is copied to where the jump was.
import { createInstruction, type Instruction, type Label } from './code-list';
import { type Block, buildFlowGraph, type FlowGraph } from './flow-graph';
import { shapeOfInstruction } from './instruction-shape';

/** Instructions of a loop's test, or of an end of the function, that are worth a copy. */
const LONGEST_TEST = 4;
const LONGEST_END = 2;

/** Branches and what they are when they go the other way; with swapped operands where the name has a tilde. */
const OPPOSITES: Readonly<Record<string, string>> = {
  br_if: 'br_unless',
  'i32.br_eq': 'i32.br_ne',
  'i32.br_lt_s': '~i32.br_le_s',
  'i32.br_lt_u': '~i32.br_le_u',
  'i32.br_eq_imm': 'i32.br_ne_imm',
  'i32.br_lt_s_imm': 'i32.br_ge_s_imm',
  'i32.br_lt_u_imm': 'i32.br_ge_u_imm',
  'i32.br_any_imm': 'i32.br_none_imm',
  'i64.br_if': 'i64.br_unless',
  'i64.br_eq': 'i64.br_ne',
  'i64.br_lt_s': '~i64.br_le_s',
  'i64.br_lt_u': '~i64.br_le_u',
  'f64.br_eq': 'f64.br_ne',
  'f64.br_lt': 'f64.br_nlt',
  'f64.br_le': 'f64.br_nle',
};

const INVERSES: ReadonlyMap<string, string> = new Map(
  Object.entries(OPPOSITES).flatMap(([name, opposite]): [string, string][] => {
    const isSwapped = opposite.startsWith('~');
    const other = isSwapped ? opposite.slice(1) : opposite;
    return [
      [name, opposite],
      [other, isSwapped ? `~${name}` : name],
    ];
  }),
);

/** The branch that jumps to `target` when `branch` would not jump; undefined when there is none. */
export function inverseBranch(branch: Instruction, target: Label): Instruction | undefined {
  const inverse = INVERSES.get(branch.mnemonic);
  if (inverse === undefined) return undefined;
  const isSwapped = inverse.startsWith('~');
  const operands = isSwapped ? [...branch.operands].reverse() : [...branch.operands];
  return createInstruction(isSwapped ? inverse.slice(1) : inverse, operands, branch.token, target);
}

/** Shortens the ways through `graph`; gives the graph that comes of it. */
export function optimiseJumps(graph: FlowGraph): FlowGraph {
  for (const block of graph.blocks) {
    for (const instruction of block.code) retarget(graph, instruction);
  }
  for (const block of graph.blocks) replaceJump(graph, block);
  return buildFlowGraph(graph.items());
}

/** Lets an instruction jump to where its target jumps to. */
function retarget(graph: FlowGraph, instruction: Instruction): void {
  if (instruction.target !== undefined) instruction.target = finalTarget(graph, instruction.target);
  if (instruction.targets !== undefined) {
    instruction.targets = instruction.targets.map((target) => finalTarget(graph, target));
  }
}

function finalTarget(graph: FlowGraph, label: Label): Label {
  let current = label;
  for (let steps = 0; steps < graph.blocks.length; steps++) {
    const [first] = graph.target(current).code;
    if (first?.mnemonic !== 'jump') return current;
    current = first.target!;
  }
  return label;
}

function replaceJump(graph: FlowGraph, block: Block): void {
  const jump = block.code[block.code.length - 1];
  if (jump?.mnemonic !== 'jump') return;
  const target = graph.target(jump.target!);
  const next = graph.blocks[block.index + 1];
  if (target === next) {
    block.code.pop();
    return;
  }
  const copy = isShortEnd(target)
    ? target.code.map(copyOf)
    : (copiedTest(graph, target, next) ?? copiedBranch(graph, target));
  if (copy !== undefined) block.code.splice(-1, 1, ...copy);
}

function isShortEnd({ code }: Block): boolean {
  return code.length <= LONGEST_END && code[code.length - 1]!.mnemonic.startsWith('return');
}

function copyOf(instruction: Instruction): Instruction {
  return { ...instruction, operands: [...instruction.operands] };
}

/**
 * A branch that only the code in front of it and one jump lead to, as it stands in place of the jump: what is in front of it
 * can be fused with it then.
 */
function copiedBranch(graph: FlowGraph, { code, index, predecessors }: Block): Instruction[] | undefined {
  const [branch, another] = code;
  const before = graph.blocks[index - 1];
  const behind = graph.blocks[index + 1];
  const isBranch = branch?.target !== undefined && !shapeOfInstruction(branch).isTerminator;
  if (!isBranch || another !== undefined || before === undefined || behind === undefined) return undefined;
  if (predecessors.length !== 2 || !predecessors.includes(before)) return undefined;
  return [copyOf(branch), createInstruction('jump', [], branch.token, graph.labelOf(behind))];
}

/** The test of a loop whose body is `body`, as it stands in front of the loop: it jumps behind it. */
function copiedTest(graph: FlowGraph, test: Block, body: Block | undefined): Instruction[] | undefined {
  const branch = test.code[test.code.length - 1]!;
  const behind = graph.blocks[test.index + 1];
  const isTest = branch.target !== undefined && !shapeOfInstruction(branch).isTerminator && behind !== undefined;
  if (!isTest || test.code.length > LONGEST_TEST || graph.target(branch.target!) !== body) return undefined;
  const inverse = inverseBranch(branch, graph.labelOf(behind));
  return inverse === undefined ? undefined : [...test.code.slice(0, -1).map(copyOf), inverse];
}
