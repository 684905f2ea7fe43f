// The slow paths of the typed family's calls and returns: stacks that must grow, the end of a thread, corrupt records,
// and the other family (crossing.ts).
import type { Context } from './context';
import { callValueFromTyped, lastFrame, makeRoom, returnAcrossFamilies } from './crossing';
import { Trap } from './errors';
import { pushFrame } from './frames';
import {
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_SIZE,
  FRAME_TOP,
  THREAD_FRAMES,
  THREAD_STACK_HIGH,
} from './layout';
import {
  FLAG_VALUE,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_TABLE,
  FUNCTION_TABLE_SIZE,
  FUNCTION_WORDS,
} from './program';
import { DONE, NEXT, RELOAD, TRAP } from './signals';

/** Where the last frame record lies that the loop may push without asking. */
export function claimFrames(context: Context): number {
  return Math.min(context.framesEnd - FRAME_SIZE, lastFrame(context));
}

/** Doubles the part of the stack that typed code may use, to `end` at least and the stack's end at most. */
function raiseHigh(context: Context, end: number): void {
  const { i32, thread, stack, stackEnd } = context;
  const doubled = stack + 2 * (i32[thread + THREAD_STACK_HIGH] - stack);
  i32[thread + THREAD_STACK_HIGH] = Math.min(Math.max(doubled, end), stackEnd);
}

/** Calls function `index`, its R[0] at word `registers`; the calling instruction is `length` words long. */
export function call(context: Context, index: number, registers: number, length: number): number {
  const { functions } = context.program;
  const row = index << FUNCTION_ROW_SHIFT;
  if ((functions[row + FUNCTION_FLAGS] & FLAG_VALUE) !== 0) return callValue(context, index, registers, length);
  const base = registers - context.stack;
  const words = base + functions[row + FUNCTION_WORDS];
  const room = makeRoom(context, words);
  if (room !== NEXT) return room;
  raiseHigh(context, context.stack + words);
  const { i32, frame } = context;
  i32[frame + FRAME_PC] += length;
  pushFrame(context, index, base, 0, i32[frame + FRAME_EXTRA]);
  return RELOAD;
}

function callValue(context: Context, index: number, registers: number, length: number): number {
  context.i32[context.frame + FRAME_PC] += length;
  const signal = callValueFromTyped(context, index, registers);
  // Not called: the instruction stands where it was.
  if (signal !== RELOAD) context.i32[context.frame + FRAME_PC] -= length;
  return signal;
}

/** call_indirect, whose element the loop has checked already: the table and the signatures are no part of the heap. */
export function callIndirect(context: Context, registers: number, element: number): number {
  const { functions, table } = context.program;
  const row = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  if (element >>> 0 >= functions[row + FUNCTION_TABLE_SIZE]) return trap(context, Trap.UNDEFINED_ELEMENT);
  return call(context, table[functions[row + FUNCTION_TABLE] + element], registers, 2);
}

/** Returns `count` results, from word `first` on, of the current frame, whose R[0] is at word `base`. */
export function returnResults(context: Context, base: number, first: number, count: number): number {
  const { i32, program } = context;
  i32.copyWithin(base, first, first + count * 2);
  const caller = context.frame - FRAME_SIZE;
  if (caller <= i32[context.thread + THREAD_FRAMES]) return returnToFloor(context, base, count);
  const index = i32[caller + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) return trap(context, Trap.HEAP_CORRUPT);
  const flags = program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS];
  if ((flags & FLAG_VALUE) !== 0) return returnAcrossFamilies(context, base, count);
  context.frame = caller;
  return RELOAD;
}

/** The thread has ended: its results go to the bottom of its stack. */
function returnToFloor(context: Context, base: number, count: number): number {
  const { i32 } = context;
  i32.copyWithin(context.stack, base, base + count * 2);
  context.frame -= FRAME_SIZE;
  i32[context.frame + FRAME_TOP] = count * 2;
  context.save();
  return DONE;
}

function trap(context: Context, code: number): number {
  context.trap = code;
  return TRAP;
}
