// The constants of one function. Those that instructions name with 8 bits get the low indices.
import type { Constant } from '../../vm/index';
import { constantKey } from './literals';

const SHORT_LIMIT = 256;
const LIMIT = 65536;

/** Collects constants; indices of 8 bits are known at once, those of 16 bits only at the end. */
export class ConstantPool {
  private readonly short = new Map<string, Constant>();
  private readonly shortIndices = new Map<string, number>();
  private readonly long = new Map<string, Constant>();
  private longIndices: Map<string, number> | null = null;

  /** The 8-bit index of `constant`; -1 when all are taken. */
  shortIndex(constant: Constant): number {
    const key = constantKey(constant);
    const known = this.shortIndices.get(key);
    if (known !== undefined) return known;
    if (this.short.size === SHORT_LIMIT) return -1;
    this.short.set(key, constant);
    this.shortIndices.set(key, this.short.size - 1);
    return this.short.size - 1;
  }

  addLong(constant: Constant): void {
    this.long.set(constantKey(constant), constant);
  }

  /** Whether all constants can be named with 16 bits. */
  get fits(): boolean {
    return this.short.size + this.long.size <= LIMIT;
  }

  /** The 16-bit index of a constant that was added. */
  longIndex(constant: Constant): number {
    return this.indices().get(constantKey(constant))!;
  }

  finish(): Constant[] {
    const constants: Constant[] = [...this.short.values()];
    const indices = this.indices();
    for (const [key, constant] of this.long) constants[indices.get(key)!] = constant;
    return constants;
  }

  private indices(): Map<string, number> {
    if (this.longIndices !== null) return this.longIndices;
    const indices = new Map(this.shortIndices);
    for (const key of this.long.keys()) if (!indices.has(key)) indices.set(key, indices.size);
    this.longIndices = indices;
    return indices;
  }
}
