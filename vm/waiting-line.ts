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

interface Waiter {
  readonly letIn: () => void;
  /** How much of what others hold it wants. */
  readonly amount: number;
}

/** What becomes of one of them; STOP: and of all behind it. */
const LET_IN = 0;
const PASS = 1;
const STOP = 2;

/** Who is let in and refused once more keeps its place. */
export class WaitingLine {
  /** Those that were refused once more, then the others. */
  private front = new Set<Waiter>();
  private readonly others = new Set<Waiter>();
  /** Those that come back while others are being let in. */
  private refused: Set<Waiter> | null = null;
  /** Nobody here wants less: so that thousands need not be looked at each time that somebody gives something back. */
  private least = Number.POSITIVE_INFINITY;
  private stopTimer: (() => void) | null = null;

  get size(): number {
    return this.front.size + this.others.size;
  }

  join(letIn: () => void, amount: number): StopWaiting {
    const waiter = { letIn, amount };
    const waiting = this.refused ?? this.others;
    waiting.add(waiter);
    this.least = Math.min(this.least, amount);
    return () => this.front.delete(waiter) || this.others.delete(waiter) || waiting.delete(waiter);
  }

  /** Lets so many in. `isStrict`: nobody passes one that is refused once more. */
  letIn(count: number, isStrict = false): void {
    this.walk(({ size }) => (count-- > 0 && !(isStrict && size > 0) ? LET_IN : STOP));
  }

  /** Lets so many in, passing those for whom there is not enough room; who is let in takes it at once. */
  letInWhoFits(count: number, room: () => number): void {
    if (room() < this.least) return;
    this.walk((_, { amount }) => {
      const free = room();
      if (count <= 0 || free < this.least) return STOP;
      if (free < amount) return PASS;
      count--;
      return LET_IN;
    });
    // Whoever wanted so little has gone.
    if (room() >= this.least) this.findLeast();
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

  private *inOrder(): Generator<Waiter, void> {
    yield* this.front;
    yield* this.others;
  }

  private findLeast(): void {
    this.least = Number.POSITIVE_INFINITY;
    for (const waiters of [this.front, this.others, this.refused ?? []]) {
      for (const { amount } of waiters) this.least = Math.min(this.least, amount);
    }
  }

  /** Asks of each in turn what to do, with those who were refused on the way. */
  private walk(choose: (refused: ReadonlySet<Waiter>, waiter: Waiter) => number): void {
    const outer = this.refused;
    const refused = outer ?? new Set<Waiter>();
    this.refused = refused;
    for (const waiter of this.inOrder()) {
      const choice = choose(refused, waiter);
      if (choice === STOP) break;
      if (choice === PASS) continue;
      if (!this.front.delete(waiter)) this.others.delete(waiter);
      waiter.letIn();
    }
    // One that was let in may have had others let in.
    if (outer !== null) return;
    this.refused = null;
    for (const waiter of this.front) refused.add(waiter);
    this.front = refused;
  }
}
