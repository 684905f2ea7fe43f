// Formats of string.pack and unpack: their options, one after the other, in the words of Lua's own library.
import { type Context, NEXT, stringLength, stringStart } from '../../../vm/index';
import { raiseArgument, raiseAtCaller } from './argument-errors';
import { BYTES_SHIFT, charge, checkString } from './support';

/** Formats are read in one step: no longer ones. */
const LONGEST_FORMAT = 1 << 13;
const LARGEST_INTEGER_BYTES = 16;
export const INTEGER_BYTES = 8;
export const LARGEST_SIZE = 0x7fffffff;
const MAXIMUM_ALIGNMENT = 8;
/** From so much on a number in a format is read no further. */
const LARGEST_NUMERAL = Math.floor((LARGEST_SIZE - 9) / 10);

// Kinds of options.
export const SIGNED = 0;
export const UNSIGNED = 1;
export const FLOAT = 2;
export const DOUBLE = 3;
export const CHARACTERS = 4;
export const STRING = 5;
export const ZERO_TERMINATED = 6;
export const PADDING = 7;
const ALIGNMENT = 8;
const NOTHING = 9;

/** Options without a size behind them. */
const FIXED: Readonly<Record<string, readonly [kind: number, size: number]>> = {
  b: [SIGNED, 1],
  B: [UNSIGNED, 1],
  h: [SIGNED, 2],
  H: [UNSIGNED, 2],
  l: [SIGNED, 8],
  L: [UNSIGNED, 8],
  j: [SIGNED, 8],
  J: [UNSIGNED, 8],
  T: [UNSIGNED, 8],
  f: [FLOAT, 4],
  n: [DOUBLE, 8],
  d: [DOUBLE, 8],
  z: [ZERO_TERMINATED, 0],
  x: [PADDING, 1],
  X: [ALIGNMENT, 0],
  ' ': [NOTHING, 0],
};

/** The same by the option's byte: its kind, -1 for others, and its size. */
const fixedKinds = new Int8Array(256).fill(-1);
const fixedSizes = new Uint8Array(256);
for (const [letter, [kind, size]] of Object.entries(FIXED)) {
  fixedKinds[letter.charCodeAt(0)] = kind;
  fixedSizes[letter.charCodeAt(0)] = size;
}

/** Bytes of strings without a zero that one call looks through: in one step. */
const MOST_SEARCHED = 1 << 18;
let searched = 0;

/** The first zero of the bytes from `start` to `end`: its distance; -1 without one; -2 when that is too much to look through. */
export function findZero(context: Context, start: number, end: number): number {
  const most = MOST_SEARCHED - searched;
  const found = context.u8.subarray(start, Math.min(end, start + most)).indexOf(0);
  const passed = found >= 0 ? found : Math.min(end - start, most);
  charge(context, passed >> BYTES_SHIFT);
  searched += passed;
  if (found >= 0) return found;
  return end - start > most ? -2 : -1;
}

/** The format that is being read, and its last option: scratch of one step. */
export const format = { at: 0, end: 0, isLittle: true, alignment: 1, kind: 0, size: 0, padding: 0 };

/** Opens the format R[0]. NEXT, or what is wrong. */
export function openFormat(context: Context, registers: number): number {
  const signal = checkString(context, registers, 1);
  if (signal !== NEXT) return signal;
  const length = stringLength(context, context.i32[registers]);
  if (length > LONGEST_FORMAT) return raiseArgument(context, 1, 'format too long');
  format.at = stringStart(context, context.i32[registers]);
  charge(context, length >> BYTES_SHIFT);
  // As a string of C's, it ends at a zero.
  const end = format.at + length;
  format.end = format.at;
  while (format.end < end && context.u8[format.end] !== 0) format.end++;
  format.isLittle = true;
  format.alignment = 1;
  searched = 0;
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
  const byte = context.u8[format.at++];
  charge(context, 1);
  format.size = fixedSizes[byte];
  format.kind = fixedKinds[byte];
  if (format.kind >= 0) return NEXT;
  format.kind = NOTHING;
  const letter = String.fromCharCode(byte);
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
export function readAligned(context: Context, total: number): number {
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
