// The mark-sweep collector. Guest code does not run while a collection is under way, but the scheduler may come between
// any two steps: the whole state lies in header words, and every step is charged the same whatever the slices are. Nothing
// moves.
import { markRoots } from './collector-mark';
import { scanConstants, scanGray } from './collector-scan';
import { FAILED, FINISHED, fail, STOPPED } from './collector-step';
import { startStringSweep, startSweep, sweepBlocks, sweepStrings } from './collector-sweep';
import { clearWeakTables, clearWeakValues, scanEphemerons, startWeakTables } from './collector-weak';
import type { Context } from './context';
import { announceFinalisers, hasFinalisers, separateFinalisers } from './finalisers';
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
/** Objects with finalisers that were not reached: weak values lose them, then they are marked after all. */
const CLEAR_VALUES = 5;
const SEPARATE = 6;
const CLEAR = 7;
const STRINGS = 8;
const SWEEP = 9;
/** The table of short strings grows when it must: in the memory that the sweep has found. */
const GROW_STRINGS = 10;
/** The first phase in which objects that were not reached may be half gone, and the last one. */
export const FREEING_PHASE = STRINGS;
export const LAST_PHASE = GROW_STRINGS;

/** Fuel for the roots: about 70 words. */
const ROOTS_COST = 16;

/** Begins a collection; `collect` does the work. The threads' THREAD_FRAME words must be up to date (context.save). */
export function startCollection(context: Context): void {
  const i32 = context.i32;
  if (i32[HEADER.PHASE] !== IDLE) return;
  // Nothing in the heap refers to its strings.
  context.loading = null;
  i32[HEADER.PHASE] = ROOTS;
  i32[HEADER.GRAY] = 0;
  i32[HEADER.WEAK] = 0;
  i32[HEADER.FINALISERS_SEPARATED] = 0;
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
    if (step === FINISHED) startPhase(context, nextPhase(context));
  }
  return true;
}

/**
 * What ephemerons have reached is to be scanned, and may reach more of them; so is what finalisers need, once nothing
 * else is left.
 */
function nextPhase(context: Context): number {
  const { i32 } = context;
  const phase = i32[HEADER.PHASE];
  if (phase === SEPARATE) return MARK;
  if (phase !== EPHEMERONS) return phase + 1;
  if (i32[HEADER.WEAK_CHANGED] !== 0) return MARK;
  return hasFinalisers(context) && i32[HEADER.FINALISERS_SEPARATED] === 0 ? CLEAR_VALUES : CLEAR;
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
    case CLEAR_VALUES:
      return clearWeakValues(context);
    case SEPARATE:
      return separateFinalisers(context);
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

/**
 * Has the table of short strings grow if it is to, as a collection of that phase alone: for whoever makes many strings while no
 * collection may begin. Yields when the fuel is used up. False for a corrupt heap.
 */
export function* growStringsInTurns(context: Context): Generator<undefined, boolean, unknown> {
  const { i32 } = context;
  if (i32[HEADER.PHASE] === IDLE) {
    if (i32[HEADER.STRINGS_GROW] === 0) return true;
    startPhase(context, GROW_STRINGS);
  }
  while (!collect(context)) {
    if (context.failure !== FUEL) return false;
    yield undefined;
  }
  return true;
}

function growStrings(context: Context): number {
  const answer = growInSteps(context);
  return answer < 0 ? FAILED : answer === 0 ? STOPPED : FINISHED;
}

function startPhase(context: Context, phase: number): void {
  const i32 = context.i32;
  i32[HEADER.PHASE] = phase;
  restartScan(i32);
  if (phase === EPHEMERONS || phase === CLEAR || phase === CLEAR_VALUES) startWeakTables(context);
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
  setThreshold(context);
  announceFinalisers(context);
}

/** A collection in memory that grows by half to four times: what a guest may set the pause to. */
const LEAST_PAUSE = 50;
const LARGEST_PAUSE = 400;
const NEVER = 0x7fffffff;

/** When the next collection is due, as the guest has set the collector. */
export function setThreshold(context: Context): void {
  const { i32 } = context;
  const pause = Math.min(Math.max(100 + i32[HEADER.COLLECTOR_PAUSE], LEAST_PAUSE), LARGEST_PAUSE);
  const words = Math.max(MINIMUM_THRESHOLD_WORDS, Math.trunc(i32[HEADER.LIVE] * (pause / 100)));
  const isStopped = i32[HEADER.COLLECTOR_STOPPED] !== 0;
  i32[HEADER.THRESHOLD] = isStopped ? NEVER : context.collectAlways ? 0 : Math.min(words, NEVER);
}
