// The types on the stack at one place of the code: a linked list, so that the stack at a branch costs nothing to keep.
import type { ValueType } from '../../vm/index';

/** A value's type; `any` where an error has been reported. */
export type StackType = ValueType | 'any';

export interface Slot {
  readonly type: StackType;
  readonly below: Stack;
  /** Values up to and with this one. */
  readonly height: number;
}

/** Its top, or null when it is empty. */
export type Stack = Slot | null;

export function push(stack: Stack, type: StackType): Slot {
  return { type, below: stack, height: (stack?.height ?? 0) + 1 };
}

const MOST_DESCRIBED = 8;

/** The stack for a message, bottom first: `[i32 f64]`. */
export function describe(stack: Stack): string {
  if (stack === null) return 'empty';
  const types: string[] = [];
  let slot: Stack = stack;
  while (slot !== null && types.length < MOST_DESCRIBED) {
    types.unshift(slot.type);
    slot = slot.below;
  }
  return `[${slot === null ? '' : '... '}${types.join(' ')}]`;
}
