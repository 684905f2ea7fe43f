// Code for expressions, driven by where the value is wanted: a value is computed where it goes, and a variable in a
// register is used in place.
import { addConstant, addressRegister, generateAddress } from './generate-addresses';
import { generateArithmetic, generateComparison, powerOfTwo } from './generate-arithmetic';
import { generateCall, generateMachineOperation } from './generate-calls';
import {
  generateConditional,
  generateConditionalEffect,
  generateElvis,
  generateStatementExpression,
  generateTruth,
} from './generate-choices';
import { generateCondition } from './generate-conditions';
import { generateConversion, isSameInRegister } from './generate-conversions';
import { generateAssign, generateCompoundAssign, generateLoad } from './generate-objects';
import { fitsSigned8, type Generation } from './generation';
import type { TypedExpression } from './typed-tree';
import { valueTypeOf } from './types';

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
      return g.settle(g.frame.top, addressRegister(g, generateAddress(g, node.operand), want));
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
  return g.settle(top, generateConversion(g, register, operand.type, node.type, into));
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

// --- pointers -------------------------------------------------------------------------------------------------------

function generatePointerAdd(g: Generation, node: NodeOf<'pointerAdd'>, want: number | undefined): number {
  const { frame, code } = g;
  const { pointer, index, scale } = node;
  const { top } = frame;
  const base = generateValue(g, pointer);
  if (index.kind === 'constant') {
    return g.settle(top, addConstant(g, base, Number(index.value) * scale, want));
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
  return g.settle(top, distance);
}
