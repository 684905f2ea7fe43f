// Code for expressions, driven by where the value is wanted: a value is computed where it goes, and a variable in a
// register is used in place.
import {
  addConstant,
  addressRegister,
  copyObject,
  generateAddress,
  isAggregate,
  load,
  loadBits,
  NO_REGISTER,
  stableAddress,
  store,
  storeBits,
} from './generate-addresses';
import { generateArithmetic, generateComparison, generateOperation, powerOfTwo } from './generate-arithmetic';
import { generateCall, generateMachineOperation } from './generate-calls';
import { generateCondition } from './generate-conditions';
import { generateConversion, isSameInRegister } from './generate-conversions';
import { generateStatement } from './generate-statements';
import { fitsSigned8, type Generation } from './generation';
import type { CompoundAssignNode, TypedExpression } from './typed-tree';
import { type CType, type IntegerType, isScalar, type Member, sizeOf, valueTypeOf } from './types';

type NodeOf<Kind extends TypedExpression['kind']> = TypedExpression & { kind: Kind };

/**
 * Computes `node` and gives the register that holds it: `want` if there is one, else any, which may be a variable's.
 * A struct's or array's value is its address. Temporaries stay in use until the caller frees them.
 */
export function generateValue(g: Generation, node: TypedExpression, want?: number): number {
  g.code.token = node.token;
  switch (node.kind) {
    case 'constant':
      return g.constant(node.value, node.type, want);
    case 'variable':
    case 'dereference':
    case 'member':
    case 'compoundLiteral':
      return generateLoad(g, node, want);
    case 'function':
      return g.integerConstant(g.program.tableIndex(node.symbol), want);
    case 'addressOf':
      if (node.operand.kind === 'function') return generateValue(g, node.operand, want);
      return settle(g, g.frame.top, addressRegister(g, generateAddress(g, node.operand), want));
    case 'convert':
      return generateConvert(g, node, want);
    case 'negate':
    case 'complement':
    case 'not':
      return generateUnary(g, node, want);
    case 'arithmetic':
      return generateArithmetic(g, node.operator, node.type, node.left, node.right, want);
    case 'pointerAdd':
      return generatePointerAdd(g, node, want);
    case 'pointerDifference':
      return generatePointerDifference(g, node, want);
    case 'compare':
      return generateComparison(g, node.operator, node.left, node.right, want);
    case 'and':
    case 'or':
      return generateTruth(g, node, want);
    case 'comma':
      generateEffect(g, node.left);
      return generateValue(g, node.right, want);
    case 'conditional':
      return generateConditional(g, node, want);
    case 'elvis':
      return generateElvis(g, node, want);
    case 'assign':
      return generateAssign(g, node, want, true);
    case 'compoundAssign':
      return generateCompoundAssign(g, node, want, true);
    case 'call':
      return generateCall(g, node, want);
    case 'intrinsic':
    case 'syscall':
      return generateMachineOperation(g, node, want);
    case 'variableArguments':
      return want === undefined ? g.variableArgumentsRegister : g.move(want, g.variableArgumentsRegister);
    case 'statement':
      return generateStatementExpression(g, node, want);
  }
}

/** Computes `node` for its side effects. */
export function generateEffect(g: Generation, node: TypedExpression): void {
  const mark = g.frame.mark();
  switch (node.kind) {
    case 'assign':
      generateAssign(g, node, undefined, false);
      break;
    case 'compoundAssign':
      generateCompoundAssign(g, node, undefined, false);
      break;
    case 'comma':
      generateEffect(g, node.left);
      generateEffect(g, node.right);
      break;
    case 'convert':
      generateEffect(g, node.operand);
      break;
    case 'conditional':
      generateConditionalEffect(g, node);
      break;
    case 'and':
    case 'or': {
      const behind = g.code.createLabel();
      generateCondition(g, node.left, behind, node.kind === 'or');
      generateEffect(g, node.right);
      g.code.placeForward(behind);
      break;
    }
    case 'constant':
    case 'variable':
    case 'function':
      break;
    default:
      generateValue(g, node);
  }
  g.frame.releaseRegisters(mark);
}

