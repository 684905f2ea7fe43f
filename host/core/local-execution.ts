// An execution in this thread: from a call to a context that the scheduler has, what stands around it while it runs, and
// what can be done to it. A hundred thousand of them may wait: it is one object, and what the machine and the handlers of its
// syscalls ask of it is looked up when they ask (execution-sides.ts).
import {
  type Budget,
  type CrossingError,
  type ExecutionError,
  entrySignature,
  type FuelMeter,
  GuestExecution,
  hasValueEntry,
  inOneStep,
  type Limits,
  type Outcome,
  type Program,
  type Refusal,
  type Share,
  type Snapshot,
  SnapshotError,
  type Steps,
  type SuspensionReason,
  type Unprepared,
  type Usage,
} from '../../vm/index';
import { Admission, type Applicant } from './admission';
import { asksForArguments, type Call, NO_TEXTS } from './call';
import type { Engine } from './engine';
import type { Execution, ExecutionControl, ExecutionStatus, Steering } from './execution';
import { DoorSide, MachineSide } from './execution-sides';
import type { FunctionParts, RestoreOptions } from './function';
import { encodeHeldCall } from './held-call';
import { checkRefill } from './limits';
import { OutputLog } from './output';
import { type Restorer, restoreExecution } from './restoring';
import { type ExecutionResult, makeResult, UNUSED } from './result';
import { Suspensions, suspensionOf } from './suspensions';
import { SyscallHandlers } from './syscall-handlers';
import { textCodec } from './text';

/** The function that is executed. */
export interface Origin {
  readonly engine: Engine;
  readonly parts: FunctionParts;
  readonly budget: Budget;
  readonly share: Share;
  /** What goes on from snapshots of it. */
  readonly restorer: Restorer;
}

/** Told the program that calls go on from behind a function's top-level code, or why there is none. */
export type Prepared = (program: Program | Unprepared) => void;

/**
 * Starts a call. With `prepared`, the top-level code is run for later calls, in place of a call. Throws CrossingError, and then
 * nothing has begun.
 */
export function beginExecution(origin: Origin, id: string, call: Call, prepared?: Prepared): ExecutionControl {
  const execution = new LocalExecution(origin, id, call, false, prepared);
  execution.start(false);
  return execution;
}

/** Goes on from a snapshot. Throws SnapshotError, and then, or when it is left between two steps, nothing has begun. */
export function* continueExecution(
  origin: Origin,
  id: string,
  call: Call,
  snapshot: Snapshot,
  isSuspended: () => boolean,
): Steps<ExecutionControl> {
  const execution = new LocalExecution(origin, id, call, true);
  yield* execution.restore(snapshot);
  execution.start(isSuspended());
  return execution;
}

export class LocalExecution implements ExecutionControl, Steering, Applicant {
  readonly result: Promise<ExecutionResult>;
  /** Its function's budget, as this call charges it. */
  readonly budget: Budget;
  readonly task: GuestExecution;
  readonly handlers: SyscallHandlers;
  private resolve!: (result: ExecutionResult) => void;
  private reject!: (error: unknown) => void;
  private admission: Admission | null = null;
  /** Made when somebody waits for a suspension. */
  private suspensions: Suspensions | null = null;

  /** Nothing begins yet. */
  constructor(
    readonly origin: Origin,
    readonly id: string,
    readonly call: Call,
    readonly isRestored: boolean,
    readonly prepared?: Prepared,
  ) {
    const { payer } = call.ancestry;
    this.budget = payer === null ? origin.budget : origin.budget.nestedIn(payer);
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.task = new GuestExecution(new MachineSide(this));
    this.handlers = new SyscallHandlers(new DoorSide(this));
  }

  get logs(): OutputLog {
    return this.call.outputs.log;
  }

  get steering(): Steering {
    return this;
  }

  // --- its life ---

  /** Gives its context what a snapshot holds. */
  *restore(snapshot: Snapshot): Steps<void> {
    let isRestored = false;
    try {
      yield* this.task.restore(snapshot);
      isRestored = true;
    } finally {
      if (!isRestored) this.cleanUp();
    }
  }

  /** Lets it begin as soon as there is a place for it, or stand still at first. */
  start(isSuspended: boolean): void {
    const { call, task } = this;
    if (isSuspended) task.suspend();
    call.signal?.addEventListener('abort', this);
    this.admission = new Admission(this.budget, this);
    this.admission.ask();
    if (call.signal?.aborted) this.cancel();
  }

  /** There is a place for it. One that stands still has its first turn when it goes on. */
  admitted(): void {
    if (this.task.status !== 'suspended') this.wake();
  }

