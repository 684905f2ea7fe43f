// An execution that is to go on from a snapshot, from the call on that asks for it. Reading, checking and placing it is done in
// steps; what is wanted of the execution meanwhile happens when it stands where it was saved.
import {
  DEFAULT_LIMITS,
  type ExecutionError,
  type Limits,
  readSnapshot,
  type Share,
  type Snapshot,
  SnapshotError,
  type Steps,
  type SuspensionReason,
} from '../../vm/index';
import type { Engine } from './engine';
import type { Execution, ExecutionControl, ExecutionStatus, Steering } from './execution';
import type { RestoreOptions } from './function';
import { decodeHeldCall, type HeldCall } from './held-call';
import { checkInput } from './input';
import { checkRefill, checkWeight, mergeLimits, mergePolicies } from './limits';
import type { OutputLog } from './output';
import { Outputs } from './output-sinks';
import { type ExecutionResult, makeResult, UNUSED } from './result';
import { StepsTask } from './steps-task';

/** What a function needs to go on from a snapshot. */
export interface Restored {
  readonly snapshot: Snapshot;
  readonly held: HeldCall;
  readonly options: RestoreOptions;
  readonly outputs: Outputs;
  /** Whether it is to stand still at first: asked when it could begin. */
  readonly isSuspended: () => boolean;
}

/** A function that can go on from its snapshots. */
export interface Restorer {
  continueFrom(id: string, restored: Restored): Steps<ExecutionControl>;
}

export interface RestoreRequest {
  readonly engine: Engine;
  /** Whose time it takes. */
  readonly share: Share;
  /** Gives the snapshot's bytes. */
  readonly bytes: Steps<Uint8Array>;
  readonly options: RestoreOptions;
  /** The function that goes on. Throws SnapshotError `snapshot.modules`. */
  readonly find: (snapshot: Snapshot, name: string) => Steps<Restorer>;
}

/**
 * Goes on from a snapshot. Throws TypeError and RangeError for options that are wrong, and HostError `host.closed`; for a snapshot
 * that is wrong the execution rejects with SnapshotError.
 */
export function restoreExecution(request: RestoreRequest): Execution {
  const { limits, weight, stdin } = request.options;
  mergeLimits(DEFAULT_LIMITS, limits);
  mergePolicies({}, limits);
  checkWeight(weight);
  checkInput(stdin ?? '');
  return request.engine.track((id) => new Restoring(id, request));
}

class Restoring implements ExecutionControl, Steering {
  readonly logs: OutputLog;
  readonly result: Promise<ExecutionResult>;
  private readonly outputs: Outputs;
  private readonly task: StepsTask<ExecutionControl>;
  private settle!: {
    resolve: (result: ExecutionResult | Promise<ExecutionResult>) => void;
    reject: (e: unknown) => void;
  };
  /** The execution that it has become; null when it was cancelled first. Rejects with why it became none. */
  private readonly begun: Promise<ExecutionControl | null>;
  private tellBegun!: { resolve: (control: ExecutionControl | null) => void; reject: (e: unknown) => void };
  private control: ExecutionControl | null = null;
  private isOver = false;
  /** Why it has become none. */
  private failure: unknown = null;
  private isCancelled = false;
  private isSuspensionWanted: boolean;
  private readonly refills: Partial<Limits>[] = [];

  constructor(
    readonly id: string,
    private readonly request: RestoreRequest,
  ) {
    const { engine, share, options } = request;
    const { signal } = options;
    this.isSuspensionWanted = options.suspended === true;
    this.outputs = new Outputs(options);
    this.logs = this.outputs.log;
    this.result = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.begun = new Promise((resolve, reject) => {
      this.tellBegun = { resolve, reject };
    });
    this.begun.catch(() => {});
    const { now } = engine.surroundings;
    this.task = new StepsTask(this.steps(), share, checkWeight(options.weight), now, {
      done: (control) => this.becomes(control),
      failed: (error) => this.fail(error),
      stopped: () => this.endCancelled(),
    });
    signal?.addEventListener('abort', this.cancel);
    if (signal?.aborted) this.cancel();
    engine.doSteps(this.task);
  }

  /** As soon as there is one, the execution's own. */
  get steering(): Steering {
    return this.control?.steering ?? this;
  }

  readonly cancel = (): void => {
    this.isCancelled = true;
    if (this.control !== null) this.control.cancel();
    else this.task.stop();
  };

  // --- what can be done to it until then ---

  readonly status = (): ExecutionStatus => (this.isOver ? 'ended' : 'running');

  readonly suspendedFor = (): SuspensionReason | null => null;

  readonly memoryBytes = (): number => 0;

  readonly suspension = async (): Promise<SuspensionReason | null> => {
    const control = await this.begun;
    return control === null ? null : control.steering.suspension();
  };

  readonly suspend = async (): Promise<boolean> => {
    this.isSuspensionWanted = true;
    return (await this.suspension()) !== null;
  };

  readonly resume = (): void => {
    this.checkFailure();
    this.isSuspensionWanted = false;
  };

  readonly refill = (more: Partial<Limits>): void => {
    const checked = checkRefill(more);
    this.checkFailure();
    this.refills.push(checked);
  };

  readonly snapshot = async (): Promise<Uint8Array> => this.fork();

  readonly fork = (): never => {
    this.checkFailure();
    throw new SnapshotError(this.isOver ? 'snapshot.ended' : 'snapshot.running');
  };

  private checkFailure(): void {
    if (this.failure !== null) throw this.failure;
  }

  // --- what becomes of it ---

  private *steps(): Steps<ExecutionControl> {
    const { bytes, find, options } = this.request;
    const snapshot = yield* readSnapshot(yield* bytes);
    const held = yield* decodeHeldCall(snapshot.host);
    const origin = yield* find(snapshot, held.name);
    const isSuspended = () => this.isSuspensionWanted;
    return yield* origin.continueFrom(this.id, { snapshot, held, options, outputs: this.outputs, isSuspended });
  }

  private becomes(control: ExecutionControl): void {
    this.forgetSignal();
    this.control = control;
    for (const more of this.refills) control.steering.refill(more);
    if (this.isCancelled) control.cancel();
    this.settle.resolve(control.result);
    this.tellBegun.resolve(control);
  }

  private fail(error: unknown): void {
    this.failure = error;
    this.end();
    this.settle.reject(error);
    this.tellBegun.reject(error);
  }

  private endCancelled(): void {
    this.end();
    const error: ExecutionError = {
      code: 'cancelled',
      message: 'the execution was cancelled',
      stack: [],
      skippedFrames: 0,
    };
    const outcome = { status: 'cancelled' as const, values: [], exitCode: null, error };
    this.settle.resolve(makeResult(outcome, UNUSED, this.logs, false));
    this.tellBegun.resolve(null);
  }

  private end(): void {
    this.isOver = true;
    this.forgetSignal();
    this.logs.end();
  }

  private forgetSignal(): void {
    this.request.options.signal?.removeEventListener('abort', this.cancel);
  }
}
