// Calls of the value family that the loop does not make itself: varargs, metamethods, `__call`, typed functions, tail
// calls. Every call is a frame record in the heap. Returns are value-returns.ts.
import type { Context } from './context';
import { copyValues, payForValues } from './copy-job';
import { callTypedFromValue } from './crossing';
import { decodeA, decodeB, decodeC } from './encoding';
import { Trap } from './errors';
import {
  CLOSURE_FUNCTION,
  FRAME_BASE,
  FRAME_CLOSURE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FRAME_TOP,
  RESULT_ARGUMENTS_SHIFT,
  RESULT_BYTE_MASK,
  RESULT_KIND_MASK,
  RESULT_REGISTER_SHIFT,
  RESULT_TAIL,
  RESULT_VALUES,
  RESULT_WANTED_SHIFT,
  TAG_CLOSURE,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_CALL_CHAIN, MAXIMUM_REGISTERS } from './limits';
import { METAMETHOD_CALL, metamethodOf } from './metatables';
import {
  FLAG_VALUE,
  FLAG_VARARG,
  FUNCTION_FLAGS,
  FUNCTION_PARAMETERS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  FUNCTION_WORDS,
} from './program';
import { FAMILY, FUEL, MEMORY, NEXT, RELOAD, TRAP } from './signals';
import { closeUpvalues } from './upvalues';
import { describeCallee, isLibrary, raiseStackOverflow, raiseTypeError } from './value-errors';
import {
  baseOf,
  corrupt,
  extraArguments,
  freeSlots,
  goOn,
  isHandlerResult,
  makeRoom,
  OVERFLOW,
  refuse,
  registerA,
  rowOf,
  runAgain,
} from './value-frame';
import { stepIteration } from './value-iteration';
import { copyValue, writeNil } from './values';

/** FRAME_RESULT: `wanted` values plus 1 (0: all) to register `register` of the caller. */
export function resultTo(register: number, wanted: number, kind = RESULT_VALUES): number {
  return kind | (wanted << RESULT_WANTED_SHIFT) | (register << RESULT_REGISTER_SHIFT);
}

/** One result to R[a] of the instruction. */
export function resultIn(ins: number): number {
  return resultTo(decodeA(ins), 2);
}

/**
 * Word address of `count` free slots above the frame for the arguments of a metamethod of the instruction at `at`; or a
 * negated signal. Room for what `callMetamethod` needs beside them is made by it. The stack may move.
 */
export function reserveArguments(context: Context, at: number, count: number): number {
  const free = freeSlots(context) - context.stack;
  const room = ensureRoom(context, at, free + count * VALUE_SIZE);
  return room === NEXT ? context.stack + free : -room;
}

/**
 * makeRoom with an answer for the loop: an overflow is a catchable error of value code. `result` is the FRAME_RESULT of
 * the call that needs the room: handlers of errors may use what is kept for them.
 */
export function ensureRoom(context: Context, at: number, words: number, result = RESULT_VALUES): number {
  const room = makeRoom(context, words, isHandlerResult(result));
  if (room === OVERFLOW) return raiseStackOverflow(context);
  return room === NEXT ? NEXT : refuse(context, at, room);
}

/**
 * Calls the value at `callee` with `count` arguments from `args` on (word addresses; the callee may lie in a register,
 * but above `args` nothing is kept): pushes its frame, with FRAME_RESULT `result`. FRAME_PC is where the caller goes on;
 * `at` is the instruction, to be run again should memory fail. Answers RELOAD, FUEL, THROW, MEMORY or TRAP.
 */
