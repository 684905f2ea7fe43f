// An execution that runs in workers: where it is, and what of it is always here: its account, what it has asked the host, its
// callbacks. It stands in this thread ("home") before it begins, while it is suspended, and for what only this thread can
// decide: a limit above it that is met is met here, by the same code as without workers. Everything else happens away, in a
// stay that pays with what was lent (stay.ts).
import {
  Budget,
  type Departure,
  type FairTask,
  findSyscall,
  GuestExecution,
  type Lent,
  LIMIT_NAMES,
  type Limits,
  type Outcome,
  Payments,
  READY,
  type Refusal,
  readSnapshot,
  type Share,
  type Snapshot,
  SnapshotError,
  STANDS_AT_SYSCALL,
  type SuspensionReason,
  type SyscallAnswer,
  type Usage,
  WAITING,
} from '../../../vm/index';
import { HostError } from '../errors';
import type { ExecutionStatus } from '../execution';
import { UNUSED } from '../result';
import type { RunningExecution, RunOptions } from '../runner';
import { SLICE_INSTRUCTIONS } from '../slices';
import { type FromWorker, LENT, type Report, writeFailure } from './messages';
import { RoamingSyscalls } from './roaming-syscalls';
import type { Stay } from './stay';
import type { WorkerRunner } from './worker-runner';

/** A limit of wall time above is looked at so often at least, in milliseconds. */
const CLOCK_MS = 50;

export class RoamingExecution implements FairTask, RunningExecution {
  isQueued = false;
  spent = 0;
  pass = 0;
  readonly weight: number;
  readonly share: Share;
  readonly budget: Budget;
  readonly charges: Payments;
  readonly syscalls: RoamingSyscalls;
  private home: GuestExecution | null;
  private stay: Stay | null = null;
  /** When its stay began, and how long it had run by then. */
  private leftAt = 0;
  private elapsedBefore = 0;
  private stopClock: (() => void) | null = null;
  private mustStay = false;
  private wantsSuspension = false;
  private isCancelled = false;
  private isEnded = false;
  private defect: unknown = null;

  /** Throws SnapshotError. `options.parent` and `options.share` are its function's. */
  constructor(
    private readonly runner: WorkerRunner,
    readonly options: RunOptions,
    snapshot?: Snapshot,
  ) {
    const { limits, policies = {}, parent = null, share, weight = 1, host } = options;
    this.budget = Budget.create('invocation', limits, policies, parent, options);
    this.charges = new Payments(this.budget, () => this.home?.goOn());
    this.syscalls = new RoamingSyscalls(host);
    this.weight = weight;
    this.share = share!;
    this.home = this.settleHere(snapshot, null);
  }

  // --- what its host asks ---

  get status(): ExecutionStatus {
    if (this.isEnded) return 'ended';
    return this.home?.status ?? (this.stay?.isWaiting ? 'waiting' : 'running');
  }

  get suspendedFor(): SuspensionReason | null {
    return this.home?.suspendedFor ?? null;
  }

