// Small helpers for value slots: writing, copying, and comparing without metamethods. Slots are given by their word
// addresses, which callers have made sure lie inside the region and are multiples of 4. AUX words are never touched.
import type { Context } from './context';
import {
  TAG_FALSE,
  TAG_FIRST_REFERENCE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_TRUE,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_TAG,
} from './layout';
import { storeDouble } from './numbers/float';
import { compareWithDouble } from './numbers/integer64-conversion';
import { equalStrings } from './strings';

export function writeNil(context: Context, slot: number): void {
  writeWords(context, slot, 0, 0, TAG_NIL);
}

export function writeBoolean(context: Context, slot: number, value: boolean): void {
  writeWords(context, slot, 0, 0, value ? TAG_TRUE : TAG_FALSE);
}

export function writeInteger(context: Context, slot: number, low: number, high: number): void {
  writeWords(context, slot, low, high, TAG_INTEGER);
}

/** Writes a float; a NaN becomes the canonical one. */
export function writeFloat(context: Context, slot: number, value: number): void {
  storeDouble(context.i32, slot, value);
  context.i32[slot + VALUE_TAG] = TAG_FLOAT;
}

/** Writes a reference: `tag` is a string's, table's, closure's, ... */
export function writeReference(context: Context, slot: number, tag: number, address: number): void {
  writeWords(context, slot, address, 0, tag);
}

/** Writes a slot's three words. */
export function writeWords(context: Context, slot: number, low: number, high: number, tag: number): void {
  const i32 = context.i32;
  i32[slot + VALUE_LOW] = low;
  i32[slot + VALUE_HIGH] = high;
  i32[slot + VALUE_TAG] = tag;
}

/** Copies a value by its words, never through a float. */
export function copyValue(context: Context, to: number, from: number): void {
  const i32 = context.i32;
  i32[to + VALUE_LOW] = i32[from + VALUE_LOW];
  i32[to + VALUE_HIGH] = i32[from + VALUE_HIGH];
  i32[to + VALUE_TAG] = i32[from + VALUE_TAG];
}

/**
 * 1 when two values are equal without metamethods, else 0: numbers by their mathematical value, strings by their bytes,
 * everything else by identity. Long strings: UNFINISHED and `state` as in equalStrings (0: never stops).
 */
export function rawEqual(context: Context, a: number, b: number, state: number): number {
  const i32 = context.i32;
  const tag = i32[a + VALUE_TAG];
  if (tag !== i32[b + VALUE_TAG]) return areEqualNumbers(context, a, b) ? 1 : 0;
  if (tag === TAG_LONG_STRING) return equalStrings(context, i32[a], i32[b], state);
  if (tag === TAG_FLOAT) return context.f64[a >>> 1] === context.f64[b >>> 1] ? 1 : 0;
  if (tag === TAG_INTEGER) return i32[a] === i32[b] && i32[a + VALUE_HIGH] === i32[b + VALUE_HIGH] ? 1 : 0;
  return tag < TAG_FIRST_REFERENCE || i32[a] === i32[b] ? 1 : 0;
}

/** Whether one is an integer, the other a float, and they are the same number. */
function areEqualNumbers(context: Context, a: number, b: number): boolean {
  const i32 = context.i32;
  if (i32[a + VALUE_TAG] === TAG_FLOAT && i32[b + VALUE_TAG] === TAG_INTEGER) return isSameNumber(context, b, a);
  return i32[a + VALUE_TAG] === TAG_INTEGER && i32[b + VALUE_TAG] === TAG_FLOAT && isSameNumber(context, a, b);
}

function isSameNumber(context: Context, integer: number, float: number): boolean {
  const value = context.f64[float >>> 1];
  if (Number.isNaN(value)) return false;
  return compareWithDouble(context.i32[integer], context.i32[integer + VALUE_HIGH], value) === 0;
}
