// Numbers as text and text as numbers, as Lua's coercions have it: floats as "%.14g" with ".0" where they look like
// integers. The digits are vm/numbers' business.
import type { Context } from './context';
import { TAG_FLOAT, TAG_INTEGER, TAG_LONG_STRING, TAG_SHORT_STRING, VALUE_HIGH, VALUE_TAG } from './layout';
import { floatTextWork, writeFloatNumeral } from './numbers/format-float';
import { writeSigned } from './numbers/integer64-text';
import { NUMERAL_NONE, parseNumeral } from './numbers/numeral';
import { floatParseWork } from './numbers/parse-float';
import { stringLength, stringStart } from './strings';

/** The most bytes that `writeNumber` writes. */
export const NUMBER_TEXT_SIZE = 32;

/** Longest text that may be a numeral: nobody writes a longer one, and parsing it is not preempted. */
const LONGEST_NUMERAL = 4096;

/** Whether a tag is an integer's or a float's. */
export function isNumberTag(tag: number): boolean {
  return tag === TAG_INTEGER || tag === TAG_FLOAT;
}

/** Whether a tag is a string's. */
export function isStringTag(tag: number): boolean {
  return tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING;
}

/**
 * Writes the number at `slot` as Lua's tostring does; returns the number of bytes, at most NUMBER_TEXT_SIZE. Charged.
 * A NaN of arithmetic is canonical and prints as "-nan", as it does on Lua's most common host; its negation as "nan".
 */
export function writeNumber(context: Context, slot: number, out: Uint8Array, at: number): number {
  const { i32, f64 } = context;
  if (i32[slot + VALUE_TAG] === TAG_INTEGER) {
    context.fuel = (context.fuel - 1) | 0;
    return writeSigned(out, at, i32[slot], i32[slot + VALUE_HIGH]);
  }
  const value = f64[slot >> 1];
  context.fuel = (context.fuel - (floatTextWork(value, 0x67, 14) >> 3)) | 0;
  return writeFloatNumeral(out, at, value, i32[slot + VALUE_HIGH] >= 0);
}

/**
 * Reads the string at the word address `address` as a numeral: NUMERAL_INTEGER, NUMERAL_FLOAT or NUMERAL_NONE, the number
 * in numeralLow and numeralHigh or in numeralFloat (numbers/numeral.ts). Charged by its length.
 */
export function parseNumber(context: Context, address: number): number {
  const length = stringLength(context, address);
  if (length > LONGEST_NUMERAL) return NUMERAL_NONE;
  context.fuel = (context.fuel - (floatParseWork(length) >> 2)) | 0;
  const start = stringStart(context, address);
  return parseNumeral(context.u8, start, start + length);
}
