// Charges that count, refuse at a limit, or wait until they are let go: what stands in for budgets in tests of syscalls.
import { Budget, type Charged, type Charges, LimitReached } from '../../vm/index';

/** Without limits. */
export const UNLIMITED_CHARGES: Charges = { charge: () => undefined, release: () => {} };

export class CountedCharges implements Charges {
  /** What is charged and was not given back. */
  readonly used: Partial<Record<Charged, number>> = {};
  /** Each charge, in order. */
  readonly log: string[] = [];
  /** While it is set, charges of that name wait for it. */
  gate: { readonly name: Charged; readonly opened: Promise<void> } | null = null;

  constructor(private readonly limits: Partial<Record<Charged, number>> = {}) {}

  charge(name: Charged, amount: number): undefined | Promise<void> {
    const used = (this.used[name] ?? 0) + amount;
    const refusal = this.budgetFor(name).refusal(name, used, 0);
    if (refusal !== null) throw new LimitReached(refusal);
    this.used[name] = used;
    this.log.push(`${name} ${amount}`);
    return this.gate?.name === name ? this.gate.opened : undefined;
  }

  private budgetFor(name: Charged): Budget {
    const limits = { [name]: this.limits[name] ?? Number.POSITIVE_INFINITY };
    return Budget.create('invocation', limits, {}, null, { now: () => 0, startTimer: () => () => {} });
  }

  release(name: Charged, amount: number): void {
    this.used[name] = (this.used[name] ?? 0) - amount;
  }
}
