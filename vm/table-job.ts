// Resizing a large table in steps. Guest code does not run while a job is under way, but the scheduler may come between
// any two steps: as with a collection, the whole state lies in header words, and every step is charged the same whatever
// the slices are. The instruction that began it has answered MEMORY and is run again afterwards. Small tables are resized
// in one go (table-resize.ts).
import { release } from './allocator';
import type { Context } from './context';
import { JOB_COPY_VALUES, workOnCopies } from './copy-job';
import { failCorrupt, isBlock, isSoundTable } from './heap-checks';
import { JOB_KEY_HASH, workOnKey } from './key-job';
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
  TABLE_DUMMY_NODE,
  TABLE_NODES,
  TAG_INTEGER,
  TAG_NIL,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_TABLE_ENTRIES } from './limits';
import { FUEL, MEMORY, NEXT, TRAP } from './signals';
import { JOB_STACK, workOnStacks } from './stack-job';
import { loadIntegerKey, loadKey } from './table-access';
import { newTable } from './table-growth';
import { isSearchUnfinished } from './table-nodes';
import {
  bestArraySize,
  isLargeSize,
  JOB_ALLOCATE,
  JOB_CLEAR_NODES,
  JOB_COUNT_ARRAY,
  JOB_COUNT_NODES,
  JOB_FILL_ARRAY,
  JOB_MOVE_ARRAY,
  JOB_MOVE_NODES,
  JOB_RETRY,
  moveEntry,
  nodeCount,
  nodesFor,
  reserveNodes,
  reserveSlots,
  setArray,
  setNodes,
  sliceOf,
  startSizing,
} from './table-resize';
import { JOB_WINDOW_MOVE, workOnWindow } from './window-job';

/** Slots or nodes of a step: some ten microseconds. */
const STEP = 512;

/** A step has finished its phase. */
const PHASE_DONE = -1;

/** Whether a job is under way. */
export function hasJob(context: Context): boolean {
  return context.i32[HEADER.JOB] !== 0;
}

/**
 * Works on the job. NEXT when it is done; FUEL: call again; MEMORY: there is no room for the new parts (the table is as it
 * was, the job is forgotten); TRAP: the heap is corrupt.
 */
export function workOnJob(context: Context): number {
  const i32 = context.i32;
  if (i32[HEADER.JOB] === JOB_RETRY) {
    i32[HEADER.JOB] = 0;
    return NEXT;
  }
  if (i32[HEADER.JOB] >= JOB_WINDOW_MOVE) {
    const signal = workOnOthers(context);
    return signal === NEXT || signal === FUEL ? signal : fail(context, signal);
  }
  if (!isSoundJob(context)) return corruptJob(context);
  while (context.i32[HEADER.JOB] !== 0) {
    if (context.fuel <= 0) return FUEL;
    const phase = context.i32[HEADER.JOB];
    const signal = runStep(context, phase);
    if (signal === PHASE_DONE) startPhase(context, phase + 1);
    else if (signal !== NEXT) return fail(context, signal);
  }
  return NEXT;
}

/** The jobs that are not a table's. */
function workOnOthers(context: Context): number {
  const phase = context.i32[HEADER.JOB];
  if (phase >= JOB_KEY_HASH) return workOnKey(context);
  if (phase >= JOB_COPY_VALUES) return workOnCopies(context);
  return phase >= JOB_STACK ? workOnStacks(context) : workOnWindow(context);
}

/** Works on the job for the host: yields when the fuel is used up. False with `context.failure`. */
export function* jobInTurns(context: Context): Generator<undefined, boolean, unknown> {
  for (;;) {
    const signal = workOnJob(context);
    if (signal === NEXT) return true;
    if (signal !== FUEL) {
      context.failure = signal;
      return false;
    }
    yield undefined;
  }
}

