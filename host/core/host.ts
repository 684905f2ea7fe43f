// The host: tenants, and what they share. One host runs any number of functions in one thread.
import type { Frontend } from '../../frontends/frontend';
import {
  type Budget,
  DEFAULT_LIMITS,
  inOneStep,
  type Limits,
  type Policies,
  Share,
  type Snapshot,
} from '../../vm/index';
import { BudgetLevel } from './budget-level';
import type { DeployOptions, Doors } from './deployment';
import { createDeterministicSurroundings, type DeterministicOptions } from './deterministic';
import { Engine } from './engine';
import { HostError } from './errors';
import { createSurroundings, type Surroundings } from './event-loop';
import type { Execution } from './execution';
import type { DeployedFunction, RestoreOptions } from './function';
import type { HttpClient } from './http';
import { Languages } from './languages';
import { type BudgetOptions, checkBudget, type LimitOptions, mergeLimits, mergePolicies } from './limits';
import { restoreExecution } from './restoring';
import type { ExecutionResult } from './result';
import { MemoryStorage, type TenantStorage } from './storage';
import { type FunctionDescription, noOrigin, type RunOptions, Tenant, type TenantOptions } from './tenant';
import { prepareThread } from './training';
import { type Compilers, compilersOf } from './workers/compilers';
import type { CrewOptions } from './workers/crew';
import { type AskSpecialiser, specialiseBy } from './workers/specialising';
import { type CodeCache, MOST_WORKERS, type StartWorker } from './workers/thread';

export interface HostOptions {
  /**
   * Threads beside this one that take the turns of long calls, 0 to 256: see docs/workers.md. Results and counts are the same for
   * any number. Node's `createHost` has one for each core beside the host's own by default, pages none; there HostError
   * `host.shared_memory` says when the page has no shared memory.
   */
  readonly workers?: number;
  /**
   * Starts a thread that calls `runWorker`: for the workers, and for the two threads that compile, which there are without workers
   * too. Null, or undefined: all is done in this thread. The `createHost` of Node and that of pages have one by default.
   */
  readonly startWorker?: StartWorker | null | undefined;
  /**
   * With what a thread runs code that another thread has compiled, so that specialising what runs often holds nobody up; Node's
   * `createHost` has one. Without it each thread compiles that itself.
   */
  readonly codeCache?: CodeCache;
  /** Instructions of a turn at most, from 100 on; by default as many as take a millisecond or so. */
  readonly sliceInstructions?: number;
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
  /** Opens the storage of a tenant, once; in memory by default. */
  readonly storage?: (tenant: string) => TenantStorage;
  /** Makes the requests of functions; `gazelle` for Node has one by default, pages `createFetchClient()`. */
  readonly httpClient?: HttpClient;
  /** Addresses of the host's own network that any function may reach whose `http.allow` has them, as `127.0.0.1:8080`. */
  readonly privateAddresses?: readonly string[];
  /** A virtual clock, seeded randomness, ordered completion: see docs/determinism.md. */
  readonly deterministic?: DeterministicOptions;
  /** The clock, event loop and randomness to use in place of the world's: for tests. */
  readonly surroundings?: Surroundings;
}

/** Whose functions they are when nobody says. */
const DEFAULT_TENANT = 'default';

export class Host extends BudgetLevel {
  /** The languages that can be deployed. */
  readonly languages: Languages;
  /** What applies to a function when neither it nor its tenant says otherwise. */
  readonly limits: Limits;
  /** What becomes of what these limits stop, where it is not the default. */
  readonly policies: Policies;
  private readonly engine: Engine;
  private readonly doors: Doors;
  private readonly tenants = new Map<string, Tenant>();
  private readonly leaveCompilers: () => void;

