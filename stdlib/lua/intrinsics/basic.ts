// Intrinsics of the basic functions: types, raw access, metatables, errors, arguments that are selected, the collector.
import {
  basicTypeName,
  type Context,
  copyValue,
  copyValues,
  ENTRY_FOUND,
  ENTRY_NONE,
  ENTRY_UNFINISHED,
  FRAME_STATE,
  FUEL,
  findOrInsert,
  getShortString,
  getSlot,
  HEADER,
  isNumberTag,
  keyProblem,
  metatableOf,
  NEXT,
  nextEntry,
  positionOf,
  prepareKey,
  RELOAD,
  raiseValue,
  raiseWithPosition,
  rawEqual,
  registerFinaliser,
  stringLength,
  stringStart,
  TABLE_METATABLE,
  TAG_FALSE,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_TRUE,
  THROW,
  tableLength,
  tryRaiseText,
  UNFINISHED,
  VALUE_HIGH,
  VALUE_SIZE,
  WELL_KNOWN_STRINGS,
  writeBoolean,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import {
  argumentCount,
  positionOfCaller,
  raiseArgument,
  raiseArgumentType,
  raiseAtCaller,
  typeText,
} from './argument-errors';
import {
  argument,
  baseRegister,
  charge,
  checkInteger,
  checkTable,
  doneAfter,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  isStackOverflow,
  isString,
  leaveToGuest,
  makeRoomForValues,
  numberToString,
  OPEN,
  optionalInteger,
  returnValues,
  storeText,
  tagOf,
  wakeTable,
} from './support';

export const BASIC_INTRINSICS = [
  intrinsic('type', 1, 1, type),
  intrinsic('next', 2, OPEN, next),
  intrinsic('pairs_handler', 1, 1, pairsHandler),
  intrinsic('ipairs_check', 1, 1, ipairsCheck),
  intrinsic('next_index', 2, 1, nextIndex),
  intrinsic('tostring', 1, 1, toText),
  intrinsic('metafield', 2, 1, metafield),
  intrinsic('string_result', 1, 1, stringResult),
  intrinsic('rawget', 2, 1, rawGet),
  intrinsic('rawset', 3, 1, rawSet),
  intrinsic('rawlen', 1, 1, rawLength),
  intrinsic('rawequal', 2, 1, rawEquality),
  intrinsic('getmetatable', 1, 1, getMetatable),
  intrinsic('setmetatable', 2, 1, setMetatable),
  intrinsic('select', 1, OPEN, select),
  intrinsic('assert', 1, OPEN, assert),
  intrinsic('error', 2, 0, error),
  intrinsic('check_any', 2, 1, checkAnyArgument),
  intrinsic('check_function', 2, 1, checkFunction),
  intrinsic('raise', 1, 0, raise),
  intrinsic('caller_position', 1, 1, (context, registers) => storeText(context, registers, positionOfCaller(context))),
  intrinsic('raise_argument', 2, 0, raiseArgumentText),
  intrinsic('check_integer', 2, 1, checkIntegerArgument),
];

const wellKnown = new Map<string, number>(WELL_KNOWN_STRINGS.map((text, index) => [text, index]));
const NAME = wellKnown.get('__name')!;
const TOSTRING = wellKnown.get('__tostring')!;
const PAIRS = wellKnown.get('__pairs')!;
const METATABLE = wellKnown.get('__metatable')!;
const TRUE = wellKnown.get('true')!;
const FALSE = wellKnown.get('false')!;
const NIL = wellKnown.get('nil')!;

function writeWellKnown(context: Context, slot: number, index: number): number {
  writeReference(context, slot, TAG_SHORT_STRING, context.i32[HEADER.STRINGS_WELL_KNOWN + index]);
  return NEXT;
}

/** Indices of the names of types by tag. */
const typeNames: readonly number[] = Array.from({ length: 16 }, (_, tag) => wellKnown.get(basicTypeName(tag)) ?? NIL);

/** "value expected" when argument `index` was not given at all. */
function checkAny(context: Context, slot: number, index: number): number {
  if (tagOf(context, slot) !== TAG_NIL || argumentCount(context) >= index) return NEXT;
  return raiseArgument(context, index, 'value expected');
}

function type(context: Context, registers: number): number {
  return (
    checkAny(context, registers, 1) || writeWellKnown(context, registers, typeNames[tagOf(context, registers) & 15])
  );
}

/** R[0] is argument R[1] and must have been given. */
function checkAnyArgument(context: Context, registers: number): number {
  return checkAny(context, registers, integerAt(context, argument(registers, 1)));
}

function checkFunction(context: Context, registers: number): number {
  if (basicTypeName(tagOf(context, registers)) === 'function') return NEXT;
  return raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, 'function');
}

