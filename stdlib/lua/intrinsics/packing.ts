// string.pack, packsize and unpack: values as bytes, by a format in the words of Lua's own library. A result that stays
// short is made in one step; the guest code behind the intrinsic joins others from pieces.
import {
  type Context,
  copyValue,
  NEXT,
  newStringFromHeap,
  RELOAD,
  stringLength,
  stringStart,
  stringTag,
  TAG_FLOAT,
  VALUE_HIGH,
  VALUE_SIZE,
  writeFloatValue,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseArgument, raiseAtCaller } from './argument-errors';
import { startOf } from './positions';
import { beginText, endText, pushByte, pushBytes, SHORT_TEXT_BYTES, textLength } from './short-text';
import {
  argument,
  BYTES_SHIFT,
  baseRegister,
  charge,
  checkInteger,
  checkNumber,
  checkString,
  doneAfter,
  doubleAt,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  isStackOverflow,
  leaveToGuest,
  makeRoomForValues,
  OPEN,
  optionalInteger,
  returnValues,
  tagOf,
} from './support';

export const PACKING_INTRINSICS = [
  intrinsic('string_pack', 1, 1, pack),
  intrinsic('pack_step', 5, 6, packStep),
  intrinsic('string_packsize', 1, 1, packSize),
  intrinsic('string_unpack', 3, OPEN, unpack),
];

/** Formats are read in one step: no longer ones. */
const LONGEST_FORMAT = 1 << 16;
const LARGEST_INTEGER_BYTES = 16;
const INTEGER_BYTES = 8;
const LARGEST_SIZE = 0x7fffffff;
const MAXIMUM_ALIGNMENT = 8;
/** From so much on a number in a format is read no further. */
const LARGEST_NUMERAL = Math.floor((LARGEST_SIZE - 9) / 10);

// Kinds of options.
const SIGNED = 0;
const UNSIGNED = 1;
const FLOAT = 2;
const DOUBLE = 3;
const CHARACTERS = 4;
const STRING = 5;
const ZERO_TERMINATED = 6;
const PADDING = 7;
const ALIGNMENT = 8;
const NOTHING = 9;

const FIXED: ReadonlyMap<string, readonly [kind: number, size: number]> = new Map([
  ['b', [SIGNED, 1]],
  ['B', [UNSIGNED, 1]],
  ['h', [SIGNED, 2]],
  ['H', [UNSIGNED, 2]],
  ['l', [SIGNED, 8]],
  ['L', [UNSIGNED, 8]],
  ['j', [SIGNED, 8]],
  ['J', [UNSIGNED, 8]],
  ['T', [UNSIGNED, 8]],
  ['f', [FLOAT, 4]],
  ['n', [DOUBLE, 8]],
  ['d', [DOUBLE, 8]],
  ['z', [ZERO_TERMINATED, 0]],
  ['x', [PADDING, 1]],
  ['X', [ALIGNMENT, 0]],
  [' ', [NOTHING, 0]],
]);

/** The format that is being read, and its last option: scratch of one step. */
const format = { at: 0, end: 0, isLittle: true, alignment: 1, kind: 0, size: 0, padding: 0 };

/** Opens the format R[0]. NEXT, or what is wrong. */
function openFormat(context: Context, registers: number): number {
  const signal = checkString(context, registers, 1);
  if (signal !== NEXT) return signal;
  const length = stringLength(context, context.i32[registers]);
  if (length > LONGEST_FORMAT) return raiseArgument(context, 1, 'format too long');
  format.at = stringStart(context, context.i32[registers]);
  // As a string of C's, it ends at a zero.
  const zero = context.u8.subarray(format.at, format.at + length).indexOf(0);
  format.end = format.at + (zero < 0 ? length : zero);
  format.isLittle = true;
  format.alignment = 1;
  return NEXT;
}

function readNumeral(bytes: Uint8Array, otherwise: number): number {
  let value = -1;
  while (format.at < format.end && bytes[format.at] >= 0x30 && bytes[format.at] <= 0x39) {
    value = Math.max(value, 0) * 10 + bytes[format.at++] - 0x30;
    if (value > LARGEST_NUMERAL) break;
  }
  return value < 0 ? otherwise : value;
}

/** The size in front of which the format stands, for an integer; in `format.size`. NEXT or THROW. */
function readSize(context: Context, otherwise: number): number {
  const size = readNumeral(context.u8, otherwise);
  format.size = size;
  if (size >= 1 && size <= LARGEST_INTEGER_BYTES) return NEXT;
  return raiseAtCaller(context, `integral size (${size}) out of limits [1,${LARGEST_INTEGER_BYTES}]`);
}

