// What the typed loop does not do itself: it comes here with the context committed and FRAME_PC at the instruction.
import type { Context } from './context';
import { Trap } from './errors';
import { FRAME_PC, NULL_GUARD_BYTES } from './layout';
import { TypedOp } from './opcode-numbers';
import { FUEL, NEXT, RELOAD, SYSCALL, TRAP } from './signals';
import { compute } from './typed-arithmetic';
import { call, callIndirect, returnResults } from './typed-calls';
import { allocateOnStack, copyMemory, fillMemory, growMemory, memorySize, setStackPointer } from './typed-memory';

/**
 * Runs the instruction `ins` of the current frame, whose R[0] is at word `base`. RELOAD: go on where the context stands.
 * Anything else leaves the loop.
 */
export function runSlow(context: Context, ins: number, base: number): number {
  const a = base + ((ins >> 7) & 0x1fe);
  const b = base + ((ins >>> 15) & 0x1fe);
  const c = base + ((ins >>> 23) & 0x1fe);
  const signal = dispatch(context, ins, base, a, b, c);
  if (signal !== NEXT) return signal;
  context.i32[context.frame + FRAME_PC]++;
  return RELOAD;
}

/** As runSlow, but NEXT when the instruction is done and the one behind it comes next. */
function dispatch(context: Context, ins: number, base: number, a: number, b: number, c: number): number {
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
    case TypedOp.STACK_SET:
      return setStackPointer(context, context.i32[a]);
    case TypedOp.I32_LOAD:
    case TypedOp.I64_LOAD:
    case TypedOp.I32_STORE:
    case TypedOp.I64_STORE:
      return accessUnaligned(context, ins & 255, a, (context.i32[b] + (ins >>> 24)) | 0);
    case TypedOp.I32_LOAD_INDEXED:
      return accessUnaligned(context, TypedOp.I32_LOAD, a, (context.i32[b] + (context.i32[c] << 2)) | 0);
    case TypedOp.I64_LOAD_INDEXED:
      return accessUnaligned(context, TypedOp.I64_LOAD, a, (context.i32[b] + (context.i32[c] << 3)) | 0);
    case TypedOp.I32_STORE_INDEXED:
      return accessUnaligned(context, TypedOp.I32_STORE, a, (context.i32[b] + (context.i32[c] << 2)) | 0);
    case TypedOp.I64_STORE_INDEXED:
      return accessUnaligned(context, TypedOp.I64_STORE, a, (context.i32[b] + (context.i32[c] << 3)) | 0);
    default:
      return trapOr(context, compute(context, ins & 255, a, b, c));
  }
}

/** An intrinsic that stops for fuel is dispatched again when it goes on; that must not be charged twice. */
function runIntrinsic(context: Context, index: number, registers: number): number {
  const signal = context.program.intrinsics[index].run(context, registers);
  if (signal === FUEL) context.fuel = (context.fuel + 1) | 0;
  return signal;
}

/** A load or store of 32 or 64 bits at an address that is no multiple of 4: registers and linear memory are both little-endian. */
function accessUnaligned(context: Context, op: number, a: number, address: number): number {
  const { u8 } = context;
  const bytes = op === TypedOp.I64_LOAD || op === TypedOp.I64_STORE ? 8 : 4;
  const from = address >>> 0;
  if (from < NULL_GUARD_BYTES || from + bytes > context.windowBytes) return trapOr(context, Trap.MEMORY_OUT_OF_BOUNDS);
  const start = context.window * 4 + from;
  const isLoad = op === TypedOp.I32_LOAD || op === TypedOp.I64_LOAD;
  const register = a * 4;
  if (isLoad) u8.copyWithin(register, start, start + bytes);
  else u8.copyWithin(start, register, register + bytes);
  return NEXT;
}

function trapOr(context: Context, code: number): number {
  if (code < 0) return NEXT;
  context.trap = code;
  return TRAP;
}
