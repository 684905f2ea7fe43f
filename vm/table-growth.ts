// Making tables, inserting keys, and growing: when no free node is left, all integer keys are counted and the array part
// gets the largest size of which more than half would be used (Lua's rule). A full hash part gets a quarter more than it
// needs, so that deleting and inserting in turn does not count again each time. Whatever fails leaves the table as it was.
// All state of a rehash is in locals and in the two tables of nodes, and each step is a function: it can be sliced.
import { allocate, extendInPlace, release } from './allocator';
import type { Context } from './context';
import { failCorrupt, isSoundTable } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  KIND_ARRAY,
  KIND_NODES,
  KIND_TABLE,
  NODE_KEY,
  NODE_NEXT,
  NODE_SIZE,
  NODE_VALUE,
  TABLE_ABSENT,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BORDER,
  TABLE_DUMMY_NODE,
  TABLE_LAST_FREE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_SIZE,
  TAG_INTEGER,
  TAG_NIL,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_TABLE_ENTRIES } from './limits';
import { MEMORY, THROW } from './signals';
import {
  arraySlot,
  firstNode,
  getLoaded,
  keyHash,
  keyHigh,
  keyLow,
  keyTag,
  loadIntegerKey,
  loadKey,
  loadShortStringKey,
  storedKeyHash,
} from './table-access';
import { copyValue, writeNil } from './values';

/**
 * A table with room for `arraySlots` array slots and `hashEntries` other entries. Returns its word address, or 0 with
 * `context.failure` (see allocate). Charged by its size.
 */
export function newTable(context: Context, arraySlots: number, hashEntries: number): number {
  const table = allocate(context, TABLE_SIZE, KIND_TABLE);
  if (table === 0) return 0;
  const i32 = context.i32;
  i32.fill(0, table + 1, table + TABLE_SIZE);
  i32[table + TABLE_NODES] = table + TABLE_DUMMY_NODE;
  if (arraySlots === 0 && hashEntries === 0) return table;
  return resize(context, table, arraySlots, nodesFor(hashEntries)) ? table : 0;
}

/** Makes the array part at least `slots` long, for stores that follow. False with `context.failure` (see allocate). */
export function reserveArray(context: Context, table: number, slots: number): boolean {
  if (!isSoundTable(context, table)) return failCorrupt(context) !== 0;
  if (slots <= context.i32[table + TABLE_ARRAY_SIZE]) return true;
  return resize(context, table, slots, nodeCount(context, table));
}

/**
 * Word address of the value slot of the key at word address `key`, which is inserted with the value nil when it is new;
 * the caller stores the value. Or 0 with `context.failure`: THROW (the key is nil or NaN: the caller raises that),
 * MEMORY or TRAP. Forgets which metamethods are absent, so stores that find their slot to be nil must come here.
 */
export function findOrInsert(context: Context, table: number, key: number): number {
  if (!loadKey(context, key)) {
    context.failure = THROW;
    return 0;
  }
  const slot = findOrPlace(context, table);
  if (slot !== 0) return slot;
  if (!rehash(context, table)) return 0;
  loadKey(context, key);
  return placeAfterRehash(context, table);
}

/** The same for an integer key. */
export function findOrInsertInteger(context: Context, table: number, low: number, top: number): number {
  const slot = arraySlot(context, table, low, top);
  if (slot !== 0) {
    context.i32[(table + TABLE_ABSENT) & context.mask] = 0;
    return slot;
  }
  loadIntegerKey(low, top);
  const found = findOrPlace(context, table);
  if (found !== 0) return found;
  if (!rehash(context, table)) return 0;
  loadIntegerKey(low, top);
  return placeAfterRehash(context, table);
}

/** The same for the short string at word address `key`. */
export function findOrInsertShortString(context: Context, table: number, key: number): number {
  loadShortStringKey(context, key);
  const found = findOrPlace(context, table);
  if (found !== 0) return found;
  if (!rehash(context, table)) return 0;
  loadShortStringKey(context, key);
  return placeAfterRehash(context, table);
}

function findOrPlace(context: Context, table: number): number {
  context.i32[(table + TABLE_ABSENT) & context.mask] = 0;
  const slot = getLoaded(context, table);
  return slot !== 0 ? slot : placeLoaded(context, table);
}

function placeAfterRehash(context: Context, table: number): number {
  const slot = keyTag === TAG_INTEGER ? arraySlot(context, table, keyLow, keyHigh) : 0;
  if (slot !== 0) return slot;
  const placed = placeLoaded(context, table);
  return placed !== 0 ? placed : failCorrupt(context);
}