/** Reads an option: its kind and size. NEXT or THROW. */
function readOption(context: Context): number {
  const letter = String.fromCharCode(context.u8[format.at++]);
  charge(context, 1);
  format.size = 0;
  format.kind = NOTHING;
  const fixed = FIXED.get(letter);
  if (fixed !== undefined) {
    [format.kind, format.size] = fixed;
    return NEXT;
  }
  switch (letter) {
    case 'i':
      format.kind = SIGNED;
      return readSize(context, 4);
    case 'I':
      format.kind = UNSIGNED;
      return readSize(context, 4);
    case 's':
      format.kind = STRING;
      return readSize(context, INTEGER_BYTES);
    case 'c':
      format.kind = CHARACTERS;
      format.size = readNumeral(context.u8, -1);
      return format.size < 0 ? raiseAtCaller(context, "missing size for format option 'c'") : NEXT;
    case '<':
    case '=':
      format.isLittle = true;
      return NEXT;
    case '>':
      format.isLittle = false;
      return NEXT;
    case '!': {
      const signal = readSize(context, MAXIMUM_ALIGNMENT);
      format.alignment = format.size;
      format.size = 0;
      return signal;
    }
    default:
      return raiseAtCaller(context, `invalid format option '${letter}'`);
  }
}

/** Reads an option that stands behind `total` bytes, with the padding that it needs. NEXT or THROW. */
function readAligned(context: Context, total: number): number {
  const signal = readOption(context);
  if (signal !== NEXT) return signal;
  const { kind, size } = format;
  let align = size;
  if (kind === ALIGNMENT) {
    if (format.at >= format.end) return raiseArgument(context, 1, "invalid next option for option 'X'");
    const wrong = readOption(context);
    if (wrong !== NEXT) return wrong;
    align = format.size;
    if (format.kind === CHARACTERS || align === 0) {
      return raiseArgument(context, 1, "invalid next option for option 'X'");
    }
    format.kind = kind;
    format.size = 0;
  }
  format.padding = 0;
  if (align <= 1 || kind === CHARACTERS) return NEXT;
  align = Math.min(align, format.alignment);
  if ((align & (align - 1)) !== 0) return raiseArgument(context, 1, 'format asks for alignment not power of 2');
  format.padding = (align - (total % align)) & (align - 1);
  return NEXT;
}

// --- pack ---

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
  const value = top * 4294967296 + (low >>> 0);
  if (isSigned) return value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);
  return top >= 0 && value < 2 ** bits;
}

/** Adds an integer of the option's size; `sign` fills what is above 64 bits. */
function pushInteger(low: number, top: number, sign: number): void {
  for (let index = 0; index < format.size; index++) {
    const place = format.isLittle ? index : format.size - 1 - index;
    const word = place < 4 ? low : place < INTEGER_BYTES ? top : sign;
    pushByte((word >>> ((place & 3) * 8)) & 255);
  }
}

/** The high word of what 0/0 makes. */
const NAN_HIGH = 0x7ff80000;
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
    if (size < INTEGER_BYTES && length >= 2 ** (size * 8)) {
      return raiseArgument(context, number, 'string length does not fit in given size');
    }
    pushInteger(length, 0, 0);
    total += length;
  } else {
    charge(context, length >> BYTES_SHIFT);
    if (context.u8.subarray(start, start + length).indexOf(0) >= 0) {
      return raiseArgument(context, number, 'string contains zeros');
    }
    zeros = 1;
    total += length + 1;
  }
  if (length + zeros > SHORT_STRING) return PIECE;
  pushBytes(context, start, length);
  for (let count = 0; count < zeros; count++) pushByte(0);
  return NEXT;
}

// --- packsize ---

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

// --- unpack ---

const UNPACK_REGISTERS = 3;

