// Concatenation: from the right, as many strings and numbers as stand together at once, metamethods between. What is
// long is copied in chunks and can stop between them: the unfinished string and the position lie in three slots above the
// frame.
//
// FRAME_STATE: 0 at the beginning; n > 0 when the operands R[c - n + 1], ..., R[c] have become one, in the first of them;
// COPYING while a long string is being put together.
import type { Context } from './context';
import { decodeA, decodeB, decodeC } from './encoding';
import { FRAME_PC, FRAME_STATE, FRAME_TOP, TAG_LONG_STRING, VALUE_HIGH, VALUE_SIZE, VALUE_TAG } from './layout';
import { METAMETHOD_CONCAT, metamethodOf } from './metatables';
import { MEMORY, NEXT } from './signals';
import { internBytes, newLongString, newString, stringLength, stringStart, stringTag } from './strings';
import { ensureRoom, enterCall, reserveArguments, resultTo } from './value-calls';
import { describeRegister, raiseTypeError } from './value-errors';
import { allocationFailed, baseOf, collectIfDue, freeSlots, stopInside } from './value-frame';
import { isNumberTag, isStringTag, NUMBER_TEXT_SIZE, writeNumber } from './value-text';
import { copyValue, writeReference, writeWords } from './values';

const COPYING = 1 << 16;
/** Results up to this many bytes are copied at once. */
const SMALL_BYTES = 16 * 1024;
const CHUNK_BYTES = 16 * 1024;
const BYTES_PER_FUEL_SHIFT = 6;
/** Shorter pieces are copied byte by byte. */
const SHORT_PIECE = 48;

/** Scratch of one instruction: the texts of numbers by operand, the lengths of all, a short result. */
const numberTexts = new Uint8Array(256 * NUMBER_TEXT_SIZE);
const lengths = new Float64Array(256);
const shortText = new Uint8Array(64);

/** `concat`. */
export function executeConcat(context: Context, ins: number): number {
  const { i32, frame } = context;
  const state = i32[frame + FRAME_STATE];
  i32[frame + FRAME_STATE] = 0;
  if (state === COPYING) return continueCopying(context, ins);
  return state > 0 ? join(context, ins, decodeC(ins) - state + 1) : join(context, ins, decodeC(ins));
}

/** Goes on with R[b], ..., R[last]. */
function join(context: Context, ins: number, from: number): number {
  const first = decodeB(ins);
  let last = from;
  while (last > first) {
    const run = firstOfRun(context, first, last);
    if (run === last) return callConcat(context, ins, last);
    const signal = joinRun(context, ins, run, last);
    if (signal !== NEXT) return signal;
    last = run;
  }
  const base = baseOf(context);
  copyValue(context, base + decodeA(ins) * VALUE_SIZE, base + first * VALUE_SIZE);
  return collectIfDue(context);
}

/** The first of the strings and numbers that stand together up to R[last]; `last` itself when it or its left is none. */
function firstOfRun(context: Context, first: number, last: number): number {
  const base = baseOf(context);
  let run = last;
  while (run >= first && isText(context.i32[base + run * VALUE_SIZE + VALUE_TAG])) run--;
  return Math.min(run + 1, last);
}

function isText(tag: number): boolean {
  return isStringTag(tag) || isNumberTag(tag);
}

/** R[first] := R[first] .. ... .. R[last], strings and numbers. */
function joinRun(context: Context, ins: number, first: number, last: number): number {
  const total = measure(context, first, last);
  context.fuel = (context.fuel - (last - first) - (Math.min(total, SMALL_BYTES) >> BYTES_PER_FUEL_SHIFT)) | 0;
  if (total > SMALL_BYTES) return startCopying(context, ins, first, last, total);
  const address =
    total <= shortText.length ? joinShort(context, first, last, total) : joinSmall(context, first, last, total);
  if (address === 0) return failed(context, ins, last);
  writeReference(context, baseOf(context) + first * VALUE_SIZE, stringTag(total), address);
  return NEXT;
}

/** Notes the operands' lengths and the numbers' texts; the sum of the lengths. */
function measure(context: Context, first: number, last: number): number {
  const { i32 } = context;
  const base = baseOf(context);
  let total = 0;
  for (let register = first; register <= last; register++) {
    const slot = base + register * VALUE_SIZE;
    const length = isNumberTag(i32[slot + VALUE_TAG])
      ? writeNumber(context, slot, numberTexts, register * NUMBER_TEXT_SIZE)
      : stringLength(context, i32[slot]);
    lengths[register] = length;
    total += length;
  }
  return total;
}

function joinShort(context: Context, first: number, last: number, total: number): number {
  copyPieces(context, shortText, 0, first, last);
  return newString(context, shortText, 0, total);
}

function joinSmall(context: Context, first: number, last: number, total: number): number {
  const address = newLongString(context, total);
  if (address !== 0) copyPieces(context, context.u8, stringStart(context, address), first, last);
  return address;
}

function copyPieces(context: Context, target: Uint8Array, start: number, first: number, last: number): void {
  const { i32, u8 } = context;
  const base = baseOf(context);
  let to = start;
  for (let register = first; register <= last; register++) {
    const slot = base + register * VALUE_SIZE;
    const length = lengths[register];
    const isNumber = isNumberTag(i32[slot + VALUE_TAG]);
    const source = isNumber ? numberTexts : u8;
    const from = isNumber ? register * NUMBER_TEXT_SIZE : stringStart(context, i32[slot]);
    if (length < SHORT_PIECE) for (let at = 0; at < length; at++) target[to + at] = source[from + at];
    else target.set(source.subarray(from, from + length), to);
    to += length;
  }
}

