// Intrinsics on any number of arguments or results: reading the extra arguments of the library function that runs,
// joining them, and returning many values. What is long is done in chunks, from the last value to the first, because the
// first ones take the place of the arguments.
import {
  type Context,
  copyValue,
  getInteger,
  isNumberTag,
  NEXT,
  RELOAD,
  stringLength,
  stringStart,
  TAG_INTEGER,
  TAG_NIL,
  VALUE_HIGH,
  VALUE_SIZE,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { raiseAtCaller } from './argument-errors';
import { hasTextHandler, referenceText } from './basic';
import { endOf, startOf } from './positions';
import { beginText, endText, isTextFull, pushByte, pushNumber, pushString, pushText } from './short-text';
import {
  argument,
  baseRegister,
  charge,
  checkInteger,
  checkString,
  doneAfter,
  extraCount,
  firstExtra,
  integerAt,
  integerOrLength,
  intrinsic,
  isPlainTable,
  isStackOverflow,
  isString,
  leaveToGuest,
  makeRoomForValues,
  note,
  noted,
  OPEN,
  optionalInteger,
  rangeSize,
  returnValues,
  stopAt,
  tagOf,
} from './support';

export const VARARG_INTRINSICS = [
  intrinsic('vararg_count', 0, 1, count),
  intrinsic('vararg_get', 1, 1, get),
  intrinsic('vararg_set', 2, 0, set),
  intrinsic('vararg_line', 0, 1, line),
  intrinsic('vararg_text', 0, 1, text),
  intrinsic('table_unpack', 3, OPEN, unpack),
  intrinsic('unpack_size', 2, 1, unpackSize),
  intrinsic('string_byte', 3, OPEN, bytes),
];

function count(context: Context, registers: number): number {
  writeInteger(context, registers, extraCount(context), 0);
  return NEXT;
}

/** The one with index R[0], from 1; nil when there is none. */
function get(context: Context, registers: number): number {
  const index = integerAt(context, registers);
  if (index < 1 || index > extraCount(context)) writeNil(context, registers);
  else copyValue(context, registers, firstExtra(context) + (index - 1) * VALUE_SIZE);
  return NEXT;
}

/** The one with index R[0] becomes R[1]. */
function set(context: Context, registers: number): number {
  const index = integerAt(context, registers);
  if (index >= 1 && index <= extraCount(context)) {
    copyValue(context, firstExtra(context) + (index - 1) * VALUE_SIZE, argument(registers, 1));
  }
  return NEXT;
}

const TAB = 0x09;
const NEWLINE = 0x0a;

/** All of them as a line of text, with tabs between; nil when it is long or a `__tostring` must be asked. */
function line(context: Context, registers: number): number {
  const size = extraCount(context);
  const first = firstExtra(context);
  beginText();
  for (let index = 0; index < size && !isTextFull(); index++) {
    const slot = first + index * VALUE_SIZE;
    const tag = tagOf(context, slot);
    if (index > 0) pushByte(TAB);
    if (hasTextHandler(context, slot)) return leave(context, registers);
    if (isString(tag)) pushString(context, context.i32[slot]);
    else if (isNumberTag(tag)) pushNumber(context, slot);
    else pushText(referenceText(context, slot));
  }
  pushByte(NEWLINE);
  return isTextFull() ? leave(context, registers) : endText(context, registers);
}

function leave(context: Context, registers: number): number {
  writeNil(context, registers);
  return NEXT;
}

/** All of them, strings and numbers, as one text; nil when it is long or something else is among them. Floats are written as C's "%.14g" does. */
function text(context: Context, registers: number): number {
  const size = extraCount(context);
  const first = firstExtra(context);
  beginText();
  for (let index = 0; index < size && !isTextFull(); index++) {
    const slot = first + index * VALUE_SIZE;
    const tag = tagOf(context, slot);
    if (isString(tag)) pushString(context, context.i32[slot]);
    else if (isNumberTag(tag)) pushNumber(context, slot, true);
    else return leave(context, registers);
  }
  return isTextFull() ? leave(context, registers) : endText(context, registers);
}

/** As many results as Lua's own stack could take. */
const MOST_RESULTS = 1_000_000;
/** Values that are made between two looks at the fuel. */
const CHUNK = 256;

type Produce = (context: Context, target: number, index: number) => void;

/**
 * Returns `size` values, each made by `produce` from its index (from 0) in the slot of its result. `produce` must have
 * taken what it needs of the first CHUNK registers before. FRAME_STATE: how many are still to be made, plus 1.
 */
function returnMany(context: Context, size: number, refusal: string, produce: Produce): number {
  if (size >= MOST_RESULTS) return raiseAtCaller(context, refusal);
  const room = makeRoomForValues(context, size);
  if (room !== NEXT && room !== RELOAD) return isStackOverflow(context, room) ? raiseAtCaller(context, refusal) : room;
  const base = baseRegister(context);
  returnValues(context, base, size);
  let left = noted(context) > 0 ? Math.min(noted(context) - 1, size) : size;
  while (left > 0) {
    const next = left > 2 * CHUNK ? left - CHUNK : 0;
    charge(context, (left - next) >> 2);
    while (left > next) {
      left--;
      produce(context, base + left * VALUE_SIZE, left);
    }
    if (left > 0 && context.fuel <= 0) return stopAt(context, left + 1);
  }
  note(context, 0);
  return doneAfter(room);
}

/** The table and the integer of its first element that `unpack` is at. */
let table = 0;
let firstLow = 0;
let firstHigh = 0;

/** The elements R[1] to R[2] of the table R[0]. Left to the guest when it is no plain table. */
function unpack(context: Context, registers: number): number {
  const first = argument(registers, 1);
  const last = argument(registers, 2);
  const wrong = optionalInteger(context, first, 2, 1);
  if (wrong !== NEXT) return wrong;
  if (!isPlainTable(context, registers)) {
    const signal = tagOf(context, last) === TAG_NIL ? NEXT : checkInteger(context, last, 3);
    return signal === NEXT ? leaveToGuest(context) : signal;
  }
  const signal = integerOrLength(context, registers, last, 3);
  if (signal !== NEXT) return signal;
  table = context.i32[registers];
  firstLow = context.i32[first];
  firstHigh = context.i32[first + VALUE_HIGH];
  const size = rangeSize(context, first, last);
  return returnMany(context, size, 'too many results to unpack', produceElement);
}

/** How many elements there are from R[0] to R[1], if they are not too many to return. */
function unpackSize(context: Context, registers: number): number {
  const size = rangeSize(context, registers, argument(registers, 1));
  if (size >= MOST_RESULTS) return raiseAtCaller(context, 'too many results to unpack');
  writeInteger(context, registers, size, 0);
  return NEXT;
}

function produceElement(context: Context, target: number, index: number): void {
  const low = (firstLow + index) | 0;
  const slot = getInteger(context, table, low, (firstHigh + (low >>> 0 < firstLow >>> 0 ? 1 : 0)) | 0);
  if (slot === 0) writeNil(context, target);
  else copyValue(context, target, slot);
}

/** The byte address of the first byte that `bytes` returns. */
let firstByte = 0;

/** The bytes R[1] to R[2] of the string R[0], counted as string.sub does. */
function bytes(context: Context, registers: number): number {
  const first = argument(registers, 1);
  const last = argument(registers, 2);
  const signal = checkString(context, registers, 1) || optionalInteger(context, first, 2, 1);
  if (signal !== NEXT) return signal;
  if (tagOf(context, last) !== TAG_INTEGER) {
    if (tagOf(context, last) === TAG_NIL) copyValue(context, last, first);
    const wrong = checkInteger(context, last, 3);
    if (wrong !== NEXT) return wrong;
  }
  const address = context.i32[registers];
  const length = stringLength(context, address);
  const from = startOf(integerAt(context, first), length);
  const size = Math.max(endOf(integerAt(context, last), length) - from + 1, 0);
  firstByte = stringStart(context, address) + from - 1;
  if (size === 1) {
    writeInteger(context, registers, context.u8[firstByte], 0);
    return returnValues(context, registers, 1);
  }
  return returnMany(context, size, 'string slice too long', produceByte);
}

function produceByte(context: Context, target: number, index: number): void {
  writeInteger(context, target, context.u8[firstByte + index], 0);
}
