// Finalisers: objects whose metatable had a `__gc` when it was set. Each has a record, a userdata that no guest sees: its
// table is the object, the word behind that the next record. Records form two lists: of objects that wait for their end
// (the newest first), and of those that were found unreachable, in the order in which their finalisers will be called.
//
// The collector separates the second from the first (collector.ts) and marks its objects, so that they live once more. A
// function of the library calls the finalisers, one after the other, in a frame above the one that runs.
import { allocate, release } from './allocator';
import { GRAY_LINK, markObject, markOwned } from './collector-mark';
import { FAILED, FINISHED, fail, STOPPED } from './collector-step';
import { weakModeOf } from './collector-weak';
import type { Context } from './context';
import { isBlock } from './heap-checks';
import {
  CLOSURE_FUNCTION,
  COLOUR_BLACK,
  FRAME_FUNCTION,
  FRAME_STATE,
  HEADER,
  HEADER_COLOUR_MASK,
  KIND_TABLE,
  KIND_USERDATA,
  RESULT_CLOSING,
  RESULT_DROP,
  TABLE_SIZE,
  TAG_CLOSURE,
  TAG_TABLE,
  THREAD_FRAMES,
  USERDATA_SIZE,
  USERDATA_TABLE,
  VALUE_SIZE,
} from './layout';
import { METAMETHOD_GC, metamethodIn } from './metatables';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT } from './program';
import { NEXT } from './signals';
import { enterCall, resultTo } from './value-calls';
import { freeSlots, goOn, makeRoom, OVERFLOW } from './value-frame';
import { writeReference } from './values';

/** A record's link. */
const RECORD_NEXT = 2;
/** In a table's GRAY word outside of collections: it waits for its end. Of weak tables beside the collector's link. */
const REGISTERED = 1;

/** Words of registers that the library's function takes at most. */
const CALL_WORDS = 256;

/** HEADER.FINALISER_STATE. */
const IDLE = 0;
const CALLING = 1;
const CLOSING = 2;

/** HEADER.ATTENTION, as bits: what the value loop must see to when it is entered. */
export const ATTEND_FINALISERS = 1;
export const ATTEND_HOOKS = 2;

/**
 * The table at `table` is about to get this metatable: with a `__gc` in it, its end will be told. NEXT; or MEMORY or TRAP,
 * and nothing has changed.
 */
export function registerFinaliser(context: Context, table: number, metatable: number): number {
  if (metatable === 0 || context.i32[HEADER.FINALISER_STATE] === CLOSING) return NEXT;
  if (metamethodIn(context, metatable, METAMETHOD_GC) === 0) return NEXT;
  if ((context.i32[table + GRAY_LINK] & REGISTERED) !== 0) return NEXT;
  const record = allocate(context, USERDATA_SIZE, KIND_USERDATA);
  if (record === 0) return context.failure;
  const { i32 } = context;
  i32[record + USERDATA_TABLE] = table;
  i32[record + RECORD_NEXT] = i32[HEADER.FINALISERS];
  i32[HEADER.FINALISERS] = record;
  i32[table + GRAY_LINK] = REGISTERED;
  return NEXT;
}

function isRecord(context: Context, record: number): boolean {
  return record !== 0 && isBlock(context, record, KIND_USERDATA, USERDATA_SIZE);
}

/** Whether a collection has records to look at. */
export function hasFinalisers(context: Context): boolean {
  return (context.i32[HEADER.FINALISERS] | context.i32[HEADER.FINALISING]) !== 0;
}

/**
 * The collector's phase: moves the records of objects that were not reached to the list of those whose finalisers will be
 * called, and marks all of that list. SCAN is the record before the next one (0: the list's head), SCAN_FRAME 1 while the
 * second list is marked. 1 for each record.
 */
