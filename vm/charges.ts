// How the host's side of a syscall pays for what it does: before it does it, at every level that has a limit. What
// stands behind it is a budget (budget.ts); whoever answers syscalls knows only this.

/** What is counted beside instructions and memory. Each name carries its unit. */
export type Charged =
  | 'syscalls'
  | 'outputBytes'
  | 'logBytes'
  | 'requests'
  | 'openRequests'
  | 'networkInBytes'
  | 'networkOutBytes'
  | 'storageBytes'
  | 'storageOperations';

export interface Charges {
  /**
   * Charges `amount` (a whole number from 0 on), or nothing at all. Undefined: it is charged. A promise: it will be, once the
   * rate or whoever refills a suspended execution admits it; it never settles when the execution ends first. Throws
   * LimitReached, or rejects with it, when the limit ends the execution: do not catch it.
   */
  charge(name: Charged, amount: number): undefined | Promise<void>;
  /** Gives back what is only held for a time: `openRequests`, `storageBytes`. */
  release(name: Charged, amount: number): void;
}
