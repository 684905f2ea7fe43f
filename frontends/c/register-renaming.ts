// Gives temporaries registers of their own: a value that is written and read in one block alone gets a virtual register,
// which is written once. What remains is variables, arguments and results of calls.
import type { Instruction } from './code-list';
import type { FlowGraph } from './flow-graph';
import { FIRST_VIRTUAL, shapeOfInstruction } from './instruction-shape';
import type { Liveness } from './liveness';

/** A value in a register: where it is written, and the operands that read it. */
interface Web {
  readonly writer: Instruction | undefined;
  readonly readers: { instruction: Instruction; operand: number }[];
  /** It must stay in its register. */
  isPinned: boolean;
}

/** Renames in `graph`; gives the first virtual register that is not used. */
export function renameTemporaries(graph: FlowGraph, liveness: Liveness, registerCount: number): number {
  let next = FIRST_VIRTUAL;
  for (const block of graph.blocks) {
    const webs: (Web | undefined)[] = new Array(registerCount).fill(undefined);
    const close = (register: number) => {
      const web = webs[register];
      webs[register] = undefined;
      if (web?.writer === undefined || web.isPinned) return;
      const name = next++;
      web.writer.operands[shapeOfInstruction(web.writer).destination] = name;
      for (const { instruction, operand } of web.readers) instruction.operands[operand] = name;
    };
    for (const instruction of block.code) renameIn(instruction, webs, close);
    const live = liveness.endOf(block);
    for (let register = 0; register < registerCount; register++) {
      if (live.has(register)) pin(webs, register);
      close(register);
    }
  }
  return next;
}

function renameIn(instruction: Instruction, webs: (Web | undefined)[], close: (register: number) => void): void {
  const { destination, sources, changed, isCall } = shapeOfInstruction(instruction);
  const { operands, argumentCount } = instruction;
  for (const operand of sources) webs[operands[operand]!]?.readers.push({ instruction, operand });
  for (const operand of changed) pin(webs, operands[operand]!);
  if (isCall) {
    const [window] = operands as [number];
    for (let index = 0; index < argumentCount; index++) pin(webs, window + index);
    for (let register = window; register < webs.length; register++) {
      close(register);
      webs[register] = undefined;
    }
    return;
  }
  if (destination < 0) return;
  const register = operands[destination]!;
  close(register);
  webs[register] = { writer: instruction, readers: [], isPinned: false };
}

function pin(webs: (Web | undefined)[], register: number): void {
  const web = webs[register];
  if (web !== undefined) web.isPinned = true;
}
