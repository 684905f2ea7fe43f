// Comparisons of the value family in full: integers with floats exactly, strings by their bytes, metamethods, errors.
// A comparison is an instruction of two words that jumps; the second word is the jump.
import type { Context } from './context';
import {
  FRAME_PC,
  FRAME_STATE,
  RESULT_CONDITION,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_TABLE,
  TAG_USERDATA,
  VALUE_HIGH,
  VALUE_TAG,
} from './layout';
import { METAMETHOD_EQ, METAMETHOD_LE, METAMETHOD_LT, metamethodOf } from './metatables';
import { compareWithDouble } from './numbers/integer64-conversion';
import { ValueOp } from './opcode-numbers';
import { FUEL, NEXT } from './signals';
import { compareStrings, equalStrings, UNFINISHED } from './strings';
import { enterCall, reserveArguments, resultTo } from './value-calls';
import { raise, typeNameOf } from './value-errors';
import { poolOf, registerA, registerB, stopInside } from './value-frame';
import { isNumberTag, isStringTag } from './value-text';
import { copyValue, rawEqual, writeInteger, writeWords } from './values';

/** Where a comparison's metamethod comes back to: behind the jump. */
const LENGTH = 2;

/** `jump_eq`. */
export function executeJumpEq(context: Context, ins: number): number {
  const a = registerA(context, ins);
  const b = registerB(context, ins);
  const equal = rawEqual(context, a, b, context.frame + FRAME_STATE);
  if (equal === UNFINISHED) return stopInside(context);
  if (equal === 0 && haveIdentity(context, a, b)) {
    let handler = metamethodOf(context, a, METAMETHOD_EQ);
    if (handler === 0) handler = metamethodOf(context, b, METAMETHOD_EQ);
    if (handler !== 0) return callEvent(context, ins, METAMETHOD_EQ, a, b);
  }
  return branch(context, ins, equal);
}

/** Tables, or userdata: values that `__eq` may call equal. */
function haveIdentity(context: Context, a: number, b: number): boolean {
  const tag = context.i32[a + VALUE_TAG];
  return tag === context.i32[b + VALUE_TAG] && (tag === TAG_TABLE || tag === TAG_USERDATA);
}

/** `jump_eq_k`. */
export function executeJumpEqConstant(context: Context, ins: number): number {
  const { i32, program } = context;
  const { constants, constantNumbers } = program;
  const a = registerA(context, ins);
  const k = poolOf(context) + ((ins >>> 14) & 0x3fc);
  const tag = i32[a + VALUE_TAG];
  const constantTag = constants[k + VALUE_TAG];
  let equal = 0;
  if (tag === TAG_INTEGER && constantTag === TAG_FLOAT) {
    equal = isSame(i32[a], i32[a + VALUE_HIGH], constantNumbers[k >> 2]);
  } else if (tag === TAG_FLOAT && constantTag === TAG_INTEGER) {
    equal = isSame(constants[k], constants[k + VALUE_HIGH], context.f64[a >> 1]);
  } else if (tag === constantTag && isStringTag(tag)) {
    equal = equalStrings(context, i32[a], constants[k], context.frame + FRAME_STATE);
    if (equal === UNFINISHED) return stopInside(context);
  } else if (tag === constantTag) equal = isSameScalar(context, a, k);
  return branch(context, ins, equal);
}

function isSame(low: number, top: number, value: number): number {
  return !Number.isNaN(value) && compareWithDouble(low, top, value) === 0 ? 1 : 0;
}

/** A register and a constant of the same tag, no strings. */
function isSameScalar(context: Context, a: number, k: number): number {
  const { constants, constantNumbers } = context.program;
  const tag = constants[k + VALUE_TAG];
  if (tag === TAG_FLOAT) return context.f64[a >> 1] === constantNumbers[k >> 2] ? 1 : 0;
  if (tag !== TAG_INTEGER) return 1;
  return context.i32[a] === constants[k] && context.i32[a + VALUE_HIGH] === constants[k + VALUE_HIGH] ? 1 : 0;
}

/** `jump_lt` and `jump_le`. */
export function executeJumpOrder(context: Context, ins: number): number {
  const isStrict = (ins & 255) === ValueOp.JUMP_LT;
  return order(context, ins, registerA(context, ins), registerB(context, ins), isStrict);
}

/**
 * `jump_lt_imm` to `jump_ge_imm`, `jump_lt_k` to `jump_ge_k`. The number is written above the frame, where operands of
 * metamethods go.
 */
export function executeJumpOrderConstant(context: Context, ins: number): number {
  const op = ins & 255;
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const slot = reserveArguments(context, at, 1);
  if (slot < 0) return -slot;
  if (op >= ValueOp.JUMP_LT_K) {
    const { constants } = context.program;
    const k = poolOf(context) + ((ins >>> 14) & 0x3fc);
    writeWords(context, slot, constants[k], constants[k + VALUE_HIGH], constants[k + VALUE_TAG]);
  } else {
    const immediate = (ins << 8) >> 24;
    writeInteger(context, slot, immediate, immediate >> 31);
  }
  const a = registerA(context, ins);
  const isStrict = STRICT.includes(op);
  return SWAPPED.includes(op) ? order(context, ins, slot, a, isStrict) : order(context, ins, a, slot, isStrict);
}

