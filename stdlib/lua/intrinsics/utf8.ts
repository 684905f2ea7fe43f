// Intrinsics of the utf8 library. Long texts are read in chunks, with FRAME_STATE the position, from 1.
import {
  type Context,
  copyValue,
  NEXT,
  RELOAD,
  stringLength,
  stringStart,
  TAG_NIL,
  TAG_TRUE,
  VALUE_SIZE,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { raiseArgument, raiseAtCaller } from './argument-errors';
import { beginText, endText, isTextFull, pushByte } from './short-text';
import {
  argument,
  baseRegister,
  charge,
  checkInteger,
  checkString,
  doneAfter,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  isStackOverflow,
  leaveToGuest,
  makeRoomForValues,
  note,
  noted,
  OPEN,
  optionalInteger,
  returnValues,
  stopAt,
  tagOf,
} from './support';

export const UTF8_INTRINSICS = [
  intrinsic('utf8_len', 4, OPEN, length),
  intrinsic('utf8_codepoint', 4, OPEN, codepoints),
  intrinsic('utf8_offset', 3, 1, offset),
  intrinsic('utf8_char', 0, 1, characters),
  intrinsic('utf8_one', 2, 1, character),
  intrinsic('utf8_next', 3, OPEN, nextCode),
  intrinsic('utf8_check', 1, 1, (context, registers) => checkString(context, registers, 1)),
];

const LARGEST_CODE = 0x7fffffff;
const LARGEST_UNICODE = 0x10ffff;
const CHUNK = 4096;
/** The least code that needs so many continuation bytes. */
const LEAST = [LARGEST_CODE + 1, 0x80, 0x800, 0x10000, 0x200000, 0x4000000];

/** The code that was read last. */
let code = 0;

/** Reads the character at `at`, before `end`: the bytes that it takes, 0 when it is none. */
function readCode(u8: Uint8Array, at: number, end: number, isStrict: boolean): number {
  let first = at < end ? u8[at] : 0;
  code = first;
  if (first < 0x80) return 1;
  let count = 0;
  let value = 0;
  for (; (first & 0x40) !== 0; first <<= 1) {
    const next = at + ++count < end ? u8[at + count] : 0;
    if ((next & 0xc0) !== 0x80) return 0;
    value = value * 64 + (next & 0x3f);
  }
  value += (first & 0x7f) * 2 ** (count * 5);
  if (count > 5 || value > LARGEST_CODE || count === 0 || value < LEAST[count]!) return 0;
  if (isStrict && (value > LARGEST_UNICODE || (value >= 0xd800 && value <= 0xdfff))) return 0;
  code = value;
  return count + 1;
}

function isContinuation(u8: Uint8Array, at: number, end: number): boolean {
  return at < end && (u8[at] & 0xc0) === 0x80;
}

/** Positions as utf8 counts them: from the end when they are negative, 0 before the first. */
function relative(position: number, size: number): number {
  if (position >= 0) return position;
  return -position > size ? 0 : size + position + 1;
}

function isStrictAt(context: Context, slot: number): boolean {
  return tagOf(context, slot) < TAG_TRUE;
}

/** How many characters begin from R[1] to R[2] of R[0]; nil and where it is wrong. */
function length(context: Context, registers: number): number {
  const first = argument(registers, 1);
  const last = argument(registers, 2);
  const signal =
    checkString(context, registers, 1) ||
    optionalInteger(context, first, 2, 1) ||
    optionalInteger(context, last, 3, -1);
  if (signal !== NEXT) return signal;
  const size = stringLength(context, context.i32[registers]);
  if (noted(context) === 0) {
    const from = relative(integerAt(context, first), size);
    const to = relative(integerAt(context, last), size);
    if (from < 1 || from - 1 > size) return raiseArgument(context, 2, 'initial position out of bounds');
    if (to > size) return raiseArgument(context, 3, 'final position out of bounds');
    // From here on R[1] counts characters, R[2] is the last position, which is sound.
    writeInteger(context, last, to, 0);
    writeInteger(context, first, 0, 0);
    note(context, from);
  }
  const start = stringStart(context, context.i32[registers]);
  const end = start + size;
  const to = Math.min(integerAt(context, last), size);
  const isStrict = isStrictAt(context, argument(registers, 3));
  let at = Math.max(noted(context), 1);
  let count = integerAt(context, first);
  while (at <= to) {
    const stop = Math.min(at + CHUNK, to + 1);
    const from = at;
    while (at < stop) {
      const taken = readCode(context.u8, start + at - 1, end, isStrict);
      if (taken === 0) {
        note(context, 0);
        writeNil(context, registers);
        writeInteger(context, first, at, 0);
        return returnValues(context, registers, 2);
      }
      at += taken;
      count++;
    }
    charge(context, 1 + ((at - from) >> 2));
    if (at <= to && context.fuel <= 0) {
      writeInteger(context, first, count, 0);
      return stopAt(context, at);
    }
  }
  note(context, 0);
  writeInteger(context, registers, count, 0);
  return returnValues(context, registers, 1);
}

/** More results than any stack takes. */
const MOST_RESULTS = 1_000_000;

/** The codes of the characters that begin from R[1] to R[2] of R[0]. */
function codepoints(context: Context, registers: number): number {
  const first = argument(registers, 1);
  const last = argument(registers, 2);
  const signal = checkString(context, registers, 1) || optionalInteger(context, first, 2, 1);
  if (signal !== NEXT) return signal;
  const size = stringLength(context, context.i32[registers]);
  const from = relative(integerAt(context, first), size);
  if (tagOf(context, last) === TAG_NIL) copyValue(context, last, first);
  const wrong = checkInteger(context, last, 3);
  if (wrong !== NEXT) return wrong;
  const to = relative(integerAt(context, last), size);
  if (from < 1) return raiseArgument(context, 2, 'out of bounds');
  if (to > size) return raiseArgument(context, 3, 'out of bounds');
  if (to < from) return returnValues(context, registers, 0);
  if (to - from >= MOST_RESULTS) return raiseAtCaller(context, 'stack overflow (string slice too long)');
  const isStrict = isStrictAt(context, argument(registers, 3));
  const start = stringStart(context, context.i32[registers]);
  charge(context, (to - from + 1) >> 1);
  const room = makeRoomForValues(context, to - from + 1);
  if (room !== NEXT && room !== RELOAD) {
    return isStackOverflow(context, room) ? raiseAtCaller(context, 'stack overflow (string slice too long)') : room;
  }
  const base = baseRegister(context);
  let count = 0;
  for (let at = from; at <= to; count++) {
    const taken = readCode(context.u8, start + at - 1, start + size, isStrict);
    if (taken === 0) return raiseAtCaller(context, 'invalid UTF-8 code');
    writeInteger(context, base + count * VALUE_SIZE, code, 0);
    at += taken;
  }
  returnValues(context, base, count);
  return doneAfter(room);
}

/** The position of character R[1] as seen from the position R[2] in R[0], or nil. FRAME_STATE: where it is. */
function offset(context: Context, registers: number): number {
  const wanted = argument(registers, 1);
  const position = argument(registers, 2);
  const signal = checkString(context, registers, 1) || checkInteger(context, wanted, 2);
  if (signal !== NEXT) return signal;
  const size = stringLength(context, context.i32[registers]);
  let n = integerAt(context, wanted);
  const wrong = optionalInteger(context, position, 3, n >= 0 ? 1 : size + 1);
  if (wrong !== NEXT) return wrong;
  const start = stringStart(context, context.i32[registers]);
  const end = start + size;
  const { u8 } = context;
  let at = noted(context) - 1;
  if (at < 0) {
    at = relative(integerAt(context, position), size) - 1;
    if (at < 0 || at > size) return raiseArgument(context, 3, 'position out of bounds');
    if (n === 0) {
      const from = at;
      while (at > 0 && isContinuation(u8, start + at, end)) at--;
      charge(context, (from - at) >> 2);
      writeInteger(context, registers, at + 1, 0);
      return NEXT;
    }
    if (isContinuation(u8, start + at, end)) return raiseAtCaller(context, 'initial position is a continuation byte');
    if (n > 0) n--;
  }
  at = Math.min(at, size);
  while (n !== 0 && (n < 0 ? at > 0 : at < size)) {
    const from = at;
    const direction = n < 0 ? -1 : 1;
    do at += direction;
    while (at > 0 && isContinuation(u8, start + at, end));
    n -= direction;
    charge(context, 1 + (Math.abs(at - from) >> 2));
    if (context.fuel <= 0 && n !== 0) {
      writeInteger(context, wanted, n | 0, Math.floor(n / 4294967296));
      return stopAt(context, at + 1);
    }
  }
  note(context, 0);
  if (n === 0) writeInteger(context, registers, at + 1, 0);
  else writeNil(context, registers);
  return NEXT;
}

/** The text of all extra arguments, which are codes. */
function characters(context: Context, registers: number): number {
  const count = extraCount(context);
  beginText();
  for (let index = 0; index < count && !isTextFull(); index++) {
    charge(context, 1);
    const signal = pushCode(context, firstExtra(context) + index * VALUE_SIZE, index + 1);
    if (signal !== NEXT) return signal;
  }
  return isTextFull() || count > CHUNK / 2 ? leaveToGuest(context) : endText(context, registers);
}

/** The text of the code R[0], argument R[1]. */
function character(context: Context, registers: number): number {
  beginText();
  const signal = pushCode(context, registers, integerAt(context, argument(registers, 1)));
  return signal === NEXT ? endText(context, registers) : signal;
}

function pushCode(context: Context, slot: number, index: number): number {
  const signal = checkInteger(context, slot, index);
  if (signal !== NEXT) return signal;
  const value = integerAt(context, slot);
  if (value < 0 || value > LARGEST_CODE) return raiseArgument(context, index, 'value out of range');
  if (value < 0x80) {
    pushByte(value);
    return NEXT;
  }
  let count = 1;
  while (count < 5 && value >= LEAST[count + 1]!) count++;
  pushByte(((0xff00 >> (count + 1)) & 0xff) | Math.floor(value / 64 ** count));
  for (let left = count - 1; left >= 0; left--) pushByte(0x80 | (Math.floor(value / 64 ** left) & 0x3f));
  return NEXT;
}

/** The position and the code of the character behind the position R[1] in R[0]; R[2]: it is lax. */
function nextCode(context: Context, registers: number): number {
  const position = argument(registers, 1);
  const signal = checkString(context, registers, 1) || checkInteger(context, position, 2);
  if (signal !== NEXT) return signal;
  const { u8 } = context;
  const size = stringLength(context, context.i32[registers]);
  const start = stringStart(context, context.i32[registers]);
  const end = start + size;
  let at = integerAt(context, position);
  at = at < 0 ? size : at;
  if (at > 0 && at < size) {
    const from = at;
    while (at < size && isContinuation(u8, start + at, end)) at++;
    charge(context, (at - from) >> 2);
  }
  if (at >= size) return returnValues(context, registers, 0);
  const taken = readCode(u8, start + at, end, isStrictAt(context, argument(registers, 2)));
  if (taken === 0 || isContinuation(u8, start + at + taken, end)) return raiseAtCaller(context, 'invalid UTF-8 code');
  writeInteger(context, registers, at + 1, 0);
  writeInteger(context, position, code, 0);
  return returnValues(context, registers, 2);
}
