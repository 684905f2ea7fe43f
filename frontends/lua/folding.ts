// Constant folding, where lua5.4 folds too: arithmetic and bitwise operations on numerals, never when the operation
// could fail or when the result is a float that is NaN or zero. Powers and remainders of floats are computed by the
// machine's own functions, so they come out as at run time.
import { type Constant, floorModuloDouble, pow } from '../../vm/index';
import { OP } from './prototype';

/** The constant that `opcode` gives for two constants (for unary operators: for `left`, twice); null when not folded. */
export function foldConstants(opcode: number, left: Constant, right: Constant): Constant | null {
  if (!isNumber(left) || !isNumber(right)) return null;
  if (isBitwise(opcode)) return foldBitwise(opcode, left, right);
  const isDivision = opcode === OP.DIV || opcode === OP.IDIV || opcode === OP.MOD;
  if (isDivision && toFloat(right) === 0) return null;
  if (left.kind === 'integer' && right.kind === 'integer' && opcode !== OP.DIV && opcode !== OP.POW) {
    return integerConstant(integerResult(opcode, toBigInt(left), toBigInt(right)));
  }
  const value = floatResult(opcode, toFloat(left), toFloat(right));
  return Number.isNaN(value) || value === 0 ? null : { kind: 'float', value };
}

type NumberConstant = Extract<Constant, { kind: 'integer' | 'float' }>;
type IntegerConstant = Extract<Constant, { kind: 'integer' }>;

function isNumber(constant: Constant): constant is NumberConstant {
  return constant.kind === 'integer' || constant.kind === 'float';
}

function isBitwise(opcode: number): boolean {
  return (opcode >= OP.BAND && opcode <= OP.SHR) || opcode === OP.BNOT;
}

/** The integer constant of a 64-bit value, wrapped around. */
function integerConstant(value: bigint): Constant {
  const wrapped = BigInt.asIntN(64, value);
  return { kind: 'integer', low: Number(BigInt.asIntN(32, wrapped)), high: Number(wrapped >> 32n) };
}

function toBigInt({ low, high }: IntegerConstant): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function toFloat(constant: NumberConstant): number {
  return constant.kind === 'float' ? constant.value : Number(toBigInt(constant));
}

/** The integer that a number stands for exactly; null when there is none. */
function toInteger(constant: NumberConstant): bigint | null {
  if (constant.kind === 'integer') return toBigInt(constant);
  const { value } = constant;
  if (!Number.isInteger(value) || value < -0x8000000000000000 || value >= 0x8000000000000000) return null;
  return BigInt(value);
}

function foldBitwise(opcode: number, left: NumberConstant, right: NumberConstant): Constant | null {
  const a = toInteger(left);
  const b = toInteger(right);
  return a === null || b === null ? null : integerConstant(bitwiseResult(opcode, a, b));
}

function bitwiseResult(opcode: number, a: bigint, b: bigint): bigint {
  switch (opcode) {
    case OP.BAND:
      return a & b;
    case OP.BOR:
      return a | b;
    case OP.BXOR:
      return a ^ b;
    case OP.SHL:
      return shiftLeft(a, b);
    case OP.SHR:
      return shiftLeft(a, -b);
    default:
      return ~a;
  }
}

/** Logical shifts; a negative distance shifts right. */
function shiftLeft(value: bigint, distance: bigint): bigint {
  if (distance <= -64n || distance >= 64n) return 0n;
  return distance >= 0n ? value << distance : BigInt.asUintN(64, value) >> -distance;
}

function integerResult(opcode: number, a: bigint, b: bigint): bigint {
  switch (opcode) {
    case OP.ADD:
      return a + b;
    case OP.SUB:
      return a - b;
    case OP.MUL:
      return a * b;
    case OP.UNM:
      return -a;
    case OP.MOD:
      return a - floorDivide(a, b) * b;
    default:
      return floorDivide(a, b);
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function floatResult(opcode: number, a: number, b: number): number {
  switch (opcode) {
    case OP.ADD:
      return a + b;
    case OP.SUB:
      return a - b;
    case OP.MUL:
      return a * b;
    case OP.DIV:
      return a / b;
    case OP.IDIV:
      return Math.floor(a / b);
    case OP.UNM:
      return -a;
    case OP.POW:
      return b === 2 ? a * a : pow(a, b); // as the machine does
    default:
      return floorModuloDouble(a, b);
  }
}