/** What `insert` answers, which inserts a key as findOrInsert does, when the jobs that it begins are done. */
export function* insertInTurns(context: Context, insert: () => number): Generator<undefined, number, unknown> {
  for (;;) {
    const slot = insert();
    if (slot !== 0 || !hasJob(context)) return slot;
    if (!(yield* jobInTurns(context))) return 0;
  }
}

/** As newTable, of any size. */
export function* newTableInTurns(
  context: Context,
  slots: number,
  entries: number,
): Generator<undefined, number, unknown> {
  const count = nodesFor(entries);
  if (!isLargeSize(slots, count)) return newTable(context, slots, entries);
  const table = newTable(context, 0, 0);
  if (table === 0) return 0;
  startSizing(context, table, slots, count);
  return (yield* jobInTurns(context)) ? table : 0;
}

function fail(context: Context, signal: number): number {
  context.i32[HEADER.JOB] = 0;
  return signal === TRAP ? corruptJob(context) : signal;
}

function corruptJob(context: Context): number {
  context.i32[HEADER.JOB] = 0;
  failCorrupt(context);
  return TRAP;
}

/** The job's words may be anything: all that the steps walk without masks is checked whenever they begin. */
function isSoundJob(context: Context): boolean {
  const { i32 } = context;
  const phase = i32[HEADER.JOB];
  const table = i32[HEADER.JOB_TABLE];
  if (phase < JOB_COUNT_ARRAY || phase > JOB_MOVE_NODES || i32[HEADER.JOB_POSITION] < 0) return false;
  if (!isSoundTable(context, table)) return false;
  if (phase <= JOB_ALLOCATE) return true;
  const size = i32[HEADER.JOB_SIZE];
  const count = i32[HEADER.JOB_COUNT];
  if (!isArray(context, i32[HEADER.JOB_OLD_ARRAY], i32[HEADER.JOB_OLD_SIZE])) return false;
  if (!areNodes(context, i32[HEADER.JOB_OLD_NODES], i32[HEADER.JOB_OLD_COUNT])) return false;
  return isArray(context, i32[HEADER.JOB_ARRAY], size) && areNodes(context, i32[HEADER.JOB_NODES], count);
}

function isArray(context: Context, array: number, size: number): boolean {
  if (size === 0) return true;
  return (
    size > 0 &&
    size <= MAXIMUM_TABLE_ENTRIES &&
    isBlock(context, array, KIND_ARRAY, BLOCK_HEADER_WORDS + size * VALUE_SIZE)
  );
}

function areNodes(context: Context, nodes: number, count: number): boolean {
  if (count === 0) return true;
  if (count < 0 || count > MAXIMUM_TABLE_ENTRIES || (count & (count - 1)) !== 0) return false;
  return isBlock(context, nodes - BLOCK_HEADER_WORDS, KIND_NODES, BLOCK_HEADER_WORDS + count * NODE_SIZE);
}

function runStep(context: Context, phase: number): number {
  const i32 = context.i32;
  const table = i32[HEADER.JOB_TABLE];
  const position = i32[HEADER.JOB_POSITION];
  switch (phase) {
    case JOB_COUNT_ARRAY:
      return countArray(context, table, position);
    case JOB_COUNT_NODES:
      return countNodes(context, table, position);
    case JOB_ALLOCATE:
      return makeParts(context, table);
    case JOB_FILL_ARRAY:
      return fillArray(context, position);
    case JOB_CLEAR_NODES:
      return clearNodes(context, position);
    case JOB_MOVE_ARRAY:
      return moveArray(context, table, position);
    default:
      return moveNodes(context, table, position);
  }
}

/** What happens between two phases. */
function startPhase(context: Context, phase: number): void {
  const i32 = context.i32;
  const table = i32[HEADER.JOB_TABLE];
  i32[HEADER.JOB] = phase;
  i32[HEADER.JOB_POSITION] = 0;
  if (phase === JOB_ALLOCATE) chooseSizes(context);
  if (phase === JOB_MOVE_ARRAY) {
    setArray(context, table, i32[HEADER.JOB_ARRAY], i32[HEADER.JOB_SIZE]);
    const count = i32[HEADER.JOB_COUNT];
    setNodes(context, table, count === 0 ? table + TABLE_DUMMY_NODE : i32[HEADER.JOB_NODES], count);
  }
  if (phase > JOB_MOVE_NODES) finish(context);
}

