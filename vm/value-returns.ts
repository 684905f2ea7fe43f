// Returns of the value family that the loop does not make itself: several results, variables to close, results that are
// for a comparison, a protected call or a message handler, the end of the thread.
import type { Context } from './context';
import { copyValues, payForValues } from './copy-job';
import { finishClosing, finishCoroutine, isCoroutine } from './coroutines';
import { returnAcrossFamilies } from './crossing';
import { decodeB } from './encoding';
import { closeFinalisers } from './finalisers';
import { leaveHook } from './hook-state';
import {
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FRAME_TOP,
  HEADER,
  RESULT_BYTE_MASK,
  RESULT_CLOSING,
  RESULT_CONDITION,
  RESULT_DROP,
  RESULT_HANDLER,
  RESULT_HOOK,
  RESULT_KIND_MASK,
  RESULT_PROTECTED,
  RESULT_REGISTER_SHIFT,
  RESULT_TAIL,
  RESULT_VALUES,
  RESULT_WANTED_SHIFT,
  TAG_FALSE,
  TAG_NIL,
  THREAD_FRAMES,
  VALUE_AUX,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { ValueOp } from './opcode-numbers';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT } from './program';
import { DONE, FAMILY, NEXT, RELOAD, THROW } from './signals';
import { hasJob } from './table-job';
import { goOnEnding } from './uncaught';
import { catchError } from './unwind';
import { closeUpvalues } from './upvalues';
import { argumentCount, FEW_VALUES } from './value-calls';
import { closeVariables, mustCloseVariables } from './value-closing';
import { baseOf, corrupt, goOn, registerA } from './value-frame';
import { copyValue, writeBoolean, writeNil } from './values';

/** `return`, `return_one`, `return_none`. */
export function executeReturn(context: Context, ins: number): number {
  context.i32[context.frame + FRAME_STATE] = 0;
  const first = registerA(context, ins);
  const count = returnCount(context, ins, first);
  if (count < 0) return corrupt(context);
  const base = baseOf(context);
  closeUpvalues(context, base);
  if (mustCloseVariables(context, base)) {
    const signal = closeVariables(context, base, 0);
    if (signal !== NEXT) return signal;
  }
  return finishReturn(context, registerA(context, ins), count);
}

/** How many values the return `ins` gives, the first of which lies at `first`; negative when that cannot be. */
export function returnCount(context: Context, ins: number, first: number): number {
  if ((ins & 255) === ValueOp.RETURN_ONE) return 1;
  if ((ins & 255) === ValueOp.RETURN_NONE) return 0;
  return decodeB(ins) === 0 ? argumentCount(context, first, 0) : decodeB(ins) - 1;
}

/**
 * Ends the current frame with `count` results in the slots from `first` on, which lie in its registers or above: gives
 * them to the caller, whatever it wants them for. Answers RELOAD, FUEL, DONE, THROW or TRAP. The results of a typed
 * function have been converted before.
 */
export function finishReturn(context: Context, first: number, count: number): number {
  const { i32, frame } = context;
  const caller = frame - FRAME_SIZE;
  const floor = i32[context.thread + THREAD_FRAMES];
  payForValues(context, count);
  if (caller === floor && i32[caller + FRAME_FUNCTION] === -1) return finishThread(context, first, count);
  const index = i32[caller + FRAME_FUNCTION];
  if (caller <= floor || index >>> 0 >= context.program.functionCount) return corrupt(context);
  const { functions } = context.program;
  const row = index << FUNCTION_ROW_SHIFT;
  if ((functions[row + FUNCTION_FLAGS] & FLAG_VALUE) === 0) return returnAcrossFamilies(context, first, count);
  const result = i32[frame + FRAME_RESULT];
  context.frame = caller;
  // What is written below lies between the caller's base and the results, so this is what keeps it in the stack.
  if (!context.checkFrame()) return corrupt(context);
  const target = baseOf(context) + ((result >>> RESULT_REGISTER_SHIFT) & RESULT_BYTE_MASK) * VALUE_SIZE;
  const wanted = result >>> RESULT_WANTED_SHIFT;
  switch (result & RESULT_KIND_MASK) {
    case RESULT_VALUES:
    case RESULT_TAIL:
      return deliver(context, target, wanted, first, count);
    case RESULT_PROTECTED:
      return deliverProtected(context, target, wanted, first, count);
    case RESULT_CONDITION:
      return deliverCondition(context, result, first, count);
    case RESULT_DROP:
      return goOn(context);
    case RESULT_CLOSING:
      return isCoroutine(context) ? finishClosing(context) : goOnEnding(context, first, count);
    case RESULT_HOOK:
      return leaveHook(context);
    case RESULT_HANDLER:
      return deliverError(context, first, count);
    default:
      return corrupt(context);
  }
}

