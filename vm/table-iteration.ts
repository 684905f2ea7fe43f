// Going through a table's entries (the array part by index, then the nodes in their order), and its length. Assigning nil
// to entries while going through them is allowed: their nodes keep their keys. Each slot and node looked at is charged.
import type { Context } from './context';
import { failCorrupt, isSoundTable } from './heap-checks';
import { prepareKey } from './key-job';
import {
  NODE_KEY,
  NODE_NEXT,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BORDER,
  TABLE_DUMMY_NODE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_DEAD_KEY,
  TAG_FIRST_REFERENCE,
  TAG_INTEGER,
  TAG_NIL,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { THROW } from './signals';
import {
  findNode,
  firstNode,
  getInteger,
  keyHash,
  keyHigh,
  keyLow,
  keyTag,
  LONGEST_WALK,
  loadKey,
} from './table-access';
import { copyValue, writeInteger, writeNil } from './values';

/** What nextEntry answers. */
export const ENTRY_NONE = 0;
export const ENTRY_FOUND = 1;
/** Stopped for fuel: call again with the same state word. */
export const ENTRY_UNFINISHED = 2;
/**
 * The key is not the table's (`context.failure` is THROW: "invalid key to 'next'"), the heap is corrupt (TRAP), or the key
 * is to be prepared first (MEMORY: see prepareKey).
 */
export const ENTRY_INVALID = -1;

/**
 * The entry after the key at word address `key` (nil: the first): its key and value are written to the slots at `result`
 * and `result + VALUE_SIZE`. At the end nil is written to the first. `key` and `result` may be the same slot. `state`:
 * the word address of a word that is 0 at first (a frame's FRAME_STATE), for going on after a stop; with 0 it goes through.
 */
export function nextEntry(context: Context, table: number, key: number, result: number, state = 0): number {
  if (!isSoundTable(context, table)) {
    failCorrupt(context);
    return ENTRY_INVALID;
  }
  const noted = state === 0 ? 0 : context.i32[state];
  if (noted === 0 && !prepareKey(context, key)) return ENTRY_INVALID;
  const position = noted > 0 ? noted - 1 : entryPosition(context, table, key);
  if (state !== 0) context.i32[state] = 0;
  if (position < 0) {
    context.failure = THROW;
    return ENTRY_INVALID;
  }
  const answer = findArrayEntry(context, table, position, result, state);
  return answer === ENTRY_NONE ? findNodeEntry(context, table, position, result, state) : answer;
}

/** Slots and nodes that are passed between two looks at the fuel. */
const STEP = 256;

/** Stops for fuel behind the first `position` slots and nodes. */
function stopBehind(context: Context, position: number, state: number): number {
  context.i32[state] = position + 1;
  return ENTRY_UNFINISHED;
}

/** How many slots and nodes lie before and at the key at word address `key` (nil: 0); -1 when the table has none such. */
export function entryPosition(context: Context, table: number, key: number): number {
  const i32 = context.i32;
  if (i32[key + VALUE_TAG] === TAG_NIL) return 0;
  if (!loadKey(context, key)) return -1;
  const size = i32[table + TABLE_ARRAY_SIZE];
  if (keyTag === TAG_INTEGER && keyHigh === 0 && (keyLow - 1) >>> 0 < size) return keyLow;
  const node = findNode(context, table) || findDeadNode(context, table);
  const index = (node - i32[table + TABLE_NODES]) / NODE_SIZE;
  const isOwn = index >= 0 && index <= i32[table + TABLE_NODE_MASK] && Math.floor(index) === index;
  return node !== 0 && isOwn ? size + index + 1 : -1;
}

/** The node of the loaded key after a collection has marked it as dead. */
function findDeadNode(context: Context, table: number): number {
  const { i32, mask } = context;
  if (keyTag < TAG_FIRST_REFERENCE) return 0;
  let steps = LONGEST_WALK;
  let node = firstNode(context, table, keyHash);
  do {
    const key = node + NODE_KEY;
    if (i32[(key + VALUE_TAG) & mask] === TAG_DEAD_KEY && i32[key & mask] === keyLow) return node & mask & -4;
    context.fuel = (context.fuel - 1) | 0;
    node = i32[(node + NODE_NEXT) & mask];
  } while (node !== 0 && --steps > 0);
  return 0;
}

function findArrayEntry(context: Context, table: number, position: number, result: number, state: number): number {
  const i32 = context.i32;
  const array = i32[table + TABLE_ARRAY];
  const size = i32[table + TABLE_ARRAY_SIZE];
  for (let index = position + 1; index <= size; index++) {
    const slot = array + index * VALUE_SIZE;
    if (i32[slot + VALUE_TAG] !== TAG_NIL) {
      writeInteger(context, result, index, 0);
      copyValue(context, result + VALUE_SIZE, slot);
      return ENTRY_FOUND;
    }
    context.fuel = (context.fuel - 1) | 0;
    if ((index & (STEP - 1)) === 0 && context.fuel <= 0 && state !== 0) return stopBehind(context, index, state);
  }
  return ENTRY_NONE;
}

function findNodeEntry(context: Context, table: number, position: number, result: number, state: number): number {
  const i32 = context.i32;
  const size = i32[table + TABLE_ARRAY_SIZE];
  const nodes = i32[table + TABLE_NODES];
  const count = nodes === table + TABLE_DUMMY_NODE ? 0 : i32[table + TABLE_NODE_MASK] + 1;
  for (let index = position > size ? position - size : 0; index < count; index++) {
    const node = nodes + index * NODE_SIZE;
    if (i32[node + VALUE_TAG] !== TAG_NIL) {
      copyValue(context, result, node + NODE_KEY);
      copyValue(context, result + VALUE_SIZE, node);
      return ENTRY_FOUND;
    }
    context.fuel = (context.fuel - 1) | 0;
    if (((index + 1) & (STEP - 1)) === 0 && context.fuel <= 0 && state !== 0)
      return stopBehind(context, size + index + 1, state);
  }
  writeNil(context, result);
  return ENTRY_NONE;
}

/**
 * A border of the table: n with t[n] not nil (or n == 0) and t[n + 1] nil. The last answer is where the next search
 * begins, so that appending and removing at the end take constant time. Never negative.
 */
export function tableLength(context: Context, table: number): number {
  if (!isSoundTable(context, table)) return 0;
  const i32 = context.i32;
  const size = i32[table + TABLE_ARRAY_SIZE];
  const hint = Math.min(i32[table + TABLE_BORDER] >>> 0, size);
  let border = hint;
  if (hint > 0 && isNilSlot(context, table, hint)) {
    border = hint > 1 && !isNilSlot(context, table, hint - 1) ? hint - 1 : searchArray(context, table, 0, hint);
  } else if (hint < size) {
    if (isNilSlot(context, table, hint + 1)) return hint;
    border = borderAbove(context, table, hint + 1, size);
  }
  i32[table + TABLE_BORDER] = border;
  return border < size ? border : borderInNodes(context, table, size);
}

/** A border from `low` on, whose slot is not nil; `size` when the array part is full from there on. */
function borderAbove(context: Context, table: number, low: number, size: number): number {
  if (low === size || !isNilSlot(context, table, size)) return size;
  if (isNilSlot(context, table, low + 1)) return low;
  return searchArray(context, table, low, size);
}

/** Binary search: slot `low` is not nil (or low is 0), slot `high` is. */
function searchArray(context: Context, table: number, low: number, high: number): number {
  let from = low;
  let to = high;
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    context.fuel = (context.fuel - 1) | 0;
    if (isNilSlot(context, table, middle)) to = middle;
    else from = middle;
  }
  return from;
}

