// string.gsub from match to match, for the guest code that calls functions and metamethods in between (stdlib/lua/string.lua): the
// state and the result lie in strings of the heap between two matches.
import {
  type Context,
  copyValue,
  isNumberTag,
  MEMORY,
  NEXT,
  newStringFromHeap,
  STRING_BYTES,
  stringLength,
  stringStart,
  stringTag,
  TAG_LONG_STRING,
  TAG_TABLE,
  TAG_TRUE,
  writeInteger,
  writeReference,
} from '../../../vm/index';
import { AT, beginSearch, clamp, SMALL_STATE_WORDS, START, state } from './match-state';
import {
  captureCount,
  isAnchored,
  isFound,
  leaveSearch,
  loadWork,
  openSearch,
  returnCaptures,
  runSearch,
  saveWork,
  writeCapture,
} from './patterns';
import {
  append,
  appendFew,
  COPIED,
  IS_CHANGED,
  LIMIT,
  MATCHES,
  OUT_LENGTH,
  openSlots,
  outSlot,
  PHASE,
  PIECE_FROM,
  raiseValue,
} from './substitution-result';
import {
  argument,
  intrinsic,
  isString,
  leaveToGuest,
  note,
  noted,
  numberToString,
  OPEN,
  returnValues,
  tagOf,
} from './support';

export const SUBSTITUTION_CALL_INTRINSICS = [
  intrinsic('gsub_next', 9, OPEN, nextMatch),
  intrinsic('gsub_captures', 3, OPEN, captures),
];

// Registers of gsub_next.
const PATTERN = 1;
const REPLACEMENT = 2;
/** The search's own, while it lasts. */
const WORK = 3;
const STATE = 4;
const RESULT = 5;
/** The value for the match that was found last; then the first two captures of the next one, and how many it has. */
const VALUE = 6;
const SECOND = 7;
const COUNT = 8;

// What nextMatch is at, as it notes it when it stops. A search that lasts notes 1.
const BEGINNING = 0;
const SEARCHING = 1;
const ADDING = 2;
const ENDING = 3;

/** What of a match is in the result. */
const NOTHING = 0;
const WHAT_IS_BEFORE = 1;
/** So many bytes are added in one go. */
const FEW_BYTES = 256;

/**
 * Adds the value to the result and looks for the next match, which it leaves to the guest: the first two captures, and how
 * many there are, 0 for one that a table is asked for. Behind the last one it ends with the results of string.gsub.
 */
function nextMatch(context: Context, registers: number): number {
  const at = noted(context);
  openSlots(registers, argument(registers, VALUE), argument(registers, RESULT));
  if (at !== SEARCHING) {
    openState(context, registers);
    if (at === ENDING) return end(context, registers);
    const signal = addValue(context, registers);
    if (signal !== NEXT) return signal;
  }
  const wrong = openSearch(context, registers, argument(registers, PATTERN), argument(registers, WORK), true);
  if (wrong !== NEXT) return wrong;
  if (at !== SEARCHING) {
    const isOver = state[MATCHES] >= state[LIMIT] || (isAnchored() && state[MATCHES] > 0);
    if (isOver) return end(context, registers);
    const isFirst = state[MATCHES] === 0;
    beginSearch(isFirst ? 0 : state[AT], isFirst ? -1 : state[AT]);
  }
  // When this fails the value is added once more: to the same place, since the state has not been written back.
  const signal = runSearch(context);
  if (signal !== NEXT) return signal;
  return isFound ? leaveMatch(context, registers) : end(context, registers);
}

/** Leaves the match that was found. */
function leaveMatch(context: Context, registers: number): number {
  const value = argument(registers, VALUE);
  const second = argument(registers, SECOND);
  const number = argument(registers, COUNT);
  const count = tagOf(context, argument(registers, REPLACEMENT)) === TAG_TABLE ? 0 : captureCount(true);
  // The value stays until nothing can fail any more.
  let signal = writeCapture(context, 0, registers, second);
  if (signal === NEXT && count > 1) signal = writeCapture(context, 1, registers, number);
  if (signal !== NEXT) return signal === MEMORY ? leaveSearch(context, signal) : signal;
  copyValue(context, value, second);
  copyValue(context, second, number);
  writeInteger(context, number, count, 0);
  state[MATCHES]++;
  state[PHASE] = NOTHING;
  if (count > 2) saveWork(context, argument(registers, STATE));
  else keepState(context, registers);
  note(context, BEGINNING);
  return leaveToGuest(context);
}

