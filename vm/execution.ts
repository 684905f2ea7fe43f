// One execution of a program: its context, meter, limits and state, from the first instruction to the outcome. A task of
// the scheduler. Slices never change what comes of it; only the wall clock and the host's answers come from outside.
//
// It can be suspended where its context is at rest: between two instructions, at a syscall whose answer is not there yet, while
// its results are read. All of these are in the heap; the generators of the last two only read it, so a copy begins them
// again with the meter as it stood at their beginning, and comes to the same counts. What writes into the heap (the
// arguments, an answer) is finished first. With the policy `suspend`, an execution that uses up its instructions in
// the middle of that goes on to its end, which is bounded, and owes what it took: it stands still until more is granted.
import { collectAtEveryAllocation } from './collector';
import { type Context, MAXIMUM_MEMORY_BYTES } from './context';
import { enter } from './entry';
import { LIMIT_ERRORS, type Resource, trapDefinition } from './errors';
import { CrossingError, type GuestValue, type HostValue } from './host-values';
import { createContext } from './image';
import { run } from './interpreter';
import { MAXIMUM_FRAMES } from './limits';
import type { Limits, Usage } from './meter';
import type { Program } from './program';
import type { RegionPool } from './regions';
import { readResults, uncaughtError } from './results';
import { ENDED, READY, type Task, WAITING } from './scheduler';
import { DONE, EXIT, FUEL, MEMORY, RELOAD, SYSCALL, THROW, TRAP } from './signals';
import { type InstructionPolicy, restoreContext, type Snapshot, writeSnapshot } from './snapshot';
import { STANDS_AT_END, STANDS_AT_SYSCALL, STANDS_READY } from './snapshot-checks';
import { SnapshotError } from './snapshot-errors';
import { type StackFrame, traceStack } from './stack-trace';
import { ENDING, type Pause, type Settled, SyscallDispatch, type SyscallHost } from './syscall-dispatch';
import { isMemoryError } from './value-errors';

export type Status = 'ok' | 'error' | 'limit' | 'cancelled';

/** Why an execution did not end by itself. */
export interface ExecutionError {
  /** Stable: `limit.*`, `trap.*`, `argument.*`, `result.*`, `guest_error`, `capability_denied`, ... (docs/api.md lists them). */
  readonly code: string;
  readonly message: string;
  /** Where the guest stood, innermost call first. */
  readonly stack: readonly StackFrame[];
  /** Calls left out in the middle of `stack`. */
  readonly skippedFrames: number;
  /** Of limits: which resource, how much was allowed, how much was used. */
  readonly resource?: Resource;
  readonly limit?: number;
  readonly used?: number;
  /** The capability that was missing. */
  readonly capability?: string;
  /** The guest's own error, when it is plain data other than a string. */
  readonly value?: GuestValue;
}

/** What came of an execution. */
export interface Outcome {
  readonly status: Status;
  readonly values: readonly GuestValue[];
  /** Status of `exit`, else null. */
  readonly exitCode: number | null;
  readonly error: ExecutionError | null;
}

export interface ExecutionOptions {
  readonly program: Program;
  readonly pool: RegionPool;
  readonly limits: Limits;
  readonly args: readonly HostValue[];
  /** What the guest is called by itself: element 0 of Lua's `arg`. */
  readonly name: string;
  readonly host: SyscallHost;
  /** The host's clock, in milliseconds. */
  readonly now: () => number;
  /** Has the scheduler give it a turn again. */
  readonly wake: (execution: GuestExecution) => void;
  /** Calls back once when all is over. */
  readonly ended: (outcome: Outcome, usage: Usage) => void;
  /** Calls back when the host itself failed: a defect. */
  readonly failed: (error: unknown) => void;
  /** Has `callback` called after so many milliseconds; the answer undoes it. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void;
  /** What happens when the instructions are used up; `kill` without it. */
  readonly onInstructions?: InstructionPolicy;
  /** Calls back whenever it has been suspended. */
  readonly suspended?: (reason: SuspensionReason) => void;
  /** A collection at every allocation: a test configuration. */
  readonly collectAlways?: boolean;
}

