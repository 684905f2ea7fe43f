// Intrinsics of the string library: copying, repeating, mapping and searching bytes. What is short is done in one step;
// the rest in chunks, each charged before it is done, and with FRAME_STATE the number of bytes that are done, plus 1.
import {
  type Context,
  finishString,
  MAXIMUM_STRING_BYTES,
  NEXT,
  newLongString,
  newString,
  newStringFromHeap,
  stringLength,
  stringStart,
  stringTag,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_TRUE,
  VALUE_SIZE,
  writeBoolean,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseArgument, raiseAtCaller } from './argument-errors';
import { findByte } from './find-byte';
import { clamp } from './match-state';
import { findPattern, returnNil } from './patterns';
import { endOf, startOf } from './positions';
import { SHORT_TEXT_BYTES, shortText } from './short-text';
import {
  argument,
  BYTES_SHIFT,
  charge,
  checkInteger,
  checkString,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  note,
  noted,
  OPEN,
  optionalInteger,
  returnValues,
  stopAt,
  tagOf,
} from './support';

export const STRING_INTRINSICS = [
  intrinsic('string_len', 1, 1, length),
  intrinsic('string_sub', 4, 1, sub),
  intrinsic('string_char', 0, 1, char),
  intrinsic('string_rep', 4, 1, repeat),
  intrinsic('string_reverse', 2, 1, (context, registers) => transform(context, registers, reverseBytes)),
  intrinsic('string_upper', 2, 1, (context, registers) => transform(context, registers, upperBytes)),
  intrinsic('string_lower', 2, 1, (context, registers) => transform(context, registers, lowerBytes)),
  intrinsic('string_find', 5, OPEN, find),
  intrinsic('find_from', 3, 1, findFrom),
  intrinsic('slice', 3, 1, slice),
];

/** Bytes that are worked on between two looks at the fuel. */
const CHUNK = 4096;
/** Bytes that are copied at once: it is done in no time. */
export const COPY_CHUNK = 1 << 16;

function length(context: Context, registers: number): number {
  const signal = checkString(context, registers, 1);
  if (signal === NEXT) writeInteger(context, registers, stringLength(context, context.i32[registers]), 0);
  return signal;
}

// --- building long strings in a register ---

/** How many bytes are done of the work that is run again. */
export function progress(context: Context, most: number): number {
  return noted(context) <= 0 ? 0 : Math.min(noted(context) - 1, most);
}

/** At the beginning of the work: an unfinished string of `size` bytes at `slot`. NEXT, or what failed. */
function beginString(context: Context, slot: number, size: number): number {
  if (noted(context) !== 0) return NEXT;
  if (size > MAXIMUM_STRING_BYTES) return raiseAtCaller(context, 'resulting string too large');
  const address = newLongString(context, size);
  if (address === 0) return context.failure;
  writeReference(context, slot, TAG_LONG_STRING, address);
  note(context, 1);
  return NEXT;
}

/** The built string at `from` becomes the result at `registers`. */
function endString(context: Context, registers: number, from: number): number {
  const size = stringLength(context, context.i32[from]);
  const address = finishString(context, context.i32[from]);
  if (address === 0) return context.failure;
  note(context, 0);
  // The built object may be gone, when the string was there already.
  writeNil(context, from);
  writeReference(context, registers, stringTag(size), address);
  return NEXT;
}

// --- parts ---

/** R[0] from R[1] to R[2]; R[3] is free. */
function sub(context: Context, registers: number): number {
  const first = argument(registers, 1);
  const last = argument(registers, 2);
  const signal =
    checkString(context, registers, 1) || checkInteger(context, first, 2) || optionalInteger(context, last, 3, -1);
  if (signal !== NEXT) return signal;
  const text = context.i32[registers];
  const size = stringLength(context, text);
  const from = startOf(integerAt(context, first), size);
  return copyPart(context, registers, from - 1, Math.max(endOf(integerAt(context, last), size) - from + 1, 0));
}

