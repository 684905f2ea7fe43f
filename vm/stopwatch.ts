// Milliseconds of one execution: those that pass while it is not suspended.

export class Stopwatch {
  /** Milliseconds until it was last stopped. */
  private before = 0;
  private isStopped = false;

  constructor(private startedAt: number) {}

  elapsed(now: number): number {
    return this.isStopped ? this.before : this.before + (now - this.startedAt);
  }

  stop(now: number): void {
    this.before = this.elapsed(now);
    this.isStopped = true;
  }

  start(now: number): void {
    this.isStopped = false;
    this.startedAt = now;
  }

  /** Adds what has passed elsewhere. */
  inherit(milliseconds: number): void {
    this.before += milliseconds;
  }
}
