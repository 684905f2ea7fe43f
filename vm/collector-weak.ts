// Weak tables. When one is scanned it goes to the list HEADER.WEAK, by its GRAY word; what its weak references refer to
// is not marked then. When nothing is gray any more, the values of ephemerons (weak keys, strong values) whose keys were
// reached are marked, until that reaches nothing new; then entries whose key or value was not reached are removed.
// Strings are values here: they are never taken out.
import { GRAY_LINK, markSlot } from './collector-mark';
import { FAILED, FINISHED, fail, stop } from './collector-step';
import type { Context } from './context';
import { isSoundTable } from './heap-checks';
import {
  COLOUR_BLACK,
  HEADER,
  HEADER_COLOUR_MASK,
  NODE_KEY,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_DEAD_KEY,
  TAG_FIRST_REFERENCE,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { METAFIELD_MODE, metamethodIn } from './metatables';
import { stringLength, stringStart } from './strings';

/** What of a table's entries is weak, as bits. */
export const WEAK_KEYS = 1;
export const WEAK_VALUES = 2;

/** Of a GRAY word: its lowest bit says that the table waits for its end (finalisers.ts). */
const LINK_MASK = ~1;

const LETTER_K = 0x6b;
const LETTER_V = 0x76;

/** What the metatable's `__mode` says. Not charged: a scan that stops asks again. */
export function weakModeOf(context: Context, table: number): number {
  const metatable = context.i32[table + TABLE_METATABLE];
  if (metatable === 0) return 0;
  const { fuel } = context;
  const slot = metamethodIn(context, metatable & context.mask, METAFIELD_MODE);
  context.fuel = fuel;
  if (slot === 0 || context.i32[slot + VALUE_TAG] !== TAG_SHORT_STRING) return 0;
  const start = stringStart(context, context.i32[slot]);
  const text = context.u8.subarray(start, start + stringLength(context, context.i32[slot]));
  return (text.includes(LETTER_K) ? WEAK_KEYS : 0) | (text.includes(LETTER_V) ? WEAK_VALUES : 0);
}

/** Whether the value at `slot` stays without being marked by a weak reference: no reference at all, or reached. */
function isReached(context: Context, slot: number): boolean {
  const { i32, mask } = context;
  const tag = i32[slot + VALUE_TAG];
  return tag < TAG_TABLE || (i32[i32[slot] & mask] & HEADER_COLOUR_MASK) === COLOUR_BLACK;
}

/** Marks what weak references do not let go: strings. */
function markKept(context: Context, slot: number): boolean {
  return context.i32[slot + VALUE_TAG] < TAG_TABLE ? markSlot(context, slot) : true;
}

/** Scans a sound table with this mode, as collector-scan.ts does others: the array's slots, then the nodes. */
export function scanWeakTable(context: Context, table: number, mode: number): number {
  const i32 = context.i32;
  // It may stop before its first slot and begin again.
  if (i32[HEADER.WEAK] !== table) {
    i32[table + GRAY_LINK] = i32[HEADER.WEAK];
    i32[HEADER.WEAK] = table;
  }
  const size = i32[table + TABLE_ARRAY_SIZE];
  const end = size + nodeCount(context, table);
  for (let position = i32[HEADER.SCAN_POSITION]; position < end; position++) {
    if (context.fuel <= 0) return stop(context, position);
    context.fuel = (context.fuel - 1) | 0;
    const isMarked =
      position < size
        ? markElement(context, i32[table + TABLE_ARRAY] + (position + 1) * VALUE_SIZE, mode)
        : markEntry(context, i32[table + TABLE_NODES] + (position - size) * NODE_SIZE, mode);
    if (!isMarked) return FAILED;
  }
  return FINISHED;
}

function nodeCount(context: Context, table: number): number {
  const { i32 } = context;
  return i32[table + TABLE_NODES] === table + TABLE_DUMMY_NODE ? 0 : i32[table + TABLE_NODE_MASK] + 1;
}

function markElement(context: Context, slot: number, mode: number): boolean {
  return (mode & WEAK_VALUES) !== 0 ? markKept(context, slot) : markSlot(context, slot);
}

function markEntry(context: Context, node: number, mode: number): boolean {
  const { i32 } = context;
  // Which entries stay is not known yet, so neither is which strings do: clearWeakTables marks them.
  if (i32[node + VALUE_TAG] === TAG_NIL || mode === (WEAK_KEYS | WEAK_VALUES)) return true;
  const key = node + NODE_KEY;
  if (!((mode & WEAK_KEYS) !== 0 ? markKept(context, key) : markSlot(context, key))) return false;
  // An ephemeron's value is reached by way of its key.
  return (mode & WEAK_VALUES) !== 0 || !isReached(context, key) ? markKept(context, node) : markSlot(context, node);
}

/** Begins a walk along the weak tables. */
export function startWeakTables(context: Context): void {
  context.i32[HEADER.WEAK_TABLE] = context.i32[HEADER.WEAK];
  context.i32[HEADER.WEAK_CHANGED] = 0;
}

/** Marks the values of ephemerons whose keys were reached. FINISHED; HEADER.WEAK_CHANGED says whether there were any. */
export function scanEphemerons(context: Context): number {
  return eachWeakTable(context, (table, mode, position) => {
    if (mode !== WEAK_KEYS || position < context.i32[table + TABLE_ARRAY_SIZE]) return true;
    const node = context.i32[table + TABLE_NODES] + (position - context.i32[table + TABLE_ARRAY_SIZE]) * NODE_SIZE;
    const isPending = !isReached(context, node) && isReached(context, node + NODE_KEY);
    if (!isPending) return true;
    context.i32[HEADER.WEAK_CHANGED] = 1;
    return markSlot(context, node);
  });
}

/** Removes the entries whose values were not reached: before finalisers need some of them. */
export function clearWeakValues(context: Context): number {
  return eachWeakTable(context, (table, mode, position) => clearEntry(context, table, mode & WEAK_VALUES, position));
}

/** Removes the entries whose keys or values were not reached. */
export function clearWeakTables(context: Context): number {
  return eachWeakTable(context, (table, mode, position) => {
    if (!clearEntry(context, table, mode, position)) return false;
    return mode !== (WEAK_KEYS | WEAK_VALUES) || markStrings(context, table, position);
  });
}

/** Marks the strings of an entry that stays in a table whose keys and values are weak. */
function markStrings(context: Context, table: number, position: number): boolean {
  const { i32 } = context;
  const size = i32[table + TABLE_ARRAY_SIZE];
  if (position < size) return markKept(context, i32[table + TABLE_ARRAY] + (position + 1) * VALUE_SIZE);
  const node = i32[table + TABLE_NODES] + (position - size) * NODE_SIZE;
  if (i32[node + VALUE_TAG] === TAG_NIL) return true;
  return markKept(context, node) && markKept(context, node + NODE_KEY);
}

function clearEntry(context: Context, table: number, mode: number, position: number): boolean {
  const { i32 } = context;
  const size = i32[table + TABLE_ARRAY_SIZE];
  if (position < size) {
    const slot = i32[table + TABLE_ARRAY] + (position + 1) * VALUE_SIZE;
    if ((mode & WEAK_VALUES) !== 0 && !isReached(context, slot)) i32[slot + VALUE_TAG] = TAG_NIL;
    return true;
  }
  const node = i32[table + TABLE_NODES] + (position - size) * NODE_SIZE;
  const isGone =
    ((mode & WEAK_VALUES) !== 0 && !isReached(context, node)) ||
    ((mode & WEAK_KEYS) !== 0 && !isReached(context, node + NODE_KEY));
  if (isGone) i32[node + VALUE_TAG] = TAG_NIL;
  const keyTag = node + NODE_KEY + VALUE_TAG;
  if (i32[node + VALUE_TAG] === TAG_NIL && i32[keyTag] >= TAG_FIRST_REFERENCE) i32[keyTag] = TAG_DEAD_KEY;
  return true;
}

/** Visits the slots and nodes of all weak tables, each for one instruction. SCAN_POSITION is the next one. */
function eachWeakTable(context: Context, visit: (table: number, mode: number, position: number) => boolean): number {
  const i32 = context.i32;
  for (let table = i32[HEADER.WEAK_TABLE]; table !== 0; table = i32[HEADER.WEAK_TABLE]) {
    if (!isSoundTable(context, table) || i32[HEADER.SCAN_POSITION] < 0) return fail(context);
    const mode = weakModeOf(context, table);
    const end = i32[table + TABLE_ARRAY_SIZE] + nodeCount(context, table);
    for (let position = i32[HEADER.SCAN_POSITION]; position < end; position++) {
      if (context.fuel <= 0) return stop(context, position);
      context.fuel = (context.fuel - 1) | 0;
      if (!visit(table, mode, position)) return FAILED;
    }
    if (context.fuel <= 0) return stop(context, end);
    context.fuel = (context.fuel - 1) | 0;
    i32[HEADER.SCAN_POSITION] = 0;
    i32[HEADER.WEAK_TABLE] = i32[table + GRAY_LINK] & LINK_MASK;
  }
  return FINISHED;
}
