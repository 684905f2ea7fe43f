// What functions, tenants and hosts have in common: a budget that their invocations share, to be read and changed.
import type { Budget, Policies, SharedLimits } from '../../vm/index';
import { type BudgetOptions, checkBudget, checkRefill, mergePolicies } from './limits';
import { type BudgetUsage, usageOf } from './usage';

export abstract class BudgetLevel {
  protected abstract readonly budget: Budget;

  /** What its invocations may use together. */
  get sharedLimits(): SharedLimits {
    return this.budget.limits;
  }

  /** What becomes of what these stop, where it is not the default. */
  get sharedPolicies(): Policies {
    return this.budget.policies;
  }

  /** What its invocations have used together, those that run included. */
  get usage(): BudgetUsage {
    return usageOf(this.budget);
  }

  /** Changes the limits of its invocations together, while they run. Throws RangeError, and then changes nothing. */
  changeBudget(budget: BudgetOptions): void {
    this.budget.change(checkBudget(budget), mergePolicies({}, budget));
  }

  /** Raises the limits of its invocations together by these amounts; what stood still for want of them goes on. Throws RangeError. */
  refill(more: Partial<SharedLimits>): void {
    this.budget.refill(checkRefill(more));
  }
}
