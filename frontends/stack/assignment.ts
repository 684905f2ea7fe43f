// Finds the locals that some way reads before it sets them: those begin as 0, so the function has to clear them. All
// others need no code. Sets of locals are bytes by register.
import type { CheckedBody } from './checker';
import type { FunctionSource, Local } from './functions';
import { isTerminator, type Label, type Operation, targetsOf } from './operations';
import type { ResolvedBody } from './resolver';

/** Passes over a function; one settles loops with a single way in. What takes more has all its locals cleared. */
const MOST_PASSES = 4;

/** The locals that a function must clear, in the order of their registers. */
export function localsToClear(source: FunctionSource, body: ResolvedBody, checked: CheckedBody): Local[] {
  const parameterCount = source.signature.params.length;
  const variables = [...source.locals.values()].slice(parameterCount);
  if (variables.length === 0) return [];
  const analysis = new AssignmentAnalysis(source, body, checked);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    if (!analysis.pass()) return variables.filter(({ register }) => analysis.readUnset[register] === 1);
  }
  return variables;
}

class AssignmentAnalysis {
  /** By register: some way reads it before it is set. */
  readonly readUnset: Uint8Array;
  /** By label: the locals that are set on all ways there that are known so far. */
  private readonly atLabels: (Uint8Array | null)[];
  private hasChanged = false;

  constructor(
    private readonly source: FunctionSource,
    private readonly body: ResolvedBody,
    private readonly checked: CheckedBody,
  ) {
    this.readUnset = new Uint8Array(source.locals.size);
    this.atLabels = new Array(body.labelCount).fill(null);
  }

  /** Goes through the code once. Answers whether more is known now about what came before. */
  pass(): boolean {
    this.hasChanged = false;
    let set: Uint8Array | null = new Uint8Array(this.source.locals.size);
    set.fill(1, 0, this.source.signature.params.length);
    this.body.operations.forEach((operation, position) => {
      if (this.checked.isReachable[position] === 0) return;
      if (operation.kind === 'label') {
        if (set !== null) this.meet(operation.label, set);
        set = this.atLabels[operation.label.index]?.slice() ?? null;
      }
      if (set === null) return;
      this.apply(operation, set);
      for (const label of targetsOf(operation)) this.meet(label, set);
      if (isTerminator(operation)) set = null;
    });
    return this.hasChanged;
  }

  private apply(operation: Operation, set: Uint8Array): void {
    if (operation.kind === 'set' || operation.kind === 'tee') set[operation.local.register] = 1;
    else if (operation.kind === 'get' && set[operation.local.register] === 0) {
      this.readUnset[operation.local.register] = 1;
    }
  }

  /** Only what is set on this way too is set at the label. */
  private meet(label: Label, set: Uint8Array): void {
    const known = this.atLabels[label.index]!;
    if (known === null) {
      this.atLabels[label.index] = set.slice();
      this.hasChanged = true;
      return;
    }
    for (let register = 0; register < known.length; register++) {
      if (known[register] === 0 || set[register] === 1) continue;
      known[register] = 0;
      this.hasChanged = true;
    }
  }
}
