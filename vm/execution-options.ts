// What an execution is made of, and what it tells whom.
import type { Budget } from './budget';
import type { Context } from './context';
import type { Resource } from './errors';
import type { GuestExecution } from './execution';
import type { Share } from './fair-queue';
import type { FuelMeter, HostValue, ValueLimits } from './host-values';
import type { Limits, Policies, Usage } from './meter';
import type { Module } from './module';
import type { Outcome } from './outcome';
import type { Unprepared } from './prepared-program';
import type { Chunk, Program } from './program';
import type { RegionPool } from './regions';
import type { Steps } from './steps';
import type { SyscallHost } from './syscall-host';
import type { Visit } from './visit';

export interface ExecutionOptions {
  readonly program: Program;
  readonly pool: RegionPool;
  readonly limits: Limits;
  /** What becomes of it at each limit of its own. */
  readonly policies?: Policies;
  /** What it shares with others: without one, its own limits are all there is. */
  readonly parent?: Budget | null;
  /** The part of the machine's time that it is given from, and its weight there. */
  readonly share?: Share;
  readonly weight?: number;
  readonly args: readonly HostValue[];
  /** What its host makes of the arguments before the guest begins, in steps that it pays for; yields when the fuel is used up. */
  readonly prepareArguments?: (meter: FuelMeter) => Generator<undefined, unknown, unknown>;
  /** How much its results may be: RESULT_LIMITS without it. */
  readonly resultLimits?: ValueLimits;
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
  /** Calls back whenever it begins to wait or stand still. */
  readonly parked?: (execution: GuestExecution) => void;
  /** Calls back whenever it has been suspended. */
  readonly suspended?: (reason: SuspensionReason) => void;
  /** It runs top-level code that contexts are to start behind: told the program, or why there is none, in place of results. */
  readonly prepared?: (program: Program | Unprepared) => void;
  /**
   * Compiles text that the guest loads while it waits, as the program's compiler would here. Never rejects for what the text says.
   * Once the guest has ended, the text `isWanted` no more.
   */
  readonly compile?: (chunk: Chunk, isWanted: () => boolean) => Promise<Steps<Module | string>>;
  /** A collection at every allocation: a test configuration. */
  readonly collectAlways?: boolean;
  /** Is given the context before it starts: for test configurations. */
  readonly prepare?: (context: Context) => void;
}

/** Why an execution stands still: somebody wanted it, or that resource is used up. */
export type SuspensionReason = 'request' | Resource;

/** Another thread, in which turns are taken. */
export interface Elsewhere {
  /**
   * Takes one turn of the execution's context, whose program began as `shared`; then `arrive` or `lose` is called, once. Whoever
   * brings it back sets the context's program, if it has loaded modules there.
   */
  take(execution: GuestExecution, context: Context, shared: Program, visit: Visit): void;
}
