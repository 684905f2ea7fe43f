// Growing the linear memory in steps: copying it to a larger block when something lies behind it, and making its new bytes
// zero. As a table's job (table-job.ts), of which these are phases: the state lies in header words, each step is charged
// before it is done, and the instruction is run again afterwards. It then finds HEADER.WINDOW_READY bytes prepared.
import { allocate, blockWords, extendInPlace, release } from './allocator';
import type { Context } from './context';
import { fillBytes } from './fill-bytes';
import { isBlock } from './heap-checks';
import { BLOCK_HEADER_WORDS, HEADER, KIND_WINDOW } from './layout';
import { FUEL, MEMORY, NEXT, TRAP } from './signals';

/** Phases of HEADER.JOB, beside those of tables. JOB_ARRAY: the new block. JOB_COUNT: words above it are zero already. */
export const JOB_WINDOW_MOVE = 9;
export const JOB_WINDOW_CLEAR = 10;

/** Bytes of a step, which costs 1 for 64: some microseconds. */
const STEP_BYTES = 16 * 1024;

/** Begins to make the window ready for `bytes` bytes. False, with `context.failure`, when memory is short; else a job began. */
export function startWindow(context: Context, bytes: number): boolean {
  const block = context.window - BLOCK_HEADER_WORDS;
  const words = BLOCK_HEADER_WORDS + Math.ceil(bytes / 4);
  const peak = context.peakWords;
  const stays = blockWords(context, block) >= words || extendInPlace(context, block, words);
  const target = stays ? block : allocate(context, words, KIND_WINDOW);
  if (target === 0) return false;
  const { i32 } = context;
  i32[HEADER.JOB] = stays ? JOB_WINDOW_CLEAR : JOB_WINDOW_MOVE;
  i32[HEADER.JOB_ARRAY] = target;
  i32[HEADER.JOB_SIZE] = bytes;
  i32[HEADER.JOB_COUNT] = peak;
  i32[HEADER.JOB_POSITION] = stays ? context.windowBytes : 0;
  context.failure = MEMORY;
  return true;
}

/** As workOnJob. */
export function workOnWindow(context: Context): number {
  const { i32 } = context;
  const bytes = i32[HEADER.JOB_SIZE];
  const target = i32[HEADER.JOB_ARRAY];
  if (
    bytes < context.windowBytes ||
    !isBlock(context, target, KIND_WINDOW, BLOCK_HEADER_WORDS + Math.ceil(bytes / 4))
  ) {
    return TRAP;
  }
  if (i32[HEADER.JOB_POSITION] < 0) return TRAP;
  if (i32[HEADER.JOB] === JOB_WINDOW_MOVE) {
    const signal = move(context, target);
    if (signal !== NEXT) return signal;
  }
  return target + BLOCK_HEADER_WORDS === context.window ? clear(context, bytes) : TRAP;
}

function move(context: Context, target: number): number {
  const { i32, u8, window, windowBytes } = context;
  const to = (target + BLOCK_HEADER_WORDS) * 4;
  for (;;) {
    const position = i32[HEADER.JOB_POSITION];
    if (position >= windowBytes) break;
    if (context.fuel <= 0) return FUEL;
    const size = Math.min(STEP_BYTES, windowBytes - position);
    context.fuel = (context.fuel - (size >>> 6)) | 0;
    u8.copyWithin(to + position, window * 4 + position, window * 4 + position + size);
    i32[HEADER.JOB_POSITION] = position + size;
  }
  i32.fill(0, target + 1, target + BLOCK_HEADER_WORDS);
  context.window = i32[HEADER.WINDOW] = target + BLOCK_HEADER_WORDS;
  i32[HEADER.JOB] = JOB_WINDOW_CLEAR;
  release(context, window - BLOCK_HEADER_WORDS);
  return NEXT;
}

function clear(context: Context, bytes: number): number {
  const { i32 } = context;
  const start = context.window * 4;
  const end = Math.min(start + bytes, Math.max(i32[HEADER.JOB_COUNT], 0) * 4);
  for (;;) {
    const position = i32[HEADER.JOB_POSITION];
    if (position >= bytes) break;
    if (context.fuel <= 0) return FUEL;
    const size = Math.min(STEP_BYTES, bytes - position);
    context.fuel = (context.fuel - (size >>> 6)) | 0;
    if (start + position < end) fillBytes(context, 0, start + position, Math.min(start + position + size, end));
    i32[HEADER.JOB_POSITION] = position + size;
  }
  i32[HEADER.WINDOW_READY] = bytes;
  i32[HEADER.JOB] = 0;
  return NEXT;
}
