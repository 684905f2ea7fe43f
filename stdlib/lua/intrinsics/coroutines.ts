// Intrinsics of the coroutine library: what its functions check and how they end. The threads are vm/coroutines.ts.
import {
  advanceClosing,
  basicTypeName,
  CLOSURE_FUNCTION,
  type Context,
  canYield,
  copyValue,
  coroutineError,
  FLAG_VALUE,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  forgetCoroutine,
  HEADER,
  MEMORY,
  NEXT,
  newCoroutine,
  positionOf,
  RESUMED_PLAIN,
  RESUMED_WRAPPED,
  raiseText,
  raiseValue,
  resumeCoroutine,
  statusOf,
  stringLength,
  stringStart,
  TAG_NIL,
  TAG_THREAD,
  THREAD_DEAD,
  THREAD_FLAGS,
  THREAD_HAS_MEMORY_ERROR,
  THREAD_NORMAL,
  THREAD_RUNNING,
  THREAD_SUSPENDED,
  THROW,
  tryRaiseText,
  writeBoolean,
  writeReference,
  yieldCoroutine,
} from '../../../vm/index';
import { argumentCount, raiseArgument, raiseArgumentType } from './argument-errors';
import {
  argument,
  charge,
  extraCount,
  firstExtra,
  intrinsic,
  isString,
  note,
  noted,
  OPEN,
  returnValues,
  storeText,
  tagOf,
} from './support';

export const COROUTINE_INTRINSICS = [
  intrinsic('coroutine_create', 1, 1, create),
  intrinsic('coroutine_resume', 2, OPEN, resume),
  intrinsic('coroutine_wrapped', 1, OPEN, wrapped),
  intrinsic('coroutine_yield', 0, OPEN, yieldValues),
  intrinsic('coroutine_status', 1, 1, status),
  intrinsic('coroutine_isyieldable', 1, 1, isYieldable),
  intrinsic('coroutine_running', 2, OPEN, running),
  intrinsic('coroutine_close', 2, OPEN, close),
  // What a function that uses it calls cannot yield.
  { ...intrinsic('no_yield', 0, 0, () => NEXT), isBarrier: true },
];

/** R[0] must be a coroutine. */
function checkThread(context: Context, registers: number): number {
  return tagOf(context, registers) === TAG_THREAD ? NEXT : raiseArgumentType(context, 1, registers, 'thread');
}

function create(context: Context, registers: number): number {
  if (basicTypeName(tagOf(context, registers)) !== 'function') {
    return raiseArgumentType(context, 1, registers, 'function');
  }
  const { functions } = context.program;
  const index = context.i32[(context.i32[registers] + CLOSURE_FUNCTION) & context.mask];
  if ((functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) === 0) {
    return raiseArgument(context, 1, 'a function of another language cannot be a coroutine');
  }
  const thread = newCoroutine(context, registers);
  if (thread === 0) return context.failure;
  writeReference(context, registers, TAG_THREAD, thread);
  return NEXT;
}

/** Why a coroutine cannot be resumed, or null. */
function refusalOf(context: Context, thread: number): string | null {
  const state = statusOf(context, thread);
  if (state === THREAD_SUSPENDED) return null;
  return state === THREAD_DEAD ? 'cannot resume dead coroutine' : 'cannot resume non-suspended coroutine';
}

function resume(context: Context, registers: number): number {
  const signal = checkThread(context, registers);
  if (signal !== NEXT) return signal;
  const thread = context.i32[registers];
  if (noted(context) !== 0) {
    note(context, 0);
    const error = coroutineError(context, thread);
    if (error !== 0) copyValue(context, argument(registers, 1), error);
    return fail(context, registers);
  }
  const refusal = refusalOf(context, thread);
  if (refusal !== null) return storeText(context, argument(registers, 1), refusal) || fail(context, registers);
  const answer = resumeCoroutine(context, thread, firstExtra(context), extraCount(context), RESUMED_PLAIN);
  if (answer !== THROW) return answer;
  copyValue(context, argument(registers, 1), HEADER.ERROR);
  return fail(context, registers);
}

/** Returns false and R[1]. */
function fail(context: Context, registers: number): number {
  writeBoolean(context, registers, false);
  return returnValues(context, registers, 2);
}