export function enterCall(
  context: Context,
  at: number,
  callee: number,
  args: number,
  count: number,
  result: number,
): number {
  const levels = callLevels(context, callee);
  if (levels < 0) return raiseCallError(context, at, lastCallee(context, callee, -1 - levels));
  const argsDistance = args - context.stack;
  const calleeDistance = callee - context.stack;
  const inStack = callee >= context.stack && callee < context.stackEnd;
  const room = ensureRoom(context, at, argsDistance + (count + levels) * VALUE_SIZE, result);
  if (room !== NEXT) return room;
  const movedCallee = inStack ? context.stack + calleeDistance : callee;
  if (levels === 0) return enterClosure(context, at, context.i32[movedCallee], argsDistance, count, result);
  // Room for the frame is made before the arguments are moved: what has failed is run again from the beginning.
  const target = lastCallee(context, movedCallee, levels);
  const words = wordsOf(context, context.i32[target], count + levels);
  const frameRoom = ensureRoom(context, at, argsDistance + words, result);
  if (frameRoom !== NEXT) return frameRoom;
  insertCallees(
    context,
    inStack ? context.stack + calleeDistance : callee,
    context.stack + argsDistance,
    count,
    levels,
  );
  const closure = context.i32[target];
  return enterClosure(context, at, closure, argsDistance, count + levels, result);
}

/** How many `__call` metamethods lead from a value to a closure; -1 - n when the n-th leads to what has none. */
function callLevels(context: Context, callee: number): number {
  let slot = callee;
  let levels = 0;
  while (context.i32[slot + VALUE_TAG] !== TAG_CLOSURE) {
    context.fuel = (context.fuel - 1) | 0;
    slot = metamethodOf(context, slot, METAMETHOD_CALL);
    if (slot === 0 || levels === MAXIMUM_CALL_CHAIN) return -1 - levels;
    levels++;
  }
  return levels;
}

/** Slot of the value that `levels` `__call` metamethods lead to: not in the stack, unless levels is 0. */
function lastCallee(context: Context, callee: number, levels: number): number {
  let slot = callee;
  for (let level = 0; level < levels; level++) slot = metamethodOf(context, slot, METAMETHOD_CALL);
  return slot;
}

/** Beyond so many values the built-in moves them faster: the most that there may be in a third of a millisecond. */
export const FEW_VALUES = 64;

/** Puts the callees in front of the arguments: the value that was called last, what called it before it. */
function insertCallees(context: Context, callee: number, args: number, count: number, levels: number): void {
  context.fuel = (context.fuel - (count >>> 3)) | 0;
  if (count > FEW_VALUES) {
    context.i32.copyWithin(args + levels * VALUE_SIZE, args, args + count * VALUE_SIZE);
  } else {
    for (let index = count - 1; index >= 0; index--) {
      copyValue(context, args + (index + levels) * VALUE_SIZE, args + index * VALUE_SIZE);
    }
  }
  let slot = callee;
  for (let level = levels - 1; level >= 0; level--) {
    copyValue(context, args + level * VALUE_SIZE, slot);
    slot = metamethodOf(context, slot, METAMETHOD_CALL);
  }
}

/** Words from the first argument to the end of the callee's frame; generous when the closure is not sound. */
function wordsOf(context: Context, closure: number, count: number): number {
  const { i32, mask, program } = context;
  const index = i32[(closure + CLOSURE_FUNCTION) & mask];
  if (index >>> 0 >= program.functionCount) return count * VALUE_SIZE;
  return count * VALUE_SIZE + program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_WORDS];
}

/** Pushes the frame of a closure. The arguments lie at the distance `args` of the stack. */
function enterClosure(
  context: Context,
  at: number,
  closure: number,
  args: number,
  count: number,
  result: number,
): number {
  const { functions, functionCount } = context.program;
  const index = context.i32[(closure + CLOSURE_FUNCTION) & context.mask];
  if (index >>> 0 >= functionCount) return corrupt(context);
  const row = index << FUNCTION_ROW_SHIFT;
  const flags = functions[row + FUNCTION_FLAGS];
  if ((flags & FLAG_VALUE) === 0) return enterTyped(context, at, index, args, count, result);
  const parameters = functions[row + FUNCTION_PARAMETERS];
  const extra = (flags & FLAG_VARARG) !== 0 && count > parameters ? count - parameters : 0;
  const base = extra > 0 ? args + count * VALUE_SIZE : args;
  const room = ensureRoom(context, at, base + functions[row + FUNCTION_WORDS], result);
  if (room !== NEXT) return room;
  if (extra > 0) moveParameters(context, args, base, parameters);
  else for (let slot = count; slot < parameters; slot++) writeNil(context, context.stack + args + slot * VALUE_SIZE);
  pushFrame(context, index, base, closure, withArguments(result, count), extra);
  return goOn(context);
}

