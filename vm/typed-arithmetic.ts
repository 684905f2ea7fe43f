// Arithmetic of typed code that the loop leaves to functions: 64-bit division and rotation, rounding, minima and maxima,
// and the conversions that are rare. A call inside the loop would make every instruction slower, since the host's compiler
// then keeps the loop's state in memory.
import type { Context } from './context';
import { Trap } from './errors';
import { CANONICAL_NAN_FLOAT, maximum, minimum, nearest, storeDouble } from './numbers/float';
import {
  countOnes,
  divideSigned,
  divideUnsigned,
  divisionOverflows,
  high,
  remainderSigned,
  remainderUnsigned,
  rotateLeft,
  rotateRight,
} from './numbers/integer64';
import {
  fromDouble,
  fromDoubleSaturating,
  fromDoubleSaturatingUnsigned,
  toFloat,
  toFloatUnsigned,
  truncatesToSigned,
  truncatesToUnsigned,
} from './numbers/integer64-conversion';
import { TypedOp } from './opcode-numbers';

const DONE = -1;

/** Does `op` on the registers at words a, b, c. Answers -1, or the trap. */
export function compute(context: Context, op: number, a: number, b: number, c: number): number {
  const { i32, f32, f64 } = context;
  switch (op) {
    case TypedOp.I64_DIV_S:
    case TypedOp.I64_DIV_U:
    case TypedOp.I64_REM_S:
    case TypedOp.I64_REM_U:
      return divide(i32, op, a, b, c);
    case TypedOp.I64_ROTL:
      return setPair(i32, a, rotateLeft(i32[b], i32[b + 1], i32[c]));
    case TypedOp.I64_ROTR:
      return setPair(i32, a, rotateRight(i32[b], i32[b + 1], i32[c]));
    case TypedOp.I64_POPCNT:
      return setWords(i32, a, countOnes(i32[b], i32[b + 1]), 0);
    case TypedOp.F32_NEAREST:
      return setFloat(context, a, nearest(f32[b]));
    case TypedOp.F32_MIN:
      return setFloat(context, a, minimum(f32[b], f32[c]));
    case TypedOp.F32_MAX:
      return setFloat(context, a, maximum(f32[b], f32[c]));
    case TypedOp.F32_CONVERT_I64_S:
      return setFloat(context, a, toFloat(i32[b], i32[b + 1]));
    case TypedOp.F32_CONVERT_I64_U:
      return setFloat(context, a, toFloatUnsigned(i32[b], i32[b + 1]));
    case TypedOp.F64_NEAREST:
      return setDouble(i32, a, nearest(f64[b >> 1]));
    case TypedOp.F64_MIN:
      return setDouble(i32, a, minimum(f64[b >> 1], f64[c >> 1]));
    case TypedOp.F64_MAX:
      return setDouble(i32, a, maximum(f64[b >> 1], f64[c >> 1]));
    case TypedOp.I32_TRUNC_SAT_F32_S:
    case TypedOp.I32_TRUNC_SAT_F32_U:
    case TypedOp.I64_TRUNC_F32_S:
    case TypedOp.I64_TRUNC_F32_U:
    case TypedOp.I64_TRUNC_SAT_F32_S:
    case TypedOp.I64_TRUNC_SAT_F32_U:
      return truncate(i32, op, a, f32[b]);
    default:
      return truncate(i32, op, a, f64[b >> 1]);
  }
}

function divide(i32: Int32Array, op: number, a: number, b: number, c: number): number {
  const [low, top, divisor, divisorTop] = [i32[b], i32[b + 1], i32[c], i32[c + 1]];
  if ((divisor | divisorTop) === 0) return Trap.INTEGER_DIVIDE_BY_ZERO;
  switch (op) {
    case TypedOp.I64_DIV_S:
      if (divisionOverflows(low, top, divisor, divisorTop)) return Trap.INTEGER_OVERFLOW;
      return setPair(i32, a, divideSigned(low, top, divisor, divisorTop));
    case TypedOp.I64_DIV_U:
      return setPair(i32, a, divideUnsigned(low, top, divisor, divisorTop));
    case TypedOp.I64_REM_S:
      return setPair(i32, a, remainderSigned(low, top, divisor, divisorTop));
    default:
      return setPair(i32, a, remainderUnsigned(low, top, divisor, divisorTop));
  }
}

/** The float to integer conversions that the loop does not do: `value` is what R[b] holds. */
function truncate(i32: Int32Array, op: number, a: number, value: number): number {
  switch (op) {
    case TypedOp.I32_TRUNC_SAT_F32_S:
    case TypedOp.I32_TRUNC_SAT_F64_S:
      return setWord(i32, a, saturateSigned(value));
    case TypedOp.I32_TRUNC_SAT_F32_U:
    case TypedOp.I32_TRUNC_SAT_F64_U:
      return setWord(i32, a, saturateUnsigned(value));
    case TypedOp.I64_TRUNC_SAT_F32_S:
    case TypedOp.I64_TRUNC_SAT_F64_S:
      return setPair(i32, a, fromDoubleSaturating(value));
    case TypedOp.I64_TRUNC_SAT_F32_U:
    case TypedOp.I64_TRUNC_SAT_F64_U:
      return setPair(i32, a, fromDoubleSaturatingUnsigned(value));
    case TypedOp.I64_TRUNC_F32_S:
    case TypedOp.I64_TRUNC_F64_S:
      return truncatesToSigned(value) ? setPair(i32, a, fromDouble(value)) : Trap.INVALID_CONVERSION_TO_INTEGER;
    case TypedOp.I64_TRUNC_F32_U:
    case TypedOp.I64_TRUNC_F64_U:
      return truncatesToUnsigned(value) ? setPair(i32, a, fromDouble(value)) : Trap.INVALID_CONVERSION_TO_INTEGER;
    default:
      return Trap.INVALID_INSTRUCTION;
  }
}

/** trunc(value), held within the signed 32-bit integers; 0 for NaN. */
function saturateSigned(value: number): number {
  if (value >= 2147483647) return 2147483647;
  if (value <= -2147483648) return -2147483648;
  return value | 0;
}

/** trunc(value) as a word, held within the unsigned 32-bit integers; 0 for NaN. */
function saturateUnsigned(value: number): number {
  if (value >= 4294967295) return -1;
  return value > 0 ? value | 0 : 0;
}

function setWord(i32: Int32Array, a: number, word: number): number {
  i32[a] = word;
  return DONE;
}

/** The low word is the answer of a 64-bit helper, which has left the high one in `high`. */
function setPair(i32: Int32Array, a: number, low: number): number {
  return setWords(i32, a, low, high);
}

function setWords(i32: Int32Array, a: number, low: number, top: number): number {
  i32[a] = low;
  i32[a + 1] = top;
  return DONE;
}

function setFloat({ i32, f32 }: Context, a: number, value: number): number {
  f32[a] = value;
  if (Number.isNaN(value)) i32[a] = CANONICAL_NAN_FLOAT;
  return DONE;
}

function setDouble(i32: Int32Array, a: number, value: number): number {
  storeDouble(i32, a, value);
  return DONE;
}
