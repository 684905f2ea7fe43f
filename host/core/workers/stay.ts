// What the levels above an execution have paid for its stay in a worker, from its arrival there to its end or its leaving.
// What is lent is charged here before it is sent; when the stay is over, or the worker gives back what is unused, the
// charge becomes what was really used.
import type { Budget, Clock, Lent, Refusal, Usage } from '../../../vm/index';
import { SLICE_INSTRUCTIONS } from '../slices';
import { type Amounts, LENT, type Report } from './messages';
import type { Peer } from './peer';

/** Lent at most to all borrowers together, so that what is used is known soon. */
const MOST: Amounts = { instructions: 40_000_000, syscalls: 100_000, outputBytes: 64 << 20 };
/** Lent to one at least: near a limit a slice, or the largest piece of output; else some milliseconds of work. */
const LEAST: Amounts = { instructions: SLICE_INSTRUCTIONS, syscalls: 16, outputBytes: 64 << 10 };
const USUAL_INSTRUCTIONS = 400_000;
/** This part of what is left is lent at a time. */
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
    const isFar = name === 'instructions' && left > RESERVE * borrowers * USUAL_INSTRUCTIONS;
    const part = Math.max(
      isFar ? USUAL_INSTRUCTIONS : LEAST[name],
      Math.floor(Math.min(MOST[name], left / RESERVE) / borrowers),
    );
    return Math.max(0, Math.floor(Math.min(left, part)));
  }

  /** Whether what can be lent is surely enough for who waits for it. */
  suffices(name: Lent, borrowers: number): boolean {
    if (name !== 'outputBytes') return this.lendable(name, borrowers) >= 1;
    return this.lent[name] + this.lendable(name, borrowers) >= LEAST[name];
  }

  /** Lends as much of these as can be had. */
  lend(names: readonly Lent[], borrowers: number): Amounts {
    const more: Record<Lent, number> = { ...NOTHING };
    for (const name of names) {
      const amount = this.lendable(name, borrowers);
      more[name] = amount;
      if (amount === Number.POSITIVE_INFINITY) continue;
      this.lent[name] += amount;
      this.budget.lend(name, amount, this.clock.now());
    }
    return more;
  }

  /** Who refuses any more of it. */
  refusal(name: Lent): Refusal | null {
    return this.budget.refusal(name, 1, this.clock.now());
  }

  /** Counts what it has used; what it was lent beyond that stays lent. */
  count({ usage, heldBytes }: Report): void {
    const now = this.clock.now();
    for (const name of LENT) {
      const used = usage[name] - this.usage[name] - this.counted[name];
      if (used === 0) continue;
      // What was never counted as lent, because nobody limits it, is not given back.
      const returned = Math.min(this.lent[name], used);
      this.giveBack(name, returned, now);
      this.budget.add(name, used, now);
      this.counted[name] += used;
    }
    this.hold(heldBytes);
  }

  /** Counts what it has used; it holds nothing beyond. */
  settle(report: Report): void {
    this.count(report);
    const now = this.clock.now();
    for (const name of LENT) this.giveBack(name, this.lent[name], now);
    this.countTime(report.usage.wallTimeMs - this.usage.wallTimeMs);
  }

  private giveBack(name: Lent, amount: number, now: number): void {
    if (amount === 0) return;
    this.lent[name] -= amount;
    this.budget.lend(name, -amount, now);
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

  /** The stay is over. Without a report, what was lent counts as used. Answers how much memory it holds. */
  end(report: Report | null): number {
    this.stopWaiting?.();
    if (report !== null) this.settle(report);
    else this.loseLent();
    return this.heldBytes;
  }

  private loseLent(): void {
    const now = this.clock.now();
    for (const name of LENT) {
      const amount = this.lent[name];
      this.giveBack(name, amount, now);
      this.budget.add(name, amount, now);
    }
  }

  private hold(bytes: number): void {
    if (bytes <= this.heldBytes) return;
    this.budget.add('memoryBytes', bytes - this.heldBytes, this.clock.now());
    this.heldBytes = bytes;
  }
}