/** Frees the temporaries from `top` on, but for the one that `register` is. Gives `register`. */
function settle(g: Generation, top: number, register: number): number {
  g.frame.top = register >= top ? register + 1 : top;
  return register;
}

// --- objects --------------------------------------------------------------------------------------------------------

/** The register in which `node`, a variable, lives; undefined for anything else. */
function variableRegister(g: Generation, node: TypedExpression): number | undefined {
  if (node.kind !== 'variable' || node.variable.kind !== 'local') return undefined;
  const location = g.frame.find(node.variable)!;
  return location.kind === 'register' ? location.register : undefined;
}

function generateLoad(g: Generation, node: TypedExpression, want: number | undefined): number {
  const inRegister = variableRegister(g, node);
  if (inRegister !== undefined) return want === undefined ? inRegister : g.move(want, inRegister);
  const { type } = node;
  if (!isScalar(type)) return addressRegister(g, generateAddress(g, node), want);
  const { top } = g.frame;
  const step = steppedPointer(g, node);
  if (step !== undefined && step.register !== want) {
    const value = load(g, type, { base: step.register, offset: 0, index: NO_REGISTER }, want);
    generateChange(g, step.node, step.register, step.register);
    return settle(g, top, value);
  }
  const address = generateAddress(g, node, sizeOf(type));
  g.code.token = node.token;
  const bits = bitField(node);
  if (bits !== undefined) return settle(g, top, loadBits(g, type, bits, address, want));
  if (address.base === NO_REGISTER || address.offset > 255) {
    const register = addressRegister(g, address);
    g.frame.top = top;
    return load(g, type, { base: register, offset: 0, index: NO_REGISTER }, want);
  }
  g.frame.top = top;
  return load(g, type, address, want);
}

/** For `*p++` with p in a register: the access can use p, and then step it. */
function steppedPointer(
  g: Generation,
  node: TypedExpression,
): { register: number; node: CompoundAssignNode } | undefined {
  if (node.kind !== 'dereference' || node.pointer.kind !== 'compoundAssign' || !node.pointer.isPostfix)
    return undefined;
  const register = variableRegister(g, node.pointer.target);
  return register === undefined ? undefined : { register, node: node.pointer };
}

function bitField(node: TypedExpression): Member['bitField'] {
  return node.kind === 'member' ? node.member.bitField : undefined;
}

// --- simple operators -----------------------------------------------------------------------------------------------

function generateConvert(g: Generation, node: NodeOf<'convert'>, want: number | undefined): number {
  if (node.type.kind === 'void') {
    generateEffect(g, node.operand);
    return want ?? g.frame.top;
  }
  const { top } = g.frame;
  const operand = narrowedOperand(node) ?? node.operand;
  if (isSameInRegister(operand.type, node.type)) return generateValue(g, operand, want);
  const register = generateValue(g, operand);
  // A wanted variable may be in use by the operand still: only the conversion itself writes to it. A temporary is
  // converted in place.
  const into = want ?? (register >= top ? register : undefined);
  return settle(g, top, generateConversion(g, register, operand.type, node.type, into));
}

/** The operand of a conversion that undoes another one: `(char)(int)c` needs neither. */
function narrowedOperand(node: NodeOf<'convert'>): TypedExpression | undefined {
  const { operand, type } = node;
  if (operand.kind !== 'convert' || type.kind !== 'integer' || operand.type.kind !== 'integer') return undefined;
  const inner = operand.operand.type;
  const isNarrowing =
    inner.kind === 'integer' && type.rank > 0 && operand.type.size >= type.size && inner.size >= type.size;
  return isNarrowing && inner.size <= 4 && operand.type.size <= 4 ? operand.operand : undefined;
}

