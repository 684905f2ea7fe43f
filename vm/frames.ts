// The two stacks of a thread, frame records and registers: making them, growing them by copying, pushing the first
// frames. Calls inside the loops push their frames themselves; they come here when a stack is full.
import { allocate, release } from './allocator';
import type { Context } from './context';
import { Trap } from './errors';
import {
  FRAME_BASE,
  FRAME_CLOSURE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FRAME_TOP,
  KIND_FRAMES,
  KIND_REGISTERS,
  KIND_THREAD,
  RESULT_VALUES,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_OPEN_UPVALUES,
  THREAD_SIZE,
  THREAD_STACK,
  THREAD_STACK_END,
  THREAD_STACK_HIGH,
  THREAD_STATUS,
  THREAD_SUSPENDED,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
} from './layout';
import { MAXIMUM_FRAMES, MAXIMUM_STACK_WORDS } from './limits';
import { FUNCTION_ROW_SHIFT, FUNCTION_START } from './program';
import { RELOAD, TRAP } from './signals';
import { MOST_WORDS_AT_ONCE, startFrames, startStack } from './stack-job';

/** A block's header word, and one to keep what follows aligned to 16 bytes. */
const BLOCK_HEADER_WORDS = 4;
const FIRST_FRAMES = 16;
const FIRST_STACK_WORDS = 192;

/** Makes a thread with a floor frame and empty stacks. Returns its word address or 0 (see allocate). */
export function newThread(
  context: Context,
  firstFrames: number = FIRST_FRAMES,
  firstWords: number = FIRST_STACK_WORDS,
): number {
  const thread = allocate(context, THREAD_SIZE, KIND_THREAD);
  if (thread === 0) return 0;
  context.i32.fill(0, thread + 1, thread + THREAD_SIZE);
  const frames = allocate(context, BLOCK_HEADER_WORDS + firstFrames * FRAME_SIZE, KIND_FRAMES);
  if (frames === 0) return 0;
  setFramesBlock(context, thread, frames, firstFrames * FRAME_SIZE);
  const stack = allocate(context, BLOCK_HEADER_WORDS + firstWords, KIND_REGISTERS);
  if (stack === 0) return 0;
  const i32 = context.i32;
  setStackBlock(context, thread, stack, firstWords);
  i32.fill(0, stack + 1, stack + BLOCK_HEADER_WORDS + firstWords);
  i32[thread + THREAD_STATUS] = THREAD_SUSPENDED;
  const floor = frames + BLOCK_HEADER_WORDS;
  i32.fill(0, floor, floor + FRAME_SIZE);
  i32[floor + FRAME_FUNCTION] = -1;
  i32[thread + THREAD_FRAME] = floor;
  i32[thread + THREAD_STACK_HIGH] = i32[thread + THREAD_STACK];
  return thread;
}

/** The block of a thread's frames or registers, from the word address of its first item. */
export function blockOf(items: number): number {
  return items - BLOCK_HEADER_WORDS;
}

function setFramesBlock(context: Context, thread: number, block: number, words: number): void {
  context.i32[thread + THREAD_FRAMES] = block + BLOCK_HEADER_WORDS;
  context.i32[thread + THREAD_FRAMES_END] = block + BLOCK_HEADER_WORDS + words;
}

function setStackBlock(context: Context, thread: number, block: number, words: number): void {
  context.i32[thread + THREAD_STACK] = block + BLOCK_HEADER_WORDS;
  context.i32[thread + THREAD_STACK_END] = block + BLOCK_HEADER_WORDS + words;
}

/**
 * Makes room for one more frame record in the current thread. RELOAD; TRAP with `trap` STACK_OVERFLOW at
 * MAXIMUM_FRAMES; or MEMORY, perhaps only since a job was begun (stack-job.ts), after which there will be room. Charged by
 * what is copied. `context.frame` is moved along.
 */
export function growFrames(context: Context): number {
  const old = context.i32[context.thread + THREAD_FRAMES];
  const words = context.framesEnd - old;
  if (words >= MAXIMUM_FRAMES * FRAME_SIZE) return overflow(context);
  if (words * 2 > MOST_WORDS_AT_ONCE) return startFrames(context, words * 2);
  context.fuel = (context.fuel - (words >>> 4)) | 0;
  const block = allocate(context, BLOCK_HEADER_WORDS + words * 2, KIND_FRAMES);
  if (block === 0) return context.failure;
  context.i32.copyWithin(block + BLOCK_HEADER_WORDS, old, old + words);
  setFramesBlock(context, context.thread, block, words * 2);
  context.frame += block + BLOCK_HEADER_WORDS - old;
  context.framesEnd = block + BLOCK_HEADER_WORDS + words * 2;
  context.save();
  release(context, blockOf(old));
  return RELOAD;
}

/**
 * Makes the current thread's register stack at least `words` words long. RELOAD; TRAP with `trap` STACK_OVERFLOW
 * beyond MAXIMUM_STACK_WORDS; or MEMORY, perhaps only since a job was begun, as growFrames. Bases are distances, so only the open upvalues need fixing.
 */
export function growStack(context: Context, words: number): number {
  if (words > MAXIMUM_STACK_WORDS) return overflow(context);
  const old = context.stack;
  const oldWords = context.stackEnd - old;
  let size = oldWords * 2;
  while (size < words) size *= 2;
  if (size > MOST_WORDS_AT_ONCE) return startStack(context, size);
  context.fuel = (context.fuel - (size >>> 4)) | 0;
  const block = allocate(context, BLOCK_HEADER_WORDS + size, KIND_REGISTERS);
  if (block === 0) return context.failure;
  const i32 = context.i32;
  const stack = block + BLOCK_HEADER_WORDS;
  i32.copyWithin(stack, old, old + oldWords);
  i32.fill(0, stack + oldWords, stack + size);
  setStackBlock(context, context.thread, block, size);
  i32[context.thread + THREAD_STACK_HIGH] += stack - old;
  moveOpenUpvalues(context, stack - old);
  context.stack = stack;
  context.stackEnd = stack + size;
  release(context, blockOf(old));
  return RELOAD;
}

/** Open upvalues point into the stack: they move with it. Each step is charged, so a cyclic list cannot hang. */
function moveOpenUpvalues(context: Context, distance: number): void {
  const { i32, mask } = context;
  let steps = 0;
  for (
    let upvalue = i32[context.thread + THREAD_OPEN_UPVALUES];
    upvalue !== 0 && steps < i32.length;
    upvalue = i32[(upvalue + UPVALUE_NEXT) & mask]
  ) {
    i32[(upvalue + UPVALUE_POINTER) & mask] += distance;
    steps++;
  }
  context.fuel = (context.fuel - steps) | 0;
}

function overflow(context: Context): number {
  context.trap = Trap.STACK_OVERFLOW;
  return TRAP;
}

/** Pushes a frame of `functionIndex` with register 0 at word `base` of the stack. The stacks must have room. */
export function pushFrame(context: Context, functionIndex: number, base: number, closure: number, extra: number): void {
  const i32 = context.i32;
  const frame = context.frame + FRAME_SIZE;
  i32[frame + FRAME_FUNCTION] = functionIndex;
  i32[frame + FRAME_PC] = context.program.functions[(functionIndex << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  i32[frame + FRAME_BASE] = base;
  i32[frame + FRAME_CLOSURE] = closure;
  i32[frame + FRAME_RESULT] = RESULT_VALUES;
  i32[frame + FRAME_EXTRA] = extra;
  i32[frame + FRAME_TOP] = 0;
  i32[frame + FRAME_STATE] = 0;
  context.frame = frame;
  context.save();
}
