// Work that is done in steps, each well below a millisecond even before the optimiser has seen it: between them others have
// their turns.

/** Pauses between two steps. */
export type Steps<T> = Generator<undefined, T, unknown>;

/** All of it at once. */
export function allSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** What is there already. */
// biome-ignore lint/correctness/useYield: there is nothing to do
export function* inOneStep<T>(result: T): Steps<T> {
  return result;
}

/** Tells when what was done is enough for one step. */
export class Pace {
  private done = 0;

  /** `most`: what is done in a step, in any unit. */
  constructor(private readonly most: number) {}

  /** Counts more work of that unit: whether the step is over. Then another begins. */
  isOver(more = 1): boolean {
    this.done += more;
    if (this.done < this.most) return false;
    this.done = 0;
    return true;
  }
}

/** Bytes that are copied in one step. */
const COPIED_BYTES = 1 << 17;

/** Copies the first `length` items of `from` to `to`, from `at` on. */
export function* copyInSteps<T extends Int32Array | Float64Array | Uint8Array>(
  from: T,
  length: number,
  to: T,
  at: number,
): Steps<void> {
  const items = COPIED_BYTES / from.BYTES_PER_ELEMENT;
  for (let start = 0; start < length; start += items) {
    if (start > 0) yield;
    to.set(from.subarray(start, Math.min(start + items, length)), at + start);
  }
}

/** Clears the items from `start` to before `end`. */
export function* clearInSteps(items: Int32Array, start: number, end: number): Steps<void> {
  const count = COPIED_BYTES / items.BYTES_PER_ELEMENT;
  for (let at = start; at < end; at += count) {
    if (at > start) yield;
    items.fill(0, at, Math.min(at + count, end));
  }
}
