// A context: one heap, one meter, and the few trusted copies of heap words that the loops work with. It knows how to
// load and check those copies; it does not execute (interpreter.ts) and does not decide who runs (scheduler.ts).
import { InternalError, Trap } from './errors';
import { growStack } from './frames';
import { freezeHeap, thawHeap } from './frozen-heap';
import {
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_SIZE,
  HEADER,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_THREAD,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_SIZE,
  THREAD_STACK,
  THREAD_STACK_END,
} from './layout';
import { MAXIMUM_BLOCK_GRANULES } from './limits';
import type { Loading } from './loading';
import type { Module } from './module';
import {
  type Chunk,
  FLAG_VALUE,
  FUNCTION_END,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  FUNCTION_WORDS,
  type Program,
} from './program';
import { LARGEST_POOLED_WORDS, Region, type RegionPool } from './regions';
import { FUEL, RELOAD } from './signals';

/** What a frozen context has: nothing can be read from it. */
const NO_REGION = new Region(new ArrayBuffer(0), 0, 0, false);
/** Default memory limit: 64 MiB. */
export const DEFAULT_MEMORY_BYTES = 64 << 20;
/** No heap is larger than 1 GiB. */
export const MAXIMUM_MEMORY_BYTES = 1 << 30;

/** Who knows whether a heap may grow, and what becomes of it when it may not. */
export interface MemoryKeeper {
  /** Whether the heap may have so many words. */
  requestMemory(words: number): boolean;
  /** Whether the guest waits for more memory, in place of being told that there is none. */
  stallsForMemory(): boolean;
}

/**
 * Everything the loops need, as fields of constant kind. Fields named after heap words are copies that `load` has
 * checked; `save` writes the moving one back. Word addresses throughout.
 */
export class Context {
  i32: Int32Array;
  u8: Uint8Array;
  f32: Float32Array;
  f64: Float64Array;
  /** Words of the region minus 1: `address & mask` is inside, whatever the address. */
  mask: number;
  /** What is left of the slice, in instructions; below zero after an overshoot. */
  fuel = 0;
  /** The current thread, its register and frame blocks, and its current frame record. */
  thread = 0;
  stack = 0;
  stackEnd = 0;
  frame = 0;
  framesEnd = 0;
  /** The linear memory: word address of its start, and its length in bytes. */
  window = 0;
  windowBytes = 0;
  /** Why an allocation answered 0: MEMORY or TRAP. */
  failure = FUEL;
  /** Trap code after the signal TRAP. */
  trap = 0;
  exitCode = 0;
  /** What the modules that it has loaded take outside the heap: that much less may lie in it. */
  loadedBytes = 0;
  /** Granules of the largest block that it may have. Read once for each allocation: tests refuse some by it. */
  mostGranules = MAXIMUM_BLOCK_GRANULES;
  /** Words of heap that need no leave of those above; and who gives it. */
  grantedWords = Number.POSITIVE_INFINITY;
  memoryKeeper: MemoryKeeper | null = null;
  /** Whether it was they, and not its own limit, who refused memory last. */
  isRefusedAbove = false;
  /** How often the guest was told that there is not enough memory. */
  memoryRefusals = 0;
  /** Whether what its entry leaves behind is gone on from: then nothing is at its end yet when that returns. */
  outlivesEntry = false;
  /** Whether text that it loads may be compiled elsewhere while it waits. */
  compilesElsewhere = false;
  /** The text that is to be compiled, after the signal COMPILE; and what came of one. Neither is state: it is asked for again. */
  wanted: Chunk | null = null;
  compiled: { readonly chunk: Chunk; readonly result: Module | string } | null = null;
  /** The module that the instruction at which it stands will load (loading.ts). Not state either. */
  loading: Loading | null = null;
  /** Collect at every allocation: a test configuration. */
  collectAlways = false;
  /** The highest frontier so far, in words: the peak of the quota, and what must be cleared before reuse. */
  peakWords = 0;
  private isDisposed = false;
  /** What is kept of the heap while it has no region. */
  private frozen: {
    readonly words: Int32Array;
    readonly top: number;
    readonly regionWords: number;
    readonly image: Int32Array;
  } | null = null;

  constructor(
    public program: Program,
    readonly pool: RegionPool,
    private limitBytes: number,
    public region: Region,
  ) {
    this.memoryLimitBytes = limitBytes;
    this.i32 = this.region.i32;
    this.u8 = this.region.u8;
    this.f32 = this.region.f32;
    this.f64 = this.region.f64;
    this.mask = this.region.words - 1;
  }

  /** Bytes that the heap may have. Set: those that it may have with all that the context has loaded. */
  get memoryLimitBytes(): number {
    return this.limitBytes - this.loadedBytes;
  }

  set memoryLimitBytes(bytes: number) {
    this.limitBytes = Math.min(bytes, MAXIMUM_MEMORY_BYTES);
  }

  /** Moves the heap into a region of at least `words` words. Charged by what is copied: 1 for 64 bytes. */
  growRegion(words: number): void {
    const used = Math.min(this.i32[HEADER.TOP] >>> 0, this.i32.length);
    this.fuel = (this.fuel - (used >>> 4)) | 0;
    const limitWords = Math.ceil(this.memoryLimitBytes / 4);
    const region = this.pool.take(words > LARGEST_POOLED_WORDS ? Math.max(words, limitWords) : words, used);
    region.i32.set(this.i32.subarray(0, used));
    this.moveTo(region);
  }

  /** The heap lies in another region now. */
  moveTo(region: Region): void {
    const old = this.region;
    this.adopt(region);
    this.pool.give(old, this.dirtyWords(old));
  }

