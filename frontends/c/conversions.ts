// Conversions of checked expressions: decay, promotions, usual arithmetic conversions, casts, and what assignment,
// arguments and return allow.
import type { CheckContext } from './check-context';
import { warnLoss } from './check-warnings';
import { foldConversion, isConstant, isZero } from './constant-folding';
import { CONST, VOLATILE } from './syntax-tree';
import type { Token } from './token';
import type { TypedExpression } from './typed-tree';
import {
  boolType,
  type CType,
  doubleType,
  type FloatingType,
  INT_RANK,
  type IntegerType,
  intType,
  isArithmetic,
  isCompatible,
  isComplete,
  isScalar,
  pointerTo,
  toUnsigned,
  typeName,
  unqualified,
  unsignedIntType,
} from './types';

/** `node` as a value: an array becomes the address of its first element, a function its address. */
export function toValue(context: CheckContext, node: TypedExpression): TypedExpression {
  const { type, token } = node;
  if (type.kind === 'array') {
    noteAddressTaken(node);
    // An element of an array of arrays: its sums go on.
    if (node.kind === 'dereference' && node.pointer.kind === 'pointerAdd') {
      return { kind: 'convert', token, type: pointerTo(type.element), operand: node.pointer };
    }
    return { kind: 'addressOf', token, type: pointerTo(type.element), operand: node };
  }
  if (type.kind === 'function') return { kind: 'addressOf', token, type: pointerTo(type), operand: node };
  if (type.kind === 'record' && !isComplete(type)) {
    context.fail('incomplete-type', `'${typeName(type)}' is incomplete here`, token);
  }
  return type.qualifiers === 0 ? node : ({ ...node, type: unqualified(type) } as TypedExpression);
}

/** Notes that the variable in which `node` lies needs a place in memory. */
export function noteAddressTaken(node: TypedExpression): void {
  if (node.kind === 'variable' && node.variable.kind === 'local') node.variable.isAddressTaken = true;
  else if (node.kind === 'member') noteAddressTaken(node.object);
}

/** `node`, a value, as a value of `type`; both scalar, or `type` void. Never complains. */
export function convert(node: TypedExpression, type: CType): TypedExpression {
  const target = unqualified(type);
  if (node.type === target) return node;
  if (isConstant(node)) {
    const folded = foldConversion(node, target);
    if (folded !== undefined) return folded;
  }
  return { kind: 'convert', token: node.token, type: target, operand: node };
}

/** The type that `node`, of an integer type, has after the integer promotions. */
function promotedType(node: TypedExpression): IntegerType {
  const type = node.type as IntegerType;
  const bits = bitFieldWidth(node);
  if (type.rank < INT_RANK) return intType;
  // As GNU C has it, a bit-field counts by its width, also when it is declared long long.
  if (bits !== undefined && bits <= 32) return bits < 32 || type.isSigned ? intType : unsignedIntType;
  if (type.isEnum) return type.isSigned ? intType : unsignedIntType;
  return unqualified(type);
}

/** The width of the bit-field that `node` is, or whose value a comma hands on, as GNU C has it. */
function bitFieldWidth(node: TypedExpression): number | undefined {
  if (node.kind === 'comma') return bitFieldWidth(node.right);
  return node.kind === 'member' ? node.member.bitField?.width : undefined;
}

/** The integer promotions; a floating value stays as it is. */
export function promote(node: TypedExpression): TypedExpression {
  return node.type.kind === 'integer' ? convert(node, promotedType(node)) : node;
}

/** The default argument promotions. */
export function promoteArgument(node: TypedExpression): TypedExpression {
  if (node.type.kind === 'floating' && node.type.size === 4) return convert(node, doubleType);
  return promote(node);
}

/** The type that two arithmetic operands are converted to. */
export function usualType(left: TypedExpression, right: TypedExpression): IntegerType | FloatingType {
  const a = left.type as IntegerType | FloatingType;
  const b = right.type as IntegerType | FloatingType;
  if (a.kind === 'floating' || b.kind === 'floating') {
    if (a.kind !== 'floating') return unqualified(b);
    return unqualified(b.kind !== 'floating' || a.rank >= b.rank ? a : b);
  }
  return usualIntegerType(promotedType(left), promotedType(right));
}

function usualIntegerType(a: IntegerType, b: IntegerType): IntegerType {
  if (a.isSigned === b.isSigned) return a.rank >= b.rank ? a : b;
  const [signed, unsigned] = a.isSigned ? [a, b] : [b, a];
  if (unsigned.rank >= signed.rank) return unsigned;
  return signed.size > unsigned.size ? signed : toUnsigned(signed);
}

/** `node` as something that is tested against zero. */
export function toCondition(context: CheckContext, node: TypedExpression): TypedExpression {
  const value = toValue(context, node);
  if (!isScalar(value.type)) {
    context.fail('bad-operand', `a condition must be a number or a pointer, not '${typeName(value.type)}'`, node.token);
  }
  return value;
}

