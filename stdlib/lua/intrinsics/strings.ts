// Intrinsics of the string library: copying, repeating, mapping and searching bytes. Long work is done in chunks, each
// charged before it is done; what is left to do is in registers and FRAME_STATE, so it can stop between any two.
import {
  type Context,
  FRAME_STATE,
  FUEL,
  finishString,
  MAXIMUM_STRING_BYTES,
  NEXT,
  newLongString,
  newStringFromHeap,
  stringLength,
  stringStart,
  stringTag,
  TAG_LONG_STRING,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { isSpace } from './basic';
import { argument, BYTES_AN_INSTRUCTION, charge, integerAt, intrinsic, raiseAtCaller, storeString } from './support';
import { endOf, startOf } from './varargs';

/** Bytes that are worked on between two looks at the fuel. */
const CHUNK = 1024;

export const STRING_INTRINSICS = [
  intrinsic('string_sub', 3, 1, sub),
  intrinsic('string_byte', 2, 1, byteAt),
  intrinsic('string_from_byte', 1, 1, fromByte),
  intrinsic('string_rep', 3, 1, repeat),
  intrinsic('string_reverse', 2, 1, (context, registers) => transform(context, registers, reverseChunk)),
  intrinsic('string_upper', 2, 1, (context, registers) => transform(context, registers, upperChunk)),
  intrinsic('string_lower', 2, 1, (context, registers) => transform(context, registers, lowerChunk)),
  intrinsic('string_find', 3, 1, find),
  intrinsic('has_specials', 1, 1, hasSpecials),
  intrinsic('skip_space', 1, 1, skipSpace),
  intrinsic('numeral_prefix', 1, 1, numeralPrefix),
];

function sub(context: Context, registers: number): number {
  const text = context.i32[registers];
  const length = stringLength(context, text);
  const from = startOf(integerAt(context, argument(registers, 1)), length);
  const to = endOf(integerAt(context, argument(registers, 2)), length);
  const size = Math.max(to - from + 1, 0);
  const address = newStringFromHeap(context, stringStart(context, text) + Math.min(from - 1, length), size);
  if (address === 0) return context.failure;
  writeReference(context, registers, stringTag(size), address);
  return NEXT;
}

/** The byte at position R[1], or nil. */
function byteAt(context: Context, registers: number): number {
  const text = context.i32[registers];
  const length = stringLength(context, text);
  const position = integerAt(context, argument(registers, 1));
  const index = position < 0 ? length + position : position - 1;
  if (index < 0 || index >= length) writeNil(context, registers);
  else writeInteger(context, registers, context.u8[stringStart(context, text) + index], 0);
  return NEXT;
}

const oneByte = new Uint8Array(1);

function fromByte(context: Context, registers: number): number {
  oneByte[0] = context.i32[registers];
  return storeString(context, registers, oneByte, 0, 1);
}

/** How much of the work is done, in bytes: FRAME_STATE less 1, if the work has begun. */
function progress(context: Context, most: number): number {
  const state = context.i32[context.frame + FRAME_STATE];
  return state <= 0 ? 0 : Math.min(state - 1, most);
}

/** Stops for fuel. Some work must have been done since the call, or the call would be repeated for ever. */
function stopAt(context: Context, done: number): number {
  context.i32[context.frame + FRAME_STATE] = done + 1;
  return FUEL;
}

/** The built string at `from` becomes the result at `registers`. */
function finish(context: Context, registers: number, from: number): number {
  context.i32[context.frame + FRAME_STATE] = 0;
  const length = stringLength(context, context.i32[from]);
  const address = finishString(context, context.i32[from]);
  if (address === 0) return context.failure;
  writeReference(context, registers, stringTag(length), address);
  return NEXT;
}

/** R[1] times the string R[0] with R[2] between. While it is built, R[1] holds the result. */
function repeat(context: Context, registers: number): number {
  const count = argument(registers, 1);
  const separator = argument(registers, 2);
  const textLength = stringLength(context, context.i32[registers]);
  const period = textLength + stringLength(context, context.i32[separator]);
  if (context.i32[context.frame + FRAME_STATE] === 0) {
    const times = integerAt(context, count);
    const total = times <= 0 ? 0 : times * period - (period - textLength);
    if (total > MAXIMUM_STRING_BYTES) return raiseAtCaller(context, 'resulting string too large');
    const address = newLongString(context, total);
    if (address === 0) return context.failure;
    writeReference(context, count, TAG_LONG_STRING, address);
  }
  const { u8, i32 } = context;
  const total = stringLength(context, i32[count]);
  const target = stringStart(context, i32[count]);
  let done = progress(context, total);
  while (done < total) {
    const offset = period > 0 ? done % period : 0;
    // What is written repeats with the period, so the next bytes can be copied from the result itself.
    const isWritten = done >= period;
    const size = isWritten
      ? Math.min(CHUNK, total - done, done - offset)
      : Math.min(CHUNK, total - done, (offset < textLength ? textLength : period) - offset);
    charge(context, 1 + ((size / BYTES_AN_INSTRUCTION) | 0));
    const source = isWritten
      ? target + offset
      : offset < textLength
        ? stringStart(context, i32[registers]) + offset
        : stringStart(context, i32[separator]) + offset - textLength;
    u8.copyWithin(target + done, source, source + size);
    done += size;
    if (context.fuel <= 0 && done < total) return stopAt(context, done);
  }
  return finish(context, registers, count);
}

type TransformChunk = (
  bytes: Uint8Array,
  source: number,
  length: number,
  target: number,
  from: number,
  to: number,
) => void;

/** Makes a string of the same length, byte by byte. While it is built it lies in R[1], so R[1] must be free. */
function transform(context: Context, registers: number, chunk: TransformChunk): number {
  const result = argument(registers, 1);
  const length = stringLength(context, context.i32[registers]);
  if (context.i32[context.frame + FRAME_STATE] === 0) {
    const address = newLongString(context, length);
    if (address === 0) return context.failure;
    writeReference(context, result, TAG_LONG_STRING, address);
  }
  const source = stringStart(context, context.i32[registers]);
  const target = stringStart(context, context.i32[result]);
  const most = Math.min(length, stringLength(context, context.i32[result]));
  for (let done = progress(context, most); done < most; ) {
    const to = Math.min(done + CHUNK, most);
    charge(context, 1 + (((to - done) / 8) | 0));
    chunk(context.u8, source, length, target, done, to);
    done = to;
    if (context.fuel <= 0 && done < most) return stopAt(context, done);
  }
  return finish(context, registers, result);
}

function reverseChunk(
  bytes: Uint8Array,
  source: number,
  length: number,
  target: number,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at++) bytes[target + at] = bytes[source + length - 1 - at];
}

