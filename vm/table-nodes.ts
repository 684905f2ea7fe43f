// Giving a new key its node in the hash part of a table. The hash part is not grown here: no free node, no place.
import type { Context } from './context';
import {
  NODE_KEY,
  NODE_NEXT,
  NODE_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_LAST_FREE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_NIL,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_TAG,
} from './layout';
import { firstNode, keyHash, keyHigh, keyLow, keyTag, LONGEST_WALK, storedKeyHash } from './table-access';
import { writeNil } from './values';

/** Nodes that are looked at in one go for a free one: below a tenth of a millisecond. */
const LONGEST_SEARCH = 2048;

/** Whether the last `placeLoaded` that answered 0 has stopped in its search for a free node: the next one goes on. */
export let isSearchUnfinished = false;

/**
 * Gives the loaded key, which is not in the table, a node: the one that its hash names, if that one's value is nil; else
 * a free one. A node that stands in another chain's first place moves out of the way, so that every key can be reached
 * from the node that its hash names. Returns the value slot (nil), or 0 when no node is free, or when none was found yet
 * (`isSearchUnfinished`).
 */
export function placeLoaded(context: Context, table: number): number {
  const { i32, mask } = context;
  isSearchUnfinished = false;
  if (i32[(table + TABLE_NODES) & mask] === table + TABLE_DUMMY_NODE) return 0;
  const main = firstNode(context, table, keyHash) & mask & -4;
  if (i32[(main + VALUE_TAG) & mask] === TAG_NIL) return writeKey(context, main);
  const free = takeFreeNode(context, table);
  if (free === 0) return 0;
  const other = firstNode(context, table, storedKeyHash(context, main + NODE_KEY)) & mask & -4;
  if (other === main) {
    i32[(free + NODE_NEXT) & mask] = i32[(main + NODE_NEXT) & mask];
    i32[(main + NODE_NEXT) & mask] = free;
    return writeKey(context, free);
  }
  if (!moveNode(context, other, main, free)) return 0;
  return writeKey(context, main);
}

/** Moves the node `from`, whose chain begins at `first`, to the free node `to`. False when it is not in that chain. */
function moveNode(context: Context, first: number, from: number, to: number): boolean {
  const { i32, mask } = context;
  let steps = LONGEST_WALK;
  let before = first;
  while (i32[(before + NODE_NEXT) & mask] !== from) {
    context.fuel = (context.fuel - 1) | 0;
    before = i32[(before + NODE_NEXT) & mask];
    if (before === 0 || --steps < 0) return false;
  }
  i32[(before + NODE_NEXT) & mask] = to;
  for (let word = 0; word < NODE_SIZE; word++) i32[(to + word) & mask] = i32[(from + word) & mask];
  i32[(from + NODE_NEXT) & mask] = 0;
  writeNil(context, from);
  return true;
}

/** Writes the loaded key into a node; the value is made nil. Returns the value slot. */
function writeKey(context: Context, node: number): number {
  const { i32, mask } = context;
  const key = node + NODE_KEY;
  i32[(key + VALUE_LOW) & mask] = keyLow;
  i32[(key + VALUE_HIGH) & mask] = keyHigh;
  i32[(key + VALUE_TAG) & mask] = keyTag;
  writeNil(context, node);
  return node;
}

/** A node that never had a key, searched downward from where the last one was found; or 0. Each step is charged. */
function takeFreeNode(context: Context, table: number): number {
  const { i32, mask } = context;
  const count = (i32[(table + TABLE_NODE_MASK) & mask] + 1) | 0;
  let index = i32[(table + TABLE_LAST_FREE) & mask];
  if (index > count || index > mask >>> 3) return 0;
  const nodes = i32[(table + TABLE_NODES) & mask];
  const last = index - LONGEST_SEARCH;
  while (--index >= 0) {
    if (index < last) {
      i32[(table + TABLE_LAST_FREE) & mask] = index + 1;
      isSearchUnfinished = true;
      return 0;
    }
    context.fuel = (context.fuel - 1) | 0;
    const node = (nodes + index * NODE_SIZE) & mask & -4;
    if (i32[(node + NODE_KEY + VALUE_TAG) & mask] === TAG_NIL) {
      i32[(table + TABLE_LAST_FREE) & mask] = index;
      return node;
    }
  }
  i32[(table + TABLE_LAST_FREE) & mask] = 0;
  return 0;
}
