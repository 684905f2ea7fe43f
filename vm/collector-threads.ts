// The collector's scan of a thread. Below the end of the current frame all registers of value frames are scanned; those of
// typed frames hold bits of any kind and are skipped. Above it everything is set to nil, so that what a later frame finds
// in its fresh registers never refers to a freed object. HEADER.SCAN_FRAME is the frame record that the scan is at.
import { markOwned, markReference, markSlot, markUpvalue } from './collector-mark';
import { FAILED, FINISHED, fail, STOPPED, stop } from './collector-step';
import type { Context } from './context';
import { blockOf } from './frames';
import {
  FRAME_BASE,
  FRAME_CLOSURE,
  FRAME_FUNCTION,
  FRAME_SIZE,
  FRAME_TOP,
  HEADER,
  KIND_CLOSURE,
  KIND_FRAMES,
  KIND_REGISTERS,
  KIND_THREAD,
  THREAD_DEAD,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_HOOK,
  THREAD_OPEN_UPVALUES,
  THREAD_RESUMER,
  THREAD_STACK,
  THREAD_STACK_END,
  THREAD_STATUS,
  UPVALUE_NEXT,
  VALUE_SIZE,
} from './layout';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, FUNCTION_WORDS } from './program';
import { extraArguments } from './value-frame';

/** HEADER.SCAN_FRAME when all frames are done: then the open upvalues follow. */
const UPVALUES = -1;
/** What one instruction of fuel scans, and what it sets to nil. */
const SLOTS_PER_FUEL = 2;
const CLEARED_WORDS_PER_FUEL = 64;

/** Scans frames, clears what lies above them, marks the open upvalues. */
export function scanThread(context: Context, thread: number): number {
  const i32 = context.i32;
  // A coroutine that has returned has no stacks any more.
  if (i32[thread + THREAD_FRAMES] === 0 && i32[thread + THREAD_STATUS] === THREAD_DEAD) {
    return markReference(context, i32[thread + THREAD_HOOK], KIND_CLOSURE) ? FINISHED : FAILED;
  }
  if (!isSoundThread(context, thread)) return fail(context);
  if (i32[HEADER.SCAN_FRAME] === 0) {
    if (!markThreadParts(context, thread)) return FAILED;
    if (!enterFrame(context, thread, i32[thread + THREAD_FRAMES])) return FAILED;
  }
  if (i32[HEADER.SCAN_FRAME] !== UPVALUES) {
    const state = scanFrames(context, thread);
    if (state !== FINISHED) return state;
    const cleared = clearRest(context, thread);
    if (cleared !== FINISHED) return cleared;
    i32[HEADER.SCAN_FRAME] = UPVALUES;
    i32[HEADER.SCAN_POSITION] = i32[thread + THREAD_OPEN_UPVALUES];
  }
  return markOpenUpvalues(context);
}

/** Whether the thread's stacks are words of the region, and its current frame one of its records. */
function isSoundThread(context: Context, thread: number): boolean {
  const i32 = context.i32;
  const frames = i32[thread + THREAD_FRAMES];
  const current = i32[thread + THREAD_FRAME];
  const stack = i32[thread + THREAD_STACK];
  if (!isRange(frames, i32[thread + THREAD_FRAMES_END], i32.length)) return false;
  if (!isRange(stack, i32[thread + THREAD_STACK_END], i32.length)) return false;
  if (current < frames || current > i32[thread + THREAD_FRAMES_END] - FRAME_SIZE) return false;
  if (((current - frames) & (FRAME_SIZE - 1)) !== 0) return false;
  const at = i32[HEADER.SCAN_FRAME];
  return at === 0 || at === UPVALUES || (at >= frames && at <= current + FRAME_SIZE);
}

function isRange(start: number, end: number, limit: number): boolean {
  return start >= HEADER.SIZE && (start & 3) === 0 && start <= end && end <= limit;
}

function markThreadParts(context: Context, thread: number): boolean {
  const i32 = context.i32;
  return (
    markOwned(context, blockOf(i32[thread + THREAD_FRAMES]), KIND_FRAMES) &&
    markOwned(context, blockOf(i32[thread + THREAD_STACK]), KIND_REGISTERS) &&
    markReference(context, i32[thread + THREAD_RESUMER], KIND_THREAD) &&
    markReference(context, i32[thread + THREAD_HOOK], KIND_CLOSURE)
  );
}