/** Charges for a step and notes how far it comes. */
function advance(context: Context, position: number, end: number, shift: number): number {
  context.fuel = (context.fuel - 1 - ((end - position) >>> shift)) | 0;
  context.i32[HEADER.JOB_POSITION] = end;
  return NEXT;
}

/** 1 for 8 slots. */
function countArray(context: Context, table: number, position: number): number {
  const i32 = context.i32;
  const size = i32[table + TABLE_ARRAY_SIZE];
  if (position >= size) return PHASE_DONE;
  const array = i32[table + TABLE_ARRAY];
  const end = Math.min(position + STEP, size);
  for (let index = position + 1; index <= end; index++) {
    if (i32[array + index * VALUE_SIZE + VALUE_TAG] !== TAG_NIL) countKey(i32, index, 0);
  }
  return advance(context, position, end, 3);
}

/** 1 for 4 nodes. */
function countNodes(context: Context, table: number, position: number): number {
  const i32 = context.i32;
  const count = nodeCount(context, table);
  if (position >= count) return PHASE_DONE;
  const nodes = i32[table + TABLE_NODES];
  const end = Math.min(position + STEP, count);
  for (let index = position; index < end; index++) {
    const node = nodes + index * NODE_SIZE;
    const key = node + NODE_KEY;
    if (i32[node + VALUE_TAG] === TAG_NIL) continue;
    if (i32[key + VALUE_TAG] === TAG_INTEGER) countKey(i32, i32[key], i32[key + VALUE_HIGH]);
    else i32[HEADER.JOB_ENTRIES]++;
  }
  return advance(context, position, end, 2);
}

function countKey(i32: Int32Array, low: number, top: number): void {
  const slice = sliceOf(low, top);
  if (slice >= 0) i32[HEADER.JOB_COUNTS + slice]++;
  i32[HEADER.JOB_ENTRIES]++;
}

function chooseSizes(context: Context): void {
  const i32 = context.i32;
  const { size, used } = bestArraySize(i32, HEADER.JOB_COUNTS);
  const wanted = Math.max(i32[HEADER.JOB_ENTRIES] - used, 0);
  i32[HEADER.JOB_SIZE] = size;
  i32[HEADER.JOB_COUNT] = nodesFor(wanted + (wanted >>> 2));
}

/** Allocates the new parts, whose contents are undefined. */
function makeParts(context: Context, table: number): number {
  const { i32 } = context;
  const size = i32[HEADER.JOB_SIZE];
  const count = i32[HEADER.JOB_COUNT];
  if (!isSize(size) || !isSize(count) || (count & (count - 1)) !== 0) return MEMORY;
  context.fuel = (context.fuel - 1) | 0;
  const oldArray = i32[table + TABLE_ARRAY];
  const oldSize = i32[table + TABLE_ARRAY_SIZE];
  const array = reserveSlots(context, oldArray, oldSize, size);
  if (array < 0) return context.failure;
  const nodes = reserveNodes(context, table, count);
  if (nodes === 0) {
    if (array !== oldArray && array !== 0) release(context, array);
    return context.failure;
  }
  const words = context.i32;
  words[HEADER.JOB_OLD_ARRAY] = oldArray;
  words[HEADER.JOB_OLD_SIZE] = oldSize;
  words[HEADER.JOB_OLD_NODES] = words[table + TABLE_NODES];
  words[HEADER.JOB_OLD_COUNT] = nodeCount(context, table);
  words[HEADER.JOB_ARRAY] = array;
  words[HEADER.JOB_NODES] = nodes;
  return PHASE_DONE;
}

