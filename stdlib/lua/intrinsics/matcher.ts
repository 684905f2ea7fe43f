// The machine that matches patterns: Lua's own backtracking, with its stack as data. All its state is in `state`, which
// can be taken out of the heap and put back there between any two steps; every step is charged.
import {
  BRACKET,
  CLOSING,
  DOLLAR,
  ENDS_WITH_ESCAPE,
  followOf,
  itemCost,
  itemTable,
  LOWER_B,
  LOWER_F,
  MINUS,
  NINE,
  OPENING,
  type Pattern,
  PERCENT,
  PLUS,
  QUESTION,
  readItem,
  STAR,
  ZERO,
} from './pattern';

/** Words of the state. What it does next: one of the modes. */
export const MODE = 0;
/** Position in the text, in the pattern; where the match begins. Positions are counted from 0. */
export const AT = 1;
const P = 2;
export const START = 3;
/** How far a step is that grows with the text: bytes that an item has matched, open brackets of %b, bytes compared. */
const COUNT = 4;
/** Position of the item that is repeated. */
const ITEM = 5;
export const LEVEL = 6;
const DEPTH = 7;
/** Where the last match ended: a match that ends there too does not count. -1 at first. */
export const LAST = 8;
/** For its users: what is left between here and CAPTURES. */
export const USER = 9;
/** Two words a capture: where it begins, and its length. */
export const CAPTURES = 24;
export const MOST_CAPTURES = 32;
/** Four words a choice that is open: kind, position in the text, count, position in the pattern. */
const CHOICES = CAPTURES + 2 * MOST_CAPTURES;
/** As many as nested calls of Lua's own matcher. */
const MOST_CHOICES = 199;
const CHOICE = 4;
/** Words of the state, and of its beginning without the choices. */
export const STATE_WORDS = CHOICES + MOST_CHOICES * CHOICE;
export const SMALL_STATE_WORDS = CHOICES;

/** Lengths of captures that are no lengths. */
export const UNFINISHED_CAPTURE = -1;
export const POSITION_CAPTURE = -2;

// Modes.
/** Looks for a place where a match can begin, from START on. */
export const SEARCH = 0;
const MATCH = 1;
/** What was tried last has failed. */
const FAIL = 2;
const EXPAND = 3;
const BALANCE = 4;
const COMPARE = 5;
/** A match was found: from START to AT. */
export const MATCHED = 6;
const LAST_MODE = MATCHED;

// Kinds of choices.
const MAX = 0;
const MIN = 1;
const OPTIONAL = 2;
const OPENED = 3;
const CLOSED = 4;

// What a run comes to.
export const FOUND = 1;
export const MISSING = 2;
/** The budget is used up. */
export const STOPPED = 3;
/** The pattern is wrong: `failure` says how. */
export const WRONG = 4;

/** The state of the match that is under way: scratch of one step. */
export const state = new Int32Array(STATE_WORDS);
/** What is left of the budget. */
export let budgetLeft = 0;
export let failure = '';

/** Bytes that may be more than an item. */
const SPECIAL = new Uint8Array(256);
for (const byte of [OPENING, CLOSING, DOLLAR, PERCENT]) SPECIAL[byte] = 1;

/** Bytes that are looked at between two looks at the budget. */
const CHUNK = 1 << 14;
/** Bytes that an item matches, or that are passed over, for one instruction. */
const RUN_SHIFT = 2;
const SKIP_SHIFT = 4;
/** From so many bytes on the host's own search is faster. */
const NEAR = 32;

function wrong(message: string, left: number): number {
  failure = message;
  budgetLeft = left;
  return WRONG;
}

function wrongItem(code: number, left: number): number {
  const what = code === ENDS_WITH_ESCAPE ? "ends with '%'" : "missing ']'";
  return wrong(`malformed pattern (${what})`, left);
}

/** Begins a search at `start`, with `last` as the end of the last match. */
export function beginSearch(start: number, last: number): void {
  state[MODE] = SEARCH;
  state[START] = start;
  state[LAST] = last;
}