/** Why an execution stands still: somebody wanted it, or its instructions are used up. */
export type SuspensionReason = 'request' | 'instructions';

type Work = Generator<Pause, number, Settled | undefined>;

/** What a step answers beside the states of a task: the machine has stopped for fuel, whatever it has left. */
const SLICE_OVER = -1;
/** Fuel is a 32-bit number: a slice is never larger. */
const LARGEST_SLICE = 1 << 30;
/** What `work` is. */
const ENTERING = 0;
const ANSWERING = 1;
const READING_RESULTS = 2;

export class GuestExecution implements Task {
  isQueued = false;
  private context: Context | null = null;
  private dispatch: SyscallDispatch | null = null;
  /** What is half done outside the loops: entering, a syscall, reading the results. */
  private work: Work | null = null;
  private workKind = ENTERING;
  /** Instructions before the work. */
  private workStart = 0;
  /** What the work waits for has come. */
  private settled: Settled | undefined = undefined;
  private isWaiting = false;
  private isEnded = false;
  private isInTurn = false;
  private isSuspended = false;
  private isSuspensionWanted = false;
  private values: readonly GuestValue[] = [];
  private limits: Limits;
  private instructions = 0;
  /** Fuel that was given to the context and not yet counted. */
  private granted = 0;
  /** Milliseconds until it was last suspended, and since when it has not been. */
  private elapsedBefore = 0;
  private resumedAt: number;
  private startTime = 0;
  private peakBytes = 0;
  private stopTimer: (() => void) | null = null;

  /** With a snapshot it goes on from there; throws SnapshotError. Limits are those of the options all the same. */
  constructor(
    private readonly options: ExecutionOptions,
    snapshot?: Snapshot,
  ) {
    this.limits = options.limits;
    this.resumedAt = options.now();
    if (snapshot !== undefined) this.restore(snapshot);
  }

  /** A turn. What the guest does never throws; a defect of the host's is reported and ends the execution. */
  run(slice: number, now: number): number {
    if (this.isEnded) return ENDED;
    if (this.isWaiting || this.isSuspended) return WAITING;
    this.isInTurn = true;
    try {
      return this.turn(Math.min(slice, LARGEST_SLICE), now);
    } catch (error) {
      this.dispose();
      this.options.failed(error);
      return ENDED;
    } finally {
      this.isInTurn = false;
    }
  }

  /** Ends the execution as cancelled, whatever it does. Nothing happens when it has ended. */
  cancel(): void {
    if (this.isEnded) return;
    this.end('cancelled', this.describe('cancelled', 'the execution was cancelled', true));
  }

  get status(): 'running' | 'waiting' | 'suspended' | 'ended' {
    if (this.isEnded) return 'ended';
    if (this.isSuspended) return 'suspended';
    return this.isWaiting ? 'waiting' : 'running';
  }

  /** Why it is suspended; null when it is not. */
  get suspendedFor(): SuspensionReason | null {
    if (!this.isSuspended) return null;
    return this.isSuspensionWanted ? 'request' : 'instructions';
  }

  /** Has it stand still at the next place where it can: at once, or in one of its next turns. */
  suspend(): void {
    if (this.isEnded) return;
    this.isSuspensionWanted = true;
    if (!this.isInTurn && !this.isSuspended && this.canRest()) this.rest(this.options.now());
  }

  /** Undoes `suspend`. One whose instructions are used up still stands. */
  resume(): void {
    this.isSuspensionWanted = false;
    this.goOn();
  }

  /** Raises its limits by these amounts, and lets it go on if it stood for want of instructions. */
  refill(more: Partial<Limits>): void {
    if (this.isEnded) return;
    const limits: Record<string, number> = { ...this.limits };
    for (const [name, amount] of Object.entries(more)) limits[name] = limits[name]! + (amount ?? 0);
    this.limits = limits as unknown as Limits;
    if (this.dispatch !== null) this.dispatch.limits = this.limits;
    if (this.context !== null) {
      this.context.memoryLimitBytes = Math.min(this.limits.memoryBytes, MAXIMUM_MEMORY_BYTES);
    }
    this.goOn();
  }

  /** With what was granted since. */
  get currentLimits(): Limits {
    return this.limits;
  }

