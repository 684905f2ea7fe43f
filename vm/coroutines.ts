// Coroutines: threads that resume each other. Switching is a change of `context.thread`: nothing nests on the host's
// stack. A thread that has resumed another one stands at the `return` behind the intrinsic that did it; a coroutine that
// has yielded stands at the one behind `yield`. What passes between them goes to the registers of that intrinsic.
//
// What cannot be done at once (a coroutine's error that a wrapped function raises, variables to be closed, too little
// memory) is left to the resumer's intrinsic: it is run again, with FRAME_STATE set.
import { release } from './allocator';
import type { Context } from './context';
import { copyValues, payForValues } from './copy-job';
import { clearTypedWords } from './crossing';
import { Trap } from './errors';
import { blockOf, growStack, newThread } from './frames';
import { retireHook } from './hook-state';
import {
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FRAME_TOP,
  HEADER,
  RESULT_CLOSING,
  RESULT_HANDLER,
  RESULT_HOOK,
  RESULT_KIND_MASK,
  RESUMED_PLAIN,
  RESUMED_TO_CLOSE,
  TAG_NIL,
  THREAD_DEAD,
  THREAD_DEPTH,
  THREAD_FLAGS,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_HAS_ERROR,
  THREAD_HAS_MEMORY_ERROR,
  THREAD_MODE,
  THREAD_NORMAL,
  THREAD_RESUMER,
  THREAD_RUNNING,
  THREAD_STACK,
  THREAD_STACK_END,
  THREAD_STACK_HIGH,
  THREAD_STATUS,
  THREAD_SUSPENDED,
  THREAD_TO_BE_CLOSED,
  VALUE_AUX,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_RESUMES, MAXIMUM_STACK_WORDS } from './limits';
import { METAMETHOD_CLOSE, metamethodOf } from './metatables';
import { ValueOp } from './opcode-numbers';
import { FLAG_BARRIER, FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, FUNCTION_WORDS } from './program';
import { MEMORY, NEXT, RELOAD, THROW, TRAP } from './signals';
import { hasJob } from './table-job';
import { closeUpvalues } from './upvalues';
import { copyArguments, enterCall, resultTo } from './value-calls';
import { isMemoryError, raiseCloseError, raiseText } from './value-errors';
import { baseOf, corrupt, freeSlots, makeRoom, OVERFLOW, runAgain } from './value-frame';
import { copyValue, writeBoolean, writeNil } from './values';

/** Stacks of a fresh coroutine: enough for a function that calls another one that yields. With the thread 600 bytes. */
const FIRST_FRAMES = 6;
const FIRST_STACK_WORDS = 80;
/** Instructions for a switch, and for making a coroutine. */
const SWITCH_COST = 4;
const CREATION_COST = 12;

/** FRAME_STATE of an intrinsic that goes on with a coroutine that it has resumed. */
const STATE_RESUMED = 1;

export function isCoroutine(context: Context): boolean {
  return context.thread !== context.i32[HEADER.MAIN_THREAD];
}

/** THREAD_... of the thread at that address. */
export function statusOf(context: Context, thread: number): number {
  return context.i32[(thread + THREAD_STATUS) & context.mask];
}

/** Makes a suspended coroutine of the closure in the slot `body`. Its word address, or 0 (see allocate). */
export function newCoroutine(context: Context, body: number): number {
  context.fuel = (context.fuel - CREATION_COST) | 0;
  const thread = newThread(context, FIRST_FRAMES, FIRST_STACK_WORDS);
  if (thread !== 0) copyValue(context, context.i32[thread + THREAD_STACK], body);
  return thread;
}

/** Makes `thread` the current one. False after TRAP. */
function switchTo(context: Context, thread: number): boolean {
  context.fuel = (context.fuel - SWITCH_COST) | 0;
  context.save();
  context.i32[HEADER.THREAD] = thread;
  return context.loadThread();
}

