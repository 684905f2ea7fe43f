// Values of 32 bits as sums: a constant and multiples of unknown values, modulo 2^32. Two addresses with the same unknown
// part lie at a known distance.
import type { Instruction } from './code-list';

/** offset + the sum of coefficient * symbol. */
export interface LinearForm {
  readonly offset: number;
  /** In the order of the symbols; no coefficient is 0. */
  readonly terms: readonly (readonly [symbol: number, coefficient: number])[];
  /** Tells the terms of two forms apart. */
  readonly key: string;
}

/** Longer sums are values of their own. */
const MOST_TERMS = 4;
const INDEX_SHIFTS: Readonly<Record<string, number>> = { '8': 0, '16': 1, '': 2 };

export function symbolForm(symbol: number): LinearForm {
  return { offset: 0, terms: [[symbol, 1]], key: `1*${symbol}` };
}

export function constantForm(value: number): LinearForm {
  return { offset: value | 0, terms: [], key: '' };
}

function createForm(offset: number, terms: LinearForm['terms']): LinearForm {
  return { offset: offset | 0, terms, key: terms.map(([symbol, factor]) => `${factor}*${symbol}`).join('+') };
}

export function displacedForm(form: LinearForm, distance: number): LinearForm {
  return { ...form, offset: (form.offset + distance) | 0 };
}

export function scaledForm({ offset, terms }: LinearForm, factor: number): LinearForm {
  const scaled = terms.map(([symbol, coefficient]) => [symbol, Math.imul(coefficient, factor)] as const);
  return createForm(
    Math.imul(offset, factor),
    scaled.filter(([, coefficient]) => coefficient !== 0),
  );
}

export function sumOfForms(left: LinearForm, right: LinearForm): LinearForm {
  const sums = new Map(left.terms);
  for (const [symbol, coefficient] of right.terms) sums.set(symbol, ((sums.get(symbol) ?? 0) + coefficient) | 0);
  const terms = [...sums].filter(([, coefficient]) => coefficient !== 0).sort(([a], [b]) => a - b);
  return createForm(left.offset + right.offset, terms);
}

/** What `instruction` computes, if that is a sum; `formOf` gives the forms of registers. */
export function formOfResult(
  instruction: Instruction,
  formOf: (register: number) => LinearForm,
): LinearForm | undefined {
  const form = formOfOperation(instruction, formOf);
  return form === undefined || form.terms.length > MOST_TERMS ? undefined : form;
}

function formOfOperation(
  { mnemonic, operands, constant }: Instruction,
  formOf: (register: number) => LinearForm,
): LinearForm | undefined {
  const [, second, third] = operands as [number, number, number];
  switch (mnemonic) {
    case 'i32.const':
      return constantForm(second);
    case 'const':
      return constant?.kind === 'integer' && constant.high === constant.low >> 31
        ? constantForm(constant.low)
        : undefined;
    case 'i32.add':
      return sumOfForms(formOf(second), formOf(third));
    case 'i32.sub':
      return sumOfForms(formOf(second), scaledForm(formOf(third), -1));
    case 'i32.add_imm':
    case 'address.offset':
      return displacedForm(formOf(second), third);
    case 'i32.mul_imm':
      return scaledForm(formOf(second), third);
    case 'i32.shl_imm':
      return scaledForm(formOf(second), 1 << third);
    case 'i32.mul': {
      const left = formOf(second);
      const right = formOf(third);
      if (right.terms.length === 0) return scaledForm(left, right.offset);
      return left.terms.length === 0 ? scaledForm(right, left.offset) : undefined;
    }
    default:
      return undefined;
  }
}

/** By how much an indexed access shifts its index; undefined for other instructions. */
export function indexShift({ mnemonic }: Instruction): number | undefined {
  const match = /^(i32|i64)\.(?:load|store)(8|16)?(?:_[su])?_indexed$/.exec(mnemonic);
  if (match === null) return undefined;
  return match[1] === 'i64' ? 3 : INDEX_SHIFTS[match[2] ?? ''];
}

/** Whether it loads or stores at a register and an offset. */
export function isNearAccess({ mnemonic }: Instruction): boolean {
  return /^(i32|i64)\.(?:load|store)(?:8|16)?(?:_[su])?$/.test(mnemonic);
}

/** The address of an access with an index, or with an offset; undefined for other instructions. */
export function formOfAddress(
  instruction: Instruction,
  formOf: (register: number) => LinearForm,
): LinearForm | undefined {
  const [, base, other] = instruction.operands as [number, number, number];
  if (isNearAccess(instruction)) return displacedForm(formOf(base), other);
  const shift = indexShift(instruction);
  if (shift === undefined) return undefined;
  const form = sumOfForms(formOf(base), scaledForm(formOf(other), 1 << shift));
  return form.terms.length > MOST_TERMS ? undefined : form;
}
