// Strings inside the heap: making, interning, hashing and comparing them. Short strings are interned, so that equal ones
// have one address; long ones are not. The bytes behind a string's last are zero up to a whole word, so that strings can
// be compared by words. Formatting and searching are not here.
import { allocate, release } from './allocator';
import type { Context } from './context';
import { areManyBytes, copyBytes } from './copy-job';
import { failCorrupt, isBlock } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  HEADER,
  KIND_STRING,
  KIND_STRING_TABLE,
  SHORT_STRING_BYTES,
  STRING_BYTES,
  STRING_HASH,
  STRING_LENGTH,
  STRING_NEXT,
  TAG_LONG_STRING,
  TAG_SHORT_STRING,
} from './layout';
import { MEMORY } from './signals';
import type { Steps } from './steps';

/** No string is longer: byte addresses stay below 2^30. */
export const MAXIMUM_STRING_BYTES = 0x3fff_0000;
const FIRST_BUCKETS = 64;
/** Bytes that are copied faster by themselves than by the host. */
const FEW_BYTES = 64;
/** A chunk of comparing: 32 bytes, one instruction. */
const CHUNK_WORDS = 8;
/**
 * The most strings that may lie in one bucket before another that is new: they are looked through in one go. There are
 * more only when somebody has made strings of one hash; it is answered as a lack of memory.
 */
export const LONGEST_CHAIN = 8192;
const HASH_SEED = 0x2f6e2b1;
const HASH_FACTOR = 0x1b873593;

/** Comparing stopped for fuel: call again with the same state word. */
export const UNFINISHED = 2;

/** TAG_SHORT_STRING or TAG_LONG_STRING. */
export function stringTag(length: number): number {
  return length <= SHORT_STRING_BYTES ? TAG_SHORT_STRING : TAG_LONG_STRING;
}

/** Byte address of a string's first byte, inside the region whatever the address. */
export function stringStart(context: Context, address: number): number {
  return ((address + STRING_BYTES) & context.mask) << 2;
}

/** Length in bytes; never reaches beyond the region. */
export function stringLength(context: Context, address: number): number {
  const length = context.i32[(address + STRING_LENGTH) & context.mask] >>> 0;
  const room = context.u8.length - stringStart(context, address);
  return Math.min(length, room);
}

/** Makes the string table, empty. False when there is no room (see allocate). */
export function initialiseStringTable(context: Context): boolean {
  return newBuckets(context, FIRST_BUCKETS) !== 0;
}

/**
 * The string whose bytes are bytes[start], ..., bytes[end - 1]; `bytes` may be `context.u8`. Returns its word address, or
 * 0 with `context.failure` (see allocate). Its tag is `stringTag(end - start)`. Charged by its length. The bytes of a long
 * one from the heap are there when the instruction has ended (copy-job.ts).
 */
export function newString(context: Context, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length <= SHORT_STRING_BYTES) return internBytes(context, bytes, start, end);
  const heap = context.u8;
  const isInSteps = bytes === heap && areManyBytes(length);
  if (!isInSteps) context.fuel = (context.fuel - (length >>> 6)) | 0;
  const address = newLongString(context, length);
  if (address === 0) return 0;
  const source = bytes === heap ? context.u8 : bytes;
  const to = stringStart(context, address);
  if (to + length > context.u8.length) return failCorrupt(context);
  if (isInSteps) {
    copyBytes(context, to, start, length);
    return address;
  }
  if (length > FEW_BYTES) context.u8.set(source.subarray(start, end), to);
  else for (let index = 0; index < length; index++) context.u8[to + index] = source[start + index];
  return address;
}

/** The string of `length` bytes that lie in the heap at `byteOffset`: cut off where the region ends. As newString. */
export function newStringFromHeap(context: Context, byteOffset: number, length: number): number {
  const end = context.u8.length;
  const start = Math.min(byteOffset >>> 0, end);
  return newString(context, context.u8, start, Math.min(start + (length >>> 0), end));
}

