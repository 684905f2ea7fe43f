// Improves the code of one function after it was generated: the order of the steps, and when there are none.

import { shareAddresses } from './address-groups';
import { type CodeItem, isLabel } from './code-list';
import { buildFlowGraph } from './flow-graph';
import { fuseInstructions } from './instruction-fusion';
import { optimiseJumps } from './jump-optimiser';
import { Liveness, removeDeadCode } from './liveness';
import { hoistInvariants, simpleLoops } from './loop-invariants';
import { separateConstants, separateIndices, sinkSteps } from './loop-preparation';
import { assignRegisters, compactRegisters, countRegisters } from './register-assignment';
import { renameTemporaries } from './register-renaming';
import { numberValues } from './value-numbering';

/** Longer functions stay as they are: the work grows faster than the code. */
const LONGEST = 6000;

/** A function's code and how many registers it needs. */
export interface FunctionCode {
  readonly items: readonly CodeItem[];
  readonly registerCount: number;
  /** It calls setjmp: control may come back into the middle of it. */
  readonly isReturnedTo: boolean;
}

/**
 * Better code for the same: `parameterCount` registers have values at its start. What setjmp comes back to must find its
 * registers as they were, so such code stays as it is.
 */
export function optimise(code: FunctionCode, parameterCount: number): FunctionCode {
  if (code.isReturnedTo || code.items.length > LONGEST) return code;
  const { registerCount } = code;
  const graph = optimiseJumps(buildFlowGraph(code.items.map(copyOf)));
  const first = new Liveness(graph, registerCount, registerCount);
  let free = renameTemporaries(graph, first, registerCount);
  free = shareAddresses(graph, registerCount, free);
  numberValues(graph, registerCount);
  sinkSteps(graph);
  const loops = simpleLoops(graph);
  free = separateConstants(loops, free);
  hoistInvariants(loops, registerCount);
  separateIndices(loops, registerCount, free);
  hoistInvariants(loops, registerCount);
  const names = compactRegisters(graph);
  removeDeadCode(graph, new Liveness(graph, names.end, registerCount));
  fuseInstructions(graph, registerCount);
  if (!assignRegisters(graph, names)) return code;
  const needed = Math.max(parameterCount, countRegisters(graph));
  return { items: graph.items(), registerCount: needed, isReturnedTo: false };
}

function copyOf(item: CodeItem): CodeItem {
  return isLabel(item) ? item : { ...item, operands: [...item.operands] };
}
