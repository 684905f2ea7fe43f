// A tenant on a server, and a function of one: the API's own shapes, with promises where a server has to be asked.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { Limits, Policies, SharedLimits } from '../../vm/index';
import type {
  BudgetOptions,
  BudgetUsage,
  DeployOptions,
  ExecuteOptions,
  ExecutionResult,
  FunctionDescription,
  RestoreOptions,
  TenantOptions,
} from '../core/index';
import type { Result } from '../protocol/index';
import { callMany, type FunctionAddress, type RemoteExecution, startCall, startRestore } from './calls';
import type { Connection } from './connection';
import { RemoteError } from './errors';
import { type FunctionLogEvent, readFunctionLogs } from './function-logs';
import { amountsToWire, budgetToWire, deployToWire, limitsFromWire, tenantToWire } from './wire';

/** A deployed function as its server describes it. */
export interface RemoteDescription extends FunctionDescription {
  /** Warnings of its compilation. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What all invocations of a function, a tenant or the host may use together, and have used. */
export interface BudgetDescription {
  readonly sharedLimits: SharedLimits;
  /** What becomes of what these limits stop, where it is not the default. */
  readonly sharedPolicies: Policies;
  readonly usage: BudgetUsage;
}

/** Of a function. */
export interface FunctionBudget extends BudgetDescription {
  /** What becomes of an invocation at the function's limits, where it is not the default. */
  readonly policies: Policies;
}

/** A tenant as its server describes it. */
export interface TenantDescription extends BudgetDescription {
  readonly name: string;
  /** Of each invocation of its functions that do not say otherwise. */
  readonly limits: Limits;
  /** What becomes of what these limits stop, where it is not the default. */
  readonly policies: Policies;
  readonly weight: number;
}

/** A function on the server. It is called by its name: whatever is deployed under it then. */
export class RemoteFunction implements RemoteDescription {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  readonly capabilities: readonly string[];
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    private readonly tenant: RemoteTenant,
    { name, language, id, limits, capabilities, diagnostics }: RemoteDescription,
  ) {
    this.name = name;
    this.language = language;
    this.id = id;
    this.limits = limits;
    this.capabilities = capabilities;
    this.diagnostics = diagnostics;
  }

  /** As Client.execute. */
  execute(argument?: unknown, options?: ExecuteOptions): RemoteExecution {
    return this.tenant.execute(this.name, argument, options);
  }

  /** As Client.executeMany. */
  executeMany(count: number, argument?: unknown, options?: ExecuteOptions): Promise<ExecutionResult[]> {
    return this.tenant.executeMany(this.name, count, argument, options);
  }

  /** As Client.logs. */
  logs(): AsyncGenerator<FunctionLogEvent, void> {
    return this.tenant.logs(this.name);
  }

  /** What its invocations may use together, and have used; what becomes of each at its limits. */
  budget(): Promise<FunctionBudget> {
    return this.tenant.budgetOf(this.name);
  }

  /** Changes what its invocations may use together, while they run. Rejects with RangeError. */
  changeBudget(budget: BudgetOptions): Promise<void> {
    return this.tenant.changeBudgetOf(this.name, budget);
  }

  /** Raises what its invocations may use together by these amounts. Rejects with RangeError. */
  refill(more: Partial<SharedLimits>): Promise<void> {
    return this.tenant.refillOf(this.name, more);
  }
}

/** A tenant on the server, known by its name. */
export class RemoteTenant {
  constructor(
    private readonly connection: Connection,
    /** Undefined: the default one. */
    private readonly given: string | undefined,
  ) {}

  get name(): string {
    return this.given ?? 'default';
  }

  /** Its limits and weight, and what its invocations have used together. */
  async describe(): Promise<TenantDescription> {
    return tenantFromWire(await this.connection.request('tenant.describe', { name: this.name }));
  }

  /** Changes what is given, while its functions run. Rejects with RangeError. */
  async change(options: TenantOptions): Promise<void> {
    await this.connection.request('tenant.set', { name: this.name, ...tenantToWire(options) });
  }

