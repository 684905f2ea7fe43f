// Intrinsics of string.format: one directive at a time, with C's rules for flags, width and precision.
import {
  type Context,
  floatTextWork,
  floatToString,
  NEXT,
  shortestToString,
  signedToString,
  stringLength,
  stringStart,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TRUE,
  unsignedToString,
  VALUE_HIGH,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import {
  argument,
  BYTES_AN_INSTRUCTION,
  charge,
  doubleAt,
  integerAt,
  intrinsic,
  isString,
  raiseAtCaller,
  storeString,
  storeText,
  tagOf,
} from './support';

export const FORMAT_INTRINSICS = [
  intrinsic('format_end', 2, 1, directiveEnd),
  intrinsic('format_bad', 2, 1, badDirective),
  intrinsic('is_integer_conversion', 1, 1, isIntegerConversion),
  intrinsic('format_integer', 2, 1, formatInteger),
  intrinsic('format_float', 2, 1, formatFloat),
  intrinsic('format_string', 2, 1, formatString),
  intrinsic('format_quoted', 2, 1, formatQuoted),
];

/** A directive is never longer: flags, two digits, a point, two digits, a letter. */
const LONGEST_DIRECTIVE = 32;

/** What Lua accepts for each conversion. */
const DIRECTIVE =
  /^%(?:%|[-0]{0,2}\d{0,2}[c]|-?\d{0,2}(?:\.\d{0,2})?s|q|[-+ 0]{0,5}\d{0,2}(?:\.\d{0,2})?[di]|-?0?\d{0,2}(?:\.\d{0,2})?u|[-#0]{0,5}\d{0,2}(?:\.\d{0,2})?[xXo]|[-+ #0]{0,5}\d{0,2}(?:\.\d{0,2})?[aAeEfFgG])/;

/** The string at `slot` from byte `from` (0 is the first), as Latin-1, at most `most` bytes. */
function latin1At(context: Context, slot: number, from: number, most: number): string {
  const start = stringStart(context, context.i32[slot]);
  const length = stringLength(context, context.i32[slot]);
  const first = Math.min(from, length);
  return String.fromCharCode(...context.u8.subarray(start + first, start + Math.min(first + most, length)));
}

/** The position of the last byte of the directive that begins at R[1], or nil. */
function directiveEnd(context: Context, registers: number): number {
  const at = integerAt(context, argument(registers, 1));
  charge(context, 2);
  const length = DIRECTIVE.exec(latin1At(context, registers, at - 1, LONGEST_DIRECTIVE))?.[0].length;
  if (length === undefined) writeNil(context, registers);
  else writeInteger(context, registers, at + length - 1, 0);
  return NEXT;
}

/** What of a bad directive the message shows. */
function badDirective(context: Context, registers: number): number {
  const text = latin1At(context, registers, integerAt(context, argument(registers, 1)) - 1, LONGEST_DIRECTIVE);
  return storeText(context, registers, /^%[-+ #0-9.]*./.exec(text)?.[0] ?? text);
}

function isIntegerConversion(context: Context, registers: number): number {
  const letter = latin1At(context, registers, 0, 1);
  context.i32[registers + 2] = 'diuxXo'.includes(letter) ? TAG_TRUE : TAG_FALSE;
  return NEXT;
}

interface Directive {
  flags: string;
  width: number;
  precision: number;
  conversion: string;
}

function directiveAt(context: Context, slot: number): Directive {
  const text = latin1At(context, slot, 0, LONGEST_DIRECTIVE);
  const [, flags = '', width = '', point, digits = '', conversion = 's'] =
    /^%([-+ #0]*)(\d*)(\.)?(\d*)([a-zA-Z])/.exec(text) ?? [];
  return { flags, width: Number(width), precision: point === undefined ? -1 : Number(digits), conversion };
}

/** `digits` with the sign or prefix in front, padded to the width: zeros go between the two. */
function pad({ flags, width }: Directive, prefix: string, digits: string, mayZero: boolean): string {
  const missing = width - prefix.length - digits.length;
  if (missing <= 0) return prefix + digits;
  if (flags.includes('-')) return prefix + digits + ' '.repeat(missing);
  if (mayZero && flags.includes('0')) return prefix + '0'.repeat(missing) + digits;
  return ' '.repeat(missing) + prefix + digits;
}

function signOf({ flags }: Directive, isNegative: boolean): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

/** R[0] is the directive, R[1] an integer. */
function formatInteger(context: Context, registers: number): number {
  const directive = directiveAt(context, registers);
  const value = argument(registers, 1);
  charge(context, 4 + (directive.width >> 3));
  const low = context.i32[value];
  const top = context.i32[value + VALUE_HIGH];
  const isSigned = directive.conversion === 'd' || directive.conversion === 'i';
  const isNegative = isSigned && top < 0;
  let digits = isSigned ? signedToString(low, top).replace('-', '') : radixText(low, top, directive.conversion);
  if (directive.precision === 0 && digits === '0') digits = '';
  digits = digits.padStart(directive.precision, '0');
  const isZero = low === 0 && top === 0;
  let prefix = isSigned ? signOf(directive, isNegative) : '';
  if (directive.flags.includes('#') && !isZero) {
    if (directive.conversion === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
    else if (directive.conversion !== 'o') prefix = directive.conversion === 'x' ? '0x' : '0X';
  }
  return storeText(context, registers, pad(directive, prefix, digits, directive.precision < 0));
}

function radixText(low: number, top: number, conversion: string): string {
  if (conversion === 'u') return unsignedToString(low, top);
  if (conversion === 'o') {
    // 64 bits are 21 digits of 3 bits and one of 1.
    let text = '';
    for (let shift = 63; shift >= 0; shift -= 3) {
      const digit =
        shift >= 32 ? top >>> (shift - 32) : shift > 29 ? (top << (32 - shift)) | (low >>> shift) : low >>> shift;
      text += digit & 7;
    }
    return text.replace(/^0+(?=.)/, '');
  }
  const text = ((top >>> 0).toString(16) + (low >>> 0).toString(16).padStart(8, '0')).replace(/^0+(?=.)/, '');
  return conversion === 'X' ? text.toUpperCase() : text;
}

/** R[0] is the directive, R[1] a number. */
function formatFloat(context: Context, registers: number): number {
  const directive = directiveAt(context, registers);
  const value = doubleAt(context, argument(registers, 1));
  const conversion = directive.conversion.charCodeAt(0);
  charge(context, 4 + (floatTextWork(value, conversion, directive.precision) >> 2));
  const text = floatToString(value, conversion, directive.precision, directive.flags.includes('#'));
  const isNegative =
    text.startsWith('-') || (Number.isNaN(value) && context.i32[argument(registers, 1) + VALUE_HIGH] >= 0);
  const digits = text.replace('-', '');
  const isOrdinary = Number.isFinite(value);
  const isHexadecimal = /^0[xX]/.test(digits);
  const prefix = signOf(directive, isNegative) + (isHexadecimal ? digits.slice(0, 2) : '');
  return storeText(context, registers, pad(directive, prefix, isHexadecimal ? digits.slice(2) : digits, isOrdinary));
}

/** R[0] is the directive, R[1] a string: cut to the precision, padded to the width. */
function formatString(context: Context, registers: number): number {
  const directive = directiveAt(context, registers);
  const text = context.i32[argument(registers, 1)];
  const length = stringLength(context, text);
  const size = directive.precision < 0 ? length : Math.min(length, directive.precision);
  const padding = Math.max(directive.width - size, 0);
  charge(context, 2 + (((size + padding) / BYTES_AN_INSTRUCTION) | 0));
  const bytes = new Uint8Array(size + padding).fill(0x20);
  const start = stringStart(context, text);
  bytes.set(context.u8.subarray(start, start + size), directive.flags.includes('-') ? 0 : padding);
  return storeString(context, registers, bytes, 0, bytes.length);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** R[1] as Lua source that reads back as the same value (%q). */
function formatQuoted(context: Context, registers: number): number {
  const value = argument(registers, 1);
  const tag = tagOf(context, value);
  if (isString(tag)) return quoteString(context, registers, value);
  if (tag === TAG_NIL || tag === TAG_TRUE || tag === TAG_FALSE) {
    return storeText(context, registers, tag === TAG_NIL ? 'nil' : tag === TAG_TRUE ? 'true' : 'false');
  }
  if (tag === TAG_INTEGER) {
    const low = context.i32[value];
    const top = context.i32[value + VALUE_HIGH];
    const isSmallest = low === 0 && top === -0x80000000;
    return storeText(context, registers, isSmallest ? '0x8000000000000000' : signedToString(low, top));
  }
  if (tag === TAG_FLOAT) return storeText(context, registers, quoteFloat(context.f64[value >> 1]));
  return raiseAtCaller(context, "bad argument #2 to 'format' (value has no literal form)");
}

function quoteFloat(value: number): string {
  if (value === Infinity) return '1e9999';
  if (value === -Infinity) return '-1e9999';
  if (Number.isNaN(value)) return '(0/0)';
  const HEXADECIMAL = 0x61;
  if (Number.isInteger(value))
    return `${shortestToString(value).replace(/^(-?\d+)$/, '$1')}${Math.abs(value) < 1e21 ? 'e0' : ''}`;
  return floatToString(value, HEXADECIMAL, -1, false);
}

function quoteString(context: Context, registers: number, value: number): number {
  const start = stringStart(context, context.i32[value]);
  const length = stringLength(context, context.i32[value]);
  charge(context, length >> 2);
  const bytes = context.u8.subarray(start, start + length);
  const parts: number[] = [QUOTE];
  bytes.forEach((byte, index) => {
    if (byte === QUOTE || byte === BACKSLASH || byte === NEWLINE) parts.push(BACKSLASH, byte);
    else if (byte === RETURN) parts.push(BACKSLASH, 0x72);
    else if (byte === 0 || byte < 32 || byte === 127) pushEscape(parts, byte, bytes[index + 1] ?? 0);
    else parts.push(byte);
  });
  parts.push(QUOTE);
  return storeString(context, registers, Uint8Array.from(parts), 0, parts.length);
}

/** A control character as \ddd, with three digits where a digit follows. */
function pushEscape(parts: number[], byte: number, following: number): void {
  const isDigit = following >= 0x30 && following <= 0x39;
  const text = isDigit ? String(byte).padStart(3, '0') : String(byte);
  parts.push(BACKSLASH, ...Array.from(text, (digit) => digit.charCodeAt(0)));
}
