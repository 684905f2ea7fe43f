// One execution of a program: its context, meter, limits and state, from the first instruction to the outcome. A task of
// the scheduler. Slices never change what comes of it; only the wall clock and the host's answers come from outside.
//
// It can be suspended where its context is at rest: between two instructions, at a syscall whose answer is not there yet, while
// its results are read. All of these are in the heap; the generators of the last two only read it, so a copy begins them
// again with the meter as it stood at their beginning, and comes to the same counts. What writes into the heap (the
// arguments, an answer) is finished first: with the policy `suspend`, an execution that uses up a limit in the middle of
// that goes on to its end, which is bounded, and owes what it took: it stands still until more is granted.
//
// Its budget is the leaf of a tree (budget.ts): what it uses is its function's, its tenant's and its host's too, and any of
// them may stop it. Slices are given where control can stop; a limit above that others have used up meanwhile
// is met at the next of them.
//
// A turn that is only the machine's may be taken in another thread (visit.ts): the context is away meanwhile, its instructions
// are lent by all levels, and what is wanted of the execution until it is back happens then.
import { Budget, breachOf, type Refusal } from './budget';
import { collectAtEveryAllocation } from './collector';
import { type Context, MAXIMUM_MEMORY_BYTES } from './context';
import { describeError, type Ending, limitEnding, memoryEnding, throwEnding, trapEnding } from './endings';
import type { Elsewhere, ExecutionOptions, SuspensionReason } from './execution-options';
import { type FairTask, Share } from './fair-queue';
import { HeapAccount } from './heap-account';
import { createContext } from './image';
import { run } from './interpreter';
import { HEADER } from './layout';
import { LIMIT_NAMES, LIMITS, type Limits, type Usage } from './meter';
import { type Payer, Payments } from './payments';
import { AWAY, ENDED, READY, WAITING } from './scheduler';
import { COMPILE, DONE, EXIT, FUEL, MEMORY, RELOAD, SYSCALL, THROW, TRAP } from './signals';
import { restoreContext, type Snapshot, writeSnapshot } from './snapshot';
import { STANDS_AT_END, STANDS_AT_SYSCALL } from './snapshot-checks';
import { SnapshotError } from './snapshot-errors';
import type { Steps } from './steps';
import { StepsLine } from './steps-line';
import { ENDING, type Settled, SyscallDispatch } from './syscall-dispatch';
import type { SyscallAnswer } from './syscall-host';
import { beginVisit, endVisit, type MemoryAnswer, type VisitEnd } from './visit';
import type { StopWaiting } from './waiting-line';
import { type Timed, WallClock } from './wall-clock';
import { FINISHED, Work } from './work';

/** What a step answers beside the states of a task: the machine has stopped for fuel, whatever it has left. */
const SLICE_OVER = -1;
/** Fuel is a 32-bit number: a slice is never larger. */
const LARGEST_SLICE = 1 << 30;
/** Of one step in which an answer is written into the heap for a snapshot. */
const STEP_FUEL = 20_000;
/** What executions without a share of their own are in. */
const NO_SHARE = new Share(null);

export class GuestExecution implements FairTask, Payer, Timed {
  isQueued = false;
  /** Kept by whoever `parked` tells. */
  parkingSlot = -1;
  spent = 0;
  pass = 0;
  readonly weight: number;
  readonly share: Share;
  /** What it may use and has used. */
  readonly budget: Budget;
  readonly charges: Payments;
  private context: Context | null = null;
  /** There is one while there is a context. */
  private work: Work | null = null;
  private isWaiting = false;
  private isEnded = false;
  private isInTurn = false;
  /** Its context is in another thread, and how it is to end when it is back. */
  private isAway = false;
  private endWhenBack: (() => number) | null = null;
  /** It has just used up a turn with the guest's own instructions. */
  private isBusy = false;
  private isSuspended = false;
  private isSuspensionWanted = false;
  /** Snapshots of it that are wanted and not yet written: it stands still meanwhile. */
  private snapshots: StepsLine<Uint8Array> | null = null;
  /** Fuel that was given to the context and not yet counted. */
  private granted = 0;
  private readonly time: WallClock;
  private readonly heap: HeapAccount;
  private stopWaiting: StopWaiting | null = null;
  /** Milliseconds; of a context that is not there any more. */
  private finalStartTimeMs = 0;

