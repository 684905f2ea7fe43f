// Checks operators: arithmetic, comparisons, assignments, pointer arithmetic, the conditional operator.
import type { CheckContext } from './check-context';
import { warnLoss, warnSigns } from './check-warnings';
import { foldArithmetic, foldComparison, isConstant, isZero, wrapInteger } from './constant-folding';
import { assignTo, convert, isLvalue, isNullPointer, promote, toCondition, toValue, usualType } from './conversions';
import { CONST, VOLATILE } from './syntax-tree';
import type { Token } from './token';
import type { ArithmeticOperator, ComparisonOperator, TypedExpression } from './typed-tree';
import {
  type CType,
  compositeType,
  differenceType,
  intType,
  isArithmetic,
  isCompatible,
  isComplete,
  isScalar,
  type PointerType,
  pointerTo,
  qualified,
  typeName,
  unqualified,
  voidType,
} from './types';
import { sizeValue } from './variable-arrays';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** A constant of `type`; `value` is wrapped into its range. */
export function constant(value: bigint | number, type: CType, token: Token): TypedExpression {
  return { kind: 'constant', type, token, value: typeof value === 'bigint' ? wrapInteger(value, type) : value };
}

/** A binary operator, assignments aside. */
export function checkBinary(
  context: CheckContext,
  token: Token,
  leftNode: TypedExpression,
  rightNode: TypedExpression,
): TypedExpression {
  const operator = token.type;
  if (operator === '&&' || operator === '||') return checkLogical(context, token, leftNode, rightNode);
  const left = toValue(context, leftNode);
  const right = toValue(context, rightNode);
  if (COMPARISONS.has(operator)) return checkComparison(context, token, left, right);
  if (left.type.kind === 'pointer' || right.type.kind === 'pointer') {
    return checkPointerArithmetic(context, token, left, right);
  }
  return checkArithmetic(context, token, operator as ArithmeticOperator, left, right);
}

function failOperands(context: CheckContext, token: Token, left: TypedExpression, right: TypedExpression): never {
  const message = `'${token.type}' does not take '${typeName(left.type)}' and '${typeName(right.type)}'`;
  return context.fail('bad-operand', message, token);
}

function checkLogical(
  context: CheckContext,
  token: Token,
  leftNode: TypedExpression,
  rightNode: TypedExpression,
): TypedExpression {
  const left = toCondition(context, leftNode);
  const right = toCondition(context, rightNode);
  const isAnd = token.type === '&&';
  if (isConstant(left)) {
    if (isZero(left) === isAnd) return constant(isAnd ? 0n : 1n, intType, token);
    if (isConstant(right)) return constant(isZero(right) ? 0n : 1n, intType, token);
  }
  return { kind: isAnd ? 'and' : 'or', token, type: intType, left, right };
}

function checkArithmetic(
  context: CheckContext,
  token: Token,
  operator: ArithmeticOperator,
  left: TypedExpression,
  right: TypedExpression,
): TypedExpression {
  const needsIntegers = operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/';
  if (!isArithmetic(left.type) || !isArithmetic(right.type)) failOperands(context, token, left, right);
  if (needsIntegers && (left.type.kind !== 'integer' || right.type.kind !== 'integer')) {
    failOperands(context, token, left, right);
  }
  if (operator === '<<' || operator === '>>') {
    const shifted = promote(left);
    return arithmetic(operator, shifted, convert(promote(right), intType), shifted.type, token);
  }
  const type = usualType(left, right);
  if ((operator === '/' || operator === '%') && type.kind === 'integer' && isZero(right)) {
    context.report.warning('division-by-zero', 'division by zero', token);
  }
  return arithmetic(operator, convert(left, type), convert(right, type), type, token);
}

/** The node for `operator` on converted operands, folded when both are constants. */
export function arithmetic(
  operator: ArithmeticOperator,
  left: TypedExpression,
  right: TypedExpression,
  type: CType,
  token: Token,
): TypedExpression {
  if (isConstant(left) && isConstant(right)) {
    const value = foldArithmetic(operator, left.value, right.value, type);
    if (value !== undefined) return constant(value, type, token);
  }
  return { kind: 'arithmetic', operator, left, right, type, token };
}

// --- pointers -------------------------------------------------------------------------------------------------------

function checkPointerArithmetic(
  context: CheckContext,
  token: Token,
  left: TypedExpression,
  right: TypedExpression,
): TypedExpression {
  if (token.type === '+') {
    if (left.type.kind === 'pointer' && right.type.kind === 'integer') return addToPointer(context, left, right, token);
    if (left.type.kind === 'integer' && right.type.kind === 'pointer') return addToPointer(context, right, left, token);
  } else if (token.type === '-' && left.type.kind === 'pointer') {
    if (right.type.kind === 'integer') return addToPointer(context, left, negated(promote(right), token), token);
    if (right.type.kind === 'pointer') return pointerDifference(context, left, right, token);
  }
  return failOperands(context, token, left, right);
}