/**
 * A string object of `length` bytes for a builder to fill, however short. All bytes must be written; then `finishString`.
 * Until then it may lie in a register as a TAG_LONG_STRING. Returns 0 with `context.failure` (see allocate).
 */
export function newLongString(context: Context, length: number): number {
  if (length >>> 0 > MAXIMUM_STRING_BYTES) {
    context.failure = MEMORY;
    return 0;
  }
  const words = (length + 3) >>> 2;
  const address = allocate(context, STRING_BYTES + words, KIND_STRING);
  if (address === 0) return 0;
  const i32 = context.i32;
  i32[address + STRING_HASH] = 0;
  i32[address + STRING_LENGTH] = length;
  i32[address + STRING_NEXT] = 0;
  if (words > 0) i32[address + STRING_BYTES + words - 1] = 0;
  return address;
}

/**
 * Ends the building of a string: interns it when it is short. Returns the address that stands for it from now on, which
 * may be another's (then the built object is given back and must not be referred to); or 0 after TRAP (corrupt heap).
 */
export function finishString(context: Context, address: number): number {
  const length = stringLength(context, address);
  if (length > SHORT_STRING_BYTES) return address;
  const start = stringStart(context, address);
  const hash = hashBytes(context, context.u8, start, start + length);
  const found = findShort(context, context.u8, start, start + length, hash);
  if (found < 0) return 0;
  if (found === address) return address;
  if (found > 0) {
    release(context, address);
    return found;
  }
  return linkString(context, address, hash) ? address : 0;
}

/** The interned string with these bytes, at most SHORT_STRING_BYTES of them. As newString. */
export function internBytes(context: Context, bytes: Uint8Array, start: number, end: number): number {
  const hash = hashBytes(context, bytes, start, end);
  const found = findShort(context, bytes, start, end, hash);
  if (found !== 0) return Math.max(found, 0);
  const heap = context.u8;
  const address = newLongString(context, end - start);
  if (address === 0) return 0;
  const source = bytes === heap ? context.u8 : bytes;
  const u8 = context.u8;
  let to = stringStart(context, address);
  for (let from = start; from < end; from++) u8[to++] = source[from];
  return linkString(context, address, hash) ? address : 0;
}

/** Whether the short string object with these bytes lies at `address`: the one in the table. */
export function isShortStringOf(context: Context, address: number, bytes: Uint8Array): boolean {
  const { length } = bytes;
  return (
    isStringOfLength(context, address, length) &&
    findShort(context, bytes, 0, length, hashBytes(context, bytes, 0, length)) === address
  );
}

/** Bytes that are compared in one step. */
const COMPARED_BYTES = 1 << 14;

/** Whether a long string object with these bytes lies at `address`. */
export function* isLongStringOf(context: Context, address: number, bytes: Uint8Array): Steps<boolean> {
  const { length } = bytes;
  if (!isStringOfLength(context, address, length)) return false;
  const { u8 } = context;
  const start = stringStart(context, address);
  for (let at = 0; at < length; at++) {
    if (u8[start + at] !== bytes[at]) return false;
    if (at % COMPARED_BYTES === COMPARED_BYTES - 1) yield;
  }
  return true;
}

function isStringOfLength(context: Context, address: number, length: number): boolean {
  const words = STRING_BYTES + ((length + 3) >>> 2);
  return isBlock(context, address, KIND_STRING, words) && context.i32[address + STRING_LENGTH] === length;
}

/** Hash of a string as a key: 0 only for a long one that has not been a key yet (key-job.ts). */
export function stringHash(context: Context, address: number): number {
  return context.i32[(address + STRING_HASH) & context.mask];
}

/**
 * 1 when the strings have the same bytes, else 0. With `state`, the word address of a word that is 0 at first (a frame's
 * FRAME_STATE), it stops when the fuel is used up and answers UNFINISHED; with 0 it goes through. 1 for 32 bytes.
 */