/**
 * Goes on with the state: FOUND, MISSING, STOPPED or WRONG. The text is text[src], ..., text[src + size - 1]; the pattern
 * begins at its position `first`, 1 when that is behind an anchor.
 */
export function advance(
  text: Uint8Array,
  src: number,
  size: number,
  pattern: Pattern,
  first: number,
  isAnchored: boolean,
  budget: number,
): number {
  const m = state;
  const { bytes: pat, base, length: plen, isShort, ends, tables } = pattern;
  let mode = m[MODE];
  let s = m[AT];
  let p = m[P];
  let depth = m[DEPTH];
  let left = budget;
  for (;;) {
    if (left <= 0) {
      m[MODE] = mode;
      m[AT] = s;
      m[P] = p;
      m[DEPTH] = depth;
      budgetLeft = left;
      return STOPPED;
    }
    left = (left - 1) | 0;
    switch (mode) {
      case MATCH: {
        if (p >= plen) {
          if (s === m[LAST]) {
            depth = 0;
            mode = FAIL;
            continue;
          }
          m[MODE] = MATCHED;
          m[AT] = s;
          m[DEPTH] = 0;
          budgetLeft = left;
          return FOUND;
        }
        const byte = pat[base + p];
        const isSpecial = SPECIAL[byte] !== 0;
        if (isSpecial && byte === OPENING) {
          const level = m[LEVEL];
          if (level >= MOST_CAPTURES) return wrong('too many captures', left);
          const isPosition = p + 1 < plen && pat[base + p + 1] === CLOSING;
          m[CAPTURES + 2 * level] = s;
          m[CAPTURES + 2 * level + 1] = isPosition ? POSITION_CAPTURE : UNFINISHED_CAPTURE;
          m[LEVEL] = level + 1;
          if (depth >= MOST_CHOICES) return wrong('pattern too complex', left);
          m[CHOICES + depth * CHOICE] = OPENED;
          depth++;
          p += isPosition ? 2 : 1;
          continue;
        }
        if (isSpecial && byte === CLOSING) {
          let level = m[LEVEL] - 1;
          while (level >= 0 && m[CAPTURES + 2 * level + 1] !== UNFINISHED_CAPTURE) level--;
          if (level < 0) return wrong('invalid pattern capture', left);
          m[CAPTURES + 2 * level + 1] = s - m[CAPTURES + 2 * level];
          if (depth >= MOST_CHOICES) return wrong('pattern too complex', left);
          m[CHOICES + depth * CHOICE] = CLOSED;
          m[CHOICES + depth * CHOICE + 1] = level;
          depth++;
          p++;
          continue;
        }
        if (isSpecial && byte === DOLLAR && p + 1 === plen) {
          if (s === size) p++;
          else mode = FAIL;
          continue;
        }
        if (isSpecial && byte === PERCENT && p + 1 < plen) {
          const letter = pat[base + p + 1];
          if (letter === LOWER_B) {
            if (p + 3 >= plen) return wrong("malformed pattern (missing arguments to '%b')", left);
            if (s >= size || text[src + s] !== pat[base + p + 2]) mode = FAIL;
            else {
              s++;
              m[COUNT] = 1;
              mode = BALANCE;
            }
            continue;
          }
          if (letter === LOWER_F) {
            p += 2;
            if (p >= plen || pat[base + p] !== BRACKET) return wrong("missing '[' after '%f' in pattern", left);
            const end = readItem(pattern, p);
            if (end < 0) return wrongItem(end, left);
            left -= itemCost;
            const previous = s === 0 ? 0 : text[src + s - 1];
            const following = s < size ? text[src + s] : 0;
            if (itemTable[previous] === 0 && itemTable[following] !== 0) p = end;
            else mode = FAIL;
            continue;
          }
          if (letter >= ZERO && letter <= NINE) {
            const index = letter - ZERO - 1;
            if (index < 0 || index >= m[LEVEL] || m[CAPTURES + 2 * index + 1] === UNFINISHED_CAPTURE) {
              return wrong(`invalid capture index %${index + 1}`, left);
            }
            // The length of a position is larger than any text: it matches nowhere.
            const length = m[CAPTURES + 2 * index + 1];
            if (length < 0 || size - s < length) mode = FAIL;
            else {
              m[COUNT] = 0;
              m[ITEM] = index;
              mode = COMPARE;
            }
            continue;
          }
        }
        let end = isShort ? ends[p] : 0;
        if (end === 0) {
          end = readItem(pattern, p);
          if (end < 0) return wrongItem(end, left);
          left -= itemCost;
        }
        const table = isShort ? tables[p]! : itemTable;
        const suffix = end < plen ? pat[base + end] : 0;
        const isHit = s < size && table[text[src + s]] !== 0;
        if (suffix === STAR || suffix === PLUS) {
          if (!isHit) {
            if (suffix === PLUS) mode = FAIL;
            else p = end + 1;
            continue;
          }
          if (suffix === PLUS) s++;
          const limit = Math.min(size, s + CHUNK);
          let at = s;
          while (at < limit && table[text[src + at]] !== 0) at++;
          left -= (at - s) >> RUN_SHIFT;
          if (depth >= MOST_CHOICES) return wrong('pattern too complex', left);
          const choice = CHOICES + depth * CHOICE;
          m[choice] = MAX;
          m[choice + 1] = s;
          m[choice + 2] = at - s;
          m[choice + 3] = end + 1;
          depth++;
          if (at === limit && at < size) {
            m[ITEM] = p;
            mode = EXPAND;
          } else p = end + 1;
          s = at;
          continue;
        }
        if (suffix === MINUS || suffix === QUESTION) {
          if (isHit) {
            if (depth >= MOST_CHOICES) return wrong('pattern too complex', left);
            const choice = CHOICES + depth * CHOICE;
            m[choice] = suffix === MINUS ? MIN : OPTIONAL;
            m[choice + 1] = s;
            m[choice + 2] = 0;
            m[choice + 3] = suffix === MINUS ? p : end + 1;
            depth++;
            if (suffix === QUESTION) s++;
          }
          p = end + 1;
          continue;
        }
        if (isHit) {
          s++;
          p = end;
        } else mode = FAIL;
        continue;
      }
      case FAIL: {
        if (depth === 0) {
          if (isAnchored || m[START] >= size) {
            budgetLeft = left;
            return MISSING;
          }
          m[START]++;
          mode = SEARCH;
          continue;
        }
        const choice = CHOICES + (depth - 1) * CHOICE;
        switch (m[choice]) {
          case MAX: {
            let count = m[choice + 2] - 1;
            const follow = isShort ? followOf(pattern, m[choice + 3]) : null;
            if (follow !== null && count >= 0) {
              // What is wrong with the rest of the pattern has shown when it was tried the first time.
              const from = count;
              const stop = Math.max(-1, count - CHUNK);
              const at = src + m[choice + 1];
              while (count > stop && follow[text[at + count]] === 0) count--;
              left -= (from - count) >> RUN_SHIFT;
              if (count === stop && stop >= 0) {
                m[choice + 2] = count + 1;
                continue;
              }
            }
            if (count < 0) depth--;
            else {
              m[choice + 2] = count;
              s = m[choice + 1] + count;
              p = m[choice + 3];
              mode = MATCH;
            }
            continue;
          }
          case MIN: {
            s = m[choice + 1];
            p = m[choice + 3];
            let end = isShort ? ends[p] : 0;
            if (end === 0) {
              end = readItem(pattern, p);
              if (end < 0) return wrongItem(end, left);
              left -= itemCost;
            }
            const table = isShort ? tables[p]! : itemTable;
            if (s < size && table[text[src + s]] !== 0) {
              s++;
              const follow = isShort ? followOf(pattern, end + 1) : null;
              if (follow !== null) {
                const from = s;
                const limit = Math.min(size, s + CHUNK);
                while (s < limit && follow[text[src + s]] === 0 && table[text[src + s]] !== 0) s++;
                left -= (s - from) >> RUN_SHIFT;
              }
              m[choice + 1] = s;
              p = end + 1;
              mode = MATCH;
            } else depth--;
            continue;
          }
          case OPTIONAL:
            depth--;
            s = m[choice + 1];
            p = m[choice + 3];
            mode = MATCH;
            continue;
          case OPENED:
            depth--;
            if (m[LEVEL] > 0) m[LEVEL]--;
            continue;
          default:
            depth--;
            m[CAPTURES + 2 * (m[choice + 1] & (MOST_CAPTURES - 1)) + 1] = UNFINISHED_CAPTURE;
            continue;
        }
      }
      case SEARCH: {
        let start = m[START];
        if (!isAnchored && first === 0 && pattern.head !== null) {
          const limit = Math.min(size, start + CHUNK);
          const from = start;
          start = skip(text, src, start, limit, pattern);
          left -= (start - from) >> SKIP_SHIFT;
          m[START] = start;
          if (start === size) {
            budgetLeft = left;
            return MISSING;
          }
          if (start === limit) continue;
        }
        m[LEVEL] = 0;
        depth = 0;
        s = start;
        p = first;
        mode = MATCH;
        continue;
      }
      case EXPAND: {
        // The choice on top counts how often the item has matched.
        p = m[ITEM];
        let end = isShort ? ends[p] : 0;
        if (end === 0) {
          end = readItem(pattern, p);
          if (end < 0) return wrongItem(end, left);
          left -= itemCost;
        }
        const table = isShort ? tables[p]! : itemTable;
        const limit = Math.min(size, s + CHUNK);
        const from = s;
        while (s < limit && table[text[src + s]] !== 0) s++;
        left -= (s - from) >> RUN_SHIFT;
        m[CHOICES + Math.max(depth - 1, 0) * CHOICE + 2] += s - from;
        if (s < limit || s === size) {
          p = end + 1;
          mode = MATCH;
        }
        continue;
      }
      case BALANCE: {
        const opening = pat[base + p + 2];
        const closing = pat[base + p + 3];
        const limit = Math.min(size, s + CHUNK);
        const from = s;
        let count = m[COUNT];
        while (s < limit && count > 0) {
          const byte = text[src + s++];
          if (byte === closing) count--;
          else if (byte === opening) count++;
        }
        left -= (s - from) >> RUN_SHIFT;
        m[COUNT] = count;
        if (count <= 0) {
          p += 4;
          mode = MATCH;
        } else if (s === size) mode = FAIL;
        continue;
      }
      case COMPARE: {
        const capture = CAPTURES + 2 * (m[ITEM] & (MOST_CAPTURES - 1));
        const length = m[capture + 1];
        const from = m[COUNT];
        const limit = Math.min(length, from + CHUNK);
        let count = from;
        while (count < limit && text[src + m[capture] + count] === text[src + s + count]) count++;
        left -= (count - from) >> RUN_SHIFT;
        m[COUNT] = count;
        if (count < limit) mode = FAIL;
        else if (count >= length) {
          s += length;
          p += 2;
          mode = MATCH;
        }
        continue;
      }
      default:
        m[MODE] = MATCHED;
        m[AT] = s;
        budgetLeft = left;
        return FOUND;
    }
  }
}

/** The first position from `start` on, before `limit`, where a match can begin; else `limit`. */
function skip(text: Uint8Array, src: number, start: number, limit: number, pattern: Pattern): number {
  const head = pattern.head!;
  const near = pattern.headByte >= 0 ? Math.min(limit, start + NEAR) : limit;
  let at = start;
  while (at < near && head[text[src + at]] === 0) at++;
  if (at < near || near === limit) return at;
  const found = text.subarray(src + near, src + limit).indexOf(pattern.headByte);
  return found < 0 ? limit : near + found;
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
