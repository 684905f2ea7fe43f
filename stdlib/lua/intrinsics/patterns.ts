// string.find with a pattern, string.match and string.gmatch: searching, and the captures as results. What is found soon
// is found in one step, outside the heap; a longer search keeps its state in the heap, in a register of the intrinsic,
// and can stop between any two steps.
import {
  type Context,
  copyValue,
  FUEL,
  MEMORY,
  NEXT,
  newLongString,
  newStringFromHeap,
  RELOAD,
  STRING_BYTES,
  stringLength,
  stringStart,
  stringTag,
  TAG_LONG_STRING,
  VALUE_SIZE,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseAtCaller } from './argument-errors';
import {
  AT,
  beginSearch,
  CAPTURES,
  LEVEL,
  loadState,
  MATCHED,
  MODE,
  POSITION_CAPTURE,
  START,
  STATE_WORDS,
  saveState,
  state,
  UNFINISHED_CAPTURE,
} from './match-state';
import { advance, budgetLeft, FOUND, failure, MISSING, WRONG } from './matcher';
import { CARET, LONGEST_PATTERN, type Pattern, patternAt, SHORT_PATTERN } from './pattern';
import { startOf } from './positions';
import {
  argument,
  baseRegister,
  charge,
  checkString,
  doneAfter,
  integerAt,
  intrinsic,
  isStackOverflow,
  makeRoomForValues,
  note,
  noted,
  OPEN,
  optionalInteger,
  returnValues,
} from './support';

export const PATTERN_INTRINSICS = [
  intrinsic('string_match', 4, OPEN, match),
  intrinsic('gmatch_begin', 3, 3, beginMatches),
  intrinsic('gmatch_next', 4, OPEN, nextMatch),
];

/** Steps of a search, at most about so many, before its state must lie in the heap. */
const FIRST_STEPS = 1000;

// --- the search that is under way: scratch of one step ---

/** The slots of its text, of its pattern, and of the string that its state lies in while it is not done. */
let text = 0;
let work = 0;
let pattern: Pattern | null = null;
/** Position in the pattern behind the anchor, if there is one that counts as such. */
let first = 0;
/** Whether the state is in the heap, and how many steps are left until it must be. */
let isInHeap = false;
let stepsLeft = 0;

export function isSearchInHeap(): boolean {
  return isInHeap;
}

/**
 * Opens a search in the string at the slot `textSlot`, with the state at `workSlot` when the intrinsic has noted that
 * there is one; else the caller must begin one (`beginSearch`). NEXT or THROW.
 */
export function openSearch(
  context: Context,
  textSlot: number,
  patternSlot: number,
  workSlot: number,
  mayAnchor: boolean,
): number {
  const { i32, u8 } = context;
  const length = stringLength(context, i32[patternSlot]);
  if (length > LONGEST_PATTERN) return raiseAtCaller(context, 'pattern too complex');
  const start = stringStart(context, i32[patternSlot]);
  text = textSlot;
  work = workSlot;
  pattern = patternAt(context, start, length);
  first = mayAnchor && length > 0 && u8[start] === CARET ? 1 : 0;
  isInHeap = noted(context) !== 0;
  stepsLeft = FIRST_STEPS;
  if (isInHeap) loadWork(context, workSlot, STATE_WORDS, stringLength(context, i32[textSlot]), length);
  else charge(context, Math.min(length, SHORT_PATTERN) >> 1);
  return NEXT;
}

/** Whether the pattern has an anchor. */
export function isAnchored(): boolean {
  return first > 0;
}

/** Takes the state out of the string at `slot`, of which `words` words are asked for. */
export function loadWork(context: Context, slot: number, words: number, size: number, patternSize: number): void {
  const address = context.i32[slot];
  const start = (address + STRING_BYTES) & context.mask;
  const count = Math.min(words, stringLength(context, address) >> 2, context.i32.length - start);
  loadState(context.i32, start, count, size, patternSize);
}

/** Puts the state into the string at `slot`. */
export function saveWork(context: Context, slot: number): void {
  const address = context.i32[slot];
  const start = (address + STRING_BYTES) & context.mask;
  saveState(context.i32, start, Math.min(stringLength(context, address) >> 2, context.i32.length - start));
}

/** Makes a string for the state at `slot`. NEXT, or what failed. */
export function newWork(context: Context, slot: number, words: number): number {
  const address = newLongString(context, words * 4);
  if (address === 0) return context.failure;
  writeReference(context, slot, TAG_LONG_STRING, address);
  return NEXT;
}

/** From now on the state lies in the heap whenever the intrinsic stops. NEXT, or what failed. */
export function moveToHeap(context: Context): number {
  if (isInHeap) return NEXT;
  const signal = newWork(context, work, STATE_WORDS);
  if (signal !== NEXT) return signal;
  isInHeap = true;
  saveWork(context, work);
  note(context, 1);
  return NEXT;
}

