// What becomes of an error that nothing in the main thread catches: it ends the execution, but first the variables that are
// still to be closed are, the innermost first, and then the finalisers of all objects are called, unless it is memory that
// lacks. The handlers run above the frames of the error, which stay as they are for
// the report's stack. An error in one takes the place of the first, and its frames count then. The error lies in
// the first slot of the thread meanwhile; RESULT_CLOSING marks the handlers' frames, below which nothing catches.
import type { Context } from './context';
import { keepError } from './coroutines';
import { clearTypedWords } from './crossing';
import { canClose, closeAfterError } from './finalisers';
import {
  ENDING_ASKS,
  ENDING_EXITS,
  ENDING_TOLD,
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_PC,
  HEADER,
  RESULT_CLOSING,
  TAG_TABLE,
  THREAD_FLAGS,
  THREAD_HAS_MEMORY_ERROR,
  THREAD_TO_BE_CLOSED,
  TURN_CLOSES,
  VALUE_AUX,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { METAFIELD_TOSTRING, METAMETHOD_CLOSE, metamethodOf } from './metatables';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, FUNCTION_WORDS } from './program';
import { EXIT, FUEL, MEMORY, NEXT, RELOAD, THROW, TRAP } from './signals';
import { hasJob } from './table-job';
import { ensureRoom, enterCall, resultTo } from './value-calls';
import { ERROR_EXITS, ERROR_UNHANDLED, isMemoryError, raiseCloseError, raiseMemoryError } from './value-errors';
import { corrupt, freeSlots } from './value-frame';
import { copyValue, writeNil } from './values';

/** Nothing catches the error in HEADER.ERROR. Answers as closePending. */
export function endUncaught(context: Context): number {
  const { i32, thread } = context;
  const isOpen = i32[thread + THREAD_TO_BE_CLOSED] !== 0 || i32[HEADER.ENDING] === ENDING_EXITS;
  const isOver = isMemoryError(context) || !(canClose(context) || hasText(context, HEADER.ERROR));
  if (!isOpen && isOver) return THROW;
  keepError(context);
  return closePending(context);
}

/**
 * The guest wants to end with that status, but first all that the main thread has left open is to be closed, and finalisers
 * are to be called. An intrinsic answers so: THROW, of what nothing catches.
 */
export function raiseExit(context: Context, status: number): number {
  const { i32 } = context;
  i32[HEADER.ENDING] = ENDING_EXITS;
  i32[HEADER.EXIT_STATUS] = status;
  writeNil(context, HEADER.ERROR);
  i32[HEADER.ERROR + VALUE_AUX] = ERROR_EXITS;
  return THROW;
}

/** What raiseExit has raised has come here. The current thread is the main one from here on. Answers as closePending. */
export function endByExit(context: Context): number {
  context.save();
  context.i32[HEADER.THREAD] = context.i32[HEADER.MAIN_THREAD];
  if (!context.loadThread()) return TRAP;
  keepError(context);
  return closePending(context);
}

/**
 * Calls the next `__close` handler, or behind them the finalisers. RELOAD or FUEL; THROW when none is left: the error is in
 * HEADER.ERROR again, or EXIT; MEMORY when a job was begun, after which this is to be called again; TRAP.
 */
export function closePending(context: Context): number {
  const { thread } = context;
  while (context.i32[thread + THREAD_TO_BE_CLOSED] !== 0) {
    let signal = callNext(context);
    if (signal === MEMORY) {
      if (hasJob(context)) {
        context.i32[HEADER.TURN] = TURN_CLOSES;
        return MEMORY;
      }
      signal = raiseMemoryError(context);
    }
    if (signal !== THROW) return signal;
    // What cannot be called counts as a handler that has failed.
    keepError(context);
  }
  const isMemory = (context.i32[thread + THREAD_FLAGS] & THREAD_HAS_MEMORY_ERROR) !== 0;
  const signal = isMemory ? NEXT : closeAfterError(context, freeWords(context));
  if (signal === MEMORY && hasJob(context)) context.i32[HEADER.TURN] = TURN_CLOSES;
  // Without memory for them they are not called.
  if (signal !== NEXT && (signal !== MEMORY || hasJob(context))) return signal;
  if (context.i32[HEADER.ENDING] === ENDING_EXITS) {
    context.exitCode = context.i32[HEADER.EXIT_STATUS];
    return EXIT;
  }
  const asked = isMemory ? NEXT : askForText(context);
  if (asked === RELOAD || asked === FUEL || asked === TRAP || hasJob(context)) return asked;
  copyValue(context, HEADER.ERROR, context.stack);
  context.i32[HEADER.ERROR + VALUE_AUX] = isMemory ? ERROR_UNHANDLED : 0;
  return THROW;
}

