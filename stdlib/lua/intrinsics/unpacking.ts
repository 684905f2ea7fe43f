// string.unpack: values out of bytes, by a format.
import {
  areManyBytes,
  type Context,
  copyValue,
  NEXT,
  newStringFromHeap,
  RELOAD,
  stringLength,
  stringStart,
  stringTag,
  VALUE_HIGH,
  VALUE_SIZE,
  writeFloatValue,
  writeInteger,
  writeReference,
} from '../../../vm/index';
import { raiseArgument, raiseAtCaller } from './argument-errors';
import {
  DOUBLE,
  FLOAT,
  findZero,
  format,
  INTEGER_BYTES,
  openFormat,
  PADDING,
  readAligned,
  SIGNED,
  STRING,
  UNSIGNED,
  ZERO_TERMINATED,
} from './packing-format';
import { startOf } from './positions';
import {
  argument,
  baseRegister,
  checkString,
  doneAfter,
  integerAt,
  isStackOverflow,
  makeRoomForValues,
  optionalInteger,
  returnValues,
} from './support';

/** The high word of what 0/0 makes. */
const NAN_HIGH = 0x7ff80000;
const view = new DataView(new ArrayBuffer(8));

const UNPACK_REGISTERS = 3;

/** string.unpack: the values in the bytes R[1] from the position R[2] on, by the format R[0], and the position behind them. */
export function unpack(context: Context, registers: number): number {
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
  longParts = 0;
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
      const zero = findZero(context, start, start + length - at);
      if (zero === -1) return raiseArgument(context, 2, "unfinished string for format 'z'");
      if (zero < 0) return raiseArgument(context, 2, "string too long for format 'z'");
      format.size = zero + 1;
      return storePart(context, start, zero, slot);
    }
    default:
      return storePart(context, start, format.size, slot);
  }
}

/** So many long strings are copied behind one instruction. */
const MOST_LONG_PARTS = 32;
let longParts = 0;

function storePart(context: Context, start: number, count: number, slot: number): number {
  if (areManyBytes(count) && ++longParts > MOST_LONG_PARTS) return raiseAtCaller(context, 'too many long strings');
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
