// The heap of a context before any module is in it: header words, string table, well-known strings, the tables of
// globals and of the registry, the main thread.
import type { Context } from './context';
import { InternalError } from './errors';
import { newThread } from './frames';
import { HEADER, TAG_TABLE, THREAD_RUNNING, THREAD_STATUS, WELL_KNOWN_STRINGS } from './layout';
import { MINIMUM_THRESHOLD_WORDS } from './limits';
import { initialiseStringTable, internBytes } from './strings';
import { newTable } from './tables';
import { encodeUtf8 } from './utf8';
import { writeReference } from './values';

/** Hash entries that a fresh table of globals has room for. */
const GLOBALS_ENTRIES = 32;

/**
 * Writes the header of a region that is all zero, and makes what every context has. Throws InternalError when the memory
 * limit does not admit even that: images are made without one.
 */
export function initialiseHeap(context: Context): void {
  const i32 = context.i32;
  i32[HEADER.TOP] = HEADER.SIZE;
  context.peakWords = HEADER.SIZE;
  i32[HEADER.THRESHOLD] = context.collectAlways ? 0 : MINIMUM_THRESHOLD_WORDS;
  if (!initialiseStringTable(context)) throw noRoom();
  WELL_KNOWN_STRINGS.forEach((text, index) => {
    const bytes = encodeUtf8(text);
    const address = must(internBytes(context, bytes, 0, bytes.length));
    context.i32[HEADER.STRINGS_WELL_KNOWN + index] = address;
  });
  writeReference(context, HEADER.GLOBALS, TAG_TABLE, must(newTable(context, 0, GLOBALS_ENTRIES)));
  writeReference(context, HEADER.REGISTRY, TAG_TABLE, must(newTable(context, 0, 0)));
  const thread = must(newThread(context));
  context.i32[thread + THREAD_STATUS] = THREAD_RUNNING;
  context.i32[HEADER.MAIN_THREAD] = thread;
  context.i32[HEADER.THREAD] = thread;
  context.i32[HEADER.DEBT] = 0;
}

function must(address: number): number {
  if (address === 0) throw noRoom();
  return address;
}

function noRoom(): InternalError {
  return new InternalError('the memory limit has no room for an empty heap');
}
