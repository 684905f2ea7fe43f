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
