// Intrinsics of the table library, for plain tables (those without a metatable): inserting, removing, moving; joining is
// table-concat.ts. Other tables are left to the guest code, whose reads and writes call metamethods. Elements are moved in
// chunks; FRAME_STATE is the number of elements that are done, plus 1.
import {
  type Context,
  copyValue,
  findOrInsertInteger,
  getInteger,
  keyProblem,
  NEXT,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TAG_NIL,
  THROW,
  tableLength,
  VALUE_HIGH,
  VALUE_SIZE,
  writeBoolean,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { argumentCount, raiseArgument, raiseArgumentType, raiseAtCaller, typeText } from './argument-errors';
import {
  argument,
  charge,
  checkInteger,
  checkTable,
  integerAt,
  intrinsic,
  isPlainTable,
  leaveToGuest,
  note,
  noted,
  stopAt,
  tagOf,
  toInteger,
} from './support';
import { concat } from './table-concat';

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
