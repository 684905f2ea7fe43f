// Arithmetic and comparisons: nothing is added to the code here; entries are pushed that say what to compute. Constants
// become immediates where the machine has such an instruction.
import { fitsSigned } from './emitter';
import { type ComparisonEntry, type Entry, negate, type Side, type Test } from './entries';
import type { Lowering } from './instructions';
import type { ValueStack } from './value-stack';

type OperationLowering = Extract<Lowering, { kind: 'operation' }>;

interface ImmediateForm {
  readonly mnemonic: string;
  /** The immediate for a constant's value; null when it has none. */
  readonly toImmediate: (value: number) => number | null;
  /** The constant may stand on either side. */
  readonly isCommutative: boolean;
}

const signedByte = (value: number): number | null => (fitsSigned(value, 8) ? value : null);
const negatedByte = (value: number): number | null => (fitsSigned(-value, 8) ? -value : null);
const unsignedByte = (value: number): number | null => (value >= 0 && value <= 0xff ? value : null);
const shiftOf32 = (value: number): number => value & 31;
const shiftOf64 = (value: number): number => value & 63;

function form(mnemonic: string, toImmediate: ImmediateForm['toImmediate'], isCommutative = false): ImmediateForm {
  return { mnemonic, toImmediate, isCommutative };
}

const IMMEDIATE_FORMS: Readonly<Record<string, ImmediateForm>> = {
  'i32.add': form('i32.add_imm', signedByte, true),
  'i32.sub': form('i32.add_imm', negatedByte),
  'i32.mul': form('i32.mul_imm', signedByte, true),
  'i32.and': form('i32.and_imm', unsignedByte, true),
  'i32.shl': form('i32.shl_imm', shiftOf32),
  'i32.shr_s': form('i32.shr_s_imm', shiftOf32),
  'i32.shr_u': form('i32.shr_u_imm', shiftOf32),
  'i64.add': form('i64.add_imm', signedByte, true),
  'i64.sub': form('i64.add_imm', negatedByte),
  'i64.shl': form('i64.shl_imm', shiftOf64),
  'i64.shr_s': form('i64.shr_s_imm', shiftOf64),
  'i64.shr_u': form('i64.shr_u_imm', shiftOf64),
};

const TEST = /^i32\.(eq|ne|lt_s|lt_u|le_s|le_u)$/;
/** Factors that are shifts which an indexed access can do. */
const SHIFTS_OF_FACTORS: Readonly<Record<number, number>> = { 2: 1, 4: 2, 8: 3 };
const MOST_SCALE = 3;

/** Replaces the operands of an operation of the machine by its result. */
export function pushArithmetic(stack: ValueStack, lowering: OperationLowering, operandCount: number): void {
  const { mnemonic, isSwapped, isOrdered } = lowering;
  if (isOrdered) stack.settleOrdered();
  if (operandCount < 2) {
    pushUnary(stack, mnemonic, operandCount, isOrdered);
    return;
  }
  const [second, first] = [stack.pop(), stack.pop()];
  const test = TEST.exec(mnemonic);
  if (test !== null) {
    pushTest(stack, test[1] as Test, first, second, isSwapped);
    return;
  }
  const entry = immediate(stack, mnemonic, first, second) ?? address(stack, mnemonic, first, second);
  if (entry !== null) {
    stack.push(entry);
    return;
  }
  const [left, right] = placeBoth(stack, first, second);
  pushComputation(stack, mnemonic, isSwapped ? [right, left] : [left, right], isOrdered);
}

function pushUnary(stack: ValueStack, mnemonic: string, operandCount: number, isOrdered: boolean): void {
  if (operandCount === 0) {
    pushComputation(stack, mnemonic, [], isOrdered);
    return;
  }
  const operand = stack.pop();
  pushComputation(stack, mnemonic, [stack.place(operand, stack.home(stack.height))], isOrdered);
}

