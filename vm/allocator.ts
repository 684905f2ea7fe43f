// The allocator inside a heap: blocks in granules of 4 words, exact-size bins with a bitmap, bins of four sizes for each
// power of two beyond (two-level segregated fit: Masmano et al., "TLSF", ECRTS 2004), and a frontier (HEADER.TOP). What it
// costs is bounded however many blocks are free. All its state lies in the heap; what it reads back is checked. It never
// collects: it answers 0 and says why in `context.failure`.
import type { Context } from './context';
import { Trap } from './errors';
import { GRANULE, HEADER, HEADER_GRANULES_SHIFT, HEADER_KIND_MASK, HEADER_KIND_SHIFT, KIND_FREE } from './layout';
import { MEMORY, TRAP } from './signals';

/** A free block's next block in its list. */
const FREE_NEXT = 1;

/**
 * Allocates a block of at least `words` words for an object of `kind` and writes its first word (white). The rest is
 * undefined. Returns its word address; or 0, with `context.failure` set to MEMORY (the limit: collect and try again)
 * or TRAP (corrupt heap). May replace the context's views.
 */
export function allocate(context: Context, words: number, kind: number): number {
  const granules = (words + GRANULE - 1) >>> 2;
  if (granules > context.mostGranules) return refuse(context);
  const address = granules <= HEADER.BIN_COUNT ? takeSmall(context, granules) : takeLarge(context, granules);
  if (address === 0) return 0;
  const i32 = context.i32;
  i32[address] = (granules << HEADER_GRANULES_SHIFT) | (kind << HEADER_KIND_SHIFT) | i32[HEADER.WHITE];
  i32[HEADER.DEBT] = (i32[HEADER.DEBT] + granules * GRANULE) | 0;
  return address;
}

/** The size of the block at `address`, in words; 0 when its header cannot be true. */
export function blockWords(context: Context, address: number): number {
  const words = (context.i32[address & context.mask] >>> HEADER_GRANULES_SHIFT) * GRANULE;
  return address + words <= context.i32[HEADER.TOP] ? words : 0;
}