/** An allocation has failed while R[last + 1], ... were already joined into R[last]. */
function failed(context: Context, ins: number, last: number): number {
  context.i32[context.frame + FRAME_STATE] = last === decodeC(ins) ? 0 : decodeC(ins) - last + 1;
  return allocationFailed(context);
}

/** Calls `__concat` of R[last - 1] or R[last]; its result takes the place of R[last - 1]. */
function callConcat(context: Context, ins: number, last: number): number {
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const args = reserveArguments(context, at, 2);
  if (args < 0) return args === -MEMORY ? failed(context, ins, last) : -args;
  const right = baseOf(context) + last * VALUE_SIZE;
  copyValue(context, args, right - VALUE_SIZE);
  copyValue(context, args + VALUE_SIZE, right);
  let handler = metamethodOf(context, args, METAMETHOD_CONCAT);
  if (handler === 0) handler = metamethodOf(context, args + VALUE_SIZE, METAMETHOD_CONCAT);
  if (handler === 0) return raiseConcatError(context, args, last);
  const { i32, frame } = context;
  i32[frame + FRAME_STATE] = decodeC(ins) - last + 2;
  i32[frame + FRAME_PC] = at;
  const signal = enterCall(context, at, handler, args, 2, resultTo(last - 1, 2));
  if (signal === MEMORY) context.i32[context.frame + FRAME_STATE] = last === decodeC(ins) ? 0 : decodeC(ins) - last + 1;
  return signal;
}

function raiseConcatError(context: Context, args: number, last: number): number {
  const isRight = isText(context.i32[args + VALUE_TAG]);
  const register = isRight ? last : last - 1;
  return raiseTypeError(
    context,
    'concatenate',
    isRight ? args + VALUE_SIZE : args,
    describeRegister(context, register),
  );
}

// --- long results ---

/** The slots above the frame: the unfinished string; the operand and how much of it is done; target offset and run. */
const TARGET = 0;
const PROGRESS = VALUE_SIZE;
const RUN = 2 * VALUE_SIZE;
const COPYING_SLOTS = 3;

function startCopying(context: Context, ins: number, first: number, last: number, total: number): number {
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const room = ensureRoom(context, at, freeSlots(context) - context.stack + COPYING_SLOTS * VALUE_SIZE);
  if (room !== NEXT) return room === MEMORY ? failed(context, ins, last) : room;
  if (!makeStrings(context, first, last)) return failed(context, ins, last);
  const address = newLongString(context, total);
  if (address === 0) return failed(context, ins, last);
  const slots = freeSlots(context);
  writeReference(context, slots + TARGET, TAG_LONG_STRING, address);
  writeWords(context, slots + PROGRESS, first, 0, 0);
  writeWords(context, slots + RUN, 0, (last << 8) | first, 0);
  context.i32[context.frame + FRAME_TOP] = slots + COPYING_SLOTS * VALUE_SIZE - context.stack;
  return continueCopying(context, ins);
}

/** Makes strings of the numbers among the operands. */
function makeStrings(context: Context, first: number, last: number): boolean {
  for (let register = first; register <= last; register++) {
    const slot = baseOf(context) + register * VALUE_SIZE;
    if (!isNumberTag(context.i32[slot + VALUE_TAG])) continue;
    const start = register * NUMBER_TEXT_SIZE;
    const address = internBytes(context, numberTexts, start, start + lengths[register]);
    if (address === 0) return false;
    writeReference(context, slot, stringTag(lengths[register]), address);
  }
  return true;
}

function continueCopying(context: Context, ins: number): number {
  const { i32, u8, frame } = context;
  const base = baseOf(context);
  const slots = context.stack + i32[frame + FRAME_TOP] - COPYING_SLOTS * VALUE_SIZE;
  if (slots < base || slots > context.stackEnd - COPYING_SLOTS * VALUE_SIZE) return join(context, ins, decodeC(ins));
  const run = i32[slots + RUN + VALUE_HIGH];
  const first = Math.max(run & 255, decodeB(ins));
  const last = Math.min((run >> 8) & 255, decodeC(ins));
  const target = i32[slots + TARGET];
  const targetEnd = stringStart(context, target) + stringLength(context, target);
  while (i32[slots + PROGRESS] >= first && i32[slots + PROGRESS] <= last) {
    const operand = i32[base + i32[slots + PROGRESS] * VALUE_SIZE];
    const done = i32[slots + PROGRESS + VALUE_HIGH] >>> 0;
    const rest = Math.min(CHUNK_BYTES, stringLength(context, operand) - done);
    if (rest <= 0) {
      i32[slots + PROGRESS]++;
      i32[slots + PROGRESS + VALUE_HIGH] = 0;
      continue;
    }
    const from = stringStart(context, operand) + done;
    const to = stringStart(context, target) + (i32[slots + RUN] >>> 0);
    if (to + rest <= targetEnd) u8.copyWithin(to, from, from + rest);
    i32[slots + PROGRESS + VALUE_HIGH] = done + rest;
    i32[slots + RUN] += rest;
    context.fuel = (context.fuel - 1 - (rest >> BYTES_PER_FUEL_SHIFT)) | 0;
    if (context.fuel <= 0) {
      i32[frame + FRAME_STATE] = COPYING;
      return stopInside(context);
    }
  }
  writeReference(context, base + first * VALUE_SIZE, TAG_LONG_STRING, target);
  i32[frame + FRAME_TOP] = 0;
  return join(context, ins, first);
}
