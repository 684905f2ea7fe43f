// Code that jumps on a condition: comparisons are fused with their jumps, && and || become control flow.
import type { Label } from './code-list';
import { isZero } from './constant-folding';
import { comparisonName, generateComparison, isSigned, mirrored, negatedComparison } from './generate-arithmetic';
import { generateEffect, generateValue } from './generate-expressions';
import { fitsSigned16, type Generation } from './generation';
import type { ComparisonOperator, LogicalNode, TypedExpression } from './typed-tree';
import { valueTypeOf } from './types';

type CompareNode = TypedExpression & { kind: 'compare' };

/** Jumps to `target` if the truth of `node` is `jumpIf`; else control goes on behind. */
export function generateCondition(g: Generation, node: TypedExpression, target: Label, jumpIf: boolean): void {
  const mark = g.frame.mark();
  g.code.token = node.token;
  switch (node.kind) {
    case 'constant':
      if (isZero(node) !== jumpIf) g.code.jump(target);
      break;
    case 'not':
      generateCondition(g, node.operand, target, !jumpIf);
      break;
    case 'and':
    case 'or':
      generateLogical(g, node, target, jumpIf);
      break;
    case 'compare':
      generateCompareJump(g, node, target, jumpIf);
      break;
    case 'comma':
      generateEffect(g, node.left);
      generateCondition(g, node.right, target, jumpIf);
      break;
    default:
      generateTruthJump(g, node, target, jumpIf);
  }
  g.frame.releaseRegisters(mark);
}

function generateLogical(g: Generation, node: LogicalNode, target: Label, jumpIf: boolean): void {
  // The left side decides alone when it is false for `&&`, true for `||`.
  const decides = node.kind === 'or';
  if (decides === jumpIf) {
    generateCondition(g, node.left, target, jumpIf);
    generateCondition(g, node.right, target, jumpIf);
    return;
  }
  const behind = g.code.createLabel();
  generateCondition(g, node.left, behind, decides);
  generateCondition(g, node.right, target, jumpIf);
  g.code.placeForward(behind);
}

/** Jumps on a value that is compared with zero. */
function generateTruthJump(g: Generation, node: TypedExpression, target: Label, jumpIf: boolean): void {
  // Widening and enlarging keep what is zero, so the narrow value is tested.
  const tested = withoutWidening(node);
  const prefix = valueTypeOf(tested.type);
  let register = generateValue(g, tested);
  if (prefix === 'i64') {
    const equalsZero = g.frame.allocate();
    g.code.add('i64.eqz', equalsZero, register);
    g.code.branch(jumpIf ? 'br_unless' : 'br_if', [equalsZero], target);
    return;
  }
  if (prefix !== 'i32') {
    const zero = g.constant(0, tested.type);
    const truth = g.frame.allocate();
    g.code.add(`${prefix}.ne`, truth, register, zero);
    register = truth;
  }
  g.code.branch(jumpIf ? 'br_if' : 'br_unless', [register], target);
}

function withoutWidening(node: TypedExpression): TypedExpression {
  if (node.kind !== 'convert' || node.operand.type.kind !== 'integer' || node.type.kind !== 'integer') return node;
  return node.operand.type.size <= node.type.size ? withoutWidening(node.operand) : node;
}

function generateCompareJump(g: Generation, node: CompareNode, target: Label, jumpIf: boolean): void {
  const { left, right, operator: written } = node;
  if (right.kind === 'constant' && right.value === 0n && (written === '==' || written === '!=')) {
    generateTruthJump(g, left, target, jumpIf === (written === '!='));
    return;
  }
  if (valueTypeOf(left.type) !== 'i32') {
    const truth = generateComparison(g, node.operator, left, right, undefined);
    g.code.branch(jumpIf ? 'br_if' : 'br_unless', [truth], target);
    return;
  }
  const operator = jumpIf ? node.operator : negatedComparison(node.operator);
  if (left.kind === 'constant') fuse(g, mirrored(operator), right, left, target);
  else fuse(g, operator, left, right, target);
}

/** A jump fused with a comparison of 32-bit integers. */
function fuse(
  g: Generation,
  operator: ComparisonOperator,
  left: TypedExpression,
  right: TypedExpression,
  target: Label,
): void {
  const a = generateValue(g, left);
  const immediate = right.kind === 'constant' ? immediateForm(operator, left, right.value as bigint) : undefined;
  if (immediate !== undefined) {
    g.code.branch(immediate.mnemonic, [a, immediate.value], target);
    return;
  }
  const b = generateValue(g, right);
  const isSwapped = operator === '>' || operator === '>=';
  const name = comparisonName(isSwapped ? mirrored(operator) : operator, left.type);
  g.code.branch(`i32.br_${name}`, isSwapped ? [b, a] : [a, b], target);
}

/** `register operator value` as one instruction, if the constant fits; <= and > become < and >= of the next value. */
function immediateForm(
  operator: ComparisonOperator,
  left: TypedExpression,
  value: bigint,
): { mnemonic: string; value: number } | undefined {
  const sign = isSigned(left.type) ? 's' : 'u';
  const isNext = operator === '<=' || operator === '>';
  const number = Number(BigInt.asIntN(32, value)) + (isNext ? 1 : 0);
  // For unsigned, the immediate is sign-extended first: only small non-negative ones mean what they say.
  if (!fitsSigned16(number) || (sign === 'u' && operator !== '==' && operator !== '!=' && number < 0)) return undefined;
  if (isNext && sign === 'u' && number === 0) return undefined;
  if (operator === '==') return { mnemonic: 'i32.br_eq_imm', value: number };
  if (operator === '!=') return { mnemonic: 'i32.br_ne_imm', value: number };
  return { mnemonic: `i32.br_${operator === '<' || operator === '<=' ? 'lt' : 'ge'}_${sign}_imm`, value: number };
}
