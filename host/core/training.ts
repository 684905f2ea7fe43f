// What a thread needs before its first guest runs: the loops' training, once.
import { type SpecialiseElsewhere, specialiseHotCode, trainLoops } from '../../vm/index';

/** Enough for the host's compiler to make of the first pass what it will, on a machine that is not busy. */
const COMPILER_MS = 60;

let training: Promise<void> | undefined;

/**
 * Readies the thread for guests: with training, unless that was done; and has it specialise what runs often, elsewhere if somebody
 * does that for it.
 */
export async function prepareThread(isTrained: boolean, elsewhere: SpecialiseElsewhere | null): Promise<void> {
  specialiseHotCode(() => performance.now(), elsewhere);
  if (isTrained) await ensureTraining();
}

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
