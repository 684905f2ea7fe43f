// Work in steps as a task among the executions: whoever it is done for pays for it with their share of the time, and nobody
// waits for more than a turn of it, which is over when a step ends late enough.
import { ENDED, type FairTask, READY, type Share, type Steps } from '../../vm/index';

/** A turn takes about so long; and a millisecond counts as so many instructions. Nothing but the order of turns depends on it. */
const TURN_MS = 0.25;
const INSTRUCTIONS_A_MILLISECOND = 100_000;

/** Told once how the work ends. */
export interface StepsListener<T> {
  readonly done: (value: T) => void;
  readonly failed: (error: unknown) => void;
  /** After `stop`. */
  readonly stopped?: () => void;
}

export class StepsTask<T> implements FairTask {
  isQueued = false;
  pass = 0;
  spent = 0;
  private isOver = false;
  private isInStep = false;
  private isStopWanted = false;

  constructor(
    private readonly steps: Steps<T>,
    readonly share: Share,
    readonly weight: number,
    /** A clock in milliseconds. */
    private readonly now: () => number,
    private readonly listener: StepsListener<T>,
  ) {}

  /** Takes some steps. */
  run(): number {
    this.spent = 0;
    const start = this.now();
    let milliseconds = 0;
    while (!this.isOver && milliseconds < TURN_MS) {
      this.takeStep();
      milliseconds = this.now() - start;
    }
    this.spent = Math.ceil(milliseconds * INSTRUCTIONS_A_MILLISECOND);
    return this.isOver ? ENDED : READY;
  }

  private takeStep(): void {
    this.isInStep = true;
    const tell = this.step();
    this.isInStep = false;
    if (tell === null && this.isStopWanted) this.stop();
    if (tell !== null) {
      this.isOver = true;
      tell();
    }
  }

  /** Leaves the work where it is, which then gives back what it holds; nothing happens when it is over. */
  stop(): void {
    this.isStopWanted = true;
    if (this.isOver || this.isInStep) return;
    this.isOver = true;
    this.steps.return(undefined as T);
    this.listener.stopped?.();
  }

  /** Null when there is more to do, else what to tell the listener. */
  private step(): (() => void) | null {
    const { listener } = this;
    try {
      const { done, value } = this.steps.next();
      return done ? () => listener.done(value) : null;
    } catch (error) {
      return () => listener.failed(error);
    }
  }
}
