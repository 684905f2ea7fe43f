// Intrinsics of the debug library about what runs: levels of a thread, their local variables, and hooks. Library functions
// stand for C's: what they were given is seen, and nothing else of them.
import {
  CLOSURE_FUNCTION,
  type Context,
  callsFinalisers,
  copyValue,
  definitionOf,
  extraArguments,
  FAMILY,
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_TOP,
  FUNCTION_PARAMETERS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  type FunctionDefinition,
  instructionOf,
  isLibrary,
  type LocalName,
  metamethodNameOf,
  NEXT,
  RESULT_ARGUMENTS_SHIFT,
  RESULT_BYTE_MASK,
  RESULT_HOOK,
  RESULT_KIND_MASK,
  RESULT_TAIL,
  setHook,
  TAG_CLOSURE,
  TAG_NIL,
  TAG_THREAD,
  TAG_TRUE,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_HOOK,
  THREAD_HOOK_COUNT,
  THREAD_HOOK_MASK,
  THREAD_STACK,
  THREAD_STACK_END,
  transferAt,
  VALUE_SIZE,
  ValueOp,
  writeBoolean,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { argument, charge, integerAt, intrinsic, OPEN, returnValues, storeText, tagOf } from './support';

export const DEBUG_FRAME_INTRINSICS = [
  intrinsic('debug_local', 5, 2, local),
  intrinsic('debug_parameter', 2, 1, parameter),
  intrinsic('debug_set_hook', 4, OPEN, setThreadHook),
  intrinsic('debug_hook', 1, 3, threadHook),
];

// --- levels ---

/** A level of a thread: its frame, and what is around it. */
export interface Level {
  readonly frame: number;
  readonly thread: number;
  /** The frame is the thread's current one. */
  readonly isTop: boolean;
  /** FRAME_RESULT's kind of the frame that this one has called; 0 of the top. */
  readonly calleeKind: number;
}

/** Level R[level] of the thread at `threadSlot` (nil: this one, whose level 0 is the caller of the intrinsic), or null. */
export function levelAt(context: Context, threadSlot: number, level: number): Level | null {
  const { i32, mask } = context;
  const isOther = tagOf(context, threadSlot) === TAG_THREAD && i32[threadSlot] !== context.thread;
  const thread = isOther ? i32[threadSlot] & mask : context.thread;
  const current = isOther ? i32[(thread + THREAD_FRAME) & mask] : context.frame;
  const floor = i32[(thread + THREAD_FRAMES) & mask];
  const frame = current - level * FRAME_SIZE;
  if (level < 0 || floor <= 0 || frame <= floor || frame > current || current >= i32.length) return null;
  if (i32[frame + FRAME_FUNCTION] >>> 0 >= context.program.functionCount) return null;
  const isTop = level === 0;
  const calleeKind = isTop ? 0 : i32[(frame + FRAME_SIZE + FRAME_RESULT) & mask] & RESULT_KIND_MASK;
  return { frame, thread, isTop, calleeKind };
}

/** The instruction that a level runs, as an index into its function's code: the one that it is about to run when a hook is told. */
export function pcOf(context: Context, { frame, calleeKind }: Level): number {
  const { i32, program } = context;
  const start = program.functions[(i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  return (calleeKind === RESULT_HOOK ? i32[frame + FRAME_PC] : instructionOf(context, frame)) - start;
}

/** Whether a level was called in a tail. */
export function isTailCalled(context: Context, { frame }: Level): boolean {
  return (context.i32[frame + FRAME_RESULT] & RESULT_KIND_MASK) === RESULT_TAIL;
}

/** Whether the guest has only heard of the function: it is the library's, or typed. */
export function isNative(context: Context, index: number): boolean {
  return isLibrary(context, index) || definitionOf(context.program, index).definition.family === 'typed';
}

/** What a level's function is called where it was called; null where nothing says. */
export function nameOf(context: Context, level: Level): { name: string; kind: string } | null {
  const { i32, program, mask } = context;
  const { frame } = level;
  if ((i32[frame + FRAME_RESULT] & RESULT_KIND_MASK) === RESULT_HOOK) return { name: '?', kind: 'hook' };
  if (isTailCalled(context, level)) return null;
  const caller = (frame - FRAME_SIZE) & mask;
  const index = i32[caller + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) return null;
  if (callsFinalisers(context, caller)) return { name: '__gc', kind: 'metamethod' };
  if (isNative(context, index)) return null;
  const at = instructionOf(context, caller);
  const ins = program.code[at];
  switch (ins & 255) {
    case ValueOp.CALL:
    case ValueOp.TAIL_CALL:
    case ValueOp.GENERIC_FOR_CALL: {
      const pc = at - program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
      return registerName(definitionOf(program, index).definition, pc, (ins >>> 8) & 255);
    }
    default: {
      const name = metamethodNameOf(ins);
      return name === '?' ? null : { name, kind: 'metamethod' };
    }
  }
}

function registerName(
  { debug }: FunctionDefinition,
  pc: number,
  register: number,
): { name: string; kind: string } | null {
  const operand = debug.operands.find((found) => found.pc === pc && found.register === register);
  if (operand !== undefined) return operand;
  const found = debug.locals.find((name) => name.register === register && name.start <= pc && pc < name.end);
  return found === undefined ? null : { name: found.name, kind: 'local' };
}

/** What getinfo says of a call or return that a hook is told, of the level below it. */
export function transferOf(context: Context, { frame, calleeKind }: Level): { first: number; count: number } {
  return calleeKind === RESULT_HOOK ? transferAt(context, frame) : { first: 0, count: 0 };
}

// --- local variables ---

/** Instructions for finding a variable: what a function has of them is looked through. */
const LOCAL_COST = 20;

/** R[0]: parameter R[1] of the function R[0], its name; or nil. */
function parameter(context: Context, registers: number): number {
  const { i32, mask, program } = context;
  charge(context, LOCAL_COST);
  const index = i32[(i32[registers] + CLOSURE_FUNCTION) & mask];
  const number = integerAt(context, argument(registers, 1));
  const isKnown = index >>> 0 < program.functionCount && !isNative(context, index);
  const found = isKnown ? activeLocals(definitionOf(program, index).definition, 0)[number - 1] : undefined;
  if (found !== undefined && number <= definitionOf(program, index).definition.parameterCount) {
    return storeText(context, registers, found.name);
  }
  writeNil(context, registers);
  return NEXT;
}

/**
 * Local variable R[2] of level R[0] of the thread R[1] (nil: this one): R[0] is its name and R[1] its value; R[0] is false
 * without such a level, nil without such a variable. When R[3] is true the variable becomes R[4].
 */
function local(context: Context, registers: number): number {
  charge(context, LOCAL_COST);
  const level = levelAt(context, argument(registers, 1), integerAt(context, registers));
  const number = integerAt(context, argument(registers, 2));
  writeNil(context, registers);
  if (level === null) {
    writeBoolean(context, registers, false);
    return NEXT;
  }
  const found = findLocal(context, level, number);
  if (found === null) return NEXT;
  if (tagOf(context, argument(registers, 3)) === TAG_TRUE) copyValue(context, found.slot, argument(registers, 4));
  copyValue(context, argument(registers, 1), found.slot);
  return storeText(context, registers, found.name);
}

interface Variable {
  readonly name: string;
  readonly slot: number;
}

function findLocal(context: Context, level: Level, number: number): Variable | null {
  const { i32, mask, program } = context;
  const { frame, thread } = level;
  const index = i32[frame + FRAME_FUNCTION];
  const { definition } = definitionOf(program, index);
  if (definition.family === 'typed') return null;
  const stack = i32[(thread + THREAD_STACK) & mask];
  const base = stack + i32[frame + FRAME_BASE];
  const variable = isLibrary(context, index)
    ? nativeLocal(context, level, number, base)
    : ownLocal(context, level, number, base, definition);
  const isInStack =
    variable !== null && variable.slot >= stack && variable.slot < i32[(thread + THREAD_STACK_END) & mask];
  return isInStack && (variable.slot & 3) === 0 && variable.slot + VALUE_SIZE <= i32.length ? variable : null;
}

function ownLocal(
  context: Context,
  level: Level,
  number: number,
  base: number,
  definition: FunctionDefinition,
): Variable | null {
  const { i32 } = context;
  const { frame } = level;
  const extra = extraArguments(context, frame);
  if (number < 0) return -number <= extra ? { name: '(vararg)', slot: base - (extra + number + 1) * VALUE_SIZE } : null;
  const found = activeLocals(definition, pcOf(context, level))[number - 1];
  if (found !== undefined) return { name: found.name, slot: base + found.register * VALUE_SIZE };
  const top = (i32[frame + FRAME_TOP] - i32[frame + FRAME_BASE]) / VALUE_SIZE;
  const limit = calledFrom(context, level) ?? Math.max(definition.registerCount, top);
  return number > 0 && number <= limit ? { name: '(temporary)', slot: base + (number - 1) * VALUE_SIZE } : null;
}

/** The register of what a level has called by a `call`: what lies below is its own. */
function calledFrom(context: Context, level: Level): number | null {
  if (level.isTop || level.calleeKind === RESULT_HOOK) return null;
  const ins = context.program.code[instructionOf(context, level.frame)];
  return (ins & 255) === ValueOp.CALL ? (ins >>> 8) & 255 : null;
}

/** The variables that are active at `pc`, in the order of their definitions. */
function activeLocals({ debug }: FunctionDefinition, pc: number): LocalName[] {
  return debug.locals.filter(({ start, end }) => start <= pc && pc < end);
}

/** Of a library function: its arguments, and what it returns while a hook is told. */
function nativeLocal(context: Context, level: Level, number: number, base: number): Variable | null {
  const { i32, program } = context;
  const { frame } = level;
  const index = i32[frame + FRAME_FUNCTION];
  const given = Math.max(0, ((i32[frame + FRAME_RESULT] >>> RESULT_ARGUMENTS_SHIFT) & RESULT_BYTE_MASK) - 1);
  const name = '(C temporary)';
  const { first, count } = transferOf(context, level);
  if (first > given && number >= first && number < first + count) {
    const ins = program.code[i32[frame + FRAME_PC]];
    return { name, slot: base + (((ins >>> 8) & 255) + number - first) * VALUE_SIZE };
  }
  if (number < 1 || number > given) return null;
  const parameters = program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_PARAMETERS];
  const extra = extraArguments(context, frame);
  const place = number <= parameters ? number - 1 : number - parameters - 1 - extra;
  return { name, slot: base + place * VALUE_SIZE };
}

// --- hooks ---

/** The thread R[0] (nil: this one) gets the hook R[1], or none, for the events R[2] and every R[3] instructions. */
function setThreadHook(context: Context, registers: number): number {
  const { i32 } = context;
  const thread = threadAt(context, registers);
  const hook = argument(registers, 1);
  const closure = tagOf(context, hook) === TAG_CLOSURE ? i32[hook] : 0;
  setHook(context, thread, closure, i32[argument(registers, 2)], i32[argument(registers, 3)]);
  returnValues(context, registers, 0);
  return FAMILY;
}

function threadAt(context: Context, slot: number): number {
  return tagOf(context, slot) === TAG_NIL ? context.thread : context.i32[slot] & context.mask;
}

/** The hook of the thread R[0] (nil: this one), or nil; R[1] its events, R[2] its count. */
function threadHook(context: Context, registers: number): number {
  const { i32 } = context;
  const thread = threadAt(context, registers);
  writeInteger(context, argument(registers, 1), i32[thread + THREAD_HOOK_MASK], 0);
  writeInteger(context, argument(registers, 2), i32[thread + THREAD_HOOK_COUNT], 0);
  if (i32[thread + THREAD_HOOK] === 0) writeNil(context, registers);
  else writeReference(context, registers, TAG_CLOSURE, i32[thread + THREAD_HOOK]);
  return NEXT;
}
