// Debug hooks. While a thread has one, the loop runs another code: the program's, with a word in the place of every
// instruction that it cannot run. So each comes to `executeTraced`, which calls the hook for what is about to happen, then
// puts the instruction there and has the loop run it. The loop itself has no test for hooks. An instruction costs 1 more.
//
// The word is one of no opcode. The other code is computed from the program, is nobody's state, and serves all contexts:
// whoever enters the loop puts it in order first.
import type { Context } from './context';
import { decodeA } from './encoding';
import { ATTEND_FINALISERS, startFinalisers } from './finalisers';
import { EVENT_CALL, EVENT_COUNT, EVENT_LINE, EVENT_RETURN, EVENT_TAIL_CALL, IN_HOOK, TELLING } from './hook-state';
import {
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  HEADER,
  RESULT_ARGUMENTS_SHIFT,
  RESULT_BYTE_MASK,
  RESULT_HOOK,
  TAG_CLOSURE,
  TAG_SHORT_STRING,
  THREAD_FRAMES,
  THREAD_HOOK,
  THREAD_HOOK_COUNT,
  THREAD_HOOK_DEPTH,
  THREAD_HOOK_LEFT,
  THREAD_HOOK_MASK,
  THREAD_HOOK_PC,
  THREAD_HOOK_STATE,
  THREAD_HOOK_TRANSFER,
  VALUE_SIZE,
} from './layout';
import { ValueOp } from './opcode-numbers';
import { FUNCTION_END, FUNCTION_PARAMETERS, FUNCTION_ROW_SHIFT, FUNCTION_START, type Program } from './program';
import { MEMORY } from './signals';
import { definitionOf, lineAt } from './stack-trace';
import { newString } from './strings';
import { encodeUtf8 } from './utf8';
import { enterCall, reserveArguments, resultTo } from './value-calls';
import { mustCloseVariables } from './value-closing';
import { isLibrary } from './value-errors';
import { baseOf, goOn, runAgain } from './value-frame';
import { forLoop } from './value-loops';
import { returnCount } from './value-returns';
import { executeSlowly } from './value-slow';
import { writeInteger, writeNil, writeReference } from './values';

/** A word of no opcode. */
const STOP = 255;

interface Traced {
  readonly code: Int32Array;
  /** Where an instruction stands, or -1. */
  placed: number;
}

const tracedPrograms = new WeakMap<Program, Traced>();

function tracedOf(program: Program): Traced {
  let traced = tracedPrograms.get(program);
  if (traced === undefined) {
    traced = { code: new Int32Array(program.codeSize).fill(STOP), placed: -1 };
    tracedPrograms.set(program, traced);
  }
  return traced;
}

/** What the loop sees to when it is entered and HEADER.ATTENTION is set; the code that it is to run. */
export function attend(context: Context): Int32Array {
  if ((context.i32[HEADER.ATTENTION] & ATTEND_FINALISERS) !== 0) startFinalisers(context);
  const { i32, frame, thread } = context;
  if (i32[HEADER.HOOKS] === 0) return context.program.code;
  const traced = tracedOf(context.program);
  unplace(traced);
  const at = i32[HEADER.HOOK_PLACED];
  const depth = frame - i32[thread + THREAD_FRAMES];
  const isPlaced = at > 0 && at === i32[frame + FRAME_PC] && depth === i32[HEADER.HOOK_PLACED_DEPTH];
  if (isPlaced && at < traced.code.length) put(context, traced, at);
  return traced.code;
}

function unplace(traced: Traced): void {
  if (traced.placed >= 0) traced.code[traced.placed] = STOP;
  traced.placed = -1;
}

function put(context: Context, traced: Traced, at: number): void {
  traced.code[at] = context.program.code[at];
  traced.placed = at;
}

/** In place of executeSlowly, while there are hooks: the word may stand where the program has the instruction `ins`. */
export function executeTraced(context: Context, ins: number): number {
  const traced = tracedOf(context.program);
  const at = context.i32[context.frame + FRAME_PC] - 1;
  if (traced.code[at] !== STOP) return executeSlowly(context, ins);
  unplace(traced);
  const { i32, thread } = context;
  const state = i32[thread + THREAD_HOOK_STATE];
  if (i32[thread + THREAD_HOOK] === 0 || (state & IN_HOOK) !== 0) return letThrough(context, traced, at);
  if ((state & TELLING) === 0) i32[thread + THREAD_HOOK_STATE] = TELLING | eventsAt(context, at, ins);
  const event = nextEvent(i32, thread);
  if (event !== 0) return tell(context, at, ins, event);
  i32[thread + THREAD_HOOK_STATE] = 0;
  i32[thread + THREAD_HOOK_PC] = at;
  i32[thread + THREAD_HOOK_DEPTH] = context.frame - i32[thread + THREAD_FRAMES];
  return letThrough(context, traced, at);
}

