// What the value loop asks in the middle of an instruction without leaving it: functions of the heap's words alone, which
// charge nothing (their work is bounded by a constant) and allocate nothing. Only placeField writes: a key.
import {
  HEADER,
  NODE_KEY,
  NODE_NEXT,
  STRING_HASH,
  TABLE_ABSENT,
  TABLE_DUMMY_NODE,
  TABLE_LAST_FREE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_FLOAT,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  VALUE_HIGH,
  VALUE_TAG,
} from './layout';
import { METAMETHOD_INDEX, METAMETHOD_NEW_INDEX } from './metatables';

/** Tables of an `__index` chain, and nodes of a key's chain, that are looked at here. Longer ones are charged elsewhere. */
const MOST_TABLES = 4;
const MOST_NODES = 8;
const TWO_32 = 4294967296;

/** What findField answers in place of a slot. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
export const enum Probe {
  /** Nobody but the charged slow path can tell. */
  UNKNOWN = 0,
  /** The value is nil. */
  ABSENT = -1,
}

/** The number in a slot, an integer rounded to a double. `floats` are the same bytes as `words`. */
export function numberAt(words: Int32Array, floats: Float64Array, slot: number): number {
  if (words[slot + VALUE_TAG] === TAG_FLOAT) return floats[slot >> 1];
  return words[slot + VALUE_HIGH] * TWO_32 + (words[slot] >>> 0);
}

/**
 * Word address of the slot with the value of the short string `key` in a table or the tables that `__index` names; it is
 * not nil. Or Probe.ABSENT, or Probe.UNKNOWN.
 */
export function findField(i32: Int32Array, mask: number, start: number, key: number, hash: number): number {
  let table = start;
  for (let level = 0; level < MOST_TABLES; level++) {
    const slot = probe(i32, mask, table, key, hash);
    if (slot === Probe.UNKNOWN) return Probe.UNKNOWN;
    if (slot > 0 && i32[slot + VALUE_TAG] !== TAG_NIL) return slot;
    const metatable = i32[(table + TABLE_METATABLE) & mask];
    if (metatable === 0) return Probe.ABSENT;
    if ((i32[(metatable + TABLE_ABSENT) & mask] & (1 << METAMETHOD_INDEX)) !== 0) return Probe.ABSENT;
    const name = i32[HEADER.STRINGS_WELL_KNOWN + METAMETHOD_INDEX];
    const handler = probe(i32, mask, metatable, name, i32[(name + STRING_HASH) & mask]);
    if (handler <= 0 || i32[handler + VALUE_TAG] !== TAG_TABLE) return Probe.UNKNOWN;
    table = i32[handler];
  }
  return Probe.UNKNOWN;
}

/** Word address of the slot with the method `key` of strings, or Probe.UNKNOWN. */
export function findStringMethod(i32: Int32Array, mask: number, key: number, hash: number): number {
  const metatable = i32[HEADER.METATABLES + TAG_SHORT_STRING];
  if (metatable === 0) return Probe.UNKNOWN;
  const name = i32[HEADER.STRINGS_WELL_KNOWN + METAMETHOD_INDEX];
  const handler = probe(i32, mask, metatable, name, i32[(name + STRING_HASH) & mask]);
  if (handler <= 0 || i32[handler + VALUE_TAG] !== TAG_TABLE) return Probe.UNKNOWN;
  const method = probe(i32, mask, i32[handler], key, hash);
  return method > 0 && i32[method + VALUE_TAG] !== TAG_NIL ? method : Probe.UNKNOWN;
}

/** The value slot of a short string's node, Probe.ABSENT, or Probe.UNKNOWN. */
function probe(i32: Int32Array, mask: number, table: number, key: number, hash: number): number {
  let node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
  for (let step = 0; step < MOST_NODES; step++) {
    const keySlot = (node + NODE_KEY) & mask & ~3;
    if (i32[keySlot] === key && i32[keySlot + VALUE_TAG] === TAG_SHORT_STRING) return node & mask & ~3;
    node = i32[(node + NODE_NEXT) & mask];
    if (node === 0) return Probe.ABSENT;
  }
  return Probe.UNKNOWN;
}

/**
 * Word address of the value slot, which is nil, of the short string `key` in a table that nothing watches: of its node, or
 * of the first one of its chain when that has no value, or of a free one, which is made the key's. Or Probe.UNKNOWN: nothing was done.
 */
export function placeField(i32: Int32Array, mask: number, table: number, key: number, hash: number): number {
  const metatable = i32[(table + TABLE_METATABLE) & mask];
  if (metatable !== 0 && (i32[(metatable + TABLE_ABSENT) & mask] & (1 << METAMETHOD_NEW_INDEX)) === 0) {
    return Probe.UNKNOWN;
  }
  const nodes = i32[(table + TABLE_NODES) & mask];
  if (nodes === table + TABLE_DUMMY_NODE) return Probe.UNKNOWN;
  const found = probe(i32, mask, table, key, hash);
  if (found === Probe.UNKNOWN) return Probe.UNKNOWN;
  // Which metamethods a table lacks is forgotten with every new value.
  if (found !== Probe.ABSENT) {
    if (i32[found + VALUE_TAG] !== TAG_NIL) return Probe.UNKNOWN;
    i32[(table + TABLE_ABSENT) & mask] = 0;
    return found;
  }
  const nodeMask = i32[(table + TABLE_NODE_MASK) & mask];
  const main = (nodes + ((hash & nodeMask) << 3)) & mask & ~3;
  if (i32[main + VALUE_TAG] === TAG_NIL) return writeKey(i32, mask, table, main, key);
  // Another key of the same place stands there: the node that was found free last has a free one before it, or somebody
  // else must look for one.
  const index = (i32[(table + TABLE_LAST_FREE) & mask] - 1) | 0;
  const free = (nodes + (index << 3)) & mask & ~3;
  if (index >>> 0 > nodeMask >>> 0 || i32[((free + NODE_KEY) & mask) + VALUE_TAG] !== TAG_NIL) return Probe.UNKNOWN;
  const other = (main + NODE_KEY) & mask & ~3;
  if (i32[other + VALUE_TAG] !== TAG_SHORT_STRING) return Probe.UNKNOWN;
  if (((i32[(i32[other] + STRING_HASH) & mask] ^ hash) & nodeMask) !== 0) return Probe.UNKNOWN;
  i32[(table + TABLE_LAST_FREE) & mask] = index;
  i32[(free + NODE_NEXT) & mask] = i32[(main + NODE_NEXT) & mask];
  i32[(main + NODE_NEXT) & mask] = free;
  return writeKey(i32, mask, table, free, key);
}

function writeKey(i32: Int32Array, mask: number, table: number, node: number, key: number): number {
  const slot = (node + NODE_KEY) & mask & ~3;
  i32[slot] = key;
  i32[slot + VALUE_HIGH] = 0;
  i32[slot + VALUE_TAG] = TAG_SHORT_STRING;
  i32[(table + TABLE_ABSENT) & mask] = 0;
  i32[node + VALUE_TAG] = TAG_NIL;
  return node;
}
