// A text of at most a few KiB that one step of an intrinsic puts together outside the heap, to make a string of it at
// once. What does not fit is not lost but told: the guest code behind the intrinsic then makes it of pieces.
import {
  type Context,
  floatTextWork,
  stringLength,
  stringStart,
  TAG_INTEGER,
  writeFloat,
  writeNumber,
} from '../../../vm/index';
import { BYTES_SHIFT, charge, encodeBriefly, storeString, tagOf } from './support';

/** The most bytes that such a text has. */
export const SHORT_TEXT_BYTES = 4096;
/** Room behind them for one number more, of at most 99 digits behind the point. */
const ROOM = 512;

/** Scratch of one step: no guest's state outlives it here. */
export const shortText = new Uint8Array(SHORT_TEXT_BYTES + ROOM);
let length = 0;
let isFull = false;

export function beginText(): void {
  length = 0;
  isFull = false;
}

/** Whether something did not fit. */
export function isTextFull(): boolean {
  return isFull || length > SHORT_TEXT_BYTES;
}

/** How many bytes it has. */
export function textLength(): number {
  return length;
}

export function pushByte(byte: number): void {
  if (length <= SHORT_TEXT_BYTES) shortText[length++] = byte;
}

/** Adds a string of the heap. */
export function pushString(context: Context, address: number): void {
  pushBytes(context, stringStart(context, address), stringLength(context, address));
}

/** Adds `count` bytes of the heap from the byte address `start` on. */
export function pushBytes(context: Context, start: number, count: number): void {
  if (length + count > SHORT_TEXT_BYTES) {
    isFull = true;
    return;
  }
  charge(context, count >> BYTES_SHIFT);
  const { u8 } = context;
  if (count > 64) shortText.set(u8.subarray(start, start + count), length);
  else for (let index = 0; index < count; index++) shortText[length + index] = u8[start + index];
  length += count;
}

const LOWER_G = 0x67;
const PRECISION = 14;

/** Adds the number at `slot` as tostring writes it; or as C's "%.14g" when `isPlain`, so that 1.0 is 1. */
export function pushNumber(context: Context, slot: number, isPlain = false): void {
  if (isTextFull()) return;
  if (!isPlain || tagOf(context, slot) === TAG_INTEGER || !Number.isFinite(context.f64[slot >> 1])) {
    length += writeNumber(context, slot, shortText, length);
    return;
  }
  const value = context.f64[slot >> 1];
  charge(context, floatTextWork(value, LOWER_G, PRECISION) >> 3);
  length += writeFloat(shortText, length, value, LOWER_G, PRECISION, false);
}

/** Adds a text of ours: it is ASCII, or a name that a guest has given, in UTF-8. */
export function pushText(text: string): void {
  const bytes = encodeBriefly(text);
  if (length + bytes.length > SHORT_TEXT_BYTES) isFull = true;
  else {
    shortText.set(bytes, length);
    length += bytes.length;
  }
}

/** Moves the end of the text to behind what the caller has written into `shortText` itself. */
export function setTextLength(count: number): void {
  length = count;
}

/** Makes the text a string at `slot`. NEXT, or what failed. */
export function endText(context: Context, slot: number): number {
  return storeString(context, slot, shortText, 0, length);
}