export function negated(value: TypedExpression, token: Token): TypedExpression {
  if (!isConstant(value)) return { kind: 'negate', token, type: value.type, operand: value };
  return constant(-value.value, value.type, token);
}

/** The size of what `type` points to, which must be complete; of variable arrays it is no constant. */
function targetSize(context: CheckContext, type: PointerType, token: Token): TypedExpression {
  const { target } = type;
  if (!isComplete(target) && target.kind !== 'void' && target.kind !== 'function') {
    context.fail('incomplete-type', `'${typeName(target)}' is incomplete: its size is not known`, token);
  }
  return sizeValue(target, token);
}

/** `pointer + index`, the index in elements. */
export function addToPointer(
  context: CheckContext,
  pointer: TypedExpression,
  index: TypedExpression,
  token: Token,
): TypedExpression {
  const size = targetSize(context, pointer.type as PointerType, token);
  const converted = convert(promote(index), intType);
  const { type } = pointer;
  if (!isConstant(size)) {
    return {
      kind: 'pointerAdd',
      pointer,
      index: arithmetic('*', converted, size, intType, token),
      scale: 1,
      type,
      token,
    };
  }
  const scale = Number(size.value);
  if (!isConstant(converted)) return addVariable(pointer, converted, scale, token);
  const offset = (converted.value as bigint) * BigInt(scale);
  return isIndexed(type) ? addBelow(pointer, offset, token) : addOutside(pointer, offset, token);
}

/**
 * `pointer + index * scale`. A constant in the index goes where it costs least: to the base of an indexed access, or behind the
 * sum, into the offset of an access to a member.
 */
function addVariable(pointer: TypedExpression, index: TypedExpression, scale: number, token: Token): TypedExpression {
  const { type } = pointer;
  const [rest, distance] = splitIndex(index);
  const offset = distance * BigInt(scale);
  const isElement = isIndexed(type);
  const base = isElement ? addBelow(pointer, offset, token) : pointer;
  const sum: TypedExpression = { kind: 'pointerAdd', pointer: base, index: rest, scale, type, token };
  return isElement ? sum : addOutside(sum, offset, token);
}

/** Whether what a pointer of `type` points to ends in indexed accesses: numbers, pointers, and arrays of them. */
function isIndexed(type: CType): boolean {
  if (type.kind !== 'pointer') return false;
  let { target } = type;
  while (target.kind === 'array') target = target.element;
  return isScalar(target);
}

/** The index without its constant part, and that part. All is modulo 2^32, so it comes to the same. */
function splitIndex(index: TypedExpression): [rest: TypedExpression, distance: bigint] {
  if (index.kind === 'convert' && index.operand.type.kind === 'integer' && index.operand.type.size === 4) {
    const [rest, distance] = splitIndex(index.operand);
    return distance === 0n ? [index, 0n] : [rest, distance];
  }
  if (index.kind !== 'arithmetic' || index.right.kind !== 'constant') return [index, 0n];
  if (index.operator !== '+' && index.operator !== '-') return [index, 0n];
  const value = BigInt.asIntN(32, BigInt(index.right.value));
  return [index.left, index.operator === '+' ? value : -value];
}

/** `pointer + offset`, the offset added to what the sums in `pointer` start from. */
function addBelow(pointer: TypedExpression, offset: bigint, token: Token): TypedExpression {
  if (offset === 0n) return pointer;
  if (pointer.kind === 'convert' && pointer.operand.type.kind === 'pointer') {
    return { ...pointer, operand: addBelow(pointer.operand, offset, token) };
  }
  if (pointer.kind !== 'pointerAdd' || isConstant(pointer.index)) return addOutside(pointer, offset, token);
  return { ...pointer, pointer: addBelow(pointer.pointer, offset, token) };
}

function addOutside(pointer: TypedExpression, offset: bigint, token: Token): TypedExpression {
  const { type } = pointer;
  if (isConstant(pointer)) return constant((pointer.value as bigint) + offset, type, token);
  if (offset === 0n) return pointer;
  if (pointer.kind === 'pointerAdd' && isConstant(pointer.index)) {
    const before = BigInt(pointer.index.value) * BigInt(pointer.scale);
    const sum = BigInt.asIntN(32, before + offset);
    if (sum === 0n) return { kind: 'convert', type, token, operand: pointer.pointer };
    return { ...pointer, index: constant(sum, intType, token), scale: 1 };
  }
  return { kind: 'pointerAdd', pointer, index: constant(offset, intType, token), scale: 1, type, token };
}