function generateUnary(g: Generation, node: NodeOf<'negate' | 'complement' | 'not'>, want: number | undefined): number {
  const { frame, code } = g;
  const { operand } = node;
  const { top } = frame;
  if (node.kind === 'not' && (operand.kind === 'and' || operand.kind === 'or')) return generateTruth(g, node, want);
  const register = generateValue(g, operand);
  const type = valueTypeOf(operand.type);
  if (operand.type.kind === 'floating') {
    const zero = node.kind === 'not' ? g.constant(0, operand.type) : undefined;
    frame.top = top;
    const result = g.destination(want);
    if (zero === undefined) code.add(`${type}.neg`, result, register);
    else code.add(`${type}.eq`, result, register, zero);
    return result;
  }
  if (node.kind === 'not') {
    frame.top = top;
    const result = g.destination(want);
    code.add(`${type}.eqz`, result, register);
    return result;
  }
  const other = g.constant(node.kind === 'negate' ? 0n : -1n, node.type);
  frame.top = top;
  const result = g.destination(want);
  if (node.kind === 'negate') code.add(`${type}.sub`, result, other, register);
  else code.add(`${type}.xor`, result, register, other);
  return result;
}

/** 0 or 1 for a condition that is control flow. */
function generateTruth(g: Generation, node: TypedExpression, want: number | undefined): number {
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

// --- pointers -------------------------------------------------------------------------------------------------------

function generatePointerAdd(g: Generation, node: NodeOf<'pointerAdd'>, want: number | undefined): number {
  const { frame, code } = g;
  const { pointer, index, scale } = node;
  const { top } = frame;
  const base = generateValue(g, pointer);
  if (index.kind === 'constant') {
    return settle(g, top, addConstant(g, base, Number(index.value) * scale, want));
  }
  const offset = scaledIndex(g, index, scale);
  frame.top = top;
  const result = g.destination(want);
  code.add('i32.add', result, base, offset);
  return result;
}

function scaledIndex(g: Generation, index: TypedExpression, scale: number): number {
  const { frame, code } = g;
  const { top } = frame;
  const register = generateValue(g, index);
  if (scale === 1) return register;
  const shift = powerOfTwo(BigInt(scale));
  const factor = shift === undefined && !fitsSigned8(scale) ? g.integerConstant(scale) : -1;
  const result = register >= top ? register : frame.allocate();
  if (shift !== undefined) code.add('i32.shl_imm', result, register, shift);
  else if (factor < 0) code.add('i32.mul_imm', result, register, scale);
  else code.add('i32.mul', result, register, factor);
  return result;
}

function generatePointerDifference(g: Generation, node: NodeOf<'pointerDifference'>, want: number | undefined): number {
  const { frame, code } = g;
  const { left, right, scale } = node;
  const { top } = frame;
  const a = generateValue(g, left);
  const b = generateValue(g, right);
  const shift = powerOfTwo(BigInt(scale));
  const divisor = shift === undefined ? g.integerConstant(scale) : -1;
  const distance = g.destination(want);
  code.add('i32.sub', distance, a, b);
  if (shift === undefined) code.add('i32.div_s', distance, distance, divisor);
  else if (shift > 0) code.add('i32.shr_s_imm', distance, distance, shift);
  return settle(g, top, distance);
}

// --- control flow inside expressions --------------------------------------------------------------------------------

function generateConditional(g: Generation, node: NodeOf<'conditional'>, want: number | undefined): number {
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

function generateConditionalEffect(g: Generation, node: NodeOf<'conditional'>): void {
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

function generateElvis(g: Generation, node: NodeOf<'elvis'>, want: number | undefined): number {
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
    code.add(`${prefix}.ne`, zero, result, zero);
    code.branch('br_if', [zero], behind);
  }
  frame.top = top;
  generateValue(g, right, result);
  frame.top = top;
  code.placeForward(behind);
  return want === undefined || isFresh ? result : g.move(want, result);
}

function generateStatementExpression(g: Generation, node: NodeOf<'statement'>, want: number | undefined): number {
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

// --- assignment -----------------------------------------------------------------------------------------------------

/** `target = value`. The value given back is only there if it `isUsed`. */
function generateAssign(g: Generation, node: NodeOf<'assign'>, want: number | undefined, isUsed: boolean): number {
  const { target, value } = node;
  const register = variableRegister(g, target);
  if (register !== undefined) {
    generateValue(g, value, register);
    return want === undefined ? register : g.move(want, register);
  }
  if (isAggregate(target.type)) return assignObject(g, target, value, want);
  const step = steppedPointer(g, target);
  if (step !== undefined) {
    const stored = generateValue(g, value);
    store(g, target.type, { base: step.register, offset: 0, index: NO_REGISTER }, stored);
    generateChange(g, step.node, step.register, step.register);
    return want === undefined ? stored : g.move(want, stored);
  }
  const bits = bitField(target);
  const address = generateAddress(g, target, sizeOf(target.type));
  const stored = generateValue(g, value);
  g.code.token = node.token;
  if (bits !== undefined) {
    const held = storeBits(g, target.type, bits, address, stored, isUsed);
    return want === undefined || !isUsed ? held : g.move(want, held);
  }
  store(g, target.type, address, stored);
  return want === undefined ? stored : g.move(want, stored);
}

function assignObject(
  g: Generation,
  target: TypedExpression,
  value: TypedExpression,
  want: number | undefined,
): number {
  const from = generateAddress(g, value);
  const to = generateAddress(g, target);
  copyObject(g, to, from, sizeOf(target.type));
  return addressRegister(g, to, want);
}

/** `target op= value`, `target++` and their like. */
function generateCompoundAssign(
  g: Generation,
  node: CompoundAssignNode,
  want: number | undefined,
  isUsed: boolean,
): number {
  const register = variableRegister(g, node.target);
  if (register !== undefined) return changeVariable(g, node, register, want, isUsed);
  return changeObject(g, node, want, isUsed);
}

function changeVariable(
  g: Generation,
  node: CompoundAssignNode,
  register: number,
  want: number | undefined,
  isUsed: boolean,
): number {
  const { frame } = g;
  const old = node.isPostfix && isUsed ? g.move(g.destination(want), register) : -1;
  const { top } = frame;
  generateChange(g, node, register, register);
  frame.top = top;
  if (old >= 0) return old;
  return want === undefined || !isUsed ? register : g.move(want, register);
}

/** Puts into `to` what the target, whose value is in `register`, becomes. */
function generateChange(g: Generation, node: CompoundAssignNode, register: number, to: number): void {
  const { frame } = g;
  const { top } = frame;
  const { type } = node.target;
  const { operationType, operator, value } = node;
  const widened = generateConversion(g, register, type, operationType);
  const isDirect = isUnconverted(operationType, type);
  const result = generateOperation(g, operator, operationType, widened, value, isDirect ? to : undefined, frame.top);
  if (!isDirect) generateConversion(g, result, operationType, type, to);
  frame.top = top;
}

function isUnconverted(operationType: CType, type: CType): boolean {
  if (operationType.kind !== type.kind) return false;
  if (type.kind !== 'integer') return sizeOf(type) === sizeOf(operationType);
  return type.rank > 0 && type.size >= 4 && type.size === (operationType as IntegerType).size;
}

function changeObject(g: Generation, node: CompoundAssignNode, want: number | undefined, isUsed: boolean): number {
  const { frame } = g;
  const { target } = node;
  const { type } = target;
  const { top } = frame;
  const bits = bitField(target);
  const address = stableAddress(g, generateAddress(g, target, sizeOf(type)));
  const old = bits === undefined ? load(g, type, address) : loadBits(g, type, bits, address);
  const changed = node.isPostfix && isUsed ? frame.allocate() : old;
  generateChange(g, node, old, changed);
  g.code.token = node.token;
  if (bits === undefined) store(g, type, address, changed);
  else {
    const held = storeBits(g, type, bits, address, changed, isUsed && !node.isPostfix);
    if (isUsed && !node.isPostfix) return settle(g, top, want === undefined ? held : g.move(want, held));
  }
  const result = node.isPostfix ? old : changed;
  return settle(g, top, want === undefined ? result : g.move(want, result));
}
