// Intrinsics of the mathematical library, on the machine's own deterministic functions.
import {
  acos,
  asin,
  atan2,
  type Context,
  cos,
  exp,
  fmod,
  fromDouble,
  high,
  type Intrinsic,
  isLessUnsigned,
  log,
  log2,
  log10,
  NEXT,
  remainderSigned,
  sin,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_TABLE,
  tan,
  truncatesToSigned,
  VALUE_HIGH,
  writeBoolean,
  writeFloatValue,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import {
  argument,
  charge,
  doubleAt,
  intrinsic,
  isString,
  storeText,
  stringToNumber,
  tagOf,
  toInteger,
} from './support';

/** Instructions charged for a function: what the slowest takes in steps of the machine. */
const FUNCTION_COST = 20;

export const MATH_INTRINSICS: readonly Intrinsic[] = [
  unary('math_sqrt', Math.sqrt, 1),
  unary('math_fabs', Math.abs, 1),
  unary('math_sin', sin, FUNCTION_COST),
  unary('math_cos', cos, FUNCTION_COST),
  unary('math_tan', tan, FUNCTION_COST),
  unary('math_asin', asin, FUNCTION_COST),
  unary('math_acos', acos, FUNCTION_COST),
  unary('math_exp', exp, FUNCTION_COST),
  unary('math_log', log, FUNCTION_COST),
  unary('math_log2', log2, FUNCTION_COST),
  unary('math_log10', log10, FUNCTION_COST),
  binary('math_atan2', atan2),
  binary('math_fmod', fmod),
  intrinsic('math_floor', 1, 1, (context, registers) => round(context, registers, Math.floor)),
  intrinsic('math_ceil', 1, 1, (context, registers) => round(context, registers, Math.ceil)),
  intrinsic('math_trunc', 1, 1, truncate),
  intrinsic('math_type', 1, 1, type),
  intrinsic('math_tointeger', 1, 1, convert),
  intrinsic('math_ult', 2, 1, isBelow),
  intrinsic('math_remainder', 2, 1, remainder),
  intrinsic('seed_integer', 1, 1, seed),
];

function unary(name: string, compute: (x: number) => number, cost: number): Intrinsic {
  return intrinsic(name, 1, 1, (context, registers) => {
    charge(context, cost);
    writeFloatValue(context, registers, compute(doubleAt(context, registers)));
    return NEXT;
  });
}

function binary(name: string, compute: (x: number, y: number) => number): Intrinsic {
  return intrinsic(name, 2, 1, (context, registers) => {
    charge(context, FUNCTION_COST);
    const result = compute(doubleAt(context, registers), doubleAt(context, argument(registers, 1)));
    writeFloatValue(context, registers, result);
    return NEXT;
  });
}

/** An integer where the rounded number fits into one, else a float. */
function round(context: Context, registers: number, compute: (x: number) => number): number {
  if (tagOf(context, registers) === TAG_INTEGER) return NEXT;
  const value = compute(context.f64[registers >> 1]);
  if (truncatesToSigned(value)) {
    const low = fromDouble(value);
    writeInteger(context, registers, low, high);
  } else {
    writeFloatValue(context, registers, value);
  }
  return NEXT;
}

/** Towards zero, as a float; an integer stays what it is, as a float. */
function truncate(context: Context, registers: number): number {
  writeFloatValue(context, registers, Math.trunc(doubleAt(context, registers)));
  return NEXT;
}

function type(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (tag === TAG_INTEGER || tag === TAG_FLOAT)
    return storeText(context, registers, tag === TAG_INTEGER ? 'integer' : 'float');
  writeNil(context, registers);
  return NEXT;
}

/** The integer that R[0] is or writes; nil for anything else. */
function convert(context: Context, registers: number): number {
  if (isString(tagOf(context, registers)) && !stringToNumber(context, registers)) writeNil(context, registers);
  if (tagOf(context, registers) >= TAG_TABLE || !toInteger(context, registers)) writeNil(context, registers);
  return NEXT;
}

function isBelow(context: Context, registers: number): number {
  const { i32 } = context;
  const other = argument(registers, 1);
  const answer = isLessUnsigned(i32[registers], i32[registers + VALUE_HIGH], i32[other], i32[other + VALUE_HIGH]);
  writeBoolean(context, registers, answer);
  return NEXT;
}

/** C's remainder of two integers: the sign of the first. */
function remainder(context: Context, registers: number): number {
  const { i32 } = context;
  const other = argument(registers, 1);
  charge(context, 4);
  const low = remainderSigned(i32[registers], i32[registers + VALUE_HIGH], i32[other], i32[other + VALUE_HIGH]);
  writeInteger(context, registers, low, high);
  return NEXT;
}

/** The integer that a number is, or the bits of one that is none, as a seed. */
function seed(context: Context, registers: number): number {
  if (toInteger(context, registers)) return NEXT;
  writeInteger(context, registers, context.i32[registers], context.i32[registers + VALUE_HIGH]);
  return NEXT;
}