  /**
   * Another thread has had the heap and has failed: nothing in it can be trusted any more. Nobody gets the region, since a thread
   * that is being ended may still write to it.
   */
  lose(): void {
    this.peakWords = this.region.words;
    this.adopt(NO_REGION);
  }

  private adopt(region: Region): void {
    this.region = region;
    this.i32 = region.i32;
    this.u8 = region.u8;
    this.f32 = region.f32;
    this.f64 = region.f64;
    this.mask = region.words - 1;
  }

  /** Gives the region back while nothing happens, and keeps what differs from the program's image. */
  freeze(): void {
    const top = this.i32[HEADER.TOP];
    if (this.frozen !== null || top < HEADER.SIZE || top > this.i32.length) return;
    const { image } = this.program;
    const { region } = this;
    // What is in a large one would be copied in one go, and be as much afterwards.
    if (region.words > LARGEST_POOLED_WORDS) return;
    this.frozen = { words: freezeHeap(this.i32, top, image), top, regionWords: region.words, image };
    this.adopt(NO_REGION);
    this.pool.give(region, this.dirtyWords(region));
  }

  /** Takes a region again. Nothing happens unless it is frozen. */
  thaw(): void {
    if (this.frozen === null) return;
    const { words, top, regionWords, image } = this.frozen;
    this.frozen = null;
    this.adopt(this.pool.take(regionWords, Math.min(top, image.length)));
    thawHeap(words, this.i32, top, image);
  }

  /**
   * Copies the thread's and the window's words out of the heap and checks them and the current frame. False, with
   * `trap` set, when they cannot be true.
   */
  load(): boolean {
    return this.loadThread() && this.checkFrame();
  }

  /** As `load`, but the thread may stand at its floor. */
  loadThread(): boolean {
    const i32 = this.i32;
    const top = i32[HEADER.TOP];
    const thread = i32[HEADER.THREAD];
    if (top < HEADER.SIZE || top > i32.length || (top & 3) !== 0) return this.refuse();
    if (thread < HEADER.SIZE || thread > top - THREAD_SIZE || (thread & 3) !== 0) return this.refuse();
    if (((i32[thread] >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK) !== KIND_THREAD) return this.refuse();
    this.thread = thread;
    this.stack = i32[thread + THREAD_STACK];
    this.stackEnd = i32[thread + THREAD_STACK_END];
    this.frame = i32[thread + THREAD_FRAME];
    this.framesEnd = i32[thread + THREAD_FRAMES_END];
    if (!isRange(this.stack, this.stackEnd, top) || !isRange(i32[thread + THREAD_FRAMES], this.framesEnd, top)) {
      return this.refuse();
    }
    return this.loadWindow(top) || this.refuse();
  }

  /** Writes the current frame back to its thread: before anything looks at the heap from outside the loop. */
  save(): void {
    this.i32[this.thread + THREAD_FRAME] = this.frame;
  }

  private loadWindow(top: number): boolean {
    this.window = this.i32[HEADER.WINDOW];
    this.windowBytes = this.i32[HEADER.WINDOW_BYTES];
    if (this.window === 0) return this.windowBytes === 0;
    return (
      isRange(this.window, this.window, top) && this.windowBytes >= 0 && this.windowBytes <= (top - this.window) * 4
    );
  }

  /** Checks what the current frame record says: a function that exists, a pc inside it, registers inside the stack. */
  checkFrame(): boolean {
    const i32 = this.i32;
    const frame = this.frame;
    const frames = i32[this.thread + THREAD_FRAMES];
    if (frame <= frames || frame > this.framesEnd - FRAME_SIZE || ((frame - frames) & (FRAME_SIZE - 1)) !== 0)
      return this.refuse();
    const program = this.program;
    const index = i32[frame + FRAME_FUNCTION];
    if (index >>> 0 >= program.functionCount) return this.refuse();
    const row = index << FUNCTION_ROW_SHIFT;
    const pc = i32[frame + FRAME_PC];
    if (pc < program.functions[row + FUNCTION_START] || pc >= program.functions[row + FUNCTION_END])
      return this.refuse();
    const base = i32[frame + FRAME_BASE];
    const alignment = (program.functions[row + FUNCTION_FLAGS] & FLAG_VALUE) !== 0 ? 3 : 1;
    if (base < 0 || (base & alignment) !== 0) return this.refuse();
    return this.stack + base + program.functions[row + FUNCTION_WORDS] <= this.stackEnd || this.refuse();
  }

  private refuse(): boolean {
    this.trap = Trap.HEAP_CORRUPT;
    return false;
  }

  /** Makes the register stack at least `words` long; false when that exceeds a limit, or has begun a job (table-job.ts). */
  reserveStack(words: number): boolean {
    return this.stackEnd - this.stack >= words || growStack(this, words) === RELOAD;
  }

  /** Words of a region that may have been written: of a heap that is corrupt all, since its pointers may lead anywhere. */
  private dirtyWords(region: Region): number {
    return this.trap === Trap.HEAP_CORRUPT ? region.words : Math.min(this.peakWords, region.words);
  }

  /** Gives the region back. The context is not used any more. */
  dispose(): void {
    if (this.isDisposed) throw new InternalError('a context was disposed of twice');
    this.isDisposed = true;
    if (this.frozen !== null) return;
    this.pool.give(this.region, this.dirtyWords(this.region));
  }
}

function isRange(start: number, end: number, top: number): boolean {
  return start >= HEADER.SIZE && (start & 3) === 0 && start <= end && end <= top;
}
