// The result of string.gsub while it grows: outside the heap while it is short, then in a string of the heap. Each part of it
// is copied in pieces, with how far that is in the state.
import {
  areManyBytes,
  basicTypeName,
  type Context,
  copyBytes,
  FUEL,
  NEXT,
  newLongString,
  stringLength,
  stringStart,
  TAG_LONG_STRING,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseAtCaller } from './argument-errors';
import { START, state, USER } from './match-state';
import { isSearchInHeap, moveToHeap } from './patterns';
import { BYTES_SHIFT, charge, isString, tagOf } from './support';

// Words of the state.
/** What of the text is in the result, or left out of it. */
export const COPIED = USER;
/** Matches, how many there may be, and whether any has changed something. */
export const MATCHES = USER + 1;
export const LIMIT = USER + 2;
export const IS_CHANGED = USER + 3;
export const PHASE = USER + 4;
/** Bytes of the result so far. */
export const OUT_LENGTH = USER + 5;
/** Position in the replacement up to which it is in the result. */
export const REPLACED = USER + 6;
/** The piece that is being copied: which string, from where, to where. */
export const PIECE = USER + 7;
export const PIECE_FROM = USER + 8;
export const PIECE_TO = USER + 9;

// Pieces.
export const NOTHING = 0;
export const OF_TEXT = 1;

/** Bytes that are copied at once. */
export const COPY_CHUNK = 1 << 16;
/** A result of up to so many bytes is built here: scratch of one step. */
const SHORT_RESULT = 4096;
export const shortResult = new Uint8Array(SHORT_RESULT);
/** Room in the heap at first. */
const FIRST_RESULT = 256;

/** The slots that pieces come from, and that the result lies in; scratch of one step. */
export let textSlot = 0;
export let replacementSlot = 0;
export let outSlot = 0;

/** What the others here work on, until the intrinsic returns. */
export function openSlots(text: number, replacement: number, out: number): void {
  textSlot = text;
  replacementSlot = replacement;
  outSlot = out;
}

/** Room for `count` bytes more. NEXT, or what failed. */
function reserve(context: Context, count: number): number {
  const wanted = state[OUT_LENGTH] + count;
  const isThere = tagOf(context, outSlot) === TAG_LONG_STRING;
  const capacity = isThere ? stringLength(context, context.i32[outSlot]) : 0;
  if (wanted <= capacity) return NEXT;
  const address = newLongString(context, Math.max(wanted, 2 * capacity, FIRST_RESULT));
  if (address === 0) return context.failure;
  if (isThere) {
    const start = stringStart(context, context.i32[outSlot]);
    const length = Math.min(state[OUT_LENGTH], capacity);
    if (areManyBytes(length)) copyBytes(context, stringStart(context, address), start, length);
    else {
      charge(context, length >> BYTES_SHIFT);
      context.u8.copyWithin(stringStart(context, address), start, start + length);
    }
  }
  writeReference(context, outSlot, TAG_LONG_STRING, address);
  return NEXT;
}

/** Takes the result and the state into the heap, if they are not there. NEXT, or what failed: then nothing has moved. */
export function resultToHeap(context: Context): number {
  if (isSearchInHeap()) return NEXT;
  writeNil(context, outSlot);
  const length = state[OUT_LENGTH];
  const room = reserve(context, length);
  if (room !== NEXT) return room;
  context.u8.set(shortResult.subarray(0, length), stringStart(context, context.i32[outSlot]));
  return moveToHeap(context);
}

/** Room for `count` bytes more, here or in the heap. NEXT, or what failed. */
export function makeRoom(context: Context, count: number): number {
  if (!isSearchInHeap()) {
    if (state[OUT_LENGTH] + count <= SHORT_RESULT) return NEXT;
    const signal = resultToHeap(context);
    if (signal !== NEXT) return signal;
  }
  return reserve(context, count);
}

/** Adds the bytes of a text of ours. NEXT, or what failed. */
export function appendText(context: Context, text: string): number {
  const { length } = text;
  const room = makeRoom(context, length);
  if (room !== NEXT) return room;
  const bytes = isSearchInHeap() ? context.u8 : shortResult;
  const start = (isSearchInHeap() ? stringStart(context, context.i32[outSlot]) : 0) + state[OUT_LENGTH];
  for (let index = 0; index < length; index++) bytes[start + index] = text.charCodeAt(index);
  state[OUT_LENGTH] += length;
  return NEXT;
}