  /** Its bytes, with the host's part beside them. It must be suspended. Throws SnapshotError. */
  snapshot(hostPart: () => Uint8Array): Uint8Array {
    if (this.isEnded) throw new SnapshotError('snapshot.ended');
    if (!this.isSuspended) throw new SnapshotError('snapshot.running');
    this.takeAnswer();
    const { context, dispatch } = this;
    if (context === null) throw new SnapshotError('snapshot.ended');
    context.save();
    const isWorking = this.work !== null;
    return writeSnapshot(context, {
      standing: !isWorking ? STANDS_READY : this.workKind === ANSWERING ? STANDS_AT_SYSCALL : STANDS_AT_END,
      instructions: isWorking ? this.workStart : this.instructions,
      elapsedMs: this.elapsed(),
      startTimeMs: this.startTime,
      outputBytes: dispatch!.outputBytes,
      syscalls: dispatch!.syscalls,
      limits: this.limits,
      onInstructions: this.options.onInstructions ?? 'kill',
      lastAnswer: dispatch!.lastAnswer,
      // Afterwards: an answer that has just been taken may have read its input.
      host: hostPart(),
    });
  }

  /** Milliseconds since the start, without those in which it was suspended. */
  elapsed(now = this.options.now()): number {
    return this.isSuspended ? this.elapsedBefore : this.elapsedBefore + (now - this.resumedAt);
  }

  /** What has been used so far. */
  usage(): Usage {
    return {
      instructions: this.instructions,
      memoryPeakBytes: this.context === null ? this.peakBytes : this.context.peakWords * 4,
      wallTimeMs: this.elapsed(),
      startTimeMs: this.startTime,
      outputBytes: this.dispatch?.outputBytes ?? 0,
      syscalls: this.dispatch?.syscalls ?? 0,
    };
  }

  private turn(slice: number, now: number): number {
    if (this.elapsed(now) >= this.limits.wallTimeMs) return this.endByWallTime(now);
    if (this.context === null && !this.start()) return ENDED;
    if (this.mustRest(this.context!)) return this.rest(now);
    const state = this.advance(this.context!, slice);
    if (this.isEnded) return ENDED;
    if (this.mustRest(this.context!)) return this.rest(now);
    if (state === WAITING) this.watchWallTime(now);
    return state;
  }

  /** Runs for a slice. Ends the execution when its instructions are used up and nobody will grant more. */
  private advance(context: Context, slice: number): number {
    const left = this.limits.instructions - this.instructions;
    this.granted = this.isSuspendable && left <= 0 ? slice : Math.min(slice, left);
    context.fuel = this.granted;
    let state: number;
    do state = this.step(context);
    while (state === READY && context.fuel > 0 && !this.mustRest(context));
    if (this.isEnded) return ENDED;
    if (state === SLICE_OVER) state = READY;
    this.countFuel(context);
    if (this.instructions >= this.limits.instructions && !this.isSuspendable) {
      return this.endByLimit('instructions', this.limits.instructions, this.instructions);
    }
    return state;
  }

  /** Goes on with the work, or with the guest's code, until either stops. */
  private step(context: Context): number {
    if (this.work === null) return this.answer(context, run(context));
    const { settled } = this;
    this.settled = undefined;
    const { done, value } = this.work.next(settled);
    if (!done) return value === undefined ? SLICE_OVER : this.wait(value);
    this.work = null;
    return this.answer(context, value);
  }

  private answer(context: Context, signal: number): number {
    switch (signal) {
      case RELOAD:
        return READY;
      case FUEL:
        return SLICE_OVER;
      case SYSCALL:
        this.beginWork(ANSWERING, this.dispatch!.answer());
        return READY;
      case DONE:
        this.beginWork(READING_RESULTS, this.readResults(context));
        return READY;
      case FINISHED:
        return this.end('ok', null);
      case EXIT:
        return this.end('ok', null, context.exitCode);
      case THROW:
        return this.endByThrow(context);
      case TRAP:
        return this.endByTrap(context.trap);
      case MEMORY:
        return this.endByMemory();
      case ENDING:
        return this.endAtSyscall();
      default:
        throw new Error(`unknown signal ${signal}`);
    }
  }

