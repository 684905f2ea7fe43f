// The collector's sweep: first dead short strings leave the string table, then all blocks from the header to the frontier
// are walked; neighbouring dead and free ones become one free block, the lists of free blocks are made anew, live ones
// turn white again. Strings of the image stay, reached or not; so does the linear memory, which its owner gives back.
import { forgetFreeBlocks, makeFree } from './allocator';
import { FAILED, FINISHED, STOPPED } from './collector-step';
import type { Context } from './context';
import { failCorrupt, isBlock } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  COLOUR_BLACK,
  COLOUR_WHITE_0,
  GRANULE_SHIFT,
  HEADER,
  HEADER_COLOUR_MASK,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_FREE,
  KIND_STRING,
  KIND_WINDOW,
  STRING_BYTES,
  STRING_NEXT,
} from './layout';

/** Begins at the first bucket. SCAN_POSITION is the bucket, SCAN the string before the next one (0: the bucket itself). */
export function startStringSweep(context: Context): void {
  context.i32[HEADER.SCAN_POSITION] = 0;
}

/** Takes the strings that were not reached out of the string table. 1 for each string and bucket. */
export function sweepStrings(context: Context): number {
  const { i32, mask } = context;
  const buckets = i32[HEADER.STRINGS] + BLOCK_HEADER_WORDS;
  const count = i32[HEADER.STRING_BUCKETS];
  const imageEnd = i32[HEADER.IMAGE_END];
  let bucket = i32[HEADER.SCAN_POSITION];
  let before = i32[HEADER.SCAN];
  while (bucket < count) {
    if (context.fuel <= 0) {
      i32[HEADER.SCAN_POSITION] = bucket;
      i32[HEADER.SCAN] = before;
      return STOPPED;
    }
    context.fuel = (context.fuel - 1) | 0;
    const link = (before === 0 ? buckets + bucket : before + STRING_NEXT) & mask;
    const string = i32[link];
    if (string === 0) {
      bucket++;
      before = 0;
    } else if (!isBlock(context, string, KIND_STRING, STRING_BYTES)) {
      failCorrupt(context);
      return FAILED;
    } else if (isLive(i32[string], string, imageEnd)) {
      before = string;
    } else {
      i32[link] = i32[string + STRING_NEXT];
      i32[HEADER.STRING_COUNT] = (i32[HEADER.STRING_COUNT] - 1) | 0;
    }
  }
  return FINISHED;
}

/** Begins at the first block. SWEEP is the next block, SCAN where the run of dead and free ones before it began (or 0). */
export function startSweep(context: Context): void {
  const i32 = context.i32;
  forgetFreeBlocks(context);
  i32[HEADER.SWEEP] = HEADER.SIZE;
  i32[HEADER.LIVE] = 0;
}

/** Sweeps blocks until the frontier, which is lowered when what lies below it is free. 1 for each block. */
export function sweepBlocks(context: Context): number {
  const i32 = context.i32;
  const position = i32[HEADER.SWEEP];
  if (
    position < HEADER.SIZE ||
    (position & 3) !== 0 ||
    i32[HEADER.TOP] > i32.length ||
    !isRunSound(context, position)
  ) {
    failCorrupt(context);
    return FAILED;
  }
  const top = i32[HEADER.TOP];
  const imageEnd = i32[HEADER.IMAGE_END];
  let fuel = context.fuel;
  let live = i32[HEADER.LIVE];
  let run = i32[HEADER.SCAN];
  let at = position;
  let isSound = true;
  while (at < top && fuel > 0) {
    fuel = (fuel - 1) | 0;
    const header = i32[at];
    const words = (header >>> HEADER_GRANULES_SHIFT) << GRANULE_SHIFT;
    if (words === 0 || at + words > top) {
      isSound = failCorrupt(context) !== 0;
      break;
    }
    if (isLive(header, at, imageEnd)) {
      if (run !== 0) makeFree(context, run, (at - run) >>> GRANULE_SHIFT);
      run = 0;
      i32[at] = (header & ~HEADER_COLOUR_MASK) | COLOUR_WHITE_0;
      live = (live + words) | 0;
    } else if (run === 0) run = at;
    at += words;
  }
  context.fuel = fuel;
  i32[HEADER.LIVE] = live;
  i32[HEADER.SWEEP] = at;
  i32[HEADER.SCAN] = run;
  if (!isSound) return FAILED;
  if (at < top) return STOPPED;
  if (run !== 0) i32[HEADER.TOP] = run;
  i32[HEADER.SCAN] = 0;
  return FINISHED;
}

function isRunSound(context: Context, position: number): boolean {
  const run = context.i32[HEADER.SCAN];
  return run === 0 || (run >= HEADER.SIZE && run < position && (run & 3) === 0);
}

/**
 * Whether the block at `address` with this header stays: reached, a string of the image, to which constants refer from
 * outside the heap, or the linear memory.
 */
function isLive(header: number, address: number, imageEnd: number): boolean {
  const kind = (header >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK;
  if (kind === KIND_FREE) return false;
  if ((header & HEADER_COLOUR_MASK) === COLOUR_BLACK || kind === KIND_WINDOW) return true;
  return kind === KIND_STRING && address < imageEnd;
}
