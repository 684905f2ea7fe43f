// Doubles as text, as C's printf writes them (%e %f %g %a, any precision, exactly rounded, and the alternate form), as
// short as possible for JSON, and as a language with integers and floats apart writes floats. Field widths and the
// flags for signs are the caller's. Neither value nor machine can make two results differ: NaN has no sign here.
import {
  decimalExponent,
  digitCount,
  digits,
  fixedDigits,
  MOST_DECIMALS,
  MOST_SIGNIFICANT,
  shortestDigits,
  significantDigits,
} from './decimal-digits';
import { isNegative, maximum, minimum, nearest } from './float';
import { bytesToString, writeBits, writeDecimal } from './integer64-text';
import { frexpExponent, frexpFraction, ldexp, powerOfTwo } from './scaling';

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const LOWER_A = 0x61;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_G = 0x67;
const CASE_BIT = 0x20;

const DEFAULT_PRECISION = 6;
const NUMERAL_PRECISION = 14;
const HEXADECIMAL_DIGITS = 13;

/** The most bytes that `writeShortest` and `writeFloatNumeral` write. */
export const SHORT_FLOAT_SIZE = 32;

/**
 * The most bytes that `writeFloat` writes for these arguments; the caller checks that there is room. It is at most
 * the precision plus 330.
 */
export function floatTextSize(value: number, conversion: number, precision: number): number {
  const count = precision < 0 ? DEFAULT_PRECISION : precision;
  const kind = conversion | CASE_BIT;
  if (kind !== LOWER_F) return 24 + (kind === LOWER_A && count < HEXADECIMAL_DIGITS ? HEXADECIMAL_DIGITS : count);
  const exponent = frexpExponent(value);
  return 8 + count + (exponent > 0 ? Math.ceil(exponent * 0.302) : 0);
}

/**
 * The work of `writeFloat` in instructions, known before it is done: one for each byte that it may write, and one for
 * each bit of the integers that the exact rounding of very large and very small values needs.
 */
export function floatTextWork(value: number, conversion: number, precision: number): number {
  return floatTextSize(value, conversion, precision) + Math.abs(frexpExponent(value));
}

/**
 * Writes a value as C's printf does: `conversion` is the ASCII code of one of e f g a E F G A, `precision` is -1 where
 * the format gives none, `alternate` is the flag #. Returns the number of bytes written, at most `floatTextSize`.
 */
export function writeFloat(
  out: Uint8Array,
  at: number,
  value: number,
  conversion: number,
  precision: number,
  alternate: boolean,
): number {
  const isUpper = (conversion & CASE_BIT) === 0;
  let end = at;
  if (isNegative(value)) out[end++] = MINUS;
  const magnitude = Math.abs(value);
  const kind = conversion | CASE_BIT;
  const count = precision < 0 ? DEFAULT_PRECISION : precision;
  if (!Number.isFinite(magnitude)) end = writeSpecial(out, end, magnitude, isUpper);
  else if (kind === LOWER_A) end = writeHexadecimal(out, end, magnitude, precision, alternate, isUpper);
  else if (kind === LOWER_F) end = writeFixed(out, end, magnitude, count, alternate);
  else if (kind === LOWER_G) end = writeGeneral(out, end, magnitude, count === 0 ? 1 : count, alternate, isUpper);
  else {
    findSignificant(magnitude, count + 1);
    end = layExponential(out, end, count, alternate, isUpper);
  }
  return end - at;
}

/** `writeFloat` into a string. */
export function floatToString(value: number, conversion: number, precision: number, alternate: boolean): string {
  const bytes = new Uint8Array(floatTextSize(value, conversion, precision));
  return bytesToString(bytes, writeFloat(bytes, 0, value, conversion, precision, alternate));
}

function writeSpecial(out: Uint8Array, at: number, value: number, isUpper: boolean): number {
  const text = Number.isNaN(value) ? 'nan' : 'inf';
  return writeText(out, at, isUpper ? text.toUpperCase() : text);
}