/** Copies results down to R[a], ... of the frame that is now the current one. */
function deliver(context: Context, target: number, wanted: number, first: number, count: number): number {
  const { i32 } = context;
  const delivered = wanted === 0 ? count : wanted - 1;
  if (target > first || target + delivered * VALUE_SIZE > context.stackEnd) return corrupt(context);
  const copied = Math.min(delivered, count);
  const isDone = copyValues(context, target, first, copied);
  for (let index = copied; index < delivered; index++) writeNil(context, target + index * VALUE_SIZE);
  if (wanted === 0) i32[context.frame + FRAME_TOP] = target + delivered * VALUE_SIZE - context.stack;
  return isDone ? goOn(context) : FAMILY;
}

/** As deliver, with `true` in front. */
function deliverProtected(context: Context, target: number, wanted: number, first: number, count: number): number {
  if (target >= first) return corrupt(context);
  if (wanted === 1) return goOn(context);
  const signal = deliver(context, target + VALUE_SIZE, wanted === 0 ? 0 : wanted - 1, first, count);
  writeBoolean(context, target, true);
  return signal;
}

/** The comparison that the caller stands behind: its jump is in the word before. */
function deliverCondition(context: Context, result: number, first: number, count: number): number {
  const { i32 } = context;
  const isTrue = count > 0 && i32[first + VALUE_TAG] > TAG_FALSE;
  if (isTrue === ((result >>> RESULT_REGISTER_SHIFT) & 1) > 0) {
    const pc = i32[context.frame + FRAME_PC];
    i32[context.frame + FRAME_PC] = pc + (context.program.code[pc - 1] >> 8);
    if (!context.checkFrame()) return corrupt(context);
  }
  return goOn(context);
}

/** A message handler has returned what is to be the error. */
function deliverError(context: Context, first: number, count: number): number {
  if (count > 0) copyValue(context, HEADER.ERROR, first);
  else context.i32[HEADER.ERROR + VALUE_TAG] = TAG_NIL;
  context.i32[HEADER.ERROR + VALUE_AUX] = 0;
  const signal = catchError(context);
  return signal === THROW ? corrupt(context) : signal;
}

/** The thread's first function has returned: its results go to the resumer, or to the start of the main thread's stack. */
function finishThread(context: Context, first: number, count: number): number {
  if (isCoroutine(context)) {
    const signal = finishCoroutine(context, first, count);
    return signal === RELOAD && hasJob(context) ? FAMILY : signal;
  }
  const { i32, stack } = context;
  // The results lie there already: what has ended is the last finaliser.
  if ((i32[context.frame + FRAME_RESULT] & RESULT_KIND_MASK) === RESULT_DROP) return endThread(context);
  if (count > FEW_VALUES) i32.copyWithin(stack, first, first + count * VALUE_SIZE);
  else {
    for (let index = 0; index < count; index++) {
      copyValue(context, stack + index * VALUE_SIZE, first + index * VALUE_SIZE);
    }
  }
  context.frame -= FRAME_SIZE;
  i32[context.frame + FRAME_TOP] = count * VALUE_SIZE;
  if (!context.outlivesEntry && closeFinalisers(context, stack + count * VALUE_SIZE)) return goOn(context);
  context.save();
  return DONE;
}

function endThread(context: Context): number {
  context.frame -= FRAME_SIZE;
  context.save();
  return DONE;
}
