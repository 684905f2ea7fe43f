// Code for arithmetic and comparisons: which opcode, and which constants fit into it.
import { generateValue } from './generate-expressions';
import { fitsSigned8, type Generation } from './generation';
import type { ArithmeticOperator, ComparisonOperator, TypedExpression } from './typed-tree';
import { type CType, valueTypeOf } from './types';

const COMMUTATIVE: ReadonlySet<string> = new Set(['+', '*', '&', '|', '^']);
const INTEGER_MNEMONICS: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div_s',
  '%': 'rem_s',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shl',
  '>>': 'shr_s',
};
const UNSIGNED_MNEMONICS: Readonly<Partial<Record<ArithmeticOperator, string>>> = {
  '/': 'div_u',
  '%': 'rem_u',
  '>>': 'shr_u',
};
const FLOATING_MNEMONICS: Readonly<Partial<Record<ArithmeticOperator, string>>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
};

/** Whether comparisons and divisions of `type` are signed: pointers are not. */
export function isSigned(type: CType): boolean {
  return type.kind === 'integer' && type.isSigned;
}

function mnemonicOf(operator: ArithmeticOperator, type: CType): string {
  const prefix = valueTypeOf(type);
  if (type.kind === 'floating') return `${prefix}.${FLOATING_MNEMONICS[operator]}`;
  const unsigned = isSigned(type) ? undefined : UNSIGNED_MNEMONICS[operator];
  return `${prefix}.${unsigned ?? INTEGER_MNEMONICS[operator]}`;
}

/** `left operator right`, both of `type`. */
export function generateArithmetic(
  g: Generation,
  operator: ArithmeticOperator,
  type: CType,
  left: TypedExpression,
  right: TypedExpression,
  want: number | undefined,
): number {
  if (left.kind === 'constant' && COMMUTATIVE.has(operator)) {
    return generateArithmetic(g, operator, type, right, left, want);
  }
  const mark = g.frame.mark();
  const register = generateValue(g, left);
  return generateOperation(g, operator, type, register, right, want, mark.top);
}

/**
 * `register operator right`. The registers from `top` on, in which the left side may be, are free again afterwards;
 * the result may be in one of them.
 */
export function generateOperation(
  g: Generation,
  operator: ArithmeticOperator,
  type: CType,
  register: number,
  right: TypedExpression,
  want: number | undefined,
  top: number,
): number {
  const { frame } = g;
  if (right.kind === 'constant' && typeof right.value === 'bigint') {
    const immediate = immediateForm(operator, type, right.value);
    if (immediate !== undefined) {
      frame.top = top;
      const result = g.destination(want);
      if (immediate.mnemonic === 'move') return g.move(result, register);
      g.code.add(immediate.mnemonic, result, register, immediate.value);
      return result;
    }
  }
  const other = generateValue(g, right);
  frame.top = top;
  const result = g.destination(want);
  g.code.add(mnemonicOf(operator, type), result, register, other);
  return result;
}

interface Immediate {
  readonly mnemonic: string;
  readonly value: number;
}

