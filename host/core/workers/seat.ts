// An execution's stay in a worker: the real execution, with a budget above it that holds what the host's thread has lent.
// What is used up is asked for; whoever the host fetches, or a limit of its own suspends, leaves as bytes.
import {
  Budget,
  ENDED,
  type FairTask,
  GuestExecution,
  type Limits,
  type Program,
  type Refusal,
  type RegionPool,
  readSnapshot,
  type Share,
} from '../../../vm/index';
import type { Surroundings } from '../event-loop';
import type { Parking } from '../parking';
import { type Amounts, type Answer, type FromWorker, LENT, type Report, type Start } from './messages';
import { WorkerSyscalls } from './worker-syscalls';

/** What a seat needs of its worker. */
export interface SeatWorker {
  readonly surroundings: Surroundings;
  readonly pool: RegionPool;
  readonly parking: Parking;
  readonly post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void;
  schedule(seat: Seat): void;
  /** The seat is free. */
  forget(seat: Seat): void;
  /** Asks the levels above for memory, and waits. */
  askMemory(seat: number, bytes: number): Refusal | null;
}

const UNLIMITED_LEASE: Amounts = {
  instructions: Number.POSITIVE_INFINITY,
  syscalls: Number.POSITIVE_INFINITY,
  outputBytes: Number.POSITIVE_INFINITY,
};
/** Refused by the lease, an execution waits: the host may have more. */
const WAIT = { instructions: 'throttle', syscalls: 'throttle', outputBytes: 'throttle' } as const;

export class Seat implements FairTask {
  isQueued = false;
  spent = 0;
  pass = 0;
  readonly weight: number;
  private readonly guest: GuestExecution;
  private readonly lease: Budget;
  private readonly syscalls: WorkerSyscalls;
  private isAsking = false;
  /** The host has no more instructions than are needed: no use asking before they are. */
  private isDry = false;
  private lastGrant: number;
  private wantsToLeave: 'move' | 'home' | null = null;
  private turns = 0;
  private heldBytes = 0;
  private paidBytes: number;
  private isFree = false;

  /** Throws SnapshotError. */
  constructor(
    private readonly worker: SeatWorker,
    readonly start: Start,
    program: Program,
    readonly share: Share,
  ) {
    const { surroundings, pool, parking } = worker;
    const { limits, policies, weight, args, name, standing, elapsedMs, lease, memoryBytes } = start;
    this.weight = weight;
    this.lastGrant = lease.instructions;
    this.paidBytes = memoryBytes;
    this.heldBytes = standing === null ? 0 : memoryBytes;
    this.lease = Budget.create('function', lease, WAIT, null, surroundings);
    const { post } = worker;
    this.syscalls = new WorkerSyscalls({ start, surroundings, elapsed: () => this.guest.elapsed(), post });
    const options = {
      ...{ program, pool, limits, policies, weight, share, args, name, elapsedMs },
      parent: this.lease,
      host: this.syscalls,
      loaded: standing?.loaded ?? null,
      heldBytes: standing === null ? 0 : memoryBytes,
      now: surroundings.now,
      startTimer: surroundings.startTimer,
      chargeMemory: (bytes: number) => this.chargeMemory(bytes),
      wake: () => worker.schedule(this),
      parked: parking.park,
      suspended: () => this.leaveSoon(),
      ended: (outcome: Parameters<ConstructorParameters<typeof GuestExecution>[0]['ended']>[0]) => {
        this.free();
        post({ type: 'ended', seat: start.seat, report: this.report(), outcome });
      },
      failed: (error: unknown) => this.fail(error),
    };
    this.guest = new GuestExecution(options, standing === null ? undefined : readSnapshot(standing.bytes));
  }

  run(slice: number, now: number): number {
    this.spent = 0;
    if (this.isFree) return ENDED;
    const state = this.guest.run(slice, now);
    this.spent = this.guest.spent;
    if (this.isFree) return ENDED;
    this.turns++;
    if (this.turns === this.start.turns) this.wantsToLeave ??= 'move';
    if (this.wantsToLeave !== null && this.leave()) return ENDED;
    this.ask();
    return state;
  }

  /** The host has lent more. */
  grant(more: Amounts): void {
    this.isAsking = false;
    this.isDry = more.instructions === 0;
    if (more.instructions > 0) this.lastGrant = more.instructions;
    this.lease.refill(more);
    this.ask();
  }

  /** Gives back what it has not used. */
  giveBack(): Report {
    const { used } = this.lease;
    this.lease.change(Object.fromEntries(LENT.map((name) => [name, Math.min(used[name], this.lease.limits[name])])));
    this.isDry = false;
    return this.report();
  }

  /** It is to leave where it can: for another worker, if it stands between two instructions, or home, as soon as it can. */
  fetch(isMove: boolean): void {
    if (this.wantsToLeave !== 'home') this.wantsToLeave = isMove ? 'move' : 'home';
    if (this.leave()) return;
    // What cannot stand still here has an end; it owes what that takes.
    if (this.wantsToLeave === 'home') this.lease.change(UNLIMITED_LEASE);
  }

  cancel(): void {
    this.guest.cancel();
  }

  refill(more: Partial<Limits>): void {
    this.guest.refill(more);
  }

  answer(question: number, answer: Answer): void {
    this.syscalls.settle(question, answer);
  }

  taken(bytes: number): void {
    this.syscalls.taken(bytes);
  }

  fail(error: unknown): void {
    this.free();
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.worker.post({ type: 'failed', seat: this.start.seat, report: this.report(), message });
  }

  /** Asks for more: early, so that nobody waits, or because somebody does. */
  private ask(): void {
    if (this.isAsking || this.isFree || this.wantsToLeave === 'home') return;
    const urgent = LENT.filter((name) => this.lease.isAwaited(name));
    const isLow = !this.isDry && this.lease.left('instructions') < this.lastGrant / 2;
    if (urgent.length === 0 && !isLow) return;
    this.isAsking = true;
    this.worker.post({ type: 'ask', seat: this.start.seat, urgent, report: this.report() });
  }

  /** A limit of its own has suspended it, in a turn or between two: the host keeps those that stand still. */
  private leaveSoon(): void {
    this.wantsToLeave = 'home';
    queueMicrotask(() => this.leave());
  }

  private leave(): boolean {
    const isMove = this.wantsToLeave === 'move';
    if (this.isFree || (isMove && !this.guest.standsBetweenInstructions)) return this.isFree;
    const departure = this.guest.depart();
    if (departure === null) return this.isFree;
    this.free();
    const { seat } = this.start;
    this.worker.post({ type: 'left', seat, departure, isMove }, [departure.bytes.buffer as ArrayBuffer]);
    return true;
  }

  private free(): void {
    if (this.isFree) return;
    this.isFree = true;
    this.worker.parking.unpark(this.guest);
    this.worker.forget(this);
  }

  private report(): Report {
    return { usage: this.guest.usage(), heldBytes: this.heldBytes };
  }

  /** What is given back at the end is the host's to count: it knows of the end. */
  private chargeMemory(bytes: number): Refusal | null {
    if (bytes <= 0) return null;
    const wanted = this.heldBytes + bytes;
    if (this.start.isMemoryLimited && wanted > this.paidBytes) {
      const refusal = this.worker.askMemory(this.start.seat, wanted - this.paidBytes);
      if (refusal !== null) return refusal;
      this.paidBytes = wanted;
    }
    this.heldBytes = wanted;
    return null;
  }
}
