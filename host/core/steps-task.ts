// Work in steps as a task among the executions: whoever it is done for pays for it with their share of the time, and nobody
// waits for more than a step of it.
import { ENDED, type FairTask, READY, type Share, type Steps } from '../../vm/index';

/** A step counts as so many instructions: what takes about as long. */
const STEP_INSTRUCTIONS = 20_000;

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
    private readonly listener: StepsListener<T>,
  ) {}

  /** Takes the next step. */
  run(): number {
    this.spent = 0;
    if (this.isOver) return ENDED;
    this.spent = STEP_INSTRUCTIONS;
    this.isInStep = true;
    const tell = this.step();
    this.isInStep = false;
    if (tell === null && this.isStopWanted) this.stop();
    if (tell !== null) {
      this.isOver = true;
      tell();
    }
    return this.isOver ? ENDED : READY;
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
