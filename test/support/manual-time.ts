// Surroundings whose clock and timers belong to the test: nothing passes or fails by how fast the machine is.
import { createSurroundings, type Surroundings } from '../../host/core/event-loop';

export interface ManualTimer {
  readonly milliseconds: number;
  readonly fire: () => void;
}

export class ManualTime {
  /** Milliseconds; grows by `tick` each time that somebody looks. */
  time = 0;
  /** Those that nobody has undone, and that have not been fired. */
  readonly timers = new Set<ManualTimer>();
  /** Looks at the clock since the event loop had its turn; the most there ever were. */
  looks = 0;
  mostLooks = 0;
  /** Turns of the event loop. */
  turns = 0;

  constructor(private readonly tick: number) {}

  readonly surroundings: Surroundings = {
    ...createSurroundings(),
    now: () => {
      this.mostLooks = Math.max(this.mostLooks, ++this.looks);
      this.time += this.tick;
      return this.time;
    },
    yieldToHost: (callback) => {
      setImmediate(() => {
        this.looks = 0;
        this.turns++;
        callback();
      });
    },
    startTimer: (milliseconds, callback) => {
      const timer = {
        milliseconds,
        fire: () => {
          this.timers.delete(timer);
          this.time += milliseconds;
          callback();
        },
      };
      this.timers.add(timer);
      return () => this.timers.delete(timer);
    },
  };

  /** The timers of that length, once there are so many. */
  async waitForTimers(count: number, isWanted: (milliseconds: number) => boolean): Promise<ManualTimer[]> {
    for (;;) {
      const found = [...this.timers].filter(({ milliseconds }) => isWanted(milliseconds));
      if (found.length >= count) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
