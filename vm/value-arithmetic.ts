// Arithmetic and bitwise operations of the value family in full: integers that wrap, floats, the two mixed, strings that
// are numerals, metamethods, errors. The loop has the common cases inline.
import type { Context } from './context';
import { decodeB, decodeC } from './encoding';
import { FRAME_PC, TAG_FLOAT, TAG_INTEGER, VALUE_HIGH, VALUE_TAG } from './layout';
import {
  METAMETHOD_ADD,
  METAMETHOD_BAND,
  METAMETHOD_BNOT,
  METAMETHOD_SHR,
  METAMETHOD_UNM,
  metamethodOf,
} from './metatables';
import { bitsToDouble } from './numbers/float';
import {
  add,
  floorDivide,
  floorModulo,
  high,
  multiply,
  negate,
  shiftLeftUnbounded,
  subtract,
} from './numbers/integer64';
import { fromDouble, isExactInteger } from './numbers/integer64-conversion';
import { NUMERAL_INTEGER, NUMERAL_NONE, numeralFloat, numeralHigh, numeralLow } from './numbers/numeral';
import { floorModuloDouble, pow } from './numbers/power';
import { ValueOp } from './opcode-numbers';
import { NEXT } from './signals';
import { enterCall, reserveArguments, resultIn } from './value-calls';
import { basicTypeName, describeRegister, raise, raiseTypeError } from './value-errors';
import { poolOf, registerA, registerB, registerC } from './value-frame';
import { numberAt } from './value-probe';
import { isNumberTag, isStringTag, parseNumber } from './value-text';
import { writeFloat, writeInteger, writeWords } from './values';

/** The operands as numbers, two slots: scratch of one instruction, no guest's state. */
const operands = new Int32Array(8);
const operandFloats = new Float64Array(operands.buffer);
const LEFT = 0;
const RIGHT = 4;

/** An event's number from METAMETHOD_ADD on. */
const ADD = 0;
const SUB = 1;
const MUL = 2;
const MOD = 3;
const POW = 4;
const DIV = 5;
const IDIV = 6;
const BAND = METAMETHOD_BAND - METAMETHOD_ADD;
const BOR = BAND + 1;
const BXOR = BAND + 2;
const SHL = BAND + 3;
const SHR = METAMETHOD_SHR - METAMETHOD_ADD;
const UNM = METAMETHOD_UNM - METAMETHOD_ADD;
const BNOT = METAMETHOD_BNOT - METAMETHOD_ADD;

/** R[a] := R[b] OP R[c], one of `add` to `shr`. */
export function executeBinary(context: Context, ins: number): number {
  loadOperand(context, LEFT, registerB(context, ins));
  loadOperand(context, RIGHT, registerC(context, ins));
  return operate(context, ins, (ins & 255) - ValueOp.ADD);
}

/** R[a] := R[b] OP K[c], one of `add_k` to `shr_k`. */
export function executeBinaryConstant(context: Context, ins: number): number {
  const { constants } = context.program;
  const k = poolOf(context) + ((ins >>> 22) & 0x3fc);
  loadOperand(context, LEFT, registerB(context, ins));
  loadWords(RIGHT, constants[k], constants[k + VALUE_HIGH], constants[k + VALUE_TAG]);
  return operate(context, ins, (ins & 255) - ValueOp.ADD_K);
}

/** The events of `add_left_k` to `div_left_k`. */
const LEFT_EVENTS = [ADD, SUB, MUL, DIV] as const;

/** R[a] := K[c] OP R[b], one of `add_left_k` to `div_left_k`. */
export function executeLeftConstant(context: Context, ins: number): number {
  const { constants } = context.program;
  const k = poolOf(context) + ((ins >>> 22) & 0x3fc);
  loadWords(LEFT, constants[k], constants[k + VALUE_HIGH], constants[k + VALUE_TAG]);
  loadOperand(context, RIGHT, registerB(context, ins));
  return operate(context, ins, LEFT_EVENTS[(ins & 255) - ValueOp.ADD_LEFT_K]!);
}

/** R[a] := R[b] + c or R[b] - c. */
export function executeImmediate(context: Context, ins: number): number {
  loadOperand(context, LEFT, registerB(context, ins));
  loadWords(RIGHT, ins >> 24, ins >> 31, TAG_INTEGER);
  return operate(context, ins, (ins & 255) === ValueOp.ADD_IMM ? ADD : SUB);
}

