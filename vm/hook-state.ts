// A thread's hook as its words have it: setting it, and what becomes of it when a hook returns or an error leaves it. When
// hooks are called is hooks.ts.
import type { Context } from './context';
import { ATTEND_HOOKS } from './finalisers';
import {
  FRAME_PC,
  HEADER,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_HOOK,
  THREAD_HOOK_COUNT,
  THREAD_HOOK_DEPTH,
  THREAD_HOOK_LEFT,
  THREAD_HOOK_MASK,
  THREAD_HOOK_PC,
  THREAD_HOOK_STATE,
} from './layout';
import { goOn } from './value-frame';

/** Events, as bits: of THREAD_HOOK_MASK, and of THREAD_HOOK_STATE while they are to be told. */
export const EVENT_CALL = 1;
export const EVENT_RETURN = 2;
export const EVENT_LINE = 4;
export const EVENT_COUNT = 8;
/** Of THREAD_HOOK_STATE: the call is one in a tail; the events of the next instruction are known; the hook runs. */
export const EVENT_TAIL_CALL = 16;
export const TELLING = 32;
export const IN_HOOK = 64;

/** Sets the hook of `thread` to the closure `hook`, or takes it away (0). The loop must be entered anew: signal FAMILY. */
export function setHook(context: Context, thread: number, hook: number, events: number, count: number): void {
  const { i32, mask } = context;
  countHooks(context, -hookOf(context, thread));
  i32[thread + THREAD_HOOK] = hook;
  i32[thread + THREAD_HOOK_MASK] = events;
  i32[thread + THREAD_HOOK_COUNT] = count;
  i32[thread + THREAD_HOOK_LEFT] = count;
  countHooks(context, hookOf(context, thread));
  if ((i32[thread + THREAD_HOOK_STATE] & IN_HOOK) !== 0) return;
  const frame = thread === context.thread ? context.frame : i32[thread + THREAD_FRAME];
  i32[thread + THREAD_HOOK_STATE] = 0;
  i32[thread + THREAD_HOOK_DEPTH] = frame - i32[thread + THREAD_FRAMES];
  i32[thread + THREAD_HOOK_PC] = i32[(frame + FRAME_PC) & mask] - 1;
}

/** 1 for a thread that has a hook and is not dead. */
function hookOf({ i32 }: Context, thread: number): number {
  return i32[thread + THREAD_HOOK] !== 0 && i32[thread + THREAD_FRAMES] !== 0 ? 1 : 0;
}

function countHooks({ i32 }: Context, more: number): void {
  i32[HEADER.HOOKS] = Math.max(0, i32[HEADER.HOOKS] + more);
  if (i32[HEADER.HOOKS] === 0) i32[HEADER.ATTENTION] &= ~ATTEND_HOOKS;
  else i32[HEADER.ATTENTION] |= ATTEND_HOOKS;
}

/** A thread is about to give its stacks back: its hook is never called again. */
export function retireHook(context: Context, thread: number): void {
  countHooks(context, -hookOf(context, thread));
}

/** A hook has returned. */
export function leaveHook(context: Context): number {
  context.i32[context.thread + THREAD_HOOK_STATE] &= ~IN_HOOK;
  return goOn(context);
}

/**
 * An error has led to the current frame: if that lies below the hook that ran, the hook runs no more. What an instruction was
 * about to tell when there was no memory for it is told by no other.
 */
export function forgetHook(context: Context): void {
  const { i32, thread, frame } = context;
  const isAbove = frame - i32[thread + THREAD_FRAMES] > i32[thread + THREAD_HOOK_DEPTH];
  if ((i32[thread + THREAD_HOOK_STATE] & IN_HOOK) === 0 || !isAbove) i32[thread + THREAD_HOOK_STATE] = 0;
}
