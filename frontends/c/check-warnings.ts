// Optional warnings about what C allows and few people mean: unused names, values that get lost, and their like.
// Nothing here changes what a program does. Which of them are wanted is for the report to know.
import type { CheckContext, OpenFunction } from './check-context';
import { convert } from './conversions';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type { ComparisonOperator, LocalVariable, TypedExpression } from './typed-tree';
import { boolType, type CType, typeName } from './types';

// --- unused names ---------------------------------------------------------------------------------------------------

/** Warns about what a function declares and never uses. */
export function warnUnusedNames(context: CheckContext, open: OpenFunction, parameters: readonly LocalVariable[]): void {
  const { report } = context;
  for (const { name, token, isUsed } of open.locals.slice(parameters.length)) {
    if (!isUsed && name !== '') report.optional('unused-variable', `nothing reads '${name}'`, token);
  }
  for (const { name, token, isUsed } of parameters) {
    if (!isUsed && name !== '') {
      report.optional('unused-parameter', `nothing reads '${name}'`, token, `write (void)${name};`);
    }
  }
  for (const { name, token, isUsed } of open.labels.values()) {
    if (!isUsed) report.optional('unused-label', `no goto names '${name}'`, token);
  }
}

/** Warns about functions and objects that only this unit sees, and does not use. */
export function warnUnusedStatics(context: CheckContext): void {
  const { report } = context;
  for (const { name, token, isUsed, isExternal, isInline, body } of context.functions) {
    if (!isUsed && !isExternal && !isInline && body !== undefined) {
      report.optional('unused-function', `nothing calls '${name}'`, token);
    }
  }
  for (const { name, token, isUsed, isExternal } of context.globals) {
    if (!isUsed && !isExternal) report.optional('unused-variable', `nothing reads '${name}'`, token);
  }
}

/** Warns where the new name `token` hides a variable. */
export function warnShadowing(context: CheckContext, token: Token): void {
  const hidden = context.scopes.find(token.image);
  if (hidden?.kind !== 'local' && hidden?.kind !== 'global') return;
  context.report.optional('shadow', `'${token.image}' hides that of line ${hidden.token.line}`, token);
}

// --- statements -----------------------------------------------------------------------------------------------------

/** Warns where a condition is an assignment that no parentheses of its own say is meant. */
export function warnAssignmentAsCondition(context: CheckContext, node: Tree.Expression): void {
  if (node.kind !== 'assign' || node.token.type !== '=' || node.isParenthesised) return;
  const hint = "write '==' to compare, or a second pair of parentheses";
  context.report.optional('assignment-in-condition', 'an assignment as a condition', node.token, hint);
}

/** Warns about `if (x);`. */
export function warnEmptyBody(context: CheckContext, body: Tree.Statement): void {
  if (body.kind !== 'expression' || body.value !== undefined) return;
  context.report.optional('empty-body', "an 'if' without a body", body.token, 'write {} if that is meant');
}

const IDLE: ReadonlySet<TypedExpression['kind']> = new Set([
  ...(['constant', 'variable', 'function', 'dereference', 'member', 'addressOf', 'negate', 'complement'] as const),
  ...(['not', 'arithmetic', 'pointerAdd', 'pointerDifference', 'compare', 'compoundLiteral'] as const),
]);

/** Warns about an expression statement that computes something and drops it. */
export function warnUnusedValue(context: CheckContext, value: TypedExpression): void {
  const isDropped = IDLE.has(value.kind) || (value.kind === 'convert' && value.type.kind !== 'void');
  if (isDropped) context.report.optional('unused-value', 'the value is not used', value.token);
}

// --- values ---------------------------------------------------------------------------------------------------------

/** Warns when `value`, which becomes one of `type` without a cast, may not fit. */
export function warnLoss(context: CheckContext, value: TypedExpression, type: CType, place: string): void {
  if (!canLose(value, type)) return;
  const message = `${place}: '${typeName(value.type)}' becomes '${typeName(type)}' and may lose a part of the value`;
  context.report.optional('lossy-conversion', message, value.token, `if that is meant, write (${typeName(type)})`);
}

function canLose(value: TypedExpression, type: CType): boolean {
  const from = value.type;
  if (type.kind === 'integer' && type.rank === boolType.rank) return false;
  if (from.kind === 'floating') {
    if (value.kind === 'constant') return type.kind === 'integer' && !isKept(value.value as number, value, type);
    return type.kind === 'integer' || (type.kind === 'floating' && type.size < from.size);
  }
  if (from.kind !== 'integer') return false;
  if (type.kind === 'floating') return bitsOf(value) > (type.size === 4 ? 24 : 53);
  return type.kind === 'integer' && bitsOf(value) > 8 * type.size;
}

function isKept(number: number, node: TypedExpression, type: CType): boolean {
  const converted = convert(node, type);
  return converted.kind === 'constant' && Number(converted.value) === number;
}

/** How many bits the integer `node` may need, with or without a sign. */
function bitsOf(node: TypedExpression): number {
  const { type } = node;
  const all = type.kind === 'integer' ? 8 * type.size : 64;
  switch (node.kind) {
    case 'constant': {
      const value = BigInt(node.value);
      return value < 0n ? (-value - 1n).toString(2).length + (value === -1n ? 0 : 1) : value.toString(2).length;
    }
    case 'convert':
      return node.operand.type.kind === 'integer' ? Math.min(all, bitsOf(node.operand)) : all;
    case 'compare':
    case 'not':
    case 'and':
    case 'or':
      return 1;
    case 'conditional':
      return Math.max(bitsOf(node.whenTrue), bitsOf(node.whenFalse));
    case 'member':
      return node.member.bitField?.width ?? all;
    case 'arithmetic': {
      const right = node.right.kind === 'constant' ? Number(node.right.value) : -1;
      if (node.operator === '&') return Math.min(bitsOf(node.left), right >= 0 ? bitsOf(node.right) : all);
      if (node.operator === '%' && right > 0) return bitsOf(node.right);
      if (node.operator === '>>' && right >= 0) return Math.max(1, bitsOf(node.left) - right);
      if (node.operator === '|' || node.operator === '^') return Math.max(bitsOf(node.left), bitsOf(node.right));
      return all;
    }
    default:
      return all;
  }
}

/** Warns where a comparison takes a negative number for a large one. */
export function warnSigns(
  context: CheckContext,
  operator: ComparisonOperator,
  left: TypedExpression,
  right: TypedExpression,
  common: CType,
  token: Token,
): void {
  if (common.kind !== 'integer' || common.isSigned) return;
  for (const { kind, type } of [left, right]) {
    if (kind === 'constant' || type.kind !== 'integer' || !type.isSigned) continue;
    const message = `'${typeName(type)}' becomes '${typeName(common)}' for '${operator}'`;
    context.report.optional('sign-compare', message, token);
  }
}