/** Has the loop run the instruction at `at`. One that jumps to itself would not be seen again: it is run here. */
function letThrough(context: Context, traced: Traced, at: number): number {
  const { i32, frame, thread } = context;
  const ins = context.program.code[at];
  i32[HEADER.HOOK_PLACED] = 0;
  i32[frame + FRAME_PC] = at;
  if ((ins & 255) === ValueOp.JUMP && ins >> 8 === -1) return goOn(context);
  if ((ins & 255) === ValueOp.FOR_LOOP && ins >> 16 === -1) {
    if (!forLoop(context, baseOf(context) + decodeA(ins) * VALUE_SIZE)) i32[frame + FRAME_PC] = at + 1;
    return goOn(context);
  }
  i32[HEADER.HOOK_PLACED] = at;
  i32[HEADER.HOOK_PLACED_DEPTH] = frame - i32[thread + THREAD_FRAMES];
  put(context, traced, at);
  return goOn(context);
}

// --- what is about to happen ---

/** The events of the instruction at `at`, which is about to be run. */
function eventsAt(context: Context, at: number, ins: number): number {
  const { i32, frame, thread } = context;
  const { functions, code } = context.program;
  // A return is told when its variables are closed.
  const isReturn = (ins & 255) >= ValueOp.RETURN && (ins & 255) <= ValueOp.RETURN_ONE;
  const returning = isReturn && !mustCloseVariables(context, baseOf(context)) ? EVENT_RETURN : 0;
  if (i32[frame + FRAME_STATE] !== 0) return returning;
  const index = i32[frame + FRAME_FUNCTION];
  const start = functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  const depth = frame - i32[thread + THREAD_FRAMES];
  const last = i32[thread + THREAD_HOOK_DEPTH];
  const lastPc = i32[thread + THREAD_HOOK_PC];
  const isTail = depth === last && lastPc >= 0 && (code[lastPc] & 255) === ValueOp.TAIL_CALL;
  const isCall = at === start && (depth > last || isTail);
  const events = (isCall ? EVENT_CALL | (isTail ? EVENT_TAIL_CALL : 0) : 0) | returning;
  // Of library functions only the one that the guest has called is seen, and nothing inside it.
  if (isLibrary(context, index)) return isLibraryFrame(context, frame - FRAME_SIZE) ? 0 : events;
  const isNewLine = isCall || startsLine(context, at, index, depth === last ? lastPc : at - 1);
  return events | (isNewLine ? EVENT_LINE : 0) | (countDown(i32, thread) ? EVENT_COUNT : 0);
}

function isLibraryFrame(context: Context, frame: number): boolean {
  if (frame <= context.i32[context.thread + THREAD_FRAMES]) return false;
  return isLibrary(context, context.i32[frame + FRAME_FUNCTION]);
}

/** Whether the instruction at `at` begins a line, coming from the one at `before`: another line, or a jump backward. */
function startsLine(context: Context, at: number, index: number, before: number): boolean {
  const { functions } = context.program;
  const row = index << FUNCTION_ROW_SHIFT;
  const start = functions[row + FUNCTION_START];
  if (before < start || before >= functions[row + FUNCTION_END] || at <= before) return true;
  const { lines } = definitionOf(context.program, index).definition.debug;
  return lineAt(lines, at - start) !== lineAt(lines, before - start);
}

function countDown(i32: Int32Array, thread: number): boolean {
  if ((i32[thread + THREAD_HOOK_MASK] & EVENT_COUNT) === 0) return false;
  i32[thread + THREAD_HOOK_LEFT] = (i32[thread + THREAD_HOOK_LEFT] - 1) | 0;
  if (i32[thread + THREAD_HOOK_LEFT] > 0) return false;
  i32[thread + THREAD_HOOK_LEFT] = i32[thread + THREAD_HOOK_COUNT];
  return true;
}

const TOLD_IN_ORDER = [EVENT_CALL, EVENT_COUNT, EVENT_LINE, EVENT_RETURN] as const;

