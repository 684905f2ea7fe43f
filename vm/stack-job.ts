// Growing a thread's registers or frame records in steps: copying them to a larger block, making the new registers nil,
// moving the open upvalues along. As a table's job (table-job.ts), of which these are phases: the state lies in header
// words, each step is charged before it is done, and the instruction is run again afterwards, to find the room.
import { allocate, release } from './allocator';
import type { Context } from './context';
import { finishCopies } from './copy-job';
import { isBlock } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  HEADER,
  KIND_FRAMES,
  KIND_REGISTERS,
  KIND_THREAD,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_OPEN_UPVALUES,
  THREAD_SIZE,
  THREAD_STACK,
  THREAD_STACK_END,
  THREAD_STACK_HIGH,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
} from './layout';
import { FUEL, MEMORY, NEXT, TRAP } from './signals';

/** Phases of HEADER.JOB. JOB_TABLE: the thread. JOB_ARRAY, JOB_SIZE: the new block's first item, its words. */
export const JOB_STACK = 11;
/** JOB_POSITION is the next open upvalue. */
export const JOB_UPVALUES = 12;
export const JOB_FRAMES = 13;

/** Larger blocks than this are filled in steps. */
export const MOST_WORDS_AT_ONCE = 8192;
/** Words of a step, which costs 1 for 16: some microseconds. */
const STEP_WORDS = 4096;

/** Begins to give the current thread a register stack of `words` words. MEMORY; or TRAP. */
export function startStack(context: Context, words: number): number {
  return start(context, JOB_STACK, KIND_REGISTERS, words);
}

/** The same for frame records. */
export function startFrames(context: Context, words: number): number {
  return start(context, JOB_FRAMES, KIND_FRAMES, words);
}

function start(context: Context, phase: number, kind: number, words: number): number {
  finishCopies(context);
  const block = allocate(context, BLOCK_HEADER_WORDS + words, kind);
  if (block === 0) return context.failure;
  const { i32 } = context;
  i32[HEADER.JOB] = phase;
  i32[HEADER.JOB_TABLE] = context.thread;
  i32[HEADER.JOB_ARRAY] = block + BLOCK_HEADER_WORDS;
  i32[HEADER.JOB_SIZE] = words;
  i32[HEADER.JOB_POSITION] = 0;
  context.failure = MEMORY;
  return MEMORY;
}

/** As workOnJob. */
export function workOnStacks(context: Context): number {
  const { i32 } = context;
  const thread = i32[HEADER.JOB_TABLE];
  if (!isBlock(context, thread, KIND_THREAD, THREAD_SIZE)) return TRAP;
  switch (i32[HEADER.JOB]) {
    case JOB_STACK: {
      const signal = copy(context, i32[thread + THREAD_STACK], i32[thread + THREAD_STACK_END], KIND_REGISTERS);
      if (signal !== NEXT) return signal;
      i32[HEADER.JOB] = JOB_UPVALUES;
      i32[HEADER.JOB_POSITION] = i32[thread + THREAD_OPEN_UPVALUES];
      return moveUpvalues(context, thread);
    }
    case JOB_UPVALUES:
      return moveUpvalues(context, thread);
    case JOB_FRAMES: {
      const signal = copy(context, i32[thread + THREAD_FRAMES], i32[thread + THREAD_FRAMES_END], KIND_FRAMES);
      return signal === NEXT ? replaceFrames(context, thread) : signal;
    }
    default:
      return TRAP;
  }
}

/** Copies the words from `start` to `end` into the new block and makes the rest of it zero. NEXT, FUEL or TRAP. */
function copy(context: Context, start: number, end: number, kind: number): number {
  const { i32 } = context;
  const target = i32[HEADER.JOB_ARRAY];
  const words = i32[HEADER.JOB_SIZE];
  if (!isItems(context, start, end, kind) || !isItems(context, target, target + words, kind)) return TRAP;
  const old = end - start;
  if (words < old || i32[HEADER.JOB_POSITION] < 0) return TRAP;
  for (;;) {
    const position = i32[HEADER.JOB_POSITION];
    if (position >= words) return NEXT;
    if (context.fuel <= 0) return FUEL;
    const size = Math.min(STEP_WORDS, (position < old ? old : words) - position);
    context.fuel = (context.fuel - (size >>> 4)) | 0;
    if (position < old) i32.copyWithin(target + position, start + position, start + position + size);
    else i32.fill(0, target + position, target + position + size);
    i32[HEADER.JOB_POSITION] = position + size;
  }
}

function isItems(context: Context, start: number, end: number, kind: number): boolean {
  return end >= start && isBlock(context, start - BLOCK_HEADER_WORDS, kind, end - start + BLOCK_HEADER_WORDS);
}

/** Open upvalues point into the registers. 1 for each, so a cyclic list ends with the fuel. */
function moveUpvalues(context: Context, thread: number): number {
  const { i32, mask } = context;
  const start = i32[thread + THREAD_STACK];
  const target = i32[HEADER.JOB_ARRAY];
  const words = i32[HEADER.JOB_SIZE];
  if (!isItems(context, target, target + words, KIND_REGISTERS)) return TRAP;
  for (let upvalue = i32[HEADER.JOB_POSITION]; upvalue !== 0; upvalue = i32[(upvalue + UPVALUE_NEXT) & mask]) {
    if (context.fuel <= 0) {
      i32[HEADER.JOB_POSITION] = upvalue;
      return FUEL;
    }
    context.fuel = (context.fuel - 1) | 0;
    i32[(upvalue + UPVALUE_POINTER) & mask] += target - start;
  }
  i32[thread + THREAD_STACK] = target;
  i32[thread + THREAD_STACK_END] = target + words;
  i32[thread + THREAD_STACK_HIGH] += target - start;
  if (thread === context.thread) {
    context.stack = target;
    context.stackEnd = target + words;
  }
  i32[HEADER.JOB] = 0;
  release(context, start - BLOCK_HEADER_WORDS);
  return NEXT;
}

function replaceFrames(context: Context, thread: number): number {
  const { i32 } = context;
  const start = i32[thread + THREAD_FRAMES];
  const target = i32[HEADER.JOB_ARRAY];
  const words = i32[HEADER.JOB_SIZE];
  if (thread === context.thread) context.save();
  i32[thread + THREAD_FRAMES] = target;
  i32[thread + THREAD_FRAMES_END] = target + words;
  i32[thread + THREAD_FRAME] += target - start;
  if (thread === context.thread) {
    context.frame = i32[thread + THREAD_FRAME];
    context.framesEnd = target + words;
  }
  i32[HEADER.JOB] = 0;
  release(context, start - BLOCK_HEADER_WORDS);
  return NEXT;
}