function isSize(size: number): boolean {
  return size >= 0 && size <= MAXIMUM_TABLE_ENTRIES;
}

/** Copies the old slots into a new block, and makes the slots behind them nil. 1 for 4 slots. */
function fillArray(context: Context, position: number): number {
  const i32 = context.i32;
  const array = i32[HEADER.JOB_ARRAY];
  const size = i32[HEADER.JOB_SIZE];
  const old = i32[HEADER.JOB_OLD_ARRAY];
  const kept = Math.min(i32[HEADER.JOB_OLD_SIZE], size);
  if (position >= size) return PHASE_DONE;
  const isKept = position < kept;
  const end = Math.min(position + STEP, isKept ? kept : size);
  const from = BLOCK_HEADER_WORDS + position * VALUE_SIZE;
  const to = BLOCK_HEADER_WORDS + end * VALUE_SIZE;
  if (!isKept) i32.fill(0, array + from, array + to);
  else if (array !== old) i32.copyWithin(array + from, old + from, old + to);
  return advance(context, position, end, 2);
}

/** 1 for 2 nodes. */
function clearNodes(context: Context, position: number): number {
  const i32 = context.i32;
  const count = i32[HEADER.JOB_COUNT];
  if (position >= count) return PHASE_DONE;
  const end = Math.min(position + STEP, count);
  const nodes = i32[HEADER.JOB_NODES];
  i32.fill(0, nodes + position * NODE_SIZE, nodes + end * NODE_SIZE);
  return advance(context, position, end, 1);
}

/** Moves the slots beyond a smaller array part into the nodes. 1 for 4 slots, and what each costs to store. */
function moveArray(context: Context, table: number, position: number): number {
  const i32 = context.i32;
  const size = i32[HEADER.JOB_SIZE];
  const count = i32[HEADER.JOB_OLD_SIZE] - size;
  if (position >= count) return PHASE_DONE;
  const end = Math.min(position + STEP, count);
  for (let index = position; index < end; index++) {
    const slot = i32[HEADER.JOB_OLD_ARRAY] + (size + index + 1) * VALUE_SIZE;
    if (i32[slot + VALUE_TAG] === TAG_NIL) continue;
    loadIntegerKey(size + index + 1, 0);
    if (!moveEntry(context, table, slot)) return isSearchUnfinished ? advance(context, position, index, 2) : TRAP;
  }
  return advance(context, position, end, 2);
}

/** Moves the entries of the old nodes, the last first. 1 for 2 nodes, and what each costs to store. */
function moveNodes(context: Context, table: number, position: number): number {
  const i32 = context.i32;
  const count = i32[HEADER.JOB_OLD_COUNT];
  if (position >= count) return PHASE_DONE;
  const end = Math.min(position + STEP, count);
  for (let index = position; index < end; index++) {
    const node = i32[HEADER.JOB_OLD_NODES] + (count - 1 - index) * NODE_SIZE;
    if (i32[node + NODE_VALUE + VALUE_TAG] === TAG_NIL) continue;
    if (!loadKey(context, node + NODE_KEY)) return TRAP;
    if (!moveEntry(context, table, node + NODE_VALUE)) {
      return isSearchUnfinished ? advance(context, position, index, 1) : TRAP;
    }
  }
  return advance(context, position, end, 1);
}

/** Gives the old parts back. */
function finish(context: Context): void {
  const i32 = context.i32;
  const oldArray = i32[HEADER.JOB_OLD_ARRAY];
  i32[HEADER.JOB] = 0;
  if (i32[HEADER.JOB_OLD_SIZE] > 0 && oldArray !== i32[HEADER.JOB_ARRAY]) release(context, oldArray);
  if (i32[HEADER.JOB_OLD_COUNT] > 0) release(context, i32[HEADER.JOB_OLD_NODES] - BLOCK_HEADER_WORDS);
}
