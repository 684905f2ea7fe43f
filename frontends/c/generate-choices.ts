// Code for expressions that are control flow: truth values, the conditional operator, statement expressions.
import { generateCondition } from './generate-conditions';
import { generateEffect, generateValue } from './generate-expressions';
import { generateStatement } from './generate-statements';
import type { Generation } from './generation';
import type { TypedExpression } from './typed-tree';
import { valueTypeOf } from './types';

type NodeOf<Kind extends TypedExpression['kind']> = TypedExpression & { kind: Kind };

/** 0 or 1 for a condition that is control flow. */
export function generateTruth(g: Generation, node: TypedExpression, want: number | undefined): number {
  const { code } = g;
  const isFresh = want === undefined || g.isTemporary(want);
  const result = g.destination(want);
  const behind = code.createLabel();
  if (isFresh) {
    code.add('i32.const', result, 0);
    generateCondition(g, node, behind, false);
    code.add('i32.const', result, 1);
    code.placeForward(behind);
    return result;
  }
  // A variable keeps its value until the condition is decided.
  const whenFalse = code.createLabel();
  generateCondition(g, node, whenFalse, false);
  code.add('i32.const', result, 1);
  code.jump(behind);
  code.placeForward(whenFalse);
  code.add('i32.const', result, 0);
  code.placeForward(behind);
  return result;
}

export function generateConditional(g: Generation, node: NodeOf<'conditional'>, want: number | undefined): number {
  const { frame, code } = g;
  if (node.type.kind === 'void') {
    generateConditionalEffect(g, node);
    return want ?? frame.top;
  }
  const result = g.destination(want);
  const { top } = frame;
  const whenFalse = code.createLabel();
  const behind = code.createLabel();
  generateCondition(g, node.condition, whenFalse, false);
  generateValue(g, node.whenTrue, result);
  frame.top = top;
  code.jump(behind);
  code.placeForward(whenFalse);
  generateValue(g, node.whenFalse, result);
  frame.top = top;
  code.placeForward(behind);
  return result;
}

export function generateConditionalEffect(g: Generation, node: NodeOf<'conditional'>): void {
  const { code } = g;
  const whenFalse = code.createLabel();
  const behind = code.createLabel();
  generateCondition(g, node.condition, whenFalse, false);
  generateEffect(g, node.whenTrue);
  code.jump(behind);
  code.placeForward(whenFalse);
  generateEffect(g, node.whenFalse);
  code.placeForward(behind);
}

export function generateElvis(g: Generation, node: NodeOf<'elvis'>, want: number | undefined): number {
  const { frame, code } = g;
  const { left, right, type } = node;
  const isFresh = want !== undefined && g.isTemporary(want);
  const result = isFresh ? want : frame.allocate();
  const { top } = frame;
  const behind = code.createLabel();
  generateValue(g, left, result);
  frame.top = top;
  const prefix = valueTypeOf(type);
  if (prefix === 'i32') code.branch('br_if', [result], behind);
  else {
    const zero = g.constant(type.kind === 'floating' ? 0 : 0n, type);
    const truth = frame.allocate();
    code.add(`${prefix}.ne`, truth, result, zero);
    code.branch('br_if', [truth], behind);
  }
  frame.top = top;
  generateValue(g, right, result);
  frame.top = top;
  code.placeForward(behind);
  return want === undefined || isFresh ? result : g.move(want, result);
}

export function generateStatementExpression(
  g: Generation,
  node: NodeOf<'statement'>,
  want: number | undefined,
): number {
  const { frame } = g;
  // The result's register lies below those of the block's variables, which are free again afterwards.
  const result = g.destination(want);
  const mark = frame.mark();
  frame.firstTemporary = frame.top;
  for (const statement of node.body) generateStatement(g, statement);
  if (node.result !== undefined && node.type.kind !== 'void') generateValue(g, node.result, result);
  else if (node.result !== undefined) generateEffect(g, node.result);
  frame.releaseRegisters(mark);
  return result;
}