  private beginWork(kind: number, work: Work): void {
    this.work = work;
    this.workKind = kind;
    this.workStart = this.instructions + (this.context === null ? 0 : this.granted - this.context.fuel);
  }

  private countFuel(context: Context): void {
    this.instructions += this.granted - context.fuel;
    this.granted = context.fuel;
  }

  // --- the start ---

  /** Makes the context; false when the program alone does not fit. */
  private start(): boolean {
    const { program, pool, host, now } = this.options;
    const { limits } = this;
    const begin = now();
    const context = createContext(program, pool, limits.memoryBytes);
    if (context === null) {
      this.peakBytes = program.image.length * 4;
      this.endByMemory();
      return false;
    }
    if (this.options.collectAlways) collectAtEveryAllocation(context);
    this.context = context;
    this.dispatch = new SyscallDispatch(context, host, limits);
    this.beginWork(ENTERING, this.enter(context, begin));
    return true;
  }

  private *enter(context: Context, begin: number): Work {
    const { args, name, host, now } = this.options;
    try {
      const isEntered = yield* enter(context, args, name, host.text);
      this.startTime = now() - begin;
      if (isEntered) return RELOAD;
      return context.failure === TRAP ? TRAP : MEMORY;
    } catch (error) {
      return this.refuse(error, 'argument');
    }
  }

  private *readResults(context: Context): Work {
    try {
      this.values = yield* readResults(context, this.options.host.text);
      return FINISHED;
    } catch (error) {
      return this.refuse(error, 'result');
    }
  }

  /** A value that cannot cross ends the execution. */
  private refuse(error: unknown, what: 'argument' | 'result'): number {
    if (!(error instanceof CrossingError)) throw error;
    this.dispatch!.ending = { kind: 'error', ...error.describe(what) };
    return ENDING;
  }

  /** Makes the context that the snapshot is of. Throws SnapshotError. */
  private restore(snapshot: Snapshot): void {
    const { program, pool, host } = this.options;
    const context = restoreContext(program, pool, snapshot, this.limits.memoryBytes);
    this.context = context;
    const dispatch = new SyscallDispatch(context, host, this.limits);
    this.dispatch = dispatch;
    dispatch.syscalls = snapshot.syscalls;
    dispatch.outputBytes = snapshot.outputBytes;
    dispatch.lastAnswer = snapshot.lastAnswer;
    this.instructions = snapshot.instructions;
    this.elapsedBefore = snapshot.elapsedMs;
    this.startTime = snapshot.startTimeMs;
    if (snapshot.standing === STANDS_AT_SYSCALL) this.beginWork(ANSWERING, dispatch.answer(true));
    if (snapshot.standing === STANDS_AT_END) this.beginWork(READING_RESULTS, this.readResults(context));
  }

  // --- suspending ---

  private get isSuspendable(): boolean {
    return this.options.onInstructions === 'suspend';
  }

  /** Whether it may stand still here: what is half done, if anything, only reads the heap. */
  private canRest(): boolean {
    if (this.context === null) return false;
    if (this.work === null || this.workKind === READING_RESULTS) return true;
    return this.workKind === ANSWERING && this.dispatch!.canRestart;
  }

  private mustRest(context: Context): boolean {
    if (this.isEnded) return false;
    if (!this.isSuspensionWanted) {
      const used = this.instructions + (this.granted - context.fuel);
      if (!this.isSuspendable || used < this.limits.instructions) return false;
    }
    return this.canRest();
  }

  private rest(now: number): number {
    this.elapsedBefore = this.elapsed(now);
    this.isSuspended = true;
    this.stopTimer?.();
    this.stopTimer = null;
    this.options.suspended?.(this.suspendedFor!);
    return WAITING;
  }

  private goOn(): void {
    if (!this.isSuspended || this.isSuspensionWanted) return;
    if (this.isSuspendable && this.instructions >= this.limits.instructions) return;
    const now = this.options.now();
    this.isSuspended = false;
    this.resumedAt = now;
    if (this.isWaiting) this.watchWallTime(now);
    else this.options.wake(this);
  }

