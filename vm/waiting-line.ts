// Who waits for something: first come, first served.

/** Time, as budgets need it. */
export interface Clock {
  /** A clock that never goes back, in milliseconds with fractions. */
  now(): number;
  /** Calls back after so many milliseconds; the answer undoes it. */
  startTimer(milliseconds: number, callback: () => void): () => void;
}

/** Undoes a wait. */
export type StopWaiting = () => void;

/** Who is let in and refused once more keeps its place. */
export class WaitingLine {
  /** Those that were refused once more, then the others. */
  private front = new Set<() => void>();
  private readonly others = new Set<() => void>();
  /** Those that come back while others are being let in. */
  private refused: Set<() => void> | null = null;
  private stopTimer: (() => void) | null = null;

  get size(): number {
    return this.front.size + this.others.size;
  }

  join(letIn: () => void): StopWaiting {
    const waiting = this.refused ?? this.others;
    waiting.add(letIn);
    return () => this.front.delete(letIn) || this.others.delete(letIn) || waiting.delete(letIn);
  }

  /** `isStrict`: nobody passes one that is refused once more. */
  letIn(count: number, isStrict = false): void {
    const outer = this.refused;
    const refused = outer ?? new Set<() => void>();
    this.refused = refused;
    for (const waiting of [this.front, this.others]) {
      for (const letIn of waiting) {
        if (count-- <= 0 || (isStrict && refused.size > 0)) break;
        waiting.delete(letIn);
        letIn();
      }
    }
    // One that was let in may have had others let in.
    if (outer !== null) return;
    this.refused = null;
    for (const letIn of this.front) refused.add(letIn);
    this.front = refused;
  }

  /** Lets as many in as `count` says, after `delay`, again and again while somebody waits. */
  serve(clock: Clock, delay: () => number, count: () => number): void {
    if (this.stopTimer !== null || this.size === 0) return;
    this.stopTimer = clock.startTimer(Math.max(1, Math.ceil(delay())), () => {
      this.stopTimer = null;
      if (delay() <= 0) this.letIn(count(), true);
      this.serve(clock, delay, count);
    });
  }
}
