// Decides whose turn it is: bounded slices in turn, and the host's event loop back every few milliseconds. It knows
// nothing of contexts: a task is anything that can run for a slice. Time and the event loop come from the host.

/** What a task answers after its turn. */
export const READY = 0;
/** It waits: nothing happens until somebody schedules it again, and it costs nothing meanwhile. */
export const WAITING = 1;
export const ENDED = 2;
/** Its turn is taken in another thread: whoever has sent it there schedules it when it is back. */
export const AWAY = 3;

export interface Task {
  /** Kept by the scheduler: whether the task stands in the queue. */
  isQueued: boolean;
  /** Instructions that it used in its last turn. */
  readonly spent: number;
  /** Runs for at most `slice` instructions; `now` is the host's clock in milliseconds. Must not throw. */
  run(slice: number, now: number): number;
}

/** Who is next. Fairness is another order behind the same operations (fair-queue.ts). */
export interface RunQueue<T extends Task> {
  add(task: T): void;
  take(): T | undefined;
  /** What was taken has had its turn; if it is ready, it is added again next. */
  settle(task: T, spent: number): void;
}

/** What the scheduler needs of the world that it runs in. */
export interface EventLoop {
  /** A clock that never goes back, in milliseconds with fractions. */
  now(): number;
  /** Calls back after the host's own events had their turn. */
  yieldToHost(callback: () => void): void;
  /** Told what each turn has used, where that is what time is made of. */
  spend?(instructions: number): void;
  /** Whether nobody may have a turn now, until `yieldToHost` calls back. */
  isHeld?(): boolean;
}

export interface SchedulerOptions<T extends Task> {
  /** Instructions of a turn at most; default 50,000: a fifth of a millisecond or so. */
  readonly sliceInstructions?: number;
  /** Milliseconds after which the event loop gets its turn; default 3, so that one slow slice stays below 5. */
  readonly burstMs?: number;
  /** Without one, in turn. */
  readonly queue?: RunQueue<T>;
}

const DEFAULT_SLICE_INSTRUCTIONS = 50_000;
const DEFAULT_BURST_MS = 3;
/** Turns that take longer get fewer instructions: on slow machines, and before the loops are optimised. */
const LONG_TURN_MS = 1;
const SHORT_TURN_MS = 0.4;
const SMALLEST_SLICE_INSTRUCTIONS = 1000;

/** Other threads that take turns. */
export interface Helpers<T extends Task> {
  /** Has the task take its next turns elsewhere, until somebody schedules it again here; false when it had better not. */
  take(task: T): boolean;
}

/** Runs tasks in turn until each waits or has ended. Idle, it holds no timer and keeps no process alive. */
export class Scheduler<T extends Task = Task> {
  helpers: Helpers<T> | null = null;
  private readonly queue: RunQueue<T>;
  private readonly largestSlice: number;
  private readonly burst: number;
  private slice: number;
  private isArmed = false;

  constructor(
    private readonly eventLoop: EventLoop,
    options: SchedulerOptions<T> = {},
  ) {
    this.queue = options.queue ?? new RoundRobin();
    this.largestSlice = options.sliceInstructions ?? DEFAULT_SLICE_INSTRUCTIONS;
    this.slice = this.largestSlice;
    this.burst = options.burstMs ?? DEFAULT_BURST_MS;
  }

  /** Gives `task` a turn, after those that stand in the queue. Nothing happens when it stands there already. */
  schedule(task: T): void {
    if (!task.isQueued) {
      if (this.helpers?.take(task)) return;
      task.isQueued = true;
      this.queue.add(task);
    }
    if (this.isArmed) return;
    this.isArmed = true;
    this.eventLoop.yieldToHost(this.burstOfTurns);
  }

  private readonly burstOfTurns = (): void => {
    const start = this.eventLoop.now();
    let now = start;
    do {
      const task = this.queue.take();
      if (task === undefined) {
        this.isArmed = false;
        return;
      }
      task.isQueued = false;
      const state = task.run(this.slice, now);
      this.queue.settle(task, task.spent);
      this.eventLoop.spend?.(task.spent);
      if (state === READY) this.schedule(task);
      const before = now;
      now = this.eventLoop.now();
      this.adapt(now - before);
    } while (now - start < this.burst && this.eventLoop.isHeld?.() !== true);
    this.eventLoop.yieldToHost(this.burstOfTurns);
  };

  /** Slices never change results, so their size may depend on the clock. */
  private adapt(turnMs: number): void {
    if (turnMs > LONG_TURN_MS)
      this.slice = Math.min(this.slice, Math.max(this.slice >> 1, SMALLEST_SLICE_INSTRUCTIONS));
    else if (turnMs < SHORT_TURN_MS && this.slice < this.largestSlice)
      this.slice = Math.min(this.slice * 2, this.largestSlice);
  }
}

/** First come, first served, in a ring that grows: no allocation for a turn. */
export class RoundRobin<T extends Task> implements RunQueue<T> {
  private ring: (T | undefined)[] = new Array(16).fill(undefined);
  private first = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(task: T): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.first + this.count) & (this.ring.length - 1)] = task;
    this.count++;
  }

  take(): T | undefined {
    if (this.count === 0) return undefined;
    const task = this.ring[this.first];
    this.ring[this.first] = undefined;
    this.first = (this.first + 1) & (this.ring.length - 1);
    this.count--;
    return task;
  }

  settle(): void {}

  private grow(): void {
    const inOrder = [...this.ring.slice(this.first), ...this.ring.slice(0, this.first)];
    this.ring = [...inOrder, ...new Array(inOrder.length).fill(undefined)];
    this.first = 0;
  }
}
