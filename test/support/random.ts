// A small seeded generator for tests: the same seed gives the same choices, whatever the host's Math.random does.

/** Pseudo-random choices (a 32-bit mixing counter). */
export class Random {
  constructor(private state: number) {}

  /** From 0 to count - 1. */
  below(count: number): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * count);
  }

  /** From min to max. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** True once in `count` times. */
  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  int32(): number {
    return this.pick([0, 1, -1, 2, 255, 0x7fffffff, -0x80000000, this.between(-100, 100), this.below(2 ** 32) | 0]);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  list<T>(length: number, make: (index: number) => T): T[] {
    return Array.from({ length }, (_, index) => make(index));
  }
}
