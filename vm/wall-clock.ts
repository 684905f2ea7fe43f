// The wall time of one execution: milliseconds in which it is not suspended, charged to its budget, with a timer for the
// limit that is met first while it waits.
import type { Budget, Refusal } from './budget';
import type { Clock, StopWaiting } from './waiting-line';

/** Told of a limit that is met while the timer runs: whether it goes on all the same. */
export interface Timed {
  late(refusal: Refusal, now: number): boolean;
}

export class WallClock {
  /** Milliseconds until it was last stopped. */
  private before = 0;
  private isStopped = false;
  private startedAt: number;
  /** Milliseconds that the budget knows of. */
  private counted = 0;
  private stopTimer: StopWaiting | null = null;

  constructor(
    private readonly budget: Budget,
    private readonly clock: Clock,
    private readonly timed: Timed,
  ) {
    this.startedAt = clock.now();
  }

  elapsed(now: number): number {
    return this.isStopped ? this.before : this.before + (now - this.startedAt);
  }

  /** Tells the budget. */
  count(now: number): void {
    const elapsed = this.elapsed(now);
    this.budget.add('wallTimeMs', elapsed - this.counted, now);
    this.counted = elapsed;
  }

  stop(now: number): void {
    this.count(now);
    this.before = this.elapsed(now);
    this.isStopped = true;
    this.clearTimer();
  }

  start(now: number): void {
    this.isStopped = false;
    this.startedAt = now;
  }

  /** What has passed elsewhere, which the budget knows already. */
  inherit(milliseconds: number): void {
    this.before += milliseconds;
    this.counted += milliseconds;
  }

  /** Has a timer end it at the limit, of all levels', that is met first. */
  watch(now: number): void {
    this.clearTimer();
    this.count(now);
    const left = this.budget.left('wallTimeMs');
    if (!Number.isFinite(left)) return;
    this.stopTimer = this.clock.startTimer(Math.max(0, left), () => {
      const time = this.clock.now();
      this.count(time);
      const refusal = this.budget.exhausted('wallTimeMs');
      // Timers may fire early, and the longest waits come in pieces.
      if (refusal === null || this.timed.late(refusal, time)) this.watch(time);
    });
  }

  clearTimer(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }
}
