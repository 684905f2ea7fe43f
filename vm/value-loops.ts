// The beginning of a numeric for: what it counts with is decided once, so that an iteration has nothing to check.
import type { Context } from './context';
import { FRAME_PC, TAG_FLOAT, TAG_INTEGER, VALUE_HIGH, VALUE_SIZE, VALUE_TAG } from './layout';
import { add, compareSigned, divideUnsigned, high, negate, subtract } from './numbers/integer64';
import { fromDouble, truncatesToSigned } from './numbers/integer64-conversion';
import { NUMERAL_INTEGER, NUMERAL_NONE, numeralFloat, numeralHigh, numeralLow } from './numbers/numeral';
import { NEXT } from './signals';
import { raise, typeNameOf } from './value-errors';
import { registerA } from './value-frame';
import { numberAt } from './value-probe';
import { isStringTag, parseNumber } from './value-text';
import { copyValue, writeFloat, writeInteger } from './values';

const LIMIT = VALUE_SIZE;
const STEP = 2 * VALUE_SIZE;
const COUNTER = 3 * VALUE_SIZE;

/** `for_prepare`. */
export function executeForPrepare(context: Context, ins: number): number {
  const { i32 } = context;
  const slot = registerA(context, ins);
  const areIntegers = i32[slot + VALUE_TAG] === TAG_INTEGER && i32[slot + STEP + VALUE_TAG] === TAG_INTEGER;
  const wrong = areIntegers ? findWrong(context, slot, [LIMIT]) : findWrong(context, slot, [LIMIT, STEP, 0]);
  if (wrong >= 0) return raiseForError(context, slot + wrong, wrong);
  const isZero = areIntegers
    ? (i32[slot + STEP] | i32[slot + STEP + VALUE_HIGH]) === 0
    : numberAt(i32, context.f64, slot + STEP) === 0;
  if (isZero) return raise(context, "'for' step is zero");
  const runs = areIntegers ? prepareIntegers(context, slot) : prepareFloats(context, slot);
  if (!runs) i32[context.frame + FRAME_PC] += ins >> 16;
  return NEXT;
}

/** Makes numbers of strings; the first of the given operands that is no number, or -1. */
function findWrong(context: Context, slot: number, operands: readonly number[]): number {
  for (const operand of operands) if (!makeNumber(context, slot + operand)) return operand;
  return -1;
}

function makeNumber(context: Context, slot: number): boolean {
  const tag = context.i32[slot + VALUE_TAG];
  if (tag === TAG_INTEGER || tag === TAG_FLOAT) return true;
  const kind = isStringTag(tag) ? parseNumber(context, context.i32[slot]) : NUMERAL_NONE;
  if (kind === NUMERAL_NONE) return false;
  if (kind === NUMERAL_INTEGER) writeInteger(context, slot, numeralLow, numeralHigh);
  else writeFloat(context, slot, numeralFloat);
  return true;
}

function raiseForError(context: Context, slot: number, operand: number): number {
  const what = operand === LIMIT ? 'limit' : operand === STEP ? 'step' : 'initial value';
  return raise(context, `bad 'for' ${what} (number expected, got `, typeNameOf(context, slot), ')');
}

/** Puts the number of iterations after the first into the limit's place. Whether there is a first one. */
function prepareIntegers(context: Context, slot: number): boolean {
  const { i32 } = context;
  const isUp = i32[slot + STEP + VALUE_HIGH] >= 0;
  copyValue(context, slot + COUNTER, slot);
  if (!clipLimit(context, slot + LIMIT, isUp)) return false;
  const [low, top] = [i32[slot], i32[slot + VALUE_HIGH]];
  const [limitLow, limitTop] = [i32[slot + LIMIT], i32[slot + LIMIT + VALUE_HIGH]];
  const order = compareSigned(low, top, limitLow, limitTop);
  if (isUp ? order > 0 : order < 0) return false;
  const spanLow = isUp ? subtract(limitLow, limitTop, low, top) : subtract(low, top, limitLow, limitTop);
  const spanTop = high;
  const stepLow = isUp ? i32[slot + STEP] : magnitude(i32[slot + STEP], i32[slot + STEP + VALUE_HIGH]);
  const stepTop = isUp ? i32[slot + STEP + VALUE_HIGH] : high;
  const count = divideUnsigned(spanLow, spanTop, stepLow, stepTop);
  writeInteger(context, slot + LIMIT, count, high);
  return true;
}

/** -(step + 1) + 1 of a negative step, unsigned: right for the least integer, too. */
function magnitude(low: number, top: number): number {
  const next = add(low, top, 1, 0);
  const negated = negate(next, high);
  return add(negated, high, 1, 0);
}

/** Makes a float limit an integer, rounded towards the loop's beginning. False when the loop does not run at all. */
function clipLimit(context: Context, slot: number, isUp: boolean): boolean {
  if (context.i32[slot + VALUE_TAG] === TAG_INTEGER) return true;
  const value = context.f64[slot >> 1];
  const rounded = isUp ? Math.floor(value) : Math.ceil(value);
  if (truncatesToSigned(rounded)) {
    const low = fromDouble(rounded);
    writeInteger(context, slot, low, high);
  } else if (value > 0) {
    if (!isUp) return false;
    writeInteger(context, slot, -1, 0x7fffffff);
  } else {
    if (isUp) return false;
    writeInteger(context, slot, 0, -0x80000000);
  }
  return true;
}

function prepareFloats(context: Context, slot: number): boolean {
  const { i32, f64 } = context;
  const initial = numberAt(i32, f64, slot);
  const limit = numberAt(i32, f64, slot + LIMIT);
  const step = numberAt(i32, f64, slot + STEP);
  if (step > 0 ? limit < initial : initial < limit) return false;
  writeFloat(context, slot, initial);
  writeFloat(context, slot + LIMIT, limit);
  writeFloat(context, slot + STEP, step);
  writeFloat(context, slot + COUNTER, initial);
  return true;
}

/**
 * One step of a numeric for, as the loop does it: its state begins at `state`, the variable lies behind. False when the
 * loop is over.
 */
export function forLoop(context: Context, state: number): boolean {
  const { i32, f64 } = context;
  if (i32[state + VALUE_TAG] === TAG_INTEGER) {
    const left = i32[state + LIMIT];
    if (left === 0 && i32[state + LIMIT + VALUE_HIGH] === 0) return false;
    i32[state + LIMIT] = (left - 1) | 0;
    if (left === 0) i32[state + LIMIT + VALUE_HIGH] = (i32[state + LIMIT + VALUE_HIGH] - 1) | 0;
    const sum = add(i32[state], i32[state + VALUE_HIGH], i32[state + STEP], i32[state + STEP + VALUE_HIGH]);
    writeInteger(context, state, sum, high);
  } else {
    const step = f64[(state + STEP) >> 1];
    const value = f64[state >> 1] + step;
    const limit = f64[(state + LIMIT) >> 1];
    if (!(step > 0 ? value <= limit : value >= limit)) return false;
    writeFloat(context, state, value);
  }
  copyValue(context, state + COUNTER, state);
  return true;
}