/** The current thread cannot do what it was switched to for: the other one goes on, with this signal. */
function switchBack(context: Context, thread: number, signal: number): number {
  return switchTo(context, thread) ? signal : TRAP;
}

/**
 * Resumes the coroutine `thread` with `count` values from the word address `first` on. The current frame stands behind
 * the intrinsic that will get what comes back. RELOAD; MEMORY; TRAP; THROW when that many values are too many or resumes
 * nest too deep: the text is in HEADER.ERROR, and nothing was done.
 */
export function resumeCoroutine(context: Context, thread: number, first: number, count: number, mode: number): number {
  const { i32 } = context;
  const resumer = context.thread;
  const depth = i32[resumer + THREAD_DEPTH] + 1;
  if (depth > MAXIMUM_RESUMES) return raiseText(context, 'C stack overflow');
  payForValues(context, count);
  if (!switchTo(context, thread)) return TRAP;
  const isFresh = context.frame === i32[thread + THREAD_FRAMES];
  const signal = isFresh ? begin(context, first, count) : receive(context, first, count, 0);
  if (signal !== NEXT && signal !== RELOAD) {
    const answer = switchBack(context, resumer, signal === OVERFLOW ? THROW : signal);
    return answer === THROW && signal === OVERFLOW ? raiseText(context, 'too many arguments to resume') : answer;
  }
  enter(context, thread, resumer, mode, depth);
  return RELOAD;
}

function enter(context: Context, thread: number, resumer: number, mode: number, depth: number): void {
  const { i32 } = context;
  i32[resumer + THREAD_STATUS] = THREAD_NORMAL;
  i32[thread + THREAD_STATUS] = THREAD_RUNNING;
  i32[thread + THREAD_RESUMER] = resumer;
  i32[thread + THREAD_MODE] = mode;
  i32[thread + THREAD_DEPTH] = depth;
}

/** Calls the coroutine's function, which lies in its first slot. RELOAD, OVERFLOW, MEMORY or TRAP. */
function begin(context: Context, first: number, count: number): number {
  const room = makeRoom(context, (count + 1) * VALUE_SIZE);
  if (room !== NEXT) return room;
  const callee = context.stack;
  const args = callee + VALUE_SIZE;
  copyArguments(context, args, first, count);
  const signal = enterCall(context, 0, callee, args, count, resultTo(0, 0));
  if (signal === THROW) return OVERFLOW;
  return signal === MEMORY || signal === TRAP ? signal : RELOAD;
}

/**
 * Puts `count` values into the registers of the intrinsic behind which the current frame, a value function's, stands, and
 * FRAME_TOP behind them, for the `return` that follows; the first `lead` registers are left free. NEXT, OVERFLOW, MEMORY
 * or TRAP.
 */
function receive(context: Context, first: number, count: number, lead: number): number {
  if (!context.checkFrame()) return TRAP;
  const { program } = context;
  const row = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const ins = program.code[context.i32[context.frame + FRAME_PC] - 1];
  if ((program.functions[row + FUNCTION_FLAGS] & FLAG_VALUE) === 0 || (ins & 255) !== ValueOp.INTRINSIC) {
    return corrupt(context);
  }
  const target = context.i32[context.frame + FRAME_BASE] + ((ins >>> 6) & 0x3fc);
  const end = target + (lead + count) * VALUE_SIZE;
  if (context.stack + end > context.stackEnd) {
    if (end > MAXIMUM_STACK_WORDS) return OVERFLOW;
    const signal = growStack(context, end);
    if (signal !== RELOAD) return signal === TRAP && context.trap === Trap.STACK_OVERFLOW ? OVERFLOW : signal;
  }
  const { i32 } = context;
  const start = context.stack + target + lead * VALUE_SIZE;
  copyValues(context, start, first, count);
  i32[context.frame + FRAME_TOP] = end;
  i32[context.frame + FRAME_STATE] = 0;
  return NEXT;
}