/** R[a] := -R[b] or ~R[b]. */
export function executeUnary(context: Context, ins: number): number {
  loadOperand(context, LEFT, registerB(context, ins));
  loadOperand(context, RIGHT, registerB(context, ins));
  return operate(context, ins, (ins & 255) === ValueOp.NEGATE ? UNM : BNOT);
}

function loadOperand(context: Context, at: number, slot: number): void {
  const { i32 } = context;
  loadWords(at, i32[slot], i32[slot + VALUE_HIGH], i32[slot + VALUE_TAG]);
}

function loadWords(at: number, low: number, top: number, tag: number): void {
  operands[at] = low;
  operands[at + VALUE_HIGH] = top;
  operands[at + VALUE_TAG] = tag;
}

function operate(context: Context, ins: number, event: number): number {
  const areNumbers = isNumberTag(operands[LEFT + VALUE_TAG]) && isNumberTag(operands[RIGHT + VALUE_TAG]);
  if (isBitwise(event)) {
    if (areNumbers && toInteger(LEFT) && toInteger(RIGHT)) return bitwise(context, registerA(context, ins), event);
  } else if (areNumbers) return compute(context, ins, event);
  else if (hasString()) return operateOnStrings(context, ins, event);
  return callEvent(context, ins, event);
}

function isBitwise(event: number): boolean {
  return (event >= BAND && event <= SHR) || event === BNOT;
}

function hasString(): boolean {
  return isStringTag(operands[LEFT + VALUE_TAG]) || isStringTag(operands[RIGHT + VALUE_TAG]);
}

/** Strings that are numerals count as numbers, if both operands are then numbers. */
function operateOnStrings(context: Context, ins: number, event: number): number {
  const saved = operands.slice();
  if (toNumber(context, LEFT) && toNumber(context, RIGHT)) return compute(context, ins, event);
  operands.set(saved);
  return callEvent(context, ins, event);
}

function toNumber(context: Context, at: number): boolean {
  const tag = operands[at + VALUE_TAG];
  if (isNumberTag(tag)) return true;
  if (!isStringTag(tag)) return false;
  const kind = parseNumber(context, operands[at]);
  if (kind === NUMERAL_NONE) return false;
  if (kind === NUMERAL_INTEGER) loadWords(at, numeralLow, numeralHigh, TAG_INTEGER);
  else {
    operandFloats[at >> 1] = numeralFloat;
    operands[at + VALUE_TAG] = TAG_FLOAT;
  }
  return true;
}

/** Makes a float with an integer's value that integer. */
function toInteger(at: number): boolean {
  if (operands[at + VALUE_TAG] === TAG_INTEGER) return true;
  const value = bitsToDouble(operands[at], operands[at + VALUE_HIGH]);
  if (!isExactInteger(value)) return false;
  const low = fromDouble(value);
  loadWords(at, low, high, TAG_INTEGER);
  return true;
}

function compute(context: Context, ins: number, event: number): number {
  const slot = registerA(context, ins);
  const areIntegers = operands[LEFT + VALUE_TAG] === TAG_INTEGER && operands[RIGHT + VALUE_TAG] === TAG_INTEGER;
  if (areIntegers && event !== DIV && event !== POW) return computeIntegers(context, slot, event);
  const left = numberAt(operands, operandFloats, LEFT);
  const right = numberAt(operands, operandFloats, RIGHT);
  if (event === UNM) writeWords(context, slot, operands[LEFT], operands[LEFT + VALUE_HIGH] ^ -0x80000000, TAG_FLOAT);
  else writeFloat(context, slot, computeFloats(event, left, right));
  return NEXT;
}

function computeFloats(event: number, left: number, right: number): number {
  switch (event) {
    case ADD:
      return left + right;
    case SUB:
      return left - right;
    case MUL:
      return left * right;
    case MOD:
      return floorModuloDouble(left, right);
    case POW:
      return right === 2 ? left * left : pow(left, right);
    case IDIV:
      return Math.floor(left / right);
    default:
      return left / right;
  }
}