/** Adds what stands before the last match, and the value for it, to the result. NEXT, or a signal. */
function addValue(context: Context, registers: number): number {
  note(context, BEGINNING);
  const value = argument(registers, VALUE);
  const tag = tagOf(context, value);
  if (tag < TAG_TRUE || state[MATCHES] === 0) return NEXT;
  if (isNumberTag(tag)) {
    const signal = numberToString(context, value);
    if (signal !== NEXT) return signal;
  } else if (!isString(tag)) return raiseValue(context, tag);
  const length = stringLength(context, context.i32[value]);
  const signal =
    state[PHASE] === NOTHING && state[START] - state[COPIED] + length <= FEW_BYTES
      ? appendFew(context, registers, value, length)
      : addLong(context, registers, value, length);
  if (signal !== NEXT) return stop(context, registers, signal, ADDING);
  state[COPIED] = state[AT];
  state[IS_CHANGED] = 1;
  return NEXT;
}

/** Adds the same in pieces: what is before, then the value. */
function addLong(context: Context, registers: number, value: number, length: number): number {
  if (state[PHASE] === NOTHING) {
    const signal = append(context, registers, COPIED, state[START], false);
    if (signal !== NEXT) return signal;
    state[PHASE] = WHAT_IS_BEFORE;
    state[PIECE_FROM] = 0;
  }
  return append(context, value, PIECE_FROM, length, false);
}

/** Ends string.gsub: adds the rest of the text, makes a string of the result, and answers with it and how many matches. */
function end(context: Context, registers: number): number {
  if (state[IS_CHANGED] !== 0) {
    const signal = append(context, registers, COPIED, stringLength(context, context.i32[registers]), false);
    if (signal !== NEXT) return stop(context, registers, signal, ENDING);
    const start = stringStart(context, context.i32[outSlot]);
    const address = newStringFromHeap(context, start, state[OUT_LENGTH]);
    if (address === 0) return stop(context, registers, context.failure, ENDING);
    writeReference(context, registers, stringTag(state[OUT_LENGTH]), address);
  }
  note(context, BEGINNING);
  writeInteger(context, argument(registers, 1), state[MATCHES], 0);
  return returnValues(context, registers, 2);
}

/** Stops in the middle, with the state where it was. */
function stop(context: Context, registers: number, signal: number, at: number): number {
  keepState(context, registers);
  note(context, at);
  return signal;
}

/** First word of the state: whatever the heap says, all of it lies inside. */
function stateAt(context: Context, slot: number): number {
  const start = (context.i32[slot] + STRING_BYTES) & context.mask;
  return Math.min(start, context.i32.length - SMALL_STATE_WORDS);
}

/** Takes out of the heap what is kept between two matches, sound whatever it says; the captures are not read again. */
function openState(context: Context, registers: number): void {
  const { i32 } = context;
  const at = stateAt(context, argument(registers, STATE));
  const size = stringLength(context, i32[registers]);
  const capacity = tagOf(context, outSlot) === TAG_LONG_STRING ? stringLength(context, i32[outSlot]) : 0;
  state[AT] = clamp(i32[at + AT], 0, size);
  state[START] = clamp(i32[at + START], 0, size);
  state[COPIED] = clamp(i32[at + COPIED], 0, size);
  state[MATCHES] = i32[at + MATCHES];
  state[LIMIT] = i32[at + LIMIT];
  state[IS_CHANGED] = i32[at + IS_CHANGED];
  state[PHASE] = i32[at + PHASE];
  state[OUT_LENGTH] = clamp(i32[at + OUT_LENGTH], 0, capacity);
  state[PIECE_FROM] = Math.max(i32[at + PIECE_FROM], 0);
}

/** Puts it back. */
function keepState(context: Context, registers: number): void {
  const { i32 } = context;
  const at = stateAt(context, argument(registers, STATE));
  i32[at + AT] = state[AT];
  i32[at + START] = state[START];
  i32[at + COPIED] = state[COPIED];
  i32[at + MATCHES] = state[MATCHES];
  i32[at + LIMIT] = state[LIMIT];
  i32[at + IS_CHANGED] = state[IS_CHANGED];
  i32[at + PHASE] = state[PHASE];
  i32[at + OUT_LENGTH] = state[OUT_LENGTH];
  i32[at + PIECE_FROM] = state[PIECE_FROM];
}

const CAPTURE_REGISTERS = 3;

/** All captures of the match that was found last: R[0] is the text, R[1] the state, R[2] the pattern. */
function captures(context: Context, registers: number): number {
  const slot = argument(registers, 1);
  const pattern = argument(registers, 2);
  note(context, 0);
  const wrong = openSearch(context, registers, pattern, slot, true);
  if (wrong !== NEXT) return wrong;
  const size = stringLength(context, context.i32[registers]);
  loadWork(context, slot, SMALL_STATE_WORDS, size, stringLength(context, context.i32[pattern]));
  return returnCaptures(context, registers, CAPTURE_REGISTERS, false);
}
