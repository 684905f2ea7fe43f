// Intrinsics of the basic functions: types, checks of arguments, errors, raw access, the collector.
import {
  basicTypeName,
  COLLECT,
  type Context,
  copyValue,
  ENTRY_FOUND,
  ENTRY_NONE,
  FRAME_STATE,
  FUEL,
  findOrInsert,
  getSlot,
  HEADER,
  high,
  NEXT,
  nextEntry,
  parseDigits,
  positionOf,
  rawEqual,
  stringLength,
  stringStart,
  TABLE_METATABLE,
  TAG_CLOSURE,
  TAG_FALSE,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_TRUE,
  THROW,
  tableLength,
  typeNameOf,
  UNFINISHED,
  WELL_KNOWN_STRINGS,
  writeBoolean,
  writeFloatValue,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import {
  argument,
  argumentCount,
  charge,
  integerAt,
  intrinsic,
  isString,
  numberToString,
  raiseArgument,
  raiseArgumentType,
  raiseAtCaller,
  storeText,
  stringToNumber,
  tagOf,
  toInteger,
} from './support';

const WELL_KNOWN = new Map<string, number>(WELL_KNOWN_STRINGS.map((text, index) => [text, index]));

export const BASIC_INTRINSICS = [
  intrinsic('type', 1, 1, type),
  intrinsic('check_any', 2, 1, checkAny),
  intrinsic('check_string', 2, 1, checkString),
  intrinsic('check_integer', 2, 1, checkInteger),
  intrinsic('check_number', 2, 1, checkNumber),
  intrinsic('type_error', 3, 1, typeError),
  intrinsic('argument_error', 2, 1, argumentError),
  intrinsic('argument_count', 0, 1, countArguments),
  intrinsic('raise', 1, 1, raise),
  intrinsic('position', 1, 1, position),
  intrinsic('next', 2, 2, next),
  intrinsic('rawget', 2, 1, rawGet),
  intrinsic('rawset', 3, 1, rawSet),
  intrinsic('rawlen', 1, 1, rawLength),
  intrinsic('rawequal', 2, 1, rawEquality),
  intrinsic('getmetatable', 1, 1, getMetatable),
  intrinsic('setmetatable', 2, 1, setMetatable),
  intrinsic('set_string_metatable', 1, 1, setStringMetatable),
  intrinsic('metafield', 2, 1, metafield),
  intrinsic('to_text', 1, 1, toText),
  intrinsic('to_number', 1, 1, toNumber),
  intrinsic('parse_integer', 2, 1, parseInteger),
  intrinsic('memory_count', 0, 1, memoryCount),
  intrinsic('collect', 0, 1, collect),
];

/** The type's name: one of the strings that every heap has. */
function type(context: Context, registers: number): number {
  const index = WELL_KNOWN.get(basicTypeName(tagOf(context, registers)))!;
  writeReference(context, registers, TAG_SHORT_STRING, context.i32[HEADER.STRINGS_WELL_KNOWN + index]);
  return NEXT;
}

/** "value expected" when argument R[1] was not given at all. */
function checkAny(context: Context, registers: number): number {
  const index = integerAt(context, argument(registers, 1));
  return argumentCount(context) < index ? raiseArgument(context, index, 'value expected') : NEXT;
}

/** A string, or a number as its text. */
function checkString(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (isString(tag)) return NEXT;
  if (basicTypeName(tag) === 'number') return numberToString(context, registers);
  return raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, 'string');
}

/** An integer, or what Lua converts to one. */
function checkInteger(context: Context, registers: number): number {
  if (toInteger(context, registers)) return NEXT;
  const index = integerAt(context, argument(registers, 1));
  if (basicTypeName(tagOf(context, registers)) === 'number') {
    return raiseArgument(context, index, 'number has no integer representation');
  }
  return raiseArgumentType(context, index, registers, 'number');
}

/** A number, or a string that writes one. */
function checkNumber(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (basicTypeName(tag) === 'number') return NEXT;
  if (isString(tag) && stringToNumber(context, registers)) return NEXT;
  return raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, 'number');
}

/** R[0] is argument R[1] and should be what R[2] says. */
function typeError(context: Context, registers: number): number {
  const expected = textAt(context, argument(registers, 2));
  return raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, expected);
}

function argumentError(context: Context, registers: number): number {
  return raiseArgument(context, integerAt(context, registers), textAt(context, argument(registers, 1)));
}

function countArguments(context: Context, registers: number): number {
  writeInteger(context, registers, argumentCount(context), 0);
  return NEXT;
}

function raise(context: Context, registers: number): number {
  return raiseAtCaller(context, textAt(context, registers));
}

/** "file:line: " of the function R[0] levels up; 1 is the one that called the library function. */
function position(context: Context, registers: number): number {
  const level = integerAt(context, registers);
  return storeText(context, registers, level > 0xffffff ? '' : positionOf(context, level));
}

const LONGEST_MESSAGE = 1000;
const decoder = new TextDecoder();

/** The string at `slot` as a text for a message; cut off when it is very long. */
function textAt(context: Context, slot: number): string {
  const start = stringStart(context, context.i32[slot]);
  const length = Math.min(stringLength(context, context.i32[slot]), LONGEST_MESSAGE);
  return decoder.decode(context.u8.slice(start, start + length));
}

function next(context: Context, registers: number): number {
  if (tagOf(context, registers) !== TAG_TABLE) return raiseArgumentType(context, 1, registers, 'table');
  const answer = nextEntry(context, context.i32[registers], argument(registers, 1), registers);
  if (answer === ENTRY_FOUND) return NEXT;
  if (answer !== ENTRY_NONE) {
    return context.failure === THROW ? raiseAtCaller(context, "invalid key to 'next'") : context.failure;
  }
  writeNil(context, registers);
  writeNil(context, argument(registers, 1));
  return NEXT;
}

