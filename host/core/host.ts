// The host: tenants, and what they share. One host runs any number of functions in one thread.
import type { Frontend } from '../../frontends/frontend';
import {
  DEFAULT_LIMITS,
  type Limits,
  type Policies,
  readSnapshot,
  type SharedLimits,
  SnapshotError,
} from '../../vm/index';
import type { DeployOptions } from './deployment';
import { createDeterministicSurroundings, type DeterministicOptions } from './deterministic';
import { Engine } from './engine';
import { createSurroundings, type Surroundings } from './event-loop';
import type { Execution } from './execution';
import type { DeployedFunction, RestoreOptions } from './function';
import { decodeHeldCall } from './held-call';
import { Languages } from './languages';
import { type BudgetOptions, checkBudget, checkRefill, type LimitOptions, mergeLimits, mergePolicies } from './limits';
import type { ExecutionResult } from './result';
import { type FunctionDescription, type RunOptions, Tenant, type TenantOptions } from './tenant';
import { ensureTraining } from './training';
import { type BudgetUsage, usageOf } from './usage';
import type { StartWorker } from './workers/port';
import type { WorkerOptions } from './workers/worker-runner';

export interface HostOptions {
  /** Threads beside this one, in which functions run; 0 by default: they run in this one. See docs/workers.md. */
  readonly workers?: number;
  /** Starts a thread that runs workers. Node's createHost has one. */
  readonly startWorker?: StartWorker;
  /** Has every execution change its worker after so many turns: for tests. */
  readonly workerTurns?: number;
  /** Of each invocation, over the defaults, for every function that does not say otherwise. */
  readonly limits?: LimitOptions;
  /** Of all invocations together. */
  readonly budget?: BudgetOptions;
  /** Languages beside sm, lua and c, or in their place. */
  readonly frontends?: readonly Frontend[];
  /**
   * Whether to train the machine's loops first, once in a thread: some tenths of a second, after which no function makes
   * the others slow by being the first to do something. True by default; not worth it for a process that runs one function.
   */
  readonly training?: boolean;
  /** A virtual clock, seeded randomness, ordered completion: see docs/determinism.md. */
  readonly deterministic?: DeterministicOptions;
  /** The clock, event loop and randomness to use in place of the world's: for tests. */
  readonly surroundings?: Surroundings;
}

const MOST_WORKERS = 256;

/** Whose functions they are when nobody says. */
const DEFAULT_TENANT = 'default';

export class Host {
  /** The languages that can be deployed. */
  readonly languages: Languages;
  /** What applies to a function when neither it nor its tenant says otherwise. */
  readonly limits: Limits;
  private readonly policies: Policies;
  private readonly engine: Engine;
  private readonly tenants = new Map<string, Tenant>();

  /** As createHost. */
  constructor(options: HostOptions) {
    const { limits, budget, frontends = [], deterministic } = options;
    const world = () =>
      deterministic === undefined ? createSurroundings() : createDeterministicSurroundings(deterministic);
    this.limits = mergeLimits(DEFAULT_LIMITS, limits);
    this.policies = mergePolicies({}, limits);
    this.languages = new Languages(frontends);
    const workers = checkWorkers(options);
    this.engine = new Engine(options.surroundings ?? world(), checkBudget(budget), mergePolicies({}, budget), workers);
  }

  /**
   * The tenant of that name, made if there is none; with options, changed to them if there is one. Throws HostError
   * `tenant.name`, and RangeError for options that are wrong.
   */
  tenant(name: string = DEFAULT_TENANT, options: TenantOptions = {}): Tenant {
    this.engine.checkOpen();
    const known = this.tenants.get(name);
    if (known !== undefined) {
      known.change(options);
      return known;
    }
    const made = new Tenant(
      this.engine,
      this.languages,
      name,
      { limits: this.limits, policies: this.policies },
      options,
    );
    this.tenants.set(name, made);
    return made;
  }

  /** The tenant of that name, or undefined. */
  getTenant(name: string): Tenant | undefined {
    return this.tenants.get(name);
  }

