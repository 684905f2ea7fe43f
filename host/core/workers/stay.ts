// What the levels above an execution have paid for its stay in a worker, from its arrival there to its end or its leaving.
// What is lent is charged here before it is sent; when the stay is over, or the worker gives back what is unused, the
// charge becomes what was really used.
import type { Budget, Clock, Refusal, Usage } from '../../../vm/index';
import { SLICE_INSTRUCTIONS } from '../slices';
import { type Amounts, LENT, type Lent, type Report } from './messages';
import type { Peer } from './peer';

/** Lent at a time when no limit is near: a message for some milliseconds of work. */
const MOST: Amounts = { instructions: 4_000_000, syscalls: 10_000, outputBytes: 4 << 20 };
/** Near a limit: a slice, or the largest piece of output. */
const LEAST: Amounts = { instructions: SLICE_INSTRUCTIONS, syscalls: 16, outputBytes: 64 << 10 };
/** So many times the executions that are away could borrow as much as one does. */
const RESERVE = 4;
const NOTHING: Amounts = { instructions: 0, syscalls: 0, outputBytes: 0 };

export class Stay {
  /** It waits for an answer, or for a rate. */
  isWaiting = false;
  /** It was called back: home, or to be sent on. */
  fetched: 'home' | 'move' | null = null;
  stopWaiting: (() => void) | null = null;
  private readonly lent: Record<Lent, number> = { ...NOTHING };
  /** What it has used here and was settled. */
  private readonly counted: Record<Lent, number> = { ...NOTHING };
  private countedMs = 0;

  /** `budget` is the execution's function's; `usage` what the execution had used before. */
  constructor(
    readonly peer: Peer,
    readonly seat: number,
    private readonly budget: Budget,
    private readonly clock: Clock,
    private readonly usage: Usage,
    private heldBytes: number,
    /** Its part of the time among what its worker runs. */
    readonly part: number,
  ) {}

  /** The most that can be lent now of one thing; below 1 when somebody refuses. */
  lendable(name: Lent, borrowers: number): number {
    const { budget } = this;
    const left = name === 'instructions' ? budget.instructionsNow(this.clock.now()) : budget.left(name);
    if (name !== 'instructions' && left === Number.POSITIVE_INFINITY) return left;
    const part = Math.max(LEAST[name], Math.floor(left / (RESERVE * borrowers)));
    return Math.max(0, Math.floor(Math.min(left, part, MOST[name])));
  }

  /** Charges as much of these as can be had. */
  lend(names: readonly Lent[], borrowers: number): Amounts {
    const more: Record<Lent, number> = { ...NOTHING };
    for (const name of names) {
      const amount = this.lendable(name, borrowers);
      more[name] = amount;
      if (amount === Number.POSITIVE_INFINITY) continue;
      this.lent[name] += amount;
      this.budget.add(name, amount, this.clock.now());
    }
    return more;
  }

  /** Who refuses any more of it. */
  refusal(name: Lent): Refusal | null {
    return this.budget.refusal(name, 1, this.clock.now());
  }

  /** Whether something is charged that may not have been used. */
  get isLent(): boolean {
    return LENT.some((name) => this.lent[name] > 0);
  }

  /** What it has used becomes what is charged: it holds nothing beyond. */
  settle({ usage, heldBytes }: Report): void {
    const now = this.clock.now();
    const { budget } = this;
    for (const name of LENT) {
      const used = usage[name] - this.usage[name];
      budget.add(name, used - this.counted[name] - this.lent[name], now);
      this.counted[name] = used;
      this.lent[name] = 0;
    }
    this.countTime(usage.wallTimeMs - this.usage.wallTimeMs);
    this.hold(heldBytes);
  }

  /** Counts its time at the levels above up to so many milliseconds since its arrival. */
  countTime(milliseconds: number): void {
    this.budget.add('wallTimeMs', milliseconds - this.countedMs, this.clock.now());
    this.countedMs = milliseconds;
  }

  /** Asks for memory beyond what it holds. */
  chargeMemory(bytes: number): Refusal | null {
    const refusal = this.budget.charge('memoryBytes', bytes);
    if (refusal === null) this.heldBytes += bytes;
    return refusal;
  }

  /** The stay is over; without a report, what was lent counts as used. Answers how much memory it holds. */
  end(report: Report | null): number {
    this.stopWaiting?.();
    if (report !== null) this.settle(report);
    return this.heldBytes;
  }

  private hold(bytes: number): void {
    if (bytes <= this.heldBytes) return;
    this.budget.add('memoryBytes', bytes - this.heldBytes, this.clock.now());
    this.heldBytes = bytes;
  }
}
