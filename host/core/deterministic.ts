// Deterministic surroundings: a world in which time is what is run and slept, randomness comes from a seed, and the outside
// is waited for. What is started together, or after the results of others, comes to the same, byte for byte, everywhere.
//
// A discrete-event simulation with one clock. An instruction takes 10 ns; when nobody is ready, the clock jumps to the next
// timer. While an answer of the real world is outstanding (a host function, input, a request), nobody runs and no time
// passes, so it does not matter how long it takes, nor what else is under way.
import { sha256 } from '../../vm/index';
import { createYield, type Surroundings } from './event-loop';

export interface DeterministicOptions {
  /** Any integer, or a text: the same seed gives the same random bytes. */
  readonly seed: number | string;
  /** What the guests' wall clock says at the start, in milliseconds since 1970; 0 by default. */
  readonly epochMs?: number;
}

const MILLISECONDS_PER_INSTRUCTION = 1e-5;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Throws RangeError for options that are wrong. */
export function createDeterministicSurroundings({ seed, epochMs = 0 }: DeterministicOptions): Surroundings {
  if (typeof seed !== 'string' && !Number.isSafeInteger(seed))
    throw new RangeError('seed must be an integer or a text');
  if (!Number.isFinite(epochMs)) throw new RangeError('epochMs must be a number');
  return new World(String(seed), Math.floor(epochMs));
}

class World implements Surroundings {
  private time = 0;
  /** In the order in which they fire; those of one time in the order in which they were started. */
  private readonly timers: Timer[] = [];
  private turns: (() => void)[] = [];
  private outstanding = 0;
  private isPumping = false;
  private readonly yield = createYield();
  private readonly random: () => number;

  constructor(
    seed: string,
    private readonly epochMs: number,
  ) {
    this.random = generator(seed);
  }

  readonly now = (): number => this.time;

  readonly wallClock = (): number => this.epochMs + Math.floor(this.time);

  readonly spend = (instructions: number): void => {
    this.time += instructions * MILLISECONDS_PER_INSTRUCTION;
  };

  readonly isHeld = (): boolean => this.outstanding > 0;

  readonly yieldToHost = (callback: () => void): void => {
    this.turns.push(callback);
    this.pump();
  };

  readonly startTimer = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = { at: this.time + Math.max(0, milliseconds), callback };
    let index = this.timers.length;
    while (index > 0 && this.timers[index - 1]!.at > timer.at) index--;
    this.timers.splice(index, 0, timer);
    this.pump();
    return () => {
      const found = this.timers.indexOf(timer);
      if (found >= 0) this.timers.splice(found, 1);
    };
  };

  readonly fillRandom = (bytes: Uint8Array): void => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = this.random() >>> 24;
  };

  readonly askOutside = (): (() => void) => {
    this.outstanding++;
    return () => {
      this.outstanding--;
      this.pump();
    };
  };

  /** Has the next event happen, after the real event loop had its turn. */
  private pump(): void {
    if (this.isPumping || this.outstanding > 0 || (this.turns.length === 0 && this.timers.length === 0)) return;
    this.isPumping = true;
    this.yield(() => {
      this.isPumping = false;
      if (this.outstanding === 0) this.next();
      this.pump();
    });
  }

  /** Timers that are due come first; when nobody is ready, the clock jumps to the next. */
  private next(): void {
    const timer = this.timers[0];
    if (timer !== undefined && (timer.at <= this.time || this.turns.length === 0)) {
      this.timers.shift();
      this.time = Math.max(this.time, timer.at);
      timer.callback();
      return;
    }
    this.turns.shift()?.();
  }
}

/** sfc32 (Doty-Humphrey, PractRand), started from a hash of the seed: 32 bits at a time. */
function generator(seed: string): () => number {
  const state = new Int32Array(sha256(new TextEncoder().encode(seed)).slice(0, 16).buffer);
  return () => {
    const sum = (state[0]! + state[1]! + state[3]!) | 0;
    state[3] = (state[3]! + 1) | 0;
    state[0] = state[1]! ^ (state[1]! >>> 9);
    state[1] = (state[2]! + (state[2]! << 3)) | 0;
    state[2] = (((state[2]! << 21) | (state[2]! >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
}
