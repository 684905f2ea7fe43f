// Text as floating point numbers: C's strtod and strtof on bytes, decimal of any length and hexadecimal, infinities and
// NaN, correctly rounded (float32 without rounding twice). The host's conversion is not used: it need only be exact for
// 20 digits. The work is bounded by `floatParseWork`.
import { powerOfTen } from './decimal-digits';
import { minimum } from './float';
import { digitValue } from './integer64-text';
import { bigPowerOfTen, DOUBLE, FLOAT, type FloatFormat, roundRational } from './round-rational';

/** The number of bytes that the latest parse consumed, spaces and sign included; 0 if there was no number. */
export let consumed = 0;

const TWO_53 = 9007199254740992;
// Halfway points between doubles have at most 768 digits; any non-zero digit beyond these is as good as any other.
const MOST_DIGITS = 800;
const CHUNK_DIGITS = 15;
const MOST_HEXADECIMAL_DIGITS = 32;
const EXPONENT_LIMIT = 1e10; // larger than any text is long

/**
 * The work of a parse of so many bytes, in instructions: between what one of a few digits costs and the some
 * microseconds of one that needs big integers, of which there is a fixed bound.
 */
export function floatParseWork(length: number): number {
  return 16 + 4 * length;
}

/**
 * The longest prefix of [start, end) that is a number for C's strtod, as a double; `consumed` tells its length. Spaces
 * and a sign may come first. Too large gives an infinity, too small a zero or a subnormal. Without a number 0.
 */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  return parse(bytes, start, end, DOUBLE);
}

/** The same as a float32: C's strtof. */
export function parseFloat32(bytes: Uint8Array, start: number, end: number): number {
  return parse(bytes, start, end, FLOAT);
}

/** Whether a byte is a space for C: space, \t, \n, \v, \f or \r. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 9 && byte <= 13);
}

function parse(bytes: Uint8Array, start: number, end: number, format: FloatFormat): number {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  const isNegative = at < end && bytes[at] === 0x2d;
  if (isNegative || (at < end && bytes[at] === 0x2b)) at++;
  consumed = 0;
  const value = parseMagnitude(bytes, at, end, format);
  if (consumed === 0) return 0;
  consumed += at - start;
  return isNegative ? -value : value;
}

/** Leaves in `consumed` what follows `at` only. */
function parseMagnitude(bytes: Uint8Array, at: number, end: number, format: FloatFormat): number {
  const first = at < end ? bytes[at] | 0x20 : 0;
  if (first === 0x69) return parseInfinity(bytes, at, end);
  if (first === 0x6e) return parseNotANumber(bytes, at, end);
  if (bytes[at] === 0x30 && at + 1 < end && (bytes[at + 1] | 0x20) === 0x78) {
    const value = parseHexadecimal(bytes, at + 2, end, format);
    consumed = consumed > 0 ? consumed + 2 : 1; // the 0 alone, where no digit follows the x
    return value;
  }
  return parseDecimal(bytes, at, end, format);
}

/** Whether `word`, in lower case, stands at `at` in any case. */
function matches(bytes: Uint8Array, at: number, end: number, word: string): boolean {
  if (end - at < word.length) return false;
  for (let index = 0; index < word.length; index++) {
    if ((bytes[at + index] | 0x20) !== word.charCodeAt(index)) return false;
  }
  return true;
}

function parseInfinity(bytes: Uint8Array, at: number, end: number): number {
  if (!matches(bytes, at, end, 'inf')) return 0;
  consumed = matches(bytes, at, end, 'infinity') ? 8 : 3;
  return Infinity;
}

/** nan, or nan(characters), whose characters have no meaning here. */
function parseNotANumber(bytes: Uint8Array, at: number, end: number): number {
  if (!matches(bytes, at, end, 'nan')) return 0;
  consumed = 3;
  if (at + 3 >= end || bytes[at + 3] !== 0x28) return NaN;
  let position = at + 4;
  while (position < end && (digitValue(bytes[position], 36) >= 0 || bytes[position] === 0x5f)) position++;
  if (position < end && bytes[position] === 0x29) consumed = position + 1 - at;
  return NaN;
}

// Where `scanDigits` found the digits of a number: the bytes, the point excepted, from the first that is not 0.
let firstDigit = 0;
let digitTotal = 0; // significant digits, zeros at the end included
let lastDigit = 0; // after the last digit or point
let pointShift = 0; // the power of the base of the last digit

/** Scans digits with at most one point among them. False if there is no digit. */
function scanDigits(bytes: Uint8Array, start: number, end: number, base: number): boolean {
  let at = start;
  let hasDigit = false;
  let point = -1;
  digitTotal = 0;
  for (; at < end; at++) {
    const digit = digitValue(bytes[at], base);
    if (digit >= 0) {
      hasDigit = true;
      if (digitTotal === 0) firstDigit = at;
      if (digitTotal > 0 || digit > 0) digitTotal++;
    } else if (bytes[at] === 0x2e && point < 0) point = at;
    else break;
  }
  lastDigit = at;
  pointShift = point < 0 ? 0 : point + 1 - at;
  return hasDigit;
}