  get currentLimits(): Limits {
    const { limits } = this.budget;
    return Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name]])) as unknown as Limits;
  }

  elapsed(): number {
    return this.home?.elapsed() ?? this.elapsedBefore + (this.options.now() - this.leftAt);
  }

  suspend(): void {
    this.wantsSuspension = true;
    if (this.home !== null) this.home.suspend();
    else this.fetchHome();
  }

  resume(): void {
    this.wantsSuspension = false;
    this.home?.resume();
  }

  refill(more: Partial<Limits>): void {
    if (this.home !== null) this.home.refill(more);
    else if (!this.isEnded) {
      this.budget.refill(more);
      this.stay?.peer.post({ type: 'refill', seat: this.stay.seat, more });
    }
  }

  snapshot(hostPart: () => Uint8Array): Uint8Array {
    if (this.home === null) throw new SnapshotError(this.isEnded ? 'snapshot.ended' : 'snapshot.running');
    return this.home.snapshot(hostPart);
  }

  cancel(): void {
    this.isCancelled = true;
    if (this.home !== null) this.home.cancel();
    else if (this.stay !== null) {
      this.options.cancelling();
      this.stay.peer.post({ type: 'cancel', seat: this.stay.seat });
    }
  }

  refuse(refusal: Refusal): void {
    this.home?.refuse(refusal);
  }

  // --- at home ---

  /** A turn in this thread. One that can go on elsewhere leaves after it. */
  run(slice: number, now: number): number {
    this.spent = 0;
    if (this.home === null) return WAITING;
    const state = this.home.run(slice, now);
    this.spent = this.home?.spent ?? 0;
    this.mustStay = false;
    return state === READY && this.tryLeave() ? WAITING : state;
  }

  /** It is ready: away, if that can be, else here. */
  place(): void {
    if (!this.tryLeave()) this.runner.scheduler.schedule(this);
  }

  private settleHere(snapshot: Snapshot | undefined, departure: Departure | null): GuestExecution {
    const { options, runner, budget, charges } = this;
    return new GuestExecution(
      {
        ...options,
        pool: runner.pool,
        account: { budget, charges },
        host: this.syscalls,
        loaded: departure?.loaded ?? null,
        heldBytes: departure?.heldBytes ?? 0,
        wake: () => this.place(),
        parked: runner.parking.park,
        ended: (outcome, usage) => this.end(() => options.ended(outcome, usage)),
        failed: (error) => this.end(() => options.failed(error)),
      },
      snapshot,
    );
  }

  private tryLeave(): boolean {
    const { home } = this;
    if (home === null || home.status === 'ended') return true;
    if (this.mustStay || this.wantsSuspension || home.status !== 'running' || this.isCancelled) return false;
    if (this.charges.stalledBy !== null || !this.runner.canTake(this)) return false;
    const elapsedMs = home.elapsed();
    if (!home.hasBegun) return this.goAway(null, elapsedMs);
    const departure = home.depart();
    // Taking an answer may have ended it.
    return departure === null ? this.isEnded : this.goAway(departure, elapsedMs);
  }

  /** What stood here has left, or ended. */
  forgetHome(): void {
    if (this.home !== null) this.runner.parking.unpark(this.home);
  }

  /** False when it cannot begin there: for want of memory. */
  private goAway(departure: Departure | null, elapsedMs: number): boolean {
    const usage = departure?.usage ?? UNUSED;
    const stay = this.runner.send(this, departure, usage, elapsedMs);
    if (stay === null) return false;
    this.forgetHome();
    this.home = null;
    this.stay = stay;
    this.leftAt = this.options.now();
    this.elapsedBefore = elapsedMs;
    this.budget.inherit(this.merge(usage));
    this.watchClock();
    return true;
  }

  /** Stands here again, with what its bytes say. */
  private arrive(departure: Departure): Snapshot {
    const snapshot = readSnapshot(departure.bytes);
    this.home = this.settleHere({ ...snapshot, usage: this.merge(snapshot.usage) }, departure);
    return snapshot;
  }

  /** Workers count what the machine charges; the rest is charged here. */
  private merge(usage: Usage): Usage {
    const { logBytes, requests, networkInBytes, networkOutBytes, storageBytes, storageOperations } = this.budget.used;
    return { ...usage, logBytes, requests, networkInBytes, networkOutBytes, storageBytes, storageOperations };
  }

  private end(tell: () => void): void {
    if (this.isEnded) return;
    this.isEnded = true;
    tell();
  }

  // --- away ---

  /** Has it come back at the next place where it can stand still. */
  fetchHome(): void {
    const { stay } = this;
    if (stay === null || stay.fetched === 'home') return;
    stay.fetched = 'home';
    stay.peer.post({ type: 'fetch', seat: stay.seat, isMove: false });
  }

  /** What its worker says of it. */
  hear(stay: Stay, message: Extract<FromWorker, { seat: number }>): void {
    if (stay !== this.stay) return;
    if (message.type === 'ask') {
      stay.count(message.report);
      this.lend(stay, message.urgent);
    } else if (message.type === 'syscall') this.answer(stay, message);
    else if (message.type === 'output') this.output(stay, message.stream, message.bytes);
    else if (message.type === 'left') this.comeBack(stay, message);
    else if (message.type === 'ended') this.endAway(stay, message.report, message.outcome);
    else if (message.type === 'failed') {
      this.failAway(stay, message.report, this.defect ?? new Error(message.message));
    }
  }

  /** Its worker is gone, and what it was with it. */
  lose(stay: Stay, reason: string): void {
    this.failAway(stay, null, new HostError('worker.failed', reason));
  }

  /** Lends more of what somebody waits for; else of what everybody needs. */
  private lend(stay: Stay, urgent: readonly Lent[]): void {
    const { runner } = this;
    const missing = urgent.find((name) => !stay.suffices(name, runner.awayCount));
    if (missing === undefined) {
      const more = stay.lend(urgent.length > 0 ? urgent : ['instructions'], runner.awayCount);
      runner.noteLent();
      stay.peer.post({ type: 'grant', seat: stay.seat, more });
      return;
    }
    const refusal = stay.refusal(missing);
    if (refusal?.policy !== 'throttle') {
      if (!runner.recall(() => this.stay === stay && this.lend(stay, urgent))) this.fetchHome();
      return;
    }
    const again = () => {
      stay.stopWaiting = null;
      this.runner.setWaiting(this, stay, false);
      this.lend(stay, urgent);
    };
    this.runner.setWaiting(this, stay, true);
    stay.stopWaiting = refusal.budget.wait(refusal.name, again);
  }

  private answer(stay: Stay, { question, syscall, args }: Extract<FromWorker, { type: 'syscall' }>): void {
    const reply = (answer: Parameters<typeof this.reply>[2]) => this.reply(stay, question, answer);
    const failed = (error: unknown) => {
      this.defect = error;
      reply(writeFailure(error));
    };
    let answer: SyscallAnswer | Promise<SyscallAnswer> | undefined;
    try {
      answer = syscall === null ? this.syscalls.underWay() : this.syscalls.answer(findSyscall(syscall)!, args);
    } catch (error) {
      failed(error);
      return;
    }
    if (!(answer instanceof Promise)) {
      reply({ answer });
      return;
    }
    this.runner.setWaiting(this, stay, true);
    answer.then((settled) => reply({ answer: settled }), failed);
    if (this.charges.stalledBy !== null) this.fetchHome();
  }

  private reply(stay: Stay, question: number, answer: ReturnType<typeof writeFailure>): void {
    if (stay !== this.stay) return;
    this.runner.setWaiting(this, stay, false);
    try {
      stay.peer.post({ type: 'answer', seat: stay.seat, question, answer });
    } catch (error) {
      stay.peer.post({ type: 'answer', seat: stay.seat, question, answer: writeFailure(error) });
    }
  }

  private output(stay: Stay, stream: 1 | 2, bytes: Uint8Array): void {
    const taken = () => {
      if (stay === this.stay) stay.peer.post({ type: 'taken', seat: stay.seat, bytes: bytes.length });
    };
    try {
      const taking = this.syscalls.output(stream, bytes);
      if (taking === undefined) taken();
      else taking.then(taken, (error: unknown) => this.failAtOutput(stay, error));
    } catch (error) {
      this.failAtOutput(stay, error);
    }
  }

  /** Whoever takes the output has failed: a defect, as without workers. */
  private failAtOutput(stay: Stay, error: unknown): void {
    if (stay !== this.stay) return;
    stay.peer.post({ type: 'cancel', seat: stay.seat });
    this.failAway(stay, null, error);
  }

  private comeBack(stay: Stay, { departure, isMove }: Extract<FromWorker, { type: 'left' }>): void {
    const { usage } = departure;
    this.finishStay(stay, departure);
    this.budget.inherit(this.merge(usage));
    try {
      const goesOn = isMove && stay.fetched !== 'home' && !this.wantsSuspension && !this.isCancelled;
      if (goesOn && this.runner.canTake(this) && this.goAway(departure, usage.wallTimeMs)) return;
      const { standing } = this.arrive(departure);
      this.standHere(this.home!, standing === STANDS_AT_SYSCALL);
    } catch (error) {
      this.end(() => this.options.failed(error));
    }
  }

  private standHere(home: GuestExecution, isAtSyscall: boolean): void {
    if (this.isCancelled) {
      home.cancel();
      return;
    }
    // What it waits for is here: it takes it up before it stands still, so that no copy of it lacks the answer.
    if (isAtSyscall && this.syscalls.isAsked) this.takeUp(home);
    if (this.wantsSuspension) home.suspend();
    else {
      this.mustStay = true;
      if (home.status === 'running') this.runner.scheduler.schedule(this);
    }
  }

  /** Has it wait, or go on with the answer that has come, as far as the next instruction. */
  private takeUp(home: GuestExecution): void {
    const now = this.options.now();
    let state = READY;
    while (state === READY && home.status === 'running' && !home.standsBetweenInstructions) {
      state = home.run(SLICE_INSTRUCTIONS, now);
    }
  }

  private endAway(stay: Stay, report: Report, outcome: Outcome): void {
    this.release(this.finishStay(stay, report));
    const usage = this.merge(report.usage);
    this.budget.inherit(usage);
    this.charges.close();
    this.end(() => this.options.ended(outcome, usage));
  }

  private failAway(stay: Stay, report: Report | null, error: unknown): void {
    this.release(this.finishStay(stay, report));
    this.charges.close();
    this.end(() => this.options.failed(error));
  }

  private release(heldBytes: number): void {
    this.options.parent!.release('memoryBytes', heldBytes);
  }

  /** How much memory it holds. */
  private finishStay(stay: Stay, report: Report | null): number {
    this.stay = null;
    this.stopClock?.();
    this.stopClock = null;
    this.runner.leave(this, stay);
    return stay.end(report);
  }

  /** Limits of wall time above are this thread's to watch. */
  private watchClock(): void {
    const { stay } = this;
    const left = this.options.parent?.left('wallTimeMs') ?? Number.POSITIVE_INFINITY;
    if (stay === null || left === Number.POSITIVE_INFINITY) return;
    this.stopClock = this.options.startTimer(Math.max(1, Math.min(left, CLOCK_MS)), () => {
      stay.countTime(this.options.now() - this.leftAt);
      if (this.options.parent!.exhausted('wallTimeMs') !== null) this.fetchHome();
      this.watchClock();
    });
  }

  /** Its stay, for those that look for whom to move. */
  get currentStay(): Stay | null {
    return this.stay;
  }
}