/** Makes `frame` the one that is scanned: marks its closure, and begins at its first register or extra argument. */
function enterFrame(context: Context, thread: number, frame: number): boolean {
  const i32 = context.i32;
  context.fuel = (context.fuel - 1) | 0;
  i32[HEADER.SCAN_FRAME] = frame;
  i32[HEADER.SCAN_POSITION] = 0;
  if (frame === i32[thread + THREAD_FRAMES]) return true;
  const base = i32[frame + FRAME_BASE];
  if (!isInStack(context, thread, base) || functionFlags(context, frame) < 0) {
    fail(context);
    return false;
  }
  i32[HEADER.SCAN_POSITION] = base;
  if (!isValueFrame(context, frame)) return true;
  const extra = extraArguments(context, frame);
  if (extra < 0 || extra > base / VALUE_SIZE) {
    fail(context);
    return false;
  }
  i32[HEADER.SCAN_POSITION] = base - extra * VALUE_SIZE;
  return markReference(context, i32[frame + FRAME_CLOSURE], KIND_CLOSURE);
}

function isInStack(context: Context, thread: number, distance: number): boolean {
  return distance >= 0 && distance <= context.i32[thread + THREAD_STACK_END] - context.i32[thread + THREAD_STACK];
}

/** The frame's function's flags, -1 when there is no such function. */
function functionFlags(context: Context, frame: number): number {
  const index = context.i32[frame + FRAME_FUNCTION];
  if (index >>> 0 >= context.program.functionCount) return -1;
  return context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS];
}

function isValueFrame(context: Context, frame: number): boolean {
  return (functionFlags(context, frame) & FLAG_VALUE) !== 0;
}

/** Scans the frames' registers, from SCAN_FRAME's on, up to the current frame's. */
function scanFrames(context: Context, thread: number): number {
  const i32 = context.i32;
  const current = i32[thread + THREAD_FRAME];
  while (i32[HEADER.SCAN_FRAME] <= current) {
    if (context.fuel <= 0) return STOPPED;
    const frame = i32[HEADER.SCAN_FRAME];
    const end = frame === current ? currentEnd(context, thread) : i32[frame + FRAME_SIZE + FRAME_BASE];
    if (!isInStack(context, thread, end) || i32[HEADER.SCAN_POSITION] < 0) return fail(context);
    const isScanned = frame === i32[thread + THREAD_FRAMES] || isValueFrame(context, frame);
    const state = isScanned ? scanRegisters(context, i32[thread + THREAD_STACK], end) : FINISHED;
    if (state !== FINISHED) return state;
    if (frame === current) {
      i32[HEADER.SCAN_FRAME] = current + FRAME_SIZE;
      i32[HEADER.SCAN_POSITION] = end;
    } else if (!enterFrame(context, thread, frame + FRAME_SIZE)) return FAILED;
  }
  return FINISHED;
}

/** Word distance of the end of what the current frame uses. The floor keeps a closure in the first slot. */
function currentEnd(context: Context, thread: number): number {
  const i32 = context.i32;
  const frame = i32[thread + THREAD_FRAME];
  const top = i32[frame + FRAME_TOP];
  if (frame === i32[thread + THREAD_FRAMES]) return Math.max(VALUE_SIZE, top);
  const row = i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const end = i32[frame + FRAME_BASE] + context.program.functions[row + FUNCTION_WORDS];
  return isValueFrame(context, frame) ? Math.max(end, top) : end;
}

/** Scans the registers from SCAN_POSITION up to the word distance `end`, which lies inside the stack. */
function scanRegisters(context: Context, stack: number, end: number): number {
  let position = context.i32[HEADER.SCAN_POSITION];
  while (position < end) {
    if (context.fuel <= 0) return stop(context, position);
    context.fuel = (context.fuel - 1) | 0;
    const last = Math.min(position + SLOTS_PER_FUEL * VALUE_SIZE, end);
    for (; position < last; position += VALUE_SIZE) if (!markSlot(context, stack + position)) return FAILED;
  }
  context.i32[HEADER.SCAN_POSITION] = position;
  return FINISHED;
}

/** Sets the registers above the current frame to nil. */
function clearRest(context: Context, thread: number): number {
  const i32 = context.i32;
  const stack = i32[thread + THREAD_STACK];
  const words = i32[thread + THREAD_STACK_END] - stack;
  let position = i32[HEADER.SCAN_POSITION];
  if (position < 0) return fail(context);
  while (position < words) {
    if (context.fuel <= 0) return stop(context, position);
    context.fuel = (context.fuel - 1) | 0;
    const end = Math.min(position + CLEARED_WORDS_PER_FUEL, words);
    i32.fill(0, stack + position, stack + end);
    position = end;
  }
  return FINISHED;
}

/** Open upvalues stay while their thread does. SCAN_POSITION is the next of the list; a cyclic list uses up the fuel. */
function markOpenUpvalues(context: Context): number {
  const i32 = context.i32;
  let upvalue = i32[HEADER.SCAN_POSITION];
  while (upvalue !== 0) {
    if (context.fuel <= 0) return stop(context, upvalue);
    context.fuel = (context.fuel - 1) | 0;
    if (!markUpvalue(context, upvalue)) return FAILED;
    upvalue = i32[upvalue + UPVALUE_NEXT];
  }
  return FINISHED;
}
