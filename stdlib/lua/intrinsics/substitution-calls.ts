// string.gsub from match to match, for the guest code that calls functions and metamethods in between (stdlib/lua/string.lua): the
// state and the result lie in strings of the heap between two matches.
import {
  type Context,
  copyValue,
  isNumberTag,
  MEMORY,
  NEXT,
  newStringFromHeap,
  stringLength,
  stringStart,
  stringTag,
  TAG_TRUE,
  writeBoolean,
  writeInteger,
  writeReference,
} from '../../../vm/index';
import { AT, LAST, MODE, SEARCH, SMALL_STATE_WORDS, START, state } from './matcher';
import { LONGEST_PATTERN } from './pattern';
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
  COPIED,
  checkWords,
  IS_CHANGED,
  LIMIT,
  MATCHES,
  OUT_LENGTH,
  openSlots,
  outSlot,
  PHASE,
  PIECE_FROM,
  raiseValue,
  textSlot,
} from './substitution-result';
import { argument, intrinsic, isString, note, noted, numberToString, OPEN, returnValues, tagOf } from './support';

export const SUBSTITUTION_CALL_INTRINSICS = [
  intrinsic('gsub_next', 7, 3, nextMatch),
  intrinsic('gsub_captures', 3, OPEN, captures),
  intrinsic('gsub_end', 3, OPEN, end),
];

/** What of `nextMatch` is done. */
const TO_BEGIN = 0;
const VALUE_IS_NEXT = 1;
const IS_ADDED = 2;
/** Noted while it adds; a search that lasts notes 1. */
const NOTED_ADDING = 2;

/**
 * R[0] is the text, R[1] the state, R[2] the pattern, R[4] the result so far, R[5] the value for the match that was found
 * last; R[3] and R[6] are free. Adds the value to the result and looks for the next match. Leaves how many captures it has,
 * or false; the result; and the first capture.
 */
function nextMatch(context: Context, registers: number): number {
  const memory = argument(registers, 1);
  const pattern = argument(registers, 2);
  const result = argument(registers, 4);
  if (noted(context) !== 1) {
    const isAdding = noted(context) !== 0;
    note(context, 0);
    const value = argument(registers, 5);
    const tag = tagOf(context, value);
    if (tag >= TAG_TRUE) {
      if (isNumberTag(tag)) {
        const signal = numberToString(context, value);
        if (signal !== NEXT) return signal;
      } else if (!isString(tag)) return raiseValue(context, tag);
      openResult(context, result, registers, value, memory);
      if (isAdding || state[PHASE] !== IS_ADDED) {
        const signal = add(context, memory, value);
        if (signal !== NEXT) return signal;
      }
    }
    const wrong = openSearch(context, registers, pattern, argument(registers, 3), true);
    if (wrong !== NEXT) return wrong;
    loadMemory(context, memory, registers, pattern);
    const isOver = state[MATCHES] >= state[LIMIT] || (isAnchored() && state[MATCHES] > 0);
    if (isOver) return leaveMatch(context, registers, result, 0);
    if (state[MATCHES] > 0) state[LAST] = state[START] = state[AT];
    state[MODE] = SEARCH;
  } else {
    const wrong = openSearch(context, registers, pattern, argument(registers, 3), true);
    if (wrong !== NEXT) return wrong;
  }
  const signal = runSearch(context);
  if (signal !== NEXT) return signal;
  if (!isFound) return leaveMatch(context, registers, result, 0);
  const first = argument(registers, 6);
  const made = writeCapture(context, 0, registers, first);
  if (made !== NEXT) return made === MEMORY ? leaveSearch(context, made) : made;
  state[MATCHES]++;
  state[PHASE] = TO_BEGIN;
  saveWork(context, memory);
  copyValue(context, pattern, first);
  return leaveMatch(context, registers, result, captureCount(true));
}

function leaveMatch(context: Context, registers: number, result: number, count: number): number {
  note(context, 0);
  copyValue(context, argument(registers, 1), result);
  if (count > 0) writeInteger(context, registers, count, 0);
  else writeBoolean(context, registers, false);
  return NEXT;
}

/** Adds what stands before the match, and the string at `value`, to the result. NEXT, or a signal. */
function add(context: Context, memory: number, value: number): number {
  if (state[PHASE] === TO_BEGIN) {
    const signal = append(context, textSlot, COPIED, state[START], false);
    if (signal !== NEXT) return keep(context, memory, signal);
    state[PHASE] = VALUE_IS_NEXT;
    state[PIECE_FROM] = 0;
  }
  const signal = append(context, value, PIECE_FROM, stringLength(context, context.i32[value]), false);
  if (signal !== NEXT) return keep(context, memory, signal);
  state[COPIED] = state[AT];
  state[IS_CHANGED] = 1;
  state[PHASE] = IS_ADDED;
  saveWork(context, memory);
  return NEXT;
}

/** Opens the state R[1] of the text R[0] and the pattern R[2]. */
function openMemory(context: Context, registers: number, patternSlot: number, memory: number): number {
  note(context, 0);
  const wrong = openSearch(context, registers, patternSlot, memory, true);
  if (wrong === NEXT) loadMemory(context, memory, registers, patternSlot);
  return wrong;
}

/** Takes the state at `memory` out of the heap, for this text and pattern. */
function loadMemory(context: Context, memory: number, text: number, pattern: number): void {
  const size = stringLength(context, context.i32[text]);
  loadWork(context, memory, SMALL_STATE_WORDS, size, stringLength(context, context.i32[pattern]));
}

const CAPTURE_REGISTERS = 3;

function captures(context: Context, registers: number): number {
  const wrong = openMemory(context, registers, argument(registers, 2), argument(registers, 1));
  return wrong === NEXT ? returnCaptures(context, registers, CAPTURE_REGISTERS, false) : wrong;
}

/** Opens the result at `out` and the state at `memory` without a search. */
function openResult(context: Context, out: number, text: number, value: number, memory: number): void {
  openSlots(text, value, out);
  loadWork(context, memory, SMALL_STATE_WORDS, stringLength(context, context.i32[text]), LONGEST_PATTERN);
  checkWords(context);
}

/** Stops in the middle, with the state where it was. */
function keep(context: Context, memory: number, signal: number): number {
  saveWork(context, memory);
  note(context, NOTED_ADDING);
  return signal;
}

/** The end: R[0] is the text, R[1] the state, R[2] the result so far. */
function end(context: Context, registers: number): number {
  const memory = argument(registers, 1);
  openResult(context, argument(registers, 2), registers, registers, memory);
  if (state[IS_CHANGED] !== 0) {
    const signal = append(context, registers, COPIED, stringLength(context, context.i32[registers]), false);
    if (signal !== NEXT) return keep(context, memory, signal);
    const start = stringStart(context, context.i32[outSlot]);
    const address = newStringFromHeap(context, start, state[OUT_LENGTH]);
    if (address === 0) return keep(context, memory, context.failure);
    writeReference(context, registers, stringTag(state[OUT_LENGTH]), address);
  }
  note(context, 0);
  writeInteger(context, memory, state[MATCHES], 0);
  return returnValues(context, registers, 2);
}