/** `*pointer`. */
export function dereference(context: CheckContext, token: Token, pointer: TypedExpression): TypedExpression {
  if (pointer.type.kind !== 'pointer') {
    return context.fail('bad-operand', `'${token.type}' needs a pointer, not '${typeName(pointer.type)}'`, token);
  }
  const type = pointer.type.target;
  if (pointer.kind === 'addressOf' && isCompatible(unqualified(pointer.operand.type), unqualified(type))) {
    return { ...pointer.operand, type, token } as TypedExpression;
  }
  return { kind: 'dereference', token, type, pointer };
}

function pointerDifference(
  context: CheckContext,
  left: TypedExpression,
  right: TypedExpression,
  token: Token,
): TypedExpression {
  const a = (left.type as PointerType).target;
  const b = (right.type as PointerType).target;
  if (!isCompatible(unqualified(a), unqualified(b))) failOperands(context, token, left, right);
  const size = targetSize(context, left.type as PointerType, token);
  if (!isConstant(size)) {
    const bytes: TypedExpression = { kind: 'pointerDifference', token, type: differenceType, left, right, scale: 1 };
    return convert(arithmetic('/', convert(bytes, intType), size, intType, token), differenceType);
  }
  const scale = Number(size.value);
  if (isConstant(left) && isConstant(right) && scale > 0) {
    const distance = BigInt.asIntN(32, (left.value as bigint) - (right.value as bigint));
    return constant(distance / BigInt(scale), differenceType, token);
  }
  return { kind: 'pointerDifference', token, type: differenceType, left, right, scale: Math.max(scale, 1) };
}

function checkComparison(
  context: CheckContext,
  token: Token,
  left: TypedExpression,
  right: TypedExpression,
): TypedExpression {
  const operator = token.type as ComparisonOperator;
  if (isArithmetic(left.type) && isArithmetic(right.type)) {
    const type = usualType(left, right);
    warnSigns(context, operator, left, right, type, token);
    return comparison(operator, convert(left, type), convert(right, type), token);
  }
  if (left.type.kind === 'pointer' && right.type.kind === 'pointer') {
    if (!arePointersComparable(left, right)) {
      const message = `'${typeName(left.type)}' is compared with '${typeName(right.type)}'`;
      context.report.warning('pointer-mismatch', message, token);
    }
    return comparison(operator, left, right, token);
  }
  const [pointer, integer] = left.type.kind === 'pointer' ? [left, right] : [right, left];
  if (pointer.type.kind !== 'pointer' || integer.type.kind !== 'integer') failOperands(context, token, left, right);
  if (!isNullPointer(integer)) {
    context.report.warning('pointer-from-integer', 'a pointer is compared with an integer', token);
  }
  return comparison(operator, convert(left, pointer.type), convert(right, pointer.type), token);
}

function arePointersComparable(left: TypedExpression, right: TypedExpression): boolean {
  const a = (left.type as PointerType).target;
  const b = (right.type as PointerType).target;
  const isVoid = a.kind === 'void' || b.kind === 'void';
  return isVoid || isCompatible(unqualified(a), unqualified(b)) || isNullPointer(left) || isNullPointer(right);
}

/** The node that compares two values of one type, folded when both are constants. */
export function comparison(
  operator: ComparisonOperator,
  left: TypedExpression,
  right: TypedExpression,
  token: Token,
): TypedExpression {
  if (isConstant(left) && isConstant(right)) {
    return constant(foldComparison(operator, left.value, right.value) ? 1n : 0n, intType, token);
  }
  return { kind: 'compare', operator, left, right, type: intType, token };
}

// --- the conditional operator ---------------------------------------------------------------------------------------

export function checkConditional(
  context: CheckContext,
  token: Token,
  conditionNode: TypedExpression,
  trueNode: TypedExpression | undefined,
  falseNode: TypedExpression,
): TypedExpression {
  const condition = toCondition(context, conditionNode);
  const whenTrue = trueNode === undefined ? condition : toValue(context, trueNode);
  const whenFalse = toValue(context, falseNode);
  const type = conditionalType(context, whenTrue, whenFalse, token);
  const needsConversion = isScalar(type);
  const left = needsConversion ? convert(whenTrue, type) : whenTrue;
  const right = needsConversion ? convert(whenFalse, type) : whenFalse;
  if (isConstant(condition)) {
    const chosen = isZero(condition) ? right : left;
    if (isConstant(chosen)) return { ...chosen, token };
  }
  if (trueNode === undefined) return { kind: 'elvis', token, type, left, right };
  return { kind: 'conditional', token, type, condition, whenTrue: left, whenFalse: right };
}

