// The machine that matches patterns: Lua's own backtracking, with its stack as data. All its state is in the words of
// match-state.ts, so that it can stop and go on between any two steps; every step is charged, and runs of bytes in chunks.
import {
  AT,
  BALANCE,
  CAPTURES,
  CHOICE,
  CHOICES,
  CLOSED,
  COMPARE,
  COUNT,
  DEPTH,
  EXPAND,
  FAIL,
  ITEM,
  LAST,
  LEVEL,
  MATCH,
  MATCHED,
  MAX,
  MIN,
  MODE,
  MOST_CAPTURES,
  MOST_CHOICES,
  OPENED,
  OPTIONAL,
  P,
  POSITION_CAPTURE,
  SEARCH,
  START,
  state,
  UNFINISHED_CAPTURE,
} from './match-state';
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

// What a run comes to.
export const FOUND = 1;
export const MISSING = 2;
/** The budget is used up. */
export const STOPPED = 3;
/** The pattern is wrong: `failure` says how. */
export const WRONG = 4;

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
  return wrong(`malformed pattern (${what})`, left - itemCost);
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