/** The values in the bytes R[1] from the position R[2] on, by the format R[0], and the position behind them. */
function unpack(context: Context, registers: number): number {
  const data = argument(registers, 1);
  const position = argument(registers, 2);
  const signal =
    openFormat(context, registers) || checkString(context, data, 2) || optionalInteger(context, position, 3, 1);
  if (signal !== NEXT) return signal;
  const length = stringLength(context, context.i32[data]);
  let at = startOf(integerAt(context, position), length) - 1;
  if (at > length) return raiseArgument(context, 3, 'initial position out of string');
  const room = makeRoomForValues(context, UNPACK_REGISTERS + (format.end - format.at) + 1);
  if (room !== NEXT && room !== RELOAD) {
    return isStackOverflow(context, room) ? raiseAtCaller(context, 'stack overflow (too many results)') : room;
  }
  const base = baseRegister(context);
  let count = 0;
  while (format.at < format.end) {
    const wrong = readAligned(context, at);
    if (wrong !== NEXT) return wrong;
    if (format.padding + format.size > length - at) return raiseArgument(context, 2, 'data string too short');
    at += format.padding;
    if (format.kind < PADDING) {
      const slot = base + (UNPACK_REGISTERS + count++) * VALUE_SIZE;
      const failed = unpackValue(context, base + VALUE_SIZE, at, length, slot);
      if (failed !== NEXT) return failed;
    }
    at += format.size;
  }
  for (let index = 0; index < count; index++) {
    copyValue(context, base + index * VALUE_SIZE, base + (UNPACK_REGISTERS + index) * VALUE_SIZE);
  }
  writeInteger(context, base + count * VALUE_SIZE, at + 1, 0);
  returnValues(context, base, count + 1);
  return doneAfter(room);
}

/** Unpacks the value at `at` of the string `data` to `slot`; makes `format.size` all the bytes that it takes. */
function unpackValue(context: Context, data: number, at: number, length: number, slot: number): number {
  const start = stringStart(context, context.i32[data]) + at;
  switch (format.kind) {
    case SIGNED:
    case UNSIGNED: {
      const signal = readInteger(context, start);
      if (signal === NEXT) writeInteger(context, slot, integerLow, integerHigh);
      return signal;
    }
    case FLOAT:
    case DOUBLE:
      for (let index = 0; index < format.size; index++) {
        view.setUint8(index, context.u8[start + (format.isLittle ? index : format.size - 1 - index)]);
      }
      writeFloatValue(context, slot, format.kind === FLOAT ? view.getFloat32(0, true) : view.getFloat64(0, true));
      if (Number.isNaN(context.f64[slot >> 1])) {
        context.i32[slot + VALUE_HIGH] = view.getUint8(format.size - 1) >= 0x80 ? NAN_HIGH : NAN_HIGH | -0x80000000;
      }
      return NEXT;
    case STRING: {
      const signal = readInteger(context, start);
      if (signal !== NEXT) return signal;
      const { size } = format;
      const count = (integerHigh >>> 0) * 4294967296 + (integerLow >>> 0);
      if (count > length - at - size) return raiseArgument(context, 2, 'data string too short');
      format.size = size + count;
      return storePart(context, start + size, count, slot);
    }
    case ZERO_TERMINATED: {
      const zero = context.u8.subarray(start, start + length - at).indexOf(0);
      if (zero < 0) return raiseArgument(context, 2, "unfinished string for format 'z'");
      charge(context, zero >> BYTES_SHIFT);
      format.size = zero + 1;
      return storePart(context, start, zero, slot);
    }
    default:
      return storePart(context, start, format.size, slot);
  }
}

function storePart(context: Context, start: number, count: number, slot: number): number {
  const address = newStringFromHeap(context, start, count);
  if (address === 0) return context.failure;
  writeReference(context, slot, stringTag(count), address);
  return NEXT;
}

let integerLow = 0;
let integerHigh = 0;

/** Reads an integer of the option's size. NEXT or THROW. */
function readInteger(context: Context, start: number): number {
  const { size, isLittle } = format;
  const isSigned = format.kind === SIGNED;
  const byteAt = (place: number) => context.u8[start + (isLittle ? place : size - 1 - place)];
  integerLow = integerHigh = 0;
  for (let place = 0; place < Math.min(size, INTEGER_BYTES); place++) {
    if (place < 4) integerLow |= byteAt(place) << (place * 8);
    else integerHigh |= byteAt(place) << ((place - 4) * 8);
  }
  if (size < 4 && isSigned) integerLow = (integerLow << (32 - size * 8)) >> (32 - size * 8);
  if (size <= 4 && isSigned) integerHigh = integerLow >> 31;
  else if (size < INTEGER_BYTES && isSigned) integerHigh = (integerHigh << (64 - size * 8)) >> (64 - size * 8);
  const filling = isSigned && integerHigh < 0 ? 255 : 0;
  for (let place = INTEGER_BYTES; place < size; place++) {
    if (byteAt(place) !== filling) {
      return raiseAtCaller(context, `${size}-byte integer does not fit into Lua Integer`);
    }
  }
  return NEXT;
}