  constructor(private readonly options: ExecutionOptions) {
    const { limits, policies = {}, parent = null, share = NO_SHARE, weight = 1 } = options;
    this.budget = Budget.create('invocation', limits, policies, parent, options);
    this.charges = new Payments(this.budget, this);
    this.heap = new HeapAccount(this.budget);
    this.share = share;
    this.weight = weight;
    this.time = new WallClock(this.budget, options, this);
  }

  /**
   * A turn, taken `elsewhere` if that is possible and given: AWAY. What the guest does never throws; a defect of the host's is
   * reported and ends the execution.
   */
  run(slice: number, now: number, elsewhere: Elsewhere | null = null): number {
    this.spent = 0;
    if (this.isEnded) return ENDED;
    if (this.isWaiting || this.isSuspended) return WAITING;
    this.isBusy = false;
    this.context?.thaw();
    return this.inTurn(() => this.turn(Math.min(slice, LARGEST_SLICE), now, elsewhere));
  }

  /** Whether its next turn can be taken elsewhere, and is likely to be a long one. */
  get canLeave(): boolean {
    return this.isBusy && this.work?.isUnderWay === false && !this.isEnded && !this.isWaiting && !this.isSuspended;
  }

  /** It is back from a turn elsewhere: the task's state. */
  arrive(end: VisitEnd, now: number): number {
    const { budget, granted } = this;
    const context = this.context!;
    this.spent = 0;
    this.isAway = false;
    const state = this.inTurn(() => {
      const signal = endVisit(context, end);
      if (this.endWhenBack !== null) return this.endWhenBack();
      const state = this.answer(context, this.work!, signal);
      if (this.isEnded) return ENDED;
      this.countFuel(context, now);
      return this.afterTurn(state, now);
    });
    budget.takeBack(granted);
    return state;
  }

  /** The thread has failed in which its context was: that is lost. */
  lose(error: unknown): void {
    this.isAway = false;
    this.context!.lose();
    this.dispose();
    this.budget.takeBack(this.granted);
    this.options.failed(error);
  }

  /** What the levels above say to a heap of so many words, while its context is away. */
  askMemory(words: number): MemoryAnswer {
    this.heap.requestMemory(words);
    return { grantedWords: this.context!.grantedWords, stalls: this.heap.stallsAbove };
  }

  /** Ends the execution as cancelled, whatever it does. Nothing happens when it has ended. */
  cancel(): void {
    this.endSoon(() => {
      const error = describeError(this.context, 'cancelled', 'the execution was cancelled', true);
      return this.end({ status: 'cancelled', error });
    });
  }

  /** Has it take less room while it waits or stands still: nothing else changes. */
  freeze(): void {
    if (this.isInTurn || this.isEnded || this.isWritten) return;
    if (this.isWaiting || this.isSuspended) this.context?.freeze();
  }

  /** Ends an execution that its host does not admit. */
  refuse(refusal: Refusal): void {
    this.endSoon(() => this.endByRefusal(refusal));
  }

  get status(): 'running' | 'waiting' | 'suspended' | 'ended' {
    if (this.isEnded) return 'ended';
    if (this.isSuspended) return 'suspended';
    return this.isWaiting ? 'waiting' : 'running';
  }

  /** Bytes of its heap now, up to the frontier: about what a snapshot has. */
  get heapBytes(): number {
    if (this.context === null) return 0;
    return this.isAway ? this.heap.peakBytes : this.context.i32[HEADER.TOP] * 4;
  }

  /** Why it is suspended; null when it is not. */
  get suspendedFor(): SuspensionReason | null {
    if (!this.isSuspended) return null;
    if (this.isSuspensionWanted) return 'request';
    const { stalledBy } = this.charges;
    // Without either it goes on as soon as its snapshots are written.
    return stalledBy === null ? 'request' : LIMITS[stalledBy.name].resource;
  }