/** R[0] from the position R[1] to the position R[2], without checks: for the library's own buffers. */
function slice(context: Context, registers: number): number {
  const from = Math.max(integerAt(context, argument(registers, 1)) - 1, 0);
  const to = Math.min(integerAt(context, argument(registers, 2)), stringLength(context, context.i32[registers]));
  const size = Math.max(to - from, 0);
  const address = newStringFromHeap(context, stringStart(context, context.i32[registers]) + from, size);
  if (address === 0) return context.failure;
  writeReference(context, registers, stringTag(size), address);
  return NEXT;
}

/** `size` bytes of R[0] from byte `from` on become R[0]. R[3] holds the result while it is built. */
function copyPart(context: Context, registers: number, from: number, size: number): number {
  const text = context.i32[registers];
  if (size <= COPY_CHUNK) {
    if (size === stringLength(context, text)) return NEXT;
    const address = newStringFromHeap(context, stringStart(context, text) + from, size);
    if (address === 0) return context.failure;
    writeReference(context, registers, stringTag(size), address);
    return NEXT;
  }
  const result = argument(registers, 3);
  const signal = beginString(context, result, size);
  if (signal !== NEXT) return signal;
  const source = stringStart(context, text) + from;
  const target = stringStart(context, context.i32[result]);
  for (let done = progress(context, size); done < size; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const count = Math.min(COPY_CHUNK, size - done);
    charge(context, count >> BYTES_SHIFT);
    context.u8.copyWithin(target + done, source + done, source + done + count);
    done += count;
  }
  return endString(context, registers, result);
}

/** The string of the bytes that the extra arguments say. While it is built, a long one lies in R[0]. */
function char(context: Context, registers: number): number {
  const count = extraCount(context);
  if (count <= SHORT_TEXT_BYTES) {
    charge(context, count >> 2);
    const signal = readBytes(context, shortText, 0, 0, count);
    if (signal !== NEXT) return signal;
    const address = newString(context, shortText, 0, count);
    if (address === 0) return context.failure;
    writeReference(context, registers, stringTag(count), address);
    return NEXT;
  }
  const begun = beginString(context, registers, count);
  if (begun !== NEXT) return begun;
  const start = stringStart(context, context.i32[registers]);
  for (let done = progress(context, count); done < count; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const to = Math.min(done + CHUNK, count);
    charge(context, (to - done) >> 2);
    const signal = readBytes(context, context.u8, start, done, to);
    if (signal !== NEXT) return signal;
    done = to;
  }
  return endString(context, registers, registers);
}

/** Writes the extra arguments from number `from` (from 0) up to `to` as bytes from `start` on. */
function readBytes(context: Context, bytes: Uint8Array, start: number, from: number, to: number): number {
  const first = firstExtra(context);
  for (let index = from; index < to; index++) {
    const slot = first + index * VALUE_SIZE;
    const signal = checkInteger(context, slot, index + 1);
    if (signal !== NEXT) return signal;
    const code = context.i32[slot];
    if ((code | context.i32[slot + 1]) >>> 8 !== 0) return raiseArgument(context, index + 1, 'value out of range');
    bytes[start + index] = code;
  }
  return NEXT;
}

/** R[1] times the string R[0] with R[2] between. While it is built, R[3] holds the result. */
function repeat(context: Context, registers: number): number {
  const separator = argument(registers, 2);
  const result = argument(registers, 3);
  const signal = checkString(context, registers, 1) || checkInteger(context, argument(registers, 1), 2);
  if (signal !== NEXT) return signal;
  const hasSeparator = tagOf(context, separator) !== TAG_NIL;
  const wrong = hasSeparator ? checkString(context, separator, 3) : NEXT;
  if (wrong !== NEXT) return wrong;
  const text = stringLength(context, context.i32[registers]);
  const period = text + (hasSeparator ? stringLength(context, context.i32[separator]) : 0);
  const times = integerAt(context, argument(registers, 1));
  const total = times <= 0 ? 0 : times * period - (period - text);
  const begun = beginString(context, result, total);
  if (begun !== NEXT) return begun;
  const target = stringStart(context, context.i32[result]);
  const first = stringStart(context, context.i32[registers]);
  for (let done = progress(context, total); done < total; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    // What is written repeats with the period, so what follows can be copied from the result itself.
    const offset = done % period;
    const isCopy = done >= period;
    const end = isCopy ? done : offset < text ? text : period;
    const source = isCopy
      ? target + offset
      : offset < text
        ? first + offset
        : stringStart(context, context.i32[separator]) + offset - text;
    const count = Math.min(COPY_CHUNK, total - done, end - offset);
    charge(context, 1 + (count >> BYTES_SHIFT));
    context.u8.copyWithin(target + done, source, source + count);
    done += count;
  }
  return endString(context, registers, result);
}

