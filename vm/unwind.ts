// How an error travels: from the frame that raised it down to the nearest protected call, through message handlers, which
// run above the erring frames, and the variables that have to be closed on the way. And the protected call itself.
//
// A protected call that has caught an error stands at its instruction with FRAME_STATE set; the error is in R[a + 1].
// It is run again until nothing is left to close, then delivers `false` and the error.
import type { Context } from './context';
import { failCoroutine, isCoroutine } from './coroutines';
import { clearTypedWords } from './crossing';
import { decodeA, decodeB, decodeC } from './encoding';
import { forgetHook } from './hook-state';
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
  RESULT_KIND_MASK,
  RESULT_PROTECTED,
  TAG_CLOSURE,
  TAG_NIL,
  THREAD_FRAMES,
  THREAD_TO_BE_CLOSED,
  TURN_CATCHES,
  TURN_HANDLES,
  VALUE_AUX,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_HANDLER_NESTING } from './limits';
import { METAMETHOD_CALL, metamethodOf } from './metatables';
import { ValueOp } from './opcode-numbers';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, FUNCTION_WORDS } from './program';
import { FUEL, MEMORY, NEXT, THROW, TRAP } from './signals';
import { endByExit, endUncaught, freeWords } from './uncaught';
import { closeUpvalues } from './upvalues';
import { argumentCount, ensureRoom, enterCall, pushFrame, resultTo } from './value-calls';
import { closeVariables, mustCloseVariables } from './value-closing';
import { ERROR_EXITS, ERROR_UNHANDLED, raiseText, tryRaiseText, typeNameOf } from './value-errors';
import { corrupt, goOn, registerA, STATE_AGAIN } from './value-frame';
import { copyValue, writeBoolean, writeNil } from './values';

/** R[a] of a protected call is the handler, R[a + 1] the function, the arguments follow. */
const FUNCTION_REGISTER = 1;
const FIRST_ARGUMENT = 2;

/** `protected_call`. */
export function executeProtectedCall(context: Context, ins: number): number {
  const { i32, frame } = context;
  const isCatching = i32[frame + FRAME_STATE] !== 0;
  i32[frame + FRAME_STATE] = 0;
  if (isCatching) return finishCatching(context, ins);
  const callee = registerA(context, ins) + FUNCTION_REGISTER * VALUE_SIZE;
  const args = callee + VALUE_SIZE;
  const count = decodeB(ins) === 0 ? argumentCount(context, args, 0) : decodeB(ins) - FIRST_ARGUMENT;
  if (count < 0) return corrupt(context);
  const at = i32[frame + FRAME_PC] - 1;
  const result = resultTo(decodeA(ins), decodeC(ins), RESULT_PROTECTED);
  if (!isCallable(context, callee)) return callNothing(context, at, callee, result);
  const top = i32[frame + FRAME_TOP];
  i32[frame + FRAME_TOP] = 0;
  const signal = enterCall(context, at, callee, args, count, result);
  if (signal === MEMORY) context.i32[context.frame + FRAME_TOP] = top;
  return signal;
}

function isCallable(context: Context, slot: number): boolean {
  return context.i32[slot + VALUE_TAG] === TAG_CLOSURE || metamethodOf(context, slot, METAMETHOD_CALL) !== 0;
}

/**
 * What cannot be called fails inside the protected call: the error is raised in a frame of its own, which stands for the
 * call and never runs.
 */
function callNothing(context: Context, at: number, callee: number, result: number): number {
  const distance = callee + VALUE_SIZE - context.stack;
  const index = context.i32[context.frame + FRAME_FUNCTION];
  const row = index << FUNCTION_ROW_SHIFT;
  const room = ensureRoom(context, at, distance + context.program.functions[row + FUNCTION_WORDS]);
  if (room !== NEXT) return room;
  context.i32[context.frame + FRAME_TOP] = 0;
  const type = typeNameOf(context, context.stack + distance - VALUE_SIZE);
  pushFrame(context, index, distance, 0, result, 0);
  context.i32[context.frame + FRAME_PC]++;
  return raiseText(context, 'attempt to call a ', type, ' value');
}

