// Copying much at once in steps: the values of a call, the bytes of a string. What is copied is noted in the heap's header and
// done when the instruction, which counts as done, has left the loop, before anything else happens: it answers FAMILY
// in place of NEXT or RELOAD. As a table's job (table-job.ts), of which these are phases; each step is charged before it is done.
import type { Context } from './context';
import { HEADER, VALUE_SIZE } from './layout';
import { FUEL, NEXT, TRAP } from './signals';
import { copyValue } from './values';

/** Phases of HEADER.JOB. JOB_COUNT: how many copies are noted; JOB_POSITION: how much of the first is done. */
export const JOB_COPY_VALUES = 14;
export const JOB_COPY_BYTES = 15;

/** So many are copied at once. */
const MOST_VALUES = 4096;
const MOST_BYTES = 64 * 1024;
/** Of a step: some microseconds. It costs 1 for 8 values, or for 64 bytes. */
const STEP_VALUES = 512;
const STEP_BYTES = 16 * 1024;

/** Words of a noted copy, from JOB_NOTES on: where to, where from, how much. */
const TARGET = 0;
const SOURCE = 1;
const SIZE = 2;
const NOTE_WORDS = 3;
const MOST_NOTES: number = HEADER.JOB_NOTE_COUNT;

/** Charges for `count` values that are about to be copied: 1 for 8. Those of copies in steps pay in steps. */
export function payForValues(context: Context, count: number): void {
  if (count <= MOST_VALUES) context.fuel = (context.fuel - (count >>> 3)) | 0;
}

/**
 * Copies `count` values to the slot `target` from the slot `source`, the first one first; they were paid for. False when
 * that is only noted: the instruction must answer FAMILY, and what is copied, and where it lies, must stay as it is.
 */
export function copyValues(context: Context, target: number, source: number, count: number): boolean {
  if (count <= MOST_VALUES) {
    for (let at = 0; at < count * VALUE_SIZE; at += VALUE_SIZE) copyValue(context, target + at, source + at);
    return true;
  }
  finishCopies(context);
  note(context, JOB_COPY_VALUES, target, source, count);
  return false;
}

/** Whether so many bytes are to be copied by `copyBytes`. */
export function areManyBytes(size: number): boolean {
  return size > MOST_BYTES;
}

/**
 * Notes that many bytes are to be copied to byte address `target` from `source`; they do not overlap. As copyValues that
 * answers false. One instruction may note several: as many as a match has captures.
 */
export function copyBytes(context: Context, target: number, source: number, size: number): void {
  const { i32 } = context;
  if (i32[HEADER.JOB] !== JOB_COPY_BYTES || i32[HEADER.JOB_COUNT] >= MOST_NOTES) finishCopies(context);
  note(context, JOB_COPY_BYTES, target, source, size);
}

function note(context: Context, phase: number, target: number, source: number, size: number): void {
  const { i32 } = context;
  if (i32[HEADER.JOB] !== phase) {
    i32[HEADER.JOB] = phase;
    i32[HEADER.JOB_COUNT] = 0;
    i32[HEADER.JOB_POSITION] = 0;
  }
  const at = HEADER.JOB_NOTES + i32[HEADER.JOB_COUNT] * NOTE_WORDS;
  i32[at + TARGET] = target;
  i32[at + SOURCE] = source;
  i32[at + SIZE] = size;
  i32[HEADER.JOB_COUNT]++;
}

/** Whether copies are noted. */
export function isCopying(context: Context): boolean {
  const phase = context.i32[HEADER.JOB];
  return phase === JOB_COPY_VALUES || phase === JOB_COPY_BYTES;
}

/** Does in one go what is noted: for what would begin another job. */
export function finishCopies(context: Context): void {
  if (!isCopying(context)) return;
  const { fuel } = context;
  // However much it is: the fuel is set right afterwards.
  context.fuel = 0x7fffffff;
  if (workOnCopies(context) !== NEXT) context.i32[HEADER.JOB] = 0;
  context.fuel = (fuel - (0x7fffffff - context.fuel)) | 0;
}

/** As workOnJob. */
export function workOnCopies(context: Context): number {
  const { i32 } = context;
  const isBytes = i32[HEADER.JOB] === JOB_COPY_BYTES;
  const count = i32[HEADER.JOB_COUNT];
  if (i32[HEADER.JOB] > JOB_COPY_BYTES || count <= 0 || count > MOST_NOTES) return TRAP;
  const first: number = HEADER.JOB_NOTES;
  while (i32[HEADER.JOB_COUNT] > 0) {
    const signal = isBytes ? copyNotedBytes(context, first) : copyNotedValues(context, first);
    if (signal !== NEXT) return signal;
    i32.copyWithin(first, first + NOTE_WORDS, first + MOST_NOTES * NOTE_WORDS);
    i32[HEADER.JOB_COUNT]--;
    i32[HEADER.JOB_POSITION] = 0;
  }
  i32[HEADER.JOB] = 0;
  return NEXT;
}

function copyNotedValues(context: Context, at: number): number {
  const { i32 } = context;
  const target = i32[at + TARGET];
  const source = i32[at + SOURCE];
  const count = i32[at + SIZE];
  if (!isNote(context, at, count * VALUE_SIZE, i32.length) || ((target | source) & 3) !== 0) return TRAP;
  for (;;) {
    const position = i32[HEADER.JOB_POSITION];
    if (position >= count) return NEXT;
    if (context.fuel <= 0) return FUEL;
    const end = Math.min(position + STEP_VALUES, count);
    context.fuel = (context.fuel - ((end - position) >>> 3)) | 0;
    i32[HEADER.JOB_POSITION] = end;
    for (let index = position * VALUE_SIZE; index < end * VALUE_SIZE; index += VALUE_SIZE) {
      copyValue(context, target + index, source + index);
    }
  }
}

function copyNotedBytes(context: Context, at: number): number {
  const { i32, u8 } = context;
  const target = i32[at + TARGET];
  const source = i32[at + SOURCE];
  const count = i32[at + SIZE];
  if (!isNote(context, at, count, u8.length)) return TRAP;
  for (;;) {
    const position = i32[HEADER.JOB_POSITION];
    if (position >= count) return NEXT;
    if (context.fuel <= 0) return FUEL;
    const size = Math.min(STEP_BYTES, count - position);
    context.fuel = (context.fuel - (size >>> 6)) | 0;
    i32[HEADER.JOB_POSITION] = position + size;
    u8.copyWithin(target + position, source + position, source + position + size);
  }
}

/** A changed heap may say anything. What is copied lies behind the header, whose words say how far this is. */
function isNote(context: Context, at: number, size: number, end: number): boolean {
  const { i32 } = context;
  const least = end === i32.length ? HEADER.SIZE : HEADER.SIZE * 4;
  const target = i32[at + TARGET];
  const source = i32[at + SOURCE];
  if (i32[HEADER.JOB_POSITION] < 0 || size < 0) return false;
  return target >= least && source >= least && target <= end - size && source <= end - size;
}
