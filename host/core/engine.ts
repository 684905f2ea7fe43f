// What all functions of one host share: regions, the scheduler, the surroundings, and the list of what runs.
import {
  Budget,
  FairQueue,
  type FairTask,
  type GuestExecution,
  type Policies,
  READY,
  RegionCleaner,
  RegionPool,
  Scheduler,
  type Share,
  type SharedLimits,
  type Steps,
} from '../../vm/index';
import { HostError } from './errors';
import type { Surroundings } from './event-loop';
import { Execution, type ExecutionControl } from './execution';
import { StepsTask } from './steps-task';
import { Crew, type CrewOptions } from './workers/crew';

/** A call that comes waits for the turns that are under way; changing contexts costs little at this size (bench: contexts). */
export const SLICE_INSTRUCTIONS = 20_000;

/** Where workers run what is long, the event loop has its turn sooner: it is what this thread is there for. */
const BURST_BESIDE_WORKERS_MS = 2;

/** So many of those that wait keep their regions. */
const WARM_CONTEXTS = 1024;

/** Ids are unique in the process, not only in one host. */
let executions = 0;

/**
 * What stands in the set of what runs. V8 links each table that a set has outgrown to the next, and once one of them is
 * old, all that ever stood in them lives until the next full collection: a few bytes like this, or whole executions.
 */
interface Entry {
  control: ExecutionControl | null;
}

export interface EngineOptions {
  /** Of a turn at most. */
  readonly sliceInstructions: number | undefined;
  readonly crew: CrewOptions | null;
}

export class Engine {
  readonly pool: RegionPool;
  readonly queue = new FairQueue();
  readonly scheduler: Scheduler<FairTask>;
  /** The workers, if there are any. */
  readonly crew: Crew | null;
  /** Of all tenants together. */
  readonly budget: Budget;
  private readonly running = new Set<Entry>();
  /** Who began to wait last, as a ring. Some of them may wait no longer. */
  private readonly parked: (GuestExecution | undefined)[] = [];
  private nextSlot = 0;
  private isClosed = false;

  constructor(
    readonly surroundings: Surroundings,
    limits: Partial<SharedLimits>,
    policies: Policies,
    { crew, sliceInstructions }: EngineOptions,
  ) {
    const { queue } = this;
    this.pool = new RegionPool({ isShared: crew !== null });
    this.scheduler = new Scheduler(surroundings, {
      sliceInstructions: sliceInstructions ?? SLICE_INSTRUCTIONS,
      queue,
      ...(crew !== null && { burstMs: BURST_BESIDE_WORKERS_MS }),
    });
    this.crew = crew === null ? null : new Crew(this.scheduler, queue.root, surroundings, crew, sliceInstructions);
    this.scheduler.helpers = this.crew;
    new RegionCleaner(this.pool, queue.root, (task) => this.scheduler.schedule(task));
    this.budget = Budget.create('host', limits, policies, null, surroundings);
  }

  /** Starts an execution and keeps it until it ends. Throws HostError `host.closed`. */
  track(start: (id: string) => ExecutionControl): Execution {
    this.checkOpen();
    const control = start(`execution-${++executions}`);
    const entry: Entry = { control };
    this.running.add(entry);
    const forget = () => {
      this.running.delete(entry);
      entry.control = null;
    };
    control.result.then(forget, forget);
    return new Execution(control);
  }

  /**
   * Does work in steps: the first at once, the others among the turns of the executions. In surroundings where turns are what time
   * is made of it takes none: all at once.
   */
  doSteps<T>(task: StepsTask<T>): void {
    while (task.run() === READY) {
      if (this.surroundings.spend !== undefined) continue;
      this.scheduler.schedule(task);
      return;
    }
  }

  /** The same, told by a promise. */
  perform<T>(steps: Steps<T>, share: Share, weight = 1): Promise<T> {
    return new Promise((done, failed) => {
      this.doSteps(new StepsTask(steps, share, weight, this.surroundings.now, { done, failed }));
    });
  }

  readonly wake = (execution: GuestExecution): void => this.scheduler.schedule(execution);

  /**
   * An execution waits. Those that have waited longest keep no region of memory: a thousand regions suffice for any number of
   * them, and taking one again costs some microseconds.
   */
  readonly park = (execution: GuestExecution): void => {
    const slot = this.nextSlot++ % WARM_CONTEXTS;
    this.parked[slot]?.freeze();
    this.parked[slot] = execution;
    execution.parkingSlot = slot;
  };

  /** It has ended: nothing here holds it any longer. */
  readonly forget = (execution: GuestExecution): void => {
    const { parkingSlot } = execution;
    if (this.parked[parkingSlot] === execution) this.parked[parkingSlot] = undefined;
    this.crew?.forget(execution);
  };

  /** How many executions run or wait. */
  get runningCount(): number {
    return this.running.size;
  }

  checkOpen(): void {
    if (this.isClosed) throw new HostError('host.closed');
  }

  /** Cancels what runs; waits until it has ended. Nothing starts any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    const controls = [...this.running].map(({ control }) => control!);
    for (const control of controls) control.cancel();
    await Promise.allSettled(controls.map(({ result }) => result));
    await this.crew?.close();
  }
}
