// One execution of a program: its context, meter, limits and state, from the first instruction to the outcome. A task of
// the scheduler. Slices never change what comes of it; only the wall clock and the host's answers come from outside.
import { collectAtEveryAllocation } from './collector';
import type { Context } from './context';
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
  /** A collection at every allocation: a test configuration. */
  readonly collectAlways?: boolean;
}

type Work = Generator<Pause, number, Settled | undefined>;

/** What a step answers beside the states of a task: the machine has stopped for fuel, whatever it has left. */
const SLICE_OVER = -1;
/** Fuel is a 32-bit number: a slice is never larger. */
const LARGEST_SLICE = 1 << 30;

export class GuestExecution implements Task {
  isQueued = false;
  private readonly startedAt: number;
  private context: Context | null = null;
  private dispatch: SyscallDispatch | null = null;
  /** What is half done outside the loops: entering, a syscall, reading the results. */
  private work: Work | null = null;
  /** What the work waits for has come. */
  private settled: Settled | undefined = undefined;
  private isWaiting = false;
  private isEnded = false;
  private values: readonly GuestValue[] = [];
  private instructions = 0;
  /** Fuel that was given to the context and not yet counted. */
  private granted = 0;
  private startTime = 0;
  private peakBytes = 0;
  private stopTimer: (() => void) | null = null;

  constructor(private readonly options: ExecutionOptions) {
    this.startedAt = options.now();
  }

  /** A turn. What the guest does never throws; a defect of the host's is reported and ends the execution. */
  run(slice: number, now: number): number {
    if (this.isEnded || this.isWaiting) return this.isEnded ? ENDED : WAITING;
    try {
      return this.turn(Math.min(slice, LARGEST_SLICE), now);
    } catch (error) {
      this.dispose();
      this.options.failed(error);
      return ENDED;
    }
  }

  /** Ends the execution as cancelled, whatever it does. Nothing happens when it has ended. */
  cancel(): void {
    if (this.isEnded) return;
    this.end('cancelled', this.describe('cancelled', 'the execution was cancelled', true));
  }

  /** What has been used so far. */
  usage(): Usage {
    return {
      instructions: this.instructions,
      memoryPeakBytes: this.context === null ? this.peakBytes : this.context.peakWords * 4,
      wallTimeMs: this.options.now() - this.startedAt,
      startTimeMs: this.startTime,
      outputBytes: this.dispatch?.outputBytes ?? 0,
      syscalls: this.dispatch?.syscalls ?? 0,
    };
  }

  private turn(slice: number, now: number): number {
    const { limits } = this.options;
    if (now - this.startedAt >= limits.wallTimeMs) return this.endByWallTime(now);
    if (this.context === null && !this.start()) return ENDED;
    const context = this.context!;
    this.granted = Math.min(slice, limits.instructions - this.instructions);
    context.fuel = this.granted;
    let state = READY;
    while (state === READY && context.fuel > 0) state = this.step(context);
    if (this.isEnded) return ENDED;
    if (state === SLICE_OVER) state = READY;
    this.countFuel(context);
    if (this.instructions >= limits.instructions) {
      return this.endByLimit('instructions', limits.instructions, this.instructions);
    }
    if (state === WAITING && Number.isFinite(limits.wallTimeMs)) this.watchWallTime(now);
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
        this.work = this.dispatch!.answer();
        return READY;
      case DONE:
        this.work = this.readResults(context);
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

  private countFuel(context: Context): void {
    this.instructions += this.granted - context.fuel;
    this.granted = context.fuel;
  }

  // --- the start ---

  /** Makes the context; false when the program alone does not fit. */
  private start(): boolean {
    const { program, pool, limits, host, now } = this.options;
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
    this.work = this.enter(context, begin);
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
      this.options.wake(this);
    };
    promise.then(
      (answer) => settle({ answer: answer as never }),
      (error: unknown) => settle({ error }),
    );
    return WAITING;
  }

  private watchWallTime(now: number): void {
    const left = this.options.limits.wallTimeMs - (now - this.startedAt);
    this.stopTimer = this.options.startTimer(left, () => {
      const time = this.options.now();
      // Timers may fire early, and the longest waits come in pieces.
      if (time - this.startedAt >= this.options.limits.wallTimeMs) this.endByWallTime(time);
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
    return this.endByLimit('memory', this.options.limits.memoryBytes, used, false);
  }

  private endByWallTime(now: number): number {
    return this.endByLimit('wall_time', this.options.limits.wallTimeMs, now - this.startedAt);
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
