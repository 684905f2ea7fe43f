// Intrinsics of the table library, for plain tables (those without a metatable): inserting, removing, moving, joining.
// Other tables are left to the guest code, whose reads and writes call metamethods. Elements are moved in chunks;
// FRAME_STATE is the number of elements that are done, plus 1.
import {
  areManyBytes,
  type Context,
  copyBytes,
  copyValue,
  findOrInsertInteger,
  finishString,
  getInteger,
  hasJob,
  isNumberTag,
  keyProblem,
  MAXIMUM_STRING_BYTES,
  NEXT,
  NUMBER_TEXT_SIZE,
  newLongString,
  signedToString,
  stringLength,
  stringStart,
  stringTag,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TAG_LONG_STRING,
  TAG_NIL,
  THROW,
  tableLength,
  VALUE_HIGH,
  VALUE_SIZE,
  writeBoolean,
  writeInteger,
  writeNil,
  writeNumber,
  writeReference,
} from '../../../vm/index';
import { argumentCount, raiseArgument, raiseArgumentType, raiseAtCaller, typeText } from './argument-errors';
import { beginText, endText, isTextFull, pushBytes, pushNumber } from './short-text';
import {
  argument,
  BYTES_SHIFT,
  charge,
  checkInteger,
  checkString,
  checkTable,
  integerAt,
  integerOrLength,
  intrinsic,
  isPlainTable,
  isString,
  leaveToGuest,
  note,
  noted,
  optionalInteger,
  rangeSize,
  stopAt,
  tagOf,
  toInteger,
} from './support';

export const TABLE_INTRINSICS = [
  intrinsic('table_insert', 3, 0, insert),
  intrinsic('table_remove', 3, 1, remove),
  intrinsic('table_move', 5, 1, move),
  intrinsic('table_concat', 7, 1, concat),
  intrinsic('table_check', 1, 1, (context, registers) => checkTable(context, registers, 1)),
  intrinsic('length_result', 1, 1, lengthResult),
  intrinsic('insert_position', 3, 1, insertPosition),
  intrinsic('remove_position', 2, 1, removePosition),
  { ...intrinsic('sort_check', 2, 1, sortCheck), isBarrier: true },
];

/** Elements that are moved between two looks at the fuel, and for one instruction. */
const CHUNK = 1024;
const ELEMENTS_SHIFT = 2;

// --- insert ---

/** table.insert of the plain table R[0]. */
function insert(context: Context, registers: number): number {
  if (!isPlainTable(context, registers)) {
    const signal = checkTable(context, registers, 1);
    return signal === NEXT ? leaveToGuest(context) : signal;
  }
  const table = context.i32[registers];
  if (noted(context) === 0) {
    const size = tableLength(context, table);
    const count = argumentCount(context);
    if (count === 2) return store(context, table, size + 1, argument(registers, 1));
    const signal = checkPosition(context, registers, count, size);
    if (signal !== NEXT) return signal;
    const signalOfRoom = makeRoomAt(context, table, size + 1);
    if (signalOfRoom !== NEXT) return signalOfRoom;
    note(context, size + 2);
  }
  // The state is the index of the free element, plus 1.
  const position = integerAt(context, argument(registers, 1));
  let free = Math.max(noted(context) - 1, position);
  while (free > position) {
    if (context.fuel <= 0) return stopAt(context, free + 1);
    const moved = Math.min(CHUNK, free - position);
    const signal = shift(context, table, free - moved, free - moved + 1, moved);
    if (signal !== NEXT) return stopForMemory(context, signal, free + 1);
    free -= moved;
  }
  note(context, 0);
  return store(context, table, position, argument(registers, 2));
}

function stopForMemory(context: Context, signal: number, state: number): number {
  note(context, state);
  return signal;
}

/** The rest of table.insert's arguments, for a table of `size` elements. */
function checkPosition(context: Context, registers: number, count: number, size: number): number {
  if (count !== 3) return raiseAtCaller(context, "wrong number of arguments to 'insert'");
  const position = argument(registers, 1);
  const signal = checkInteger(context, position, 2);
  if (signal !== NEXT) return signal;
  const at = integerAt(context, position);
  return at < 1 || at > size + 1 ? raiseArgument(context, 2, 'position out of bounds') : NEXT;
}

/** R[1] and R[2] of a table.insert into a table of R[0] elements: where to, or nil behind the last. */
function insertPosition(context: Context, registers: number): number {
  if (argumentCount(context) === 2) {
    writeNil(context, registers);
    return NEXT;
  }
  const signal = checkPosition(context, registers, argumentCount(context), integerAt(context, registers));
  if (signal === NEXT) copyValue(context, registers, argument(registers, 1));
  return signal;
}

