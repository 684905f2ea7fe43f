// Long strings as keys. A table finds keys by their addresses, so one of the strings with the same bytes stands for all of
// them: the one in the table of strings, where short ones are from the beginning and a long one comes when it is first a
// key. Its hash, which reads all of it, says that it is there. Hashing and comparing are done at once while they are
// little, else in steps: as a table's job (table-job.ts), of which these are phases, after which the instruction is run
// again and finds the right string in the key's slot.
import type { Context } from './context';
import { finishCopies } from './copy-job';
import { failCorrupt, isBlock } from './heap-checks';
import {
  HEADER,
  KIND_STRING,
  STRING_BYTES,
  STRING_HASH,
  STRING_LENGTH,
  STRING_NEXT,
  TAG_LONG_STRING,
  VALUE_TAG,
} from './layout';
import { FUEL, MEMORY, NEXT, TRAP } from './signals';
import { firstHash, firstOfChain, hashWords, LONGEST_CHAIN, lastHash, linkString, stringLength } from './strings';

/**
 * Phases of HEADER.JOB. JOB_TABLE: the string; JOB_ARRAY: the key's slot; JOB_POSITION: how many words of it are hashed, or
 * compared with the string JOB_NODES; JOB_ENTRIES: the hash so far; JOB_COUNT: how many strings of the chain are passed.
 */
export const JOB_KEY_HASH = 16;
export const JOB_KEY_SEARCH = 17;

/** A string of up to so many words is hashed at once, and then so much is paid for comparing at once. */
const WORDS_AT_ONCE = 256;
const SEARCH_AT_ONCE = 512;
/** Words of a step, which costs 1 for 4 (hashing) or 8 (comparing): some microseconds. */
const STEP_WORDS = 2048;

/**
 * Makes the key at `slot` one that tables can find: a long string that has not been a key yet is replaced by the one that
 * stands for its bytes. False with `context.failure`: MEMORY (mostly since a job was begun, after which the same will
 * succeed) or TRAP.
 */
export function prepareKey(context: Context, slot: number): boolean {
  const { i32, mask } = context;
  if (i32[slot + VALUE_TAG] !== TAG_LONG_STRING || i32[(i32[slot] + STRING_HASH) & mask] !== 0) return true;
  finishCopies(context);
  const string = i32[slot];
  if (!isKey(context, string, slot)) return failCorrupt(context) !== 0;
  const words = wordsOf(context, string);
  i32[HEADER.JOB] = JOB_KEY_HASH;
  i32[HEADER.JOB_TABLE] = string;
  i32[HEADER.JOB_ARRAY] = slot;
  i32[HEADER.JOB_ENTRIES] = firstHash();
  i32[HEADER.JOB_POSITION] = 0;
  context.failure = MEMORY;
  if (words > WORDS_AT_ONCE) return false;
  hashStep(context, string, words);
  startSearch(context, string);
  const signal = search(context, string, slot, SEARCH_AT_ONCE);
  if (signal === NEXT) return true;
  context.failure = signal === TRAP ? TRAP : MEMORY;
  if (signal !== FUEL) context.i32[HEADER.JOB] = 0;
  return false;
}

/** As workOnJob. */
export function workOnKey(context: Context): number {
  const { i32 } = context;
  const string = i32[HEADER.JOB_TABLE];
  const slot = i32[HEADER.JOB_ARRAY];
  if (!isKey(context, string, slot) || i32[HEADER.JOB] > JOB_KEY_SEARCH) return TRAP;
  if (i32[HEADER.JOB] === JOB_KEY_HASH) {
    const words = wordsOf(context, string);
    while (i32[HEADER.JOB_POSITION] < words) {
      if (context.fuel <= 0) return FUEL;
      if (i32[HEADER.JOB_POSITION] < 0) return TRAP;
      hashStep(context, string, words);
    }
    startSearch(context, string);
  }
  return search(context, string, slot, Number.POSITIVE_INFINITY);
}

