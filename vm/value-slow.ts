// Every instruction of the value family, in full: where the loop's inline cases end. Tells which file does what.
import { executeConcat } from './concat';
import type { Context } from './context';
import { decodeBx } from './encoding';
import { Trap } from './errors';
import { FRAME_PC, FRAME_STATE } from './layout';
import { ValueOp } from './opcode-numbers';
import { COLLECT, COMPILE, FAMILY, FUEL, MEMORY, NEXT, RELOAD, SYSCALL, TRAP } from './signals';
import { hasJob } from './table-job';
import { executeProtectedCall } from './unwind';
import { executeGet, executeLength, executeSelf, executeSet } from './value-access';
import {
  executeBinary,
  executeBinaryConstant,
  executeImmediate,
  executeLeftConstant,
  executeUnary,
} from './value-arithmetic';
import { executeCall, executeGenericForCall, executeTailCall, executeVararg } from './value-calls';
import { executeClose, executeGenericForPrepare, executeToBeClosed } from './value-closing';
import { executeJumpEq, executeJumpEqConstant, executeJumpOrder, executeJumpOrderConstant } from './value-compare';
import { raiseValue } from './value-errors';
import { allocationFailed, collectIfDue, registerA, runAgain } from './value-frame';
import { executeForPrepare } from './value-loops';
import { executeClosure, executeNewTable, executeSetList } from './value-objects';
import { executeReturn } from './value-returns';

/**
 * Runs the instruction `ins`, behind whose first word FRAME_PC is. `context.frame` and `context.fuel` are up to date, its
 * dispatch is charged. Answers NEXT when it is done and FRAME_PC is where the frame goes on; or another signal.
 */
export function executeSlowly(context: Context, ins: number): number {
  switch (ins & 255) {
    case ValueOp.GET_UPVALUE_FIELD:
    case ValueOp.GET_TABLE:
    case ValueOp.GET_FIELD:
    case ValueOp.GET_INDEX:
      return executeGet(context, ins);
    case ValueOp.SET_UPVALUE_FIELD:
    case ValueOp.SET_TABLE:
    case ValueOp.SET_FIELD:
    case ValueOp.SET_INDEX:
      return executeSet(context, ins);
    case ValueOp.SELF:
      return executeSelf(context, ins);
    case ValueOp.NEW_TABLE:
      return executeNewTable(context, ins);
    case ValueOp.ADD:
    case ValueOp.SUB:
    case ValueOp.MUL:
    case ValueOp.MOD:
    case ValueOp.POW:
    case ValueOp.DIV:
    case ValueOp.IDIV:
    case ValueOp.BAND:
    case ValueOp.BOR:
    case ValueOp.BXOR:
    case ValueOp.SHL:
    case ValueOp.SHR:
      return executeBinary(context, ins);
    case ValueOp.ADD_K:
    case ValueOp.SUB_K:
    case ValueOp.MUL_K:
    case ValueOp.MOD_K:
    case ValueOp.POW_K:
    case ValueOp.DIV_K:
    case ValueOp.IDIV_K:
    case ValueOp.BAND_K:
    case ValueOp.BOR_K:
    case ValueOp.BXOR_K:
    case ValueOp.SHL_K:
    case ValueOp.SHR_K:
      return executeBinaryConstant(context, ins);
    case ValueOp.ADD_LEFT_K:
    case ValueOp.SUB_LEFT_K:
    case ValueOp.MUL_LEFT_K:
    case ValueOp.DIV_LEFT_K:
      return executeLeftConstant(context, ins);
    case ValueOp.ADD_IMM:
    case ValueOp.SUB_IMM:
      return executeImmediate(context, ins);
    case ValueOp.NEGATE:
    case ValueOp.BNOT:
      return executeUnary(context, ins);
    case ValueOp.LENGTH:
      return executeLength(context, ins);
    case ValueOp.CONCAT:
      return executeConcat(context, ins);
    case ValueOp.JUMP_EQ:
      return executeJumpEq(context, ins);
    case ValueOp.JUMP_EQ_K:
      return executeJumpEqConstant(context, ins);
    case ValueOp.JUMP_LT:
    case ValueOp.JUMP_LE:
      return executeJumpOrder(context, ins);
    case ValueOp.JUMP_LT_IMM:
    case ValueOp.JUMP_LE_IMM:
    case ValueOp.JUMP_GT_IMM:
    case ValueOp.JUMP_GE_IMM:
    case ValueOp.JUMP_LT_K:
    case ValueOp.JUMP_LE_K:
    case ValueOp.JUMP_GT_K:
    case ValueOp.JUMP_GE_K:
      return executeJumpOrderConstant(context, ins);
    default:
      return executeControl(context, ins);
  }
}

function executeControl(context: Context, ins: number): number {
  switch (ins & 255) {
    case ValueOp.CALL:
      return executeCall(context, ins);
    case ValueOp.TAIL_CALL:
      return executeTailCall(context, ins);
    case ValueOp.RETURN:
    case ValueOp.RETURN_NONE:
    case ValueOp.RETURN_ONE:
      return executeReturn(context, ins);
    case ValueOp.FOR_PREPARE:
      return executeForPrepare(context, ins);
    case ValueOp.GENERIC_FOR_PREPARE:
      return executeGenericForPrepare(context, ins);
    case ValueOp.GENERIC_FOR_CALL:
      return executeGenericForCall(context, ins);
    case ValueOp.SET_LIST:
      return executeSetList(context, ins);
    case ValueOp.CLOSURE:
      return executeClosure(context, ins);
    case ValueOp.VARARG:
      return executeVararg(context, ins);
    case ValueOp.CLOSE:
      return executeClose(context, ins);
    case ValueOp.TO_BE_CLOSED:
      return executeToBeClosed(context, ins);
    case ValueOp.PROTECTED_CALL:
      return executeProtectedCall(context, ins);
    case ValueOp.THROW:
      return raiseValue(context, registerA(context, ins));
    case ValueOp.INTRINSIC:
      return executeIntrinsic(context, ins);
    case ValueOp.SYSCALL:
      return runAgain(context, context.i32[context.frame + FRAME_PC] - 1, SYSCALL);
    case ValueOp.TRAP:
      return trap(context, decodeBx(ins));
    default:
      return trap(context, Trap.INVALID_INSTRUCTION);
  }
}

function trap(context: Context, code: number): number {
  context.trap = code;
  return TRAP;
}

/**
 * Runs a step of an intrinsic. It stands at its instruction until it is done. One that goes on was charged when it began:
 * the charge is taken back before it runs, so that it has fuel to work with in the smallest slice.
 */
export function executeIntrinsic(context: Context, ins: number): number {
  if (context.i32[context.frame + FRAME_STATE] !== 0) context.fuel = (context.fuel + 1) | 0;
  const signal = context.program.intrinsics[decodeBx(ins)].run(context, registerA(context, ins));
  // What it has noted to be copied comes before anything else.
  if ((signal === NEXT || signal === RELOAD) && hasJob(context)) return FAMILY;
  if (signal === NEXT) return collectIfDue(context);
  // One that has replaced the stack may have done so in a turn before: whether it is in this one must change nothing.
  if (signal === RELOAD) return collectIfDue(context) === COLLECT ? COLLECT : RELOAD;
  if (signal === FUEL || signal === COMPILE)
    return runAgain(context, context.i32[context.frame + FRAME_PC] - 1, signal);
  return signal === MEMORY ? allocationFailed(context) : signal;
}
