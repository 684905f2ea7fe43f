// Values as Lua source that reads back as the same value: the conversion %q of string.format.
import {
  type Context,
  floatTextWork,
  signedToString,
  stringLength,
  stringStart,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TRUE,
  VALUE_HIGH,
  writeFloat,
} from '../../../vm/index';
import { pushByte, pushText, setTextLength, shortText, textLength } from './short-text';
import { charge, isString, tagOf } from './support';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
const DELETE = 0x7f;
const SPACE = 0x20;
const LOWER_A = 0x61;

/** Whether values with this tag have a literal form. */
export function isQuotable(tag: number): boolean {
  return tag <= TAG_FLOAT || isString(tag);
}

/** Adds the value at `slot` to the short text; a string must be short. */
export function pushQuoted(context: Context, slot: number): void {
  const tag = tagOf(context, slot);
  if (isString(tag)) {
    const start = stringStart(context, context.i32[slot]);
    const end = start + stringLength(context, context.i32[slot]);
    pushByte(QUOTE);
    pushQuotedBytes(context, start, end, end);
    pushByte(QUOTE);
  } else if (tag === TAG_INTEGER) pushInteger(context.i32[slot], context.i32[slot + VALUE_HIGH]);
  else if (tag === TAG_FLOAT) pushFloat(context, context.f64[slot >> 1]);
  else pushText(tag === TAG_NIL ? 'nil' : tag === TAG_TRUE ? 'true' : 'false');
}

/** Adds the bytes from `start` to `to` of a string that ends at `end`, without the quotes around it. */
export function pushQuotedBytes(context: Context, start: number, to: number, end: number): void {
  const { u8 } = context;
  charge(context, (to - start) >> 2);
  for (let at = start; at < to; at++) {
    const byte = u8[at];
    if (byte === QUOTE || byte === BACKSLASH || byte === NEWLINE) {
      pushByte(BACKSLASH);
      pushByte(byte);
    } else if (byte < SPACE || byte === DELETE) pushEscape(byte, at + 1 < end ? u8[at + 1] : 0);
    else pushByte(byte);
  }
}

/** A control character as \ddd, with three digits where a digit follows. */
function pushEscape(byte: number, following: number): void {
  const text = String(byte);
  pushByte(BACKSLASH);
  pushText(following >= ZERO && following <= NINE ? text.padStart(3, '0') : text);
}

/** The least integer has no decimal numeral. */
function pushInteger(low: number, top: number): void {
  pushText(low === 0 && top === -0x80000000 ? '0x8000000000000000' : signedToString(low, top));
}

function pushFloat(context: Context, value: number): void {
  if (value === Infinity) pushText('1e9999');
  else if (value === -Infinity) pushText('-1e9999');
  else if (Number.isNaN(value)) pushText('(0/0)');
  else {
    charge(context, floatTextWork(value, LOWER_A, -1) >> 3);
    setTextLength(textLength() + writeFloat(shortText, textLength(), value, LOWER_A, -1, false));
  }
}
