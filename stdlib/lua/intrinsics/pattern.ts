// Patterns as the matcher reads them: where each single-character item ends, and the table of the bytes that it matches.
// Short patterns are kept between calls by their bytes; nothing of a guest's state is in that, and what a pattern costs
// does not depend on whether it was there.
import type { Context } from '../../../vm/index';

/** Patterns of up to so many bytes are kept. */
export const SHORT_PATTERN = 256;
/** No pattern that means more than its bytes is longer: an item is read in one step. */
export const LONGEST_PATTERN = 1 << 18;
/** How many are kept: one for each hash. */
const KEPT = 64;

export interface Pattern {
  /** The pattern is bytes[base], ..., bytes[base + length - 1]. */
  bytes: Uint8Array;
  base: number;
  length: number;
  isShort: boolean;
  /** For short ones: by position, where the item that begins there ends; 0 where nobody has asked yet. */
  ends: Uint16Array;
  /** For short ones: by position, the bytes that the item matches. */
  tables: (Uint8Array | null)[];
  /** For short ones: by position, the bytes that what follows there can begin with; null when that is not known. */
  follows: (Uint8Array | null | undefined)[];
  /** The bytes that a match can begin with, or null when that is not known; and the only one, or -1. */
  head: Uint8Array | null;
  headByte: number;
}

const NO_ENDS = new Uint16Array(0);
const longPattern: Pattern = {
  bytes: NO_ENDS as unknown as Uint8Array,
  base: 0,
  length: 0,
  isShort: false,
  ends: NO_ENDS,
  tables: [],
  follows: [],
  head: null,
  headByte: -1,
};
const kept: (Pattern | undefined)[] = Array.from({ length: KEPT }, () => undefined);

/** The pattern of `length` bytes at the byte address `start` of the heap. */
export function patternAt(context: Context, start: number, length: number): Pattern {
  const { u8 } = context;
  if (length > SHORT_PATTERN) {
    longPattern.bytes = u8;
    longPattern.base = start;
    longPattern.length = length;
    return longPattern;
  }
  let hash = length;
  for (let at = start; at < start + length; at++) hash = Math.imul(hash ^ u8[at], 0x1b873593);
  const place = (hash ^ (hash >>> 15)) & (KEPT - 1);
  const found = kept[place];
  if (found !== undefined && found.length === length) {
    let at = 0;
    while (at < length && found.bytes[at] === u8[start + at]) at++;
    if (at === length) return found;
  }
  return (kept[place] = newPattern(u8.slice(start, start + length)));
}

function newPattern(bytes: Uint8Array): Pattern {
  const { length } = bytes;
  const ends = new Uint16Array(length + 1);
  const tables = new Array<Uint8Array | null>(length + 1).fill(null);
  const follows = new Array<Uint8Array | null | undefined>(length + 1).fill(undefined);
  const pattern: Pattern = { bytes, base: 0, length, isShort: true, ends, tables, follows, head: null, headByte: -1 };
  findHead(pattern);
  return pattern;
}

// --- bytes that mean something ---

export const PERCENT = 0x25;
export const OPENING = 0x28;
export const CLOSING = 0x29;
export const STAR = 0x2a;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const QUESTION = 0x3f;
export const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
export const CARET = 0x5e;
export const DOLLAR = 0x24;
export const LOWER_B = 0x62;
export const LOWER_F = 0x66;
const CASE_BIT = 0x20;
const MOST_CAPTURES = 32;

/** Finds what a match can begin with, where that is plain to see. */
function findHead(pattern: Pattern): void {
  const { bytes, length } = pattern;
  let at = 0;
  while (at < MOST_CAPTURES && at < length && bytes[at] === OPENING) at++;
  if (at >= length || bytes[at] === CLOSING || bytes[at] === OPENING) return;
  pattern.head = firstBytes(pattern, at);
  if (pattern.head !== null) pattern.headByte = onlyByte(pattern.head);
}

/** What the rest of a short pattern from `p` on, behind brackets, can begin with; null when that is not plain to see. */
export function followOf(pattern: Pattern, p: number): Uint8Array | null {
  const known = pattern.follows[p];
  if (known !== undefined) return known;
  const { bytes, length } = pattern;
  let at = p;
  while (at < length && (bytes[at] === OPENING || bytes[at] === CLOSING)) at++;
  return (pattern.follows[p] = at < length ? firstBytes(pattern, at) : null);
}

/** The bytes of the item at `at`, when one of them must be there; else null. */
function firstBytes(pattern: Pattern, at: number): Uint8Array | null {
  const { bytes, length } = pattern;
  if (bytes[at] === DOLLAR && at + 1 === length) return null;
  const next = at + 1 < length ? bytes[at + 1] : 0;
  if (bytes[at] === PERCENT && (next === LOWER_B || next === LOWER_F || (next >= ZERO && next <= NINE))) return null;
  const end = readItem(pattern, at);
  if (end < 0) return null;
  const suffix = end < length ? bytes[end] : 0;
  if (suffix === STAR || suffix === QUESTION || suffix === MINUS) return null;
  const table = pattern.tables[at]!;
  return table === ANY ? null : table;
}

