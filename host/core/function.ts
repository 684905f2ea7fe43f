// A deployed function: a program made once, of which every call starts a fresh context. Nothing is left between calls.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { FileSet } from '../../frontends/frontend';
import {
  Budget,
  CrossingError,
  identify,
  inOneStep,
  type Limits,
  type Policies,
  type Program,
  type Share,
  type SharedLimits,
  type Snapshot,
  SnapshotError,
  type Steps,
  UNLIMITED,
} from '../../vm/index';
import { BudgetLevel } from './budget-level';
import { ArgumentTexts, type Call, checkArgs, crossingOf, parseResult } from './call';
import type { CompileChunk } from './compile';
import type { Engine } from './engine';
import type { Execution, ExecutionControl, Suspension } from './execution';
import type { HttpClient, HttpPolicy } from './http';
import { runTopLevel } from './initialisation';
import { InputReader, type InputSource } from './input';
import { type Callees, newAncestry } from './invocations';
import { checkWeight, type LimitOptions, mergeLimits, mergePolicies, tightenLimits } from './limits';
import { beginExecution, continueExecution, type Origin, refused } from './local-execution';
import type { LogRecord } from './logs';
import { Outputs } from './output-sinks';
import { type Restored, type Restorer, restoreExecution } from './restoring';
import type { ExecutionResult } from './result';
import type { TenantStorage } from './storage';
import type { HostFunction } from './syscall-handlers';

/** How one call differs from others. */
export interface ExecuteOptions {
  /** Arguments as text, in place of `argument`. */
  readonly args?: readonly string[];
  /** Under the function's limits: of each the smaller counts. */
  readonly limits?: LimitOptions;
  /** Its part of its function's time, beside that of the others: 0.001 to 1,000,000; 1 by default. */
  readonly weight?: number;
  readonly stdin?: InputSource;
  readonly signal?: AbortSignal;
  /**
   * Takes the output as it comes, in place of `result.stdout`, `result.stderr` and `logs`, which stay empty. A promise
   * holds the guest until it is settled.
   */
  readonly output?: (chunk: { stream: 'stdout' | 'stderr'; bytes: Uint8Array }) => unknown;
  /** Takes structured logs as they come, in place of `result.logs`. A promise holds the guest until it is settled. */
  readonly log?: (record: LogRecord) => unknown;
  /** Is told whenever the execution has been suspended. */
  readonly onSuspended?: (suspension: Suspension) => void;
}

/** How an execution goes on from a snapshot. */
export interface RestoreOptions {
  /** Whose function it goes on as; of `host.restore` only. */
  readonly tenant?: string;
  readonly weight?: number;
  /**
   * In place of the function's limits, the most that it may use: of each the smaller counts, of these and of those in the
   * snapshot.
   */
  readonly limits?: LimitOptions;
  /** What comes behind the input that the snapshot holds. */
  readonly stdin?: InputSource;
  readonly signal?: AbortSignal;
  readonly output?: ExecuteOptions['output'];
  readonly log?: ExecuteOptions['log'];
  readonly onSuspended?: ExecuteOptions['onSuspended'];
  /** Whether it stands still at first, until `resume()`. */
  readonly suspended?: boolean;
}

/** What a deployment has made. */
export interface FunctionParts {
  readonly name: string;
  readonly language: string;
  /** Hash of the module's bytes: the same source gives the same. */
  readonly id: string;
  readonly fileName: string;
  readonly program: Program;
  /** Of each invocation. */
  readonly limits: Limits;
  readonly policies: Policies;
  /** Of all invocations together. */
  readonly budget: Partial<SharedLimits>;
  readonly budgetPolicies: Policies;
  readonly weight: number;
  readonly capabilities: ReadonlySet<string>;
  readonly files: FileSet;
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** Of the function's tenant. */
  readonly storage: TenantStorage;
  /** What it may reach, and with what. */
  readonly http: { readonly client: HttpClient | null; readonly policy: HttpPolicy };
  /** Which functions of its tenant it may call. */
  readonly callees: Callees;
  /** Compiles text that it loads, elsewhere; null: where it runs. */
  readonly compileChunk: CompileChunk | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A function that can be called. Stays callable when another is deployed under its name, or it is removed. */
export class DeployedFunction extends BudgetLevel implements Restorer {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  /** What becomes of what these limits stop, where it is not the default. */
  readonly policies: Policies;
  /** Warnings of its compilation. */
  readonly diagnostics: readonly Diagnostic[];

  protected readonly budget: Budget;
  private origin: Origin;
  /** Of an invocation that asks for nothing else: the same object for all. */
  private readonly invocationLimits: SharedLimits;

