// What the generator knows of a value on the stack. Values are computed as late as possible: a local or a constant needs
// no register of its own, and a computation can go straight to where its result belongs. Until then an entry refers to
// registers (its leaves), which must not change.
import type { Bits } from './literals';

/** The value is in a register: a local's, or its own place on the stack. */
export interface RegisterEntry {
  readonly kind: 'register';
  readonly register: number;
}

export interface ConstantEntry {
  readonly kind: 'constant';
  readonly bits: Bits;
}

/** One operation of the machine that has not been added to the code yet. */
export interface ComputationEntry {
  readonly kind: 'computation';
  readonly mnemonic: string;
  /** Registers and immediates behind the destination, in the table's order. */
  readonly operands: readonly number[];
  /** Those of them that are registers. */
  readonly leaves: readonly number[];
  readonly line: number;
}

/** R[base] + (R[index] << scale), scale 1 to 3: what an indexed access can do by itself. */
export interface AddressEntry {
  readonly kind: 'address';
  readonly base: number;
  readonly index: number;
  readonly scale: number;
  readonly line: number;
}

/** An operand of a comparison: a register, or the value of a constant. */
export type Side = { readonly register: number } | { readonly constant: number };

/** The comparisons of i32 that the machine has; all others are these with exchanged sides. */
export type Test = 'eq' | 'ne' | 'lt_s' | 'lt_u' | 'le_s' | 'le_u';

/** A comparison of i32, which a branch can do by itself. */
export interface ComparisonEntry {
  readonly kind: 'comparison';
  readonly test: Test;
  readonly left: Side;
  readonly right: Side;
  readonly line: number;
}

/** `select`: R[first], or R[second] when R[condition] is 0. */
export interface ChoiceEntry {
  readonly kind: 'choice';
  readonly first: number;
  readonly second: number;
  readonly condition: number;
  readonly line: number;
}

export type Entry = RegisterEntry | ConstantEntry | ComputationEntry | AddressEntry | ComparisonEntry | ChoiceEntry;

/** The registers that an entry refers to. */
export function leavesOf(entry: Entry): readonly number[] {
  switch (entry.kind) {
    case 'register':
      return [entry.register];
    case 'constant':
      return [];
    case 'computation':
      return entry.leaves;
    case 'address':
      return [entry.base, entry.index];
    case 'comparison':
      return [entry.left, entry.right].flatMap((side) => ('register' in side ? [side.register] : []));
    case 'choice':
      return [entry.first, entry.second, entry.condition];
  }
}

/** The same comparison with the opposite result. */
export function negate({ kind, test, left, right, line }: ComparisonEntry): ComparisonEntry {
  if (test === 'eq' || test === 'ne') return { kind, test: test === 'eq' ? 'ne' : 'eq', left, right, line };
  return {
    kind,
    test: test.replace(/^l[te]/, (order) => (order === 'lt' ? 'le' : 'lt')) as Test,
    left: right,
    right: left,
    line,
  };
}