  /** The machine could go on with it; not while it queues, as one that is restored and resumed may. */
  wake(): void {
    if (this.admission?.isAdmitted) this.origin.engine.wake(this.task);
  }

  /** There is none, nor one in the queue. */
  refused(refusal: Refusal): void {
    this.task.refuse(refusal);
  }

  /** The call's signal has fired. */
  handleEvent(): void {
    this.cancel();
  }

  cancel(): void {
    this.task.cancel();
  }

  /** Its arguments as text, if its program may ask for them; in steps. */
  get prepareArguments(): ((meter: FuelMeter) => Generator<undefined, unknown, unknown>) | undefined {
    const { texts } = this.call;
    if (texts === NO_TEXTS || !asksForArguments(this.origin.parts.program)) return undefined;
    return (meter) => texts.make(meter);
  }

  /** The machine has had it stand still. */
  suspended(reason: SuspensionReason): void {
    this.tellSuspended(reason);
    this.call.onSuspended?.(suspensionOf(reason, this.task.charges.stalledBy));
  }

  /** The machine has done with it. */
  ended(outcome: Outcome, usage: Usage): void {
    this.cleanUp();
    const { program } = this.origin.parts;
    const { result } = this.handlers;
    const isSaid = outcome.status === 'ok' && result !== undefined;
    const isProcess = !hasValueEntry(program) && entrySignature(program)!.results.length === 0;
    const seen = isSaid ? { ...outcome, values: [result] } : outcome;
    this.resolve(makeResult(seen, usage, this.logs, isProcess && !isSaid));
  }

  /** The host itself has failed: a defect. */
  failed(error: unknown): void {
    this.cleanUp();
    this.reject(error);
  }

  /** Lets go of all that it holds outside its heap. */
  private cleanUp(): void {
    this.admission?.leave();
    this.origin.engine.forget(this.task);
    this.call.signal?.removeEventListener('abort', this);
    this.handlers.close();
    this.logs.end();
    this.tellSuspended(null);
  }

  private tellSuspended(reason: SuspensionReason | null): void {
    this.suspensions?.tell(reason);
  }

  // --- what can be done to it ---

  status(): ExecutionStatus {
    return this.task.status;
  }

  suspendedFor(): SuspensionReason | null {
    return this.task.suspendedFor;
  }

  suspension(): Promise<SuspensionReason | null> {
    const { status, suspendedFor } = this.task;
    if (status === 'ended') return Promise.resolve(null);
    if (suspendedFor !== null) return Promise.resolve(suspendedFor);
    this.suspensions ??= new Suspensions();
    return this.suspensions.next();
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

  snapshot(): Promise<Uint8Array> {
    const { engine, share } = this.origin;
    return engine.perform(this.write(), share, this.call.weight);
  }

  fork(options: RestoreOptions): Execution {
    const { engine, share, restorer } = this.origin;
    this.task.checkStandsStill();
    return restoreExecution({
      engine,
      share,
      bytes: this.write(),
      options: { limits: this.task.currentLimits, ...options },
      find: () => inOneStep(restorer),
    });
  }

  private write(): Steps<Uint8Array> {
    const { name, program } = this.origin.parts;
    const { call } = this;
    return this.task.snapshot(() => {
      // A snapshot need not hold what nobody can ask for.
      const args = asksForArguments(program) ? call.texts.all : [];
      const { result } = this.handlers;
      const said = textCodec.encode(result === undefined ? '' : JSON.stringify(result));
      return encodeHeldCall({ name, args, input: call.input.buffered, result: said });
    });
  }
}

/** A call that could not begin for its argument. */
export function refused(id: string, cause: CrossingError): ExecutionControl {
  const log = new OutputLog();
  log.end();
  const error: ExecutionError = { ...cause.describe('argument'), stack: [], skippedFrames: 0 };
  const outcome = { status: 'error' as const, values: [], exitCode: null, error };
  const result = Promise.resolve(makeResult(outcome, UNUSED, log, false));
  return { id, logs: log, result, cancel: () => {}, steering: ENDED_AT_ONCE };
}

const nothing = () => {};
const ENDED_AT_ONCE: Steering = {
  status: () => 'ended',
  suspendedFor: () => null,
  memoryBytes: () => 0,
  suspension: () => Promise.resolve(null),
  suspend: () => Promise.resolve(false),
  resume: nothing,
  refill: nothing,
  snapshot: () => Promise.reject(new SnapshotError('snapshot.ended')),
  fork: () => {
    throw new SnapshotError('snapshot.ended');
  },
};