// --- iteration ---

function next(context: Context, registers: number): number {
  const signal = checkTable(context, registers, 1) || wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const answer = nextEntry(
    context,
    context.i32[registers],
    argument(registers, 1),
    registers,
    context.frame + FRAME_STATE,
  );
  if (answer === ENTRY_UNFINISHED) return FUEL;
  if (answer === ENTRY_FOUND) return returnValues(context, registers, 2);
  if (answer === ENTRY_NONE) return returnValues(context, registers, 1);
  return context.failure === THROW ? tryRaiseText(context, "invalid key to 'next'") : context.failure;
}

/** The `__pairs` of R[0], or nil. */
function pairsHandler(context: Context, registers: number): number {
  return checkAny(context, registers, 1) || writeField(context, registers, PAIRS);
}

function ipairsCheck(context: Context, registers: number): number {
  return checkAny(context, registers, 1);
}

/** The index behind R[1], for the iterator of ipairs. */
function nextIndex(context: Context, registers: number): number {
  const index = argument(registers, 1);
  const signal = checkInteger(context, index, 2);
  if (signal !== NEXT) return signal;
  const low = (context.i32[index] + 1) | 0;
  writeInteger(context, registers, low, (context.i32[index + VALUE_HIGH] + (low === 0 ? 1 : 0)) | 0);
  return NEXT;
}

// --- text ---

/** Slot of a field of the metatable of the value at `slot`, or 0. */
function metafieldSlot(context: Context, slot: number, name: number): number {
  const metatable = metatableOf(context, slot);
  if (metatable === 0) return 0;
  return getShortString(context, metatable, context.i32[HEADER.STRINGS_WELL_KNOWN + name]);
}

/** Puts a field of the metatable of R[0], or nil, into its place. */
function writeField(context: Context, registers: number, name: number): number {
  const slot = metafieldSlot(context, registers, name);
  if (slot === 0) writeNil(context, registers);
  else copyValue(context, registers, slot);
  return NEXT;
}

/** Whether the value at `slot` says itself what it is as a text. */
export function hasTextHandler(context: Context, slot: number): boolean {
  const handler = metafieldSlot(context, slot, TOSTRING);
  return handler !== 0 && tagOf(context, handler) !== TAG_NIL;
}

/** R[0] as a text; left to the guest when there is a `__tostring`. */
function toText(context: Context, registers: number): number {
  const signal = checkAny(context, registers, 1);
  if (signal !== NEXT) return signal;
  if (isString(tagOf(context, registers)) && metatableOf(context, registers) === 0) return NEXT;
  return hasTextHandler(context, registers) ? leaveToGuest(context) : storePlainText(context, registers);
}

function storePlainText(context: Context, slot: number): number {
  const tag = tagOf(context, slot);
  if (isString(tag)) return NEXT;
  if (isNumberTag(tag)) return numberToString(context, slot);
  if (tag === TAG_NIL) return writeWellKnown(context, slot, NIL);
  if (tag <= TAG_TRUE) return writeWellKnown(context, slot, tag === TAG_TRUE ? TRUE : FALSE);
  return storeText(context, slot, referenceText(context, slot));
}

/** "table: 0x0000beef" of a value that is neither a string nor a number. */
export function referenceText(context: Context, slot: number): string {
  const tag = tagOf(context, slot);
  if (tag < TAG_TABLE) return tag === TAG_NIL ? 'nil' : tag === TAG_TRUE ? 'true' : 'false';
  const name = metafieldSlot(context, slot, NAME);
  const isNamed = name !== 0 && isString(tagOf(context, name));
  return `${isNamed ? typeText(context, slot) : basicTypeName(tag)}: ${addressText(context.i32[slot])}`;
}

