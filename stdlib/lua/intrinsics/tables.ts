// Intrinsics of the table library: joining the elements of a list.
import {
  type Context,
  FRAME_STATE,
  FUEL,
  finishString,
  getInteger,
  isNumberTag,
  isStringTag,
  MAXIMUM_STRING_BYTES,
  NEXT,
  NUMBER_TEXT_SIZE,
  newLongString,
  stringLength,
  stringStart,
  stringTag,
  TAG_LONG_STRING,
  TAG_NIL,
  typeNameOf,
  VALUE_HIGH,
  writeInteger,
  writeNumber,
  writeReference,
} from '../../../vm/index';
import { argument, BYTES_AN_INSTRUCTION, charge, integerAt, intrinsic, raiseAtCaller, tagOf } from './support';

export const TABLE_INTRINSICS = [intrinsic('table_concat', 7, 1, concat)];

// Registers of table_concat: the table, the separator, first and last index; then scratch that begins as 0, nil and the
// first index: bytes so far, the result while it is built, and the index that it stands at.
const SEPARATOR = 1;
const FIRST = 2;
const LAST = 3;
const BYTES = 4;
const RESULT = 5;
const INDEX = 6;

const numberText = new Uint8Array(NUMBER_TEXT_SIZE);

/** Joins the strings and numbers of a table: measures them all, makes the result, then copies them into it. */
function concat(context: Context, registers: number): number {
  if (tagOf(context, argument(registers, RESULT)) === TAG_NIL) {
    const signal = eachElement(context, registers, measure);
    if (signal !== NEXT) return signal;
    const total = integerAt(context, argument(registers, BYTES));
    if (total > MAXIMUM_STRING_BYTES) return raiseAtCaller(context, 'resulting string too large');
    const address = newLongString(context, total);
    if (address === 0) return context.failure;
    writeReference(context, argument(registers, RESULT), TAG_LONG_STRING, address);
    writeInteger(context, argument(registers, BYTES), 0, 0);
    const first = argument(registers, FIRST);
    writeInteger(context, argument(registers, INDEX), context.i32[first], context.i32[first + VALUE_HIGH]);
  }
  const signal = eachElement(context, registers, copy);
  if (signal !== NEXT) return signal;
  context.i32[context.frame + FRAME_STATE] = 0;
  const built = context.i32[argument(registers, RESULT)];
  const length = stringLength(context, built);
  const address = finishString(context, built);
  if (address === 0) return context.failure;
  writeReference(context, registers, stringTag(length), address);
  return NEXT;
}

type Visit = (context: Context, registers: number, bytes: Uint8Array, start: number, length: number) => void;

/** Visits the bytes of each element from INDEX to LAST, and of the separator behind each but the last. */
function eachElement(context: Context, registers: number, visit: Visit): number {
  const index = argument(registers, INDEX);
  const last = argument(registers, LAST);
  for (;;) {
    const left = integerAt(context, last) - integerAt(context, index);
    if (left < 0) return NEXT;
    charge(context, 2);
    const { i32 } = context;
    const slot = getInteger(context, i32[registers], i32[index], i32[index + VALUE_HIGH]);
    const tag = slot === 0 ? TAG_NIL : tagOf(context, slot);
    if (isStringTag(tag)) {
      visit(context, registers, context.u8, stringStart(context, i32[slot]), stringLength(context, i32[slot]));
    } else if (isNumberTag(tag)) {
      visit(context, registers, numberText, 0, writeNumber(context, slot, numberText, 0));
    } else {
      return raiseElement(context, index, slot);
    }
    if (left > 0) {
      const separator = i32[argument(registers, SEPARATOR)];
      visit(context, registers, context.u8, stringStart(context, separator), stringLength(context, separator));
    }
    const low = (i32[index] + 1) | 0;
    writeInteger(context, index, low, low === 0 ? (i32[index + VALUE_HIGH] + 1) | 0 : i32[index + VALUE_HIGH]);
    // Only after some work: a call that does none would be repeated for ever.
    if (context.fuel <= 0) {
      context.i32[context.frame + FRAME_STATE] = 1;
      return FUEL;
    }
  }
}

function measure(context: Context, registers: number, _bytes: Uint8Array, _start: number, length: number): void {
  const bytes = argument(registers, BYTES);
  const total = Math.min(integerAt(context, bytes) + length, 2 * MAXIMUM_STRING_BYTES);
  writeInteger(context, bytes, total | 0, 0);
}

function copy(context: Context, registers: number, bytes: Uint8Array, start: number, length: number): void {
  charge(context, (length / BYTES_AN_INSTRUCTION) | 0);
  const built = context.i32[argument(registers, RESULT)];
  const done = argument(registers, BYTES);
  const at = Math.min(Math.max(context.i32[done], 0), stringLength(context, built));
  const size = Math.min(length, stringLength(context, built) - at);
  const target = stringStart(context, built) + at;
  if (bytes === context.u8) context.u8.copyWithin(target, start, start + size);
  else context.u8.set(bytes.subarray(start, start + size), target);
  writeInteger(context, done, at + size, 0);
}

function raiseElement(context: Context, index: number, slot: number): number {
  const name = slot === 0 ? 'nil' : typeNameOf(context, slot);
  const text = typeof name === 'string' ? name : new TextDecoder().decode(name);
  const at = integerAt(context, index);
  return raiseAtCaller(context, `invalid value (${text}) at index ${at} in table for 'concat'`);
}
