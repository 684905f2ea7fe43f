// That an execution is suspended, for those who want to know.
import { breachOf, type Refusal, type SuspensionReason } from '../../vm/index';
import type { Suspension } from './execution';

/** Who waits for an execution's next suspension, or its end. */
export class Suspensions {
  private waiting: ((reason: SuspensionReason | null) => void)[] = [];

  next(): Promise<SuspensionReason | null> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  tell(reason: SuspensionReason | null): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve(reason);
  }
}

/** What is told of a suspension; `stalledBy` is the limit that has caused it, if one has. */
export function suspensionOf(reason: SuspensionReason, stalledBy: Refusal | null): Suspension {
  if (reason === 'request' || stalledBy === null) return { reason };
  const { level, limit, used } = breachOf(stalledBy);
  return { reason, level, limit, used };
}