// --- mapping ---

/** Maps the bytes from `from` to `to` of a string of `size` bytes at `source`, to `target` as the result's first byte. */
type MapBytes = (
  heap: Uint8Array,
  source: number,
  size: number,
  out: Uint8Array,
  target: number,
  from: number,
  to: number,
) => void;

/** Strings of up to so many bytes are mapped outside the heap. */
const SHORT_BYTES = 1024;

/** A string of the same length, byte by byte. A long one lies in R[1] while it is built. */
function transform(context: Context, registers: number, map: MapBytes): number {
  const signal = checkString(context, registers, 1);
  if (signal !== NEXT) return signal;
  const size = stringLength(context, context.i32[registers]);
  if (size <= SHORT_BYTES) {
    charge(context, 1 + (size >> 3));
    map(context.u8, stringStart(context, context.i32[registers]), size, shortText, 0, 0, size);
    const address = newString(context, shortText, 0, size);
    if (address === 0) return context.failure;
    writeReference(context, registers, stringTag(size), address);
    return NEXT;
  }
  const result = argument(registers, 1);
  const begun = beginString(context, result, size);
  if (begun !== NEXT) return begun;
  const source = stringStart(context, context.i32[registers]);
  const target = stringStart(context, context.i32[result]);
  for (let done = progress(context, size); done < size; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const to = Math.min(done + CHUNK, size);
    charge(context, (to - done) >> 3);
    map(context.u8, source, size, context.u8, target, done, to);
    done = to;
  }
  return endString(context, registers, result);
}

const reverseBytes: MapBytes = (heap, source, size, out, target, from, to) => {
  for (let at = from; at < to; at++) out[target + at] = heap[source + size - 1 - at];
};

const LOWER_A = 0x61;
const LOWER_Z = 0x7a;
const CASE_BIT = 0x20;

const upperBytes: MapBytes = (heap, source, _size, out, target, from, to) => {
  for (let at = from; at < to; at++) {
    const byte = heap[source + at];
    out[target + at] = byte >= LOWER_A && byte <= LOWER_Z ? byte - CASE_BIT : byte;
  }
};

const lowerBytes: MapBytes = (heap, source, _size, out, target, from, to) => {
  for (let at = from; at < to; at++) {
    const byte = heap[source + at];
    out[target + at] = byte >= LOWER_A - CASE_BIT && byte <= LOWER_Z - CASE_BIT ? byte + CASE_BIT : byte;
  }
};

// --- searching ---

/** Noted while `find` looks for what is special in its pattern. */
const LOOKING = -1;

/**
 * Where the pattern R[1] is in R[0] from the position R[2] on: first and last position and the captures, or nil. R[3]: it is
 * plain, and while the work goes on, whether it is. R[4] is free.
 */