function conditionalType(context: CheckContext, left: TypedExpression, right: TypedExpression, token: Token): CType {
  const a = left.type;
  const b = right.type;
  if (isArithmetic(a) && isArithmetic(b)) return usualType(left, right);
  if (a.kind === 'void' || b.kind === 'void') return voidType;
  if (a.kind === 'record' && b.kind === 'record' && a.body === b.body) return a;
  if (a.kind === 'pointer' && b.kind === 'pointer') return pointerChoice(context, left, right, token);
  if (a.kind === 'pointer' && b.kind === 'integer') return integerOrPointer(context, right, a, token);
  if (b.kind === 'pointer' && a.kind === 'integer') return integerOrPointer(context, left, b, token);
  return failOperands(context, token, left, right);
}

function integerOrPointer(context: CheckContext, integer: TypedExpression, type: PointerType, token: Token): CType {
  if (!isNullPointer(integer)) context.report.warning('pointer-from-integer', 'a pointer or an integer', token);
  return type;
}

function pointerChoice(context: CheckContext, left: TypedExpression, right: TypedExpression, token: Token): CType {
  const a = (left.type as PointerType).target;
  const b = (right.type as PointerType).target;
  if (isNullPointer(left)) return right.type;
  if (isNullPointer(right)) return left.type;
  const qualifiers = (a.qualifiers | b.qualifiers) & (CONST | VOLATILE);
  if (a.kind === 'void' || b.kind === 'void') return pointerTo(qualified(voidType, qualifiers));
  if (isCompatible(unqualified(a), unqualified(b))) return pointerTo(qualified(compositeType(a, b), qualifiers));
  const message = `'${typeName(left.type)}' or '${typeName(right.type)}'`;
  context.report.warning('pointer-mismatch', message, token);
  return pointerTo(qualified(voidType, qualifiers));
}

// --- assignment -----------------------------------------------------------------------------------------------------

/** Refuses what cannot be changed. */
export function checkModifiable(context: CheckContext, node: TypedExpression, token: Token): void {
  const { type } = node;
  if (!isLvalue(node)) context.fail('not-assignable', `'${token.image}' needs an object that can be changed`, token);
  if (type.kind === 'array') context.fail('not-assignable', 'an array cannot be assigned', token, 'use memcpy');
  if (type.kind === 'function') context.fail('not-assignable', 'a function cannot be assigned', token);
  if (!isComplete(type)) context.fail('incomplete-type', `'${typeName(type)}' is incomplete here`, token);
  if ((type.qualifiers & CONST) !== 0) context.fail('not-assignable', 'the object is const', token);
}

export function checkAssignment(
  context: CheckContext,
  token: Token,
  target: TypedExpression,
  value: TypedExpression,
): TypedExpression {
  checkModifiable(context, target, token);
  const type = unqualified(target.type);
  if (token.type === '=') {
    return { kind: 'assign', token, type, target, value: assignTo(context, value, target.type, 'assignment') };
  }
  const operator = token.type.slice(0, -1) as ArithmeticOperator;
  return compoundAssignment(context, token, target, operator, toValue(context, value), false);
}

/** `target operator= value`; as `x++` when `isPostfix`. */
export function compoundAssignment(
  context: CheckContext,
  token: Token,
  target: TypedExpression,
  operator: ArithmeticOperator,
  right: TypedExpression,
  isPostfix: boolean,
): TypedExpression {
  const type = unqualified(target.type);
  const common = { kind: 'compoundAssign', token, type, target, operator, isPostfix } as const;
  if (type.kind === 'pointer') {
    if ((operator !== '+' && operator !== '-') || right.type.kind !== 'integer')
      failOperands(context, token, target, right);
    const scale = targetSize(context, type, token);
    const value = arithmetic('*', convert(promote(right), intType), scale, intType, token);
    return {
      ...common,
      value: isConstant(scale) && scale.value === 1n ? convert(promote(right), intType) : value,
      operationType: type,
    };
  }
  const stripped = { ...target, type } as TypedExpression;
  const isShift = operator === '<<' || operator === '>>';
  const needsIntegers = isShift || operator === '%' || operator === '&' || operator === '|' || operator === '^';
  if (!isArithmetic(type) || !isArithmetic(right.type)) failOperands(context, token, target, right);
  if (needsIntegers && (type.kind !== 'integer' || right.type.kind !== 'integer')) {
    failOperands(context, token, target, right);
  }
  if (isShift) return { ...common, value: convert(promote(right), intType), operationType: promote(stripped).type };
  const operationType = usualType(stripped, right);
  if (operationType.kind === 'floating' && type.kind === 'integer') warnLoss(context, right, type, 'assignment');
  return { ...common, value: convert(right, operationType), operationType };
}