/** What `#` has answered for a table with metamethods, as an integer. */
function lengthResult(context: Context, registers: number): number {
  return toInteger(context, registers) ? NEXT : raiseAtCaller(context, 'object length is not an integer');
}

/** table[index] := the value at `slot`. */
function store(context: Context, table: number, index: number, slot: number): number {
  const target = findOrInsertInteger(context, table, index | 0, Math.floor(index / 4294967296) | 0);
  if (target === 0) return refused(context);
  copyValue(context, target, slot);
  return NEXT;
}

/** Makes the element at `index` exist, as nil where it did not. */
function makeRoomAt(context: Context, table: number, index: number): number {
  return findOrInsertInteger(context, table, index, 0) === 0 ? refused(context) : NEXT;
}

/** An index was not inserted. */
function refused(context: Context): number {
  return context.failure === THROW ? raiseAtCaller(context, keyProblem) : context.failure;
}

/** Copies `count` elements of a table from index `from` to index `to`, one above or below it. Charged. */
function shift(context: Context, table: number, from: number, to: number, count: number): number {
  charge(context, 1 + (count >> ELEMENTS_SHIFT));
  const source = elementsAt(context, table, from, count);
  const target = elementsAt(context, table, to, count);
  if (source !== 0 && target !== 0) {
    context.i32.copyWithin(target, source, source + count * VALUE_SIZE);
    return NEXT;
  }
  charge(context, count);
  for (let index = 0; index < count; index++) {
    const offset = to > from ? count - 1 - index : index;
    const signal = copyElement(context, table, from + offset, table, to + offset);
    if (signal !== NEXT) return signal;
  }
  return NEXT;
}

/** Word address of the element at `index` when it and the `count` - 1 behind it lie in the array part; else 0. */
function elementsAt(context: Context, table: number, index: number, count: number): number {
  const { i32, mask } = context;
  const array = i32[(table + TABLE_ARRAY) & mask];
  const size = i32[(table + TABLE_ARRAY_SIZE) & mask];
  if (index < 1 || index + count - 1 > size || array < 0 || array + (size + 1) * VALUE_SIZE > i32.length) return 0;
  return (array + index * VALUE_SIZE) & -VALUE_SIZE;
}

/** to[target] := from[source], both plain; indices are exact as doubles. */
function copyElement(context: Context, from: number, source: number, to: number, target: number): number {
  const slot = findOrInsertInteger(context, to, target | 0, Math.floor(target / 4294967296) | 0);
  if (slot === 0) return refused(context);
  const value = getInteger(context, from, source | 0, Math.floor(source / 4294967296) | 0);
  if (value === 0) writeNil(context, slot);
  else copyValue(context, slot, value);
  return NEXT;
}

// --- remove ---

/** table.remove of the plain table R[0]. While elements move, R[1] is the removed one, R[2] the position and the size. */
function remove(context: Context, registers: number): number {
  if (!isPlainTable(context, registers)) {
    const signal = checkTable(context, registers, 1);
    return signal === NEXT ? leaveToGuest(context) : signal;
  }
  const table = context.i32[registers];
  const removed = argument(registers, 1);
  const range = argument(registers, 2);
  if (noted(context) === 0) {
    const size = tableLength(context, table);
    const signal = checkRemovePosition(context, removed, size);
    if (signal !== NEXT) return signal;
    const position = integerAt(context, removed);
    writeInteger(context, range, position, size);
    const slot = getInteger(context, table, position, 0);
    if (slot === 0) writeNil(context, removed);
    else copyValue(context, removed, slot);
    note(context, 1);
  }
  const position = context.i32[range];
  const size = context.i32[range + VALUE_HIGH];
  let done = noted(context) - 1;
  while (position + done < size) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const moved = Math.min(CHUNK, size - position - done);
    const signal = shift(context, table, position + done + 1, position + done, moved);
    if (signal !== NEXT) return stopForMemory(context, signal, done + 1);
    done += moved;
  }
  note(context, 0);
  const last = getInteger(context, table, position + done, 0);
  if (last !== 0) writeNil(context, last);
  copyValue(context, registers, removed);
  return NEXT;
}

/** The position to remove, in the slot `position`: the last one replaces nil. */
function checkRemovePosition(context: Context, position: number, size: number): number {
  if (tagOf(context, position) === TAG_NIL) {
    writeInteger(context, position, size, 0);
    return NEXT;
  }
  const signal = checkInteger(context, position, 2);
  if (signal !== NEXT) return signal;
  const at = integerAt(context, position);
  return at === size || (at >= 1 && at <= size + 1) ? NEXT : raiseArgument(context, 1, 'position out of bounds');
}