  /** Writes an answer that has come meanwhile into the heap, so that no snapshot lacks it. */
  private takeAnswer(): void {
    if (this.settled === undefined) return;
    this.isInTurn = true;
    try {
      do this.advance(this.context!, LARGEST_SLICE);
      while (!this.isEnded && !this.canRest());
    } catch (error) {
      this.dispose();
      this.options.failed(error);
    } finally {
      this.isInTurn = false;
    }
  }

  // --- waiting ---

  private wait(promise: Promise<unknown>): number {
    const { work } = this;
    this.isWaiting = true;
    const settle = (settled: Settled): void => {
      if (this.isEnded || this.work !== work) return;
      this.settled = settled;
      this.isWaiting = false;
      this.stopTimer?.();
      this.stopTimer = null;
      if (!this.isSuspended) this.options.wake(this);
    };
    promise.then(
      (answer) => settle({ answer: answer as never }),
      (error: unknown) => settle({ error }),
    );
    return WAITING;
  }

  private watchWallTime(now: number): void {
    const left = this.limits.wallTimeMs - this.elapsed(now);
    if (!Number.isFinite(left)) return;
    this.stopTimer = this.options.startTimer(left, () => {
      const time = this.options.now();
      // Timers may fire early, and the longest waits come in pieces.
      if (this.elapsed(time) >= this.limits.wallTimeMs) this.endByWallTime(time);
      else this.watchWallTime(time);
    });
  }

  // --- the end ---

  private endByThrow(context: Context): number {
    if (isMemoryError(context)) return this.endByMemory();
    const { message, value } = uncaughtError(context, this.options.host.text);
    const error = this.describe('guest_error', message, false);
    return this.end('error', value === null ? error : { ...error, value });
  }

  private endByTrap(trap: number): number {
    const { code, message, resource } = trapDefinition(trap);
    if (resource === null) return this.end('error', this.describe(code, message, false));
    if (resource === 'memory') return this.endByMemory();
    const limit = resource === 'stack' ? MAXIMUM_FRAMES : this.memoryStackBytes();
    return this.endByLimit(resource, limit, limit, false);
  }

  private memoryStackBytes(): number {
    return this.options.program.modules.find((module) => module.memory !== null)?.memory?.stackBytes ?? 0;
  }

  private endAtSyscall(): number {
    const ending = this.dispatch!.ending!;
    if (ending.kind === 'limit') return this.endByLimit(ending.resource, ending.limit, ending.used);
    const error = this.describe(ending.code, ending.message, true);
    return this.end('error', ending.capability === undefined ? error : { ...error, capability: ending.capability });
  }

  private endByMemory(): number {
    const used = this.context === null ? this.peakBytes : this.context.peakWords * 4;
    return this.endByLimit('memory', this.limits.memoryBytes, used, false);
  }

  private endByWallTime(now: number): number {
    return this.endByLimit('wall_time', this.limits.wallTimeMs, this.elapsed(now));
  }

  private endByLimit(resource: Resource, limit: number, used: number, isAtSafepoint = true): number {
    const { code, message } = LIMIT_ERRORS[resource];
    return this.end('limit', { ...this.describe(code, message, isAtSafepoint), resource, limit, used });
  }

  private describe(code: string, message: string, isAtSafepoint: boolean): ExecutionError {
    if (this.context === null) return { code, message, stack: [], skippedFrames: 0 };
    const { frames, skipped } = traceStack(this.context, isAtSafepoint);
    return { code, message, stack: frames, skippedFrames: skipped };
  }

  private end(status: Status, error: ExecutionError | null, exitCode: number | null = null): number {
    if (this.context !== null) this.countFuel(this.context);
    const values = status === 'ok' ? this.values : [];
    this.dispose();
    this.options.ended({ status, values, exitCode, error }, this.usage());
    return ENDED;
  }

  /** Gives everything back. What a host's promise brings later finds nobody. */
  private dispose(): void {
    this.isEnded = true;
    this.work = null;
    this.stopTimer?.();
    this.stopTimer = null;
    if (this.context === null) return;
    this.peakBytes = this.context.peakWords * 4;
    this.context.dispose();
    this.context = null;
  }
}

/** The work's own signal: the results have been read. */
const FINISHED = 101;