/** The address of an object, in bytes, as a pointer looks in C. */
export function addressText(address: number): string {
  return `0x${(address * 4).toString(16).padStart(14, '0')}`;
}

/** The field R[1], one of the metafields, of the metatable of R[0], or nil. */
function metafield(context: Context, registers: number): number {
  const metatable = metatableOf(context, registers);
  const slot = metatable === 0 ? 0 : getSlot(context, metatable, argument(registers, 1));
  if (slot === 0) writeNil(context, registers);
  else copyValue(context, registers, slot);
  return NEXT;
}

/** What a `__tostring` has answered: a string, or a number as its text. */
function stringResult(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (isString(tag)) return NEXT;
  return isNumberTag(tag)
    ? numberToString(context, registers)
    : raiseAtCaller(context, "'__tostring' must return a string");
}

// --- raw access and metatables ---

function rawGet(context: Context, registers: number): number {
  const key = argument(registers, 1);
  const signal = checkTable(context, registers, 1) || checkAny(context, key, 2) || wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  if (!prepareKey(context, key)) return context.failure;
  const slot = getSlot(context, context.i32[registers], key);
  if (slot === 0) writeNil(context, registers);
  else copyValue(context, registers, slot);
  return NEXT;
}

function rawSet(context: Context, registers: number): number {
  const key = argument(registers, 1);
  const value = argument(registers, 2);
  const checked = checkTable(context, registers, 1) || checkAny(context, key, 2) || checkAny(context, value, 3);
  const signal = checked || wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const slot = findOrInsert(context, context.i32[registers], key);
  if (slot === 0) return context.failure === THROW ? tryRaiseText(context, keyProblem) : context.failure;
  copyValue(context, slot, value);
  return NEXT;
}

function rawLength(context: Context, registers: number): number {
  const signal = wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const address = context.i32[registers];
  const tag = tagOf(context, registers);
  if (tag === TAG_TABLE) writeInteger(context, registers, tableLength(context, address), 0);
  else if (isString(tag)) writeInteger(context, registers, stringLength(context, address), 0);
  else return raiseArgumentType(context, 1, registers, 'table or string');
  return NEXT;
}

function rawEquality(context: Context, registers: number): number {
  const other = argument(registers, 1);
  const signal = checkAny(context, registers, 1) || checkAny(context, other, 2);
  if (signal !== NEXT) return signal;
  const answer = rawEqual(context, registers, other, context.frame + FRAME_STATE);
  if (answer === UNFINISHED) return FUEL;
  writeBoolean(context, registers, answer === 1);
  return NEXT;
}

function getMetatable(context: Context, registers: number): number {
  const signal = checkAny(context, registers, 1) || wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const shown = metafieldSlot(context, registers, METATABLE);
  if (shown !== 0 && tagOf(context, shown) !== TAG_NIL) {
    copyValue(context, registers, shown);
    return NEXT;
  }
  const metatable = metatableOf(context, registers);
  if (metatable === 0) writeNil(context, registers);
  else writeReference(context, registers, TAG_TABLE, metatable);
  return NEXT;
}

function setMetatable(context: Context, registers: number): number {
  const metatable = argument(registers, 1);
  const signal = checkTable(context, registers, 1) || wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const tag = tagOf(context, metatable);
  if (tag !== TAG_TABLE && (tag !== TAG_NIL || argumentCount(context) < 2)) {
    return raiseArgumentType(context, 2, metatable, 'nil or table');
  }
  const shown = metafieldSlot(context, registers, METATABLE);
  if (shown !== 0 && tagOf(context, shown) !== TAG_NIL)
    return raiseAtCaller(context, 'cannot change a protected metatable');
  const address = tag === TAG_NIL ? 0 : context.i32[metatable];
  const registered = registerFinaliser(context, context.i32[registers], address);
  if (registered !== NEXT) return registered;
  context.i32[(context.i32[registers] + TABLE_METATABLE) & context.mask] = address;
  return NEXT;
}

// --- arguments ---

const HASH = 0x23;