/** The position R[0] that table.remove removes from a table of R[1] elements. */
function removePosition(context: Context, registers: number): number {
  return checkRemovePosition(context, registers, integerAt(context, argument(registers, 1)));
}

// --- move ---

/** table.move between plain tables. FRAME_STATE as everywhere. */
function move(context: Context, registers: number): number {
  const to = argument(registers, 4);
  const from = argument(registers, 1);
  const end = argument(registers, 2);
  const target = argument(registers, 3);
  const signal =
    checkInteger(context, from, 2) ||
    checkInteger(context, end, 3) ||
    checkInteger(context, target, 4) ||
    checkTable(context, registers, 1) ||
    (tagOf(context, to) === TAG_NIL ? NEXT : checkTable(context, to, 5));
  if (signal !== NEXT) return signal;
  if (tagOf(context, to) === TAG_NIL) copyValue(context, to, registers);
  const first = integerAt(context, from);
  const count = integerAt(context, end) - first + 1;
  const place = integerAt(context, target);
  if (count > 0) {
    // Beyond these indices doubles are not exact.
    const isNear = Math.abs(first) < EXACT && Math.abs(place) < EXACT && count < EXACT;
    const wrong = isNear ? NEXT : checkFarMove(context, from, end, target);
    if (wrong !== NEXT) return wrong;
    if (!isNear || !isPlainTable(context, registers) || !isPlainTable(context, to)) return leaveToGuest(context);
    const moved = moveElements(context, context.i32[registers], first, count, context.i32[to], place);
    if (moved !== NEXT) return moved;
  }
  copyValue(context, registers, to);
  return NEXT;
}

const LARGEST = 0x7fffffffffffffffn;

/** The checks of table.move where doubles are not exact. */
function checkFarMove(context: Context, from: number, end: number, target: number): number {
  const exact = (slot: number) =>
    BigInt(context.i32[slot + VALUE_HIGH]) * 4294967296n + BigInt(context.i32[slot] >>> 0);
  const first = exact(from);
  const distance = exact(end) - first;
  if (first <= 0n && distance >= LARGEST) return raiseArgument(context, 3, 'too many elements to move');
  return exact(target) + distance > LARGEST ? raiseArgument(context, 4, 'destination wrap around') : NEXT;
}

const EXACT = 2 ** 52;

function moveElements(context: Context, from: number, first: number, count: number, to: number, place: number): number {
  // From the last one down, where the ranges overlap so that going up would overwrite what is still to be read.
  const goesDown = from === to && place > first && place < first + count;
  for (let done = Math.max(noted(context) - 1, 0); done < count; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const chunk = Math.min(CHUNK, count - done);
    charge(context, chunk);
    for (let index = 0; index < chunk; index++) {
      const offset = goesDown ? count - 1 - done - index : done + index;
      const signal = copyElement(context, from, first + offset, to, place + offset);
      if (signal !== NEXT) return stopForMemory(context, signal, done + index + 1);
    }
    done += chunk;
  }
  note(context, 0);
  return NEXT;
}

// --- sort ---

const LARGEST_SORTED = 2 ** 31 - 1;

/** R[0] is the number of elements that table.sort sorts, R[1] its comparator: whether there is anything to do. */
function sortCheck(context: Context, registers: number): number {
  const size = integerAt(context, registers);
  const comparator = argument(registers, 1);
  if (size >= LARGEST_SORTED) return raiseArgument(context, 1, 'array too big');
  if (size > 1 && tagOf(context, comparator) !== TAG_NIL && typeText(context, comparator) !== 'function') {
    return raiseArgumentType(context, 2, comparator, 'function');
  }
  writeBoolean(context, registers, size > 1);
  return NEXT;
}

// --- concat ---

// Registers: the table, the separator, first and last index; then, for long results, the bytes so far, the result while
// it is built, and the number of the element that it stands at.
const SEPARATOR = 1;
const FIRST = 2;
const LAST = 3;
const BYTES = 4;
const RESULT = 5;
const INDEX = 6;

/** Joins the strings and numbers of a plain table. */
function concat(context: Context, registers: number): number {
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
  else if (bytes === context.u8) context.u8.copyWithin(target, start, start + size);
  else for (let index = 0; index < size; index++) context.u8[target + index] = bytes[start + index];
  writeInteger(context, done, at + size, 0);
}

function raiseElement(context: Context, first: number, offset: number, slot: number): number {
  const { i32 } = context;
  const low = (i32[first] + offset) | 0;
  const top = (i32[first + VALUE_HIGH] + (low >>> 0 < i32[first] >>> 0 ? 1 : 0)) | 0;
  const type = slot === 0 ? 'nil' : typeText(context, slot);
  return raiseAtCaller(context, `invalid value (${type}) at index ${signedToString(low, top)} in table for 'concat'`);
}
