// Checks statements. After an error in one it goes on with the next.
import type { CheckContext } from './check-context';
import { checkLocalDeclaration } from './check-declarations';
import { checkAssignment } from './check-operators';
import { integerConstant } from './check-types';
import { warnAssignmentAsCondition, warnEmptyBody, warnUnusedValue } from './check-warnings';
import { isZero, wrapInteger } from './constant-folding';
import { assignTo, promote, toCondition, toValue } from './conversions';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type { LabelSymbol, SwitchCase, TypedExpression, TypedStatement } from './typed-tree';
import { type IntegerType, isComplete, pointerTo, typeName, voidType } from './types';
import { arriveAtLabel, leaveBlocks, type OpenBlock, sizeCount, takeSizes, wrapBlock } from './variable-arrays';

/** Checks the statements of a block in a scope of their own. */
export function checkBlock(context: CheckContext, node: Tree.Statement & { kind: 'block' }): TypedStatement[] {
  const block: OpenBlock = { saved: undefined, end: undefined };
  context.function!.blocks.push(block);
  const statements = checkItems(context, node);
  context.function!.blocks.pop();
  return wrapBlock(block, statements, node.token);
}

/** Checks the statements of a block; variable arrays in it belong to the block around. */
export function checkItems(context: CheckContext, node: Tree.Statement & { kind: 'block' }): TypedStatement[] {
  const statements: TypedStatement[] = [];
  context.scopes.open();
  for (const item of node.items) {
    const checked = context.attempt(() => checkStatement(context, item));
    if (checked !== undefined) statements.push(...checked);
  }
  context.scopes.close();
  return statements;
}

/** Checks one statement; a declaration may give several, or none. */
function checkStatement(context: CheckContext, node: Tree.Statement): TypedStatement[] {
  const start = sizeCount(context);
  const statements = checkPlain(context, node);
  const sizes = takeSizes(context, start);
  return sizes.length === 0 ? statements : [...sizes, ...statements];
}

function checkPlain(context: CheckContext, node: Tree.Statement): TypedStatement[] {
  if (node.kind === 'declarations') return checkLocalDeclaration(context, node.declaration);
  if (node.kind === 'expression') return node.value === undefined ? [] : [checkValue(context, node.value)];
  if (node.kind === 'label') return checkLabel(context, node);
  return [checkOne(context, node)];
}

/** Checks a statement where exactly one stands: a body, which is a scope. */
function checkBody(context: CheckContext, node: Tree.Statement): TypedStatement {
  const { token } = node;
  context.scopes.open();
  const statements = context.attempt(() => checkStatement(context, node)) ?? [];
  context.scopes.close();
  return statements.length === 1 ? statements[0]! : { kind: 'block', token, statements };
}

/** The statement behind a label is in the label's own scope: it may be a declaration. */
function checkLabelled(context: CheckContext, node: Tree.Statement): TypedStatement {
  const statements = context.attempt(() => checkStatement(context, node)) ?? [];
  return statements.length === 1 ? statements[0]! : { kind: 'block', token: node.token, statements };
}

function checkValue(context: CheckContext, node: Tree.Expression): TypedStatement {
  const value = toValue(context, assignedOnly(context, node) ?? context.expression(node));
  if (context.usedValue !== node) warnUnusedValue(context, value);
  return { kind: 'expression', token: node.token, value };
}

/** Of a statement `name = value`: an assignment alone is no use of the variable. */
function assignedOnly(context: CheckContext, node: Tree.Expression): TypedExpression | undefined {
  if (node.kind !== 'assign' || node.token.type !== '=' || node.left.kind !== 'name') return undefined;
  const variable = context.scopes.find(node.left.token.image);
  if (variable?.kind !== 'local' || variable.isUsed) return undefined;
  const right = context.expression(node.right);
  const isUsedThere = variable.isUsed;
  const value = checkAssignment(context, node.token, context.expression(node.left), right);
  variable.isUsed = isUsedThere;
  return value;
}

type Simple = Exclude<Tree.Statement, { kind: 'declarations' | 'expression' | 'label' }>;

/** Checks one statement: those with conditions are scopes, in which a condition may declare tags. */
function checkOne(context: CheckContext, node: Simple): TypedStatement {
  if (!SCOPED.has(node.kind)) return checkKind(context, node);
  context.scopes.open();
  const checked = checkKind(context, node);
  context.scopes.close();
  return checked;
}

const SCOPED: ReadonlySet<string> = new Set(['if', 'while', 'do', 'for', 'switch']);

