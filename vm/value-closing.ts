// Variables that are to be closed: `local x <close>` and the fourth value of a generic for. They form a list through the
// AUX words of their registers; THREAD_TO_BE_CLOSED is the highest of them, as its word distance from the stack's start
// plus 1, so that 0 ends the list and a stack can move.
import type { Context } from './context';
import { decodeA } from './encoding';
import {
  FRAME_PC,
  FRAME_STATE,
  RESULT_DROP,
  TAG_FALSE,
  THREAD_TO_BE_CLOSED,
  VALUE_AUX,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { METAMETHOD_CLOSE, metamethodOf } from './metatables';
import { MEMORY, NEXT } from './signals';
import { closeUpvalues } from './upvalues';
import { enterCall, reserveArguments, resultTo } from './value-calls';
import { localNameOf, raise, raiseCloseError } from './value-errors';
import { baseOf, corrupt, registerA, STATE_AGAIN } from './value-frame';
import { copyValue, writeNil } from './values';

/** Whether a variable from word address `level` on is to be closed. */
export function mustCloseVariables(context: Context, level: number): boolean {
  return context.i32[context.thread + THREAD_TO_BE_CLOSED] > level - context.stack;
}

/** `to_be_closed`: R[a] is to be closed, unless it is nil or false. */
export function executeToBeClosed(context: Context, ins: number): number {
  return markToBeClosed(context, registerA(context, ins), decodeA(ins));
}

function markToBeClosed(context: Context, register: number, number: number): number {
  const { i32, thread } = context;
  if (i32[register + VALUE_TAG] <= TAG_FALSE) return NEXT;
  if (metamethodOf(context, register, METAMETHOD_CLOSE) === 0) {
    return raise(context, `variable '${localNameOf(context, number)}' got a non-closable value`);
  }
  const distance = register - context.stack + 1;
  // A list that does not descend would never end.
  if (i32[thread + THREAD_TO_BE_CLOSED] >= distance) return corrupt(context);
  i32[register + VALUE_AUX] = i32[thread + THREAD_TO_BE_CLOSED];
  i32[thread + THREAD_TO_BE_CLOSED] = distance;
  return NEXT;
}

/** The register of a generic for's closing value, counted from its first. */
const CLOSING_VALUE = 3;

/** `generic_for_prepare`: R[a + 3] is to be closed; the loop's call comes next. */
export function executeGenericForPrepare(context: Context, ins: number): number {
  const number = decodeA(ins) + CLOSING_VALUE;
  const signal = markToBeClosed(context, baseOf(context) + number * VALUE_SIZE, number);
  if (signal === NEXT) context.i32[context.frame + FRAME_PC] += ins >> 16;
  return signal;
}

/** `close`: upvalues and variables of R[a] and above. Run again after each handler, until none is left. */
export function executeClose(context: Context, ins: number): number {
  context.i32[context.frame + FRAME_STATE] = 0;
  const level = registerA(context, ins);
  closeUpvalues(context, level);
  return mustCloseVariables(context, level) ? closeVariables(context, level, 0) : NEXT;
}

/**
 * Takes the highest variable from `level` on off the list and calls its `__close` with it and the error in the register
 * at `error` (0: nil). The current instruction is run again when the handler returns; NEXT when no variable is left.
 */
export function closeVariables(context: Context, level: number, error: number): number {
  const { thread } = context;
  const distance = context.i32[thread + THREAD_TO_BE_CLOSED] - 1;
  if (distance < level - context.stack) return NEXT;
  const register = context.stack + distance;
  if ((distance & 3) !== 0 || register + VALUE_SIZE > context.stackEnd) return corrupt(context);
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const errorDistance = error - context.stack;
  const args = reserveArguments(context, at, 2);
  if (args < 0) return -args;
  const { i32 } = context;
  const variable = context.stack + distance;
  const next = i32[variable + VALUE_AUX];
  if (next > distance) return corrupt(context);
  copyValue(context, args, variable);
  if (error === 0) writeNil(context, args + VALUE_SIZE);
  else copyValue(context, args + VALUE_SIZE, context.stack + errorDistance);
  const handler = metamethodOf(context, args, METAMETHOD_CLOSE);
  i32[thread + THREAD_TO_BE_CLOSED] = next;
  i32[variable + VALUE_AUX] = 0;
  // A protected call that is closing what an error has left catches what goes wrong meanwhile: it stands at its instruction.
  i32[context.frame + FRAME_STATE] = STATE_AGAIN;
  i32[context.frame + FRAME_PC] = at;
  if (handler === 0) return raiseCloseError(context, args);
  const signal = enterCall(context, at, handler, args, 2, resultTo(0, 1, RESULT_DROP));
  if (signal === MEMORY) keepVariable(context, distance, next);
  return signal;
}

/** Puts a variable back whose handler could not be called yet. */
function keepVariable(context: Context, distance: number, next: number): void {
  const { i32 } = context;
  i32[context.stack + distance + VALUE_AUX] = next;
  i32[context.thread + THREAD_TO_BE_CLOSED] = distance + 1;
}