/** The comparisons with a constant that are `<` or `>`; those that are `>` or `>=`. */
const STRICT: readonly number[] = [ValueOp.JUMP_LT_IMM, ValueOp.JUMP_GT_IMM, ValueOp.JUMP_LT_K, ValueOp.JUMP_GT_K];
const SWAPPED: readonly number[] = [ValueOp.JUMP_GT_IMM, ValueOp.JUMP_GE_IMM, ValueOp.JUMP_GT_K, ValueOp.JUMP_GE_K];

function order(context: Context, ins: number, a: number, b: number, isStrict: boolean): number {
  const { i32 } = context;
  const left = i32[a + VALUE_TAG];
  const right = i32[b + VALUE_TAG];
  if (isNumberTag(left) && isNumberTag(right)) return branch(context, ins, orderNumbers(context, a, b, isStrict));
  if (isStringTag(left) && isStringTag(right)) {
    const result = compareStrings(context, i32[a], i32[b], context.frame + FRAME_STATE);
    if (result === UNFINISHED) return stopInside(context);
    return branch(context, ins, result < 0 || (result === 0 && !isStrict) ? 1 : 0);
  }
  return callEvent(context, ins, isStrict ? METAMETHOD_LT : METAMETHOD_LE, a, b);
}

/** 1 when a < b, or a <= b; 0 when not, or with a NaN. */
function orderNumbers(context: Context, a: number, b: number, isStrict: boolean): number {
  const { i32, f64 } = context;
  const left = i32[a + VALUE_TAG];
  const right = i32[b + VALUE_TAG];
  let result: number;
  if (left === TAG_INTEGER && right === TAG_INTEGER) {
    const [x, y] = [i32[a + VALUE_HIGH], i32[b + VALUE_HIGH]];
    const [xLow, yLow] = [i32[a] >>> 0, i32[b] >>> 0];
    result = x < y || (x === y && xLow < yLow) ? -1 : x === y && xLow === yLow ? 0 : 1;
  } else if (left === TAG_INTEGER) {
    const value = f64[b >> 1];
    result = Number.isNaN(value) ? 1 : compareWithDouble(i32[a], i32[a + VALUE_HIGH], value);
  } else if (right === TAG_INTEGER) {
    const value = f64[a >> 1];
    result = Number.isNaN(value) ? 1 : -compareWithDouble(i32[b], i32[b + VALUE_HIGH], value);
  } else return (isStrict ? f64[a >> 1] < f64[b >> 1] : f64[a >> 1] <= f64[b >> 1]) ? 1 : 0;
  return result < 0 || (result === 0 && !isStrict) ? 1 : 0;
}

/** Ends a comparison: jumps when it came out as the instruction's flag says. */
function branch(context: Context, ins: number, holds: number): number {
  const { i32, frame } = context;
  const jump = context.program.code[i32[frame + FRAME_PC]] >> 8;
  const isTaken = holds === ins >>> 24;
  i32[frame + FRAME_PC] += 1 + (isTaken ? jump : 0);
  return isTaken && jump < 0 && context.fuel <= 0 ? FUEL : NEXT;
}

/** Calls the metamethod of `a`, else of `b`; its result's truth is the comparison's. */
function callEvent(context: Context, ins: number, event: number, a: number, b: number): number {
  const { i32, frame, stack } = context;
  const at = i32[frame + FRAME_PC] - 1;
  const [left, right] = [a - stack, b - stack];
  const args = reserveArguments(context, at, 3);
  if (args < 0) return -args;
  // An operand may lie in the first of these slots itself, as an immediate does.
  copyValue(context, args + 8, context.stack + right);
  copyValue(context, args, context.stack + left);
  copyValue(context, args + 4, args + 8);
  let handler = metamethodOf(context, args, event);
  if (handler === 0) handler = metamethodOf(context, args + 4, event);
  if (handler === 0 && event === METAMETHOD_LE) return callReverse(context, ins, at, args);
  if (handler === 0) return raiseOrderError(context, args);
  context.i32[context.frame + FRAME_PC] = at + LENGTH;
  return enterCall(context, at, handler, args, 2, resultTo(ins >>> 24, 2, RESULT_CONDITION));
}

/** Without `__le` a <= b is not (b < a), as in Lua 5.3; lua5.4 still has it. */
function callReverse(context: Context, ins: number, at: number, args: number): number {
  let handler = metamethodOf(context, args + 4, METAMETHOD_LT);
  if (handler === 0) handler = metamethodOf(context, args, METAMETHOD_LT);
  if (handler === 0) return raiseOrderError(context, args);
  copyValue(context, args + 8, args);
  copyValue(context, args, args + 4);
  copyValue(context, args + 4, args + 8);
  context.i32[context.frame + FRAME_PC] = at + LENGTH;
  return enterCall(context, at, handler, args, 2, resultTo(1 - (ins >>> 24), 2, RESULT_CONDITION));
}

function raiseOrderError(context: Context, args: number): number {
  const left = typeNameOf(context, args);
  const right = typeNameOf(context, args + 4);
  const isSameType = String(left) === String(right);
  if (isSameType) return raise(context, 'attempt to compare two ', left, ' values');
  return raise(context, 'attempt to compare ', left, ' with ', right);
}