function find(context: Context, registers: number): number {
  const pattern = argument(registers, 1);
  const position = argument(registers, 2);
  const plain = argument(registers, 3);
  if (noted(context) === 0) {
    const signal =
      checkString(context, registers, 1) ||
      checkString(context, pattern, 2) ||
      optionalInteger(context, position, 3, 1);
    if (signal !== NEXT) return signal;
    const size = stringLength(context, context.i32[registers]);
    const from = startOf(integerAt(context, position), size);
    if (from > size + 1) return returnNil(context, registers);
    if (tagOf(context, plain) >= TAG_TRUE) writeBoolean(context, plain, true);
    else writeInteger(context, plain, 0, 0);
    writeInteger(context, position, from, 0);
  }
  if (tagOf(context, plain) === TAG_INTEGER) {
    const signal = lookForSpecials(context, context.i32[pattern], plain);
    if (signal !== NEXT) return signal;
    note(context, 0);
  }
  if (tagOf(context, plain) !== TAG_TRUE) return findPattern(context, registers);
  const patternSize = stringLength(context, context.i32[pattern]);
  const found = search(context, context.i32[registers], context.i32[pattern], position);
  if (found === STOPPED) return stopAt(context, noted(context));
  if (found < 0) return returnNil(context, registers);
  writeInteger(context, registers, found + 1, 0);
  writeInteger(context, pattern, found + patternSize, 0);
  return returnValues(context, registers, 2);
}

/** The position of the string R[1] in R[0] from the position R[2] on, or nil. */
function findFrom(context: Context, registers: number): number {
  const pattern = context.i32[argument(registers, 1)];
  const found = search(context, context.i32[registers], pattern, argument(registers, 2));
  if (found === STOPPED) return stopAt(context, noted(context));
  if (found < 0) writeNil(context, registers);
  else writeInteger(context, registers, found + 1, 0);
  return NEXT;
}

const STOPPED = -2;
const MISSING = -1;

/**
 * The distance of the first occurrence from the position in the slot `position` on, MISSING, or STOPPED: then the slot
 * and FRAME_STATE (bytes of the pattern that match there, plus 1) say where it goes on.
 */
function search(context: Context, text: number, pattern: number, position: number): number {
  const { u8, i32 } = context;
  const patternSize = stringLength(context, pattern);
  const start = stringStart(context, text);
  const patternStart = stringStart(context, pattern);
  const last = stringLength(context, text) - patternSize;
  let at = Math.max(i32[position] - 1, 0);
  let matched = progress(context, patternSize);
  note(context, 0);
  if (patternSize === 0) return at <= last ? at : MISSING;
  const head = u8[patternStart];
  while (at <= last) {
    let steps = 0;
    if (matched === 0) {
      const found = findByte(context, start + at, start + Math.min(at + CHUNK, last + 1), head);
      steps = (found - start - at) >> BYTES_SHIFT;
      at = found - start;
    }
    if (at <= last && u8[start + at] === head) {
      const end = Math.min(matched + CHUNK, patternSize);
      const before = matched;
      while (matched < end && u8[start + at + matched] === u8[patternStart + matched]) matched++;
      steps += 1 + ((matched - before) >> 3);
      if (matched === patternSize) {
        charge(context, steps);
        return at;
      }
      if (matched < end) {
        at++;
        matched = 0;
      }
    }
    charge(context, steps + 1);
    if (context.fuel <= 0) {
      writeInteger(context, position, at + 1, 0);
      note(context, matched + 1);
      return STOPPED;
    }
  }
  return MISSING;
}

const SPECIALS = Uint8Array.from({ length: 256 }, (_, code) =>
  '^$*+?.([%-'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * Looks whether the pattern means more than its bytes, in steps: the slot `plain` holds a position, and then whether it does
 * not. NEXT or FUEL.
 */
function lookForSpecials(context: Context, pattern: number, plain: number): number {
  const { u8, i32 } = context;
  const start = stringStart(context, pattern);
  const size = stringLength(context, pattern);
  for (let at = clamp(i32[plain], 0, size); at < size; ) {
    const end = Math.min(at + CHUNK, size);
    charge(context, (end - at) >> 3);
    while (at < end && SPECIALS[u8[start + at]] === 0) at++;
    if (at < end) {
      writeBoolean(context, plain, false);
      return NEXT;
    }
    if (at < size && context.fuel <= 0) {
      writeInteger(context, plain, at, 0);
      return stopAt(context, LOOKING);
    }
  }
  writeBoolean(context, plain, true);
  return NEXT;
}
