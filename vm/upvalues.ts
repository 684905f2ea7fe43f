// Upvalues: the variables that closures share. While a variable's register lives, its upvalue is open: in the thread's
// list, highest register first, pointing at the register. Closing moves the value into the upvalue itself.
import { allocate } from './allocator';
import type { Context } from './context';
import {
  KIND_UPVALUE,
  TAG_NIL,
  THREAD_OPEN_UPVALUES,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
  UPVALUE_SIZE,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
  VALUE_AUX,
  VALUE_TAG,
} from './layout';
import { copyValue } from './values';

/**
 * The open upvalue of the register at word address `register`, made when there is none. Returns its word address, or 0
 * with `context.failure`. Charged 1 for each step along the list.
 */
export function findUpvalue(context: Context, register: number): number {
  const { mask, thread } = context;
  let before = thread + THREAD_OPEN_UPVALUES;
  let steps = mask >>> 3;
  let upvalue = context.i32[before];
  while (upvalue !== 0 && --steps > 0) {
    const pointer = context.i32[(upvalue + UPVALUE_POINTER) & mask];
    if (pointer === register) return upvalue;
    if (pointer < register) break;
    context.fuel = (context.fuel - 1) | 0;
    before = (upvalue + UPVALUE_NEXT) & mask;
    upvalue = context.i32[before];
  }
  const made = allocate(context, UPVALUE_SIZE, KIND_UPVALUE);
  if (made === 0) return 0;
  const i32 = context.i32;
  i32[made + UPVALUE_POINTER] = register;
  i32[made + UPVALUE_NEXT] = upvalue;
  i32[made + UPVALUE_THREAD] = thread;
  i32[made + UPVALUE_VALUE + VALUE_TAG] = TAG_NIL;
  i32[made + UPVALUE_VALUE + VALUE_AUX] = 0;
  i32[before] = made;
  return made;
}

/** Closes the upvalues of the registers from word address `level` on. Charged 1 each. */
export function closeUpvalues(context: Context, level: number): void {
  const { i32, mask, thread } = context;
  let steps = mask >>> 3;
  for (
    let upvalue = i32[thread + THREAD_OPEN_UPVALUES];
    upvalue !== 0 && i32[(upvalue + UPVALUE_POINTER) & mask] >= level && --steps > 0;
    upvalue = i32[thread + THREAD_OPEN_UPVALUES]
  ) {
    context.fuel = (context.fuel - 1) | 0;
    const value = (upvalue + UPVALUE_VALUE) & mask & -4;
    copyValue(context, value, i32[(upvalue + UPVALUE_POINTER) & mask] & mask & -4);
    i32[thread + THREAD_OPEN_UPVALUES] = i32[(upvalue + UPVALUE_NEXT) & mask];
    i32[(upvalue + UPVALUE_POINTER) & mask] = value;
    i32[(upvalue + UPVALUE_NEXT) & mask] = 0;
    i32[(upvalue + UPVALUE_THREAD) & mask] = 0;
  }
}
