// Intrinsics of the mathematical library, on the machine's own deterministic functions, and tonumber. Each checks its
// arguments itself and leaves its result in the place of the first.
import {
  acos,
  asin,
  atan2,
  type Context,
  compareSigned,
  compareWithDouble,
  copyValue,
  cos,
  cosh,
  digitValue,
  exp,
  fmod,
  frexpExponent,
  frexpFraction,
  fromDouble,
  high,
  type Intrinsic,
  isLessUnsigned,
  isNumberTag,
  ldexp,
  log,
  log2,
  log10,
  NEXT,
  negate,
  parseDigits,
  pow,
  remainderSigned,
  sin,
  sinh,
  stringLength,
  stringStart,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_NIL,
  tan,
  tanh,
  truncatesToSigned,
  VALUE_HIGH,
  VALUE_SIZE,
  writeBoolean,
  writeFloatValue,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { argumentCount, raiseArgument, raiseArgumentType } from './argument-errors';
import {
  argument,
  charge,
  checkInteger,
  checkNumber,
  doubleAt,
  extraCount,
  firstExtra,
  integerAt,
  intrinsic,
  isString,
  leaveToGuest,
  note,
  noted,
  OPEN,
  returnValues,
  stopAt,
  storeText,
  stringToNumber,
  tagOf,
  toInteger,
} from './support';

/** Instructions charged for a function: what the slowest takes in steps of the machine. */
const FUNCTION_COST = 20;

export const MATH_INTRINSICS: readonly Intrinsic[] = [
  unary('math_sqrt', Math.sqrt, 1),
  unary('math_sin', sin, FUNCTION_COST),
  unary('math_cos', cos, FUNCTION_COST),
  unary('math_tan', tan, FUNCTION_COST),
  unary('math_asin', asin, FUNCTION_COST, true),
  unary('math_acos', acos, FUNCTION_COST, true),
  unary('math_exp', exp, FUNCTION_COST),
  unary('math_cosh', cosh, FUNCTION_COST),
  unary('math_sinh', sinh, FUNCTION_COST),
  unary('math_tanh', tanh, FUNCTION_COST),
  unary('math_log10', log10, FUNCTION_COST, true),
  unary('math_deg', (x) => x * (180 / Math.PI), 1),
  unary('math_rad', (x) => x * (Math.PI / 180), 1),
  intrinsic('math_atan', 2, 1, arcTangent),
  intrinsic('math_log', 2, 1, logarithm),
  intrinsic('math_fmod', 2, 1, remainder),
  intrinsic('math_modf', 2, OPEN, parts),
  intrinsic('math_pow', 2, 1, power),
  intrinsic('math_frexp', 2, OPEN, fraction),
  intrinsic('math_ldexp', 2, 1, scaled),
  intrinsic('math_floor', 1, 1, (context, registers) => round(context, registers, Math.floor)),
  intrinsic('math_ceil', 1, 1, (context, registers) => round(context, registers, Math.ceil)),
  intrinsic('math_abs', 1, 1, magnitude),
  intrinsic('math_max', 1, 1, (context, registers) => extreme(context, registers, 1)),
  intrinsic('math_min', 1, 1, (context, registers) => extreme(context, registers, -1)),
  intrinsic('math_type', 1, 1, type),
  intrinsic('math_tointeger', 1, 1, convert),
  intrinsic('math_ult', 2, 1, isBelow),
  intrinsic('tonumber', 2, 1, toNumber),
];

/** `isPlainNan`: the NaN that C's function makes of a number shows without a sign, where others have it. */
function unary(name: string, compute: (x: number) => number, cost: number, isPlainNan = false): Intrinsic {
  return intrinsic(name, 1, 1, (context, registers) => {
    const signal = checkNumber(context, registers, 1);
    if (signal !== NEXT) return signal;
    charge(context, cost);
    const value = doubleAt(context, registers);
    const result = compute(value);
    writeFloatValue(context, registers, result);
    if (isPlainNan && Number.isNaN(result) && !Number.isNaN(value)) unsignNan(context, registers);
    return NEXT;
  });
}

/** The sign of a NaN is its text's, and ours is the other way round. */
function unsignNan(context: Context, registers: number): void {
  context.i32[registers + VALUE_HIGH] |= -0x80000000;
}

function arcTangent(context: Context, registers: number): number {
  const other = argument(registers, 1);
  const signal =
    checkNumber(context, registers, 1) || (tagOf(context, other) === TAG_NIL ? NEXT : checkNumber(context, other, 2));
  if (signal !== NEXT) return signal;
  charge(context, FUNCTION_COST);
  const x = tagOf(context, other) === TAG_NIL ? 1 : doubleAt(context, other);
  writeFloatValue(context, registers, atan2(doubleAt(context, registers), x));
  return NEXT;
}

function logarithm(context: Context, registers: number): number {
  const base = argument(registers, 1);
  const signal =
    checkNumber(context, registers, 1) || (tagOf(context, base) === TAG_NIL ? NEXT : checkNumber(context, base, 2));
  if (signal !== NEXT) return signal;
  charge(context, 2 * FUNCTION_COST);
  const value = doubleAt(context, registers);
  const radix = tagOf(context, base) === TAG_NIL ? 0 : doubleAt(context, base);
  const hasBase = tagOf(context, base) !== TAG_NIL;
  writeFloatValue(context, registers, hasBase ? logarithmTo(value, radix) : log(value));
  return NEXT;
}

function logarithmTo(value: number, base: number): number {
  if (base === 2) return log2(value);
  return base === 10 ? log10(value) : log(value) / log(base);
}

/** C's fmod, and for two integers (but not their texts) C's remainder: the sign of the first. */
function remainder(context: Context, registers: number): number {
  const { i32 } = context;
  const other = argument(registers, 1);
  if (tagOf(context, registers) === TAG_INTEGER && tagOf(context, other) === TAG_INTEGER) {
    if ((i32[other] | i32[other + VALUE_HIGH]) === 0) return raiseArgument(context, 2, 'zero');
    charge(context, 4);
    const low = remainderSigned(i32[registers], i32[registers + VALUE_HIGH], i32[other], i32[other + VALUE_HIGH]);
    writeInteger(context, registers, low, high);
    return NEXT;
  }
  // The second is looked at first, as C's compiler has it.
  const signal = checkNumber(context, other, 2) || checkNumber(context, registers, 1);
  if (signal !== NEXT) return signal;
  charge(context, FUNCTION_COST);
  writeFloatValue(context, registers, fmod(doubleAt(context, registers), doubleAt(context, other)));
  return NEXT;
}

/** The whole part, as `round` has it, and the rest. */
function parts(context: Context, registers: number): number {
  const signal = checkNumber(context, registers, 1);
  if (signal !== NEXT) return signal;
  const value = doubleAt(context, registers);
  const whole = Math.trunc(value);
  writeFloatValue(context, argument(registers, 1), value === whole ? 0 : value - whole);
  if (tagOf(context, registers) === TAG_FLOAT) writeRounded(context, registers, whole);
  return returnValues(context, registers, 2);
}

function power(context: Context, registers: number): number {
  const exponent = argument(registers, 1);
  const signal = checkNumber(context, registers, 1) || checkNumber(context, exponent, 2);
  if (signal !== NEXT) return signal;
  charge(context, 2 * FUNCTION_COST);
  writeFloatValue(context, registers, pow(doubleAt(context, registers), doubleAt(context, exponent)));
  return NEXT;
}

/** C's frexp: a fraction in [0.5, 1) and the power of two that make the number. */
function fraction(context: Context, registers: number): number {
  const signal = checkNumber(context, registers, 1);
  if (signal !== NEXT) return signal;
  const value = doubleAt(context, registers);
  const exponent = frexpExponent(value);
  writeInteger(context, argument(registers, 1), exponent, exponent >> 31);
  writeFloatValue(context, registers, frexpFraction(value));
  return returnValues(context, registers, 2);
}

/** C's ldexp: a number times a power of two. As in C, the low 32 bits are the exponent. */
function scaled(context: Context, registers: number): number {
  const exponent = argument(registers, 1);
  const signal = checkNumber(context, registers, 1) || checkInteger(context, exponent, 2);
  if (signal !== NEXT) return signal;
  writeFloatValue(context, registers, ldexp(doubleAt(context, registers), context.i32[exponent]));
  return NEXT;
}

/** An integer where the rounded number fits into one, else a float. */
function round(context: Context, registers: number, compute: (x: number) => number): number {
  if (tagOf(context, registers) === TAG_INTEGER) return NEXT;
  const signal = checkNumber(context, registers, 1);
  if (signal !== NEXT || tagOf(context, registers) === TAG_INTEGER) return signal;
  writeRounded(context, registers, compute(context.f64[registers >> 1]));
  return NEXT;
}

function writeRounded(context: Context, slot: number, value: number): void {
  const small = value | 0;
  if (small === value) writeInteger(context, slot, small, small >> 31);
  else if (truncatesToSigned(value)) {
    const low = fromDouble(value);
    writeInteger(context, slot, low, high);
  } else writeFloatValue(context, slot, value);
}

/** An integer's absolute value is one; a text's is a float. */
function magnitude(context: Context, registers: number): number {
  const { i32 } = context;
  if (tagOf(context, registers) !== TAG_INTEGER) {
    const signal = checkNumber(context, registers, 1);
    if (signal !== NEXT) return signal;
    if (tagOf(context, registers) === TAG_INTEGER) writeFloatValue(context, registers, integerAt(context, registers));
    // fabs takes the sign away as from any number.
    const value = context.f64[registers >> 1];
    if (Number.isNaN(value)) unsignNan(context, registers);
    else writeFloatValue(context, registers, Math.abs(value));
  } else if (i32[registers + VALUE_HIGH] < 0) {
    const low = negate(i32[registers], i32[registers + VALUE_HIGH]);
    writeInteger(context, registers, low, high);
  }
  return NEXT;
}

/** Numbers that are compared between two looks at the fuel. */
const CHUNK = 256;

/**
 * The largest (`order` 1) or smallest (-1) of R[0] and the extra arguments, when all are numbers; else left to the guest.
 * FRAME_STATE: how many are done, plus 1.
 */
function extreme(context: Context, registers: number, order: number): number {
  if (!isNumberTag(tagOf(context, registers))) {
    return argumentCount(context) < 1 ? raiseArgument(context, 1, 'value expected') : leaveToGuest(context);
  }
  const count = extraCount(context);
  const first = firstExtra(context);
  for (let done = Math.max(noted(context) - 1, 0); done < count; ) {
    if (done > 0 && context.fuel <= 0) return stopAt(context, done + 1);
    const end = Math.min(done + CHUNK, count);
    charge(context, end - done);
    for (; done < end; done++) {
      const slot = first + done * VALUE_SIZE;
      if (!isNumberTag(tagOf(context, slot))) {
        note(context, 0);
        return leaveToGuest(context);
      }
      if (order * compareNumbers(context, slot, registers) > 0) copyValue(context, registers, slot);
    }
  }
  note(context, 0);
  return NEXT;
}

/** Below, equal to or above 0 as the number at `a` is to that at `b`; 0 with a NaN. */
function compareNumbers(context: Context, a: number, b: number): number {
  const { i32, f64 } = context;
  const isFloat = tagOf(context, a) === TAG_FLOAT;
  if (tagOf(context, b) === TAG_INTEGER) {
    if (!isFloat) return compareSigned(i32[a], i32[a + VALUE_HIGH], i32[b], i32[b + VALUE_HIGH]);
    return Number.isNaN(f64[a >> 1]) ? 0 : -compareWithDouble(i32[b], i32[b + VALUE_HIGH], f64[a >> 1]);
  }
  const right = f64[b >> 1];
  if (Number.isNaN(right)) return 0;
  if (!isFloat) return compareWithDouble(i32[a], i32[a + VALUE_HIGH], right);
  const left = f64[a >> 1];
  return left < right ? -1 : left > right ? 1 : 0;
}

function type(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (tag === TAG_INTEGER || tag === TAG_FLOAT) {
    return storeText(context, registers, tag === TAG_INTEGER ? 'integer' : 'float');
  }
  if (tag === TAG_NIL && argumentCount(context) < 1) return raiseArgument(context, 1, 'value expected');
  writeNil(context, registers);
  return NEXT;
}

/** The integer that R[0] is or writes; nil for anything else. */
function convert(context: Context, registers: number): number {
  if (tagOf(context, registers) === TAG_NIL && argumentCount(context) < 1) {
    return raiseArgument(context, 1, 'value expected');
  }
  if (!toInteger(context, registers)) writeNil(context, registers);
  return NEXT;
}

function isBelow(context: Context, registers: number): number {
  const { i32 } = context;
  const other = argument(registers, 1);
  const signal = checkInteger(context, registers, 1) || checkInteger(context, other, 2);
  if (signal !== NEXT) return signal;
  const answer = isLessUnsigned(i32[registers], i32[registers + VALUE_HIGH], i32[other], i32[other + VALUE_HIGH]);
  writeBoolean(context, registers, answer);
  return NEXT;
}

// --- tonumber ---

const MINUS = 0x2d;
const PLUS = 0x2b;
const LONGEST_INTEGER = 4096;

/** tonumber of R[0] in the base R[1]. */
function toNumber(context: Context, registers: number): number {
  const base = argument(registers, 1);
  if (tagOf(context, base) !== TAG_NIL) return parseInteger(context, registers, base);
  const tag = tagOf(context, registers);
  if (tag === TAG_INTEGER || tag === TAG_FLOAT) return NEXT;
  if (tag === TAG_NIL && argumentCount(context) < 1) return raiseArgument(context, 1, 'value expected');
  if (!isString(tag) || !stringToNumber(context, registers)) writeNil(context, registers);
  return NEXT;
}

/** The integer that the string R[0] writes in a base, wrapped to 64 bits, or nil. */
function parseInteger(context: Context, registers: number, base: number): number {
  const signal = checkInteger(context, base, 2);
  if (signal !== NEXT) return signal;
  if (!isString(tagOf(context, registers))) return raiseArgumentType(context, 1, registers, 'string');
  const radix = integerAt(context, base);
  if (radix < 2 || radix > 36) return raiseArgument(context, 2, 'base out of range');
  const { u8, i32 } = context;
  let start = stringStart(context, i32[registers]);
  let end = start + stringLength(context, i32[registers]);
  charge(context, Math.min(end - start, LONGEST_INTEGER) >> 1);
  const isTooLong = end - start > LONGEST_INTEGER;
  while (!isTooLong && start < end && isSpace(u8[start])) start++;
  while (!isTooLong && end > start && isSpace(u8[end - 1])) end--;
  const isNegative = start < end && u8[start] === MINUS;
  if (isNegative || (start < end && u8[start] === PLUS)) start++;
  if (isTooLong || start === end || !areDigits(u8, start, end, radix)) {
    writeNil(context, registers);
    return NEXT;
  }
  const low = parseDigits(u8, start, end, radix);
  const top = high;
  const signed = isNegative ? negate(low, top) : low;
  writeInteger(context, registers, signed, isNegative ? high : top);
  return NEXT;
}

function areDigits(bytes: Uint8Array, start: number, end: number, base: number): boolean {
  for (let at = start; at < end; at++) if (digitValue(bytes[at], base) < 0) return false;
  return true;
}

/** C's isspace. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