  /** As createHost. */
  constructor(options: HostOptions) {
    super();
    const { limits, budget, frontends = [], deterministic } = options;
    const world = () =>
      deterministic === undefined ? createSurroundings() : createDeterministicSurroundings(deterministic);
    this.limits = mergeLimits(DEFAULT_LIMITS, limits);
    this.policies = mergePolicies({}, limits);
    this.languages = new Languages(frontends);
    const crew = checkWorkers(options);
    const compilers = chooseCompilers(options);
    this.leaveCompilers = compilers?.join() ?? (() => {});
    this.doors = {
      storage: options.storage ?? (() => new MemoryStorage()),
      httpClient: options.httpClient ?? null,
      privateAddresses: options.privateAddresses ?? [],
      compilers,
    };
    this.engine = new Engine(options.surroundings ?? world(), checkBudget(budget), mergePolicies({}, budget), {
      sliceInstructions: checkSlice(options.sliceInstructions),
      crew,
    });
  }

  /**
   * Starts the workers, which otherwise the first long call does: until they are ready it runs here. Resolves when one of them
   * is ready; at once without any.
   */
  async startWorkers(): Promise<void> {
    this.engine.checkOpen();
    await this.engine.crew?.start();
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
    const defaults = { limits: this.limits, policies: this.policies };
    const made = new Tenant(this.engine, this.languages, this.doors, name, defaults, options);
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
   * the same name, else any. Reading and checking it is done in steps, as a part of the tenant's time; until then the execution is
   * `running`, and what is wanted of it happens afterwards. What becomes of `bytes` once they are read does not matter.
   *
   * Throws TypeError or RangeError for options that are wrong. The execution rejects with SnapshotError, `snapshot.modules` if no
   * function has its modules.
   */
  restore(bytes: Uint8Array, options: RestoreOptions = {}): Execution {
    const { engine } = this;
    engine.checkOpen();
    if (!(bytes instanceof Uint8Array)) throw new TypeError('a snapshot must be bytes (Uint8Array)');
    const tenant = this.tenants.get(options.tenant ?? DEFAULT_TENANT);
    if (tenant !== undefined) return tenant.restore(bytes, options);
    // Whatever it is: that there is nobody it could belong to is said last.
    const find = (_: Snapshot, name: string): never => {
      throw noOrigin(name);
    };
    return restoreExecution({ engine, share: new Share(engine.queue.root), bytes: inOneStep(bytes), options, find });
  }

  protected get budget(): Budget {
    return this.engine.budget;
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
    this.leaveCompilers();
  }
}

/** Null: none. */
function checkWorkers(options: HostOptions): CrewOptions | null {
  const { workers = 0, startWorker, training = true } = options;
  if (!Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS) {
    throw new RangeError(`workers must be a whole number from 0 to ${MOST_WORKERS}`);
  }
  if (workers === 0 || hasOwnWorld(options)) return null;
  if (typeof startWorker !== 'function') throw new TypeError('workers need startWorker');
  if (typeof SharedArrayBuffer === 'undefined') throw new HostError('host.shared_memory');
  return { count: workers, start: startWorker, isTrained: training, askSpecialiser: specialiserOf(options) };
}

/** Null: this thread compiles. */
function chooseCompilers(options: HostOptions): Compilers | null {
  const { startWorker } = options;
  return startWorker === undefined || startWorker === null || hasOwnWorld(options) ? null : compilersOf(startWorker);
}

/** Who specialises code for this thread and for workers. */
function specialiserOf(options: HostOptions): AskSpecialiser {
  const compilers = chooseCompilers(options);
  return async (request) => compilers?.chunks.specialise(request) ?? null;
}

/** It has one thread: what happens there happens in order. */
function hasOwnWorld({ deterministic, surroundings }: HostOptions): boolean {
  return deterministic !== undefined || surroundings !== undefined;
}

function checkSlice(instructions: number | undefined): number | undefined {
  if (instructions === undefined || (Number.isInteger(instructions) && instructions >= 100)) return instructions;
  throw new RangeError('sliceInstructions must be a whole number from 100 on');
}

/** Makes a host. Rejects with TypeError or RangeError for options that are wrong, HostError `host.shared_memory`. */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const { training = true, codeCache } = options;
  await prepareThread(training, codeCache === undefined ? null : specialiseBy(specialiserOf(options), codeCache));
  return new Host(options);
}
