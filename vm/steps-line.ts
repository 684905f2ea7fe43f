// Works in steps that are done one after the other, whoever takes the steps: who waits for another's work does it meanwhile.
import type { Steps } from './steps';

interface Work<T> {
  readonly steps: Steps<T>;
  /** Gives what came of it, or throws; null before its end. */
  outcome: (() => T) | null;
}

export class StepsLine<T> {
  private readonly works: Work<T>[] = [];
  private isInStep = false;

  /** Whether all is done that was begun. */
  get isEmpty(): boolean {
    return this.works.length === 0;
  }

  /** Does the work behind those that were added before it. Left between two steps, it leaves the work, too. */
  *add(steps: Steps<T>): Steps<T> {
    const work: Work<T> = { steps, outcome: null };
    this.works.push(work);
    try {
      for (;;) {
        if (work.outcome === null) this.advance();
        if (work.outcome !== null) return work.outcome();
        yield;
      }
    } finally {
      const place = this.works.indexOf(work);
      if (place >= 0) {
        this.works.splice(place, 1);
        steps.return(undefined as T);
      }
    }
  }

  /** Takes a step of the first, unless this is called from inside of one. */
  private advance(): void {
    const work = this.works[0]!;
    if (this.isInStep) return;
    this.isInStep = true;
    try {
      const { done, value } = work.steps.next();
      if (done) work.outcome = () => value;
    } catch (error) {
      work.outcome = () => {
        throw error;
      };
    } finally {
      this.isInStep = false;
    }
    if (work.outcome !== null) this.works.shift();
  }
}
