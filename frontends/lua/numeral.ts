// Lua's numerals to constants: integers of 64 bits (hexadecimal ones wrap, decimal ones that do not fit become floats)
// and floats, decimal and hexadecimal.
import type { Constant } from '../../vm/index';

const HEXADECIMAL_INTEGER = /^0[xX]([0-9a-fA-F]+)$/;
const DECIMAL_INTEGER = /^[0-9]+$/;
const DECIMAL_FLOAT = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const HEXADECIMAL_FLOAT = /^0[xX](?=[.]?[0-9a-fA-F])([0-9a-fA-F]*)\.?([0-9a-fA-F]*)(?:[pP]([+-]?[0-9]+))?$/;

const LARGEST_INTEGER = 2n ** 63n - 1n;

/** The constant that a numeral without sign stands for; null when it is malformed. */
export function parseNumeral(text: string): Constant | null {
  const hexadecimal = HEXADECIMAL_INTEGER.exec(text);
  if (hexadecimal !== null) return integerConstant(BigInt(`0x${hexadecimal[1]!.slice(-16)}`));
  if (DECIMAL_INTEGER.test(text)) {
    const significant = text.replace(/^0+(?=.)/, '');
    if (significant.length <= 19 && BigInt(significant) <= LARGEST_INTEGER) return integerConstant(BigInt(significant));
  }
  if (DECIMAL_FLOAT.test(text)) return { kind: 'float', value: parseDecimal(text) };
  const float = HEXADECIMAL_FLOAT.exec(text);
  return float === null ? null : { kind: 'float', value: parseHexadecimal(float[1]!, float[2]!, float[3] ?? '0') };
}

/** The integer constant of a 64-bit value, wrapped around. */
export function integerConstant(value: bigint): Constant {
  const wrapped = BigInt.asIntN(64, value);
  return { kind: 'integer', low: Number(BigInt.asIntN(32, wrapped)), high: Number(wrapped >> 32n) };
}

/** Correctly rounded. */
function parseDecimal(text: string): number {
  return Number(text);
}

/** Mantissa digits before and after the point times 2^exponent, rounded once. */
function parseHexadecimal(whole: string, fraction: string, exponentText: string): number {
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0;
  // 16 digits hold 61 bits or more; what follows can only break a tie, for which one bit stands in.
  const kept = digits.slice(0, 16);
  const isSticky = /[^0]/.test(digits.slice(16));
  const mantissa = BigInt(`0x${kept}`) * 2n + (isSticky ? 1n : 0n);
  const clamped = Math.max(-100_000, Math.min(100_000, Number(exponentText)));
  return scale(mantissa, clamped - fraction.length * 4 + (digits.length - kept.length) * 4 - 1);
}

/** mantissa * 2^exponent, to nearest, ties to even; infinite when too large. */
function scale(mantissa: bigint, exponent: number): number {
  const bits = mantissa.toString(2).length;
  // Position of the last bit that a float of this size can have: 53 bits, fewer when it is subnormal.
  const lastBit = Math.max(exponent + bits - 53, -1074);
  const shift = lastBit - exponent;
  if (shift <= 0) return multiplyByPower(Number(mantissa), exponent);
  const divisor = 1n << BigInt(Math.min(shift, 200));
  const half = divisor / 2n;
  const rest = mantissa % divisor;
  let rounded = mantissa / divisor;
  if (rest > half || (rest === half && rounded % 2n === 1n)) rounded++;
  return multiplyByPower(Number(rounded), lastBit);
}

/** value * 2^exponent in exact steps: the result needs no rounding, it may only be infinite. */
function multiplyByPower(value: number, exponent: number): number {
  let result = value;
  for (let rest = exponent; rest > 0 && result < Infinity; rest--) result *= 2;
  for (let rest = exponent; rest < 0 && result > 0; rest++) result /= 2;
  return result;
}