/** Ends the current frame's intrinsic with `count` values from `first` on. As `receive`, with RELOAD for NEXT. */
export function receiveHere(context: Context, first: number, count: number): number {
  const signal = receive(context, first, count, 0);
  return signal === NEXT ? RELOAD : signal;
}

/** Whether the current thread can yield; if not, whether it is the main thread (false) or a C boundary that forbids it. */
export function canYield(context: Context): boolean | null {
  return isCoroutine(context) ? (isFreeToYield(context) ? true : null) : false;
}

/** Whether no frame of the current thread is one that a yield cannot cross. Charged 1 for 8 frames. */
function isFreeToYield(context: Context): boolean {
  const { i32, thread, frame } = context;
  const { functions, functionCount } = context.program;
  const floor = i32[thread + THREAD_FRAMES];
  context.fuel = (context.fuel - ((frame - floor) >>> 6)) | 0;
  return areFreeToYield(i32, frame, floor, functions, functionCount);
}

/**
 * The same for the frames from `top` down to `floor`. There may be a hundred thousand, so it is trained (training-run.ts): of arrays and
 * numbers alone, since the host's compiler drops code that refers to what nobody else has any more.
 */
export function areFreeToYield(
  i32: Int32Array,
  top: number,
  floor: number,
  functions: Int32Array,
  functionCount: number,
): boolean {
  for (let frame = top; frame > floor; frame -= FRAME_SIZE) {
    const index = i32[frame + FRAME_FUNCTION];
    if (index >>> 0 >= functionCount) return false;
    const flags = functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS];
    if ((flags & (FLAG_VALUE | FLAG_BARRIER)) !== FLAG_VALUE) return false;
    const kind = i32[frame + FRAME_RESULT] & RESULT_KIND_MASK;
    if (kind === RESULT_CLOSING || kind === RESULT_HANDLER || kind === RESULT_HOOK) return false;
  }
  return true;
}

/**
 * Suspends the current coroutine and gives `count` values from `first` on to its resumer. RELOAD; MEMORY or THROW as the
 * answer of the instruction that yields; TRAP.
 */
export function yieldCoroutine(context: Context, first: number, count: number): number {
  const { thread } = context;
  const signal = giveToResumer(context, first, count);
  if (signal === RELOAD) context.i32[thread + THREAD_STATUS] = THREAD_SUSPENDED;
  return signal;
}

/** Gives values to the resumer of the current coroutine and goes on there. RELOAD, MEMORY, THROW or TRAP. */
function giveToResumer(context: Context, first: number, count: number): number {
  const { thread } = context;
  const lead = context.i32[thread + THREAD_MODE] === RESUMED_PLAIN ? 1 : 0;
  payForValues(context, count);
  const resumer = leave(context);
  if (resumer === 0) return TRAP;
  const signal = receive(context, first, count, lead);
  if (signal !== NEXT) {
    const answer = switchBack(context, thread, signal === OVERFLOW ? THROW : signal);
    if (answer !== TRAP) enter(context, thread, resumer, context.i32[thread + THREAD_MODE], depthOf(context, thread));
    return answer === THROW ? raiseText(context, 'too many results to resume') : answer;
  }
  if (lead === 1) {
    const ins = context.program.code[context.i32[context.frame + FRAME_PC] - 1];
    writeBoolean(context, baseOf(context) + ((ins >>> 6) & 0x3fc), true);
  }
  return RELOAD;
}

function depthOf(context: Context, thread: number): number {
  return context.i32[thread + THREAD_DEPTH];
}

/** Switches from the current coroutine to its resumer; the resumer's address, or 0 after TRAP. */
function leave(context: Context): number {
  const { thread, i32 } = context;
  const resumer = i32[thread + THREAD_RESUMER];
  if (!switchTo(context, resumer) || !context.checkFrame()) return 0;
  i32[thread + THREAD_RESUMER] = 0;
  i32[resumer + THREAD_STATUS] = THREAD_RUNNING;
  return resumer;
}