function writeText(out: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** Leaves significant digits of a value that may be 0; of more than there can be only the first are produced. */
function findSignificant(value: number, count: number): void {
  if (value === 0) fixedDigits(0, 0);
  else significantDigits(value, minimum(count, MOST_SIGNIFICANT));
}

function writeFixed(out: Uint8Array, at: number, value: number, precision: number, alternate: boolean): number {
  fixedDigits(value, minimum(precision, MOST_DECIMALS));
  return layFixed(out, at, precision, alternate);
}

/** %g: %e where the exponent is below -4 or not below the precision, else %f; without zeros at the end unless #. */
function writeGeneral(
  out: Uint8Array,
  at: number,
  value: number,
  precision: number,
  alternate: boolean,
  isUpper: boolean,
): number {
  findSignificant(value, precision);
  let significant = precision;
  if (!alternate) {
    significant = digitCount;
    while (significant > 1 && digits[significant - 1] === ZERO) significant--;
  }
  const power = decimalExponent;
  if (power < -4 || power >= precision) return layExponential(out, at, significant - 1, alternate, isUpper);
  const decimals = significant - 1 - power;
  return layFixed(out, at, maximum(decimals, 0), alternate);
}

/** Lays out the digits as d.ddde+xx with `precision` decimals. */
function layExponential(out: Uint8Array, at: number, precision: number, alternate: boolean, isUpper: boolean): number {
  let end = at;
  out[end++] = digits[0];
  if (precision > 0 || alternate) out[end++] = POINT;
  end = layDigits(out, end, 1, precision);
  out[end++] = isUpper ? LOWER_E - CASE_BIT : LOWER_E;
  return writeExponent(out, end, decimalExponent, 2);
}

/** Lays out the digits as ddd.ddd with `precision` decimals. */
function layFixed(out: Uint8Array, at: number, precision: number, alternate: boolean): number {
  let end = at;
  if (decimalExponent < 0) out[end++] = ZERO;
  else end = layDigits(out, end, 0, decimalExponent + 1);
  if (precision > 0 || alternate) out[end++] = POINT;
  return layDigits(out, end, decimalExponent + 1, precision);
}

/** `count` digits from index `first` on, which may be negative; zeros stand outside of the digits there are. */
function layDigits(out: Uint8Array, at: number, first: number, count: number): number {
  const end = at + count;
  out.fill(ZERO, at, end);
  const start = first < 0 ? -first : 0;
  for (let index = start; index < count && first + index < digitCount; index++) {
    out[at + index] = digits[first + index];
  }
  return end;
}

function writeExponent(out: Uint8Array, at: number, exponent: number, width: number): number {
  out[at] = exponent < 0 ? MINUS : PLUS;
  return at + 1 + writeDecimal(out, at + 1, Math.abs(exponent), width);
}

/**
 * %a: 0xh.hhhp+d, the first digit 1, or 0 for zeros and subnormals, which keep the least exponent (as glibc). Rounding
 * to fewer digits may make the first digit 2.
 */
function writeHexadecimal(
  out: Uint8Array,
  at: number,
  value: number,
  precision: number,
  alternate: boolean,
  isUpper: boolean,
): number {
  const power = value === 0 ? 0 : frexpExponent(value) - 1;
  const exponent = maximum(power, -1022);
  // In [0, 2), exact.
  let mantissa = power < -1022 ? ldexp(value, 1022) : frexpFraction(value) * 2;
  if (precision >= 0 && precision < HEXADECIMAL_DIGITS) {
    mantissa = nearest(mantissa * powerOfTwo(4 * precision)) * powerOfTwo(-4 * precision);
  }
  let end = writeText(out, at, isUpper ? '0X' : '0x');
  const first = Math.floor(mantissa);
  out[end++] = ZERO + first;
  const count = precision < 0 ? fractionDigits(mantissa - first) : precision;
  if (count > 0 || alternate) out[end++] = POINT;
  writeFraction(out, end, mantissa - first, count, isUpper);
  end += count;
  out[end++] = isUpper ? 0x50 : 0x70;
  return writeExponent(out, end, exponent, 1);
}

/** The number of hexadecimal digits that a fraction of 52 bits needs. */
function fractionDigits(fraction: number): number {
  let count = 0;
  for (let rest = fraction; rest !== 0; rest = rest * 16 - Math.floor(rest * 16)) count++;
  return count;
}

function writeFraction(out: Uint8Array, at: number, fraction: number, count: number, isUpper: boolean): void {
  let rest = fraction;
  for (let index = 0; index < count; index++) {
    rest *= 16;
    const digit = Math.floor(rest);
    writeBits(out, at + index, digit, 0, 16, isUpper);
    rest -= digit;
  }
}

/**
 * Writes the fewest digits that read back as the same double, in JavaScript's layout: plain up to 21 digits before the
 * point and 5 zeros after it, else 1.5e+21; -0 as -0, and inf, -inf, nan, which JSON has no word for. Returns the
 * number of bytes written, at most `SHORT_FLOAT_SIZE`. The work is floatTextWork's for %.17g.
 */
export function writeShortest(out: Uint8Array, at: number, value: number): number {
  let end = at;
  if (isNegative(value)) out[end++] = MINUS;
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value)) return writeSpecial(out, end, magnitude, false) - at;
  if (value === 0) fixedDigits(0, 0);
  else shortestDigits(magnitude);
  const decimals = digitCount - 1 - decimalExponent;
  if (decimalExponent >= -6 && decimalExponent < 21) return layFixed(out, end, maximum(decimals, 0), false) - at;
  out[end++] = digits[0];
  if (digitCount > 1) out[end++] = POINT;
  end = layDigits(out, end, 1, digitCount - 1);
  out[end++] = LOWER_E;
  return writeExponent(out, end, decimalExponent, 1) - at;
}

/** `writeShortest` into a string. */
export function shortestToString(value: number): string {
  const bytes = new Uint8Array(SHORT_FLOAT_SIZE);
  return bytesToString(bytes, writeShortest(bytes, 0, value));
}

/**
 * Writes a float so that it is told from an integer: %.14g, with .0 added to what looks like an integer; inf, -inf, and
 * nan, or -nan where the caller says that the NaN counts as negative. Returns the number of bytes written, at most
 * `SHORT_FLOAT_SIZE`. The work is floatTextWork's for %.14g.
 */
export function writeFloatNumeral(out: Uint8Array, at: number, value: number, nanIsNegative: boolean): number {
  if (Number.isNaN(value)) return writeText(out, at, nanIsNegative ? '-nan' : 'nan') - at;
  const length = writeFloat(out, at, value, LOWER_G, NUMERAL_PRECISION, false);
  for (let index = at; index < at + length; index++) {
    if (out[index] !== MINUS && (out[index] < ZERO || out[index] > ZERO + 9)) return length;
  }
  out[at + length] = POINT;
  out[at + length + 1] = ZERO;
  return length + 2;
}

/** `writeFloatNumeral` into a string. */
export function floatNumeralToString(value: number, nanIsNegative: boolean): string {
  const bytes = new Uint8Array(SHORT_FLOAT_SIZE);
  return bytesToString(bytes, writeFloatNumeral(bytes, 0, value, nanIsNegative));
}
