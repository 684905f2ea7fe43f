// What the typed loop does not do itself: it comes here with the context committed and FRAME_PC at the instruction.
import type { Context } from './context';
import { TypedOp } from './opcode-numbers';
import { FUEL, NEXT, SYSCALL } from './signals';
import { call, callIndirect, returnResults } from './typed-calls';
import { allocateOnStack, copyMemory, fillMemory, growMemory, memorySize, setStackPointer } from './typed-memory';

/**
 * Runs the instruction `ins` of the current frame, whose R[0] is at word `base`. NEXT: it is done, and only the views and
 * `context.fuel` may have changed. RELOAD: go on where the context stands. Anything else leaves the loop.
 */
export function runSlow(context: Context, ins: number, base: number): number {
  const a = base + ((ins >> 7) & 0x1fe);
  const b = base + ((ins >>> 15) & 0x1fe);
  const c = base + ((ins >>> 23) & 0x1fe);
  switch (ins & 255) {
    case TypedOp.SYSCALL:
      return SYSCALL;
    case TypedOp.INTRINSIC:
      return runIntrinsic(context, ins >>> 16, a);
    case TypedOp.CALL:
      return call(context, ins >>> 16, a, 1);
    case TypedOp.CALL_INDIRECT:
      return callIndirect(context, a, context.i32[b]);
    case TypedOp.RETURN:
      return returnResults(context, base, a, 0);
    case TypedOp.RETURN_VALUE:
      return returnResults(context, base, a, 1);
    case TypedOp.RETURN_VALUES:
      return returnResults(context, base, a, (ins >>> 16) & 255);
    case TypedOp.MEMORY_SIZE:
      context.i32[a] = memorySize(context);
      return NEXT;
    case TypedOp.MEMORY_GROW:
      return growMemory(context, a, context.i32[b] >>> 0);
    case TypedOp.MEMORY_COPY:
      return copyMemory(context, a, b, c);
    case TypedOp.MEMORY_FILL:
      return fillMemory(context, a, b, c);
    case TypedOp.STACK_ALLOCATE:
      return allocateOnStack(context, a, (ins >>> 16) * 16);
    case TypedOp.STACK_ALLOCATE_DYNAMIC:
      return allocateOnStack(context, a, Math.ceil((context.i32[b] >>> 0) / 16) * 16);
    default:
      return setStackPointer(context, context.i32[a]);
  }
}

/** An intrinsic that stops for fuel is dispatched again when it goes on; that must not be charged twice. */
function runIntrinsic(context: Context, index: number, registers: number): number {
  const signal = context.program.intrinsics[index].run(context, registers);
  if (signal === FUEL) context.fuel = (context.fuel + 1) | 0;
  return signal;
}