/** The next event that the hook wants to know, or 0. */
function nextEvent(i32: Int32Array, thread: number): number {
  if (i32[thread + THREAD_HOOK] === 0) return 0;
  const wanted = i32[thread + THREAD_HOOK_STATE] & i32[thread + THREAD_HOOK_MASK];
  return TOLD_IN_ORDER.find((event) => (wanted & event) !== 0) ?? 0;
}

// --- telling the hook ---

/** Calls the hook. The instruction at `at` comes to be run when it has returned. */
function tell(context: Context, at: number, ins: number, event: number): number {
  const { thread } = context;
  const args = reserveArguments(context, at, 3);
  if (args < 0) return -args;
  const bytes = encodeUtf8(nameOf(context, event));
  const text = newString(context, bytes, 0, bytes.length);
  if (text === 0) return runAgain(context, at, context.failure);
  const { i32 } = context;
  writeReference(context, args, TAG_CLOSURE, i32[thread + THREAD_HOOK]);
  writeReference(context, args + VALUE_SIZE, TAG_SHORT_STRING, text);
  writeLine(context, args + 2 * VALUE_SIZE, at, event);
  const state = i32[thread + THREAD_HOOK_STATE];
  i32[thread + THREAD_HOOK_STATE] = (state & ~event) | IN_HOOK;
  i32[thread + THREAD_HOOK_DEPTH] = context.frame - i32[thread + THREAD_FRAMES];
  i32[thread + THREAD_HOOK_TRANSFER] = transferOf(context, ins, event);
  i32[context.frame + FRAME_PC] = at;
  const signal = enterCall(context, at, args, args + VALUE_SIZE, 2, resultTo(0, 1, RESULT_HOOK));
  if (signal === MEMORY) context.i32[thread + THREAD_HOOK_STATE] = state;
  return signal;
}

function nameOf(context: Context, event: number): string {
  if (event === EVENT_RETURN) return 'return';
  if (event === EVENT_LINE) return 'line';
  if (event === EVENT_COUNT) return 'count';
  const isTail = (context.i32[context.thread + THREAD_HOOK_STATE] & EVENT_TAIL_CALL) !== 0;
  return isTail ? 'tail call' : 'call';
}

function writeLine(context: Context, slot: number, at: number, event: number): void {
  const index = context.i32[context.frame + FRAME_FUNCTION];
  const { lines } = definitionOf(context.program, index).definition.debug;
  const start = context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  if (event !== EVENT_LINE || lines.length === 0) writeNil(context, slot);
  else writeInteger(context, slot, lineAt(lines, at - start), 0);
}

/** How THREAD_HOOK_TRANSFER has two numbers. */
const FIRST_SHIFT = 20;
const COUNT_MASK = (1 << FIRST_SHIFT) - 1;

/** Which values a call or return passes on: the number of the first as getlocal counts, and how many. */
function transferOf(context: Context, ins: number, event: number): number {
  const { i32, frame } = context;
  const index = i32[frame + FRAME_FUNCTION];
  const isNative = isLibrary(context, index);
  const given = Math.max(0, ((i32[frame + FRAME_RESULT] >>> RESULT_ARGUMENTS_SHIFT) & RESULT_BYTE_MASK) - 1);
  if (event === EVENT_CALL) {
    const parameters = context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_PARAMETERS];
    return (1 << FIRST_SHIFT) | (isNative ? given : parameters);
  }
  if (event !== EVENT_RETURN) return 0;
  const count = Math.max(0, returnCount(context, ins, baseOf(context) + decodeA(ins) * VALUE_SIZE));
  const first = isNative ? given + 1 : decodeA(ins) + 1;
  return (first << FIRST_SHIFT) | Math.min(count, COUNT_MASK);
}

/** What the hook above `frame` was told: number of the first value and how many; zeros when none runs there. */
export function transferAt(context: Context, frame: number): { first: number; count: number } {
  const { i32, thread } = context;
  const isHooked = (i32[thread + THREAD_HOOK_STATE] & IN_HOOK) !== 0;
  const depth = frame - i32[thread + THREAD_FRAMES];
  if (!isHooked || depth !== i32[thread + THREAD_HOOK_DEPTH]) return { first: 0, count: 0 };
  const transfer = i32[thread + THREAD_HOOK_TRANSFER];
  return { first: transfer >>> FIRST_SHIFT, count: transfer & COUNT_MASK };
}
