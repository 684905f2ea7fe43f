// How much a piece of work does, without looking at a clock: how often the blocks of all code are run, as V8 counts them
// for coverage. The same on a slow machine and a busy one. Code that has run before this module was loaded counts by its
// calls only.
import { type Profiler, Session } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Runs of blocks (bodies of functions, branches, loops) while `work` ran. */
export function blocksRun(work: () => unknown): number {
  takeBlocks();
  work();
  return takeBlocks();
}

/** The number since the last time. What a session of the same thread is asked, it answers at once. */
function takeBlocks(): number {
  let blocks = 0;
  session.post('Profiler.takePreciseCoverage', (_, { result }: Profiler.TakePreciseCoverageReturnType) => {
    for (const { functions } of result) {
      for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
    }
  });
  return blocks;
}