function computeIntegers(context: Context, slot: number, event: number): number {
  const [xLow, xHigh, yLow, yHigh] = [operands[LEFT], operands[LEFT + 1], operands[RIGHT], operands[RIGHT + 1]];
  const isZero = (yLow | yHigh) === 0;
  let low: number;
  if (event === ADD) low = add(xLow, xHigh, yLow, yHigh);
  else if (event === SUB) low = subtract(xLow, xHigh, yLow, yHigh);
  else if (event === MUL) low = multiply(xLow, xHigh, yLow, yHigh);
  else if (event === UNM) low = negate(xLow, xHigh);
  else if (event === MOD) {
    if (isZero) return raise(context, "attempt to perform 'n%0'");
    low = floorModulo(xLow, xHigh, yLow, yHigh);
  } else {
    if (isZero) return raise(context, 'attempt to divide by zero');
    low = floorDivide(xLow, xHigh, yLow, yHigh);
  }
  writeInteger(context, slot, low, high);
  return NEXT;
}

function bitwise(context: Context, slot: number, event: number): number {
  const [xLow, xHigh, yLow, yHigh] = [operands[LEFT], operands[LEFT + 1], operands[RIGHT], operands[RIGHT + 1]];
  if (event === BAND) writeInteger(context, slot, xLow & yLow, xHigh & yHigh);
  else if (event === BOR) writeInteger(context, slot, xLow | yLow, xHigh | yHigh);
  else if (event === BXOR) writeInteger(context, slot, xLow ^ yLow, xHigh ^ yHigh);
  else if (event === BNOT) writeInteger(context, slot, ~xLow, ~xHigh);
  else {
    const count = event === SHL ? yLow : negate(yLow, yHigh);
    const low = shiftLeftUnbounded(xLow, xHigh, count, event === SHL ? yHigh : high);
    writeInteger(context, slot, low, high);
  }
  return NEXT;
}

/** The metamethod of the left operand, else of the right one, else an error. */
function callEvent(context: Context, ins: number, event: number): number {
  const saved = operands.slice();
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const args = reserveArguments(context, at, 2);
  if (args < 0) return -args;
  writeWords(context, args, saved[LEFT], saved[LEFT + VALUE_HIGH], saved[LEFT + VALUE_TAG]);
  writeWords(context, args + 4, saved[RIGHT], saved[RIGHT + VALUE_HIGH], saved[RIGHT + VALUE_TAG]);
  let handler = metamethodOf(context, args, METAMETHOD_ADD + event);
  if (handler === 0) handler = metamethodOf(context, args + 4, METAMETHOD_ADD + event);
  if (handler === 0) return raiseOperandError(context, ins, event, args);
  return enterCall(context, at, handler, args, 2, resultIn(ins));
}

const ARITHMETIC_NAMES = ['add', 'sub', 'mul', 'mod', 'pow', 'div', 'idiv'];

function raiseOperandError(context: Context, ins: number, event: number, args: number): number {
  const { i32 } = context;
  const leftTag = i32[args + VALUE_TAG];
  const rightTag = i32[args + 4 + VALUE_TAG];
  const describe = (isRight: boolean) => describeOperand(context, ins, isRight);
  if (!isBitwise(event)) {
    if (isStringTag(leftTag) || isStringTag(rightTag)) {
      const name = event === UNM ? 'unm' : ARITHMETIC_NAMES[event];
      return raise(context, `attempt to ${name} a '${basicTypeName(leftTag)}' with a '${basicTypeName(rightTag)}'`);
    }
    const isRight = isNumberTag(leftTag);
    return raiseTypeError(context, 'perform arithmetic on', isRight ? args + 4 : args, describe(isRight));
  }
  if (isNumberTag(leftTag) && isNumberTag(rightTag)) {
    loadOperand(context, LEFT, args);
    return raise(context, `number${describe(toInteger(LEFT))} has no integer representation`);
  }
  const isRight = isNumberTag(leftTag);
  return raiseTypeError(context, 'perform bitwise operation on', isRight ? args + 4 : args, describe(isRight));
}

/** The variable that an operand is; a constant in the instruction has no name. */
function describeOperand(context: Context, ins: number, isRight: boolean): string {
  const op = ins & 255;
  if (op >= ValueOp.ADD_LEFT_K && op <= ValueOp.DIV_LEFT_K)
    return isRight ? describeRegister(context, decodeB(ins)) : '';
  if (!isRight) return describeRegister(context, decodeB(ins));
  if (op === ValueOp.NEGATE || op === ValueOp.BNOT) return describeRegister(context, decodeB(ins));
  return op >= ValueOp.ADD && op <= ValueOp.SHR ? describeRegister(context, decodeC(ins)) : '';
}
