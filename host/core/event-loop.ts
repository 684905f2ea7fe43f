// The world's clock and event loop, as browsers and Node both have them. Nothing else in host/core asks for the time.
import type { EventLoop } from '../../vm/index';

/** What the host needs of its surroundings; tests put their own in its place. */
export interface Surroundings extends EventLoop {
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Calls back after so many milliseconds; the answer undoes it. */
  startTimer(milliseconds: number, callback: () => void): () => void;
  fillRandom(bytes: Uint8Array): void;
  /**
   * The outside world is asked: host functions, input, requests, output that waits. Whoever asks calls what this answers
   * once, when it has the answer or wants none any more. Of surroundings that wait for that.
   */
  readonly askOutside?: () => () => void;
}

/** Longest wait that setTimeout takes: longer ones are cut into pieces by whoever waits. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Most bytes that getRandomValues fills at once. */
const RANDOM_BYTES = 65_536;

interface MaybeImmediate {
  setImmediate?: (callback: () => void) => unknown;
}

/** setImmediate where there is one (its callbacks run after pending I/O), else a message to oneself. */
export function createYield(): (callback: () => void) => void {
  const { setImmediate } = globalThis as MaybeImmediate;
  if (setImmediate !== undefined) return (callback) => void setImmediate(callback);
  const callbacks: (() => void)[] = [];
  const channel = new MessageChannel();
  channel.port1.onmessage = () => callbacks.shift()?.();
  return (callback) => {
    callbacks.push(callback);
    channel.port2.postMessage(null);
  };
}

/** The surroundings of the page or process that this runs in. */
export function createSurroundings(): Surroundings {
  return {
    now: () => performance.now(),
    wallClock: () => Date.now(),
    yieldToHost: createYield(),
    startTimer(milliseconds, callback) {
      const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_TIMER_MS));
      return () => clearTimeout(timer);
    },
    fillRandom(bytes) {
      for (let start = 0; start < bytes.length; start += RANDOM_BYTES) {
        crypto.getRandomValues(bytes.subarray(start, start + RANDOM_BYTES) as Uint8Array<ArrayBuffer>);
      }
    },
  };
}
