// Waiting for what comes to be true by itself, without guessing how long it takes.

/** Looks every few milliseconds; throws after a time that only a defect takes. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} does not come true`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