function pushComputation(stack: ValueStack, mnemonic: string, registers: readonly number[], isOrdered: boolean): void {
  const { line } = stack;
  const entry: Entry = { kind: 'computation', mnemonic, operands: registers, leaves: registers, line };
  if (isOrdered) stack.pushOrdered(entry);
  else stack.push(entry);
}

/** `i32.eqz`: the opposite of a comparison, or a comparison with 0. */
export function pushNegatedTest(stack: ValueStack): void {
  const operand = stack.pop();
  if (operand.kind === 'comparison') {
    stack.push(negate(operand));
    return;
  }
  const register = stack.place(operand, stack.home(stack.height));
  stack.push({ kind: 'comparison', test: 'eq', left: { register }, right: { constant: 0 }, line: stack.line });
}

/** Both operands of an operation at the top in registers: the second in the home of the first if that is free. */
function placeBoth(stack: ValueStack, first: Entry, second: Entry): [number, number] {
  const home = stack.home(stack.height);
  const left = stack.place(first, home);
  return [left, stack.place(second, left === home ? home + 1 : home)];
}

function pushTest(stack: ValueStack, test: Test, first: Entry, second: Entry, isSwapped: boolean): void {
  const home = stack.home(stack.height);
  const one = sideOf(stack, first, home);
  const isHomeTaken = 'register' in one && one.register === home;
  const other = sideOf(stack, second, isHomeTaken ? home + 1 : home);
  const [left, right] = isSwapped ? [other, one] : [one, other];
  const entry: ComparisonEntry = { kind: 'comparison', test, left, right, line: stack.line };
  stack.push(entry);
}

function sideOf(stack: ValueStack, entry: Entry, register: number): Side {
  if (entry.kind === 'constant') return { constant: entry.bits.low };
  return { register: stack.place(entry, register) };
}

/** The operation with an immediate; null when neither operand is a constant that fits one. */
function immediate(stack: ValueStack, mnemonic: string, first: Entry, second: Entry): Entry | null {
  const found = IMMEDIATE_FORMS[mnemonic];
  if (found === undefined) return null;
  const value = immediateOf(found, second);
  if (value !== null) return withImmediate(stack, found.mnemonic, first, value);
  const mirrored = found.isCommutative ? immediateOf(found, first) : null;
  return mirrored === null ? null : withImmediate(stack, found.mnemonic, second, mirrored);
}

function immediateOf({ toImmediate }: ImmediateForm, entry: Entry): number | null {
  if (entry.kind !== 'constant') return null;
  const { type, low, high } = entry.bits;
  return type === 'i32' || high === low >> 31 ? toImmediate(low) : null;
}

function withImmediate(stack: ValueStack, mnemonic: string, operand: Entry, value: number): Entry {
  const register = stack.place(operand, stack.home(stack.height));
  const shift = mnemonic === 'i32.mul_imm' ? SHIFTS_OF_FACTORS[value] : undefined;
  const operands = shift === undefined ? [register, value] : [register, shift];
  const actual = shift === undefined ? mnemonic : 'i32.shl_imm';
  return { kind: 'computation', mnemonic: actual, operands, leaves: [register], line: stack.line };
}

/** A sum with a scaled index, which an access to the memory may take as it is; null for anything else. */
function address(stack: ValueStack, mnemonic: string, first: Entry, second: Entry): Entry | null {
  if (mnemonic !== 'i32.add') return null;
  const home = stack.home(stack.height);
  if (isScaled(second)) {
    const [index, scale] = second.operands;
    return { kind: 'address', base: stack.place(first, home), index: index!, scale: scale!, line: stack.line };
  }
  if (!isScaled(first)) return null;
  const [index, scale] = first.operands;
  const base = stack.place(second, index === home ? home + 1 : home);
  return { kind: 'address', base, index: index!, scale: scale!, line: stack.line };
}

function isScaled(entry: Entry): entry is Extract<Entry, { kind: 'computation' }> {
  if (entry.kind !== 'computation' || entry.mnemonic !== 'i32.shl_imm') return false;
  const scale = entry.operands[1]!;
  return scale >= 1 && scale <= MOST_SCALE;
}
