// Code for statements. Loops test at the bottom: one fused compare-and-branch an iteration.

import { Trap } from '../../vm/index';
import type { Label } from './code-list';
import { isZero } from './constant-folding';
import type { Location } from './frame';
import { copyObject, generateAddress, NO_REGISTER, store } from './generate-addresses';
import { generateCondition } from './generate-conditions';
import { generateEffect, generateValue } from './generate-expressions';
import { generateStores } from './generate-initialisers';
import { generateSwitch } from './generate-switch';
import type { Generation, Inlined } from './generation';
import { MAX_VARIABLE_REGISTERS } from './limits';
import type { LabelSymbol, TypedExpression, TypedStatement } from './typed-tree';
import { sizeOf } from './types';

type StatementOf<Kind extends TypedStatement['kind']> = TypedStatement & { kind: Kind };

export function generateStatement(g: Generation, node: TypedStatement): void {
  g.code.token = node.token;
  switch (node.kind) {
    case 'expression': {
      const mark = g.frame.mark();
      generateEffect(g, node.value);
      g.frame.releaseStatement(mark);
      return;
    }
    case 'block':
      generateBlock(g, node);
      break;
    case 'variable':
      generateVariable(g, node);
      break;
    case 'if':
      generateIf(g, node);
      break;
    case 'loop':
      generateLoop(g, node);
      break;
    case 'switch':
      generateSwitch(g, node);
      break;
    case 'label':
      noteLabel(g, node.label);
      g.code.place(labelOf(g, node.label));
      generateStatement(g, node.body);
      break;
    case 'goto':
      g.code.jump(labelOf(g, node.label));
      break;
    case 'computedGoto':
      generateComputedGoto(g, node.value);
      break;
    case 'break':
      g.code.jump(g.targets.at(-1)!.breakLabel);
      break;
    case 'continue':
      g.code.jump(g.targets.at(-1)!.continueLabel!);
      break;
    case 'return':
      generateReturn(g, node);
      break;
  }
}

/** A label in a loop that is reached from outside of it: one with a name, or a case of a switch around the loop. */
function noteLabel(g: Generation, label: LabelSymbol): void {
  const isCase = label.name === 'case' || label.name === 'default';
  const { loopConstants } = g;
  if (!loopConstants.isInLoop) return;
  if (!isCase || g.switchDepths.at(-1) !== loopConstants.loopDepth) loopConstants.noteEntry();
}

/** The place that a label of the source stands for. */
export function labelOf(g: Generation, symbol: LabelSymbol): Label {
  let label = g.labels.get(symbol);
  if (label === undefined) {
    label = g.code.createLabel();
    g.labels.set(symbol, label);
  }
  return label;
}

function generateBlock(g: Generation, node: StatementOf<'block'>): void {
  const mark = g.frame.mark();
  for (const statement of node.statements) generateStatement(g, statement);
  g.frame.release(mark);
}

/** Jumps to the label with the number that `value` is; a number that no label has traps. */
function generateComputedGoto(g: Generation, value: TypedExpression): void {
  const mark = g.frame.mark();
  const register = generateValue(g, value);
  const none = g.code.createLabel();
  g.code.table(register, [none, ...g.body.addressedLabels.map((label) => labelOf(g, label)), none]);
  g.code.placeForward(none);
  g.code.terminate('trap', Trap.UNREACHABLE);
  g.frame.releaseStatement(mark);
}

// --- variables ------------------------------------------------------------------------------------------------------

function generateVariable(g: Generation, node: StatementOf<'variable'>): void {
  const { variable, initialiser } = node;
  const location = g.frame.declare(variable);
  if (initialiser === undefined) return;
  const mark = g.frame.mark();
  if (!('kind' in initialiser)) {
    generateStores(g, addressOfLocation(g, location), variable.type, initialiser);
  } else if (location.kind === 'register') generateValue(g, initialiser, location.register);
  else if (variable.type.kind === 'record') {
    copyObject(g, addressOfLocation(g, location), generateAddress(g, initialiser), sizeOf(variable.type));
  } else store(g, variable.type, addressOfLocation(g, location), generateValue(g, initialiser));
  g.frame.releaseStatement(mark);
}

function addressOfLocation(g: Generation, location: Location) {
  if (location.kind === 'frame') return { base: g.frame.baseRegister, offset: location.offset, index: NO_REGISTER };
  return { base: location.register, offset: 0, index: NO_REGISTER };
}

// --- control flow ---------------------------------------------------------------------------------------------------