function rawGet(context: Context, registers: number): number {
  const slot = getSlot(context, context.i32[registers], argument(registers, 1));
  if (slot === 0) writeNil(context, registers);
  else copyValue(context, registers, slot);
  return NEXT;
}

function rawSet(context: Context, registers: number): number {
  const key = argument(registers, 1);
  const slot = findOrInsert(context, context.i32[registers], key);
  if (slot === 0) {
    if (context.failure !== THROW) return context.failure;
    return raiseAtCaller(context, tagOf(context, key) === TAG_NIL ? 'table index is nil' : 'table index is NaN');
  }
  copyValue(context, slot, argument(registers, 2));
  return NEXT;
}

function rawLength(context: Context, registers: number): number {
  const address = context.i32[registers];
  const isTable = tagOf(context, registers) === TAG_TABLE;
  writeInteger(context, registers, isTable ? tableLength(context, address) : stringLength(context, address), 0);
  return NEXT;
}

function rawEquality(context: Context, registers: number): number {
  const state = context.frame + FRAME_STATE;
  const answer = rawEqual(context, registers, argument(registers, 1), state);
  if (answer === UNFINISHED) return FUEL;
  writeBoolean(context, registers, answer === 1);
  return NEXT;
}

/** Word address of the metatable of the value at `slot`, or 0. */
function metatableOf(context: Context, slot: number): number {
  const { i32, mask } = context;
  const tag = i32[slot + 2];
  if (tag === TAG_TABLE) return i32[(i32[slot] + TABLE_METATABLE) & mask] & mask;
  return i32[HEADER.METATABLES + Math.min(tag >>> 0, 11)];
}

function getMetatable(context: Context, registers: number): number {
  const metatable = metatableOf(context, registers);
  if (metatable === 0) writeNil(context, registers);
  else writeReference(context, registers, TAG_TABLE, metatable);
  return NEXT;
}

function setMetatable(context: Context, registers: number): number {
  const metatable = argument(registers, 1);
  const address = tagOf(context, metatable) === TAG_NIL ? 0 : context.i32[metatable];
  context.i32[(context.i32[registers] + TABLE_METATABLE) & context.mask] = address;
  return NEXT;
}

/** All strings, short and long, have R[0] as their metatable. */
function setStringMetatable(context: Context, registers: number): number {
  context.i32[HEADER.METATABLES + TAG_SHORT_STRING] = context.i32[registers];
  context.i32[HEADER.METATABLES + TAG_SHORT_STRING + 1] = context.i32[registers];
  return NEXT;
}

/** The field R[1] of the metatable of R[0], or nil. */
function metafield(context: Context, registers: number): number {
  const metatable = metatableOf(context, registers);
  const slot = metatable === 0 ? 0 : getSlot(context, metatable, argument(registers, 1));
  if (slot === 0) writeNil(context, registers);
  else copyValue(context, registers, slot);
  return NEXT;
}

/** What tostring says without `__tostring`. */
function toText(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (isString(tag)) return NEXT;
  if (tag === TAG_NIL) return storeText(context, registers, 'nil');
  if (tag === TAG_TRUE || tag === TAG_FALSE) return storeText(context, registers, tag === TAG_TRUE ? 'true' : 'false');
  if (basicTypeName(tag) === 'number') return numberToString(context, registers);
  const name = typeNameOf(context, registers);
  const text = typeof name === 'string' ? name : decoder.decode(name);
  const address = (context.i32[registers] * 4).toString(16).padStart(8, '0');
  return storeText(context, registers, `${tag === TAG_CLOSURE ? 'function' : text}: 0x${address}`);
}

/** The number that R[0] is or writes, or nil. */
function toNumber(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (basicTypeName(tag) === 'number') return NEXT;
  if (!isString(tag) || !stringToNumber(context, registers)) writeNil(context, registers);
  return NEXT;
}

const MINUS = 0x2d;
const LONGEST_INTEGER = 4096;

/** The integer that the string R[0] writes in base R[1], wrapped to 64 bits, or nil. */
function parseInteger(context: Context, registers: number): number {
  const { u8, i32 } = context;
  let start = stringStart(context, i32[registers]);
  let end = start + stringLength(context, i32[registers]);
  const base = i32[argument(registers, 1)];
  charge(context, (end - start) >> 2);
  while (start < end && isSpace(u8[start])) start++;
  while (end > start && isSpace(u8[end - 1])) end--;
  const isNegative = start < end && u8[start] === MINUS;
  if (isNegative) start++;
  if (start === end || end - start > LONGEST_INTEGER || !isDigits(u8, start, end, base)) {
    writeNil(context, registers);
    return NEXT;
  }
  const low = parseDigits(u8, start, end, base);
  const top = high;
  if (isNegative) writeInteger(context, registers, -low | 0, (~top + (low === 0 ? 1 : 0)) | 0);
  else writeInteger(context, registers, low, top);
  return NEXT;
}

function isDigits(bytes: Uint8Array, start: number, end: number, base: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] | 32;
    const digit = bytes[at] >= 48 && bytes[at] <= 57 ? bytes[at] - 48 : byte >= 97 && byte <= 122 ? byte - 87 : 99;
    if (digit >= base) return false;
  }
  return true;
}

/** C's isspace. */
export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** KiB of objects, as a float: those that the last collection found alive, and what was allocated since. */
function memoryCount(context: Context, registers: number): number {
  const words = context.i32[HEADER.LIVE] + context.i32[HEADER.DEBT];
  writeFloatValue(context, registers, words / 256);
  return NEXT;
}

/** A whole collection before the next instruction. */
function collect(context: Context, registers: number): number {
  writeNil(context, registers);
  return COLLECT;
}
