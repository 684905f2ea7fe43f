// string.format. What stays short is made in one step, outside the heap; for the rest, and for arguments with a
// `__tostring`, the guest code goes from piece to piece with `format_step` and joins them.
import {
  type Context,
  copyValue,
  floatTextWork,
  isNumberTag,
  NEXT,
  stringLength,
  stringStart,
  TAG_TABLE,
  VALUE_HIGH,
  VALUE_SIZE,
  writeBits,
  writeBoolean,
  writeFloat,
  writeInteger,
  writeNil,
  writeSigned,
  writeUnsigned,
} from '../../../vm/index';
import { raiseArgument } from './argument-errors';
import { addressText, hasTextHandler, referenceText } from './basic';
import { directive, readDirective } from './directive';
import { isQuotable, pushQuoted, pushQuotedBytes } from './quote';
import {
  beginText,
  endText,
  isTextFull,
  pushByte,
  pushBytes,
  pushNumber,
  pushText,
  SHORT_TEXT_BYTES,
  setTextLength,
  shortText,
  textLength,
} from './short-text';
import {
  argument,
  charge,
  checkInteger,
  checkNumber,
  checkString,
  doubleAt,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  isString,
  leaveToGuest,
  storeString,
  tagOf,
} from './support';

export const FORMAT_INTRINSICS = [
  intrinsic('string_format', 1, 1, format),
  intrinsic('format_step', 3, 3, step),
  intrinsic('quote_chunk', 2, 2, quoteChunk),
];

const PERCENT = 0x25;
const MINUS = 0x2d;
const PLUS = 0x2b;
const SPACE = 0x20;
const ZERO = 0x30;
const CASE_BIT = 0x20;
const LOWER_A = 0x61;
const LOWER_C = 0x63;
const LOWER_D = 0x64;
const LOWER_I = 0x69;
const LOWER_O = 0x6f;
const LOWER_P = 0x70;
const LOWER_Q = 0x71;
const LOWER_S = 0x73;
const LOWER_U = 0x75;
const LOWER_X = 0x78;

/** What a directive came to: a signal, or one of these. */
const NEEDS_GUEST = -1;

/** R[0] is the template, the values are the extra arguments; the text takes the template's place. */
function format(context: Context, registers: number): number {
  const signal = checkString(context, registers, 1);
  if (signal !== NEXT) return signal;
  const start = stringStart(context, context.i32[registers]);
  const end = start + stringLength(context, context.i32[registers]);
  if (end - start > SHORT_TEXT_BYTES) return leaveToGuest(context);
  charge(context, (end - start) >> 4);
  beginText();
  let used = 0;
  const { u8 } = context;
  for (let at = start; at < end && !isTextFull(); ) {
    if (u8[at] !== PERCENT) pushByte(u8[at++]);
    else if (at + 1 < end && u8[at + 1] === PERCENT) {
      pushByte(PERCENT);
      at += 2;
    } else {
      const answer = formatDirective(context, at + 1, end, ++used);
      if (answer !== NEXT) return answer === NEEDS_GUEST ? leaveToGuest(context) : answer;
      at = directive.end;
    }
  }
  return isTextFull() ? leaveToGuest(context) : endText(context, registers);
}

/** Reads the directive at `at` and adds what it makes of extra argument `index`. NEXT, NEEDS_GUEST or a signal. */
function formatDirective(context: Context, at: number, end: number, index: number): number {
  if (index > extraCount(context)) return raiseArgument(context, index + 1, 'no value');
  const signal = readDirective(context, at, end);
  if (signal !== NEXT) return signal;
  charge(context, 2);
  const slot = firstExtra(context) + (index - 1) * VALUE_SIZE;
  switch (directive.conversion) {
    case LOWER_S:
      return formatText(context, slot, index + 1);
    case LOWER_D:
    case LOWER_I:
    case LOWER_U:
    case LOWER_O:
    case LOWER_X:
    case LOWER_X - CASE_BIT:
      return checkInteger(context, slot, index + 1) || formatInteger(context, slot);
    case LOWER_C:
      return checkInteger(context, slot, index + 1) || formatByte(context.i32[slot] & 255);
    case LOWER_Q:
      return formatQuoted(context, slot, index + 1);
    case LOWER_P:
      return formatPointer(context, slot);
    default:
      return checkNumber(context, slot, index + 1) || formatFloat(context, slot);
  }
}

// --- padding ---

/**
 * Pads what was written from `start` on to the directive's width: blanks before or behind it, or zeros behind the first
 * `prefix` bytes (a sign, "0x").
 */
