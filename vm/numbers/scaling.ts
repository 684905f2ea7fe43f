// Powers of two and the parts of a double: ldexp, frexp, modf, and what the other functions build on.
import { addOrdered, tail } from './double-double';
import { bitsToDouble, copySign, doubleToBits } from './float';
import { high } from './integer64';

const TWO_54 = 18014398509481984;
const LEAST_NORMAL = 2.2250738585072014e-308;
const EXPONENT_BIAS = 1023;

/** 2^exponent for exponents from -1022 to 1023. */
export function powerOfTwo(exponent: number): number {
  return bitsToDouble(0, (exponent + EXPONENT_BIAS) << 20);
}

/** value * 2^exponent, rounded once; any int32 exponent. */
export function ldexp(value: number, exponent: number): number {
  if (exponent >= -1022 && exponent <= 1023) return value * powerOfTwo(exponent);
  if (value === 0 || !Number.isFinite(value)) return value;
  if (exponent > 1023) return scaleUp(value, exponent - 1023);
  const fraction = frexpFraction(value);
  const result = exponent + frexpExponent(value);
  // The fraction is moved down exactly, as far as it stays normal, so that only the last product rounds.
  if (result > -1022) return fraction * 2 * powerOfTwo(result - 1);
  return result < -1080 ? fraction * 0 : fraction * powerOfTwo(result + 1022) * LEAST_NORMAL;
}

/**
 * The double-double value + valueTail, of at least 0.5 and below 2, times 2^exponent, rounded once: a subnormal result has fewer
 * bits than the value, which was rounded already.
 */
export function roundScaled(value: number, valueTail: number, exponent: number): number {
  if (exponent > -1022 || (exponent === -1022 && value >= 1)) return ldexp(value, exponent);
  // A sum with this has the least double as its unit, scaled as the value is.
  const unitary = powerOfTwo(Math.min(-1022 - exponent, 1023));
  const sum = addOrdered(unitary, value);
  return ldexp(sum + (tail[0] + valueTail) - unitary, exponent);
}

/** Scales by 2^(1023 + rest) in steps that are exact until one overflows. */
function scaleUp(value: number, rest: number): number {
  const greatest = powerOfTwo(1023);
  if (rest <= 1023) return value * greatest * powerOfTwo(rest);
  return value * greatest * greatest * (rest <= 2046 ? powerOfTwo(rest - 1023) : greatest);
}

/** The fraction f of value = f * 2^e with |f| in [0.5, 1); zeros, infinities and NaN as they are. */
export function frexpFraction(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const normal = Math.abs(value) < LEAST_NORMAL ? value * TWO_54 : value;
  const low = doubleToBits(normal);
  return bitsToDouble(low, (high & ~0x7ff00000) | ((EXPONENT_BIAS - 1) << 20));
}

/** The exponent e of value = f * 2^e with |f| in [0.5, 1); 0 for zeros, infinities and NaN. */
export function frexpExponent(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const isSubnormal = Math.abs(value) < LEAST_NORMAL;
  doubleToBits(isSubnormal ? value * TWO_54 : value);
  return ((high >>> 20) & 0x7ff) - (EXPONENT_BIAS - 1) - (isSubnormal ? 54 : 0);
}

/** The integral part of a value, with its sign. */
export function modfInteger(value: number): number {
  return Math.trunc(value);
}

/** The fractional part of a value, with its sign; a zero for infinities. */
export function modfFraction(value: number): number {
  return copySign(Number.isFinite(value) ? value - Math.trunc(value) : Number.isNaN(value) ? value : 0, value);
}