  /** Has it stand still at the next place where it can: at once, or in one of its next turns. */
  suspend(): void {
    if (this.isEnded) return;
    this.isSuspensionWanted = true;
    if (!this.isInTurn && !this.isAway && !this.isSuspended && this.canRest) this.rest(this.options.now());
  }

  /** Undoes `suspend`. One that a limit keeps still stands, and one of which a snapshot is being written until it is. */
  resume(): void {
    this.isSuspensionWanted = false;
    this.goOn();
  }

  /** Raises its own limits by these amounts, and lets it go on if it stood for want of them. */
  refill(more: Partial<Limits>): void {
    if (this.isEnded) return;
    this.budget.refill(more);
    if (this.context !== null) {
      this.context.memoryLimitBytes = Math.min(this.budget.limits.memoryBytes, MAXIMUM_MEMORY_BYTES);
    }
  }

  /** With what was granted since. */
  get currentLimits(): Limits {
    const { limits } = this.budget;
    return Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name]])) as unknown as Limits;
  }

  /**
   * Goes on from a snapshot, in place of the program's start: before its first turn. Limits are those of the options. Throws
   * SnapshotError, and then, or when it is left between two steps, holds nothing.
   */
  *restore(snapshot: Snapshot): Steps<void> {
    const { program, pool } = this.options;
    const { usage, standing } = snapshot;
    let context: Context | null = null;
    try {
      if (!this.heap.requestMemory(snapshot.regionWords)) {
        throw new SnapshotError('snapshot.memory', `the ${this.heap.lack().budget.level} has no room for it`);
      }
      context = yield* restoreContext(program, pool, snapshot, this.budget.limits.memoryBytes);
    } finally {
      if (context === null) this.heap.close();
    }
    const work = this.adopt(context);
    context.memoryRefusals = usage.memoryRefusals;
    work.dispatch.lastAnswer = snapshot.lastAnswer;
    work.isEntered = true;
    work.startTimeMs = usage.startTimeMs;
    this.budget.inherit(usage);
    this.time.inherit(usage.wallTimeMs);
    // What making it took is not its own time.
    this.time.start(this.options.now());
    if (standing === STANDS_AT_SYSCALL) work.beginAnswering(usage.instructions, true);
    if (standing === STANDS_AT_END) work.beginFinishing(usage.instructions);
  }

  /** Throws SnapshotError `snapshot.ended`, and `snapshot.running` unless it is suspended. */
  checkStandsStill(): void {
    if (this.isEnded) throw new SnapshotError('snapshot.ended');
    if (!this.isSuspended) throw new SnapshotError('snapshot.running');
  }

  /**
   * Its bytes, with the host's part beside them. It must be suspended, and stands still until all are there, `resume` or not; of
   * several that are wanted one is written after the other. Throws SnapshotError, `snapshot.ended` when it ends meanwhile too.
   */
  *snapshot(hostPart: () => readonly Uint8Array[]): Steps<Uint8Array> {
    this.checkStandsStill();
    this.snapshots ??= new StepsLine();
    try {
      return yield* this.snapshots.add(this.write(hostPart));
    } finally {
      this.goOn();
    }
  }

  /** Whether it must stand still for a snapshot. */
  private get isWritten(): boolean {
    return this.snapshots?.isEmpty === false;
  }

  private *write(hostPart: () => readonly Uint8Array[]): Steps<Uint8Array> {
    this.context?.thaw();
    yield* this.takeAnswer();
    const { context, work } = this;
    if (context === null || work === null) throw new SnapshotError('snapshot.ended');
    context.save();
    const usage = this.usage();
    const writing = writeSnapshot(context, {
      standing: work.standing,
      usage: work.isUnderWay ? { ...usage, instructions: work.instructionsBefore } : usage,
      limits: this.currentLimits,
      policies: this.options.policies ?? {},
      lastAnswer: work.dispatch.lastAnswer,
      // Afterwards: an answer that has just been taken may have read its input.
      host: hostPart(),
    });
    for (let step = writing.next(); ; step = writing.next()) {
      if (step.done) return step.value;
      yield;
      // Then others may have its region.
      if (this.isEnded) throw new SnapshotError('snapshot.ended');
    }
  }

  /** Milliseconds since the start, without those in which it was suspended. */
  elapsed(now = this.options.now()): number {
    return this.time.elapsed(now);
  }

  /** What has been used so far. */
  usage(): Usage {
    const { used } = this.budget;
    return {
      instructions: used.instructions,
      memoryPeakBytes: this.heap.peakBytes,
      memoryRefusals: this.heap.refusals,
      wallTimeMs: this.elapsed(),
      startTimeMs: this.work?.startTimeMs ?? this.finalStartTimeMs,
      outputBytes: used.outputBytes,
      logBytes: used.logBytes,
      syscalls: used.syscalls,
      requests: used.requests,
      networkInBytes: used.networkInBytes,
      networkOutBytes: used.networkOutBytes,
      storageBytes: used.storageBytes,
      storageOperations: used.storageOperations,
    };
  }

  private inTurn(turn: () => number): number {
    this.isInTurn = true;
    try {
      return turn();
    } catch (error) {
      this.dispose();
      this.options.failed(error);
      return ENDED;
    } finally {
      this.isInTurn = false;
    }
  }

  private turn(slice: number, now: number, elsewhere: Elsewhere | null): number {
    this.time.count(now);
    const late = this.budget.exhausted('wallTimeMs');
    if (late !== null) {
      const stopped = this.stopBy(late, now);
      if (stopped !== READY) return stopped;
    }
    if (this.context === null && !this.start()) return ENDED;
    if (this.mustRest()) return this.rest(now);
    return this.advance(this.context!, this.work!, slice, now, elsewhere);
  }

  /** Runs for a slice, as far as the instructions of all levels go. */
  private advance(context: Context, work: Work, slice: number, now: number, elsewhere: Elsewhere | null): number {
    let fuel = Math.min(slice, Math.floor(this.budget.instructionsNow(now)));
    const owes = fuel < 1;
    if (owes) {
      const refusal = this.budget.refusal('instructions', 1, now);
      if (refusal === null) return this.awaitLent(now);
      const stopped = this.stopBy(refusal, now);
      if (stopped !== READY) return stopped;
      // It cannot stand still here: it goes on until it can, and owes.
      fuel = slice;
    }
    if (elsewhere !== null && !work.isUnderWay) return this.leave(context, fuel, elsewhere);
    const state = this.runFor(context, work, fuel, now, owes);
    return this.isEnded ? ENDED : this.afterTurn(state, now);
  }

  private afterTurn(state: number, now: number): number {
    if (this.mustRest()) return this.rest(now);
    const refusal = this.budget.exhausted('instructions');
    if (refusal !== null) {
      const stopped = this.stopBy(refusal, now);
      if (stopped !== READY) return stopped;
    }
    if (state === WAITING) this.time.watch(now);
    this.isBusy = state === SLICE_OVER;
    return state === SLICE_OVER ? READY : state;
  }

  private leave(context: Context, fuel: number, elsewhere: Elsewhere): number {
    this.granted = fuel;
    context.fuel = fuel;
    this.budget.lend(fuel);
    this.isAway = true;
    elsewhere.take(this, context, this.options.program, beginVisit(context, this.heap));
    return AWAY;
  }

  /** What is left is lent to others: when one of them is back there may be more. */
  private awaitLent(now: number): number {
    this.isWaiting = true;
    this.stopWaiting = this.budget.awaitReturn(() => {
      this.stopWaiting = null;
      this.endWait();
    });
    this.time.watch(now);
    return WAITING;
  }

  private runFor(context: Context, work: Work, fuel: number, now: number, owes = false): number {
    this.granted = fuel;
    context.fuel = fuel;
    let state: number;
    do state = this.step(context, work);
    while (state === READY && context.fuel > 0 && !this.mustRest() && !(owes && this.canRest));
    if (!this.isEnded) this.countFuel(context, now);
    return state;
  }

  /** What a refusal does: the task's state, READY when it goes on all the same until it can stand still. */
  private stopBy(refusal: Refusal, now: number): number {
    if (refusal.policy === 'kill') return this.endByRefusal(refusal);
    if (refusal.policy === 'throttle') {
      if (this.isWaiting) return READY;
      this.isWaiting = true;
      this.awaitAdmission(refusal, () => this.endWait());
      this.time.watch(now);
      this.options.parked?.(this);
      return WAITING;
    }
    if (!this.canRest) return READY;
    this.awaitAdmission(refusal, () => {});
    return this.rest(now);
  }

  private awaitAdmission(refusal: Refusal, admitted: () => void): void {
    const name = refusal.name === 'wallTimeMs' ? 'wallTimeMs' : 'instructions';
    const tryAgain = () =>
      this.budget.exhausted(name) ??
      (name === 'instructions' ? this.budget.refusal(name, 1, this.options.now()) : null);
    this.charges.wait(refusal, tryAgain, admitted, (final) => this.refuse(final));
  }

  /** Goes on with the work, or with the guest's code, until either stops. */
  private step(context: Context, work: Work): number {
    const signal = work.isUnderWay ? work.advance() : run(context);
    if (typeof signal === 'number') return this.answer(context, work, signal);
    return signal === undefined ? SLICE_OVER : this.wait(work, signal);
  }

  private answer(context: Context, work: Work, signal: number): number {
    switch (signal) {
      case RELOAD:
        return READY;
      case FUEL:
        return SLICE_OVER;
      case SYSCALL:
        work.beginAnswering(this.instructions(context));
        return READY;
      case COMPILE:
        work.beginCompiling(this.instructions(context));
        return READY;
      case DONE:
        work.beginFinishing(this.instructions(context));
        return READY;
      case FINISHED:
        return this.end(DONE_WELL);
      case EXIT:
        return this.end(DONE_WELL, context.exitCode);
      case THROW:
        return this.end(throwEnding(context, this.heap, this.options.host.text));
      case TRAP:
        return this.end(trapEnding(context, this.heap));
      case MEMORY:
        return work.isEntered && this.heap.stallsForMemory() ? this.stallForMemory() : this.endByMemory();
      case ENDING:
        return this.endAtSyscall();
      default:
        throw new Error(`unknown signal ${signal}`);
    }
  }

  /** Instructions up to now, those of this turn included. */
  private instructions(context: Context): number {
    return this.budget.used.instructions + this.granted - context.fuel;
  }

  private countFuel(context: Context, now: number): void {
    const spent = this.granted - context.fuel;
    this.spent += spent;
    this.granted = context.fuel;
    this.budget.add('instructions', spent, now);
  }

  // --- the start ---

  /** Makes the context; false when the program alone does not fit. */
  private start(): boolean {
    const { program, pool, now } = this.options;
    const { memoryBytes } = this.budget.limits;
    const begin = now();
    const isGranted = this.heap.requestMemory(program.image.length);
    const context = isGranted ? createContext(program, pool, memoryBytes) : null;
    if (context === null) {
      this.heap.missed(program.image.length * 4);
      this.endByMemory();
      return false;
    }
    if (this.options.collectAlways) collectAtEveryAllocation(context);
    this.options.prepare?.(context);
    context.outlivesEntry = this.options.prepared !== undefined;
    const work = this.adopt(context);
    work.beginEntering(begin);
    return true;
  }

  private adopt(context: Context): Work {
    const { host } = this.options;
    this.context = context;
    context.compilesElsewhere = this.options.compile !== undefined;
    this.heap.open(context);
    this.work = new Work(this.options, context, new SyscallDispatch(context, host, this.budget, this.charges));
    return this.work;
  }

  /** When more is granted, the instruction that lacked memory runs again; or when the guest is to be told that it lacks it. */
  private stallForMemory(): number {
    this.charges.wait(
      this.heap.lack(),
      () => this.heap.askAgain(),
      () => {},
      () => {},
    );
    return READY;
  }

  // --- suspending ---

  private get canRest(): boolean {
    return this.work?.canRest === true;
  }

  private mustRest(): boolean {
    if (this.isEnded) return false;
    const isWanted = this.isSuspensionWanted || this.isWritten || this.charges.stalledBy !== null;
    return isWanted && this.canRest;
  }

  private rest(now: number): number {
    this.time.stop(now);
    this.isSuspended = true;
    this.options.parked?.(this);
    this.options.suspended?.(this.suspendedFor!);
    return WAITING;
  }

  released(): void {
    this.goOn();
  }

  late(refusal: Refusal, now: number): boolean {
    return this.stopBy(refusal, now) === READY;
  }

  private goOn(): void {
    if (this.isEnded || !this.isSuspended || this.isSuspensionWanted) return;
    if (this.isWritten || this.charges.stalledBy !== null) return;
    const now = this.options.now();
    this.isSuspended = false;
    this.time.start(now);
    if (this.isWaiting) this.time.watch(now);
    else this.options.wake(this);
  }

  /** Writes an answer that has come meanwhile into the heap, so that no snapshot lacks it. */
  private *takeAnswer(): Steps<void> {
    const { work } = this;
    if (work === null || !work.hasAnswer) return;
    const now = this.options.now();
    for (;;) {
      this.inTurn(() => this.runFor(this.context!, work, STEP_FUEL, now));
      if (this.isEnded || this.canRest) return;
      yield;
    }
  }

  // --- waiting ---

  private wait(work: Work, promise: Promise<SyscallAnswer>): number {
    this.isWaiting = true;
    const { pending } = work;
    promise.then(
      (answer) => this.settle(pending, { answer }),
      (error: unknown) => this.settle(pending, { error }),
    );
    this.options.parked?.(this);
    return WAITING;
  }

  /** What it waited for has come; it may wait for something else by now. */
  private settle(pending: unknown, settled: Settled): void {
    if (!this.isEnded && this.work!.settle(pending, settled)) this.endWait();
  }

  private endWait(): void {
    this.isWaiting = false;
    this.time.clearTimer();
    if (!this.isSuspended) this.options.wake(this);
  }

  // --- the end ---

  /** Ends it now, or as soon as its context is back. */
  private endSoon(end: () => number): void {
    if (this.isEnded) return;
    if (this.isAway) this.endWhenBack ??= end;
    else end();
  }

  private endAtSyscall(): number {
    const ending = this.work!.dispatch.ending!;
    if (ending.kind === 'limit') return this.endByRefusal(ending.refusal);
    const error = describeError(this.context, ending.code, ending.message, true);
    const { capability } = ending;
    return this.end({ status: 'error', error: capability === undefined ? error : { ...error, capability } });
  }

  private endByMemory(): number {
    return this.end(memoryEnding(this.context, this.heap));
  }

  private endByRefusal(refusal: Refusal): number {
    return this.end(limitEnding(this.context, breachOf(refusal), true));
  }

  private end({ status, error }: Ending, exitCode: number | null = null): number {
    const now = this.options.now();
    if (this.context !== null) this.countFuel(this.context, now);
    this.time.count(now);
    const values = status === 'ok' ? this.work!.values : [];
    this.dispose();
    this.options.ended({ status, values, exitCode, error }, this.usage());
    return ENDED;
  }

  /** Gives everything back. What a host's promise brings later finds nobody. */
  private dispose(): void {
    this.isEnded = true;
    this.finalStartTimeMs = this.work?.startTimeMs ?? 0;
    this.work?.drop();
    this.work = null;
    this.time.clearTimer();
    this.charges.close();
    this.stopWaiting?.();
    this.heap.close();
    this.context?.dispose();
    this.context = null;
  }
}

const DONE_WELL: Ending = { status: 'ok', error: null };
