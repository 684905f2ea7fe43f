// The sizes of a table's parts: counting its keys, choosing sizes, making the parts and moving the entries. The array part
// gets the largest size of which more than half would be used (Lua's rule). The hash part gets a quarter more than it
// needs, so that deleting and inserting in turn does not count again each time. Whatever fails leaves the table as it was.
// All state is in locals and in the two tables of nodes, and each step is a function: it can be sliced.
import { allocate, extendInPlace, release } from './allocator';
import type { Context } from './context';
import { finishCopies } from './copy-job';
import { failCorrupt, isSoundTable } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  HEADER,
  KIND_ARRAY,
  KIND_NODES,
  NODE_KEY,
  NODE_SIZE,
  NODE_VALUE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BORDER,
  TABLE_DUMMY_NODE,
  TABLE_LAST_FREE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_INTEGER,
  TAG_NIL,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_TABLE_ENTRIES } from './limits';
import { MEMORY } from './signals';
import { arraySlot, keyHigh, keyLow, keyTag, loadIntegerKey, loadKey } from './table-access';
import { isSearchUnfinished, placeLoaded } from './table-nodes';
import { copyValue } from './values';

/** Of a count of integer keys: counts[n] is the number of those in 2^(n-1) + 1 ... 2^n. Scratch of one call. */
const counts = new Int32Array(32);

/**
 * Sizes the table anew for its entries and the loaded key. False with `context.failure`: the table is as before. The
 * loaded key is forgotten.
 */
export function rehash(context: Context, table: number): boolean {
  if (!isSoundTable(context, table)) return failCorrupt(context) !== 0;
  if (isLarge(context, table)) return startRehash(context, table);
  counts.fill(0);
  if (keyTag === TAG_INTEGER) countInteger(keyLow, keyHigh);
  const inArray = countArray(context, table);
  const entries = 1 + inArray + countNodes(context, table);
  const { size, used } = bestArraySize(counts, 0);
  const wanted = entries - used;
  return resize(context, table, size, nodesFor(wanted + (wanted >>> 2)));
}

/** Slots and nodes beyond which a table is resized in steps. */
const LARGE_ENTRIES = 1024;

/** Whether a table is too large to be resized in one go. */
export function isLarge(context: Context, table: number): boolean {
  return context.i32[table + TABLE_ARRAY_SIZE] + nodeCount(context, table) > LARGE_ENTRIES;
}

/** Whether so many slots and nodes are too many to be made in one go. */
export function isLargeSize(size: number, count: number): boolean {
  return size + count > 2 * LARGE_ENTRIES;
}

/** As rehash, in steps: false with `context.failure` MEMORY and HEADER.JOB, which table-job.ts works off. */
function startRehash(context: Context, table: number): boolean {
  finishCopies(context);
  const i32 = context.i32;
  i32.fill(0, HEADER.JOB_COUNTS, HEADER.JOB_COUNTS + 32);
  const slice = keyTag === TAG_INTEGER ? sliceOf(keyLow, keyHigh) : -1;
  if (slice >= 0) i32[HEADER.JOB_COUNTS + slice] = 1;
  startJob(context, table, JOB_COUNT_ARRAY);
  i32[HEADER.JOB_ENTRIES] = 1;
  return false;
}

/** Begins a job of table-job.ts; the failure MEMORY has the instruction run again when it is done. */
export function startJob(context: Context, table: number, phase: number): void {
  finishCopies(context);
  const i32 = context.i32;
  i32[HEADER.JOB] = phase;
  i32[HEADER.JOB_TABLE] = table;
  i32[HEADER.JOB_POSITION] = 0;
  context.failure = MEMORY;
}

/** Begins a job that gives a table these sizes. */
export function startSizing(context: Context, table: number, size: number, count: number): void {
  startJob(context, table, JOB_ALLOCATE);
  context.i32[HEADER.JOB_SIZE] = size;
  context.i32[HEADER.JOB_COUNT] = count;
}

