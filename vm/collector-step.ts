// What the collector's phases answer, and how they stop: shared by its files.
import type { Context } from './context';
import { failCorrupt } from './heap-checks';
import { HEADER } from './layout';

/** Stopped for fuel. */
export const STOPPED = 0;
/** The phase, or the object, is finished. */
export const FINISHED = 1;
/** `context.failure` is TRAP. */
export const FAILED = 2;

/** Stops for fuel at a position of the current object. */
export function stop(context: Context, position: number): number {
  context.i32[HEADER.SCAN_POSITION] = position;
  return STOPPED;
}

/** TRAP: the heap is corrupt. */
export function fail(context: Context): number {
  failCorrupt(context);
  return FAILED;
}
