// An execution in this thread: from a call to a context that the scheduler has, what stands around it while it runs, and
// what can be done to it.
import {
  type Budget,
  type CrossingError,
  type ExecutionError,
  entrySignature,
  GuestExecution,
  hasValueEntry,
  inOneStep,
  type Limits,
  type Program,
  type Share,
  type Snapshot,
  SnapshotError,
  type Steps,
  type SuspensionReason,
  type Unprepared,
} from '../../vm/index';
import { Admission } from './admission';
import { asksForArguments, type Call, NO_TEXTS } from './call';
import type { Engine } from './engine';
import type { Execution, ExecutionControl, ExecutionStatus, Steering } from './execution';
import type { FunctionParts, RestoreOptions } from './function';
import { encodeHeldCall } from './held-call';
import { INVOKED_LIMITS, invokeFunction } from './invocations';
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
  const { control, start } = makeExecution(origin, id, call, false, prepared);
  start(false);
  return control;
}

/** Goes on from a snapshot. Throws SnapshotError, and then, or when it is left between two steps, nothing has begun. */
export function* continueExecution(
  origin: Origin,
  id: string,
  call: Call,
  snapshot: Snapshot,
  isSuspended: () => boolean,
): Steps<ExecutionControl> {
  const { task, control, start, cleanUp } = makeExecution(origin, id, call, true);
  let isRestored = false;
  try {
    yield* task.restore(snapshot);
    isRestored = true;
  } finally {
    if (!isRestored) cleanUp();
  }
  start(isSuspended());
  return control;
}

/** An execution that has not begun. */
interface MadeExecution {
  readonly task: GuestExecution;
  readonly control: ExecutionControl;
  /** Lets it begin as soon as there is a place for it, or stand still at first. */
  readonly start: (isSuspended: boolean) => void;
  /** Lets go of all that it holds outside its heap. */
  readonly cleanUp: () => void;
}

function makeExecution(
  origin: Origin,
  id: string,
  call: Call,
  isRestored: boolean,
  prepared?: Prepared,
): MadeExecution {
  const { engine, parts, share } = origin;
  const { program, capabilities, files, functions, storage, http, callees, compileChunk, fileName } = parts;
  const { surroundings } = engine;
  const { payer } = call.ancestry;
  const budget = payer === null ? origin.budget : origin.budget.nestedIn(payer);
  const handlers = new SyscallHandlers({
    capabilities,
    charges: {
      charge: (charged, amount) => task.charges.charge(charged, amount),
      release: (charged, amount) => task.charges.release(charged, amount),
    },
    args: () => call.texts.all,
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
    isRestored,
    surroundings,
    elapsed: () => task.elapsed(),
  });
  const takesTexts = call.texts !== NO_TEXTS && asksForArguments(program);
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
  const task: GuestExecution = new GuestExecution({
    program,
    pool: engine.pool,
    limits: call.limits,
    policies: call.policies,
    parent: budget,
    share,
    weight: call.weight,
    args: call.values,
    prepareArguments: takesTexts ? (meter) => call.texts.make(meter) : undefined,
    resultLimits: call.ancestry.depth > 0 ? INVOKED_LIMITS : undefined,
    name: fileName,
    prepared,
    compile: compileChunk ?? undefined,
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
  });
  const start = (isSuspended: boolean) => {
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
  };
  const steering = new TaskControl(task, call, handlers, suspensions, origin);
  return { task, control: { id, logs: call.log, result, cancel, steering }, start, cleanUp };
}

/** What can be done to an execution of this thread. */
class TaskControl implements Steering {
  constructor(
    private readonly task: GuestExecution,
    private readonly call: Call,
    private readonly handlers: SyscallHandlers,
    private readonly suspensions: Suspensions,
    private readonly origin: Origin,
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