/** What `select` returns: its parameter is R[0], the others are extra arguments. */
function select(context: Context, registers: number): number {
  const count = extraCount(context);
  if (isString(tagOf(context, registers)) && context.u8[stringStart(context, context.i32[registers])] === HASH) {
    writeInteger(context, registers, count, 0);
    return returnValues(context, registers, 1);
  }
  const signal = checkInteger(context, registers, 1);
  if (signal !== NEXT) return signal;
  const wanted = integerAt(context, registers);
  const from = wanted < 0 ? count + wanted : Math.min(wanted - 1, count);
  if (from < 0) return raiseArgument(context, 1, 'index out of range');
  return returnExtras(context, 0, from, count);
}

/** R[0] and the extra arguments, when R[0] is true; else the first of them is raised. */
function assert(context: Context, registers: number): number {
  if (tagOf(context, registers) > TAG_FALSE) {
    const count = extraCount(context);
    return count === 0 ? returnValues(context, registers, 1) : returnExtras(context, 1, 0, count);
  }
  const signal = checkAny(context, registers, 1);
  if (signal !== NEXT) return signal;
  const isDefault = extraCount(context) === 0;
  const message = isDefault ? 'assertion failed!' : firstExtra(context);
  if (typeof message === 'string') return raiseAtCaller(context, message);
  return isString(tagOf(context, message)) ? raisePositioned(context, message, 1) : raiseValue(context, message);
}

/** Ends with the extra arguments from `from` on as the results behind the first `kept` registers. */
function returnExtras(context: Context, kept: number, from: number, count: number): number {
  const room = makeRoomForValues(context, kept + count - from);
  if (room !== NEXT && room !== RELOAD) {
    return isStackOverflow(context, room) ? raiseAtCaller(context, 'stack overflow') : room;
  }
  charge(context, (count - from) >>> 3);
  const target = baseRegister(context) + kept * VALUE_SIZE;
  const source = firstExtra(context) + from * VALUE_SIZE;
  copyValues(context, target, source, count - from);
  returnValues(context, baseRegister(context), kept + count - from);
  return doneAfter(room);
}

// --- errors ---

/** Raises R[0]; a string with the position of level R[1] in front. */
function error(context: Context, registers: number): number {
  const level = argument(registers, 1);
  const signal = optionalInteger(context, level, 2, 1);
  if (signal !== NEXT) return signal;
  const levels = integerAt(context, level);
  if (!isString(tagOf(context, registers)) || levels <= 0) return raiseValue(context, registers);
  return raisePositioned(context, registers, levels);
}

const DEEPEST_LEVEL = 1 << 20;

/** Raises the string at `slot` with the position of the function `level` calls below in front. */
function raisePositioned(context: Context, slot: number, level: number): number {
  const position = level > DEEPEST_LEVEL ? '' : positionOf(context, level);
  if (position === '') return raiseValue(context, slot);
  return raiseWithPosition(context, position, slot);
}

/** Raises the text R[0], one of the library's own, at its caller. */
function raise(context: Context, registers: number): number {
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  return raiseAtCaller(context, new TextDecoder().decode(context.u8.slice(start, start + Math.min(length, 200))));
}

/** Raises the text R[1], one of the library's own, about argument R[0] of its caller. */
function raiseArgumentText(context: Context, registers: number): number {
  return raiseArgument(context, integerAt(context, registers), shortTextAt(context, argument(registers, 1)) ?? '');
}

/** R[0], argument R[1], as an integer. */
function checkIntegerArgument(context: Context, registers: number): number {
  return checkInteger(context, registers, integerAt(context, argument(registers, 1)));
}

// --- the collector ---

/** A string or number at `slot` as a text for a comparison or a message; null when it is neither. */
export function shortTextAt(context: Context, slot: number): string | null {
  if (isNumberTag(tagOf(context, slot)) && numberToString(context, slot) !== NEXT) return null;
  if (!isString(tagOf(context, slot))) return null;
  const start = stringStart(context, context.i32[slot]);
  return new TextDecoder().decode(
    context.u8.slice(start, start + Math.min(stringLength(context, context.i32[slot]), 100)),
  );
}
