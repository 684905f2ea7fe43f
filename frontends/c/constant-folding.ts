// Arithmetic on constants with the results that the machine gives. What would trap or is undefined is not folded.
import type { ArithmeticOperator, ComparisonOperator, ConstantNode, TypedExpression } from './typed-tree';
import { boolType, type CType, type IntegerType, isScalar } from './types';

/** `value` wrapped into the range of `type`. */
export function wrapInteger(value: bigint, type: CType): bigint {
  if (type.kind !== 'integer') return BigInt.asUintN(32, value);
  if (type.rank === boolType.rank) return value === 0n ? 0n : 1n;
  return type.isSigned ? BigInt.asIntN(8 * type.size, value) : BigInt.asUintN(8 * type.size, value);
}

export function isConstant(node: TypedExpression): node is ConstantNode {
  return node.kind === 'constant';
}

/** Whether `node` is a constant 0 of any scalar type. */
export function isZero(node: TypedExpression): boolean {
  return node.kind === 'constant' && (node.value === 0n || node.value === 0);
}

/** `node` converted to the scalar `type`; undefined when that cannot be done here. */
export function foldConversion(node: ConstantNode, type: CType): ConstantNode | undefined {
  const { value, token } = node;
  if (!isScalar(type)) return undefined;
  if (type.kind === 'floating') {
    const number = Number(value);
    return { kind: 'constant', token, type, value: type.size === 4 ? roundToSingle(value) : number };
  }
  if (typeof value === 'bigint') return { kind: 'constant', token, type, value: wrapInteger(value, type) };
  if (type.kind === 'integer' && type.rank === boolType.rank) {
    return { kind: 'constant', token, type, value: value !== 0 ? 1n : 0n };
  }
  if (!Number.isFinite(value)) return undefined;
  const integer = BigInt(Math.trunc(value));
  return wrapInteger(integer, type) === integer ? { kind: 'constant', token, type, value: integer } : undefined;
}

/** To the nearest float; of a large integer directly, without rounding to double first. */
function roundToSingle(value: bigint | number): number {
  if (typeof value === 'number') return Math.fround(value);
  const magnitude = value < 0n ? -value : value;
  const extra = magnitude.toString(2).length - 40;
  if (extra <= 0) return Math.fround(Number(value));
  // Fewer bits, the lost ones or-ed into the last: rounding twice then gives what rounding once does.
  const shift = BigInt(extra);
  const sticky = (magnitude >> shift) << shift === magnitude ? 0n : 1n;
  const single = Math.fround(Number((magnitude >> shift) | sticky)) * 2 ** extra;
  return value < 0n ? -single : single;
}

/** The result of `operator` on two constants of one type, as a value of `type`. */
export function foldArithmetic(
  operator: ArithmeticOperator,
  left: bigint | number,
  right: bigint | number,
  type: CType,
): bigint | number | undefined {
  if (typeof left === 'number' || typeof right === 'number') {
    const value = floatingResult(operator, Number(left), Number(right));
    return type.kind === 'floating' && type.size === 4 ? Math.fround(value) : value;
  }
  const value = integerResult(operator, left, right, type as IntegerType);
  return value === undefined ? undefined : wrapInteger(value, type);
}

function floatingResult(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      return left / right;
  }
}

function integerResult(
  operator: ArithmeticOperator,
  left: bigint,
  right: bigint,
  type: IntegerType,
): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0n || (type.isSigned && right === -1n && wrapInteger(-left, type) === left && left !== 0n))
        return undefined;
      return operator === '/' ? left / right : left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << (right & BigInt(8 * type.size - 1));
    default:
      return left >> (right & BigInt(8 * type.size - 1));
  }
}

export function foldComparison(operator: ComparisonOperator, left: bigint | number, right: bigint | number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