function checkKind(context: CheckContext, node: Simple): TypedStatement {
  const { token } = node;
  switch (node.kind) {
    case 'block':
      return { kind: 'block', token, statements: checkBlock(context, node) };
    case 'if':
      return checkIf(context, node);
    case 'while': {
      const condition = loopCondition(context, node.condition);
      const body = checkLoopBody(context, node.body);
      return { kind: 'loop', token, initial: [], condition, isDo: false, step: undefined, body };
    }
    case 'do': {
      const body = checkLoopBody(context, node.body);
      const condition = loopCondition(context, node.condition);
      return { kind: 'loop', token, initial: [], condition, isDo: true, step: undefined, body };
    }
    case 'for':
      return checkFor(context, node);
    case 'switch':
      return checkSwitch(context, node);
    case 'case':
      return checkCase(context, node);
    case 'default':
      return checkDefault(context, node);
    case 'goto':
      return { kind: 'goto', token, label: usedLabel(context, node.name) };
    case 'computedGoto': {
      const value = toValue(context, context.expression(node.value));
      return { kind: 'computedGoto', token, value: assignTo(context, value, pointerTo(voidType), 'goto') };
    }
    case 'break':
      return checkJump(context, 'break', context.function!.breakBlocks.at(-1), token);
    case 'continue':
      return checkJump(context, 'continue', context.function!.continueBlocks.at(-1), token);
    case 'return':
      return checkReturn(context, node);
  }
}

/** A jump out of all blocks but `depth`, which is undefined when there is nothing to leave. */
function checkJump(
  context: CheckContext,
  kind: 'break' | 'continue',
  depth: number | undefined,
  token: Token,
): TypedStatement {
  const place = kind === 'break' ? 'loop or switch' : 'loop';
  if (depth === undefined) return context.fail('bad-statement', `'${kind}' outside of a ${place}`, token);
  return leaveBlocks(context, depth, { kind, token });
}

function checkCondition(context: CheckContext, node: Tree.Expression): TypedExpression {
  warnAssignmentAsCondition(context, node);
  return toCondition(context, context.expression(node));
}

/** Undefined for a condition that always holds. */
function loopCondition(context: CheckContext, node: Tree.Expression): TypedExpression | undefined {
  const condition = checkCondition(context, node);
  return condition.kind === 'constant' && !isZero(condition) ? undefined : condition;
}

function checkIf(context: CheckContext, node: Tree.Statement & { kind: 'if' }): TypedStatement {
  const arms = node.arms.map(({ condition, body }) => ({
    condition: checkCondition(context, condition),
    body: checkBody(context, body),
  }));
  if (node.otherwise === undefined) warnEmptyBody(context, node.arms.at(-1)!.body);
  const otherwise = node.otherwise === undefined ? undefined : checkBody(context, node.otherwise);
  return { kind: 'if', token: node.token, arms, otherwise };
}

function checkLoopBody(context: CheckContext, node: Tree.Statement): TypedStatement {
  const open = context.function!;
  open.continueBlocks.push(open.blocks.length);
  open.breakBlocks.push(open.blocks.length);
  const body = checkBody(context, node);
  open.continueBlocks.pop();
  open.breakBlocks.pop();
  return body;
}

function checkFor(context: CheckContext, node: Tree.Statement & { kind: 'for' }): TypedStatement {
  const { token, initial: first } = node;
  const initial = first === undefined ? [] : (context.attempt(() => checkStatement(context, first)) ?? []);
  const condition = node.condition === undefined ? undefined : loopCondition(context, node.condition);
  const step = node.step === undefined ? undefined : toValue(context, context.expression(node.step));
  const body = checkLoopBody(context, node.body);
  return { kind: 'loop', token, initial, condition, isDo: false, step, body };
}

// --- switch ---------------------------------------------------------------------------------------------------------

function checkSwitch(context: CheckContext, node: Tree.Statement & { kind: 'switch' }): TypedStatement {
  const { token } = node;
  const open = context.function!;
  const value = promote(toValue(context, context.expression(node.value)));
  if (value.type.kind !== 'integer') {
    return context.fail('bad-operand', `a switch needs an integer, not '${typeName(value.type)}'`, node.value.token);
  }
  const { type } = value;
  const openSwitch = { type, cases: [] as SwitchCase[], defaultLabel: undefined as LabelSymbol | undefined };
  open.switches.push(openSwitch);
  open.breakBlocks.push(open.blocks.length);
  const body = checkBody(context, node.body);
  open.breakBlocks.pop();
  open.switches.pop();
  const { cases, defaultLabel } = openSwitch;
  return { kind: 'switch', token, value, type, cases: sortedCases(context, cases), defaultLabel, body };
}