  /** All tenants, by name. */
  listTenants(): Tenant[] {
    return [...this.tenants.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Forgets a tenant and its functions; what runs of them goes on. False when there is none of that name. */
  removeTenant(name: string): boolean {
    return this.tenants.delete(name);
  }

  /** As `tenant().deploy`. */
  async deploy(options: DeployOptions): Promise<DeployedFunction> {
    return this.tenant().deploy(options);
  }

  /** As `tenant().run`. */
  async run(options: RunOptions): Promise<ExecutionResult> {
    return this.tenant().run(options);
  }

  /** As `tenant().get`. */
  get(name: string): DeployedFunction | undefined {
    return this.tenants.get(DEFAULT_TENANT)?.get(name);
  }

  /** As `tenant().list`. */
  list(): FunctionDescription[] {
    return this.tenants.get(DEFAULT_TENANT)?.list() ?? [];
  }

  /** As `tenant().remove`. */
  remove(name: string): boolean {
    return this.tenants.get(DEFAULT_TENANT)?.remove(name) ?? false;
  }

  /**
   * Goes on from a snapshot, taken here or anywhere, with the deployed function that has its modules: of its tenant, the one of
   * the same name, else any. Throws SnapshotError, `snapshot.modules` if there is none; TypeError or RangeError for options
   * that are wrong.
   */
  restore(bytes: Uint8Array, options: RestoreOptions = {}): Execution {
    this.engine.checkOpen();
    if (!(bytes instanceof Uint8Array)) throw new TypeError('a snapshot must be bytes (Uint8Array)');
    const snapshot = readSnapshot(bytes);
    const { name } = decodeHeldCall(snapshot.host);
    const origin = this.tenants.get(options.tenant ?? DEFAULT_TENANT)?.originOf(snapshot, name);
    if (origin === undefined) throw new SnapshotError('snapshot.modules', `no function has them (it was '${name}')`);
    return origin.restoreFrom(snapshot, options);
  }

  /** When its workers are there. */
  get ready(): Promise<void> {
    return this.engine.ready;
  }

  /** What all invocations may use together. */
  get sharedLimits(): SharedLimits {
    return this.engine.budget.limits;
  }

  /** What all invocations have used together, those that run included. */
  get usage(): BudgetUsage {
    return usageOf(this.engine.budget);
  }

  /** Changes the limits of all invocations together, while they run. Throws RangeError. */
  changeBudget(budget: BudgetOptions): void {
    this.engine.budget.change(checkBudget(budget), mergePolicies({}, budget));
    this.engine.runner.limitsChanged();
  }

  /** Raises the limits of all invocations together by these amounts. Throws RangeError. */
  refill(more: Partial<SharedLimits>): void {
    this.engine.budget.refill(checkRefill(more));
  }

  /** How many executions run or wait. */
  get runningCount(): number {
    return this.engine.runningCount;
  }

  /** Cancels all that runs, waits for its end, and refuses everything from now on. */
  async close(): Promise<void> {
    for (const tenant of this.tenants.values()) tenant.clear();
    this.tenants.clear();
    await this.engine.close();
  }
}

/** Null: functions run in this thread. */
function checkWorkers(options: HostOptions): WorkerOptions | null {
  const { workers = 0, startWorker, workerTurns, training = true } = options;
  if (!Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS) {
    throw new RangeError(`workers must be a whole number from 0 to ${MOST_WORKERS}`);
  }
  if (workers === 0) return null;
  if (options.deterministic !== undefined || options.surroundings !== undefined) {
    throw new RangeError('workers have the clock and the randomness of the world: with others workers must be 0');
  }
  if (typeof startWorker !== 'function') throw new TypeError('workers need startWorker');
  return { count: workers, start: startWorker, isTrained: training, ...(workerTurns && { turns: workerTurns }) };
}

/** Makes a host. Throws TypeError or RangeError for options that are wrong. */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const host = new Host(options);
  if (options.training !== false) await Promise.all([ensureTraining(), host.ready]);
  return host;
}