/**
 * Gives the loaded key, which is not in the table, a node: the one that its hash names, if that one's value is nil; else
 * a free one. A node that stands in another chain's first place moves out of the way, so that every key can be reached
 * from the node that its hash names. Returns the value slot (nil), or 0 when no node is free.
 */
function placeLoaded(context: Context, table: number): number {
  const { i32, mask } = context;
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
  let steps = mask >>> 3;
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
  while (--index >= 0) {
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

/** Of a count of integer keys: counts[n] is the number of those in 2^(n-1) + 1 ... 2^n. Scratch of one call. */
const counts = new Int32Array(32);

/**
 * Sizes the table anew for its entries and the loaded key. False with `context.failure`: the table is as before. The
 * loaded key is forgotten.
 */
function rehash(context: Context, table: number): boolean {
  if (!isSoundTable(context, table)) return failCorrupt(context) !== 0;
  counts.fill(0);
  if (keyTag === TAG_INTEGER) countInteger(keyLow, keyHigh);
  const inArray = countArray(context, table);
  const entries = 1 + inArray + countNodes(context, table);
  const { size, used } = bestArraySize();
  const wanted = entries - used;
  return resize(context, table, size, nodesFor(wanted + (wanted >>> 2)));
}

/** Counts an integer key if it could stand in an array part. */
function countInteger(low: number, top: number): void {
  if (top === 0 && low > 0 && low <= MAXIMUM_TABLE_ENTRIES) counts[32 - Math.clz32(low - 1)]++;
}

/** Counts the used array slots. 1 for 8 slots. */
function countArray(context: Context, table: number): number {
  const i32 = context.i32;
  const array = i32[table + TABLE_ARRAY];
  const size = i32[table + TABLE_ARRAY_SIZE];
  context.fuel = (context.fuel - (size >>> 3)) | 0;
  let total = 0;
  let index = 1;
  for (let slice = 0, end = 1; index <= size; slice++, end *= 2) {
    const last = Math.min(end, size);
    let used = 0;
    for (; index <= last; index++) if (i32[array + index * VALUE_SIZE + VALUE_TAG] !== TAG_NIL) used++;
    counts[slice] += used;
    total += used;
  }
  return total;
}

/** Counts the used nodes. 1 for 4 nodes. */
function countNodes(context: Context, table: number): number {
  const i32 = context.i32;
  const count = nodeCount(context, table);
  context.fuel = (context.fuel - (count >>> 2)) | 0;
  const end = i32[table + TABLE_NODES] + count * NODE_SIZE;
  let total = 0;
  for (let node = i32[table + TABLE_NODES]; node < end; node += NODE_SIZE) {
    if (i32[node + VALUE_TAG] === TAG_NIL) continue;
    total++;
    const key = node + NODE_KEY;
    if (i32[key + VALUE_TAG] === TAG_INTEGER) countInteger(i32[key], i32[key + VALUE_HIGH]);
  }
  return total;
}

/** The largest size of which more than half would be used, and by how many keys; by `counts`. */
function bestArraySize(): { size: number; used: number } {
  let size = 0;
  let used = 0;
  let below = 0;
  for (let slice = 0, candidate = 1; slice < 31 && candidate <= MAXIMUM_TABLE_ENTRIES; slice++, candidate *= 2) {
    below += counts[slice];
    if (below > candidate >>> 1) {
      size = candidate;
      used = below;
    }
  }
  return { size, used };
}

/** Number of nodes, a power of two, for so many entries. */
function nodesFor(entries: number): number {
  return entries <= 1 ? entries : 2 ** (32 - Math.clz32(entries - 1));
}

/** Number of the table's own nodes. */
function nodeCount(context: Context, table: number): number {
  const i32 = context.i32;
  return i32[table + TABLE_NODES] === table + TABLE_DUMMY_NODE ? 0 : i32[table + TABLE_NODE_MASK] + 1;
}

/**
 * Gives a sound table `size` array slots and `count` nodes (0 or a power of two), and moves all entries. False with
 * `context.failure`; the table is then as before. Charged by what is allocated and moved.
 */
function resize(context: Context, table: number, size: number, count: number): boolean {
  if (size > MAXIMUM_TABLE_ENTRIES || count > MAXIMUM_TABLE_ENTRIES) {
    context.failure = MEMORY;
    return false;
  }
  const oldArray = context.i32[table + TABLE_ARRAY];
  const oldSize = context.i32[table + TABLE_ARRAY_SIZE];
  const oldNodes = context.i32[table + TABLE_NODES];
  const oldCount = nodeCount(context, table);
  context.fuel = (context.fuel - ((size + oldSize) >>> 2) - ((count + oldCount) >>> 1)) | 0;
  const array = makeArray(context, oldArray, oldSize, size);
  if (array < 0) return false;
  const nodes = makeNodes(context, table, count);
  if (nodes === 0) {
    if (array !== oldArray && array !== 0) release(context, array);
    return false;
  }
  const i32 = context.i32;
  i32[table + TABLE_ARRAY] = array;
  i32[table + TABLE_ARRAY_SIZE] = size;
  i32[table + TABLE_BORDER] = size;
  i32[table + TABLE_NODES] = nodes;
  i32[table + TABLE_NODE_MASK] = count === 0 ? 0 : count - 1;
  i32[table + TABLE_LAST_FREE] = count;
  const isMoved =
    moveArrayRest(context, table, oldArray, size, oldSize) && moveNodes(context, table, oldNodes, oldCount);
  if (oldArray !== array && oldArray !== 0) release(context, oldArray);
  if (oldCount > 0) release(context, oldNodes - BLOCK_HEADER_WORDS);
  return isMoved;
}

/**
 * A block of `size` slots that begins with the old ones; the same block when it can be extended or is the right one.
 * 0 for none, -1 with `context.failure`.
 */
function makeArray(context: Context, old: number, oldSize: number, size: number): number {
  if (size === oldSize) return old;
  if (size === 0) return 0;
  const words = BLOCK_HEADER_WORDS + size * VALUE_SIZE;
  if (size > oldSize && oldSize > 0 && extendInPlace(context, old, words)) {
    context.i32.fill(0, old + BLOCK_HEADER_WORDS + oldSize * VALUE_SIZE, old + words);
    return old;
  }
  const block = allocate(context, words, KIND_ARRAY);
  if (block === 0) return -1;
  const i32 = context.i32;
  const kept = BLOCK_HEADER_WORDS + Math.min(size, oldSize) * VALUE_SIZE;
  i32.fill(0, block + 1, block + BLOCK_HEADER_WORDS);
  if (oldSize > 0) i32.copyWithin(block + BLOCK_HEADER_WORDS, old + BLOCK_HEADER_WORDS, old + kept);
  i32.fill(0, block + (oldSize > 0 ? kept : BLOCK_HEADER_WORDS), block + words);
  return block;
}

/** Word address of the first of `count` empty nodes (0: the dummy), or 0 with `context.failure`. */
function makeNodes(context: Context, table: number, count: number): number {
  if (count === 0) return table + TABLE_DUMMY_NODE;
  const words = BLOCK_HEADER_WORDS + count * NODE_SIZE;
  const block = allocate(context, words, KIND_NODES);
  if (block === 0) return 0;
  context.i32.fill(0, block + 1, block + words);
  return block + BLOCK_HEADER_WORDS;
}

/** Moves the slots beyond a smaller array part into the nodes. */
function moveArrayRest(context: Context, table: number, oldArray: number, size: number, oldSize: number): boolean {
  for (let index = size + 1; index <= oldSize; index++) {
    const slot = oldArray + index * VALUE_SIZE;
    if (context.i32[slot + VALUE_TAG] === TAG_NIL) continue;
    loadIntegerKey(index, 0);
    if (!moveEntry(context, table, slot)) return false;
  }
  return true;
}

/** Moves the entries of the old nodes. */
function moveNodes(context: Context, table: number, oldNodes: number, oldCount: number): boolean {
  const i32 = context.i32;
  for (let index = oldCount - 1; index >= 0; index--) {
    const node = oldNodes + index * NODE_SIZE;
    if (i32[node + NODE_VALUE + VALUE_TAG] === TAG_NIL) continue;
    if (!loadKey(context, node + NODE_KEY)) return failCorrupt(context) !== 0;
    if (!moveEntry(context, table, node + NODE_VALUE)) return false;
  }
  return true;
}

/** Stores the value at `from` under the loaded key, for which there is room unless the heap is corrupt. */
function moveEntry(context: Context, table: number, from: number): boolean {
  const slot = arraySlotOrNode(context, table);
  if (slot === 0) return failCorrupt(context) !== 0;
  copyValue(context, slot, from);
  return true;
}

function arraySlotOrNode(context: Context, table: number): number {
  const slot = keyTag === TAG_INTEGER ? arraySlot(context, table, keyLow, keyHigh) : 0;
  return slot !== 0 ? slot : placeLoaded(context, table);
}
