// Which functions are small and harmless enough to stand in place of a call: straight code and choices that cannot trap, so
// that no trace could miss the function.
import { opcodeOperation } from './machine-operations';
import type { FunctionSymbol, LocalInitialiser, TypedExpression, TypedStatement } from './typed-tree';
import { isScalar } from './types';

/** Nodes of the tree of a function that is put in place of its calls. */
const LARGEST = 40;

const answers = new WeakMap<FunctionSymbol, boolean>();

/** Whether calls of `symbol`, a definition, may be replaced by its body. */
export function isInlinable(symbol: FunctionSymbol): boolean {
  let answer = answers.get(symbol);
  if (answer === undefined) answers.set(symbol, (answer = decide(symbol)));
  return answer;
}

function decide({ body, type, isNoReturn }: FunctionSymbol): boolean {
  if (body === undefined || isNoReturn || type.isVariadic || !type.hasPrototype) return false;
  if (type.result.kind !== 'void' && !isScalar(type.result)) return false;
  if (body.parameters.some((one) => !isScalar(one.type) || one.isAddressTaken)) return false;
  const budget = { left: LARGEST };
  return isHarmlessStatement(body.body, budget);
}

interface Budget {
  left: number;
}

function isHarmlessStatement(node: TypedStatement, budget: Budget): boolean {
  const isHarmless = (value: TypedExpression) => isHarmlessExpression(value, budget);
  if (--budget.left < 0) return false;
  switch (node.kind) {
    case 'expression':
      return isHarmless(node.value);
    case 'block':
      return node.statements.every((statement) => isHarmlessStatement(statement, budget));
    case 'variable':
      if (!isScalar(node.variable.type) || node.variable.isAddressTaken) return false;
      return node.initialiser === undefined || (isExpression(node.initialiser) && isHarmless(node.initialiser));
    case 'if':
      return (
        node.arms.every(({ condition, body }) => isHarmless(condition) && isHarmlessStatement(body, budget)) &&
        (node.otherwise === undefined || isHarmlessStatement(node.otherwise, budget))
      );
    case 'return':
      return node.value === undefined || isHarmless(node.value);
    default:
      return false;
  }
}

function isExpression(initialiser: TypedExpression | LocalInitialiser): initialiser is TypedExpression {
  return 'kind' in initialiser;
}

function isHarmlessExpression(node: TypedExpression, budget: Budget): boolean {
  const areHarmless = (...nodes: TypedExpression[]) => nodes.every((one) => isHarmlessExpression(one, budget));
  if (--budget.left < 0) return false;
  switch (node.kind) {
    case 'constant':
      return true;
    case 'variable':
      return isScalar(node.type);
    case 'convert':
      return isHarmlessConversion(node) && areHarmless(node.operand);
    case 'negate':
    case 'complement':
    case 'not':
      return areHarmless(node.operand);
    case 'arithmetic':
      return isHarmlessOperation(node.operator, node.right) && areHarmless(node.left, node.right);
    case 'compare':
    case 'and':
    case 'or':
    case 'comma':
      return areHarmless(node.left, node.right);
    case 'conditional':
      return areHarmless(node.condition, node.whenTrue, node.whenFalse);
    case 'assign':
      return areHarmless(node.target, node.value);
    case 'compoundAssign':
      return isHarmlessOperation(node.operator, node.value) && areHarmless(node.target, node.value);
    case 'intrinsic':
      return isPureOpcode(node.name) && areHarmless(...node.args);
    default:
      return false;
  }
}

/** Conversions of floating numbers to integers trap where the number does not fit. */
function isHarmlessConversion({ type, operand }: TypedExpression & { kind: 'convert' }): boolean {
  return isScalar(type) && (operand.type.kind !== 'floating' || type.kind === 'floating');
}

function isHarmlessOperation(operator: string, right: TypedExpression): boolean {
  if (operator !== '/' && operator !== '%') return true;
  if (right.type.kind === 'floating') return true;
  return right.kind === 'constant' && right.value !== 0n && right.value !== -1n;
}

function isPureOpcode(name: string): boolean {
  const operation = opcodeOperation(name);
  return operation?.hasResult === true && /^[if]\d\d\./.test(name);
}
