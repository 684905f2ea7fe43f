// Clocks, random bytes and sleep.
import { LONGEST_TIMER_MS, type Surroundings } from '../event-loop';
import type { Handler } from './handler';

/**
 * Clocks tell whole milliseconds: enough for timeouts and measurements of what takes its time, too little to see what the
 * neighbours do to the processor's caches.
 */
const NANOSECONDS = 1_000_000n;

interface TimeTools {
  readonly surroundings: Surroundings;
  /** Milliseconds that the execution has run or waited; the surroundings' clock without it. */
  elapsed?(): number;
}

/** One execution's time. */
export class TimeCalls {
  private stopSleep: (() => void) | null = null;

  constructor(private readonly tools: TimeTools) {}

  /** Nanoseconds since 1970 (clock 0) or since the start of the execution. */
  clock(clock: number): bigint {
    const milliseconds = clock === 0 ? this.wallMilliseconds() : Math.floor(this.elapsed);
    return BigInt(milliseconds) * NANOSECONDS;
  }

  private get elapsed(): number {
    return this.tools.elapsed?.() ?? this.tools.surroundings.now();
  }

  wallMilliseconds(): number {
    return Math.floor(this.tools.surroundings.wallClock());
  }

  random(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    this.tools.surroundings.fillRandom(bytes);
    return bytes;
  }

  /** Longer sleeps than timers can do are cut off after 24 days. */
  sleep(nanoseconds: bigint): undefined | Promise<undefined> {
    if (nanoseconds <= 0n) return undefined;
    const milliseconds = Math.min(Number((nanoseconds + NANOSECONDS - 1n) / NANOSECONDS), LONGEST_TIMER_MS);
    return new Promise((resolve) => {
      this.stopSleep = this.tools.surroundings.startTimer(milliseconds, () => resolve(undefined));
    });
  }

  close(): void {
    this.stopSleep?.();
  }
}

/** By syscall. */
export const TIME_HANDLERS: Readonly<Record<string, Handler>> = {
  clock: ({ time }, [clock]) => time.clock(clock as number),
  random: ({ time }, [count]) => time.random(count as number),
  sleep: ({ time }, [nanoseconds]) => time.sleep(nanoseconds as bigint),
};
