// string.gsub. With a string, or a table without a metatable, all is done here; functions and metamethods are called by
// the guest code behind the intrinsic, from match to match, with what is between two of them in a string of the heap.
import {
  basicTypeName,
  type Context,
  copyValue,
  FUEL,
  getSlot,
  hasJob,
  isNumberTag,
  metatableOf,
  NEXT,
  newString,
  newStringFromHeap,
  prepareKey,
  SHORT_STRING_BYTES,
  signedToString,
  stringLength,
  stringStart,
  stringTag,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_TABLE,
  TAG_TRUE,
  THROW,
  TRAP,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseArgumentType, raiseAtCaller } from './argument-errors';
import {
  AT,
  beginSearch,
  LAST,
  MODE,
  POSITION_CAPTURE,
  SEARCH,
  SMALL_STATE_WORDS,
  START,
  state,
  USER,
} from './match-state';
import { NINE, PERCENT, ZERO } from './pattern';
import {
  captureLength,
  captureStart,
  isAnchored,
  isFound,
  isSearchInHeap,
  isStepTooMany,
  leaveSearch,
  newWork,
  openSearch,
  readCapture,
  runSearch,
  saveWork,
  writeCapture,
} from './patterns';
import { SUBSTITUTION_CALL_INTRINSICS } from './substitution-calls';
import { additionLength, addParts, partCount, readParts, SHORT_ADDITION } from './substitution-parts';
import {
  append,
  appendText,
  COPIED,
  COPY_CHUNK,
  checkWords,
  IS_CHANGED,
  LIMIT,
  MATCHES,
  makeRoom,
  NOTHING,
  OF_TEXT,
  OUT_LENGTH,
  openSlots,
  outSlot,
  PHASE,
  PIECE,
  PIECE_FROM,
  PIECE_TO,
  REPLACED,
  raiseValue,
  replacementSlot,
  resultToHeap,
  shortResult,
} from './substitution-result';
import {
  argument,
  BYTES_SHIFT,
  charge,
  checkInteger,
  checkString,
  integerAt,
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

export const SUBSTITUTION_INTRINSICS = [intrinsic('string_gsub', 7, OPEN, substitute), ...SUBSTITUTION_CALL_INTRINSICS];

// Phases.
const SEARCHING = 0;
const LOOKING_UP = 1;
const PREFIX = 2;
const REPLACING = 3;
const REST = 4;
/** The key that the table is asked for lies in R[6]. */
const LOOKING_UP_KEY = 5;

const MOST_MATCHES = 0x7fffffff;

// Registers of string_gsub.
const PATTERN = 1;
const REPLACEMENT = 2;
const MAXIMUM = 3;
const WORK = 4;
const OUT = 5;
const VALUE = 6;

/**
 * R[0] to R[3] are the arguments of string.gsub; R[4] to R[6] are free. What must be left to the guest leaves it the state
 * in R[4], and nil behind it.
 */
function substitute(context: Context, registers: number): number {
  const patternSlot = argument(registers, PATTERN);
  const workSlot = argument(registers, WORK);
  openSlots(registers, argument(registers, REPLACEMENT), argument(registers, OUT));
  const isFirst = noted(context) === 0;
  if (isFirst) {
    const signal = checkArguments(context, registers);
    if (signal !== NEXT) return signal;
  }
  const wrong = openSearch(context, registers, patternSlot, workSlot, true);
  if (wrong !== NEXT) return wrong;
  if (isFirst) {
    beginSearch(0, -1);
    state.fill(0, USER, PIECE_TO + 1);
    const limit = integerAt(context, argument(registers, MAXIMUM));
    state[LIMIT] = Math.max(Math.min(limit, MOST_MATCHES), 0);
    if (!isDoneHere(context, replacementSlot)) return beginForGuest(context, registers);
    writeNil(context, outSlot);
  } else checkWords(context);
  readParts(context);
  for (;;) {
    const signal = step(context, registers);
    if (signal === DONE) return finish(context, registers);
    if (signal === LEFT) return leftWith;
    if (signal !== NEXT) return leaveSearch(context, signal);
    if (isStepTooMany()) {
      const moved = resultToHeap(context);
      if (moved !== NEXT) return leaveSearch(context, moved);
    }
    if (isSearchInHeap() && context.fuel <= 0) return leaveSearch(context, FUEL);
  }
}

/** What `step` answers beside signals that run it again. */
const DONE = -1;
/** The step has ended as the search or an error did: with `leftWith`. */
const LEFT = -2;
let leftWith = NEXT;

function leave(signal: number): number {
  leftWith = signal;
  return LEFT;
}

function checkArguments(context: Context, registers: number): number {
  const maximum = argument(registers, MAXIMUM);
  const signal = checkString(context, registers, 1) || checkString(context, argument(registers, PATTERN), 2);
  if (signal !== NEXT) return signal;
  if (tagOf(context, maximum) === TAG_NIL) {
    writeInteger(context, maximum, stringLength(context, context.i32[registers]) + 1, 0);
  } else {
    const wrong = checkInteger(context, maximum, 4);
    if (wrong !== NEXT) return wrong;
  }
  const tag = tagOf(context, replacementSlot);
  if (isNumberTag(tag)) return numberToString(context, replacementSlot);
  if (isString(tag) || tag === TAG_TABLE || basicTypeName(tag) === 'function') return NEXT;
  return raiseArgumentType(context, 3, replacementSlot, 'string/function/table');
}

function isDoneHere(context: Context, slot: number): boolean {
  const tag = tagOf(context, slot);
  return isString(tag) || (tag === TAG_TABLE && metatableOf(context, slot) === 0);
}

function beginForGuest(context: Context, registers: number): number {
  const workSlot = argument(registers, WORK);
  const signal = newWork(context, workSlot, SMALL_STATE_WORDS);
  if (signal !== NEXT) return signal;
  saveWork(context, workSlot);
  writeNil(context, outSlot);
  writeNil(context, argument(registers, VALUE));
  return leaveToGuest(context);
}

/** One phase, or a piece. NEXT, DONE, LEFT, or a signal after which it goes on. */
function step(context: Context, registers: number): number {
  const size = stringLength(context, context.i32[registers]);
  if (state[PIECE] !== NOTHING) {
    const source = state[PIECE] === OF_TEXT ? registers : sourceSlot(context, registers);
    const signal = append(context, source, PIECE_FROM, state[PIECE_TO], true);
    if (signal === NEXT) state[PIECE] = NOTHING;
    return signal;
  }
  switch (state[PHASE]) {
    case SEARCHING: {
      if (partCount > 0) return replaceMany(context, registers);
      if (state[MATCHES] >= state[LIMIT]) {
        state[PHASE] = REST;
        return NEXT;
      }
      const signal = runSearch(context, resultToHeap);
      if (signal !== NEXT) return leave(signal);
      if (!isFound) state[PHASE] = REST;
      else {
        state[MATCHES]++;
        state[PHASE] = tagOf(context, replacementSlot) === TAG_TABLE ? LOOKING_UP : PREFIX;
      }
      return NEXT;
    }
    case LOOKING_UP:
      return captureKey(context, registers);
    case LOOKING_UP_KEY:
      return lookUp(context, registers);
    case PREFIX: {
      const signal = append(context, registers, COPIED, state[START], true);
      if (signal === NEXT) {
        state[PHASE] = REPLACING;
        state[REPLACED] = 0;
      }
      return signal;
    }
    case REPLACING:
      return replace(context, registers);
    default: {
      if (state[IS_CHANGED] === 0) return DONE;
      const signal = append(context, registers, COPIED, size, true);
      return signal === NEXT ? DONE : signal;
    }
  }
}

/** Replaces match after match. As `step`. */
function replaceMany(context: Context, registers: number): number {
  for (;;) {
    if (state[MATCHES] >= state[LIMIT]) {
      state[PHASE] = REST;
      return NEXT;
    }
    const signal = runSearch(context, resultToHeap);
    if (signal !== NEXT) return leave(signal);
    if (!isFound) {
      state[PHASE] = REST;
      return NEXT;
    }
    state[MATCHES]++;
    const addition = additionLength();
    const before = state[START] - state[COPIED];
    if (addition < 0 || before < 0 || addition + before > SHORT_ADDITION) {
      state[PHASE] = PREFIX;
      return NEXT;
    }
    const room = makeRoom(context, before + addition);
    if (room !== NEXT) {
      state[PHASE] = PREFIX;
      return room;
    }
    charge(context, 1 + ((before + addition) >> BYTES_SHIFT));
    addParts(context, registers, before);
    state[OUT_LENGTH] += before + addition;
    state[IS_CHANGED] = 1;
    state[COPIED] = state[AT];
    passMatch();
    if (state[PHASE] !== SEARCHING) return NEXT;
    if (isSearchInHeap()) {
      if (context.fuel <= 0) return FUEL;
    } else if (isStepTooMany()) return NEXT;
  }
}

/** The slot of the string that takes a match's place: the replacement, or what the table has said. */
function sourceSlot(context: Context, registers: number): number {
  return tagOf(context, replacementSlot) === TAG_TABLE ? argument(registers, VALUE) : replacementSlot;
}

/** Goes on behind the match. */
function passMatch(): number {
  state[LAST] = state[START] = state[AT];
  state[MODE] = SEARCH;
  state[PHASE] = isAnchored() ? REST : SEARCHING;
  return NEXT;
}

/** Makes the first capture the key that the table, which has no metatable, is asked for. */
function captureKey(context: Context, registers: number): number {
  const read = readCapture(context, 0);
  if (read !== NEXT) return leave(read);
  if (captureLength > SHORT_STRING_BYTES) {
    // It may be made, and prepared, in steps.
    const moved = resultToHeap(context);
    if (moved !== NEXT) return moved;
  }
  const signal = writeCapture(context, 0, registers, argument(registers, VALUE));
  if (signal !== NEXT) return isRaised(signal) ? leave(signal) : signal;
  charge(context, 1);
  state[PHASE] = LOOKING_UP_KEY;
  return hasJob(context) ? FUEL : lookUp(context, registers);
}

/** Asks the table. */
function lookUp(context: Context, registers: number): number {
  const value = argument(registers, VALUE);
  if (!prepareKey(context, value)) return context.failure;
  const slot = getSlot(context, context.i32[replacementSlot], value);
  if (slot === 0) writeNil(context, value);
  else copyValue(context, value, slot);
  const tag = tagOf(context, value);
  if (tag < TAG_TRUE) return passMatch();
  if (isNumberTag(tag)) {
    const made = numberToString(context, value);
    if (made !== NEXT) return made;
  } else if (!isString(tag)) return leave(raiseValue(context, tag));
  state[PHASE] = PREFIX;
  return NEXT;
}

/** Whether a signal is an error's: nothing goes on after it. */
function isRaised(signal: number): boolean {
  return signal === THROW || signal === TRAP;
}

/** Adds the replacement, or the next part of it. */
function replace(context: Context, registers: number): number {
  const source = sourceSlot(context, registers);
  const length = isString(tagOf(context, source)) ? stringLength(context, context.i32[source]) : 0;
  const isPlain = tagOf(context, replacementSlot) === TAG_TABLE;
  state[IS_CHANGED] = 1;
  while (state[REPLACED] < length) {
    const from = state[REPLACED];
    const start = stringStart(context, context.i32[source]);
    const { u8 } = context;
    const to = isPlain ? Math.min(length, from + COPY_CHUNK) : nextEscape(u8, start, from, length);
    charge(context, 1 + ((to - from) >> BYTES_SHIFT));
    if (to > from) {
      const signal = append(context, source, REPLACED, to, true);
      if (signal !== NEXT) return signal;
      if (isSearchInHeap() && context.fuel <= 0) return FUEL;
      continue;
    }
    const byte = from + 1 < length ? u8[start + from + 1] : 0;
    if (byte === PERCENT) {
      const signal = appendText(context, '%');
      if (signal === NEXT) state[REPLACED] += 2;
      return signal;
    }
    if (byte < ZERO || byte > NINE) {
      return leave(raiseAtCaller(context, "invalid use of '%' in replacement string"));
    }
    return addCapture(context, byte - ZERO - 1);
  }
  state[COPIED] = state[AT];
  return passMatch();
}

/** Replacements are looked through so far at once. */
const NEAR = 32;

function nextEscape(u8: Uint8Array, start: number, from: number, length: number): number {
  const near = Math.min(length, from + NEAR);
  for (let at = from; at < near; at++) if (u8[start + at] === PERCENT) return at;
  if (near === length) return length;
  const limit = Math.min(length, from + COPY_CHUNK);
  const found = u8.subarray(start + near, start + limit).indexOf(PERCENT);
  return found < 0 ? limit : near + found;
}

/** Begins to add a capture: a piece of the text, or at once a position. -1: the whole match. */
function addCapture(context: Context, index: number): number {
  if (index >= 0) {
    const signal = readCapture(context, index);
    if (signal !== NEXT) return leave(signal);
    if (captureLength === POSITION_CAPTURE) {
      const added = appendText(context, signedToString(captureStart + 1, 0));
      if (added === NEXT) state[REPLACED] += 2;
      return added;
    }
  }
  state[PIECE] = OF_TEXT;
  state[PIECE_FROM] = index < 0 ? state[START] : captureStart;
  state[PIECE_TO] = index < 0 ? state[AT] : captureStart + captureLength;
  state[REPLACED] += 2;
  return NEXT;
}

/** Ends an OPEN intrinsic with the result, which is complete, and the number of matches. */
function finish(context: Context, registers: number): number {
  const matches = state[MATCHES];
  if (state[IS_CHANGED] !== 0) {
    const length = state[OUT_LENGTH];
    const isThere = tagOf(context, outSlot) === TAG_LONG_STRING;
    const address = isThere
      ? newStringFromHeap(context, stringStart(context, context.i32[outSlot]), length)
      : newString(context, shortResult, 0, length);
    if (address === 0) return leaveSearch(context, context.failure);
    writeReference(context, registers, stringTag(length), address);
  }
  note(context, 0);
  writeInteger(context, argument(registers, 1), matches, 0);
  return returnValues(context, registers, 2);
}
