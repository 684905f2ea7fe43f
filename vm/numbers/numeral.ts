// A whole text as a number, integer or float: decimal or hexadecimal, with sign and surrounding spaces. The coercion of
// strings to numbers in the value family, and the literals of languages that write numbers this way.
import { high, negate } from './integer64';
import { digitValue, overflowed, parseDigits } from './integer64-text';
import { consumed, isSpace, parseDouble } from './parse-float';

/** The text is no number. */
export const NUMERAL_NONE = 0;
/** The text is an integer: `numeralLow` and `numeralHigh`. */
export const NUMERAL_INTEGER = 1;
/** The text is a float: `numeralFloat`. */
export const NUMERAL_FLOAT = 2;

/** The words of the latest integer. */
export let numeralLow = 0;
export let numeralHigh = 0;
/** The latest float. */
export let numeralFloat = 0;

/**
 * Reads all of [start, end) as one number and returns its kind. Decimal digits alone are an integer if they fit in 64
 * bits, signed, and else a float; hexadecimal digits alone are an integer modulo 2^64. A point or an exponent (e, in
 * hexadecimal p) makes a float. Not numbers: inf, nan, an empty text. The work is `floatParseWork` of the length.
 */
export function parseNumeral(bytes: Uint8Array, start: number, end: number): number {
  let first = start;
  let last = end;
  while (first < last && isSpace(bytes[first])) first++;
  while (first < last && isSpace(bytes[last - 1])) last--;
  const isNegative = first < last && bytes[first] === 0x2d;
  const unsigned = isNegative || (first < last && bytes[first] === 0x2b) ? first + 1 : first;
  if (parseInteger(bytes, unsigned, last, isNegative)) return NUMERAL_INTEGER;
  // The first byte after the sign must be a digit or a point: strtod takes words, too, and spaces before a sign.
  if (unsigned >= last || (bytes[unsigned] !== 0x2e && digitValue(bytes[unsigned], 10) < 0)) return NUMERAL_NONE;
  const value = parseDouble(bytes, unsigned, last);
  if (consumed !== last - unsigned) return NUMERAL_NONE;
  numeralFloat = isNegative ? -value : value;
  return NUMERAL_FLOAT;
}

/** Whether the digits are an integer in range, which is then left in `numeralLow` and `numeralHigh`. */
function parseInteger(bytes: Uint8Array, start: number, end: number, isNegative: boolean): boolean {
  const isHexadecimal = end - start > 2 && bytes[start] === 0x30 && (bytes[start + 1] | 0x20) === 0x78;
  const base = isHexadecimal ? 16 : 10;
  const first = isHexadecimal ? start + 2 : start;
  if (first >= end) return false;
  for (let at = first; at < end; at++) if (digitValue(bytes[at], base) < 0) return false;
  const low = parseDigits(bytes, first, end, base);
  if (!isHexadecimal && !fitsSigned(low, high, isNegative)) return false;
  numeralLow = isNegative ? negate(low, high) : low;
  numeralHigh = high;
  return true;
}

/** Whether the latest parsed digits, negated if so, are a signed 64-bit integer. */
function fitsSigned(low: number, top: number, isNegative: boolean): boolean {
  return !overflowed && (top >= 0 || (isNegative && top === -0x80000000 && low === 0));
}