/** Closes what the failed call has left open, then delivers the error. */
function finishCatching(context: Context, ins: number): number {
  const register = registerA(context, ins);
  const level = register + FIRST_ARGUMENT * VALUE_SIZE;
  closeUpvalues(context, level);
  if (mustCloseVariables(context, level)) {
    // The variables lie above this frame: they are its own until the last of them is closed.
    context.i32[context.frame + FRAME_TOP] = context.i32[context.thread + THREAD_TO_BE_CLOSED] - 1 + VALUE_SIZE;
    return closeVariables(context, level, register + FUNCTION_REGISTER * VALUE_SIZE);
  }
  context.i32[context.frame + FRAME_TOP] = 0;
  const wanted = decodeC(ins);
  if (wanted !== 1) writeBoolean(context, register, false);
  for (let index = FIRST_ARGUMENT; index < wanted - 1; index++) writeNil(context, register + index * VALUE_SIZE);
  if (wanted === 0) context.i32[context.frame + FRAME_TOP] = level - context.stack;
  return NEXT;
}

/**
 * The nearest place below the current frame that catches errors, as its frame's distance from the thread's first (frames may
 * move): set by findCatcher, scratch of one unwinding.
 */
let catcher = 0;
/** How many message handlers run between it and the current frame. */
let handlersBetween = 0;

/** What findCatcher answers. */
const NOT_CAUGHT = 0;
const CAUGHT = 1;
const UNFINISHED = 2;

/** Frames that are passed between two looks at the fuel; 4 cost 1. */
const FRAMES_A_STEP = 1024;

/**
 * Looks for the frame of the protected call that catches what the current frame raises. UNFINISHED when it stops for fuel:
 * called again it goes on.
 */
function findCatcher(context: Context): number {
  const { i32 } = context;
  const floor = i32[context.thread + THREAD_FRAMES];
  const begun = i32[HEADER.UNWIND_FRAME];
  handlersBetween = begun === 0 ? 0 : i32[HEADER.UNWIND_HANDLERS];
  i32[HEADER.UNWIND_FRAME] = 0;
  const isBegun = begun > 0 && begun <= context.frame - floor && (begun & (FRAME_SIZE - 1)) === 0;
  let left = FRAMES_A_STEP;
  for (let frame = isBegun ? floor + begun : context.frame; frame > floor; frame -= FRAME_SIZE) {
    if ((frame & (FRAME_SIZE * 4 - 1)) === 0) context.fuel = (context.fuel - 1) | 0;
    const kind = i32[frame + FRAME_RESULT] & RESULT_KIND_MASK;
    // What a coroutine had called before it was closed catches nothing any more.
    if (kind === RESULT_CLOSING) return NOT_CAUGHT;
    const catching = isCatching(context, frame) ? frame : kind === RESULT_PROTECTED ? frame - FRAME_SIZE : 0;
    if (catching > floor) {
      catcher = catching - floor;
      return CAUGHT;
    }
    if (kind === RESULT_HANDLER) handlersBetween++;
    if (--left === 0) {
      left = FRAMES_A_STEP;
      if (context.fuel <= 0 && frame - FRAME_SIZE > floor) {
        i32[HEADER.UNWIND_FRAME] = frame - FRAME_SIZE - floor;
        i32[HEADER.UNWIND_HANDLERS] = handlersBetween;
        return UNFINISHED;
      }
    }
  }
  return NOT_CAUGHT;
}

/** Word address of the catcher's frame. */
function catcherOf(context: Context): number {
  return context.i32[context.thread + THREAD_FRAMES] + catcher;
}

/** The search goes on when the fuel is there. */
function searchLater(context: Context, what: number): number {
  context.i32[HEADER.TURN] = what;
  return FUEL;
}

/** What nothing in a coroutine catches goes on in the thread that resumed it. */
function leaveThread(context: Context): number {
  return isCoroutine(context) ? failCoroutine(context) : endUncaught(context);
}

/** Whether a frame stands at a protected call that is closing what an error has left. */
function isCatching(context: Context, frame: number): boolean {
  const { i32, program } = context;
  if (i32[frame + FRAME_STATE] === 0) return false;
  const index = i32[frame + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) return false;
  if ((program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) === 0) return false;
  return (program.code[i32[frame + FRAME_PC]] & 255) === ValueOp.PROTECTED_CALL;
}

/**
 * Raises the error in HEADER.ERROR in the current frame: calls the message handler, if there is one, or goes on at the
 * protected call; what nothing in a coroutine catches goes on in the thread that resumed it. RELOAD or FUEL; THROW when
 * nothing catches it (the frames are as they were, for a traceback); MEMORY when a job was begun or memory lacks, after which
 * this is to be called again; TRAP when the heap is corrupt.
 */