function generateIf(g: Generation, node: StatementOf<'if'>): void {
  const { code } = g;
  const behind = code.createLabel();
  node.arms.forEach(({ condition, body }, index) => {
    const jump = jumpTarget(g, body);
    if (jump !== undefined) {
      testCondition(g, condition, jump, true);
      return;
    }
    const next = code.createLabel();
    testCondition(g, condition, next, false);
    generateStatement(g, body);
    if (index < node.arms.length - 1 || node.otherwise !== undefined) code.jump(behind);
    code.placeForward(next);
  });
  if (node.otherwise !== undefined) generateStatement(g, node.otherwise);
  code.placeForward(behind);
}

/** Where `body` goes, if it is nothing but a jump: the condition can jump there itself. */
function jumpTarget(g: Generation, body: TypedStatement): Label | undefined {
  switch (body.kind) {
    case 'block':
      return body.statements.length === 1 ? jumpTarget(g, body.statements[0]!) : undefined;
    case 'goto':
      return labelOf(g, body.label);
    case 'break':
      return g.targets.at(-1)!.breakLabel;
    case 'continue':
      return g.targets.at(-1)!.continueLabel!;
    default:
      return undefined;
  }
}

/** Jumps on a condition that is a whole expression: its temporaries are free afterwards. */
function testCondition(g: Generation, condition: TypedExpression, target: Label, jumpIf: boolean): void {
  const mark = g.frame.mark();
  generateCondition(g, condition, target, jumpIf);
  g.frame.releaseStatement(mark);
}

function generateLoop(g: Generation, node: StatementOf<'loop'>): void {
  const { code, frame } = g;
  const { initial, condition, isDo, step, body } = node;
  const mark = frame.mark();
  for (const statement of initial) generateStatement(g, statement);
  loadLoopConstants(g);
  const top = code.createLabel();
  const continueLabel = code.createLabel();
  const test = code.createLabel();
  const breakLabel = code.createLabel();
  if (!isDo && condition !== undefined) {
    // A condition that never holds leaves nothing but what a goto may enter.
    if (condition.kind === 'constant' && isZero(condition)) code.jump(breakLabel);
    else code.jump(test);
  }
  code.place(top);
  g.targets.push({ breakLabel, continueLabel });
  generateStatement(g, body);
  g.targets.pop();
  code.placeForward(continueLabel);
  if (step !== undefined) generateStatement(g, { kind: 'expression', token: step.token, value: step });
  code.placeForward(test);
  code.token = node.token;
  if (condition === undefined) code.jump(top);
  else testCondition(g, condition, top, true);
  code.placeForward(breakLabel);
  g.loopConstants.leave();
  frame.release(mark);
}

/** Loads what the loop that begins here needs again and again. */
function loadLoopConstants(g: Generation): void {
  const { frame } = g;
  for (const constant of g.loopConstants.enter()) {
    if (frame.top >= MAX_VARIABLE_REGISTERS || !g.code.isReachable) continue;
    const register = frame.allocate();
    g.loadConstant(constant, register);
    g.loopConstants.hold(constant, register);
  }
  frame.firstTemporary = Math.max(frame.firstTemporary, frame.top);
}

function generateReturn(g: Generation, node: StatementOf<'return'>): void {
  const { value } = node;
  const { result } = g.symbol.type;
  const mark = g.frame.mark();
  if (g.inlined !== undefined) {
    generateInlinedReturn(g, g.inlined, value);
    g.frame.releaseStatement(mark);
    return;
  }
  if (value === undefined || result.kind === 'void') {
    if (value !== undefined) generateEffect(g, value);
    generateReturnOf(g, undefined);
  } else if (result.kind === 'record') {
    const place = { base: g.resultRegister, offset: 0, index: NO_REGISTER };
    copyObject(g, place, generateAddress(g, value), sizeOf(result));
    generateReturnOf(g, g.resultRegister);
  } else generateReturnOf(g, generateValue(g, value));
  g.frame.releaseStatement(mark);
}

function generateInlinedReturn(g: Generation, { end, register }: Inlined, value: TypedExpression | undefined): void {
  if (value !== undefined && register !== undefined) generateValue(g, value, register);
  else if (value !== undefined) generateEffect(g, value);
  g.code.jump(end);
}

/** Returns the value in `register`; without one a function that has a result returns 0. */
export function generateReturnOf(g: Generation, register: number | undefined): void {
  const { result } = g.symbol.type;
  if (result.kind === 'void') g.code.terminate('return');
  else if (register !== undefined) g.code.terminate('return_value', register);
  else if (result.kind === 'record') g.code.terminate('return_value', g.resultRegister);
  else {
    const { top } = g.frame;
    g.code.terminate('return_value', g.constant(result.kind === 'floating' ? 0 : 0n, result));
    g.frame.top = top;
  }
}
