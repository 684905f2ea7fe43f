// table.concat: joins the strings and numbers of a plain table. What is short is joined outside the heap at once; else all
// elements are measured, the result is made, and they are copied into it, from element to element. Tables with a metatable
// are left to the guest code.
import {
  areManyBytes,
  type Context,
  copyBytes,
  finishString,
  getInteger,
  hasJob,
  isNumberTag,
  MAXIMUM_STRING_BYTES,
  NEXT,
  NUMBER_TEXT_SIZE,
  newLongString,
  signedToString,
  stringLength,
  stringStart,
  stringTag,
  TAG_LONG_STRING,
  TAG_NIL,
  VALUE_HIGH,
  writeInteger,
  writeNil,
  writeNumber,
  writeReference,
} from '../../../vm/index';
import { raiseAtCaller, typeText } from './argument-errors';
import { beginText, endText, isTextFull, pushBytes, pushNumber } from './short-text';
import {
  argument,
  BYTES_SHIFT,
  charge,
  checkString,
  checkTable,
  integerAt,
  integerOrLength,
  isPlainTable,
  isString,
  leaveToGuest,
  moveBytes,
  note,
  noted,
  optionalInteger,
  rangeSize,
  stopAt,
  tagOf,
} from './support';

// Registers: the table, the separator, first and last index; then, for long results, the bytes so far, the result while
// it is built, and the number of the element that it stands at.
const SEPARATOR = 1;
const FIRST = 2;
const LAST = 3;
const BYTES = 4;
const RESULT = 5;
const INDEX = 6;

/** Joins the strings and numbers of a plain table. */
export function concat(context: Context, registers: number): number {
  if (noted(context) !== 0) return concatLong(context, registers);
  const separator = argument(registers, SEPARATOR);
  const first = argument(registers, FIRST);
  const last = argument(registers, LAST);
  const signal =
    checkTable(context, registers, 1) ||
    (tagOf(context, separator) === TAG_NIL ? NEXT : checkString(context, separator, 2)) ||
    optionalInteger(context, first, 3, 1);
  if (signal !== NEXT) return signal;
  if (!isPlainTable(context, registers)) return leaveToGuest(context);
  const wrong = integerOrLength(context, registers, last, 4);
  if (wrong !== NEXT) return wrong;
  if (concatShort(context, registers)) return endText(context, registers);
  writeInteger(context, argument(registers, BYTES), 0, 0);
  writeNil(context, argument(registers, RESULT));
  writeInteger(context, argument(registers, INDEX), 0, 0);
  note(context, 1);
  return concatLong(context, registers);
}

/** Elements that are joined in one step. */
const SHORT_COUNT = 1024;

/** Joins what is short, outside the heap; false when it is not, or an element is wrong. */
function concatShort(context: Context, registers: number): boolean {
  const { i32 } = context;
  const first = argument(registers, FIRST);
  const count = rangeSize(context, first, argument(registers, LAST));
  if (count > SHORT_COUNT) return false;
  const separator = argument(registers, SEPARATOR);
  const hasSeparator = tagOf(context, separator) !== TAG_NIL && stringLength(context, i32[separator]) > 0;
  const separatorStart = hasSeparator ? stringStart(context, i32[separator]) : 0;
  const separatorLength = hasSeparator ? stringLength(context, i32[separator]) : 0;
  beginText();
  for (let index = 0; index < count && !isTextFull(); index++) {
    charge(context, 1);
    const slot = elementAt(context, i32[registers], first, index);
    const tag = slot === 0 ? TAG_NIL : i32[slot + 2];
    if (isString(tag)) pushBytes(context, stringStart(context, i32[slot]), stringLength(context, i32[slot]));
    else if (isNumberTag(tag)) pushNumber(context, slot);
    else return false;
    if (hasSeparator && index < count - 1) pushBytes(context, separatorStart, separatorLength);
  }
  return !isTextFull();
}

/** Slot of the element `offset` behind the index in the slot `first`, or 0. */
function elementAt(context: Context, table: number, first: number, offset: number): number {
  const low = (context.i32[first] + offset) | 0;
  const carry = low >>> 0 < context.i32[first] >>> 0 ? 1 : 0;
  return getInteger(context, table, low, (context.i32[first + VALUE_HIGH] + carry) | 0);
}