let exponentEnd = 0;

/** The exponent behind the `letter` (lower case) at `at`, 0 if there is none; `exponentEnd` tells where it ends. */
function parseExponent(bytes: Uint8Array, at: number, end: number, letter: number): number {
  exponentEnd = at;
  if (at >= end || (bytes[at] | 0x20) !== letter) return 0;
  let position = at + 1;
  const isNegative = position < end && bytes[position] === 0x2d;
  if (isNegative || (position < end && bytes[position] === 0x2b)) position++;
  let exponent = 0;
  for (; position < end && digitValue(bytes[position], 10) >= 0; position++) {
    if (exponent < EXPONENT_LIMIT) exponent = exponent * 10 + digitValue(bytes[position], 10);
    exponentEnd = position + 1;
  }
  return isNegative ? -exponent : exponent;
}

function parseDecimal(bytes: Uint8Array, at: number, end: number, format: FloatFormat): number {
  if (!scanDigits(bytes, at, end, 10)) return 0;
  const power = pointShift + parseExponent(bytes, lastDigit, end, 0x65);
  consumed = exponentEnd - at;
  if (digitTotal === 0) return 0;
  if (digitTotal <= CHUNK_DIGITS + 1) {
    const digits = chunkOfDigits(firstDigit, digitTotal, bytes);
    if (isExact(digits, power, format)) return scaleExact(digits, power, format);
  }
  const magnitude = digitTotal + power; // the value is in [10^(magnitude - 1), 10^magnitude)
  if (magnitude > 310) return Infinity;
  if (magnitude < -330) return 0;
  return decimalToFloat(bytes, power, format);
}

/**
 * Whether one operation of doubles on `digits` and a power of ten, both exact, gives the right result: for float32 it
 * rounds twice, which is harmless for a quotient of numbers of at most 24 bits, and for a product that is exact.
 */
function isExact(digits: number, power: number, format: FloatFormat): boolean {
  if (format.precision === DOUBLE.precision) return digits < TWO_53 && power >= -22 && power <= 22;
  if (power >= 0) return power <= 15 && digits * powerOfTen(power) < TWO_53;
  return power >= -10 && digits < 16777216;
}

function scaleExact(digits: number, power: number, format: FloatFormat): number {
  const value = power < 0 ? digits / powerOfTen(-power) : digits * powerOfTen(power);
  return format.precision === DOUBLE.precision ? value : Math.fround(value);
}

let chunkEnd = 0;

/** The number that `count` digits from `at` write, at most 16; `chunkEnd` is left after them. */
function chunkOfDigits(at: number, count: number, bytes: Uint8Array): number {
  let value = 0;
  let position = at;
  for (let left = count; left > 0; position++) {
    if (bytes[position] === 0x2e) continue;
    value = value * 10 + (bytes[position] - 0x30);
    left--;
  }
  chunkEnd = position;
  return value;
}

/** The scanned decimal digits times 10^power, by integers: at most 800 digits, and one more for all the others. */
function decimalToFloat(bytes: Uint8Array, power: number, format: FloatFormat): number {
  const count = minimum(digitTotal, MOST_DIGITS);
  let integer = 0n;
  let scale = power + digitTotal - count;
  chunkEnd = firstDigit;
  for (let left = count; left > 0; ) {
    const size = minimum(left, CHUNK_DIGITS);
    integer = integer * BigInt(powerOfTen(size)) + BigInt(chunkOfDigits(chunkEnd, size, bytes));
    left -= size;
  }
  if (hasNonZero(bytes, chunkEnd, lastDigit)) {
    integer = integer * 10n + 1n;
    scale--;
  }
  if (scale >= 0) return roundRational(integer * bigPowerOfTen(scale), 1n, 0, format);
  return roundRational(integer, bigPowerOfTen(-scale), 0, format);
}

/** Whether a digit other than 0 stands in [start, end). */
function hasNonZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x30 && bytes[at] !== 0x2e) return true;
  return false;
}

function parseHexadecimal(bytes: Uint8Array, at: number, end: number, format: FloatFormat): number {
  if (!scanDigits(bytes, at, end, 16)) return 0;
  const shift = 4 * pointShift;
  const power = shift + parseExponent(bytes, lastDigit, end, 0x70);
  consumed = exponentEnd - at;
  if (digitTotal === 0) return 0;
  const magnitude = 4 * digitTotal + power;
  if (magnitude > 2000) return Infinity;
  if (magnitude < -2000) return 0;
  let integer = 0n;
  let left = minimum(digitTotal, MOST_HEXADECIMAL_DIGITS);
  const dropped = digitTotal - left;
  let position = firstDigit;
  for (; left > 0; position++) {
    if (bytes[position] === 0x2e) continue;
    integer = integer * 16n + BigInt(digitValue(bytes[position], 16));
    left--;
  }
  if (hasNonZero(bytes, position, lastDigit)) integer |= 1n;
  return roundRational(integer, 1n, power + 4 * dropped, format);
}
