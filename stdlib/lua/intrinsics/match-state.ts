// The state of a match as words: what the machine of matcher.ts does next, where it is in text and pattern, the captures, and
// its stack, the choices that are open. It is worked on here, outside the heap, while a step lasts; between two steps it
// lies in a string of the heap, from which it is taken with every word checked.

/** Words of the state. What it does next: one of the modes. */
export const MODE = 0;
/** Position in the text, in the pattern; where the match begins. Positions are counted from 0. */
export const AT = 1;
export const P = 2;
export const START = 3;
/** How far a step is that grows with the text: bytes that an item has matched, open brackets of %b, bytes compared. */
export const COUNT = 4;
/** Position of the item that is repeated. */
export const ITEM = 5;
export const LEVEL = 6;
export const DEPTH = 7;
/** Where the last match ended: a match that ends there too does not count. -1 at first. */
export const LAST = 8;
/** For its users: what is left between here and CAPTURES. */
export const USER = 9;
/** Two words a capture: where it begins, and its length. */
export const CAPTURES = 24;
export const MOST_CAPTURES = 32;
/** Four words a choice that is open: kind, position in the text, count, position in the pattern. */
export const CHOICES = CAPTURES + 2 * MOST_CAPTURES;
/** As many as nested calls of Lua's own matcher. */
export const MOST_CHOICES = 199;
export const CHOICE = 4;
/** Words of the state, and of its beginning without the choices. */
export const STATE_WORDS = CHOICES + MOST_CHOICES * CHOICE;
export const SMALL_STATE_WORDS = CHOICES;

/** Lengths of captures that are no lengths. */
export const UNFINISHED_CAPTURE = -1;
export const POSITION_CAPTURE = -2;

// Modes.
/** Looks for a place where a match can begin, from START on. */
export const SEARCH = 0;
export const MATCH = 1;
/** What was tried last has failed. */
export const FAIL = 2;
export const EXPAND = 3;
export const BALANCE = 4;
export const COMPARE = 5;
/** A match was found: from START to AT. */
export const MATCHED = 6;
const LAST_MODE = MATCHED;

// Kinds of choices.
export const MAX = 0;
export const MIN = 1;
export const OPTIONAL = 2;
export const OPENED = 3;
export const CLOSED = 4;

/** The state of the match that is under way: scratch of one step. */
export const state = new Int32Array(STATE_WORDS);

/** Begins a search at `start`, with `last` as the end of the last match. */
export function beginSearch(start: number, last: number): void {
  state[MODE] = SEARCH;
  state[START] = start;
  state[LAST] = last;
}

/** Takes a state out of the heap that fits a text and a pattern of these sizes; whatever its words say, it is sound then. */
export function loadState(words: Int32Array, at: number, count: number, size: number, patternSize: number): void {
  const m = state;
  const header = Math.min(CAPTURES, count);
  for (let index = 0; index < header; index++) m[index] = words[at + index];
  m[MODE] = clamp(m[MODE], 0, count < STATE_WORDS ? SEARCH : LAST_MODE);
  if (words[at + MODE] === MATCHED) m[MODE] = MATCHED;
  m[AT] = clamp(m[AT], 0, size);
  m[P] = clamp(m[P], 0, patternSize);
  m[START] = clamp(m[START], 0, size + 1);
  m[ITEM] = clamp(m[ITEM], 0, Math.max(patternSize - 1, 0));
  m[COUNT] = clamp(m[COUNT], 0, size);
  m[LEVEL] = clamp(m[LEVEL], 0, MOST_CAPTURES);
  m[DEPTH] = count < STATE_WORDS ? 0 : clamp(m[DEPTH], 0, MOST_CHOICES);
  for (let level = 0; level < m[LEVEL]; level++) {
    const capture = CAPTURES + 2 * level;
    m[capture] = clamp(words[at + capture], 0, size);
    m[capture + 1] = clamp(words[at + capture + 1], POSITION_CAPTURE, size - m[capture]);
  }
  if (m[DEPTH] > 0) m.set(words.subarray(at + CHOICES, at + CHOICES + m[DEPTH] * CHOICE), CHOICES);
  for (let choice = CHOICES; choice < CHOICES + m[DEPTH] * CHOICE; choice += CHOICE) {
    if (m[choice] === CLOSED) continue;
    m[choice + 1] = clamp(m[choice + 1], 0, size);
    m[choice + 2] = clamp(m[choice + 2], 0, size - m[choice + 1]);
    m[choice + 3] = clamp(m[choice + 3], 0, patternSize);
  }
}

export function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

/** Puts what matters of the state into the heap, where `count` words are for it. */
export function saveState(words: Int32Array, at: number, count: number): void {
  const used = CAPTURES + 2 * clamp(state[LEVEL], 0, MOST_CAPTURES);
  for (let index = 0; index < used && index < count; index++) words[at + index] = state[index];
  if (count >= STATE_WORDS && state[DEPTH] > 0) {
    words.set(state.subarray(CHOICES, CHOICES + state[DEPTH] * CHOICE), at + CHOICES);
  }
}
