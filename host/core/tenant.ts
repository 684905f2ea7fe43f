// A tenant: whose functions they are, what they may use together, and its part of the machine's time.
import {
  Budget,
  inOneStep,
  type Limits,
  type Policies,
  Share,
  type Snapshot,
  SnapshotError,
  type Steps,
  StepsLine,
} from '../../vm/index';
import { BudgetLevel } from './budget-level';
import { type Assembled, type DeployOptions, type Doors, type FunctionOptions, makeParts, NAME } from './deployment';
import type { Engine } from './engine';
import { DeployError, HostError } from './errors';
import type { Execution } from './execution';
import { DeployedFunction, type ExecuteOptions, type RestoreOptions } from './function';
import type { Languages } from './languages';
import { type BudgetOptions, checkBudget, checkWeight, type LimitOptions, mergeLimits, mergePolicies } from './limits';
import { restoreExecution } from './restoring';
import type { ExecutionResult } from './result';
import type { TenantStorage } from './storage';

/** What a tenant may store when nobody says otherwise: it lies in the host's memory. 64 MiB. */
const DEFAULT_STORAGE_BYTES = 64 << 20;

/** What a tenant has; all of it can be changed while its functions run. */
export interface TenantOptions {
  /** Of each invocation of its functions that are deployed from then on, when they do not say otherwise. */
  readonly limits?: LimitOptions;
  /** Of all its invocations together. */
  readonly budget?: BudgetOptions;
  /** Its part of the machine's time, beside that of the others: 0.001 to 1,000,000; 1 by default. */
  readonly weight?: number;
}

/** A function in one shot. */
export interface RunOptions extends FunctionOptions, Omit<ExecuteOptions, 'limits'> {
  readonly argument?: unknown;
}

/** A deployed function as `list` describes it. */
export interface FunctionDescription {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  readonly capabilities: readonly string[];
}

/** What has a name, and which deployment it was. */
interface Named {
  readonly number: number;
  readonly deployed: DeployedFunction;
}

export class Tenant extends BudgetLevel {
  readonly name: string;
  private readonly share: Share;
  /** Of what is done for it and not for one of its functions: deploying, and reading snapshots. */
  private readonly ownShare: Share;
  /** Its deployments, one after the other: each has a heap while its image is made. */
  private readonly assembling = new StepsLine<Assembled>();
  protected readonly budget: Budget;
  private readonly functions = new Map<string, Named>();
  /** By name: what was asked for last of what was made, though its top-level code may still run. */
  private readonly newest = new Map<string, Named>();
  private deployments = 0;
  /** Names of what is being compiled, by number of the deployment. */
  private readonly compiling = new Map<number, string>();
  private readonly storage: TenantStorage;
  private ownLimits: Limits;
  private ownPolicies: Policies;

  /** Throws RangeError for options that are wrong. */
  constructor(
    private readonly engine: Engine,
    private readonly languages: Languages,
    private readonly doors: Doors,
    name: string,
    defaults: { readonly limits: Limits; readonly policies: Policies },
    options: TenantOptions,
  ) {
    super();
    if (!NAME.test(name)) throw new HostError('tenant.name', `${JSON.stringify(name)} must match ${NAME.source}`);
    this.name = name;
    this.storage = doors.storage(name);
    this.ownLimits = mergeLimits(defaults.limits, options.limits);
    this.ownPolicies = mergePolicies(defaults.policies, options.limits);
    const shared = { storageBytes: DEFAULT_STORAGE_BYTES, ...checkBudget(options.budget) };
    this.share = new Share(engine.queue.root, checkWeight(options.weight));
    this.ownShare = new Share(this.share);
    const { surroundings } = engine;
    this.budget = Budget.create('tenant', shared, mergePolicies({}, options.budget), engine.budget, surroundings);
  }

  /** What applies to a function of it that does not say otherwise. */
  get limits(): Limits {
    return this.ownLimits;
  }

  /** What becomes of what these limits stop, where it is not the default. */
  get policies(): Policies {
    return this.ownPolicies;
  }

  get weight(): number {
    return this.share.weight;
  }

  /** Changes what is given; what runs meets the new budget at its next step. Throws RangeError, and then changes nothing. */
  change(options: TenantOptions): void {
    const limits = mergeLimits(this.ownLimits, options.limits);
    const policies = mergePolicies(this.ownPolicies, options.limits);
    const shared = checkBudget(options.budget);
    const sharedPolicies = mergePolicies({}, options.budget);
    if (options.weight !== undefined) this.share.weight = checkWeight(options.weight);
    this.ownLimits = limits;
    this.ownPolicies = policies;
    this.budget.change(shared, sharedPolicies);
  }

