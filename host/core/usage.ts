// What all invocations of a function, a tenant or a host have used together.
import type { Budget, Counted } from '../../vm/index';

/** Of what is held at a time (memory, open requests, invocations, the queue, the storage): how much now. */
export type BudgetUsage = Readonly<Record<Counted, number>> & {
  /** The most memory at a time, in bytes. */
  readonly memoryPeakBytes: number;
};

export function usageOf(budget: Budget): BudgetUsage {
  return { ...budget.used, memoryPeakBytes: budget.memoryPeakBytes };
}
