// Looking keys up in tables: the array part by index, the hash part by chains of nodes (scatter with the links inside the
// nodes: the chain of a key begins at the node that its hash names). Every step after a first probe is charged.
// A table's words may be anything: all addresses are masked, and a chain longer than the heap has no such key.
import type { Context } from './context';
import {
  NODE_KEY,
  NODE_NEXT,
  STRING_HASH,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_DEAD_KEY,
  TAG_FALSE,
  TAG_FIRST_REFERENCE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TRUE,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_TAG,
} from './layout';
import { high } from './numbers/integer64';
import { fromDouble, isExactInteger } from './numbers/integer64-conversion';
import { stringHash } from './strings';

/**
 * The most nodes in a chain before a key that is new: a chain is walked in one go, so that what hostile keys of one hash
 * cost at a time is bounded. A table with that many is answered as one that memory does not suffice for. Shrinking can
 * join chains: so many nodes are walked at most.
 */
const LONGEST_CHAIN = 4096;
export const LONGEST_WALK = 4 * LONGEST_CHAIN;

/** Whether the last `findNode` that has found nothing has walked a chain that takes no more keys. */
export let isChainFull = false;

/**
 * The key that is looked for, normalised: floats with an integer's value are that integer, words without meaning are 0.
 * Set by `loadKey` and the two below, valid until the next of them: scratch of this folder, no guest's state.
 */
export let keyLow = 0;
export let keyHigh = 0;
export let keyTag = TAG_NIL;
export let keyHash = 0;

/** Makes the value at `slot` the key; a long string must be prepared (key-job.ts). False when it cannot be one: nil, NaN. */
export function loadKey(context: Context, slot: number): boolean {
  const i32 = context.i32;
  const tag = i32[slot + VALUE_TAG];
  const low = i32[slot + VALUE_LOW];
  switch (tag) {
    case TAG_INTEGER:
      loadIntegerKey(low, i32[slot + VALUE_HIGH]);
      return true;
    case TAG_SHORT_STRING:
      loadShortStringKey(context, low);
      return true;
    case TAG_LONG_STRING:
      setKey(TAG_LONG_STRING, low, 0, stringHash(context, low));
      return true;
    case TAG_FLOAT:
      return loadFloatKey(context, slot);
    case TAG_FALSE:
    case TAG_TRUE:
      setKey(tag, 0, 0, tag);
      return true;
    default:
      if (tag < TAG_FIRST_REFERENCE || tag >= TAG_DEAD_KEY) return false;
      setKey(tag, low, 0, hashWords(low, 0));
      return true;
  }
}

/** Makes an integer the key. */
export function loadIntegerKey(low: number, top: number): void {
  setKey(TAG_INTEGER, low, top, hashWords(low, top));
}

/** Makes the short string at `address` the key. */
export function loadShortStringKey(context: Context, address: number): void {
  setKey(TAG_SHORT_STRING, address, 0, context.i32[(address + STRING_HASH) & context.mask]);
}

function loadFloatKey(context: Context, slot: number): boolean {
  const value = context.f64[slot >>> 1];
  if (Number.isNaN(value)) return false;
  if (isExactInteger(value)) {
    const low = fromDouble(value);
    loadIntegerKey(low, high);
    return true;
  }
  const low = context.i32[slot + VALUE_LOW];
  const top = context.i32[slot + VALUE_HIGH];
  setKey(TAG_FLOAT, low, top, hashWords(low, top));
  return true;
}

function setKey(tag: number, low: number, top: number, hash: number): void {
  keyTag = tag;
  keyLow = low;
  keyHigh = top;
  keyHash = hash;
}

/** Hash of a number's words, or of a reference's address. */
function hashWords(low: number, top: number): number {
  const hash = Math.imul(low ^ Math.imul(top, 0x45d9f3b), 0x9e3779b1 | 0);
  return hash ^ (hash >>> 15);
}

/** Hash of the key in the slot at word address `key`, which lies in a node of a table. */
export function storedKeyHash(context: Context, key: number): number {
  const { i32, mask } = context;
  const low = i32[(key + VALUE_LOW) & mask];
  const tag = i32[(key + VALUE_TAG) & mask];
  if (tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING) return stringHash(context, low);
  if (tag === TAG_FALSE || tag === TAG_TRUE) return tag;
  return hashWords(low, tag < TAG_FIRST_REFERENCE ? i32[(key + VALUE_HIGH) & mask] : 0);
}

/** Word address of the first node of the chain of `hash`. */
export function firstNode(context: Context, table: number, hash: number): number {
  const { i32, mask } = context;
  return (i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3)) | 0;
}

/** Word address of the node of the key that was loaded, or 0. */
export function findNode(context: Context, table: number): number {
  const { i32, mask } = context;
  const tag = keyTag;
  const low = keyLow;
  const top = keyHigh;
  let steps = LONGEST_WALK;
  let node = firstNode(context, table, keyHash);
  do {
    if (i32[(node + NODE_KEY + VALUE_TAG) & mask] === tag) {
      const isSame = i32[(node + NODE_KEY) & mask] === low && i32[(node + NODE_KEY + VALUE_HIGH) & mask] === top;
      if (isSame) return node & mask & -4;
    }
    context.fuel = (context.fuel - 1) | 0;
    node = i32[(node + NODE_NEXT) & mask];
  } while (node !== 0 && --steps > 0);
  isChainFull = steps <= LONGEST_WALK - LONGEST_CHAIN;
  return 0;
}

/**
 * Word address of the value slot of a short string's entry, or 0 when there is none. The value may be nil. The slot is a
 * multiple of 4 inside the region whatever the heap says; so are all slots that these functions return.
 */
export function getShortString(context: Context, table: number, key: number): number {
  const { i32, mask } = context;
  let steps = LONGEST_WALK;
  let node = firstNode(context, table, i32[(key + STRING_HASH) & mask]);
  do {
    if (i32[(node + NODE_KEY) & mask] === key && i32[(node + NODE_KEY + VALUE_TAG) & mask] === TAG_SHORT_STRING) {
      return node & mask & -4;
    }
    context.fuel = (context.fuel - 1) | 0;
    node = i32[(node + NODE_NEXT) & mask];
  } while (node !== 0 && --steps > 0);
  return 0;
}

/** Word address of the value slot of an integer key, or 0 when there is none. */
export function getInteger(context: Context, table: number, low: number, top: number): number {
  const slot = arraySlot(context, table, low, top);
  if (slot !== 0) return slot;
  loadIntegerKey(low, top);
  return findNode(context, table);
}

/** Word address of the slot of an integer in the array part, or 0 when it lies outside. */
export function arraySlot(context: Context, table: number, low: number, top: number): number {
  const { i32, mask } = context;
  if (top !== 0 || (low - 1) >>> 0 >= i32[(table + TABLE_ARRAY_SIZE) & mask] >>> 0) return 0;
  return (i32[(table + TABLE_ARRAY) & mask] + (low << 2)) & mask & -4;
}

/** Word address of the value slot of the key at word address `key`, or 0 when there is none (for nil and NaN always). */
export function getSlot(context: Context, table: number, key: number): number {
  if (!loadKey(context, key)) return 0;
  return getLoaded(context, table);
}

/** The same for the key that was loaded. */
export function getLoaded(context: Context, table: number): number {
  if (keyTag === TAG_INTEGER) {
    const slot = arraySlot(context, table, keyLow, keyHigh);
    if (slot !== 0) return slot;
  }
  return findNode(context, table);
}
