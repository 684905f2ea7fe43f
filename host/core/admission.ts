// Whether an invocation may begin now: all levels must have a place for it among their concurrent invocations. One that
// finds none queues at the level that refuses, if that has room in its queue; who came first is let in first.
import type { Budget, Refusal } from '../../vm/index';

/** A place for one invocation, or in a queue for one. */
export class Admission {
  private leaveQueue: (() => void) | null = null;
  private isAdmitted = false;

  /** `budget` is the function's. Calls back at once or later, once: `admitted`, or `refused`; never after `leave`. */
  constructor(
    private readonly budget: Budget,
    private readonly admitted: () => void,
    private readonly refused: (refusal: Refusal) => void,
  ) {
    this.knock();
  }

  /** The invocation has ended, or will not begin. */
  leave(): void {
    this.leaveQueue?.();
    this.leaveQueue = null;
    if (this.isAdmitted) this.budget.release('concurrentInvocations', 1);
    this.isAdmitted = false;
  }

  private knock(): void {
    const refusal = this.budget.charge('concurrentInvocations', 1);
    if (refusal === null) {
      this.isAdmitted = true;
      this.admitted();
      return;
    }
    const { budget, name, policy } = refusal;
    const noRoom = policy === 'kill' ? refusal : budget.charge('queueLength', 1);
    if (noRoom !== null) {
      this.refused(noRoom);
      return;
    }
    const stopWaiting = budget.wait(name, () => {
      this.leaveQueue = null;
      budget.release('queueLength', 1);
      this.knock();
    });
    this.leaveQueue = () => {
      stopWaiting();
      budget.release('queueLength', 1);
    };
  }
}