/**
 * Adds what is left of a string's bytes from state[fromWord] to `to`. NEXT, or a signal: FUEL when it stops between two
 * pieces. The word moves along.
 */
export function append(context: Context, source: number, fromWord: number, to: number, mayUseShort: boolean): number {
  const from = state[fromWord];
  const count = to - from;
  if (count <= 0) return NEXT;
  const room = mayUseShort ? makeRoom(context, count) : reserve(context, count);
  if (room !== NEXT) return room;
  const { u8 } = context;
  if (mayUseShort && !isSearchInHeap()) {
    const start = stringStart(context, context.i32[source]) + from;
    const at = state[OUT_LENGTH];
    if (count > 64) shortResult.set(u8.subarray(start, start + count), at);
    else for (let index = 0; index < count; index++) shortResult[at + index] = u8[start + index];
    charge(context, count >> BYTES_SHIFT);
    state[OUT_LENGTH] += count;
    state[fromWord] = to;
    return NEXT;
  }
  while (state[fromWord] < to) {
    const size = Math.min(to - state[fromWord], COPY_CHUNK);
    const start = stringStart(context, context.i32[source]) + state[fromWord];
    const target = stringStart(context, context.i32[outSlot]) + state[OUT_LENGTH];
    if (size > 64) u8.copyWithin(target, start, start + size);
    else for (let index = 0; index < size; index++) u8[target + index] = u8[start + index];
    charge(context, size >> BYTES_SHIFT);
    state[OUT_LENGTH] += size;
    state[fromWord] += size;
    if (state[fromWord] < to && context.fuel <= 0) return FUEL;
  }
  return NEXT;
}

/**
 * Adds the text from state[COPIED] up to the match, and a string, few bytes together, to the result in the heap. NEXT, or
 * what failed: then nothing is added.
 */
export function appendFew(context: Context, text: number, source: number, length: number): number {
  const before = Math.max(state[START] - state[COPIED], 0);
  const room = reserve(context, before + length);
  if (room !== NEXT) return room;
  charge(context, (before + length) >> BYTES_SHIFT);
  const { i32, u8 } = context;
  let to = stringStart(context, i32[outSlot]) + state[OUT_LENGTH];
  let from = stringStart(context, i32[text]) + state[COPIED];
  for (const end = from + before; from < end; ) u8[to++] = u8[from++];
  from = stringStart(context, i32[source]);
  for (const end = from + length; from < end; ) u8[to++] = u8[from++];
  state[OUT_LENGTH] += before + length;
  return NEXT;
}

/** Keeps the words of the state that count bytes sound, whatever the heap has said. */
export function checkWords(context: Context): void {
  const size = stringLength(context, context.i32[textSlot]);
  const isThere = outSlot !== 0 && tagOf(context, outSlot) === TAG_LONG_STRING;
  const capacity = isThere ? stringLength(context, context.i32[outSlot]) : 0;
  state[COPIED] = Math.min(Math.max(state[COPIED], 0), size);
  state[OUT_LENGTH] = Math.min(Math.max(state[OUT_LENGTH], 0), Math.max(capacity, isThere ? 0 : SHORT_RESULT));
  const isOfText = state[PIECE] === OF_TEXT;
  const source = isOfText ? textSlot : replacementSlot;
  const length = source !== 0 && isString(tagOf(context, source)) ? stringLength(context, context.i32[source]) : 0;
  state[PIECE_TO] = Math.min(Math.max(state[PIECE_TO], 0), length);
  state[PIECE_FROM] = Math.min(Math.max(state[PIECE_FROM], 0), length);
  state[REPLACED] = Math.max(state[REPLACED], 0);
}

/** A function or a table has answered with what cannot take a match's place. */
export function raiseValue(context: Context, tag: number): number {
  return raiseAtCaller(context, `invalid replacement value (a ${basicTypeName(tag)})`);
}