/** A frame above those of the error has returned: a handler's, the finalisers', or that of its `__tostring`. */
export function goOnEnding(context: Context, first: number, count: number): number {
  const { i32 } = context;
  if (i32[HEADER.ENDING] === ENDING_ASKS) {
    i32[HEADER.ENDING] = ENDING_TOLD;
    const text = context.stack + VALUE_SIZE;
    if (count > 0) copyValue(context, text, first);
    else writeNil(context, text);
  }
  return closePending(context);
}

/** Whether the error at `slot` is an object that says itself what its text is, and was not asked yet. */
function hasText(context: Context, slot: number): boolean {
  const { i32 } = context;
  return (
    i32[HEADER.ENDING] === 0 &&
    i32[slot + VALUE_TAG] >= TAG_TABLE &&
    metamethodOf(context, slot, METAFIELD_TOSTRING) !== 0
  );
}

/** Calls `__tostring` of the error, as Lua's executable does. NEXT when there is none; else as closePending. */
function askForText(context: Context): number {
  if (!hasText(context, context.stack)) return NEXT;
  const free = freeWords(context);
  const pc = context.i32[context.frame + FRAME_PC];
  const room = ensureRoom(context, pc, free + 2 * VALUE_SIZE, RESULT_CLOSING);
  if (room === MEMORY && hasJob(context)) context.i32[HEADER.TURN] = TURN_CLOSES;
  if (room !== NEXT) return room;
  const args = context.stack + free;
  copyValue(context, args, context.stack);
  const handler = metamethodOf(context, args, METAFIELD_TOSTRING);
  context.i32[HEADER.ENDING] = ENDING_ASKS;
  const signal = enterCall(context, pc, handler, args, 1, resultTo(0, 2, RESULT_CLOSING));
  if (signal !== MEMORY) return signal;
  context.i32[HEADER.ENDING] = 0;
  if (hasJob(context)) context.i32[HEADER.TURN] = TURN_CLOSES;
  return MEMORY;
}

/** Takes the last variable off the list and calls its handler. MEMORY: the list is as it was if a job has begun. */
function callNext(context: Context): number {
  const { i32, thread } = context;
  const distance = i32[thread + THREAD_TO_BE_CLOSED] - 1;
  if (distance < 0 || (distance & 3) !== 0 || context.stack + distance + VALUE_SIZE > context.stackEnd) {
    return corrupt(context);
  }
  const next = i32[context.stack + distance + VALUE_AUX];
  if (next < 0 || next > distance) return corrupt(context);
  i32[thread + THREAD_TO_BE_CLOSED] = next;
  const signal = callHandler(context, distance);
  if (signal === MEMORY && hasJob(context)) context.i32[thread + THREAD_TO_BE_CLOSED] = distance + 1;
  else context.i32[context.stack + distance + VALUE_AUX] = 0;
  return signal;
}

function callHandler(context: Context, distance: number): number {
  const free = freeWords(context);
  const pc = context.i32[context.frame + FRAME_PC];
  const room = ensureRoom(context, pc, free + 2 * VALUE_SIZE, RESULT_CLOSING);
  if (room !== NEXT) return room;
  const { i32 } = context;
  const args = context.stack + free;
  copyValue(context, args, context.stack + distance);
  copyValue(context, args + VALUE_SIZE, context.stack);
  i32[args + VALUE_AUX] = 0;
  i32[args + VALUE_SIZE + VALUE_AUX] = 0;
  const handler = metamethodOf(context, args, METAMETHOD_CLOSE);
  if (handler === 0) return raiseCloseError(context, args);
  return enterCall(context, pc, handler, args, 2, resultTo(0, 1, RESULT_CLOSING));
}

/** Distance of the first value slot above the current frame, whatever its family. */
export function freeWords(context: Context): number {
  const index = context.i32[context.frame + FRAME_FUNCTION];
  const row = index << FUNCTION_ROW_SHIFT;
  const { functions } = context.program;
  if ((functions[row + FUNCTION_FLAGS] & FLAG_VALUE) !== 0) return freeSlots(context) - context.stack;
  const end = context.i32[context.frame + FRAME_BASE] + functions[row + FUNCTION_WORDS];
  const free = (end + VALUE_SIZE - 1) & -VALUE_SIZE;
  clearTypedWords(context, context.stack + free);
  return free;
}