const numberText = new Uint8Array(NUMBER_TEXT_SIZE);

/** Measures all elements, makes the result, then copies them into it. */
function concatLong(context: Context, registers: number): number {
  const result = argument(registers, RESULT);
  const bytes = argument(registers, BYTES);
  if (tagOf(context, result) === TAG_NIL) {
    const signal = eachElement(context, registers, measure);
    if (signal !== NEXT) return signal;
    const total = integerAt(context, bytes);
    if (total > MAXIMUM_STRING_BYTES) return raiseAtCaller(context, 'resulting string too large');
    const address = newLongString(context, total);
    if (address === 0) return context.failure;
    writeReference(context, result, TAG_LONG_STRING, address);
    writeInteger(context, bytes, 0, 0);
    writeInteger(context, argument(registers, INDEX), 0, 0);
  }
  const signal = eachElement(context, registers, copy);
  if (signal !== NEXT) return signal;
  const built = context.i32[result];
  const size = stringLength(context, built);
  const address = finishString(context, built);
  if (address === 0) return context.failure;
  note(context, 0);
  // The built object may be gone, when the string was there already.
  writeNil(context, result);
  writeReference(context, registers, stringTag(size), address);
  return NEXT;
}

type Visit = (context: Context, registers: number, bytes: Uint8Array, start: number, length: number) => void;

/** Visits the bytes of each element from number INDEX (from 0) on, and of the separator behind each but the last. */
function eachElement(context: Context, registers: number, visit: Visit): number {
  const first = argument(registers, FIRST);
  const index = argument(registers, INDEX);
  const separator = argument(registers, SEPARATOR);
  const hasSeparator = tagOf(context, separator) !== TAG_NIL;
  const count = rangeSize(context, first, argument(registers, LAST));
  for (let offset = integerAt(context, index); offset < count; offset++) {
    // What is copied in steps has not cost anything yet.
    if (context.fuel <= 0 || hasJob(context)) {
      writeInteger(context, index, offset, 0);
      return stopAt(context, 1);
    }
    charge(context, 1);
    const { i32, u8 } = context;
    const slot = elementAt(context, i32[registers], first, offset);
    const tag = slot === 0 ? TAG_NIL : tagOf(context, slot);
    if (isString(tag)) visit(context, registers, u8, stringStart(context, i32[slot]), stringLength(context, i32[slot]));
    else if (isNumberTag(tag)) visit(context, registers, numberText, 0, writeNumber(context, slot, numberText, 0));
    else return raiseElement(context, first, offset, slot);
    if (hasSeparator && offset < count - 1) {
      visit(context, registers, u8, stringStart(context, i32[separator]), stringLength(context, i32[separator]));
    }
  }
  return NEXT;
}

function measure(context: Context, registers: number, _bytes: Uint8Array, _start: number, length: number): void {
  const bytes = argument(registers, BYTES);
  const total = Math.min(integerAt(context, bytes) + length, 2 * MAXIMUM_STRING_BYTES);
  writeInteger(context, bytes, total | 0, 0);
}

function copy(context: Context, registers: number, bytes: Uint8Array, start: number, length: number): void {
  const isMany = bytes === context.u8 && areManyBytes(length);
  if (!isMany) charge(context, length >> BYTES_SHIFT);
  const built = context.i32[argument(registers, RESULT)];
  const done = argument(registers, BYTES);
  const at = Math.min(Math.max(context.i32[done], 0), stringLength(context, built));
  const size = Math.min(length, stringLength(context, built) - at);
  const target = stringStart(context, built) + at;
  if (isMany) copyBytes(context, target, start, size);
  else moveBytes(bytes, start, context.u8, target, size);
  writeInteger(context, done, at + size, 0);
}

function raiseElement(context: Context, first: number, offset: number, slot: number): number {
  const { i32 } = context;
  const low = (i32[first] + offset) | 0;
  const top = (i32[first + VALUE_HIGH] + (low >>> 0 < i32[first] >>> 0 ? 1 : 0)) | 0;
  const type = slot === 0 ? 'nil' : typeText(context, slot);
  return raiseAtCaller(context, `invalid value (${type}) at index ${signedToString(low, top)} in table for 'concat'`);
}