function sortedCases(context: CheckContext, cases: readonly SwitchCase[]): SwitchCase[] {
  const sorted = [...cases].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  for (let index = 1; index < sorted.length; index++) {
    const { first, label } = sorted[index]!;
    if (first <= sorted[index - 1]!.last)
      context.report.error('duplicate-case', `there are two cases ${first}`, label.token);
  }
  return sorted;
}

function innermostSwitch(context: CheckContext, token: Token) {
  const open = context.function!.switches.at(-1);
  return open ?? context.fail('bad-statement', `'${token.image}' outside of a switch`, token);
}

function checkCase(context: CheckContext, node: Tree.Statement & { kind: 'case' }): TypedStatement {
  const { token } = node;
  const open = innermostSwitch(context, token);
  const first = caseValue(context, node.value, open.type);
  const last = node.last === undefined ? first : caseValue(context, node.last, open.type);
  const label: LabelSymbol = { name: 'case', token: node.value.token, isPlaced: true, isUsed: true, number: 0 };
  if (last >= first) open.cases.push({ label, first, last });
  return { kind: 'label', token, label, body: checkLabelled(context, node.body) };
}

function caseValue(context: CheckContext, node: Tree.Expression, type: IntegerType): bigint {
  return wrapInteger(integerConstant(context, node, 'a case'), type);
}

function checkDefault(context: CheckContext, node: Tree.Statement & { kind: 'default' }): TypedStatement {
  const { token } = node;
  const open = innermostSwitch(context, token);
  if (open.defaultLabel !== undefined) context.fail('duplicate-case', 'there are two defaults', token);
  const label: LabelSymbol = { name: 'default', token, isPlaced: true, isUsed: true, number: 0 };
  open.defaultLabel = label;
  return { kind: 'label', token, label, body: checkLabelled(context, node.body) };
}

// --- labels, return -------------------------------------------------------------------------------------------------

/** `&&label`: a number that computed jumps of the function know, as a pointer. */
export function checkLabelAddress(context: CheckContext, name: Token, token: Token): TypedExpression {
  const open = context.function;
  if (open === undefined) return context.fail('bad-operand', 'a label outside of a function', token);
  const label = usedLabel(context, name);
  if (label.number === 0) label.number = open.addressedLabels.push(label);
  return { kind: 'constant', token, type: pointerTo(voidType), value: BigInt(label.number) };
}

function usedLabel(context: CheckContext, token: Token): LabelSymbol {
  const label = labelNamed(context, token);
  label.isUsed = true;
  return label;
}

function labelNamed(context: CheckContext, token: Token): LabelSymbol {
  const { labels } = context.function!;
  let label = labels.get(token.image);
  if (label === undefined) {
    label = { name: token.image, token, isPlaced: false, isUsed: false, number: 0 };
    labels.set(token.image, label);
  }
  return label;
}

/** A label, and behind it its statement, which may be a declaration. */
function checkLabel(context: CheckContext, node: Tree.Statement & { kind: 'label' }): TypedStatement[] {
  const { token } = node;
  const label = labelNamed(context, token);
  if (label.isPlaced) context.fail('redefinition', `there are two labels '${token.image}'`, token);
  label.isPlaced = true;
  const placed: TypedStatement = { kind: 'label', token, label, body: arriveAtLabel(context, token) };
  return [placed, ...checkStatement(context, node.body)];
}

function checkReturn(context: CheckContext, node: Tree.Statement & { kind: 'return' }): TypedStatement {
  const { token } = node;
  const { symbol } = context.function!;
  const { result } = symbol.type;
  if (node.value === undefined) {
    if (result.kind !== 'void') context.report.warning('bad-statement', `'${symbol.name}' must return a value`, token);
    return { kind: 'return', token, value: undefined };
  }
  const value = toValue(context, context.expression(node.value));
  if (result.kind === 'void') {
    if (value.type.kind !== 'void') {
      context.report.warning('bad-statement', `'${symbol.name}' returns nothing, so the value is not used`, token);
    }
    return { kind: 'return', token, value };
  }
  if (!isComplete(result)) context.fail('incomplete-type', `'${typeName(result)}' is incomplete here`, token);
  return { kind: 'return', token, value: assignTo(context, value, result, 'return') };
}
