// The loops' training, once in a thread, before its first host is there.
import { trainLoops } from '../../vm/index';

/** Enough for the host's compiler to make of the first pass what it will, on a machine that is not busy. */
const COMPILER_MS = 60;

let training: Promise<void> | undefined;

/** Trains the loops, unless that was done. */
export function ensureTraining(): Promise<void> {
  training ??= train();
  return training;
}

async function train(): Promise<void> {
  trainLoops();
  await new Promise((resolve) => setTimeout(resolve, COMPILER_MS));
  trainLoops();
}