  /** Raises its budget by these amounts; what stood still for want of them goes on. Rejects with RangeError. */
  async refill(more: Partial<SharedLimits>): Promise<void> {
    await this.connection.request('tenant.refill', { name: this.name, amounts: amountsToWire(more) });
  }

  /** As Client.deploy. */
  async deploy(options: DeployOptions): Promise<RemoteFunction> {
    return this.functionFrom(await this.connection.request('deploy', { ...this.own(), ...deployToWire(options) }));
  }

  /** As Client.execute. */
  execute(name: string, argument?: unknown, options: ExecuteOptions = {}): RemoteExecution {
    return startCall(this.connection, this.address(name), argument, options);
  }

  /** As Client.executeMany. */
  executeMany(
    name: string,
    count: number,
    argument?: unknown,
    options: ExecuteOptions = {},
  ): Promise<ExecutionResult[]> {
    return callMany(this.connection, this.address(name), count, argument, options);
  }

  /** As Client.restore. */
  restore(snapshot: Uint8Array, options: RestoreOptions = {}): RemoteExecution {
    return startRestore(this.connection, options.tenant ?? this.given, snapshot, options);
  }

  /** What is deployed, by name. */
  async list(): Promise<FunctionDescription[]> {
    const { functions } = await this.connection.request('list', this.own());
    return functions.map((description) => ({ ...description, limits: limitsFromWire(description.limits) }));
  }

  /** A function that is deployed. Rejects with RemoteError `function.unknown`. */
  async find(name: string): Promise<RemoteFunction> {
    return this.functionFrom(await this.connection.request('describe', this.address(name)));
  }

  /** The function of that name, or undefined. */
  async get(name: string): Promise<RemoteFunction | undefined> {
    return orUndefined(this.find(name), 'function.unknown');
  }

  /** Forgets a function; what runs of it goes on. False when there is none of that name. */
  async remove(name: string): Promise<boolean> {
    return (await this.connection.request('remove', this.address(name))).removed;
  }

  /** As Client.logs. */
  logs(name: string): AsyncGenerator<FunctionLogEvent, void> {
    return readFunctionLogs(this.connection, this.address(name));
  }

  /** As RemoteFunction.budget. */
  async budgetOf(name: string): Promise<FunctionBudget> {
    const description = await this.connection.request('describe', this.address(name));
    return { policies: description.policies, ...budgetFromWire(description) };
  }

  /** As RemoteFunction.changeBudget. */
  async changeBudgetOf(name: string, budget: BudgetOptions): Promise<void> {
    await this.connection.request('function.change', { ...this.address(name), budget: budgetToWire(budget) });
  }

  /** As RemoteFunction.refill. */
  async refillOf(name: string, more: Partial<SharedLimits>): Promise<void> {
    await this.connection.request('function.refill', { ...this.address(name), amounts: amountsToWire(more) });
  }

  private own(): { tenant?: string } {
    return this.given === undefined ? {} : { tenant: this.given };
  }

  private address(name: string): FunctionAddress {
    return { ...this.own(), name };
  }

  private functionFrom(description: Result<'deploy'>): RemoteFunction {
    const { limits, diagnostics, ...others } = description;
    const warnings = diagnostics as readonly Diagnostic[];
    return new RemoteFunction(this, { ...others, limits: limitsFromWire(limits), diagnostics: warnings });
  }
}

export function tenantFromWire(description: Result<'tenant.describe'>): TenantDescription {
  const { name, limits, policies, weight } = description;
  return { name, limits: limitsFromWire(limits), policies, weight, ...budgetFromWire(description) };
}

export function budgetFromWire(description: Result<'function.change'>): BudgetDescription {
  const { sharedLimits, sharedPolicies, usage } = description;
  return { sharedLimits: limitsFromWire(sharedLimits), sharedPolicies, usage };
}

/** Undefined in place of the error with that code. */
export async function orUndefined<T>(asked: Promise<T>, code: string): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RemoteError && error.code === code) return undefined;
    throw error;
  }
}