function pad(start: number, prefix: number, mayZero: boolean): number {
  const end = textLength();
  const missing = directive.width - (end - start);
  if (missing <= 0) return NEXT;
  if (directive.isLeft) shortText.fill(SPACE, end, end + missing);
  else {
    const isZeros = mayZero && directive.hasZeros;
    const from = isZeros ? start + prefix : start;
    shortText.copyWithin(from + missing, from, end);
    shortText.fill(isZeros ? ZERO : SPACE, from, from + missing);
  }
  setTextLength(end + missing);
  return NEXT;
}

/** Writes the sign of a number at the text's end; how many bytes it has. */
function pushSign(isNegative: boolean): number {
  const sign = isNegative ? MINUS : directive.hasPlus ? PLUS : directive.hasSpace ? SPACE : 0;
  if (sign !== 0) pushByte(sign);
  return sign === 0 ? 0 : 1;
}

// --- conversions; a number needs no more room than short-text.ts keeps ---

function formatInteger(context: Context, slot: number): number {
  if (isTextFull()) return NEXT;
  const low = context.i32[slot];
  const top = context.i32[slot + VALUE_HIGH];
  const { conversion } = directive;
  if (directive.isBare && (conversion === LOWER_D || conversion === LOWER_I)) {
    setTextLength(textLength() + writeSigned(shortText, textLength(), low, top));
    return NEXT;
  }
  charge(context, 2 + (directive.width >> 3));
  const start = textLength();
  const isSigned = conversion === LOWER_D || conversion === LOWER_I;
  let prefix = isSigned ? pushSign(top < 0) : 0;
  if (directive.isAlternate && conversion !== LOWER_O && (low | top) !== 0) {
    pushByte(ZERO);
    pushByte(conversion);
    prefix = 2;
  }
  const digits = writeDigits(start + prefix, low, top, isSigned);
  setTextLength(start + prefix + digits);
  return pad(start, prefix, directive.precision < 0);
}

/** Writes the digits of an integer, at least as many as the precision says. Returns how many. */
function writeDigits(at: number, low: number, top: number, isSigned: boolean): number {
  const { conversion, precision } = directive;
  const isZero = (low | top) === 0;
  let count = 0;
  if (isZero && precision === 0) count = 0;
  else if (isSigned && top < 0) {
    count = writeUnsigned(shortText, at, -low | 0, (~top + (low === 0 ? 1 : 0)) | 0);
  } else if (isSigned || conversion === LOWER_U) count = writeUnsigned(shortText, at, low, top);
  else count = writeBits(shortText, at, low, top, conversion === LOWER_O ? 8 : 16, conversion !== LOWER_X);
  const isOctal = directive.isAlternate && conversion === LOWER_O && (!isZero || count === 0);
  const wanted = Math.max(precision, isOctal ? count + 1 : 0);
  if (wanted <= count) return count;
  shortText.copyWithin(at + wanted - count, at, at + count);
  shortText.fill(ZERO, at, at + wanted - count);
  return wanted;
}

function formatFloat(context: Context, slot: number): number {
  const value = doubleAt(context, slot);
  const { conversion, precision } = directive;
  charge(context, 2 + (floatTextWork(value, conversion, precision) >> 3));
  if (isTextFull()) return NEXT;
  const start = textLength();
  const isNegative = Number.isNaN(value) ? context.i32[slot + VALUE_HIGH] >= 0 : value < 0 || Object.is(value, -0);
  let prefix = pushSign(isNegative);
  const length = writeFloat(shortText, start + prefix, Math.abs(value), conversion, precision, directive.isAlternate);
  setTextLength(start + prefix + length);
  if ((conversion | CASE_BIT) === LOWER_A) prefix += 2;
  return pad(start, prefix, Number.isFinite(value));
}

function formatByte(code: number): number {
  const start = textLength();
  pushByte(code);
  return pad(start, 0, false);
}

function formatPointer(context: Context, slot: number): number {
  const start = textLength();
  const tag = tagOf(context, slot);
  pushText(tag >= TAG_TABLE || isString(tag) ? addressText(context.i32[slot]) : '(null)');
  return isTextFull() ? NEXT : pad(start, 0, false);
}

/** From this length on a string without a precision is added as it is. */
const UNPADDED_BYTES = 100;
/** "%s" of other strings than these is the guest's to put together. */
const LONGEST_TEXT = SHORT_TEXT_BYTES / 2;

function formatText(context: Context, slot: number, index: number): number {
  if (hasTextHandler(context, slot)) return NEEDS_GUEST;
  const start = textLength();
  const tag = tagOf(context, slot);
  if (isNumberTag(tag)) pushNumber(context, slot);
  else if (!isString(tag)) pushText(referenceText(context, slot));
  else return formatString(context, context.i32[slot], index);
  return isTextFull() ? NEXT : cutAndPad(start);
}

