// string.gsub. With a string, or a table without a metatable, all is done here; functions and metamethods are called by
// the guest code behind the intrinsic, from match to match, with what is between two of them in a string of the heap.
// The result is built outside the heap while it is short, then in a string of the heap that grows. Each part of it is
// copied in pieces, with how far that is in the state.
import {
  areManyBytes,
  basicTypeName,
  type Context,
  copyBytes,
  copyValue,
  FUEL,
  getSlot,
  hasJob,
  isNumberTag,
  MEMORY,
  metatableOf,
  NEXT,
  newLongString,
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
  writeBoolean,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseArgumentType, raiseAtCaller } from './argument-errors';
import {
  AT,
  beginSearch,
  CAPTURES,
  LAST,
  LEVEL,
  MODE,
  POSITION_CAPTURE,
  SEARCH,
  SMALL_STATE_WORDS,
  START,
  state,
  USER,
} from './matcher';
import { LONGEST_PATTERN, NINE, PERCENT, ZERO } from './pattern';
import {
  captureCount,
  captureLength,
  captureStart,
  isAnchored,
  isFound,
  isSearchInHeap,
  isStepTooMany,
  leaveSearch,
  loadWork,
  moveToHeap,
  newWork,
  openSearch,
  readCapture,
  returnCaptures,
  runSearch,
  saveWork,
  writeCapture,
} from './patterns';
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

export const SUBSTITUTION_INTRINSICS = [
  intrinsic('string_gsub', 7, OPEN, substitute),
  intrinsic('gsub_next', 7, 3, nextMatch),
  intrinsic('gsub_captures', 3, OPEN, captures),
  intrinsic('gsub_end', 3, OPEN, end),
];

// Words of the state.
/** What of the text is in the result, or left out of it. */
const COPIED = USER;
/** Matches, how many there may be, and whether any has changed something. */
const MATCHES = USER + 1;
const LIMIT = USER + 2;
const IS_CHANGED = USER + 3;
const PHASE = USER + 4;
/** Bytes of the result so far. */
const OUT_LENGTH = USER + 5;
/** Position in the replacement up to which it is in the result. */
const REPLACED = USER + 6;
/** The piece that is being copied: which string, from where, to where. */
const PIECE = USER + 7;
const PIECE_FROM = USER + 8;
const PIECE_TO = USER + 9;

// Phases.
const SEARCHING = 0;
const LOOKING_UP = 1;
const PREFIX = 2;
const REPLACING = 3;
const REST = 4;
/** The key that the table is asked for lies in R[6]. */
const LOOKING_UP_KEY = 5;

// Pieces.
const NOTHING = 0;
const OF_TEXT = 1;

/** Bytes that are copied at once. */
const COPY_CHUNK = 1 << 16;
/** A result of up to so many bytes is built here: scratch of one step. */
const SHORT_RESULT = 4096;
const shortResult = new Uint8Array(SHORT_RESULT);
/** Room in the heap at first. */
const FIRST_RESULT = 256;
const MOST_MATCHES = 0x7fffffff;

// Registers of string_gsub.
const PATTERN = 1;
const REPLACEMENT = 2;
const MAXIMUM = 3;
const WORK = 4;
const OUT = 5;
const VALUE = 6;

// --- the result ---

/** The slots that pieces come from, and that the result lies in; scratch of one step. */
let textSlot = 0;
let replacementSlot = 0;
let outSlot = 0;

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
function resultToHeap(context: Context): number {
  if (isSearchInHeap()) return NEXT;
  writeNil(context, outSlot);
  const length = state[OUT_LENGTH];
  const room = reserve(context, length);
  if (room !== NEXT) return room;
  context.u8.set(shortResult.subarray(0, length), stringStart(context, context.i32[outSlot]));
  return moveToHeap(context);
}

/** Room for `count` bytes more, here or in the heap. NEXT, or what failed. */
function makeRoom(context: Context, count: number): number {
  if (!isSearchInHeap()) {
    if (state[OUT_LENGTH] + count <= SHORT_RESULT) return NEXT;
    const signal = resultToHeap(context);
    if (signal !== NEXT) return signal;
  }
  return reserve(context, count);
}