export function equalStrings(context: Context, a: number, b: number, state: number): number {
  if (a === b) return 1;
  const length = stringLength(context, a);
  if (length !== stringLength(context, b)) return 0;
  const words = (length + 3) >>> 2;
  const position = firstDifference(context, a, b, words, state);
  if (position < 0) return UNFINISHED;
  return position === words ? 1 : 0;
}

/** -1, 0 or 1: the order of the strings' bytes, unsigned, a proper prefix first. `state` as in equalStrings. */
export function compareStrings(context: Context, a: number, b: number, state: number): number {
  const aLength = stringLength(context, a);
  const bLength = stringLength(context, b);
  const common = Math.min(aLength, bLength);
  const words = (common + 3) >>> 2;
  const position = firstDifference(context, a, b, words, state);
  if (position < 0) return UNFINISHED;
  if (position < words) {
    const { i32, mask } = context;
    const aWord = i32[(a + STRING_BYTES + position) & mask];
    const bWord = i32[(b + STRING_BYTES + position) & mask];
    const difference = aWord ^ bWord;
    const shift = (31 - Math.clz32(difference & -difference)) & ~7;
    if (position * 4 + (shift >>> 3) < common) return ((aWord >>> shift) & 255) < ((bWord >>> shift) & 255) ? -1 : 1;
  }
  return aLength === bLength ? 0 : aLength < bLength ? -1 : 1;
}

/** Index of the first word (from the bytes' start) that differs, `words` without any, -1 when stopped for fuel. */
function firstDifference(context: Context, a: number, b: number, words: number, state: number): number {
  const { i32, mask } = context;
  const aStart = a + STRING_BYTES;
  const bStart = b + STRING_BYTES;
  let position = state === 0 ? 0 : i32[state & mask];
  if (position >>> 0 > words) position = 0;
  while (position < words) {
    context.fuel = (context.fuel - 1) | 0;
    const end = Math.min(position + CHUNK_WORDS, words);
    while (position < end && i32[(aStart + position) & mask] === i32[(bStart + position) & mask]) position++;
    if (position < end) break;
    if (state !== 0 && context.fuel <= 0 && position < words) {
      i32[state & mask] = position;
      return -1;
    }
  }
  if (state !== 0) i32[state & mask] = 0;
  return position;
}

/** Own hash of a short string's bytes and length: multiply and xor, with a fixed seed. Never 0. */
function hashBytes(context: Context, bytes: Uint8Array, start: number, end: number): number {
  const length = (end - start) | 0;
  context.fuel = (context.fuel - 1 - (length >>> 4)) | 0;
  return lastHash(mixBytes(bytes, start, end), length);
}

/** The same in parts, for long strings: what it begins with, words that come in, and the end. */
export function firstHash(): number {
  return HASH_SEED;
}

export function hashWords(words: Int32Array, start: number, end: number, before: number): number {
  let hash = before;
  for (let at = start; at < end; at++) {
    hash = Math.imul(hash ^ words[at], HASH_FACTOR);
    hash ^= hash >>> 15;
  }
  return hash;
}

export function lastHash(mixed: number, length: number): number {
  const hash = Math.imul(mixed ^ length ^ (mixed >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13) || 1;
}

/** Four bytes a step: half as long as byte by byte. */
function mixBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  let at = start;
  for (; at <= end - 4; at = (at + 4) | 0) {
    const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    hash = Math.imul(hash ^ word, HASH_FACTOR);
    hash ^= hash >>> 15;
  }
  for (; at < end; at = (at + 1) | 0) hash = Math.imul(hash ^ bytes[at], HASH_FACTOR);
  return hash;
}