/** Whether a long string lies in the slot; a changed heap may say anything. */
function isKey(context: Context, string: number, slot: number): boolean {
  const { i32 } = context;
  if ((slot & 3) !== 0 || slot <= 0 || slot >= i32.length) return false;
  if (i32[slot] !== string || i32[slot + VALUE_TAG] !== TAG_LONG_STRING) return false;
  return isBlock(context, string, KIND_STRING, STRING_BYTES + wordsOf(context, string));
}

function wordsOf(context: Context, string: number): number {
  return (stringLength(context, string) + 3) >>> 2;
}

function hashStep(context: Context, string: number, words: number): void {
  const { i32 } = context;
  const position = i32[HEADER.JOB_POSITION];
  const end = Math.min(position + STEP_WORDS, words);
  context.fuel = (context.fuel - 1 - ((end - position) >>> 2)) | 0;
  const start = string + STRING_BYTES;
  i32[HEADER.JOB_ENTRIES] = hashWords(i32, start + position, start + end, i32[HEADER.JOB_ENTRIES]);
  i32[HEADER.JOB_POSITION] = end;
}

function startSearch(context: Context, string: number): void {
  const { i32 } = context;
  const hash = lastHash(i32[HEADER.JOB_ENTRIES], stringLength(context, string));
  i32[HEADER.JOB] = JOB_KEY_SEARCH;
  i32[HEADER.JOB_ENTRIES] = hash;
  i32[HEADER.JOB_NODES] = firstOfChain(context, hash);
  i32[HEADER.JOB_POSITION] = 0;
  i32[HEADER.JOB_COUNT] = 0;
}

/**
 * Looks through the chain for the string with the same bytes. NEXT: it lies in the slot. FUEL when the fuel, or `most`, is
 * used up; MEMORY when too many strings have this hash.
 */
function search(context: Context, string: number, slot: number, most: number): number {
  const { i32, mask } = context;
  const length = i32[string + STRING_LENGTH];
  const words = wordsOf(context, string);
  const hash = i32[HEADER.JOB_ENTRIES];
  for (let paid = 0; ; ) {
    const other = i32[HEADER.JOB_NODES];
    if (other === 0) break;
    if (paid > most || (most === Number.POSITIVE_INFINITY && context.fuel <= 0)) return FUEL;
    if (i32[(other + STRING_HASH) & mask] === hash && i32[(other + STRING_LENGTH) & mask] === length) {
      if (!isBlock(context, other, KIND_STRING, STRING_BYTES + words)) return TRAP;
      const cost = compareStep(context, string, other, words);
      paid += cost;
      if (cost > 0 && i32[HEADER.JOB_POSITION] < words) continue;
      if (cost > 0) {
        i32[slot] = other;
        i32[HEADER.JOB] = 0;
        return NEXT;
      }
    }
    paid++;
    context.fuel = (context.fuel - 1) | 0;
    i32[HEADER.JOB_NODES] = i32[(other + STRING_NEXT) & mask];
    i32[HEADER.JOB_POSITION] = 0;
    if (++i32[HEADER.JOB_COUNT] > LONGEST_CHAIN) return MEMORY;
  }
  i32[HEADER.JOB] = 0;
  return linkString(context, string, hash) ? NEXT : TRAP;
}

/** Compares a step further. What it has cost; 0 when the strings differ. */
function compareStep(context: Context, a: number, b: number, words: number): number {
  const { i32 } = context;
  const position = Math.min(Math.max(i32[HEADER.JOB_POSITION], 0), words);
  const end = Math.min(position + STEP_WORDS, words);
  const cost = 1 + ((end - position) >>> 3);
  context.fuel = (context.fuel - cost) | 0;
  i32[HEADER.JOB_POSITION] = end;
  for (let index = position; index < end; index++) {
    if (i32[a + STRING_BYTES + index] !== i32[b + STRING_BYTES + index]) return 0;
  }
  return cost;
}