export function unwind(context: Context): number {
  if (context.i32[HEADER.ERROR + VALUE_AUX] === ERROR_EXITS) return endByExit(context);
  const found = findCatcher(context);
  if (found !== CAUGHT) return found === NOT_CAUGHT ? leaveThread(context) : searchLater(context, TURN_HANDLES);
  const handler = handlerOf(context);
  if (handler < 0) return corrupt(context);
  const isHandled = context.i32[HEADER.ERROR + VALUE_AUX] !== ERROR_UNHANDLED;
  if (!isHandled || context.i32[handler + VALUE_TAG] === TAG_NIL) return endUnwinding(context);
  if (handlersBetween >= MAXIMUM_HANDLER_NESTING) return failHandling(context);
  return callHandler(context, handler);
}

/** Word address of the catcher's R[a], the handler or nil; -1 when the catcher is none. */
function handlerOf(context: Context): number {
  const ins = catchingInstruction(context);
  const base = context.i32[catcherOf(context) + FRAME_BASE];
  const handler = context.stack + base + ((ins >>> 6) & 0x3fc);
  const isSound =
    ins >= 0 && base >= 0 && (base & 3) === 0 && handler + FIRST_ARGUMENT * VALUE_SIZE <= context.stackEnd;
  return isSound ? handler : -1;
}

/** Where the catcher's protected_call is in the code; -1 when there is none. */
function catchingAt(context: Context): number {
  const { i32, program } = context;
  const frame = catcherOf(context);
  const pc = i32[frame + FRAME_PC];
  const at = i32[frame + FRAME_STATE] !== 0 ? pc : pc - 1;
  return at >= 0 && at < program.code.length && (program.code[at] & 255) === ValueOp.PROTECTED_CALL ? at : -1;
}

function catchingInstruction(context: Context): number {
  const at = catchingAt(context);
  // Without its c operand: that makes it a number above 0.
  return at < 0 ? -1 : context.program.code[at] & 0xff_ffff;
}

/** Calls a message handler with the error, above the frame that raised it. */
function callHandler(context: Context, handler: number): number {
  const free = freeWords(context);
  const distance = handler - context.stack;
  const { frame } = context;
  const pc = context.i32[frame + FRAME_PC];
  const room = ensureRoom(context, pc, free + 2 * VALUE_SIZE, RESULT_HANDLER);
  if (room !== NEXT) return room === THROW ? failHandling(context) : failForMemory(context, room);
  const args = context.stack + free;
  copyValue(context, args, context.stack + distance);
  copyValue(context, args + VALUE_SIZE, HEADER.ERROR);
  const signal = enterCall(context, pc, args, args + VALUE_SIZE, 1, resultTo(0, 2, RESULT_HANDLER));
  if (signal === THROW) return failHandling(context);
  return signal === MEMORY ? failForMemory(context, signal) : signal;
}

/** The unwinding begins again when a stack has grown in steps (stack-job.ts), or after a collection. */
function failForMemory(context: Context, signal: number): number {
  if (signal === MEMORY) context.i32[HEADER.TURN] = TURN_HANDLES;
  return signal;
}

function failHandling(context: Context): number {
  const signal = tryRaiseText(context, 'error in error handling');
  return signal === THROW ? endUnwinding(context) : failForMemory(context, signal);
}

/**
 * The error in HEADER.ERROR, which no handler changes any more, ends at the protected call: drops the frames above it.
 * RELOAD or FUEL; THROW when nothing catches it; TRAP.
 */
export function catchError(context: Context): number {
  const found = findCatcher(context);
  if (found !== CAUGHT) return found === NOT_CAUGHT ? leaveThread(context) : searchLater(context, TURN_CATCHES);
  return endUnwinding(context);
}

/** Goes on at the catcher that was found. */
function endUnwinding(context: Context): number {
  const at = catchingAt(context);
  const handler = handlerOf(context);
  if (at < 0 || handler < 0) return corrupt(context);
  const { i32 } = context;
  const frame = catcherOf(context);
  context.frame = frame;
  forgetHook(context);
  i32[frame + FRAME_PC] = at;
  i32[frame + FRAME_STATE] = STATE_AGAIN;
  i32[frame + FRAME_TOP] = 0;
  if (!context.checkFrame()) return TRAP;
  copyValue(context, handler + FUNCTION_REGISTER * VALUE_SIZE, HEADER.ERROR);
  clearTypedWords(context, handler + FIRST_ARGUMENT * VALUE_SIZE);
  return goOn(context);
}
