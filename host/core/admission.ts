// Whether an invocation may begin now: all levels must have a place for it among their concurrent invocations. One that
// finds none queues at the level that refuses, if that has room in its queue; who came first is let in first.
import type { Budget, Refusal } from '../../vm/index';

/** Who wants to begin. One of these is called, at once or later; neither when it has left meanwhile. */
export interface Applicant {
  admitted(): void;
  refused(refusal: Refusal): void;
}

/** A place for one invocation, or in a queue for one. */
export class Admission {
  private leaveQueue: (() => void) | null = null;
  isAdmitted = false;

  /** `budget` is the function's. */
  constructor(
    private readonly budget: Budget,
    private readonly applicant: Applicant,
  ) {}

  /** The invocation has ended, or will not begin. */
  leave(): void {
    this.leaveQueue?.();
    this.leaveQueue = null;
    if (this.isAdmitted) this.budget.release('concurrentInvocations', 1);
    this.isAdmitted = false;
  }

  /** Has the applicant told. Once. */
  ask(): void {
    const refusal = this.budget.charge('concurrentInvocations', 1);
    if (refusal === null) {
      this.isAdmitted = true;
      this.applicant.admitted();
      return;
    }
    const { budget, name, policy } = refusal;
    const noRoom = policy === 'kill' ? refusal : budget.charge('queueLength', 1);
    if (noRoom !== null) {
      this.applicant.refused(noRoom);
      return;
    }
    const stopWaiting = budget.wait(name, () => {
      this.leaveQueue = null;
      budget.release('queueLength', 1);
      this.ask();
    });
    this.leaveQueue = () => {
      stopWaiting();
      budget.release('queueLength', 1);
    };
  }
}
