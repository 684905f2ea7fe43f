// A deployed function: a program made once, of which every call starts a fresh context. Nothing is left between calls.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { FileSet } from '../../frontends/frontend';
import {
  Budget,
  CrossingError,
  type ExecutionError,
  entrySignature,
  GuestExecution,
  type GuestValue,
  type HostValue,
  hasValueEntry,
  type Limits,
  type Policies,
  type Program,
  programIdentity,
  readSnapshot,
  type Share,
  type SharedLimits,
  type Snapshot,
  SnapshotError,
  type SuspensionReason,
  UNLIMITED,
  writeJson,
} from '../../vm/index';
import { Admission } from './admission';
import type { Engine } from './engine';
import type { Execution, ExecutionControl, ExecutionStatus, Steering, Suspension } from './execution';
import { decodeHeldCall, encodeHeldCall } from './held-call';
import type { HttpClient, HttpPolicy } from './http';
import { InputReader, type InputSource } from './input';
import { type Ancestry, type Callees, invokeFunction, newAncestry } from './invocations';
import {
  type BudgetOptions,
  checkBudget,
  checkRefill,
  checkWeight,
  type LimitOptions,
  mergeLimits,
  mergePolicies,
  tightenLimits,
} from './limits';
import type { LogRecord } from './logs';
import { once } from './once';
import { OutputLog } from './output';
import { type Outputs, outputOf } from './output-sinks';
import { toPlain } from './plain-values';
import { type ExecutionResult, makeResult, UNUSED } from './result';
import type { TenantStorage } from './storage';
import { Suspensions, suspensionOf } from './suspensions';
import { type HostFunction, SyscallHandlers } from './syscall-handlers';
import { textCodec } from './text';
import { type BudgetUsage, usageOf } from './usage';

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
  readonly diagnostics: readonly Diagnostic[];
}

/** A function that can be called. Stays callable when another is deployed under its name, or it is removed. */
export class DeployedFunction {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  /** What becomes of what these limits stop, where it is not the default. */
  readonly policies: Policies;
  /** Warnings of its compilation. */
  readonly diagnostics: readonly Diagnostic[];

  private readonly budget: Budget;
  /** Of an invocation that asks for nothing else: the same object for all. */
  private readonly invocationLimits: SharedLimits;

  /** `tenant` is its tenant's budget; `share` its own part of the tenant's time. */
  constructor(
    private readonly engine: Engine,
    private readonly parts: FunctionParts,
    tenant: Budget,
    private readonly share: Share,
  ) {
    this.name = parts.name;
    this.language = parts.language;
    this.id = parts.id;
    this.limits = parts.limits;
    this.policies = parts.policies;
    this.diagnostics = parts.diagnostics;
    this.invocationLimits = { ...UNLIMITED, ...parts.limits };
    this.budget = Budget.create('function', parts.budget, parts.budgetPolicies, tenant, engine.surroundings);
  }

  /** What its invocations may use together. */
  get sharedLimits(): SharedLimits {
    return this.budget.limits;
  }

  /** What becomes of what these stop, where it is not the default. */
  get sharedPolicies(): Policies {
    return this.budget.policies;
  }

  /** What its invocations have used together, those that run included. */
  get usage(): BudgetUsage {
    return usageOf(this.budget);
  }

  /** Changes the limits of its invocations together, while they run. Throws RangeError. */
  changeBudget(budget: BudgetOptions): void {
    this.budget.change(checkBudget(budget), mergePolicies({}, budget));
  }

