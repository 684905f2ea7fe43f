// Regions: the memory of contexts. Small ones are cut from pooled slabs and recycled with their views, since making
// an ArrayBuffer or a view costs microseconds; large ones are buffers of their own, committed lazily by the system. Making
// one of those costs much more than it seems: V8 counts it as memory outside its heap, and collects all of its heap when
// much of that was made. So some are kept, and made zero in steps before they are used again (region-cleaner.ts). And they are
// shared memory where there is any, which V8 does not count: that it begins to collect, for half a millisecond and more, is a step
// of its own when it is told of the region.
// What other threads may work in is shared memory too: a buffer that moves to another thread and back for every turn has both
// collect their heaps all the time (measured: ten times as long, for four heaps of 64 MiB).
// It knows nothing of what lies inside a region.

/** One context's memory: the same bytes seen as words, bytes and floats. Its size is a power of two. */
export class Region {
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  /** Words from the start that may differ from zero. */
  dirtyWords = 0;
  /** Words from the start that the system has committed, of a large region that is kept. */
  committedWords = 0;
  /** Memory as large, which is never touched and goes with the region: see `weigh`. */
  weight: ArrayBuffer | null = null;

  /** `isPooled`: it is a part of a slab, and its pool's again when it is not used any more. */
  constructor(
    readonly buffer: ArrayBufferLike,
    readonly byteOffset: number,
    readonly words: number,
    readonly isPooled: boolean,
  ) {
    this.i32 = new Int32Array(buffer, byteOffset, words);
    this.u8 = new Uint8Array(buffer, byteOffset, words * 4);
    this.f32 = new Float32Array(buffer, byteOffset, words);
    this.f64 = new Float64Array(buffer, byteOffset, words >> 1);
  }

  /**
   * V8 takes no account of shared memory, and would let what nobody has any more pile up. So it is told of as much other memory: in
   * the thread that owns the region. Nothing happens when it knows already.
   */
  weigh(): void {
    if (this.isPooled || this.buffer instanceof ArrayBuffer) return;
    this.weight ??= new ArrayBuffer(this.words * 4);
  }
}

/** Smallest region: 4 KiB. */
export const SMALLEST_REGION_WORDS = 1024;
/**
 * Largest region cut from a slab: 512 KiB. Beyond, a context has a buffer of its own; moving into that, page faults and all, is a step
 * of 0.3 to 0.5 ms.
 */
export const LARGEST_POOLED_WORDS = 1 << 17;
const SLAB_BYTES = 4 << 20;
/** Large regions are kept up to so many words in all, and so many of them committed: 128 and 64 MiB. */
const KEPT_WORDS = 1 << 25;
const KEPT_COMMITTED_WORDS = 1 << 24;

/** Pages have shared memory only when they are isolated from others. */
const CAN_SHARE = typeof SharedArrayBuffer !== 'undefined';

