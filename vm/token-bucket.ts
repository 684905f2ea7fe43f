// A rate: tokens come continuously, up to what the bucket holds.

/** Who waits at a rate is let in when the tokens of so many milliseconds are there, or all that the bucket holds. */
const TOKENS_OF_MS = 10;

export class TokenBucket {
  private tokens: number;
  private at: number;

  constructor(
    private rate: number,
    private capacity: number,
    now: number,
  ) {
    this.tokens = capacity;
    this.at = now;
  }

  available(now: number): number {
    if (now > this.at) {
      this.tokens = Math.min(this.capacity, this.tokens + ((now - this.at) * this.rate) / 1000);
      this.at = now;
    }
    return this.tokens;
  }

  /** May go below zero: what was more than there was is waited for afterwards. */
  take(amount: number): void {
    this.tokens -= amount;
  }

  /** What is larger than the bucket is let in when it is full. */
  admits(amount: number, now: number): boolean {
    return this.available(now) >= Math.min(amount, this.capacity);
  }

  /** Milliseconds until a waiter is let in. */
  delay(now: number): number {
    const wanted = Math.min(this.capacity, Math.max(1, (this.rate * TOKENS_OF_MS) / 1000));
    return Math.max(0, ((wanted - this.available(now)) / this.rate) * 1000);
  }

  change(rate: number, capacity: number, now: number): void {
    this.available(now);
    this.rate = rate;
    this.capacity = capacity;
    this.tokens = Math.min(this.tokens, capacity);
  }
}