/** The only byte of a table; -1 when there are others or none. */
function onlyByte(table: Uint8Array): number {
  const first = table.indexOf(1);
  return first >= 0 && table.indexOf(1, first + 1) < 0 ? first : -1;
}

// --- items ---

export const ENDS_WITH_ESCAPE = -1;
export const MISSING_BRACKET = -2;

/** The table of the item that was read last; and what reading it cost, in a long pattern or one that is wrong. */
export let itemTable: Uint8Array = new Uint8Array(256);
export let itemCost = 0;

/** The table of a set in a long pattern: scratch until the next item is read. */
const scratchTable = new Uint8Array(256);

/** Reads the item at `p`, which is in the pattern: position behind it, its table in `itemTable`; or what is wrong (negative). */
export function readItem(pattern: Pattern, p: number): number {
  const end = itemEnd(pattern, p);
  if (end < 0) {
    itemCost = (pattern.length - p) >> 1;
    return end;
  }
  const { bytes, base } = pattern;
  const byte = bytes[base + p];
  itemCost = 0;
  if (byte === POINT) itemTable = ANY;
  else if (byte === PERCENT) itemTable = classTable(bytes[base + p + 1]);
  else if (byte === BRACKET) {
    itemTable = pattern.isShort ? new Uint8Array(256) : scratchTable;
    readSet(bytes, base + p, base + end - 1, itemTable);
  } else itemTable = literalTable(byte);
  if (pattern.isShort) {
    pattern.ends[p] = end;
    pattern.tables[p] = itemTable;
    itemCost = 0;
  }
  return end;
}

/** Position behind the item at `p`. */
function itemEnd(pattern: Pattern, p: number): number {
  const { bytes, base, length } = pattern;
  const byte = bytes[base + p];
  let at = p + 1;
  if (byte === PERCENT) return at === length ? ENDS_WITH_ESCAPE : at + 1;
  if (byte !== BRACKET) return at;
  if (at < length && bytes[base + at] === CARET) at++;
  do {
    if (at >= length) return MISSING_BRACKET;
    if (bytes[base + at++] === PERCENT && at < length) at++;
  } while (at >= length || bytes[base + at] !== BRACKET_END);
  return at + 1;
}

/** Makes the table of the set from the "[" at `start` to the "]" at `end`. */
function readSet(bytes: Uint8Array, start: number, end: number, table: Uint8Array): void {
  table.fill(0);
  itemCost = 16 + ((end - start) >> 1);
  let at = start + 1;
  const isComplement = bytes[at] === CARET;
  if (isComplement) at++;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte === PERCENT) {
      const members = classTable(bytes[++at]);
      itemCost += 16;
      for (let code = 0; code < 256; code++) table[code] |= members[code];
    } else if (bytes[at + 1] === MINUS && at + 2 < end) {
      at += 2;
      if (bytes[at] >= byte) table.fill(1, byte, bytes[at] + 1);
      itemCost += 4;
    } else table[byte] = 1;
  }
  if (isComplement) for (let code = 0; code < 256; code++) table[code] ^= 1;
}

function tableOf(holds: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (holds(code) ? 1 : 0));
}

const ANY = tableOf(() => true);
const literals: (Uint8Array | undefined)[] = Array.from({ length: 256 }, () => undefined);

function literalTable(byte: number): Uint8Array {
  return (literals[byte] ??= tableOf((code) => code === byte));
}

const between = (code: number, from: number, to: number) => code >= from && code <= to;
const isLower = (code: number) => between(code, 0x61, 0x7a);
const isUpper = (code: number) => between(code, 0x41, 0x5a);
const isDigit = (code: number) => between(code, ZERO, NINE);
const isAlphanumeric = (code: number) => isLower(code) || isUpper(code) || isDigit(code);
const isGraphic = (code: number) => between(code, 0x21, 0x7e);

/** C's classes by the letter behind the "%". */
const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  a: (code) => isLower(code) || isUpper(code),
  c: (code) => code < 0x20 || code === 0x7f,
  d: isDigit,
  g: isGraphic,
  l: isLower,
  p: (code) => isGraphic(code) && !isAlphanumeric(code),
  s: (code) => code === 0x20 || between(code, 0x09, 0x0d),
  u: isUpper,
  w: isAlphanumeric,
  x: (code) => isDigit(code) || between(code | CASE_BIT, 0x61, 0x66),
  z: (code) => code === 0,
};

const classTables = new Map<number, Uint8Array>();
for (const [letter, holds] of Object.entries(CLASSES)) {
  const code = letter.charCodeAt(0);
  classTables.set(code, tableOf(holds));
  classTables.set(
    code - CASE_BIT,
    tableOf((byte) => !holds(byte)),
  );
}

/** The bytes of "%" and a byte: a class, or the byte itself. */
function classTable(byte: number): Uint8Array {
  return classTables.get(byte) ?? literalTable(byte);
}
