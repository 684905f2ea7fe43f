// How one execution pays, and what it waits for when a limit that does not end it refuses: a charge of a syscall's, or its
// next slice of instructions.
import { type Budget, LimitReached, type Refusal } from './budget';
import type { Charged, Charges } from './charges';
import type { StopWaiting } from './waiting-line';

/** Told when nothing keeps an execution suspended any more. */
export interface Payer {
  released(): void;
}

export class Payments implements Charges {
  /** Most executions never wait for any: these are made when one does. */
  private waits: Set<StopWaiting> | null = null;
  private stalls: Set<Refusal> | null = null;

  constructor(
    private readonly budget: Budget,
    private readonly payer: Payer,
  ) {}

  /** The limit for want of which the execution must stand still; null when there is none. */
  get stalledBy(): Refusal | null {
    if (this.stalls === null) return null;
    for (const refusal of this.stalls) return refusal;
    return null;
  }

  charge(name: Charged, amount: number): undefined | Promise<void> {
    const refusal = this.budget.charge(name, amount);
    if (refusal === null) return undefined;
    if (refusal.policy === 'kill') throw new LimitReached(refusal);
    return new Promise((resolve, reject) => {
      const again = () => this.budget.charge(name, amount);
      this.wait(refusal, again, resolve, (final) => reject(new LimitReached(final)));
    });
  }

  release(name: Charged, amount: number): void {
    this.budget.release(name, amount);
  }

  /** Tries again whenever it is worth it, until it is admitted, or refused for good. */
  wait(
    refusal: Refusal,
    tryAgain: () => Refusal | null,
    admitted: () => void,
    refused: (refusal: Refusal) => void,
  ): void {
    this.waits ??= new Set();
    this.stalls ??= new Set();
    const { waits, stalls } = this;
    if (refusal.policy === 'suspend') stalls.add(refusal);
    const letIn = () => {
      waits.delete(stop);
      const again = tryAgain();
      stalls.delete(refusal);
      if (again !== null && again.policy !== 'kill') {
        this.wait(again, tryAgain, admitted, refused);
        if (stalls.size === 0) this.payer.released();
        return;
      }
      if (stalls.size === 0) this.payer.released();
      if (again === null) admitted();
      else refused(again);
    };
    const stop = refusal.budget.wait(refusal.name, letIn, refusal.amount);
    waits.add(stop);
  }

  /** The execution has ended: it waits for nothing. */
  close(): void {
    for (const stop of this.waits ?? []) stop();
    this.waits?.clear();
    this.stalls?.clear();
  }
}