/** The coroutine's function has returned: it is dead, its stacks are given back. RELOAD, MEMORY, THROW or TRAP. */
export function finishCoroutine(context: Context, first: number, count: number): number {
  const { thread } = context;
  const signal = giveToResumer(context, first, count);
  if (signal === RELOAD) forgetCoroutine(context, thread);
  return signal === MEMORY ? runAgain(context, context.i32[context.frame + FRAME_PC] - 1, MEMORY) : signal;
}

/** The coroutine is dead and its stacks are given back. Its upvalues are closed and no variable is left to be closed. */
export function forgetCoroutine(context: Context, thread: number): void {
  const { i32 } = context;
  i32[thread + THREAD_STATUS] = THREAD_DEAD;
  i32[thread + THREAD_FLAGS] = 0;
  if (i32[thread + THREAD_FRAMES] === 0) return;
  retireHook(context, thread);
  const frames = blockOf(i32[thread + THREAD_FRAMES]);
  const stack = blockOf(i32[thread + THREAD_STACK]);
  i32[thread + THREAD_FRAMES] = 0;
  i32[thread + THREAD_FRAMES_END] = 0;
  i32[thread + THREAD_STACK] = 0;
  i32[thread + THREAD_STACK_END] = 0;
  i32[thread + THREAD_STACK_HIGH] = 0;
  i32[thread + THREAD_FRAME] = 0;
  // Values that are still to be copied lie there: the collector will find it.
  if (hasJob(context)) return;
  release(context, stack);
  release(context, frames);
}

// --- errors and closing ---

/**
 * The error in HEADER.ERROR, which nothing in the current coroutine catches, ends it. The frames stay as they are. Its
 * resumer's intrinsic is run again, to make of it what it likes. RELOAD or TRAP.
 */
export function failCoroutine(context: Context): number {
  keepError(context);
  context.i32[context.thread + THREAD_STATUS] = THREAD_DEAD;
  return goOnInResumer(context);
}

/** Moves the error that is being raised to the current thread's first slot. */
export function keepError(context: Context): void {
  const { i32, thread } = context;
  copyValue(context, context.stack, HEADER.ERROR);
  i32[context.stack + VALUE_AUX] = 0;
  i32[thread + THREAD_FLAGS] = isMemoryError(context) ? THREAD_HAS_ERROR | THREAD_HAS_MEMORY_ERROR : THREAD_HAS_ERROR;
  i32[HEADER.ERROR + VALUE_TAG] = TAG_NIL;
  i32[HEADER.ERROR + VALUE_AUX] = 0;
}

/** A `__close` handler of a coroutine that is being closed has returned. */
export function finishClosing(context: Context): number {
  context.i32[context.thread + THREAD_STATUS] = THREAD_DEAD;
  return goOnInResumer(context);
}

function goOnInResumer(context: Context): number {
  if (leave(context) === 0) return TRAP;
  const { i32, frame } = context;
  i32[frame + FRAME_PC]--;
  i32[frame + FRAME_STATE] = STATE_RESUMED;
  return context.checkFrame() ? RELOAD : TRAP;
}

/**
 * Calls the next `__close` handler of the coroutine `thread`, which is not active: the current frame's intrinsic is run
 * again when it has returned. NEXT when there is none left: the coroutine's upvalues are closed then. RELOAD, MEMORY,
 * TRAP; THROW when it cannot be called at all.
 */
