// Linear memory: its size, bulk copies and fills, and the memory stack. The window is one block (KIND_WINDOW) whose first
// byte lies BLOCK_HEADER_WORDS behind the block's start. It begins with the static data and follows the memory stack as
// that grows; the first memory.grow makes it cover the whole memory stack, and the malloc heap lies behind that.
import { blockWords } from './allocator';
import type { Context } from './context';
import { Trap } from './errors';
import { fillBytes } from './fill-bytes';
import { failCorrupt } from './heap-checks';
import { BLOCK_HEADER_WORDS, FRAME_EXTRA, HEADER, NULL_GUARD_BYTES } from './layout';
import { FUEL, MEMORY, NEXT, TRAP } from './signals';
import { startWindow } from './window-job';

/** Bytes that one instruction copies or fills, as a power of two. */
const CHUNK_SHIFT = 10;
/** Chunks that are done at once. */
const MOST_CHUNKS = 16;
/** The memory stack grows by no less. */
const STACK_STEP_BYTES = 1024;
const MAXIMUM_WINDOW_BYTES = 1 << 30;

/** The end of the linear memory, in bytes: the memory stack belongs to it in full. 0 without one. */
export function memorySize(context: Context): number {
  return Math.max(context.windowBytes, context.i32[HEADER.MEMORY_STACK_LIMIT]);
}

/** memory.grow: the old size to the register at word `register`, or -1 when the memory limit refuses for good. */
export function growMemory(context: Context, register: number, bytes: number): number {
  const old = memorySize(context);
  const isGranted = bytes === 0 || resizeWindow(context, old + bytes);
  if (!isGranted && (context.failure === TRAP || context.i32[HEADER.JOB] !== 0)) return context.failure;
  // Whoever would have it wait for more memory has the instruction run again; what never fits is refused all the same.
  if (!isGranted && old + bytes <= MAXIMUM_WINDOW_BYTES && context.memoryKeeper?.stallsForMemory()) return MEMORY;
  // The registers' block has not moved: only blocks that grow do.
  context.i32[register] = isGranted ? old : -1;
  return NEXT;
}

/**
 * Makes the window `bytes` long, new bytes zero. False, with `context.failure` set, when memory is short, or when a job
 * was begun, after which the same will succeed. Charged, by the job, 1 for 64 bytes that are new, and for 64 bytes that
 * must be copied since something lies behind the window.
 */
function resizeWindow(context: Context, bytes: number): boolean {
  if (context.window === 0 || bytes > MAXIMUM_WINDOW_BYTES) return refuseWindow(context);
  if (context.i32[HEADER.WINDOW_READY] < bytes) {
    startWindow(context, bytes);
    return false;
  }
  const block = context.window - BLOCK_HEADER_WORDS;
  if (blockWords(context, block) < BLOCK_HEADER_WORDS + Math.ceil(bytes / 4)) {
    return failCorrupt(context) !== 0;
  }
  context.windowBytes = context.i32[HEADER.WINDOW_BYTES] = bytes;
  return true;
}

function refuseWindow(context: Context): boolean {
  context.failure = MEMORY;
  return false;
}

/** stack.allocate: `bytes` (a multiple of 16) of the memory stack; their address goes to the register. */
export function allocateOnStack(context: Context, register: number, bytes: number): number {
  const start = context.i32[HEADER.MEMORY_STACK_START];
  const limit = context.i32[HEADER.MEMORY_STACK_LIMIT];
  const pointer = context.i32[context.frame + FRAME_EXTRA];
  if (pointer < start || pointer > limit) return trap(context, Trap.HEAP_CORRUPT);
  const end = pointer + bytes;
  if (end > limit) return trap(context, Trap.MEMORY_STACK_OVERFLOW);
  if (end > context.windowBytes) {
    const doubled = start + 2 * (context.windowBytes - start);
    const rounded = Math.ceil(end / STACK_STEP_BYTES) * STACK_STEP_BYTES;
    const generous = Math.min(Math.max(doubled, rounded), limit);
    if (!resizeWindow(context, generous) && (context.i32[HEADER.JOB] !== 0 || !resizeWindow(context, end))) {
      return context.failure;
    }
  }
  const { i32, frame } = context;
  i32[register] = pointer;
  i32[frame + FRAME_EXTRA] = end;
  return NEXT;
}

/** stack.set: the pointer must lie inside the memory stack. */
export function setStackPointer(context: Context, pointer: number): number {
  const { i32, frame } = context;
  if (pointer < i32[HEADER.MEMORY_STACK_START] || pointer > i32[HEADER.MEMORY_STACK_LIMIT]) {
    return trap(context, Trap.MEMORY_OUT_OF_BOUNDS);
  }
  i32[frame + FRAME_EXTRA] = pointer;
  return NEXT;
}

/**
 * memory.copy, chunk by chunk; the registers say what is left. The dispatch has paid for the first chunk. When the target
 * lies higher, from the end on, so that overlapping bytes are read before they are written.
 */
export function copyMemory(context: Context, toRegister: number, fromRegister: number, countRegister: number): number {
  const { i32, u8 } = context;
  const start = context.window * 4;
  for (;;) {
    const to = i32[toRegister];
    const from = i32[fromRegister];
    const count = i32[countRegister] >>> 0;
    if (!isInside(context, to, count) || !isInside(context, from, count)) {
      return trap(context, Trap.MEMORY_OUT_OF_BOUNDS);
    }
    const size = takeChunks(context, count);
    const offset = to > from ? count - size : 0;
    u8.copyWithin(start + to + offset, start + from + offset, start + from + offset + size);
    i32[countRegister] = count - size;
    if (count === size) return NEXT;
    if (offset === 0) {
      i32[toRegister] = to + size;
      i32[fromRegister] = from + size;
    }
    if (context.fuel <= 0) return FUEL;
    context.fuel = (context.fuel - 1) | 0;
  }
}

/** memory.fill, chunk by chunk, as copyMemory. */
export function fillMemory(context: Context, toRegister: number, byteRegister: number, countRegister: number): number {
  const { i32 } = context;
  const start = context.window * 4;
  for (;;) {
    const to = i32[toRegister];
    const count = i32[countRegister] >>> 0;
    if (!isInside(context, to, count)) return trap(context, Trap.MEMORY_OUT_OF_BOUNDS);
    const size = takeChunks(context, count);
    fillBytes(context, i32[byteRegister], start + to, start + to + size);
    i32[toRegister] = to + size;
    i32[countRegister] = count - size;
    if (count === size) return NEXT;
    if (context.fuel <= 0) return FUEL;
    context.fuel = (context.fuel - 1) | 0;
  }
}

/**
 * How many of `count` bytes to do at once. The first chunk is the instruction's own, or is paid for; each other one costs 1: as many
 * as there is fuel for, which leaves what single ones would.
 */
function takeChunks(context: Context, count: number): number {
  const others = Math.min(Math.max(context.fuel, 0), MOST_CHUNKS - 1, Math.max(count - 1, 0) >>> CHUNK_SHIFT);
  context.fuel = (context.fuel - others) | 0;
  return Math.min(count, (others + 1) << CHUNK_SHIFT);
}

/** Whether `count` bytes from `address` on lie in the window; none lie anywhere. */
function isInside(context: Context, address: number, count: number): boolean {
  return count === 0 || (address >>> 0 >= NULL_GUARD_BYTES && (address >>> 0) + count <= context.windowBytes);
}

function trap(context: Context, code: number): number {
  context.trap = code;
  return TRAP;
}