/** A FRAME_RESULT word with the number of arguments. */
function withArguments(result: number, count: number): number {
  const others = result & ~(RESULT_BYTE_MASK << RESULT_ARGUMENTS_SHIFT);
  return others | ((Math.min(count, 254) + 1) << RESULT_ARGUMENTS_SHIFT);
}

/** Variable arguments stay where they are, just below register 0; the fixed ones are moved above them. */
export function moveParameters(context: Context, args: number, base: number, parameters: number): void {
  for (let index = 0; index < parameters; index++) {
    const from = context.stack + args + index * VALUE_SIZE;
    copyValue(context, context.stack + base + index * VALUE_SIZE, from);
    writeNil(context, from);
  }
}

/** Pushes a frame record with register 0 at the distance `base` of the stack. There must be room. */
export function pushFrame(
  context: Context,
  index: number,
  base: number,
  closure: number,
  result: number,
  extra: number,
): void {
  const { i32 } = context;
  const frame = context.frame + FRAME_SIZE;
  i32[frame + FRAME_FUNCTION] = index;
  i32[frame + FRAME_PC] = context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  i32[frame + FRAME_BASE] = base;
  i32[frame + FRAME_CLOSURE] = closure;
  i32[frame + FRAME_RESULT] = result;
  i32[frame + FRAME_EXTRA] = extra;
  i32[frame + FRAME_TOP] = 0;
  i32[frame + FRAME_STATE] = 0;
  context.frame = frame;
}

function enterTyped(context: Context, at: number, index: number, args: number, count: number, result: number): number {
  const room = ensureRoom(context, at, args + count * VALUE_SIZE);
  if (room !== NEXT) return room;
  const signal = callTypedFromValue(context, index, context.stack + args, count, result);
  if (signal === TRAP && context.trap === Trap.STACK_OVERFLOW) return raiseStackOverflow(context);
  return signal === MEMORY ? runAgain(context, at, MEMORY) : signal;
}

function raiseCallError(context: Context, at: number, callee: number): number {
  const signal = raiseTypeError(context, 'call', callee, describeCallee(context, context.program.code[at]));
  return signal === MEMORY ? runAgain(context, at, MEMORY) : signal;
}

// --- instructions ---

/** The number of arguments from `first` on: from the operand, or up to the top that a call before has set. */
export function argumentCount(context: Context, first: number, count: number): number {
  if (count !== 0) return count;
  const top = context.i32[context.frame + FRAME_TOP] + context.stack;
  return top >= first && top <= context.stackEnd && (top & 3) === 0 ? (top - first) >> 2 : -1;
}

/** `call`. */
export function executeCall(context: Context, ins: number): number {
  const callee = registerA(context, ins);
  const count = decodeB(ins) === 0 ? argumentCount(context, callee + VALUE_SIZE, 0) : decodeB(ins) - 1;
  if (count < 0) return corrupt(context);
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const top = context.i32[context.frame + FRAME_TOP];
  context.i32[context.frame + FRAME_TOP] = 0;
  const signal = enterCall(context, at, callee, callee + VALUE_SIZE, count, resultTo(decodeA(ins), decodeC(ins)));
  // Run again it needs its top again.
  if (signal === MEMORY) context.i32[context.frame + FRAME_TOP] = top;
  return signal;
}

/** Registers of a generic for: iterator, state, control, closing value; then the copies for the call. */
const GENERIC_FOR_CALL = 4;

/** `generic_for_call`. */
export function executeGenericForCall(context: Context, ins: number): number {
  const state = registerA(context, ins);
  if (stepIteration(context, state, decodeC(ins))) return NEXT;
  const callee = state + GENERIC_FOR_CALL * VALUE_SIZE;
  for (let index = 0; index < 3; index++) copyValue(context, callee + index * VALUE_SIZE, state + index * VALUE_SIZE);
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const result = resultTo(decodeA(ins) + GENERIC_FOR_CALL, decodeC(ins) + 1);
  return enterCall(context, at, callee, callee + VALUE_SIZE, 2, result);
}