/** Ends the step with a signal that runs the intrinsic again: it will go on where it is. */
export function leaveSearch(context: Context, signal: number): number {
  if (isInHeap) {
    saveWork(context, work);
    note(context, 1);
  } else note(context, 0);
  return signal;
}

/** `runSearch` has an answer: `isFound`. */
export let isFound = false;

/** Counts a step that is none of the search's: whether the state must be in the heap before more is done. */
export function isStepTooMany(): boolean {
  stepsLeft--;
  return !isInHeap && stepsLeft <= 0;
}

/**
 * Goes on searching. NEXT with the answer in `isFound`, or a signal: then the step has been left. `toHeap` takes the state
 * to the heap when it lasts, and what else its user has.
 */
export function runSearch(context: Context, toHeap = moveToHeap): number {
  for (;;) {
    const { u8, i32 } = context;
    const size = stringLength(context, i32[text]);
    const budget = isInHeap ? context.fuel : stepsLeft;
    const answer = advance(u8, stringStart(context, i32[text]), size, pattern!, first, first > 0, budget);
    charge(context, budget - budgetLeft);
    stepsLeft = budgetLeft;
    if (answer === WRONG) return raiseAtCaller(context, failure);
    if (answer === FOUND || answer === MISSING) {
      isFound = answer === FOUND;
      return NEXT;
    }
    const signal = toHeap(context);
    if (signal !== NEXT) return leaveSearch(context, signal);
    if (context.fuel <= 0) return leaveSearch(context, FUEL);
  }
}

// --- captures ---

/** How many values the captures of a match are; the whole match is one when there are none and `isWhole`. */
export function captureCount(isWhole: boolean): number {
  return state[LEVEL] === 0 && isWhole ? 1 : state[LEVEL];
}

/** Where the capture that `readCapture` has read begins, counted from 0, and its length, or POSITION_CAPTURE. */
export let captureStart = 0;
export let captureLength = 0;

/** Reads capture `index`; the whole match is capture 0 of a pattern without any. NEXT or THROW. */
export function readCapture(context: Context, index: number): number {
  if (index >= state[LEVEL]) {
    if (index !== 0) return raiseAtCaller(context, `invalid capture index %${index + 1}`);
    captureStart = state[START];
    captureLength = state[AT] - state[START];
    return NEXT;
  }
  captureStart = state[CAPTURES + 2 * index];
  captureLength = state[CAPTURES + 2 * index + 1];
  return captureLength === UNFINISHED_CAPTURE ? raiseAtCaller(context, 'unfinished capture') : NEXT;
}

/** Writes capture `index` of the text at `textSlot` to `slot`. NEXT, or what failed. */
export function writeCapture(context: Context, index: number, textSlot: number, slot: number): number {
  const signal = readCapture(context, index);
  if (signal !== NEXT) return signal;
  if (captureLength === POSITION_CAPTURE) {
    writeInteger(context, slot, captureStart + 1, 0);
    return NEXT;
  }
  const start = stringStart(context, context.i32[textSlot]) + captureStart;
  const address = newStringFromHeap(context, start, captureLength);
  if (address === 0) return context.failure;
  writeReference(context, slot, stringTag(captureLength), address);
  return NEXT;
}

/**
 * Ends an OPEN intrinsic with the captures of the match that was found, behind its two positions when `isFind`. Its first
 * `kept` registers, the text being R[0], must stay as they are until nothing can fail any more.
 */
export function returnCaptures(context: Context, registers: number, kept: number, isFind: boolean): number {
  const count = captureCount(!isFind);
  if (count === 0) {
    writeInteger(context, registers, state[START] + 1, 0);
    writeInteger(context, registers + VALUE_SIZE, state[AT], 0);
    note(context, 0);
    return returnValues(context, registers, 2);
  }
  if (count === 1 && !isFind) {
    const signal = writeCapture(context, 0, registers, registers);
    if (signal !== NEXT) return leaveSearch(context, signal);
    note(context, 0);
    return returnValues(context, registers, 1);
  }
  const distance = registers - baseRegister(context);
  const room = makeRoomForValues(context, distance / VALUE_SIZE + kept + count);
  if (room !== NEXT && room !== RELOAD) {
    return isStackOverflow(context, room)
      ? raiseAtCaller(context, 'stack overflow (too many captures)')
      : leaveSearch(context, room);
  }
  const base = baseRegister(context) + distance;
  work += base - registers;
  text += base - registers;
  for (let index = 0; index < count; index++) {
    const signal = writeCapture(context, index, base, base + (kept + index) * VALUE_SIZE);
    if (signal !== NEXT) return signal === MEMORY ? leaveSearch(context, signal) : signal;
  }
  const before = isFind ? 2 : 0;
  for (let index = 0; index < count; index++) {
    copyValue(context, base + (before + index) * VALUE_SIZE, base + (kept + index) * VALUE_SIZE);
  }
  if (isFind) {
    writeInteger(context, base, state[START] + 1, 0);
    writeInteger(context, base + VALUE_SIZE, state[AT], 0);
  }
  note(context, 0);
  returnValues(context, base, before + count);
  return doneAfter(room);
}