export function separateFinalisers(context: Context): number {
  const { i32 } = context;
  while (i32[HEADER.SCAN_FRAME] === 0) {
    if (context.fuel <= 0) return STOPPED;
    context.fuel = (context.fuel - 1) | 0;
    const before = i32[HEADER.SCAN];
    if (before !== 0 && !isRecord(context, before)) return fail(context);
    const record = before === 0 ? i32[HEADER.FINALISERS] : i32[before + RECORD_NEXT];
    if (record === 0) {
      i32[HEADER.SCAN] = i32[HEADER.FINALISING];
      i32[HEADER.SCAN_FRAME] = 1;
    } else if (!separate(context, before, record)) return FAILED;
  }
  for (let record = i32[HEADER.SCAN]; record !== 0; record = i32[HEADER.SCAN]) {
    if (context.fuel <= 0) return STOPPED;
    context.fuel = (context.fuel - 1) | 0;
    if (!isRecord(context, record) || !markOwned(context, record, KIND_USERDATA)) return fail(context);
    if (!markObject(context, i32[record + USERDATA_TABLE], KIND_TABLE)) return FAILED;
    i32[HEADER.SCAN] = i32[record + RECORD_NEXT];
  }
  i32[HEADER.FINALISERS_SEPARATED] = 1;
  return FINISHED;
}

/** Looks at a record: it stays in its list, behind `before`, or goes to the end of the other one. False after TRAP. */
function separate(context: Context, before: number, record: number): boolean {
  const { i32 } = context;
  const table = i32[(record + USERDATA_TABLE) & context.mask];
  if (!isRecord(context, record) || !isBlock(context, table, KIND_TABLE, TABLE_SIZE)) {
    fail(context);
    return false;
  }
  if ((i32[table] & HEADER_COLOUR_MASK) === COLOUR_BLACK) {
    const link = weakModeOf(context, table) === 0 ? 0 : i32[table + GRAY_LINK];
    i32[table + GRAY_LINK] = link | REGISTERED;
    i32[HEADER.SCAN] = record;
    return markOwned(context, record, KIND_USERDATA);
  }
  const next = i32[record + RECORD_NEXT];
  if (before === 0) i32[HEADER.FINALISERS] = next;
  else i32[before + RECORD_NEXT] = next;
  i32[record + RECORD_NEXT] = 0;
  appendRecords(context, record, record);
  return true;
}

/** Puts the records from `first` to `last` behind those whose finalisers will be called. */
function appendRecords(context: Context, first: number, last: number): void {
  const { i32 } = context;
  if (i32[HEADER.FINALISING] === 0) i32[HEADER.FINALISING] = first;
  else i32[(i32[HEADER.FINALISING_LAST] + RECORD_NEXT) & context.mask] = first;
  i32[HEADER.FINALISING_LAST] = last;
}

/** A collection has ended: the value loop is to call the finalisers of what it has found, unless they are called already. */
export function announceFinalisers(context: Context): void {
  const { i32 } = context;
  if (i32[HEADER.FINALISING] !== 0 && i32[HEADER.FINALISER_STATE] === IDLE) i32[HEADER.ATTENTION] |= ATTEND_FINALISERS;
}

/**
 * Calls the library's function that calls finalisers, above the current frame, a value function's between two
 * instructions; it goes on there afterwards. Where that cannot be, they wait for the next collection.
 */
export function startFinalisers(context: Context): void {
  const { i32, frame } = context;
  i32[HEADER.ATTENTION] &= ~ATTEND_FINALISERS;
  const isBetween = frame > i32[context.thread + THREAD_FRAMES] && i32[frame + FRAME_STATE] === 0;
  if (!isBetween || !context.checkFrame()) return;
  const row = i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  if ((context.program.functions[row + FUNCTION_FLAGS] & FLAG_VALUE) === 0) return;
  const free = freeSlots(context) - context.stack;
  if (i32[HEADER.FINALISER] === 0 || makeRoom(context, free + CALL_WORDS) !== NEXT) return;
  if (pushFinaliser(context, context.stack + free)) context.i32[HEADER.FINALISER_STATE] = CALLING;
}