  /** Raises the limits of its invocations together by these amounts. Throws RangeError. */
  refill(more: Partial<SharedLimits>): void {
    this.budget.refill(checkRefill(more));
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
    const call = {
      limits,
      policies,
      weight,
      input,
      ...outputOf(options),
      signal: options.signal,
      onSuspended: options.onSuspended,
      ancestry,
      result: undefined,
    };
    return this.engine.track((id) => {
      try {
        return this.begin(id, { ...call, ...this.crossing(argument, args) });
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
   * Goes on from a snapshot of one of this function's executions, here or anywhere. Throws SnapshotError, and TypeError or
   * RangeError for options that are wrong.
   */
  restore(bytes: Uint8Array, options: RestoreOptions = {}): Execution {
    return this.restoreFrom(readSnapshot(bytes), options);
  }

  /** Whether a snapshot is of this function: by its modules. */
  isOrigin(snapshot: Snapshot): boolean {
    return programIdentity(this.parts.program) === snapshot.programId;
  }

  /** As restore, for a snapshot that is read already. */
  restoreFrom(snapshot: Snapshot, options: RestoreOptions): Execution {
    if (!this.isOrigin(snapshot)) throw new SnapshotError('snapshot.modules');
    const held = decodeHeldCall(snapshot.host);
    const ceiling = mergeLimits(this.parts.limits, options.limits);
    const call: Call = {
      limits: tightenLimits(ceiling, snapshot.limits),
      policies: mergePolicies(snapshot.policies, options.limits),
      weight: checkWeight(options.weight),
      input: new InputReader(options.stdin ?? '', held.input),
      ...outputOf(options),
      signal: options.signal,
      onSuspended: options.onSuspended,
      values: [],
      texts: () => held.args,
      ancestry: newAncestry(),
      result: parseResult(held.result),
    };
    return this.engine.track((id) => this.begin(id, call, snapshot, options.suspended));
  }

  /** The argument as the entry takes it, and as text for the guests that ask for text. Throws CrossingError. */
  private crossing(argument: unknown, args: readonly string[] | undefined): Crossing {
    const { program } = this.parts;
    if (args !== undefined)
      return { values: this.takesNothing() ? [] : args, texts: once(() => args.map(textCodec.encode)) };
    if (argument === undefined) return { values: [], texts: () => [] };
    const plain = toPlain(argument);
    // Most functions take the value, and never ask for its text.
    const texts = once(() => [textOf(plain)]);
    if (this.takesNothing()) return { values: [], texts };
    if (hasValueEntry(program)) return { values: [plain], texts };
    return { values: Array.isArray(plain) ? plain : [plain], texts };
  }

  /** An entry that takes nothing by its type, as C's, reads its arguments as text. */
  private takesNothing(): boolean {
    const { program } = this.parts;
    return !hasValueEntry(program) && entrySignature(program)!.params.length === 0;
  }

  /** Throws SnapshotError, and then nothing has begun. */
  private begin(id: string, call: Call, snapshot?: Snapshot, isSuspended = false): ExecutionControl {
    const { program, capabilities, files, functions, storage, http, callees, fileName } = this.parts;
    const { engine } = this;
    const { surroundings } = engine;
    const { payer } = call.ancestry;
    const budget = payer === null ? this.budget : this.budget.nestedIn(payer);
    const handlers = new SyscallHandlers({
      capabilities,
      charges: {
        charge: (charged, amount) => task.charges.charge(charged, amount),
        release: (charged, amount) => task.charges.release(charged, amount),
      },
      args: call.texts,
      files,
      functions,
      input: call.input,
      output: call.output,
      log: call.logSink,
      storage,
      http,
      invoke: (name, argument, signal) =>
        invokeFunction(callees, { ...call.ancestry, payer: task.budget }, name, argument, signal),
      result: call.result,
      isRestored: snapshot !== undefined,
      surroundings,
      elapsed: () => task.elapsed(),
    });
    const isProcess = !hasValueEntry(program) && entrySignature(program)!.results.length === 0;
    const suspensions = new Suspensions();
    let settle!: { resolve: (result: ExecutionResult) => void; reject: (error: unknown) => void };
    const result = new Promise<ExecutionResult>((resolve, reject) => {
      settle = { resolve, reject };
    });
    const cancel = () => task.cancel();
    let admission: Admission | null = null;
    const cleanUp = () => {
      admission?.leave();
      engine.forget(task);
      call.signal?.removeEventListener('abort', cancel);
      handlers.close();
      call.log.end();
      suspensions.tell(null);
    };
    const task: GuestExecution = new GuestExecution(
      {
        program,
        pool: engine.pool,
        limits: call.limits,
        policies: call.policies,
        parent: budget,
        share: this.share,
        weight: call.weight,
        args: call.values,
        name: fileName,
        host: handlers,
        now: surroundings.now,
        startTimer: surroundings.startTimer,
        wake: engine.wake,
        parked: engine.park,
        suspended: (reason) => {
          suspensions.tell(reason);
          call.onSuspended?.(suspensionOf(reason, task.charges.stalledBy));
        },
        ended: (outcome, usage) => {
          cleanUp();
          const { result } = handlers;
          const isSaid = outcome.status === 'ok' && result !== undefined;
          const seen = isSaid ? { ...outcome, values: [result] } : outcome;
          settle.resolve(makeResult(seen, usage, call.log, isProcess && !isSaid));
        },
        failed: (error) => {
          cleanUp();
          settle.reject(error);
        },
      },
      snapshot,
    );
    if (isSuspended) task.suspend();
    let isBeginning = true;
    admission = new Admission(
      budget,
      () => {
        if (!isSuspended || !isBeginning) engine.scheduler.schedule(task);
      },
      (refusal) => task.refuse(refusal),
    );
    isBeginning = false;
    call.signal?.addEventListener('abort', cancel);
    if (call.signal?.aborted) cancel();
    return {
      id,
      logs: call.log,
      result,
      cancel,
      steering: new TaskControl(task, call, handlers, suspensions, this, this.parts),
    };
  }
}

/** What can be done to an execution of this thread. */
class TaskControl implements Steering {
  constructor(
    private readonly task: GuestExecution,
    private readonly call: Call,
    private readonly handlers: SyscallHandlers,
    private readonly suspensions: Suspensions,
    private readonly origin: DeployedFunction,
    private readonly parts: FunctionParts,
  ) {}

  status(): ExecutionStatus {
    return this.task.status;
  }

  suspendedFor(): SuspensionReason | null {
    return this.task.suspendedFor;
  }

  suspension(): Promise<SuspensionReason | null> {
    const { status, suspendedFor } = this.task;
    if (status === 'ended') return Promise.resolve(null);
    return suspendedFor === null ? this.suspensions.next() : Promise.resolve(suspendedFor);
  }

  memoryBytes(): number {
    return this.task.heapBytes;
  }

  async suspend(): Promise<boolean> {
    this.task.suspend();
    return (await this.suspension()) !== null;
  }

  resume(): void {
    this.task.resume();
  }

  refill(more: Partial<Limits>): void {
    this.task.refill(checkRefill(more));
  }

  snapshot(): Uint8Array {
    const { name, program } = this.parts;
    const { call } = this;
    const args = asksForArguments(program) ? call.texts() : [];
    return this.task.snapshot(() => {
      const { result } = this.handlers;
      const said = textCodec.encode(result === undefined ? '' : JSON.stringify(result));
      return encodeHeldCall({ name, args, input: call.input.buffered, result: said });
    });
  }

  fork(options: RestoreOptions): Execution {
    return this.origin.restoreFrom(readSnapshot(this.snapshot()), { limits: this.task.currentLimits, ...options });
  }
}

/** Whether anything in a program can ask for its arguments as text: most cannot, and a snapshot need not hold them. */
function asksForArguments({ modules }: Program): boolean {
  return modules.some(({ syscalls }) => syscalls.includes('argument_read') || syscalls.includes('argument_count'));
}

/** Arguments on their way in. */
interface Crossing {
  readonly values: readonly HostValue[];
  readonly texts: () => readonly Uint8Array[];
}

interface Call extends Crossing, Outputs {
  readonly ancestry: Ancestry;
  /** What it has said itself, when it goes on. */
  readonly result: GuestValue | undefined;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly weight: number;
  readonly input: InputReader;
  readonly signal: AbortSignal | undefined;
  readonly onSuspended: ExecuteOptions['onSuspended'];
}

function checkArgs(args: readonly string[]): readonly string[] {
  if (!Array.isArray(args) || args.some((arg) => typeof arg !== 'string')) {
    throw new TypeError('args must be a list of strings');
  }
  return [...args];
}

/** Throws SnapshotError `snapshot.corrupt`. */
function parseResult(json: Uint8Array): GuestValue | undefined {
  if (json.length === 0) return undefined;
  try {
    const value = JSON.parse(textCodec.decodeLeniently(json)) as GuestValue;
    toPlain(value);
    return value;
  } catch {
    throw new SnapshotError('snapshot.corrupt', 'the call');
  }
}

/** Text and bytes as they are, everything else as JSON. */
function textOf(plain: HostValue): Uint8Array {
  if (typeof plain === 'string') return textCodec.encode(plain);
  if (plain instanceof Uint8Array) return plain;
  return textCodec.encode(typeof plain === 'bigint' ? String(plain) : jsonOf(plain));
}

/** Written in one go: the caller pays for it. */
function jsonOf(plain: HostValue): string {
  const writing = writeJson({ fuel: 0 }, plain, textCodec);
  for (;;) {
    const { done, value } = writing.next();
    if (done) return value;
  }
}

/** A call that could not begin for its argument. */
function refused(id: string, cause: CrossingError): ExecutionControl {
  const log = new OutputLog();
  log.end();
  const error: ExecutionError = { ...cause.describe('argument'), stack: [], skippedFrames: 0 };
  const outcome = { status: 'error' as const, values: [], exitCode: null, error };
  const result = Promise.resolve(makeResult(outcome, UNUSED, log, false));
  return { id, logs: log, result, cancel: () => {}, steering: ENDED_AT_ONCE };
}

const nothing = () => {};
const hasEnded = () => {
  throw new SnapshotError('snapshot.ended');
};
const ENDED_AT_ONCE: Steering = {
  status: () => 'ended',
  suspendedFor: () => null,
  memoryBytes: () => 0,
  suspension: () => Promise.resolve(null),
  suspend: () => Promise.resolve(false),
  resume: nothing,
  refill: nothing,
  snapshot: hasEnded,
  fork: hasEnded,
};