/** The interned string with these bytes, 0 when there is none, -1 after a failure: too many have this hash. */
function findShort(context: Context, bytes: Uint8Array, start: number, end: number, hash: number): number {
  const { i32, u8, mask } = context;
  const length = end - start;
  let steps = LONGEST_CHAIN;
  let address = i32[bucketOf(context, hash)];
  while (address !== 0) {
    context.fuel = (context.fuel - 1) | 0;
    if (i32[(address + STRING_HASH) & mask] === hash && i32[(address + STRING_LENGTH) & mask] === length) {
      const first = stringStart(context, address);
      let at = 0;
      while (at < length && u8[first + at] === bytes[start + at]) at++;
      if (at === length) return isBlock(context, address, KIND_STRING, STRING_BYTES) ? address : notSound(context);
    }
    if (--steps < 0) {
      context.failure = MEMORY;
      return -1;
    }
    address = i32[(address + STRING_NEXT) & mask];
  }
  return 0;
}

/** Buckets beyond which the table grows in steps, as a part of a collection. */
const LARGE_BUCKETS = 1024;

/** Puts a string that is not there into the table. False after TRAP. A table that cannot grow for memory stays as it is. */
export function linkString(context: Context, address: number, hash: number): boolean {
  const count = context.i32[HEADER.STRING_COUNT];
  if (count >= context.i32[HEADER.STRING_BUCKETS]) {
    if (count < LARGE_BUCKETS ? !growTable(context) : (count & (count - 1)) === 0 && !askForGrowth(context))
      return false;
  }
  const i32 = context.i32;
  const bucket = bucketOf(context, hash);
  i32[(address + STRING_HASH) & context.mask] = hash;
  i32[(address + STRING_NEXT) & context.mask] = i32[bucket];
  i32[bucket] = address;
  i32[HEADER.STRING_COUNT] = (i32[HEADER.STRING_COUNT] + 1) | 0;
  return true;
}

/** The first string of a hash's chain, or 0. */
export function firstOfChain(context: Context, hash: number): number {
  return context.i32[bucketOf(context, hash)];
}

/** Word address of the head of a hash's chain. */
function bucketOf(context: Context, hash: number): number {
  const { i32, mask } = context;
  return (i32[HEADER.STRINGS] + BLOCK_HEADER_WORDS + (hash & (i32[HEADER.STRING_BUCKETS] - 1))) & mask;
}

/** Has the collection that is due from now on double the table. Asked again only when the strings have doubled. */
function askForGrowth(context: Context): boolean {
  const { i32 } = context;
  i32[HEADER.STRINGS_GROW] = 1;
  i32[HEADER.DEBT] = Math.max(i32[HEADER.DEBT], (i32[HEADER.THRESHOLD] + 1) | 0);
  return true;
}

/**
 * The growth that was asked for, in steps: begins, or goes on from bucket HEADER.SCAN_POSITION of the old table. 1 when
 * done, 0 when stopped for fuel, -1 for a corrupt heap. Charged as growTable.
 */
export function growInSteps(context: Context): number {
  if (context.i32[HEADER.STRINGS_OLD] === 0) {
    if (context.i32[HEADER.STRINGS_GROW] === 0) return 1;
    context.i32[HEADER.STRINGS_GROW] = 0;
    const old = context.i32[HEADER.STRINGS];
    const count = context.i32[HEADER.STRING_BUCKETS];
    if (!areBuckets(context, old, count)) return notSound(context);
    const block = allocate(context, BLOCK_HEADER_WORDS + count * 2, KIND_STRING_TABLE);
    if (block === 0) return context.failure === MEMORY ? 1 : -1;
    const i32 = context.i32;
    i32.fill(0, block + 1, block + BLOCK_HEADER_WORDS);
    i32[HEADER.STRINGS_OLD] = old;
    i32[HEADER.STRINGS_OLD_BUCKETS] = count;
    i32[HEADER.STRINGS] = block;
    i32[HEADER.STRING_BUCKETS] = count * 2;
    i32[HEADER.SCAN_POSITION] = 0;
  }
  return moveBuckets(context);
}