function isNilSlot(context: Context, table: number, index: number): boolean {
  return context.i32[context.i32[table + TABLE_ARRAY] + index * VALUE_SIZE + VALUE_TAG] === TAG_NIL;
}

/** Largest index that the doubling search tries. */
const LARGEST_INDEX = 0x7fff_ffff;

/** The border when t[size] is not nil (or size is 0): doubles the index until a nil is found, then halves. */
function borderInNodes(context: Context, table: number, size: number): number {
  let from = size;
  let to = size + 1;
  while (!isNilIndex(context, table, to)) {
    from = to;
    if (to > LARGEST_INDEX >>> 1) return borderByCounting(context, table, size);
    to *= 2;
  }
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (isNilIndex(context, table, middle)) to = middle;
    else from = middle;
  }
  return from;
}

/** For tables with keys at ever doubled distances: one after the other, as many as there are nodes at most. */
function borderByCounting(context: Context, table: number, size: number): number {
  let index = size;
  while (index < LARGEST_INDEX && !isNilIndex(context, table, index + 1)) index++;
  return index;
}

function isNilIndex(context: Context, table: number, index: number): boolean {
  context.fuel = (context.fuel - 1) | 0;
  const slot = getInteger(context, table, index, 0);
  return slot === 0 || context.i32[slot + VALUE_TAG] === TAG_NIL;
}
