// Work in steps beside the event loop's other work: all that is under way has a little time together in each of its turns.
import type { Steps } from '../../../vm/index';
import { TURN_MS } from './limits';

interface Job {
  /** Whether it has ended. */
  readonly step: () => boolean;
}

const jobs: Job[] = [];

/** Takes all steps: the first at once, and, if it was not the last one, the others in later turns. */
export function inTurns<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const step = (): boolean => {
      try {
        const { done, value } = steps.next();
        if (done) resolve(value);
        return done === true;
      } catch (error) {
        reject(error);
        return true;
      }
    };
    if (step()) return;
    jobs.push({ step });
    if (jobs.length === 1) setImmediate(takeTurn);
  });
}

/** A step of each, then another of each, until the turn is over. */
function takeTurn(): void {
  const start = performance.now();
  do {
    const job = jobs.shift()!;
    if (!job.step()) jobs.push(job);
  } while (jobs.length > 0 && performance.now() - start < TURN_MS);
  if (jobs.length > 0) setImmediate(takeTurn);
}