/** HEADER.JOB: the phases of a job in their order; RETRY is none: the instruction is run again, and goes on. */
export const JOB_COUNT_ARRAY = 1;
export const JOB_COUNT_NODES = 2;
export const JOB_ALLOCATE = 3;
export const JOB_FILL_ARRAY = 4;
export const JOB_CLEAR_NODES = 5;
export const JOB_MOVE_ARRAY = 6;
export const JOB_MOVE_NODES = 7;
export const JOB_RETRY = 8;

/** Where an integer key is counted that could stand in an array part, or -1. */
export function sliceOf(low: number, top: number): number {
  return top === 0 && low > 0 && low <= MAXIMUM_TABLE_ENTRIES ? 32 - Math.clz32(low - 1) : -1;
}

function countInteger(low: number, top: number): void {
  const slice = sliceOf(low, top);
  if (slice >= 0) counts[slice]++;
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

/** The largest size of which more than half would be used, and by how many keys; by the counts from `at` on. */
export function bestArraySize(words: Int32Array, at: number): { size: number; used: number } {
  let size = 0;
  let used = 0;
  let below = 0;
  for (let slice = 0, candidate = 1; slice < 31 && candidate <= MAXIMUM_TABLE_ENTRIES; slice++, candidate *= 2) {
    below += words[at + slice];
    if (below > candidate >>> 1) {
      size = candidate;
      used = below;
    }
  }
  return { size, used };
}

/** Number of nodes, a power of two, for so many entries. */
export function nodesFor(entries: number): number {
  return entries <= 1 ? entries : 2 ** (32 - Math.clz32(entries - 1));
}

/** Number of the table's own nodes. */
export function nodeCount(context: Context, table: number): number {
  const i32 = context.i32;
  return i32[table + TABLE_NODES] === table + TABLE_DUMMY_NODE ? 0 : i32[table + TABLE_NODE_MASK] + 1;
}

/**
 * Gives a sound table `size` array slots and `count` nodes (0 or a power of two), and moves all entries. False with
 * `context.failure`; the table is then as before, or a job was begun. Charged by what is allocated (`admits`) and moved.
 */
export function resize(context: Context, table: number, size: number, count: number): boolean {
  if (isLarge(context, table) || isLargeSize(size, count)) {
    startSizing(context, table, size, count);
    return false;
  }
  if (!admits(context, size, count)) return false;
  const oldArray = context.i32[table + TABLE_ARRAY];
  const oldSize = context.i32[table + TABLE_ARRAY_SIZE];
  const oldNodes = context.i32[table + TABLE_NODES];
  const oldCount = nodeCount(context, table);
  context.fuel = (context.fuel - (oldSize >>> 2) - (oldCount >>> 1)) | 0;
  const array = makeArray(context, oldArray, oldSize, size);
  if (array < 0) return false;
  const nodes = makeNodes(context, table, count);
  if (nodes === 0) {
    if (array !== oldArray && array !== 0) release(context, array);
    return false;
  }
  setArray(context, table, array, size);
  setNodes(context, table, nodes, count);
  const isMoved =
    moveArrayRest(context, table, oldArray, size, oldSize) && moveNodes(context, table, oldNodes, oldCount);
  if (oldArray !== array && oldArray !== 0) release(context, oldArray);
  if (oldCount > 0) release(context, oldNodes - BLOCK_HEADER_WORDS);
  return isMoved;
}

/** Whether a table may be so large; charges for the size: 1 for 4 slots or 2 nodes. */
export function admits(context: Context, size: number, count: number): boolean {
  if (size > MAXIMUM_TABLE_ENTRIES || count > MAXIMUM_TABLE_ENTRIES) {
    context.failure = MEMORY;
    return false;
  }
  context.fuel = (context.fuel - (size >>> 2) - (count >>> 1)) | 0;
  return true;
}

export function setArray(context: Context, table: number, array: number, size: number): void {
  const i32 = context.i32;
  i32[table + TABLE_ARRAY] = array;
  i32[table + TABLE_ARRAY_SIZE] = size;
  i32[table + TABLE_BORDER] = size;
}

export function setNodes(context: Context, table: number, nodes: number, count: number): void {
  const i32 = context.i32;
  i32[table + TABLE_NODES] = nodes;
  i32[table + TABLE_NODE_MASK] = count === 0 ? 0 : count - 1;
  i32[table + TABLE_LAST_FREE] = count;
}

/** Sets words to 0: few ones faster than the built-in does. */
export function clearWords(i32: Int32Array, start: number, end: number): void {
  if (end - start > 64) i32.fill(0, start, end);
  else for (let word = start; word < end; word++) i32[word] = 0;
}

/** The same from an even address to an even address, two words at a time. */
function clearPairs(context: Context, start: number, end: number): void {
  const { f64 } = context;
  if (end - start > 64) f64.fill(0, start >>> 1, end >>> 1);
  else for (let pair = start >>> 1; pair < end >>> 1; pair++) f64[pair] = 0;
}

/** Sets to 0 what follows the first word of a block, up to `words` words, an even number. */
export function clearBlock(context: Context, block: number, words: number): void {
  context.i32[block + 1] = 0;
  clearPairs(context, block + 2, block + words);
}

/**
 * A block of `size` slots whose contents are undefined; or the same block when it can be extended, or is the right one.
 * 0 for none, -1 with `context.failure`.
 */
export function reserveSlots(context: Context, old: number, oldSize: number, size: number): number {
  if (size === oldSize) return old;
  if (size === 0) return 0;
  const words = BLOCK_HEADER_WORDS + size * VALUE_SIZE;
  if (size > oldSize && oldSize > 0 && extendInPlace(context, old, words)) return old;
  const block = allocate(context, words, KIND_ARRAY);
  if (block === 0) return -1;
  clearBlock(context, block, BLOCK_HEADER_WORDS);
  return block;
}

/** The same with the old slots, and nil in the others. */
export function makeArray(context: Context, old: number, oldSize: number, size: number): number {
  const block = reserveSlots(context, old, oldSize, size);
  if (block <= 0) return block;
  const i32 = context.i32;
  const kept = BLOCK_HEADER_WORDS + Math.min(size, oldSize) * VALUE_SIZE;
  if (block !== old && oldSize > 0) i32.copyWithin(block + BLOCK_HEADER_WORDS, old + BLOCK_HEADER_WORDS, old + kept);
  clearPairs(context, block + kept, block + BLOCK_HEADER_WORDS + size * VALUE_SIZE);
  return block;
}

/** Word address of the first of `count` nodes whose contents are undefined (0: the dummy), or 0 with `context.failure`. */
export function reserveNodes(context: Context, table: number, count: number): number {
  if (count === 0) return table + TABLE_DUMMY_NODE;
  const block = allocate(context, BLOCK_HEADER_WORDS + count * NODE_SIZE, KIND_NODES);
  if (block === 0) return 0;
  clearBlock(context, block, BLOCK_HEADER_WORDS);
  return block + BLOCK_HEADER_WORDS;
}

/** The same, empty. */
export function makeNodes(context: Context, table: number, count: number): number {
  const nodes = reserveNodes(context, table, count);
  if (nodes !== 0) clearPairs(context, nodes, nodes + count * NODE_SIZE);
  return nodes;
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

/**
 * Stores the value at `from` under the loaded key, for which there is room unless the heap is corrupt. False then, and
 * when the search for a free node is not finished.
 */
export function moveEntry(context: Context, table: number, from: number): boolean {
  const slot = arraySlotOrNode(context, table);
  if (slot === 0 && isSearchUnfinished) return false;
  if (slot === 0) return failCorrupt(context) !== 0;
  copyValue(context, slot, from);
  return true;
}

function arraySlotOrNode(context: Context, table: number): number {
  const slot = keyTag === TAG_INTEGER ? arraySlot(context, table, keyLow, keyHigh) : 0;
  return slot !== 0 ? slot : placeLoaded(context, table);
}
