// Runs a context for its fuel: picks the loop of the current frame's family, collects when asked, turns failures into
// the guest's errors, and stops with the signals that somebody outside must answer.
import { collect, startCollection } from './collector';
import type { Context } from './context';
import { isCopying } from './copy-job';
import { Trap } from './errors';
import { runHot } from './hot-code';
import { FRAME_FUNCTION, HEADER, TURN_CATCHES, TURN_CLOSES, TURN_COLLECTS, TURN_HANDLES } from './layout';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT } from './program';
import { COLLECT, FAMILY, FUEL, MEMORY, NEXT, RELOAD, THROW, TRAP } from './signals';
import { hasJob, workOnJob } from './table-job';
import { runTyped } from './typed-loop';
import { closePending } from './uncaught';
import { catchError, unwind } from './unwind';
import { raiseMemoryError } from './value-errors';

/**
 * An emergency collection was in vain when less than one part in 2^VAIN_SHIFT (3 %) of what lives was allocated until the
 * next one. After so many in a row memory counts as used up: a heap that is nearly full would be collected for ever.
 */
const VAIN_SHIFT = 5;
const MOST_IN_VAIN = 3;

/**
 * Runs until `context.fuel` is used up (FUEL), the execution has ended (DONE, EXIT), a syscall waits (SYSCALL), an error
 * was not caught (THROW: the value is in HEADER.ERROR, the frames are as they were), memory lacks and its keeper would have
 * it wait for more (MEMORY: then the instruction runs again), or it cannot go on (TRAP: `context.trap`). Never throws for anything that a guest or its heap's bytes do.
 */
export function run(context: Context): number {
  if (!context.load()) return TRAP;
  for (;;) {
    if (context.i32[HEADER.PHASE] !== 0) {
      if (!collect(context)) return context.failure === TRAP ? TRAP : FUEL;
      if (context.fuel <= 0) return FUEL;
    }
    if (hasJob(context)) {
      context.save();
      const signal = finishJob(context);
      if (signal !== RELOAD) return signal;
      continue;
    }
    if (!context.checkFrame()) return TRAP;
    const signal = answer(context, takeTurn(context));
    if (signal !== RELOAD) {
      context.save();
      return signal;
    }
  }
}

/** Goes on where the current frame stands: with its instructions, or with what waits for a stack that has grown. */
function takeTurn(context: Context): number {
  const waiting = context.i32[HEADER.TURN];
  if (waiting !== 0) {
    context.i32[HEADER.TURN] = 0;
    if (waiting === TURN_CLOSES) return closePending(context);
    if (waiting === TURN_COLLECTS) return MEMORY;
    return waiting === TURN_CATCHES ? catchError(context) : THROW;
  }
  return isValueFrame(context) ? runHot(context) : runTyped(context);
}

/** Whether the current frame belongs to a function of the value family. */
export function isValueFrame(context: Context): boolean {
  const row = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  return (context.program.functions[row + FUNCTION_FLAGS] & FLAG_VALUE) !== 0;
}

/** What the machine itself can do about a signal: RELOAD when it was answered, else the signal for the caller. */
function answer(context: Context, signal: number): number {
  switch (signal) {
    case FAMILY:
      return RELOAD;
    case COLLECT:
      context.save();
      context.i32[HEADER.EMERGENCY] = 0;
      startCollection(context);
      return RELOAD;
    case MEMORY:
      return answerMemory(context, true);
    case THROW:
      return hasJob(context) ? raiseLater(context) : raise(context);
    default:
      return signal;
  }
}

/** Copies that the error's instruction has begun come first. */
function raiseLater(context: Context): number {
  context.i32[HEADER.TURN] = TURN_HANDLES;
  return RELOAD;
}

/** Unwinds; a stack that must grow for it is grown first. */
function raise(context: Context): number {
  const signal = unwind(context);
  // An error is under way: it waits for nothing.
  return signal === MEMORY ? answerMemory(context, false) : signal;
}

/** Works on the job: a table, a stack or the linear memory. RELOAD when the guest goes on, or a collection comes first. */
function finishJob(context: Context): number {
  const signal = workOnJob(context);
  if (signal === MEMORY) {
    const answered = answerMemory(context, true);
    context.save();
    return answered;
  }
  if (signal !== NEXT) return signal;
  return context.fuel <= 0 ? FUEL : RELOAD;
}

/**
 * A job is worked off, and then the instruction is run again; behind copies, which are no reason to fail, memory is
 * still short. Else a failure collects and runs the instruction again; one right after a collection, or after some
 * that were in vain, is the guest's to handle. HEADER.EMERGENCY: 1 more than how many those were, 0 for no emergency yet.
 */
function answerMemory(context: Context, mayStall: boolean): number {
  const i32 = context.i32;
  if (hasJob(context)) {
    if (isCopying(context)) i32[HEADER.TURN] = TURN_COLLECTS;
    context.save();
    return RELOAD;
  }
  const wasVain = i32[HEADER.DEBT] < i32[HEADER.LIVE] >> VAIN_SHIFT;
  const before = i32[HEADER.EMERGENCY];
  const inVain = wasVain ? before : 0;
  const isHopeless = before > 0 && (i32[HEADER.DEBT] === 0 || inVain > MOST_IN_VAIN);
  if (!isHopeless) {
    context.save();
    i32[HEADER.EMERGENCY] = inVain + 1;
    startCollection(context);
    return RELOAD;
  }
  i32[HEADER.EMERGENCY] = 0;
  if (mayStall && context.memoryKeeper?.stallsForMemory()) {
    context.save();
    return MEMORY;
  }
  i32[HEADER.TURN] = 0;
  if (isValueFrame(context)) {
    raiseMemoryError(context);
    return raise(context);
  }
  context.trap = Trap.OUT_OF_MEMORY;
  return TRAP;
}