/** Adds the bytes of a text of ours. NEXT, or what failed. */
function appendText(context: Context, text: string): number {
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
function append(context: Context, source: number, fromWord: number, to: number, mayUseShort: boolean): number {
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

/** Keeps the words of the state that count bytes sound, whatever the heap has said. */
function checkWords(context: Context): void {
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

// --- all at once ---

/**
 * R[0] to R[3] are the arguments of string.gsub; R[4] to R[6] are free. What must be left to the guest leaves it the state
 * in R[4], and in R[6] whether the replacement is a function.
 */
function substitute(context: Context, registers: number): number {
  const patternSlot = argument(registers, PATTERN);
  const workSlot = argument(registers, WORK);
  textSlot = registers;
  replacementSlot = argument(registers, REPLACEMENT);
  outSlot = argument(registers, OUT);
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
  writeBoolean(context, argument(registers, VALUE), tagOf(context, replacementSlot) !== TAG_TABLE);
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

// --- short replacements: what they are made of is read once ---

/** Replacements of up to so many bytes. */
const SHORT_REPLACEMENT = 128;
/** Bytes that a match may add to the result here. */
const SHORT_ADDITION = 1024;
/** Three words a part: which capture (0 is the match), or LITERAL; then from where to where in the replacement. */
const parts = new Int32Array(3 * SHORT_REPLACEMENT);
const LITERAL = -1;
/** How many there are; 0 when they are not known. */
let partCount = 0;

function addPart(kind: number, from: number, to: number): void {
  parts[3 * partCount] = kind;
  parts[3 * partCount + 1] = from;
  parts[3 * partCount + 2] = to;
  partCount++;
}

/** Reads the parts of a replacement that is a short string without mistakes. */
function readParts(context: Context): void {
  partCount = 0;
  if (!isString(tagOf(context, replacementSlot))) return;
  const length = stringLength(context, context.i32[replacementSlot]);
  if (length > SHORT_REPLACEMENT) return;
  const { u8 } = context;
  const start = stringStart(context, context.i32[replacementSlot]);
  let from = 0;
  for (let at = 0; at < length; at++) {
    if (u8[start + at] !== PERCENT) continue;
    const byte = at + 1 < length ? u8[start + at + 1] : 0;
    if (byte !== PERCENT && (byte < ZERO || byte > NINE)) {
      partCount = 0;
      return;
    }
    if (at > from) addPart(LITERAL, from, at);
    if (byte !== PERCENT) addPart(byte - ZERO, 0, 0);
    from = byte === PERCENT ? at + 1 : at + 2;
    at++;
  }
  if (length > from || partCount === 0) addPart(LITERAL, from, length);
}

/** Bytes that the replacement of this match has; -1 when the general way must make it, or complain. */
function additionLength(): number {
  let length = 0;
  for (let part = 0; part < 3 * partCount; part += 3) {
    const kind = parts[part];
    if (kind === LITERAL) length += parts[part + 2] - parts[part + 1];
    else if (kind === 0 || (kind === 1 && state[LEVEL] === 0)) length += state[AT] - state[START];
    else {
      const size = kind > state[LEVEL] ? POSITION_CAPTURE : state[CAPTURES + 2 * kind - 1];
      if (size < 0) return -1;
      length += size;
    }
  }
  return length;
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

/** Writes the `before` bytes in front of the match, and the parts, to the result. */
function addParts(context: Context, registers: number, before: number): void {
  const { i32, u8 } = context;
  const isHere = !isSearchInHeap();
  const out = isHere ? shortResult : u8;
  const text = stringStart(context, i32[registers]);
  const replacement = stringStart(context, i32[replacementSlot]);
  let to = (isHere ? 0 : stringStart(context, i32[outSlot])) + state[OUT_LENGTH];
  let from = text + state[COPIED];
  for (const end = from + before; from < end; ) out[to++] = u8[from++];
  for (let part = 0; part < 3 * partCount; part += 3) {
    const kind = parts[part];
    let end: number;
    if (kind === LITERAL) {
      from = replacement + parts[part + 1];
      end = replacement + parts[part + 2];
    } else if (kind === 0 || state[LEVEL] === 0) {
      from = text + state[START];
      end = text + state[AT];
    } else {
      from = text + state[CAPTURES + 2 * kind - 2];
      end = from + state[CAPTURES + 2 * kind - 1];
    }
    while (from < end) out[to++] = u8[from++];
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

function raiseValue(context: Context, tag: number): number {
  return raiseAtCaller(context, `invalid replacement value (a ${basicTypeName(tag)})`);
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

// --- from match to match, for the guest ---

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
  textSlot = text;
  replacementSlot = value;
  outSlot = out;
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
