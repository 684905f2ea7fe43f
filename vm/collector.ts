// The mark-sweep collector. Guest code does not run while a collection is under way, but the scheduler may come between
// any two steps: the whole state lies in header words, and every step is charged the same whatever the slices are. Nothing
// moves. Finalisers are not there yet: they would be a phase between marking and the clearing of weak tables.
import { markRoots } from './collector-mark';
import { scanConstants, scanGray } from './collector-scan';
import { FAILED, FINISHED, fail, STOPPED } from './collector-step';
import { startStringSweep, startSweep, sweepBlocks, sweepStrings } from './collector-sweep';
import { clearWeakTables, scanEphemerons, startWeakTables } from './collector-weak';
import type { Context } from './context';
import { HEADER } from './layout';
import { MINIMUM_THRESHOLD_WORDS } from './limits';
import { FUEL } from './signals';
import { growInSteps } from './strings';

/** HEADER.PHASE. Outside collections it is IDLE. */
const IDLE = 0;
const ROOTS = 1;
const CONSTANTS = 2;
const MARK = 3;
const EPHEMERONS = 4;
const CLEAR = 5;
const STRINGS = 6;
const SWEEP = 7;
/** The table of short strings grows when it must: in the memory that the sweep has found. */
const GROW_STRINGS = 8;
/** The first phase in which objects that were not reached may be half gone, and the last one. */
export const FREEING_PHASE = STRINGS;
export const LAST_PHASE = GROW_STRINGS;

/** Fuel for the roots: about 70 words. */
const ROOTS_COST = 16;

/** Begins a collection; `collect` does the work. The threads' THREAD_FRAME words must be up to date (context.save). */
export function startCollection(context: Context): void {
  const i32 = context.i32;
  if (i32[HEADER.PHASE] !== IDLE) return;
  i32[HEADER.PHASE] = ROOTS;
  i32[HEADER.GRAY] = 0;
  i32[HEADER.WEAK] = 0;
  restartScan(i32);
}

/** A test configuration: from now on every allocation is followed by a collection. */
export function collectAtEveryAllocation(context: Context): void {
  context.collectAlways = true;
  context.i32[HEADER.THRESHOLD] = 0;
}

/**
 * Works on the collection that was begun until it is done (true), or stops (false) with `context.failure`: FUEL (call
 * again), or TRAP (corrupt heap). Afterwards HEADER.LIVE, THRESHOLD and DEBT tell of the heap.
 */
export function collect(context: Context): boolean {
  // The string table's growth may replace the views.
  while (context.i32[HEADER.PHASE] !== IDLE) {
    if (context.fuel <= 0) {
      context.failure = FUEL;
      return false;
    }
    const step = runPhase(context, context.i32[HEADER.PHASE]);
    if (step === FAILED) return false;
    if (step === FINISHED) startPhase(context, nextPhase(context.i32));
  }
  return true;
}

/** What ephemerons have reached is to be scanned, and may reach more of them. */
function nextPhase(i32: Int32Array): number {
  const phase = i32[HEADER.PHASE];
  return phase === EPHEMERONS && i32[HEADER.WEAK_CHANGED] !== 0 ? MARK : phase + 1;
}

function runPhase(context: Context, phase: number): number {
  switch (phase) {
    case ROOTS:
      context.fuel = (context.fuel - ROOTS_COST) | 0;
      return markRoots(context) ? FINISHED : FAILED;
    case CONSTANTS:
      return scanConstants(context);
    case MARK:
      return scanGray(context);
    case EPHEMERONS:
      return scanEphemerons(context);
    case CLEAR:
      return clearWeakTables(context);
    case STRINGS:
      return sweepStrings(context);
    case SWEEP:
      return sweepBlocks(context);
    case GROW_STRINGS:
      return growStrings(context);
    default:
      return fail(context);
  }
}

function growStrings(context: Context): number {
  const answer = growInSteps(context);
  return answer < 0 ? FAILED : answer === 0 ? STOPPED : FINISHED;
}

function startPhase(context: Context, phase: number): void {
  const i32 = context.i32;
  i32[HEADER.PHASE] = phase;
  restartScan(i32);
  if (phase === EPHEMERONS || phase === CLEAR) startWeakTables(context);
  if (phase === STRINGS) startStringSweep(context);
  if (phase === SWEEP) startSweep(context);
  if (phase > GROW_STRINGS) finish(context);
}

function restartScan(i32: Int32Array): void {
  i32[HEADER.SCAN] = 0;
  i32[HEADER.SCAN_POSITION] = 0;
  i32[HEADER.SCAN_FRAME] = 0;
}

function finish(context: Context): void {
  const i32 = context.i32;
  i32[HEADER.PHASE] = IDLE;
  i32[HEADER.SWEEP] = 0;
  i32[HEADER.DEBT] = 0;
  i32[HEADER.THRESHOLD] = context.collectAlways ? 0 : Math.max(MINIMUM_THRESHOLD_WORDS, i32[HEADER.LIVE]);
}