/** Pushes the frame of the library's function, whose closure goes to `slot`. */
function pushFinaliser(context: Context, slot: number, kind = RESULT_DROP): boolean {
  const frame = context.frame;
  writeReference(context, slot, TAG_CLOSURE, context.i32[HEADER.FINALISER]);
  enterCall(context, 0, slot, slot + VALUE_SIZE, 0, resultTo(0, 1, kind));
  return context.frame !== frame;
}

/**
 * The program has ended: the finalisers of all objects that have one are called, the newest object's first, and those
 * that are made meanwhile get none. Whether there was anything to call.
 */
export function closeFinalisers(context: Context, slot: number): boolean {
  const distance = slot - context.stack;
  if (!canClose(context)) return false;
  takeAll(context);
  if (makeRoom(context, distance + CALL_WORDS) !== NEXT) return false;
  return pushFinaliser(context, context.stack + distance);
}

/**
 * The same after an error that nothing catches, `distance` words above the start of the stack: the frames of the error stay
 * below. NEXT when there is nothing to call or no room for it; MEMORY when a job was begun, after which this is to be called
 * again, or memory lacks; TRAP; else RELOAD or FUEL.
 */
export function closeAfterError(context: Context, distance: number): number {
  if (!canClose(context)) return NEXT;
  const room = makeRoom(context, distance + CALL_WORDS, true);
  if (room !== NEXT) return room === OVERFLOW ? NEXT : room;
  takeAll(context);
  return pushFinaliser(context, context.stack + distance, RESULT_CLOSING) ? goOn(context) : NEXT;
}

/** Whether there is something to call at the end, which has not begun yet. */
export function canClose(context: Context): boolean {
  const { i32 } = context;
  return hasFinalisers(context) && i32[HEADER.FINALISER] !== 0 && i32[HEADER.FINALISER_STATE] !== CLOSING;
}

/** All objects' finalisers are to be called, whether they are reachable or not. */
function takeAll(context: Context): void {
  const { i32 } = context;
  i32[HEADER.FINALISER_STATE] = CLOSING;
  if (i32[HEADER.FINALISERS] === 0) return;
  // The last record is looked for by nobody: nothing is appended any more.
  appendRecords(context, i32[HEADER.FINALISERS], i32[HEADER.FINALISERS]);
  i32[HEADER.FINALISERS] = 0;
}

/**
 * Takes the next object whose finaliser is to be called off its list and puts it into `slot`: it is an object like any
 * other again. False when there is none: then finalisers can be called anew.
 */
export function takeFinaliser(context: Context, slot: number): boolean {
  const { i32 } = context;
  const record = i32[HEADER.FINALISING];
  if (!isRecord(context, record)) {
    i32[HEADER.FINALISING] = 0;
    if (i32[HEADER.FINALISER_STATE] === CALLING) i32[HEADER.FINALISER_STATE] = IDLE;
    return false;
  }
  const table = i32[record + USERDATA_TABLE] & context.mask;
  i32[HEADER.FINALISING] = i32[record + RECORD_NEXT];
  writeReference(context, slot, TAG_TABLE, table);
  i32[table + GRAY_LINK] = 0;
  release(context, record);
  return true;
}

/** Whether finalisers are being called: then a guest cannot ask for a collection. */
export function isFinalising(context: Context): boolean {
  return context.i32[HEADER.FINALISER_STATE] === CALLING;
}

/** Whether `frame` is the library's function that calls finalisers. */
export function callsFinalisers(context: Context, frame: number): boolean {
  const { i32, mask } = context;
  const closure = i32[HEADER.FINALISER];
  return closure !== 0 && i32[(frame + FRAME_FUNCTION) & mask] === i32[(closure + CLOSURE_FUNCTION) & mask];
}
