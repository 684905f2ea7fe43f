// Code for switch: a jump table where the cases are dense, otherwise a binary search that ends in a few comparisons.
import type { Label } from './code-list';
import { addConstant } from './generate-addresses';
import { comparisonName } from './generate-arithmetic';
import { generateValue } from './generate-expressions';
import { generateStatement, labelOf } from './generate-statements';
import { fitsSigned16, type Generation } from './generation';
import type { SwitchCase, TypedStatement } from './typed-tree';
import type { IntegerType } from './types';

type SwitchNode = TypedStatement & { kind: 'switch' };

const FEWEST_FOR_TABLE = 4;
const LARGEST_TABLE = 1024;
/** A table may have this many entries a case. */
const TABLE_SPARSENESS = 4;
/** This many cases are compared one after the other. */
const LINEAR_CASES = 3;

export function generateSwitch(g: Generation, node: SwitchNode): void {
  const { code, frame } = g;
  const mark = frame.mark();
  const breakLabel = code.createLabel();
  const otherwise = node.defaultLabel === undefined ? breakLabel : labelOf(g, node.defaultLabel);
  const register = generateValue(g, node.value);
  if (isDense(node)) generateTable(g, node, register, otherwise);
  else generateSearch(g, node.type, register, node.cases, otherwise);
  frame.release(mark);
  g.targets.push({ breakLabel, continueLabel: g.targets.at(-1)?.continueLabel });
  g.switchDepths.push(g.loopConstants.loopDepth);
  generateStatement(g, node.body);
  g.switchDepths.pop();
  g.targets.pop();
  code.placeForward(breakLabel);
  frame.release(mark);
}

function isDense({ cases, type }: SwitchNode): boolean {
  if (type.size === 8 || cases.length < FEWEST_FOR_TABLE) return false;
  const span = cases.at(-1)!.last - cases[0]!.first + 1n;
  return span <= BigInt(LARGEST_TABLE) && span <= BigInt(cases.length * TABLE_SPARSENESS);
}

function generateTable(g: Generation, node: SwitchNode, register: number, otherwise: Label): void {
  const { cases } = node;
  let lowest = cases[0]!.first;
  // Small cases are reached without a subtraction: the table begins at 0.
  if (lowest > 0n && lowest <= BigInt(TABLE_SPARSENESS)) lowest = 0n;
  const targets: Label[] = [];
  for (const { first, last, label } of cases) {
    while (BigInt(targets.length) < first - lowest) targets.push(otherwise);
    while (BigInt(targets.length) <= last - lowest) targets.push(labelOf(g, label));
  }
  const index = lowest === 0n ? register : addConstant(g, register, Number(BigInt.asIntN(32, -lowest)));
  g.code.table(index, [...targets, otherwise]);
}

function generateSearch(
  g: Generation,
  type: IntegerType,
  register: number,
  cases: readonly SwitchCase[],
  otherwise: Label,
): void {
  if (cases.length <= LINEAR_CASES) {
    for (const one of cases) generateCase(g, type, register, one);
    g.code.jump(otherwise);
    return;
  }
  const middle = cases.length >> 1;
  const lower = g.code.createLabel();
  compareWith(g, '<', type, register, cases[middle]!.first, lower);
  generateSearch(g, type, register, cases.slice(middle), otherwise);
  g.code.placeForward(lower);
  generateSearch(g, type, register, cases.slice(0, middle), otherwise);
}

function generateCase(g: Generation, type: IntegerType, register: number, { first, last, label }: SwitchCase): void {
  const target = labelOf(g, label);
  if (first === last) {
    compareWith(g, '==', type, register, first, target);
    return;
  }
  const outside = g.code.createLabel();
  compareWith(g, '<', type, register, first, outside);
  compareWith(g, '<=', type, register, last, target);
  g.code.placeForward(outside);
}

/** Jumps to `target` if the register compares so with the constant. */
function compareWith(
  g: Generation,
  operator: '==' | '<' | '<=',
  type: IntegerType,
  register: number,
  value: bigint,
  target: Label,
): void {
  const { frame, code } = g;
  const { top } = frame;
  const number = Number(value);
  const name = comparisonName(operator, type);
  if (type.size < 8 && operator !== '<=' && fitsSigned16(number) && (type.isSigned || number >= 0)) {
    code.branch(`i32.br_${name}_imm`, [register, number], target);
    return;
  }
  const constant = g.constant(value, type);
  if (type.size < 8) code.branch(`i32.br_${name}`, [register, constant], target);
  else {
    const truth = frame.allocate();
    code.add(`i64.${name}`, truth, register, constant);
    code.branch('br_if', [truth], target);
  }
  frame.top = top;
}
