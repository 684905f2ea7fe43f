// Making tables and inserting keys. A table grows when a key is new and no free node is left (table-resize.ts).
import { allocate, release } from './allocator';
import type { Context } from './context';
import { failCorrupt, isSoundTable } from './heap-checks';
import { prepareKey } from './key-job';
import {
  KIND_TABLE,
  TABLE_ABSENT,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_NODES,
  TABLE_SIZE,
  TAG_INTEGER,
  TAG_NIL,
  VALUE_TAG,
} from './layout';
import { THROW } from './signals';
import {
  arraySlot,
  getLoaded,
  isChainFull,
  keyHigh,
  keyLow,
  keyTag,
  loadIntegerKey,
  loadKey,
  loadShortStringKey,
} from './table-access';
import { isSearchUnfinished, placeLoaded } from './table-nodes';
import {
  admits,
  clearBlock,
  JOB_RETRY,
  makeArray,
  makeNodes,
  nodeCount,
  nodesFor,
  rehash,
  resize,
  setArray,
  setNodes,
  startJob,
} from './table-resize';

/**
 * A table with room for `arraySlots` array slots and `hashEntries` other entries. Returns its word address, or 0 with
 * `context.failure` (see allocate). Charged by its size.
 */
export function newTable(context: Context, arraySlots: number, hashEntries: number): number {
  const count = nodesFor(hashEntries);
  if (!admits(context, arraySlots, count)) return 0;
  const table = allocate(context, TABLE_SIZE, KIND_TABLE);
  if (table === 0) return 0;
  clearBlock(context, table, TABLE_SIZE);
  context.i32[table + TABLE_NODES] = table + TABLE_DUMMY_NODE;
  if (arraySlots > 0) {
    const array = makeArray(context, 0, 0, arraySlots);
    if (array < 0) return giveBack(context, table);
    setArray(context, table, array, arraySlots);
  }
  if (count > 0) {
    const nodes = makeNodes(context, table, count);
    if (nodes === 0) {
      if (arraySlots > 0) release(context, context.i32[table + TABLE_ARRAY]);
      return giveBack(context, table);
    }
    setNodes(context, table, nodes, count);
  }
  return table;
}

/** A table without all its parts is nobody's: what is left of it would only put off the end of memory. */
function giveBack(context: Context, table: number): number {
  release(context, table);
  return 0;
}

/** Makes the array part at least `slots` long, for stores that follow. False with `context.failure` (see allocate). */
export function reserveArray(context: Context, table: number, slots: number): boolean {
  if (!isSoundTable(context, table)) return failCorrupt(context) !== 0;
  if (slots <= context.i32[table + TABLE_ARRAY_SIZE]) return true;
  return resize(context, table, slots, nodeCount(context, table));
}

/** The message of the error when a key has been refused with THROW: that of the last one. */
export let keyProblem = '';

/**
 * Word address of the value slot of the key at word address `key`, which is inserted with the value nil when it is new;
 * the caller stores the value. Or 0 with `context.failure`: THROW (the key is nil or NaN, or there are too many of its
 * hash: the caller raises `keyProblem`), MEMORY (perhaps only since a job was begun, after which the same will succeed: table-job.ts) or TRAP. Forgets which metamethods are absent, so stores that find their slot to be nil must come here.
 */
export function findOrInsert(context: Context, table: number, key: number): number {
  if (!prepareKey(context, key)) return 0;
  if (!loadKey(context, key)) {
    context.failure = THROW;
    keyProblem = context.i32[key + VALUE_TAG] === TAG_NIL ? 'table index is nil' : 'table index is NaN';
    return 0;
  }
  const slot = findOrPlace(context, table);
  if (slot !== 0) return slot;
  if (!makeRoom(context, table)) return 0;
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
  if (!makeRoom(context, table)) return 0;
  loadIntegerKey(low, top);
  return placeAfterRehash(context, table);
}

/** The same for the short string at word address `key`. */
export function findOrInsertShortString(context: Context, table: number, key: number): number {
  loadShortStringKey(context, key);
  const found = findOrPlace(context, table);
  if (found !== 0) return found;
  if (!makeRoom(context, table)) return 0;
  loadShortStringKey(context, key);
  return placeAfterRehash(context, table);
}

/** After `findOrPlace` has answered 0. False with `context.failure`. */
function makeRoom(context: Context, table: number): boolean {
  if (isChainFull) {
    context.failure = THROW;
    keyProblem = 'too many keys of one hash in a table';
    return false;
  }
  if (!isSearchUnfinished) return rehash(context, table);
  // The search for a free node goes on when the instruction is run again.
  startJob(context, table, JOB_RETRY);
  return false;
}

function findOrPlace(context: Context, table: number): number {
  context.i32[(table + TABLE_ABSENT) & context.mask] = 0;
  const slot = getLoaded(context, table);
  if (slot !== 0) return slot;
  return isChainFull ? 0 : placeLoaded(context, table);
}

function placeAfterRehash(context: Context, table: number): number {
  const slot = keyTag === TAG_INTEGER ? arraySlot(context, table, keyLow, keyHigh) : 0;
  if (slot !== 0) return slot;
  const placed = placeLoaded(context, table);
  return placed !== 0 ? placed : failCorrupt(context);
}
