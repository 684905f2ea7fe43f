// Branches. Before each, all values are brought to their homes, so that they lie the same on every way to a label. A
// comparison right before a branch becomes one instruction with it.
import { fitsSigned, opcodeNumber } from './emitter';
import type { ComparisonEntry, Test } from './entries';
import type { Generation } from './generation';
import type { Label } from './operations';

export function jump({ builder, stack, labels }: Generation, label: Label): void {
  stack.settleAll();
  builder.line(stack.line);
  builder.emitJump(opcodeNumber('jump'), labels[label.index]!);
}

export function branchIf(generation: Generation, label: Label): void {
  const { builder, stack, labels } = generation;
  const condition = stack.pop();
  stack.settleAll();
  if (condition.kind === 'comparison') {
    branchOnTest(generation, condition, label);
    return;
  }
  const register = stack.place(condition, stack.home(stack.height));
  builder.line(stack.line);
  builder.emitJump(opcodeNumber('br_if'), labels[label.index]!, register);
}

export function branchTable({ builder, stack, labels }: Generation, targets: readonly Label[]): void {
  const index = stack.pop();
  stack.settleAll();
  const register = stack.place(index, stack.home(stack.height));
  builder.line(stack.line);
  builder.emitTable(
    opcodeNumber('br_table'),
    register,
    targets.map((target) => labels[target.index]!),
  );
}

/** A branch that the machine has: its mnemonic, and the operands in front of the jump. */
interface Branch {
  readonly mnemonic: string;
  readonly operands: readonly number[];
}

function branchOnTest(generation: Generation, test: ComparisonEntry, label: Label): void {
  const { builder, labels } = generation;
  builder.line(test.line);
  const comparison = withRegister(generation, test);
  const { mnemonic, operands } = shortBranch(comparison) ?? longBranch(generation, comparison);
  builder.emitJump(opcodeNumber(mnemonic), labels[label.index]!, ...operands);
}

/** The comparison with at least one side in a register. */
function withRegister({ stack }: Generation, comparison: ComparisonEntry): ComparisonEntry {
  if ('register' in comparison.left || 'register' in comparison.right) return comparison;
  return { ...comparison, left: { register: stack.placeSide(comparison.left, stack.home(stack.height)) } };
}

/** A branch that compares a register with an immediate; null when there is none for this comparison. */
function shortBranch({ test, left, right }: ComparisonEntry): Branch | null {
  if ('register' in left && 'constant' in right) {
    const [condition, value] = BELOW[test](right.constant);
    return immediateBranch(condition, left.register, value);
  }
  if ('constant' in left && 'register' in right) {
    const [condition, value] = ABOVE[test](left.constant);
    return immediateBranch(condition, right.register, value);
  }
  return null;
}

function immediateBranch(condition: string, register: number, value: number): Branch | null {
  if (value === 0 && condition === 'eq') return { mnemonic: 'br_unless', operands: [register] };
  if (value === 0 && condition === 'ne') return { mnemonic: 'br_if', operands: [register] };
  return fitsSigned(value, IMMEDIATE_BITS)
    ? { mnemonic: `i32.br_${condition}_imm`, operands: [register, value] }
    : null;
}

const IMMEDIATE_BITS = 16;
/** What no immediate can be: there is no number above the largest. */
const NO_IMMEDIATE = 2 ** 31;

/** The number after an unsigned one, as the bits of a signed. */
function unsignedAfter(value: number): number {
  return value === -1 ? NO_IMMEDIATE : value + 1;
}

type ImmediateTest = (value: number) => readonly [condition: string, value: number];

/** `register test value` with the conditions that take an immediate. */
const BELOW: Readonly<Record<Test, ImmediateTest>> = {
  eq: (value) => ['eq', value],
  ne: (value) => ['ne', value],
  lt_s: (value) => ['lt_s', value],
  le_s: (value) => ['lt_s', value + 1],
  lt_u: (value) => ['lt_u', value],
  le_u: (value) => ['lt_u', unsignedAfter(value)],
};

/** `value test register` with the conditions that take an immediate. */
const ABOVE: Readonly<Record<Test, ImmediateTest>> = {
  eq: (value) => ['eq', value],
  ne: (value) => ['ne', value],
  lt_s: (value) => ['ge_s', value + 1],
  le_s: (value) => ['ge_s', value],
  lt_u: (value) => ['ge_u', unsignedAfter(value)],
  le_u: (value) => ['ge_u', value],
};

/** A branch that compares two registers. All values are in their homes, so the ones behind these are free. */
function longBranch({ stack }: Generation, { test, left, right }: ComparisonEntry): Branch {
  const home = stack.home(stack.height);
  const isHomeTaken = 'register' in right && right.register === home;
  const leftRegister = stack.placeSide(left, isHomeTaken ? home + 1 : home);
  const rightRegister = stack.placeSide(right, leftRegister === home ? home + 1 : home);
  return { mnemonic: `i32.br_${test}`, operands: [leftRegister, rightRegister] };
}