/** Ends an OPEN intrinsic with nil. */
export function returnNil(context: Context, registers: number): number {
  note(context, 0);
  writeNil(context, registers);
  return returnValues(context, registers, 1);
}

// --- the functions ---

const FIND_REGISTERS = 5;
const MATCH_REGISTERS = 4;

/** string.find: R[0] to R[3] are its arguments, which are sound, and R[2] is a position in the text or behind it. */
export function findPattern(context: Context, registers: number): number {
  return searchOnce(context, registers, argument(registers, FIND_REGISTERS - 1), FIND_REGISTERS, true);
}

/** string.match: R[3] is free. */
function match(context: Context, registers: number): number {
  const position = argument(registers, 2);
  const work = argument(registers, MATCH_REGISTERS - 1);
  if (noted(context) === 0) {
    const signal =
      checkString(context, registers, 1) ||
      checkString(context, argument(registers, 1), 2) ||
      optionalInteger(context, position, 3, 1);
    if (signal !== NEXT) return signal;
    const size = stringLength(context, context.i32[registers]);
    const from = startOf(integerAt(context, position), size);
    if (from > size + 1) return returnNil(context, registers);
    writeInteger(context, position, from, 0);
  }
  return searchOnce(context, registers, work, MATCH_REGISTERS, false);
}

function searchOnce(context: Context, registers: number, workSlot: number, kept: number, isFind: boolean): number {
  const wrong = openSearch(context, registers, argument(registers, 1), workSlot, true);
  if (wrong !== NEXT) return wrong;
  if (!isInHeap) beginSearch(context.i32[argument(registers, 2)] - 1, -1);
  if (!isInHeap || state[MODE] !== MATCHED) {
    const signal = runSearch(context);
    if (signal !== NEXT) return signal;
    if (!isFound) return returnNil(context, registers);
  }
  return returnCaptures(context, registers, kept, isFind);
}

/** string.gmatch: R[0] to R[2] are its arguments. Leaves text, pattern and what the iterator must remember. */
function beginMatches(context: Context, registers: number): number {
  const position = argument(registers, 2);
  const signal =
    checkString(context, registers, 1) ||
    checkString(context, argument(registers, 1), 2) ||
    optionalInteger(context, position, 3, 1);
  if (signal !== NEXT) return signal;
  const size = stringLength(context, context.i32[registers]);
  const from = Math.min(startOf(integerAt(context, position), size), size + 2);
  const address = newLongString(context, CELL_BYTES);
  if (address === 0) return context.failure;
  const at = (address + STRING_BYTES) & context.mask;
  context.i32[at] = from - 1;
  context.i32[at + 1] = -1;
  writeReference(context, position, TAG_LONG_STRING, address);
  return NEXT;
}

/** Two words: where the next search begins, and where the last match ended. */
const CELL_BYTES = 8;
const CELL = 2;
const NEXT_MATCH_REGISTERS = 4;

/** The next match of gmatch's iterator: R[0] is the text, R[1] the pattern, R[2] its memory, R[3] is free. */
function nextMatch(context: Context, registers: number): number {
  const cell = argument(registers, CELL);
  const workSlot = argument(registers, NEXT_MATCH_REGISTERS - 1);
  const size = stringLength(context, context.i32[registers]);
  if (noted(context) === 0) {
    const at = cellAt(context, cell);
    const start = context.i32[at];
    if (start < 0 || start > size) return returnNil(context, registers);
    const wrong = openSearch(context, registers, argument(registers, 1), workSlot, false);
    if (wrong !== NEXT) return wrong;
    beginSearch(start, context.i32[at + 1]);
  } else {
    const wrong = openSearch(context, registers, argument(registers, 1), workSlot, false);
    if (wrong !== NEXT) return wrong;
  }
  if (!isInHeap || state[MODE] !== MATCHED) {
    const signal = runSearch(context);
    if (signal !== NEXT) return signal;
    if (!isFound) {
      context.i32[cellAt(context, cell)] = -1;
      return returnNil(context, registers);
    }
  }
  const end = state[AT];
  const memory = context.i32[cell];
  const signal = returnCaptures(context, registers, NEXT_MATCH_REGISTERS, false);
  if (signal === NEXT || signal === RELOAD) {
    const at = (memory + STRING_BYTES) & context.mask & ~1;
    context.i32[at] = end;
    context.i32[at + 1] = end;
  }
  return signal;
}

function cellAt(context: Context, slot: number): number {
  return (context.i32[slot] + STRING_BYTES) & context.mask & ~1;
}