function makeBuffer(bytes: number, isShared: boolean): ArrayBufferLike {
  return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** What the pool's memory is. */
export interface RegionPoolOptions {
  /** Memory that other threads can share, for small regions too: where there is any. */
  readonly isShared?: boolean;
  /** No slabs at all: every region is a buffer of its own. */
  readonly isUnpooled?: boolean;
}

/** Regions for the contexts of one thread. */
export class RegionPool {
  private readonly free: Region[][] = [];
  private readonly isShared: boolean;
  private readonly isUnpooled: boolean;
  /** Large regions that V8 does not know of yet. */
  private readonly unweighed: Region[] = [];
  /** Large regions: those that are zero, and those that are not yet. */
  private readonly clean: Region[] = [];
  private readonly soiled: Region[] = [];
  private keptWords = 0;
  private keptCommittedWords = 0;
  /** Told when there is something for `workSome` to do, if anybody does it. */
  workCame: (() => void) | null = null;
  /** Bytes of all slabs made so far. Slabs are kept for ever. */
  slabBytes = 0;

  constructor({ isShared = false, isUnpooled = false }: RegionPoolOptions = {}) {
    this.isShared = isShared;
    this.isUnpooled = isUnpooled;
  }

  /** Bytes of the large regions that are kept for the next ones: bounded. */
  get keptBytes(): number {
    return this.keptWords * 4;
  }

  /** A region of at least `words` words (rounded up to a power of two), zero from word `keep` on. */
  take(words: number, keep = 0): Region {
    const size = regionWords(words);
    if (this.isUnpooled || size > LARGEST_POOLED_WORDS) return this.takeLarge(size);
    const list = this.listOf(size);
    const region = list.pop() ?? this.cutSlab(size, list);
    if (region.dirtyWords > keep) region.i32.fill(0, keep, region.dirtyWords);
    region.dirtyWords = 0;
    return region;
  }

  /** Takes a region back; its first `dirtyWords` words were used. The caller must not touch it any more. */
  give(region: Region, dirtyWords: number): void {
    if (this.isUnpooled || (!region.isPooled && region.words <= LARGEST_POOLED_WORDS)) return;
    region.dirtyWords = dirtyWords;
    if (region.words > LARGEST_POOLED_WORDS) this.giveLarge(region);
    else this.listOf(region.words).push(region);
  }

  /** Has V8 told of a large region when nobody waits for it: at once, where nobody calls `workSome`. */
  weighLater(region: Region): void {
    if (this.workCame === null) {
      region.weigh();
      return;
    }
    this.unweighed.push(region);
    this.workCame();
  }

  /** Tells V8 of a large region, or makes so many words zero of those that were given back. Whether there is more to do. */
  workSome(words: number): boolean {
    const unweighed = this.unweighed.pop();
    if (unweighed !== undefined) unweighed.weigh();
    else this.cleanSome(words);
    return this.unweighed.length > 0 || this.soiled.length > 0;
  }

  private cleanSome(words: number): void {
    const region = this.soiled[this.soiled.length - 1];
    if (region === undefined) return;
    const end = region.dirtyWords;
    region.dirtyWords = Math.max(end - words, 0);
    region.i32.fill(0, region.dirtyWords, end);
    if (region.dirtyWords === 0) this.clean.push(this.soiled.pop()!);
  }

  private takeLarge(size: number): Region {
    const index = this.clean.findIndex(({ words }) => words === size);
    if (index < 0) return this.makeLarge(size);
    const [region] = this.clean.splice(index, 1);
    this.keptWords -= size;
    this.keptCommittedWords -= region!.committedWords;
    return region!;
  }

  private giveLarge(region: Region): void {
    const committed = Math.max(region.committedWords, region.dirtyWords);
    if (this.keptWords + region.words > KEPT_WORDS || this.keptCommittedWords + committed > KEPT_COMMITTED_WORDS)
      return;
    region.committedWords = committed;
    this.keptWords += region.words;
    this.keptCommittedWords += committed;
    this.soiled.push(region);
    this.workCame?.();
  }

  private makeLarge(size: number): Region {
    const region = new Region(makeBuffer(size * 4, CAN_SHARE), 0, size, false);
    this.weighLater(region);
    return region;
  }

  private listOf(size: number): Region[] {
    const index = 31 - Math.clz32(size);
    return (this.free[index] ??= []);
  }

  private cutSlab(size: number, list: Region[]): Region {
    const slab = makeBuffer(SLAB_BYTES, this.isShared);
    this.slabBytes += SLAB_BYTES;
    const bytes = size * 4;
    for (let offset = SLAB_BYTES - bytes; offset > 0; offset -= bytes) list.push(new Region(slab, offset, size, true));
    return new Region(slab, 0, size, true);
  }
}

/** The size of the region that holds `words` words. */
export function regionWords(words: number): number {
  if (words <= SMALLEST_REGION_WORDS) return SMALLEST_REGION_WORDS;
  return 2 ** (32 - Math.clz32(words - 1));
}