/** The kind of the block at `address`. */
export function blockKind(context: Context, address: number): number {
  return (context.i32[address & context.mask] >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK;
}

/** Gives a block back at once (its owner knows that nothing refers to it). A block at the frontier lowers it. */
export function release(context: Context, address: number): void {
  const words = blockWords(context, address);
  if (words === 0 || address < HEADER.SIZE) return;
  const i32 = context.i32;
  i32[HEADER.DEBT] = Math.max((i32[HEADER.DEBT] - words) | 0, 0);
  if (address + words === i32[HEADER.TOP]) {
    i32[HEADER.TOP] = address;
    return;
  }
  makeFree(context, address, words >>> 2);
}

/**
 * What was allocated since HEADER.DEBT was `debt` is of no use, for the next block failed: it counts as if it had not been. Else
 * whoever tries again and again, and has to begin anew, would seem to get on. False, for who answers so.
 */
export function comeToNothing(context: Context, debt: number): false {
  context.i32[HEADER.DEBT] = Math.min(context.i32[HEADER.DEBT], debt);
  return false;
}

/** Makes `granules` granules at `address` a free block and puts it into its list. */
export function makeFree(context: Context, address: number, granules: number): void {
  const i32 = context.i32;
  i32[address] = (granules << HEADER_GRANULES_SHIFT) | (KIND_FREE << HEADER_KIND_SHIFT);
  if (granules > HEADER.BIN_COUNT) {
    const bin = largeBin(granules);
    i32[address + FREE_NEXT] = i32[HEADER.LARGE_BINS + bin];
    i32[HEADER.LARGE_BINS + bin] = address;
    i32[HEADER.LARGE_MAP + (bin >>> 5)] |= 1 << (bin & 31);
    return;
  }
  const bin = granules - 1;
  i32[address + FREE_NEXT] = i32[HEADER.BINS + bin];
  i32[HEADER.BINS + bin] = address;
  i32[HEADER.BIN_MAP + (bin >>> 5)] |= 1 << (bin & 31);
}

/** Empties all lists of free blocks: a sweep makes them anew. */
export function forgetFreeBlocks(context: Context): void {
  context.i32.fill(0, HEADER.BINS, HEADER.BINS + HEADER.BIN_COUNT);
  context.i32[HEADER.BIN_MAP] = 0;
  context.i32[HEADER.BIN_MAP + 1] = 0;
  context.i32.fill(0, HEADER.LARGE_MAP, HEADER.LARGE_BINS + HEADER.LARGE_BIN_COUNT);
}

/** Grows the block at `address` in its place to `words` words; false when something lies behind it or no room is left. */
export function extendInPlace(context: Context, address: number, words: number): boolean {
  const i32 = context.i32;
  const old = blockWords(context, address);
  if (old === 0 || address + old !== i32[HEADER.TOP]) return false;
  const granules = (words + GRANULE - 1) >>> 2;
  if (granules > context.mostGranules || !raiseTop(context, address + granules * GRANULE)) return false;
  const header = context.i32[address];
  context.i32[address] = (granules << HEADER_GRANULES_SHIFT) | (header & ((1 << HEADER_GRANULES_SHIFT) - 1));
  context.i32[HEADER.DEBT] = (context.i32[HEADER.DEBT] + granules * GRANULE - old) | 0;
  return true;
}

function takeSmall(context: Context, granules: number): number {
  const i32 = context.i32;
  const bin = firstBin(context, HEADER.BIN_MAP, 2, granules - 1);
  if (bin < 0) return takeLarge(context, granules);
  const address = i32[HEADER.BINS + bin];
  if (!isFreeBlock(context, address, bin + 1)) return fail(context, TRAP);
  const next = i32[address + FREE_NEXT];
  i32[HEADER.BINS + bin] = next;
  if (next === 0) i32[HEADER.BIN_MAP + (bin >>> 5)] &= ~(1 << (bin & 31));
  split(context, address, bin + 1, granules);
  return address;
}

/** The first bin from `bin` on that has a block, by a bitmap of so many words; or -1. */
function firstBin(context: Context, map: number, words: number, bin: number): number {
  const i32 = context.i32;
  for (let word = bin >>> 5; word < words; word++) {
    const from = word === bin >>> 5 ? bin & 31 : 0;
    const bits = i32[map + word] & (-1 << from);
    if (bits !== 0) return word * 32 + (31 - Math.clz32(bits & -bits));
  }
  return -1;
}

/** Where free blocks of so many granules are listed, more than BIN_COUNT. */
function largeBin(granules: number): number {
  const power = 31 - Math.clz32(granules);
  return Math.min((power - SMALLEST_POWER) * 4 + ((granules >>> (power - 2)) & 3), HEADER.LARGE_BIN_COUNT - 1);
}

/** Of BIN_COUNT. */
const SMALLEST_POWER = 6;
/** Blocks of about the right size that are looked at; and that are, before memory counts as used up. */
const FEW = 32;
const MANY = 1024;

/** A block from a bin in which all are large enough, or one of the few next to it that is; else the frontier. */
function takeLarge(context: Context, granules: number): number {
  // Rounded up to where the next bin begins.
  const step = (1 << (29 - Math.clz32(Math.max(granules, HEADER.BIN_COUNT)))) - 1;
  const own = largeBin(Math.max(granules, HEADER.BIN_COUNT + 1));
  const sure = granules <= HEADER.BIN_COUNT ? 0 : largeBin(granules + step);
  const bin = firstBin(context, HEADER.LARGE_MAP, 3, sure);
  if (bin >= 0 && bin < HEADER.LARGE_BIN_COUNT) return takeFrom(context, bin, granules, FEW);
  const found = takeFrom(context, own, granules, FEW);
  if (found !== 0 || context.failure === TRAP) return found;
  const address = context.i32[HEADER.TOP];
  if (address < HEADER.SIZE || (address & 3) !== 0) return fail(context, TRAP);
  if (raiseTop(context, address + granules * GRANULE)) return address;
  return context.failure === MEMORY ? takeFrom(context, own, granules, MANY) : 0;
}

/** The first block of a bin that is large enough, of so many; 0 without one, with `context.failure`. Each is charged. */
function takeFrom(context: Context, bin: number, granules: number, most: number): number {
  const i32 = context.i32;
  const head = HEADER.LARGE_BINS + bin;
  context.failure = MEMORY;
  let before = head;
  for (let address = i32[before], step = 0; address !== 0 && step < most; address = i32[before], step++) {
    context.fuel = (context.fuel - 1) | 0;
    if (!isFreeBlock(context, address, 0)) return fail(context, TRAP);
    const found = i32[address] >>> HEADER_GRANULES_SHIFT;
    if (found >= granules) {
      i32[before] = i32[address + FREE_NEXT];
      if (i32[head] === 0) i32[HEADER.LARGE_MAP + (bin >>> 5)] &= ~(1 << (bin & 31));
      split(context, address, found, granules);
      return address;
    }
    before = address + FREE_NEXT;
  }
  return 0;
}

function split(context: Context, address: number, found: number, wanted: number): void {
  if (found > wanted) makeFree(context, address + wanted * GRANULE, found - wanted);
}

/** A free list's block must be one: of `granules` granules (0: large), inside the used part. */
function isFreeBlock(context: Context, address: number, granules: number): boolean {
  if (address < HEADER.SIZE || (address & 3) !== 0 || address >= context.i32[HEADER.TOP]) return false;
  const header = context.i32[address & context.mask];
  const size = header >>> HEADER_GRANULES_SHIFT;
  if (((header >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK) !== KIND_FREE) return false;
  if (granules === 0 ? size <= HEADER.BIN_COUNT : size !== granules) return false;
  return address + size * GRANULE <= context.i32[HEADER.TOP];
}

/** Moves the frontier up, within the memory limit, into a larger region if need be. */
function raiseTop(context: Context, top: number): boolean {
  context.isRefusedAbove = false;
  if (top * 4 > context.memoryLimitBytes) {
    context.failure = MEMORY;
    return false;
  }
  if (top > context.grantedWords && !context.memoryKeeper!.requestMemory(top)) {
    context.isRefusedAbove = true;
    context.failure = MEMORY;
    return false;
  }
  if (top > context.i32.length) context.growRegion(top);
  context.i32[HEADER.TOP] = top;
  if (top > context.peakWords) context.peakWords = top;
  return true;
}

function refuse(context: Context): number {
  context.isRefusedAbove = false;
  return fail(context, MEMORY);
}

function fail(context: Context, failure: number): number {
  context.failure = failure;
  if (failure === TRAP) context.trap = Trap.HEAP_CORRUPT;
  return 0;
}
