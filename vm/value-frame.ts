// The current frame as the slow paths of the value family see it: registers, the instruction that is being run, room
// above it, and what an instruction answers when it must be run again.
//
// When a slow path begins, FRAME_PC is the word behind the instruction's first. While FRAME_STATE is not 0 the frame
// stands in the middle of the instruction at FRAME_PC itself, which will be run again to go on.
import type { Context } from './context';
import { EXTRA } from './encoding';
import { Trap } from './errors';
import { growFrames, growStack } from './frames';
import {
  FRAME_BASE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FRAME_TOP,
  HEADER,
  RESULT_CLOSING,
  RESULT_HANDLER,
  RESULT_KIND_MASK,
  THREAD_FRAMES,
} from './layout';
import { HANDLER_FRAMES, MAXIMUM_FRAMES, MAXIMUM_STACK_WORDS } from './limits';
import { FLAG_VARARG, FUNCTION_CONSTANTS, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, FUNCTION_WORDS } from './program';
import { COLLECT, FUEL, MEMORY, NEXT, RELOAD, TRAP } from './signals';

/** FRAME_STATE of an instruction that has called something and will go on. */
export const STATE_AGAIN = 1;

/** Word address of R[0]. */
export function baseOf(context: Context): number {
  return context.stack + context.i32[context.frame + FRAME_BASE];
}

/** Word addresses of R[a], R[b], R[c]. */
export function registerA(context: Context, ins: number): number {
  return baseOf(context) + ((ins >>> 6) & 0x3fc);
}

export function registerB(context: Context, ins: number): number {
  return baseOf(context) + ((ins >>> 14) & 0x3fc);
}

export function registerC(context: Context, ins: number): number {
  return baseOf(context) + ((ins >>> 22) & 0x3fc);
}

/** Index of K[0] of the current function in the program's constants. */
export function poolOf(context: Context): number {
  return context.program.functions[rowOf(context) + FUNCTION_CONSTANTS];
}

/** The row of the current function in the program's functions. */
export function rowOf(context: Context): number {
  return context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
}

/** Word address of the first slot above everything that the current frame, a value function's, holds. */
export function freeSlots(context: Context): number {
  const i32 = context.i32;
  const end = i32[context.frame + FRAME_BASE] + context.program.functions[rowOf(context) + FUNCTION_WORDS];
  const top = i32[context.frame + FRAME_TOP];
  const used = top > end && top <= context.stackEnd - context.stack ? top & ~3 : end;
  return context.stack + used;
}

/** Number of extra (variable) arguments of the function that `frame` runs, as its record has it: any number. */
export function extraArguments(context: Context, frame: number): number {
  const { i32, program } = context;
  const index = i32[frame + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) return 0;
  // Calls of functions that take none do not write the word.
  const flags = program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS];
  return (flags & FLAG_VARARG) !== 0 ? i32[frame + FRAME_EXTRA] : 0;
}

/** Index in the code of the instruction that `frame` is running, its first word. */
export function instructionOf(context: Context, frame: number): number {
  const i32 = context.i32;
  const pc = i32[frame + FRAME_PC];
  if (i32[frame + FRAME_STATE] !== 0) return pc;
  return (context.program.code[pc - 1] & 255) === EXTRA ? pc - 2 : pc - 1;
}

/** The instruction at `at` has not been run: it will be again, after what `signal` asks for. */
export function runAgain(context: Context, at: number, signal: number): number {
  context.i32[context.frame + FRAME_PC] = at;
  return signal;
}

/** An allocation of the instruction behind whose first word FRAME_PC is has failed, before anything was changed. */
export function allocationFailed(context: Context): number {
  return runAgain(context, context.i32[context.frame + FRAME_PC] - 1, context.failure);
}

/**
 * The instruction behind whose first word FRAME_PC is stops in the middle for fuel: the same instruction goes on later.
 * It was charged when it began and is not charged again. The caller has done some work since, or it would never end.
 */
export function stopInside(context: Context): number {
  context.fuel = (context.fuel + 1) | 0;
  return runAgain(context, context.i32[context.frame + FRAME_PC] - 1, FUEL);
}

/** After an instruction that has allocated: whether a collection is due. */
export function collectIfDue(context: Context): number {
  return context.i32[HEADER.DEBT] > context.i32[HEADER.THRESHOLD] ? COLLECT : NEXT;
}

/** After a change of frame. */
export function goOn(context: Context): number {
  return context.fuel <= 0 ? FUEL : RELOAD;
}

/** The end of the registers that calls may use; what may lie behind it is kept for the handlers of an overflow. */
export function stackLimit(context: Context): number {
  return Math.min(context.stackEnd, context.stack + MAXIMUM_STACK_WORDS);
}

/** The same for frame records. */
export function framesLimit(context: Context): number {
  return Math.min(context.framesEnd, context.i32[context.thread + THREAD_FRAMES] + MAXIMUM_FRAMES * FRAME_SIZE);
}

/** `makeRoom`: the thread's stack is as large as it may be. Not a signal. */
export const OVERFLOW = -1;

/**
 * Makes room for registers up to `words` (a distance from `context.stack`) and for one more frame; `isHandler`: for a
 * message handler. NEXT, OVERFLOW, or MEMORY or TRAP. The stacks may move: addresses in them must be computed anew.
 */
export function makeRoom(context: Context, words: number, isHandler = false): number {
  if (needsReserve(context, words) && !isHandler && !isInHandler(context)) return OVERFLOW;
  if (words > context.stackEnd - context.stack) {
    const signal = growStack(context, words);
    if (signal !== RELOAD) return refusal(context, signal);
  }
  if (context.frame + 2 * FRAME_SIZE > context.framesEnd) {
    const signal = growFrames(context);
    if (signal !== RELOAD) return refusal(context, signal);
  }
  return NEXT;
}

function needsReserve(context: Context, words: number): boolean {
  const frames = context.frame + 2 * FRAME_SIZE - context.i32[context.thread + THREAD_FRAMES];
  return words > MAXIMUM_STACK_WORDS || frames > MAXIMUM_FRAMES * FRAME_SIZE;
}

/** Whether a FRAME_RESULT is that of a message handler, or of a `__close` handler that an error calls. */
export function isHandlerResult(result: number): boolean {
  const kind = result & RESULT_KIND_MASK;
  return kind === RESULT_HANDLER || kind === RESULT_CLOSING;
}

/** Whether a handler runs not far below. */
function isInHandler(context: Context): boolean {
  const floor = context.i32[context.thread + THREAD_FRAMES];
  for (let frame = context.frame, step = 0; frame > floor && step < HANDLER_FRAMES; frame -= FRAME_SIZE, step++) {
    if (isHandlerResult(context.i32[frame + FRAME_RESULT])) return true;
  }
  return false;
}

function refusal(context: Context, signal: number): number {
  return signal === TRAP && context.trap === Trap.STACK_OVERFLOW ? OVERFLOW : signal;
}

/** MEMORY and TRAP as the answer of the instruction at `at`, which has changed nothing yet. */
export function refuse(context: Context, at: number, signal: number): number {
  return signal === MEMORY ? runAgain(context, at, MEMORY) : signal;
}

/** The heap's words contradict each other. */
export function corrupt(context: Context): number {
  context.trap = Trap.HEAP_CORRUPT;
  return TRAP;
}