/** Whether `node` is 0 or (void *)0. */
export function isNullPointer(node: TypedExpression): boolean {
  if (!isZero(node)) return false;
  if (node.type.kind === 'integer') return true;
  return node.type.kind === 'pointer' && node.type.target.kind === 'void' && node.type.target.qualifiers === 0;
}

/**
 * `node` converted as if by assignment to an object of `type`; reports what C does not allow. `place` says what for:
 * "assignment", "argument 1 of f", ...
 */
export function assignTo(context: CheckContext, node: TypedExpression, type: CType, place: string): TypedExpression {
  const value = toValue(context, node);
  const from = value.type;
  if (type.kind === 'record' || from.kind === 'record') {
    if (!isCompatible(unqualified(type), from)) failAssignment(context, value, type, place);
    return value;
  }
  if (isArithmetic(type) && isArithmetic(from)) {
    warnLoss(context, value, type, place);
    return convert(value, type);
  }
  if (type.kind === 'pointer' && from.kind === 'pointer') {
    checkPointers(context, value, type, place);
    return convert(value, type);
  }
  if (type.kind === 'pointer' && from.kind === 'integer') {
    if (!isNullPointer(value)) warnPointerFromInteger(context, value, type, place);
    return convert(value, type);
  }
  if (type.kind === 'integer' && from.kind === 'pointer') {
    if (type.rank !== boolType.rank) warnPointerFromInteger(context, value, type, place);
    return convert(value, type);
  }
  return failAssignment(context, value, type, place);
}

function failAssignment(context: CheckContext, value: TypedExpression, type: CType, place: string): never {
  const message = `${place}: '${typeName(value.type)}' cannot become '${typeName(type)}'`;
  return context.fail('incompatible-types', message, value.token);
}

function warnPointerFromInteger(context: CheckContext, value: TypedExpression, type: CType, place: string): void {
  const message = `${place}: '${typeName(value.type)}' becomes '${typeName(type)}' without a cast`;
  context.report.warning('pointer-from-integer', message, value.token);
}

function checkPointers(context: CheckContext, value: TypedExpression, type: CType, place: string): void {
  if (value.type.kind !== 'pointer' || type.kind !== 'pointer' || isNullPointer(value)) return;
  const from = value.type.target;
  const to = type.target;
  const isVoid = from.kind === 'void' || to.kind === 'void';
  const message = `${place}: '${typeName(value.type)}' becomes '${typeName(type)}'`;
  if (!isVoid && !isCompatible(unqualified(from), unqualified(to)) && !differInSign(from, to)) {
    context.report.warning('pointer-mismatch', message, value.token);
  } else if ((from.qualifiers & ~to.qualifiers & (CONST | VOLATILE)) !== 0) {
    context.report.warning('discards-qualifiers', `${message} and loses a qualifier`, value.token);
  }
}

/** `char *` and `unsigned char *` and their like: too common to complain about. */
function differInSign(a: CType, b: CType): boolean {
  return a.kind === 'integer' && b.kind === 'integer' && a.size === b.size && a.rank === b.rank;
}

/** `node` under a cast to `type`. */
export function castTo(context: CheckContext, node: TypedExpression, type: CType, token: Token): TypedExpression {
  const value = toValue(context, node);
  if (type.kind === 'void') return { kind: 'convert', token, type, operand: value };
  const isScalarCast = isScalar(type) && isScalar(value.type);
  const isPointerAndFloat =
    (type.kind === 'pointer' && value.type.kind === 'floating') ||
    (type.kind === 'floating' && value.type.kind === 'pointer');
  if (!isScalarCast || isPointerAndFloat) {
    if (type.kind === 'record' && isCompatible(unqualified(type), value.type)) return withoutPlace(value, token);
    context.fail('bad-operand', `cannot cast '${typeName(value.type)}' to '${typeName(type)}'`, token);
  }
  const result = convert(value, type);
  return result === value ? withoutPlace(value, token) : result;
}

/**
 * `node`, a value, as nothing but a value: what denotes an object denotes it no more, so that it cannot be assigned to,
 * and a bit-field is promoted by its width no more.
 */
export function withoutPlace(node: TypedExpression, token: Token): TypedExpression {
  const { type } = node;
  if (!isLvalue(node) && bitFieldWidth(node) === undefined) return { ...node, token };
  if (isScalar(type)) return { kind: 'convert', token, type, operand: node };
  const nothing: TypedExpression = { kind: 'constant', token, type: intType, value: 0n };
  return { kind: 'comma', token, type, left: nothing, right: node };
}

/** Whether `node` denotes an object. */
export function isLvalue(node: TypedExpression): boolean {
  if (node.kind === 'member') return isLvalue(node.object);
  return node.kind === 'variable' || node.kind === 'dereference' || node.kind === 'compoundLiteral';
}
