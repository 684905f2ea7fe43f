// Instructions that make tables and closures, or fill tables.
import { allocate, release } from './allocator';
import type { Context } from './context';
import { copyValues, payForValues } from './copy-job';
import { decodeA, decodeB, decodeBx, decodeC, decodeX } from './encoding';
import {
  CLOSURE_FUNCTION,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  FRAME_CLOSURE,
  FRAME_PC,
  FRAME_TOP,
  KIND_CLOSURE,
  TAG_CLOSURE,
  TAG_TABLE,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { FUNCTION_ROW_SHIFT, FUNCTION_UPVALUE_COUNT, FUNCTION_UPVALUES } from './program';
import { FAMILY, NEXT } from './signals';
import { arraySlot } from './table-access';
import { newTable, reserveArray } from './tables';
import { findUpvalue } from './upvalues';
import { argumentCount } from './value-calls';
import { describeRegister, raiseTypeError } from './value-errors';
import { allocationFailed, baseOf, collectIfDue, corrupt, freeSlots, registerA } from './value-frame';
import { writeNil, writeReference } from './values';

/** `new_table`. */
export function executeNewTable(context: Context, ins: number): number {
  const table = newTable(context, decodeB(ins), decodeC(ins));
  if (table === 0) return allocationFailed(context);
  writeReference(context, registerA(context, ins), TAG_TABLE, table);
  return collectAbove(context, registerA(context, ins));
}

/** `set_list`. */
export function executeSetList(context: Context, ins: number): number {
  const register = registerA(context, ins);
  const count = argumentCount(context, register + VALUE_SIZE, decodeB(ins));
  if (count < 0) return corrupt(context);
  if (context.i32[register + VALUE_TAG] !== TAG_TABLE) {
    return raiseTypeError(context, 'index', register, describeRegister(context, decodeA(ins)));
  }
  const table = context.i32[register];
  const first = decodeX(context.program.code[context.i32[context.frame + FRAME_PC]]);
  if (!reserveArray(context, table, first + count)) return allocationFailed(context);
  payForValues(context, count);
  const slot = arraySlot(context, table, first + 1, 0);
  const isDone = count === 0 || copyValues(context, slot, register + VALUE_SIZE, count);
  context.i32[context.frame + FRAME_PC]++;
  context.i32[context.frame + FRAME_TOP] = 0;
  return isDone ? collectIfDue(context) : FAMILY;
}

/** `closure`. */
export function executeClosure(context: Context, ins: number): number {
  const { functions } = context.program;
  const index = decodeBx(ins);
  const row = index << FUNCTION_ROW_SHIFT;
  const count = functions[row + FUNCTION_UPVALUE_COUNT];
  const closure = allocate(context, CLOSURE_UPVALUES + count, KIND_CLOSURE);
  if (closure === 0) return allocationFailed(context);
  context.i32.fill(0, closure + 1, closure + CLOSURE_UPVALUES + count);
  context.i32[closure + CLOSURE_FUNCTION] = index;
  context.i32[closure + CLOSURE_UPVALUE_COUNT] = count;
  for (let upvalue = 0; upvalue < count; upvalue++) {
    const address = sourceOf(context, context.program.upvalueSources[functions[row + FUNCTION_UPVALUES] + upvalue]);
    if (address === 0) {
      // Given back, so that a second failure in a row is seen as one: nothing was allocated since the collection.
      release(context, closure);
      return allocationFailed(context);
    }
    context.i32[closure + CLOSURE_UPVALUES + upvalue] = address;
  }
  writeReference(context, registerA(context, ins), TAG_CLOSURE, closure);
  return collectAbove(context, registerA(context, ins));
}

/** The upvalue that a closure gets: of a register of this frame, or one of this function's. 0 when there is no memory. */
function sourceOf(context: Context, source: number): number {
  const index = source & 0xffff;
  if (source >>> 16 !== 0) return findUpvalue(context, baseOf(context) + index * VALUE_SIZE);
  const { i32, mask } = context;
  return i32[(i32[context.frame + FRAME_CLOSURE] + CLOSURE_UPVALUES + index) & mask];
}

/**
 * collectIfDue after an object was made in `register`. Compilers make objects above whatever they still need, as Lua's
 * does: what an earlier expression has left higher up keeps nothing alive.
 */
function collectAbove(context: Context, register: number): number {
  const signal = collectIfDue(context);
  if (signal === NEXT) return NEXT;
  const end = freeSlots(context);
  context.fuel = (context.fuel - ((end - register) >>> 5)) | 0;
  for (let slot = register + VALUE_SIZE; slot < end; slot += VALUE_SIZE) writeNil(context, slot);
  return signal;
}