export function advanceClosing(context: Context, thread: number): number {
  const { i32 } = context;
  const resumer = context.thread;
  if (i32[thread + THREAD_FRAMES] === 0) return NEXT;
  const depth = i32[resumer + THREAD_DEPTH] + 1;
  if (!switchTo(context, thread)) return TRAP;
  closeUpvalues(context, context.stack);
  while (context.i32[thread + THREAD_TO_BE_CLOSED] !== 0) {
    const signal = depth > MAXIMUM_RESUMES ? raiseText(context, 'C stack overflow') : callClose(context);
    if (signal === TRAP) return TRAP;
    if (signal === MEMORY || depth > MAXIMUM_RESUMES) return switchBack(context, resumer, signal);
    if (signal !== THROW) {
      enter(context, thread, resumer, RESUMED_TO_CLOSE, depth);
      return RELOAD;
    }
    // What cannot be called counts as a handler that has failed.
    keepError(context);
  }
  return switchBack(context, resumer, NEXT);
}

/** Drops the frames above the one that owns the last variable to be closed and calls its handler in its place. */
function callClose(context: Context): number {
  const { thread } = context;
  const distance = context.i32[thread + THREAD_TO_BE_CLOSED] - 1;
  if (!findOwner(context, distance)) return corrupt(context);
  const free = freeSlots(context) - context.stack;
  const room = makeRoom(context, free + 2 * VALUE_SIZE);
  // One that needs more than there can be is not called.
  if (room === OVERFLOW) return forgetVariable(context, distance);
  if (room !== NEXT) return room;
  const args = context.stack + free;
  clearTypedWords(context, args);
  const { i32 } = context;
  const variable = context.stack + distance;
  const next = i32[variable + VALUE_AUX];
  if (next > distance) return corrupt(context);
  copyValue(context, args, variable);
  if ((i32[thread + THREAD_FLAGS] & THREAD_HAS_ERROR) === 0) writeNil(context, args + VALUE_SIZE);
  else copyValue(context, args + VALUE_SIZE, context.stack);
  i32[args + VALUE_AUX] = 0;
  i32[args + VALUE_SIZE + VALUE_AUX] = 0;
  i32[thread + THREAD_TO_BE_CLOSED] = next;
  i32[variable + VALUE_AUX] = 0;
  const handler = metamethodOf(context, args, METAMETHOD_CLOSE);
  if (handler === 0) return raiseCloseError(context, args);
  const at = i32[context.frame + FRAME_PC];
  const signal = enterCall(context, at, handler, args, 2, resultTo(0, 1, RESULT_CLOSING));
  if (signal === MEMORY) {
    context.i32[context.stack + distance + VALUE_AUX] = next;
    context.i32[thread + THREAD_TO_BE_CLOSED] = distance + 1;
  }
  return signal;
}

function forgetVariable(context: Context, distance: number): number {
  const { i32, thread } = context;
  const next = i32[context.stack + distance + VALUE_AUX];
  if (next > distance) return corrupt(context);
  i32[thread + THREAD_TO_BE_CLOSED] = next;
  return raiseText(context, 'stack overflow');
}

/** Makes the frame current in whose registers the distance lies. Charged 1 for 8 frames. */
function findOwner(context: Context, distance: number): boolean {
  const { i32, thread } = context;
  const floor = i32[thread + THREAD_FRAMES];
  const { frame } = context;
  while (context.frame > floor && i32[context.frame + FRAME_BASE] > distance) context.frame -= FRAME_SIZE;
  context.fuel = (context.fuel - ((frame - context.frame) >>> 6)) | 0;
  if ((distance & 3) !== 0 || !context.checkFrame()) return false;
  const row = i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const { functions } = context.program;
  if ((functions[row + FUNCTION_FLAGS] & FLAG_VALUE) === 0) return false;
  i32[context.frame + FRAME_TOP] = 0;
  i32[context.frame + FRAME_STATE] = 0;
  return distance < i32[context.frame + FRAME_BASE] + functions[row + FUNCTION_WORDS];
}

/** Slot of the error that has ended the coroutine, or 0. */
export function coroutineError(context: Context, thread: number): number {
  const { i32 } = context;
  return (i32[thread + THREAD_FLAGS] & THREAD_HAS_ERROR) === 0 ? 0 : i32[thread + THREAD_STACK] & context.mask & -4;
}