/** The instruction for an operation with the constant `value` inside it, if there is one. */
function immediateForm(operator: ArithmeticOperator, type: CType, value: bigint): Immediate | undefined {
  const prefix = valueTypeOf(type);
  const isShort = prefix === 'i32';
  const number = Number(isShort ? BigInt.asIntN(32, value) : BigInt.asIntN(64, value));
  switch (operator) {
    case '+':
      return fitsSigned8(number) ? addition(prefix, number) : undefined;
    case '-':
      return fitsSigned8(-number) ? addition(prefix, -number) : undefined;
    case '*': {
      const shift = powerOfTwo(value);
      if (shift !== undefined) return shifted(`${prefix}.shl_imm`, shift);
      return isShort && fitsSigned8(number) ? { mnemonic: 'i32.mul_imm', value: number } : undefined;
    }
    case '/': {
      const shift = isSigned(type) ? undefined : powerOfTwo(value);
      return shift === undefined ? undefined : shifted(`${prefix}.shr_u_imm`, shift);
    }
    case '%': {
      const isMask = !isSigned(type) && isShort && powerOfTwo(value) !== undefined && value <= 256n;
      return isMask ? { mnemonic: 'i32.and_imm', value: Number(value) - 1 } : undefined;
    }
    case '&':
      if (isShort && fitsUnsigned8(~number)) return { mnemonic: 'i32.and_not_imm', value: ~number };
      return isShort && fitsUnsigned8(number) ? { mnemonic: 'i32.and_imm', value: number } : undefined;
    case '|':
    case '^':
      return isShort && fitsUnsigned8(number)
        ? { mnemonic: operator === '|' ? 'i32.or_imm' : 'i32.xor_imm', value: number }
        : undefined;
    case '<<':
      return shifted(`${prefix}.shl_imm`, number & (isShort ? 31 : 63));
    case '>>':
      return shifted(`${prefix}.shr_${isSigned(type) ? 's' : 'u'}_imm`, number & (isShort ? 31 : 63));
    default:
      return undefined;
  }
}

function fitsUnsigned8(value: number): boolean {
  return value >= 0 && value <= 255;
}

function addition(prefix: string, value: number): Immediate {
  return value === 0 ? { mnemonic: 'move', value: 0 } : { mnemonic: `${prefix}.add_imm`, value };
}

function shifted(mnemonic: string, distance: number): Immediate {
  return distance === 0 ? { mnemonic: 'move', value: 0 } : { mnemonic, value: distance };
}

/** log2 of `value`, if it is a power of two. */
export function powerOfTwo(value: bigint): number | undefined {
  if (value <= 0n || (value & (value - 1n)) !== 0n) return undefined;
  return value.toString(2).length - 1;
}

// --- comparisons ----------------------------------------------------------------------------------------------------

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const NEGATED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

export function mirrored(operator: ComparisonOperator): ComparisonOperator {
  return MIRRORED[operator];
}

export function negatedComparison(operator: ComparisonOperator): ComparisonOperator {
  return NEGATED[operator];
}

/** The machine's name of a comparison that it has (`==`, `!=`, `<`, `<=`), without the type. */
export function comparisonName(operator: ComparisonOperator, type: CType): string {
  if (operator === '==') return 'eq';
  if (operator === '!=') return 'ne';
  const name = operator === '<' ? 'lt' : 'le';
  if (type.kind === 'floating') return name;
  return `${name}_${isSigned(type) ? 's' : 'u'}`;
}

/** The truth of `left operator right` as 0 or 1. */
export function generateComparison(
  g: Generation,
  operator: ComparisonOperator,
  left: TypedExpression,
  right: TypedExpression,
  want: number | undefined,
): number {
  if (operator === '>' || operator === '>=') return compared(g, MIRRORED[operator], left, right, true, want);
  return compared(g, operator, left, right, false, want);
}

function compared(
  g: Generation,
  operator: ComparisonOperator,
  left: TypedExpression,
  right: TypedExpression,
  isMirrored: boolean,
  want: number | undefined,
): number {
  const { frame } = g;
  const { type } = left;
  const mark = frame.mark();
  const a = generateValue(g, left);
  const isZeroTest = operator === '==' && right.kind === 'constant' && right.value === 0n;
  if (isZeroTest) {
    frame.top = mark.top;
    const result = g.destination(want);
    g.code.add(`${valueTypeOf(type)}.eqz`, result, a);
    return result;
  }
  const b = generateValue(g, right);
  frame.top = mark.top;
  const result = g.destination(want);
  const [first, second] = isMirrored ? [b, a] : [a, b];
  g.code.add(`${valueTypeOf(type)}.${comparisonName(operator, type)}`, result, first, second);
  return result;
}