/** Old buckets of a step; each becomes two new ones: those of its index, and of its index plus their number. */
const BUCKETS_A_STEP = 64;

function moveBuckets(context: Context): number {
  const { i32, mask } = context;
  const old = i32[HEADER.STRINGS_OLD];
  const count = i32[HEADER.STRINGS_OLD_BUCKETS];
  const table = i32[HEADER.STRINGS];
  let bucket = i32[HEADER.SCAN_POSITION];
  if (bucket < 0 || !areBuckets(context, old, count) || !areBuckets(context, table, count * 2))
    return notSound(context);
  if (i32[HEADER.STRING_BUCKETS] !== count * 2) return notSound(context);
  while (bucket < count) {
    if (context.fuel <= 0) {
      i32[HEADER.SCAN_POSITION] = bucket;
      return 0;
    }
    context.fuel = (context.fuel - (BUCKETS_A_STEP >>> 3)) | 0;
    for (const end = Math.min(bucket + BUCKETS_A_STEP, count); bucket < end; bucket++) {
      const low = table + BLOCK_HEADER_WORDS + bucket;
      i32[low] = 0;
      i32[low + count] = 0;
      let steps = mask >>> 2;
      for (let address = i32[old + BLOCK_HEADER_WORDS + bucket]; address !== 0; ) {
        const next = i32[(address + STRING_NEXT) & mask];
        const head = (i32[(address + STRING_HASH) & mask] & count) === 0 ? low : low + count;
        i32[(address + STRING_NEXT) & mask] = i32[head];
        i32[head] = address;
        context.fuel = (context.fuel - 1) | 0;
        if (--steps < 0) return notSound(context);
        address = next;
      }
    }
  }
  i32[HEADER.STRINGS_OLD] = 0;
  release(context, old);
  return 1;
}

function areBuckets(context: Context, block: number, count: number): boolean {
  if (count <= 0 || (count & (count - 1)) !== 0 || count > context.mask >>> 2) return false;
  return isBlock(context, block, KIND_STRING_TABLE, BLOCK_HEADER_WORDS + count);
}

/** Doubles a small table. False after TRAP. Charged: 1 a string, and 1 for 8 buckets. */
function growTable(context: Context): boolean {
  const old = context.i32[HEADER.STRINGS];
  const count = context.i32[HEADER.STRING_BUCKETS];
  if (count <= 0 || (count & (count - 1)) !== 0 || count > context.mask >>> 2) return notSound(context) > 0;
  const block = newBuckets(context, count * 2);
  if (block === 0) return context.failure === MEMORY;
  const { i32, mask } = context;
  context.fuel = (context.fuel - (count >>> 3)) | 0;
  let steps = mask >>> 2;
  for (let bucket = 0; bucket < count; bucket++) {
    let address = i32[(old + BLOCK_HEADER_WORDS + bucket) & mask];
    while (address !== 0) {
      const next = i32[(address + STRING_NEXT) & mask];
      const head = bucketOf(context, i32[(address + STRING_HASH) & mask]);
      i32[(address + STRING_NEXT) & mask] = i32[head];
      i32[head] = address;
      context.fuel = (context.fuel - 1) | 0;
      if (--steps < 0) return notSound(context) > 0;
      address = next;
    }
  }
  release(context, old);
  return true;
}

/** Allocates `count` empty buckets and makes them the table's. Returns the block or 0. */
function newBuckets(context: Context, count: number): number {
  const block = allocate(context, BLOCK_HEADER_WORDS + count, KIND_STRING_TABLE);
  if (block === 0) return 0;
  const i32 = context.i32;
  i32.fill(0, block + 1, block + BLOCK_HEADER_WORDS + count);
  i32[HEADER.STRINGS] = block;
  i32[HEADER.STRING_BUCKETS] = count;
  return block;
}

function notSound(context: Context): number {
  failCorrupt(context);
  return -1;
}