function wrapped(context: Context, registers: number): number {
  const signal = checkThread(context, registers);
  if (signal !== NEXT) return signal;
  const thread = context.i32[registers];
  if (noted(context) !== 0) return raiseFromCoroutine(context, thread);
  const refusal = refusalOf(context, thread);
  if (refusal !== null) return raiseText(context, positionOf(context, 1), refusal);
  const answer = resumeCoroutine(context, thread, firstExtra(context), extraCount(context), RESUMED_WRAPPED);
  return answer === THROW ? raisePositioned(context, HEADER.ERROR) : answer;
}

/** The coroutine has ended with an error: what it has left open is closed, then the error is raised here. */
function raiseFromCoroutine(context: Context, thread: number): number {
  const closing = advanceClosing(context, thread);
  if (closing !== NEXT) return closing;
  const error = coroutineError(context, thread);
  const isMemory = (context.i32[thread + THREAD_FLAGS] & THREAD_HAS_MEMORY_ERROR) !== 0;
  const raised = error === 0 ? NEXT : isMemory ? raiseValue(context, error) : raisePositioned(context, error);
  if (raised === MEMORY) return MEMORY;
  note(context, 0);
  if (error !== 0) forgetCoroutine(context, thread);
  return raised;
}

/** Raises the value at `slot`; a string with the position of the caller in front. */
function raisePositioned(context: Context, slot: number): number {
  const position = isString(tagOf(context, slot)) ? positionOf(context, 1) : '';
  if (position === '') return raiseValue(context, slot);
  const start = stringStart(context, context.i32[slot]);
  const length = stringLength(context, context.i32[slot]);
  charge(context, length >>> 5);
  return tryRaiseText(context, position, context.u8.slice(start, start + length));
}

function yieldValues(context: Context, _registers: number): number {
  const answer = canYield(context);
  if (answer === false) return raiseText(context, 'attempt to yield from outside a coroutine');
  if (answer === null) return raiseText(context, 'attempt to yield across a C-call boundary');
  return yieldCoroutine(context, firstExtra(context), extraCount(context));
}

function statusText(context: Context, thread: number): string {
  switch (statusOf(context, thread)) {
    case THREAD_SUSPENDED:
      return 'suspended';
    case THREAD_RUNNING:
      return 'running';
    case THREAD_NORMAL:
      return 'normal';
    default:
      return 'dead';
  }
}

function status(context: Context, registers: number): number {
  const signal = checkThread(context, registers);
  return signal === NEXT ? storeText(context, registers, statusText(context, context.i32[registers])) : signal;
}

/** Of a coroutine that does not run: it has yielded, or has not begun, so it can. */
function isYieldable(context: Context, registers: number): number {
  const isGiven = tagOf(context, registers) !== TAG_NIL || argumentCount(context) > 0;
  const signal = isGiven ? checkThread(context, registers) : NEXT;
  if (signal !== NEXT) return signal;
  if (isGiven && context.i32[registers] !== context.thread) {
    writeBoolean(context, registers, context.i32[registers] !== context.i32[HEADER.MAIN_THREAD]);
    return NEXT;
  }
  writeBoolean(context, registers, canYield(context) === true);
  return NEXT;
}

function running(context: Context, registers: number): number {
  writeReference(context, registers, TAG_THREAD, context.thread);
  writeBoolean(context, argument(registers, 1), context.thread === context.i32[HEADER.MAIN_THREAD]);
  return returnValues(context, registers, 2);
}

function close(context: Context, registers: number): number {
  const signal = checkThread(context, registers);
  if (signal !== NEXT) return signal;
  const thread = context.i32[registers];
  if (noted(context) === 0) {
    const state = statusOf(context, thread);
    if (state !== THREAD_SUSPENDED && state !== THREAD_DEAD) {
      return raiseText(context, positionOf(context, 1), `cannot close a ${statusText(context, thread)} coroutine`);
    }
  }
  const closing = advanceClosing(context, thread);
  if (closing !== NEXT) return closing;
  note(context, 0);
  const error = coroutineError(context, thread);
  if (error !== 0) copyValue(context, argument(registers, 1), error);
  forgetCoroutine(context, thread);
  writeBoolean(context, registers, error === 0);
  return returnValues(context, registers, error === 0 ? 1 : 2);
}