  /** `tenant` is its tenant's budget; `share` its own part of the tenant's time. */
  constructor(
    private readonly engine: Engine,
    private parts: FunctionParts,
    tenant: Budget,
    share: Share,
  ) {
    super();
    this.name = parts.name;
    this.language = parts.language;
    this.id = parts.id;
    this.limits = parts.limits;
    this.policies = parts.policies;
    this.diagnostics = parts.diagnostics;
    this.invocationLimits = { ...UNLIMITED, ...parts.limits };
    this.budget = Budget.create('function', parts.budget, parts.budgetPolicies, tenant, engine.surroundings);
    this.origin = {
      engine,
      parts,
      budget: this.budget,
      share,
      restorer: this,
    };
  }

  /**
   * Runs the top-level code; calls go on from there, from then on. Part of a deployment that asks for it. Rejects with
   * DeployError `deploy.initialise`.
   */
  async initialise(): Promise<void> {
    const program = await runTopLevel(this.origin, this.invocationLimits);
    this.parts = { ...this.parts, program };
    this.origin = { ...this.origin, parts: this.parts };
  }

  /** The capabilities that the deployment granted. */
  get capabilities(): string[] {
    return [...this.parts.capabilities];
  }

  /**
   * Starts a call with a JSON value or bytes as its argument. Throws TypeError or RangeError for options that are wrong;
   * everything else is in the result, an argument that the function cannot take included. `ancestry`: where it
   * stands among functions that wait for each other.
   */
  execute(argument?: unknown, options: ExecuteOptions = {}, ancestry = newAncestry()): Execution {
    if (argument !== undefined && options.args !== undefined) {
      throw new TypeError('a call takes an argument or a list of args, not both');
    }
    const args = options.args === undefined ? undefined : checkArgs(options.args);
    const limits = tightenLimits(this.invocationLimits, options.limits);
    const policies = mergePolicies(this.parts.policies, options.limits);
    const weight = checkWeight(options.weight);
    const input = new InputReader(options.stdin ?? '');
    const outputs = new Outputs(options);
    const { signal, onSuspended } = options;
    return this.engine.track((id) => {
      try {
        const { values, texts } = crossingOf(this.parts.program, argument, args, ancestry.depth > 0);
        // Nothing spread into it: such an object would have a shape of its own, half a kilobyte for each call.
        const call: Call = {
          limits,
          policies,
          weight,
          input,
          outputs,
          signal,
          onSuspended,
          ancestry,
          result: undefined,
          values,
          texts,
        };
        return beginExecution(this.origin, id, call);
      } catch (error) {
        if (!(error instanceof CrossingError)) throw error;
        return refused(id, error);
      }
    });
  }

  /** Starts `count` calls at once, and gives their results in order. Errors as execute. */
  executeMany(count: number, argument?: unknown, options: ExecuteOptions = {}): Promise<ExecutionResult[]> {
    if (!Number.isInteger(count) || count < 0) throw new RangeError('count must be a whole number from 0 on');
    return Promise.all(Array.from({ length: count }, () => this.execute(argument, options)));
  }

  /**
   * Goes on from a snapshot of one of this function's executions, here or anywhere. Errors as `host.restore`, with
   * `snapshot.modules` for one of another function.
   */
  restore(bytes: Uint8Array, options: RestoreOptions = {}): Execution {
    const find = (snapshot: Snapshot) => this.checkOrigin(snapshot);
    return restoreExecution({ engine: this.engine, share: this.origin.share, bytes: inOneStep(bytes), options, find });
  }

  private *checkOrigin(snapshot: Snapshot): Steps<Restorer> {
    if (!(yield* this.isOrigin(snapshot))) throw new SnapshotError('snapshot.modules');
    return this;
  }

  /** Whether a snapshot is of this function: by its modules. */
  *isOrigin(snapshot: Snapshot): Steps<boolean> {
    return (yield* identify(this.parts.program)).id === snapshot.programId;
  }

  /** Goes on from what was read, once the heap has its place. Throws SnapshotError. */
  continueFrom(id: string, { snapshot, held, options, outputs, isSuspended }: Restored): Steps<ExecutionControl> {
    const ceiling = mergeLimits(this.parts.limits, options.limits);
    const call: Call = {
      limits: tightenLimits(ceiling, snapshot.limits),
      policies: mergePolicies(snapshot.policies, options.limits),
      weight: checkWeight(options.weight),
      input: new InputReader(options.stdin ?? '', held.input),
      outputs,
      signal: options.signal,
      onSuspended: options.onSuspended,
      values: [],
      texts: new ArgumentTexts(held.args),
      ancestry: newAncestry(),
      result: parseResult(held.result),
    };
    return continueExecution(this.origin, id, call, snapshot, isSuspended);
  }
}
