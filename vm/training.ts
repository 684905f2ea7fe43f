// Training: before the first guest runs, both loops meet every instruction on every kind of operand. The host's compiler
// specialises the loops for what they have met; without this, the first guest of a process that does something new makes
// it throw the compiled loop away, for all.
import { RegionPool } from './regions';
import { trainTyped } from './training-typed';
import { trainValue } from './training-value';

/**
 * Takes both loops through everything once: about a tenth of a second. The compiler works beside the loops, from what they
 * had met when it began; so this is to be called twice, with some time between: what the compiler has made too early is
 * thrown away in the second pass.
 */
export function trainLoops(): void {
  const pool = new RegionPool();
  trainTyped(pool);
  trainValue(pool);
}
