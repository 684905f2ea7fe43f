// What all functions of one host share: regions, the scheduler, the surroundings, and the list of what runs.
import { Budget, FairQueue, type FairTask, type Policies, Scheduler, type SharedLimits } from '../../vm/index';
import { HostError } from './errors';
import type { Surroundings } from './event-loop';
import { Execution, type ExecutionControl } from './execution';
import { LocalRunner, type Runner } from './runner';
import { SLICE_INSTRUCTIONS } from './slices';
import { type WorkerOptions, WorkerRunner } from './workers/worker-runner';

/** Ids are unique in the process, not only in one host. */
let executions = 0;

/**
 * What stands in the set of what runs. V8 links each table that a set has outgrown to the next, and once one of them is
 * old, all that ever stood in them lives until the next full collection: a few bytes like this, or whole executions.
 */
interface Entry {
  control: ExecutionControl | null;
}

export class Engine {
  readonly queue = new FairQueue();
  readonly scheduler: Scheduler<FairTask>;
  /** Of all tenants together. */
  readonly budget: Budget;
  readonly runner: Runner;
  /** When executions run as they should. */
  readonly ready: Promise<void>;
  private readonly running = new Set<Entry>();
  private isClosed = false;

  constructor(
    readonly surroundings: Surroundings,
    limits: Partial<SharedLimits>,
    policies: Policies,
    workers: WorkerOptions | null,
  ) {
    const { queue } = this;
    this.scheduler = new Scheduler(surroundings, { sliceInstructions: SLICE_INSTRUCTIONS, queue });
    this.budget = Budget.create('host', limits, policies, null, surroundings);
    if (workers === null) {
      this.runner = new LocalRunner(this.scheduler);
      this.ready = Promise.resolve();
    } else {
      const runner = new WorkerRunner(this.scheduler, surroundings, workers);
      this.runner = runner;
      this.ready = runner.ready();
    }
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
    await this.runner.close();
  }
}