function formatString(context: Context, address: number, index: number): number {
  const start = textLength();
  const from = stringStart(context, address);
  const length = stringLength(context, address);
  if (directive.isBare || (directive.precision < 0 && length >= UNPADDED_BYTES)) {
    if (length > LONGEST_TEXT) return NEEDS_GUEST;
    pushBytes(context, from, length);
    return NEXT;
  }
  charge(context, length >> 5);
  const zero = context.u8.subarray(from, from + length).indexOf(0);
  if (zero >= 0) return raiseArgument(context, index, 'string contains zeros');
  const kept = directive.precision < 0 ? length : Math.min(length, directive.precision);
  pushBytes(context, from, kept);
  return isTextFull() ? NEXT : pad(start, 0, false);
}

function cutAndPad(start: number): number {
  if (directive.precision >= 0) setTextLength(Math.min(textLength(), start + directive.precision));
  return pad(start, 0, false);
}

function formatQuoted(context: Context, slot: number, index: number): number {
  if (!isQuotable(tagOf(context, slot))) return raiseArgument(context, index, 'value has no literal form');
  if (isString(tagOf(context, slot)) && stringLength(context, context.i32[slot]) > LONGEST_TEXT / 4) return NEEDS_GUEST;
  pushQuoted(context, slot);
  return NEXT;
}

// --- piece by piece ---

/**
 * R[0] is the template, R[1] the position where to go on, R[2] how many values are used. Leaves a piece of the text, the
 * position behind it and how many values are used then. The position is nil at the end. The piece is `true` when the
 * value has a `__tostring` (the position stays), `false` when it is a long string to be quoted.
 */
function step(context: Context, registers: number): number {
  const used = argument(registers, 2);
  const position = argument(registers, 1);
  const first = stringStart(context, context.i32[registers]);
  const end = first + stringLength(context, context.i32[registers]);
  const at = first + Math.max(context.i32[position] - 1, 0);
  if (at >= end) {
    writeNil(context, position);
    return NEXT;
  }
  const literal = literalEnd(context, at, end);
  if (literal > at) return storePiece(context, registers, at, literal, first);
  if (at + 1 < end && context.u8[at + 1] === PERCENT) return storePiece(context, registers, at, at + 1, first, 1);
  return stepDirective(context, registers, at, end, integerAt(context, used) + 1);
}

/** Bytes of the template that are one piece. */
const LONGEST_LITERAL = 1 << 16;

function literalEnd(context: Context, start: number, end: number): number {
  const last = Math.min(end, start + LONGEST_LITERAL);
  const found = context.u8.subarray(start, last).indexOf(PERCENT);
  const literal = found < 0 ? last : start + found;
  charge(context, (literal - start) >> 5);
  return literal;
}

/** Leaves the bytes from `from` to `to` as the piece, and the position `skipped` behind them. */
function storePiece(context: Context, registers: number, from: number, to: number, first: number, skipped = 0): number {
  const signal = storeString(context, registers, context.u8, from, to);
  if (signal === NEXT) writeInteger(context, argument(registers, 1), to - first + 1 + skipped, 0);
  return signal;
}

function stepDirective(context: Context, registers: number, at: number, end: number, index: number): number {
  const first = stringStart(context, context.i32[registers]);
  beginText();
  const answer = formatDirective(context, at + 1, end, index);
  const slot = firstExtra(context) + (index - 1) * VALUE_SIZE;
  if (answer !== NEXT && answer !== NEEDS_GUEST) return answer;
  const following = directive.end - first + 1;
  if (answer === NEXT) {
    const signal = endText(context, registers);
    if (signal !== NEXT) return signal;
  } else if (directive.conversion === LOWER_Q) writeBoolean(context, registers, false);
  else if (hasTextHandler(context, slot)) {
    writeBoolean(context, registers, true);
    writeInteger(context, argument(registers, 2), index, 0);
    return NEXT;
  } else copyValue(context, registers, slot);
  writeInteger(context, argument(registers, 1), following, 0);
  writeInteger(context, argument(registers, 2), index, 0);
  return NEXT;
}

/** The string R[0] from position R[1] on, quoted, as far as one step goes; and the position behind, nil at its end. */
function quoteChunk(context: Context, registers: number): number {
  const position = argument(registers, 1);
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  const from = Math.max(context.i32[position] - 1, 0);
  const to = Math.min(from + LONGEST_TEXT / 4, length);
  beginText();
  pushQuotedBytes(context, start + from, start + to, start + length);
  const signal = endText(context, registers);
  if (signal !== NEXT) return signal;
  if (to >= length) writeNil(context, position);
  else writeInteger(context, position, to + 1, 0);
  return NEXT;
}