function upperChunk(bytes: Uint8Array, source: number, _: number, target: number, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const byte = bytes[source + at];
    bytes[target + at] = byte >= 97 && byte <= 122 ? byte - 32 : byte;
  }
}

function lowerChunk(bytes: Uint8Array, source: number, _: number, target: number, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const byte = bytes[source + at];
    bytes[target + at] = byte >= 65 && byte <= 90 ? byte + 32 : byte;
  }
}

/**
 * The first position of the string R[1] in R[0] from R[2] on, or nil. R[2] is where it stands, FRAME_STATE how much of
 * the pattern matches there.
 */
function find(context: Context, registers: number): number {
  const { u8, i32 } = context;
  const position = argument(registers, 2);
  const length = stringLength(context, i32[registers]);
  const patternLength = stringLength(context, i32[argument(registers, 1)]);
  const text = stringStart(context, i32[registers]);
  const pattern = stringStart(context, i32[argument(registers, 1)]);
  let at = Math.max(i32[position] - 1, 0);
  let matched = progress(context, patternLength);
  i32[context.frame + FRAME_STATE] = 0;
  while (at + patternLength <= length) {
    const end = Math.min(matched + CHUNK, patternLength);
    let steps = 0;
    for (; steps < CHUNK && at + patternLength <= length; steps++) {
      if (matched === end || u8[text + at + matched] !== u8[pattern + matched]) {
        if (matched === end) break;
        at++;
        matched = 0;
      } else {
        matched++;
      }
    }
    charge(context, 1 + ((steps / 8) | 0));
    if (matched === patternLength) {
      writeInteger(context, registers, at + 1, 0);
      return NEXT;
    }
    if (context.fuel <= 0) {
      i32[position] = at + 1;
      return stopAt(context, matched);
    }
  }
  writeNil(context, registers);
  return NEXT;
}

const SPECIALS = new Set(Array.from('^$*+?.([%-', (character) => character.charCodeAt(0)));
const LONGEST_PATTERN = 1 << 16;

/** Whether a pattern means more than its bytes. A very long one counts as one that does. */
function hasSpecials(context: Context, registers: number): number {
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  charge(context, Math.min(length, LONGEST_PATTERN) >> 3);
  const bytes = context.u8.subarray(start, start + Math.min(length, LONGEST_PATTERN));
  const has = length > LONGEST_PATTERN || bytes.some((byte) => SPECIALS.has(byte));
  context.i32[registers + 2] = has ? 2 : 1;
  return NEXT;
}

/** The string R[0] without the white space in front. */
function skipSpace(context: Context, registers: number): number {
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  let skipped = 0;
  while (skipped < length && isSpace(context.u8[start + skipped])) skipped++;
  charge(context, skipped >> 3);
  const address = newStringFromHeap(context, start + skipped, length - skipped);
  if (address === 0) return context.failure;
  writeReference(context, registers, stringTag(length - skipped), address);
  return NEXT;
}

/** As many bytes as Lua's io.read("n") would read of a numeral. */
const LONGEST_NUMERAL = 200;
const NUMERAL = /^[+-]?(?:0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*(?:[pP][+-]?[0-9]*)?|[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]*)?)/;

/** How many bytes of R[0] from its start could be a numeral. */
function numeralPrefix(context: Context, registers: number): number {
  const start = stringStart(context, context.i32[registers]);
  const length = Math.min(stringLength(context, context.i32[registers]), LONGEST_NUMERAL);
  charge(context, length);
  const text = String.fromCharCode(...context.u8.subarray(start, start + length));
  writeInteger(context, registers, NUMERAL.exec(text)?.[0].length ?? 0, 0);
  return NEXT;
}