  /**
   * Compiles, verifies and links a function, and gives it a name; one that had the name is replaced, and what runs of it
   * goes on. Rejects with DeployError.
   */
  async deploy(options: DeployOptions): Promise<DeployedFunction> {
    if (typeof options?.name !== 'string' || !NAME.test(options.name)) {
      throw new DeployError('deploy.name', `${JSON.stringify(options?.name)} is no name: it must match ${NAME.source}`);
    }
    const { name } = options;
    const number = ++this.deployments;
    this.compiling.set(number, name);
    let isWanted = false;
    let deployed: DeployedFunction;
    try {
      deployed = await this.make(name, options);
    } finally {
      isWanted = this.compiling.delete(number);
    }
    const named = { number, deployed };
    // Compiling takes its time: of two deployments of a name the one stays that was asked for last.
    if (isWanted && (this.newest.get(name)?.number ?? 0) < number) this.newest.set(name, named);
    if (options.initialise === true) await this.initialise(named);
    // Another may have been deployed meanwhile, or this one removed.
    if (this.newest.get(name) === named) this.functions.set(name, named);
    return deployed;
  }

  private async initialise(named: Named): Promise<void> {
    const { deployed } = named;
    try {
      await deployed.initialise();
    } catch (error) {
      if (this.newest.get(deployed.name) === named) this.forgetNewest(deployed.name);
      throw error;
    }
  }

  /** What is deployed is what was there before. */
  private forgetNewest(name: string): void {
    const current = this.functions.get(name);
    if (current === undefined) this.newest.delete(name);
    else this.newest.set(name, current);
  }

  /** Compiles a function, calls it once and forgets it. Rejects with DeployError. */
  async run(options: RunOptions): Promise<ExecutionResult> {
    const { argument, args, stdin, signal, output, log } = options;
    const deployed = await this.make('main', options);
    if (options.initialise === true) await deployed.initialise();
    return deployed.execute(argument, {
      ...(args !== undefined && { args }),
      ...(stdin !== undefined && { stdin }),
      ...(signal !== undefined && { signal }),
      ...(output !== undefined && { output }),
      ...(log !== undefined && { log }),
    });
  }

  /** The function of that name, or undefined. */
  get(name: string): DeployedFunction | undefined {
    return this.functions.get(name)?.deployed;
  }

  /** What is deployed, by name. */
  list(): FunctionDescription[] {
    return [...this.functions.values()]
      .map(({ deployed: { name, language, id, limits, capabilities } }) => ({
        name,
        language,
        id,
        limits,
        capabilities,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Forgets a function; what runs of it goes on. False when there is none of that name. */
  remove(name: string): boolean {
    for (const [number, compiled] of this.compiling) if (compiled === name) this.compiling.delete(number);
    this.newest.delete(name);
    return this.functions.delete(name);
  }

  /** Forgets all functions. */
  clear(): void {
    this.compiling.clear();
    this.newest.clear();
    this.functions.clear();
  }

  /** As `host.restore`. */
  restore(bytes: Uint8Array, options: RestoreOptions = {}): Execution {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('a snapshot must be bytes (Uint8Array)');
    return this.restoreFrom(inOneStep(bytes), options);
  }

  /** The same of bytes that are still to be made. `found` is told whose function goes on, before it does. */
  restoreFrom(
    bytes: Steps<Uint8Array>,
    options: RestoreOptions,
    found: (origin: DeployedFunction) => void = () => {},
  ): Execution {
    const find = (snapshot: Snapshot, name: string) => this.findOrigin(snapshot, name, found);
    return restoreExecution({ engine: this.engine, share: this.ownShare, bytes, options, find });
  }

  /** The function that a snapshot is of: the one of that name, else any. */
  private *findOrigin(
    snapshot: Snapshot,
    name: string,
    found: (origin: DeployedFunction) => void,
  ): Steps<DeployedFunction> {
    const named = this.get(name);
    for (const deployed of [named, ...[...this.functions.values()].map(({ deployed }) => deployed)]) {
      if (deployed === undefined || !(yield* deployed.isOrigin(snapshot))) continue;
      found(deployed);
      return deployed;
    }
    throw noOrigin(name);
  }

  private async make(name: string, options: FunctionOptions): Promise<DeployedFunction> {
    this.engine.checkOpen();
    const { engine, languages, doors } = this;
    const defaults = { limits: this.ownLimits, policies: this.ownPolicies };
    const assemble = (steps: Steps<Assembled>) => engine.perform(this.assembling.add(steps), this.ownShare);
    const { invoke, ...own } = await makeParts(this, { languages, doors, defaults, assemble }, options, name);
    this.engine.checkOpen();
    const callees = { allowed: invoke, find: (callee: string) => this.get(callee) };
    const parts = { ...own, storage: this.storage, callees };
    return new DeployedFunction(this.engine, parts, this.budget, new Share(this.share, parts.weight));
  }
}

/** No function has the modules of a snapshot. */
export function noOrigin(name: string): SnapshotError {
  return new SnapshotError('snapshot.modules', `no function has them (it was '${name}')`);
}