/** `tail_call`: the callee gets this frame's place and what becomes of its results. */
export function executeTailCall(context: Context, ins: number): number {
  const { i32 } = context;
  const callee = registerA(context, ins);
  const count = decodeB(ins) === 0 ? argumentCount(context, callee + VALUE_SIZE, 0) : decodeB(ins) - 1;
  if (count < 0) return corrupt(context);
  const place = placeOf(context);
  const index = valueFunctionOf(context, callee);
  // What is not simply a closure of this family is called like anything, and the `return` that follows passes it on. So
  // are library functions, whose messages name the function that called them.
  if (index < 0 || isLibrary(context, index)) return executeCall(context, ins & 0x00ff_ffff);
  closeUpvalues(context, baseOf(context));
  payForValues(context, count);
  const { frame } = context;
  const closure = i32[callee];
  const given = i32[frame + FRAME_RESULT];
  const isPlain = (given & RESULT_KIND_MASK) === RESULT_VALUES;
  const result = isPlain ? (given & ~RESULT_KIND_MASK) | RESULT_TAIL : given;
  const at = i32[frame + FRAME_PC] - 1;
  const words = context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_WORDS];
  const room = ensureRoom(context, at, place + count * VALUE_SIZE + words);
  if (room !== NEXT) return room;
  const source = registerA(context, ins) + VALUE_SIZE;
  const target = context.stack + place;
  const isDone = copyArguments(context, target, source, count);
  context.i32[context.frame + FRAME_TOP] = 0;
  context.frame -= FRAME_SIZE;
  const signal = enterClosure(context, at, closure, place, count, result);
  return isDone || signal > FUEL ? signal : FAMILY;
}

/** As copyValues, but those that can be parameters are there at once: entering the callee may move them on. */
export function copyArguments(context: Context, target: number, source: number, count: number): boolean {
  const first = Math.min(count, MAXIMUM_REGISTERS);
  for (let at = 0; at < first * VALUE_SIZE; at += VALUE_SIZE) copyValue(context, target + at, source + at);
  return copyValues(context, target + first * VALUE_SIZE, source + first * VALUE_SIZE, count - first);
}

/** Distance of the current frame's first argument from the stack's start. */
function placeOf(context: Context): number {
  const { i32, frame } = context;
  const extra = extraArguments(context, frame);
  const base = i32[frame + FRAME_BASE];
  if (extra === 0) return base;
  const parameters = context.program.functions[rowOf(context) + FUNCTION_PARAMETERS];
  const place = base - (extra + parameters) * VALUE_SIZE;
  return extra > 0 && place > 0 && place < base ? place : base;
}

/** The function of a closure of the value family at `slot`, or -1. */
function valueFunctionOf(context: Context, slot: number): number {
  const { i32, mask, program } = context;
  if (i32[slot + VALUE_TAG] !== TAG_CLOSURE) return -1;
  const index = i32[(i32[slot] + CLOSURE_FUNCTION) & mask];
  if (index >>> 0 >= program.functionCount) return -1;
  return (program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) !== 0 ? index : -1;
}

/** `vararg`. */
export function executeVararg(context: Context, ins: number): number {
  const extra = context.i32[context.frame + FRAME_EXTRA];
  const first = context.i32[context.frame + FRAME_BASE] - extra * VALUE_SIZE;
  if (extra < 0 || first < 0) return corrupt(context);
  const wanted = decodeC(ins) === 0 ? extra : decodeC(ins) - 1;
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const distance = registerA(context, ins) - context.stack;
  const { stack } = context;
  const room = ensureRoom(context, at, distance + wanted * VALUE_SIZE);
  if (room !== NEXT) return room;
  payForValues(context, wanted);
  const target = context.stack + distance;
  const isDone = copyValues(context, target, context.stack + first, Math.min(wanted, extra));
  for (let index = extra; index < wanted; index++) writeNil(context, target + index * VALUE_SIZE);
  if (decodeC(ins) === 0) context.i32[context.frame + FRAME_TOP] = distance + wanted * VALUE_SIZE;
  if (!isDone) return FAMILY;
  return stack === context.stack ? NEXT : RELOAD;
}
