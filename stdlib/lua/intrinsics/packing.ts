// string.pack and packsize: values as bytes, by a format. A result that stays
// short is made in one step; the guest code behind the intrinsic joins others from pieces.
import {
  type Context,
  NEXT,
  stringLength,
  stringStart,
  TAG_FLOAT,
  VALUE_HIGH,
  VALUE_SIZE,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { raiseArgument } from './argument-errors';
import {
  CHARACTERS,
  DOUBLE,
  FLOAT,
  findZero,
  format,
  INTEGER_BYTES,
  LARGEST_SIZE,
  openFormat,
  PADDING,
  readAligned,
  SIGNED,
  STRING,
  UNSIGNED,
  ZERO_TERMINATED,
} from './packing-format';
import { beginText, endText, pushByte, pushBytes, SHORT_TEXT_BYTES, textLength } from './short-text';
import {
  argument,
  checkInteger,
  checkNumber,
  checkString,
  doubleAt,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  leaveToGuest,
  OPEN,
  tagOf,
} from './support';
import { unpack } from './unpacking';

export const PACKING_INTRINSICS = [
  intrinsic('string_pack', 1, 1, pack),
  intrinsic('pack_step', 5, 6, packStep),
  intrinsic('string_packsize', 1, 1, packSize),
  intrinsic('string_unpack', 3, OPEN, unpack),
];

/** Where packing is: the bytes so far, the values used; and what a string that is not short must be followed by. */
let total = 0;
let used = 0;
let zeros = 0;

/** What `packMore` comes to beside signals: all is packed; the text is full; the value `used` is the next piece. */
const DONE = -1;
const FULL = -2;
const PIECE = -3;

/** Longer strings are pieces of their own. */
const SHORT_STRING = 512;
/** The text is full when it may have no room for another option. */
const FULL_BYTES = SHORT_TEXT_BYTES - SHORT_STRING - 64;

function pack(context: Context, registers: number): number {
  const signal = openFormat(context, registers);
  if (signal !== NEXT) return signal;
  total = used = 0;
  const answer = packMore(context);
  if (answer === DONE) return endText(context, registers);
  return answer === FULL || answer === PIECE ? leaveToGuest(context) : answer;
}

/**
 * R[0] is the format, R[1] the position in it, R[2] how many values are used, R[3] what it has set (alignment, and 256 for
 * big endian), R[4] the bytes so far. Leaves the piece that was packed, what R[1] to R[4] are then, and how many zeros follow
 * the value used last, which is the piece behind it; nil when it is none. The position is nil at the end.
 */
function packStep(context: Context, registers: number): number {
  const position = argument(registers, 1);
  const signal = openFormat(context, registers);
  if (signal !== NEXT) return signal;
  const first = format.at;
  format.at += Math.max(context.i32[position], 0);
  const settings = context.i32[argument(registers, 3)];
  format.alignment = Math.max(settings & 255, 1);
  format.isLittle = (settings & 256) === 0;
  total = integerAt(context, argument(registers, 4));
  used = context.i32[argument(registers, 2)];
  const answer = packMore(context);
  if (answer >= 0) return answer;
  const at = format.at - first;
  const made = endText(context, registers);
  if (made !== NEXT) return made;
  if (answer === DONE) writeNil(context, position);
  else writeInteger(context, position, at, 0);
  writeInteger(context, argument(registers, 2), used, 0);
  writeInteger(context, argument(registers, 3), format.alignment | (format.isLittle ? 0 : 256), 0);
  writeInteger(context, argument(registers, 4), total | 0, Math.floor(total / 4294967296));
  if (answer === PIECE) writeInteger(context, argument(registers, 5), zeros, 0);
  else writeNil(context, argument(registers, 5));
  return NEXT;
}

/** Packs from where the format is. DONE, FULL, PIECE, or a signal. */
function packMore(context: Context): number {
  beginText();
  while (format.at < format.end) {
    if (textLength() > FULL_BYTES) return FULL;
    const signal = readAligned(context, total);
    if (signal !== NEXT) return signal;
    for (let count = 0; count < format.padding; count++) pushByte(0);
    total += format.padding + format.size;
    if (format.kind === PADDING) pushByte(0);
    if (format.kind >= PADDING) continue;
    const answer = packValue(context);
    if (answer !== NEXT) return answer;
  }
  return DONE;
}

/** Packs the next value by the option that was read. */
function packValue(context: Context): number {
  const index = used + 1;
  const number = index + 1;
  if (index > extraCount(context)) {
    const expected = format.kind <= DOUBLE ? 'number' : 'string';
    return raiseArgument(context, number, `${expected} expected, got no value`);
  }
  used = index;
  const slot = firstExtra(context) + (index - 1) * VALUE_SIZE;
  switch (format.kind) {
    case SIGNED:
    case UNSIGNED:
      return checkInteger(context, slot, number) || packInteger(context, slot, number);
    case FLOAT:
    case DOUBLE:
      return checkNumber(context, slot, number) || packFloat(context, slot);
    default:
      return checkString(context, slot, number) || packString(context, slot, number);
  }
}

function packInteger(context: Context, slot: number, number: number): number {
  const low = context.i32[slot];
  const top = context.i32[slot + VALUE_HIGH];
  const { size, kind } = format;
  if (size < INTEGER_BYTES && !fits(low, top, size * 8, kind === SIGNED)) {
    return raiseArgument(context, number, kind === SIGNED ? 'integer overflow' : 'unsigned overflow');
  }
  pushInteger(low, top, kind === SIGNED ? top >> 31 : 0);
  return NEXT;
}

/** Whether an integer has a representation of so many bits, fewer than 64. */
function fits(low: number, top: number, bits: number, isSigned: boolean): boolean {
  if (bits > 32) return isSigned ? top >> (bits - 33) === top >> 31 : top >>> (bits - 32) === 0;
  if (isSigned) return top === low >> 31 && (low << (32 - bits)) >> (32 - bits) === low;
  return top === 0 && (bits === 32 || low >>> bits === 0);
}

/** Adds an integer of the option's size; `sign` fills what is above 64 bits. */
function pushInteger(low: number, top: number, sign: number): void {
  for (let index = 0; index < format.size; index++) {
    const place = format.isLittle ? index : format.size - 1 - index;
    const word = place < 4 ? low : place < INTEGER_BYTES ? top : sign;
    pushByte((word >>> ((place & 3) * 8)) & 255);
  }
}

const view = new DataView(new ArrayBuffer(8));

function packFloat(context: Context, slot: number): number {
  const value = doubleAt(context, slot);
  if (format.kind === FLOAT) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  if (Number.isNaN(value) && tagOf(context, slot) === TAG_FLOAT) {
    // What 0/0 makes has a sign on most machines: as %f writes it.
    view.setUint8(
      format.size - 1,
      (view.getUint8(format.size - 1) & 0x7f) | ((~context.i32[slot + VALUE_HIGH] >>> 24) & 0x80),
    );
  }
  for (let index = 0; index < format.size; index++) {
    pushByte(view.getUint8(format.isLittle ? index : format.size - 1 - index));
  }
  return NEXT;
}

function packString(context: Context, slot: number, number: number): number {
  const start = stringStart(context, context.i32[slot]);
  const length = stringLength(context, context.i32[slot]);
  const { kind, size } = format;
  zeros = 0;
  if (kind === CHARACTERS) {
    if (length > size) return raiseArgument(context, number, 'string longer than given size');
    zeros = size - length;
  } else if (kind === STRING) {
    if (size < 4 && length >>> (size * 8) !== 0) {
      return raiseArgument(context, number, 'string length does not fit in given size');
    }
    pushInteger(length, 0, 0);
    total += length;
  } else {
    const zero = findZero(context, start, start + length);
    if (zero >= 0) return raiseArgument(context, number, 'string contains zeros');
    if (zero < -1) return raiseArgument(context, number, "string too long for format 'z'");
    zeros = 1;
    total += length + 1;
  }
  if (length + zeros > SHORT_STRING) return PIECE;
  pushBytes(context, start, length);
  for (let count = 0; count < zeros; count++) pushByte(0);
  return NEXT;
}

/** The bytes that a format makes of its values. */
function packSize(context: Context, registers: number): number {
  const signal = openFormat(context, registers);
  if (signal !== NEXT) return signal;
  let size = 0;
  while (format.at < format.end) {
    const wrong = readAligned(context, size);
    if (wrong !== NEXT) return wrong;
    if (format.kind === STRING || format.kind === ZERO_TERMINATED) {
      return raiseArgument(context, 1, 'variable-length format');
    }
    size += format.size + format.padding;
    if (size > LARGEST_SIZE) return raiseArgument(context, 1, 'format result too large');
  }
  writeInteger(context, registers, size, 0);
  return NEXT;
}
