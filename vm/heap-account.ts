// What the levels above one execution have granted its heap, and who refused more.
import type { Budget, Refusal } from './budget';
import type { Context, MemoryKeeper } from './context';
import { LARGEST_POOLED_WORDS, regionWords } from './regions';

/** Of heaps too large for a pool the levels above are asked for so many words at a time: 1 MiB. */
const GRANT_WORDS = 1 << 18;

export class HeapAccount implements MemoryKeeper {
  private context: Context | null = null;
  /** Words that were granted. */
  private heldWords = 0;
  /** Who refused more last, and what was asked for. */
  private refusal: Refusal | null = null;
  private refusedWords = 0;
  /** Of a context that is not there any more, or never was. */
  private finalPeakBytes = 0;
  private finalRefusals = 0;

  constructor(private readonly budget: Budget) {}

  /** The context begins with what was granted. */
  open(context: Context): void {
    this.context = context;
    context.memoryKeeper = this;
    if (this.budget.parent !== null) context.grantedWords = this.heldWords;
  }

  /** Asks the levels above for a heap of so many words. */
  requestMemory(words: number): boolean {
    const { parent } = this.budget;
    if (parent === null) return true;
    const wanted = words <= LARGEST_POOLED_WORDS ? regionWords(words) : Math.ceil(words / GRANT_WORDS) * GRANT_WORDS;
    this.refusal = parent.charge('memoryBytes', (wanted - this.heldWords) * 4);
    this.refusedWords = words;
    if (this.refusal !== null) return false;
    this.heldWords = wanted;
    if (this.context !== null) this.context.grantedWords = wanted;
    return true;
  }

  /** Asks the levels above once more for what they have refused; its own limit is looked at by whoever runs again. */
  askAgain(): Refusal | null {
    const isRefusedHere = this.context?.isRefusedAbove !== true;
    return isRefusedHere || this.requestMemory(this.refusedWords) ? null : this.refusal;
  }

  stallsForMemory(): boolean {
    return this.lack().policy === 'suspend';
  }

  /** Whether the level above that refused last has it stand still. */
  get stallsAbove(): boolean {
    return this.refusal?.policy === 'suspend';
  }

  /** Whether its own limit has it stand still. */
  get stallsHere(): boolean {
    return this.budget.policyOf('memoryBytes') === 'suspend';
  }

  /** Who has refused memory last. */
  lack(): Refusal {
    const isAbove = this.context === null || this.context.isRefusedAbove;
    if (isAbove && this.refusal !== null) return this.refusal;
    const { budget } = this;
    const policy = budget.policyOf('memoryBytes');
    return { budget, name: 'memoryBytes', policy, limit: budget.limits.memoryBytes, used: this.peakBytes, amount: 0 };
  }

  get peakBytes(): number {
    return this.context === null ? this.finalPeakBytes : this.context.peakWords * 4;
  }

  /** How often the guest was told that there is not enough memory. */
  get refusals(): number {
    return this.context === null ? this.finalRefusals : this.context.memoryRefusals;
  }

  /** It needed so much, and was not there at all. */
  missed(bytes: number): void {
    this.finalPeakBytes = bytes;
  }

  /** Gives everything back. */
  close(): void {
    if (this.context !== null) {
      this.finalPeakBytes = this.peakBytes;
      this.finalRefusals = this.refusals;
      this.context = null;
    }
    this.budget.parent?.release('memoryBytes', this.heldWords * 4);
    this.heldWords = 0;
  }
}
