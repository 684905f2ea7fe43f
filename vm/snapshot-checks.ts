// What must hold in a heap that comes from outside before a loop sees it: blocks follow each other up to the frontier, the
// string table is one, each thread has frames and registers of its own, and each frame a function, a pc and registers that
// exist. Values, links between objects and the contents of tables may be anything: the loops check those at each use.
import { FREEING_PHASE, LAST_PHASE } from './collector';
import type { Context } from './context';
import { decodeBx, decodeOp } from './encoding';
import { entrySignature, hasValueEntry } from './entry';
import { isBlock } from './heap-checks';
import { isValueFrame } from './interpreter';
import {
  BLOCK_HEADER_WORDS,
  COLOUR_BLACK,
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_SIZE,
  GRANULE,
  HEADER,
  HEADER_COLOUR_MASK,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_FRAMES,
  KIND_REGISTERS,
  KIND_STRING_TABLE,
  KIND_THREAD,
  KIND_USERDATA,
  KIND_WINDOW,
  TAG_TABLE,
  THREAD_DEAD,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_SIZE,
  THREAD_STACK,
  THREAD_STACK_END,
  THREAD_STATUS,
  TYPED_REGISTER_WORDS,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { TypedOp, ValueOp } from './opcode-numbers';
import {
  FLAG_VALUE,
  FUNCTION_END,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  FUNCTION_WORDS,
} from './program';
import { Pace, type Steps } from './steps';

/** Blocks, and frames, that are looked at in one step: some tens of microseconds, half a millisecond at first. */
const STEP_BLOCKS = 4096;

/** Where a context stands: at a safepoint. */
export const STANDS_READY = 0;
/** At a syscall that is begun: it is begun again from its start (see syscall-dispatch.ts). */
export const STANDS_AT_SYSCALL = 1;
/** At its end: the results have not been read, or not all of them. */
export const STANDS_AT_END = 2;

/** What is wrong with the heap, or null. The context's copies of its words are loaded then. */
export function* findHeapFault(context: Context, standing: number): Steps<string | null> {
  const { i32 } = context;
  if (i32[HEADER.PHASE] < 0 || i32[HEADER.PHASE] > LAST_PHASE) return "the collector's phase";
  if (!context.loadThread()) return 'the current thread or the linear memory';
  if (!isWindow(context)) return 'the linear memory';
  if (!isStringTable(context)) return 'the table of strings';
  if (i32[HEADER.GLOBALS + VALUE_TAG] !== TAG_TABLE || i32[HEADER.REGISTRY + VALUE_TAG] !== TAG_TABLE) {
    return 'the globals';
  }
  const pace = new Pace(STEP_BLOCKS);
  const fault = yield* findBlockFault(context, pace);
  if (fault !== null) return fault;
  const main = i32[HEADER.MAIN_THREAD];
  if (!isBlock(context, main, KIND_THREAD, THREAD_SIZE)) return 'the main thread';
  for (const thread of new Set([main, context.thread])) {
    if (!(yield* isThread(context, thread, pace))) return 'a thread';
  }
  if (standing === STANDS_AT_END) return standsAtEnd(context) ? null : 'its end';
  if (!context.checkFrame()) return 'the current frame';
  return standing !== STANDS_AT_SYSCALL || standsAtSyscall(context) ? null : 'its syscall';
}

/** Walks all blocks; checks the threads among them, whoever refers to them. */
function* findBlockFault(context: Context, pace: Pace): Steps<string | null> {
  const { i32 } = context;
  const top = i32[HEADER.TOP];
  let frameWords = 0;
  for (let address: number = HEADER.SIZE; address < top; ) {
    const header = i32[address];
    const words = (header >>> HEADER_GRANULES_SHIFT) * GRANULE;
    const kind = (header >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK;
    if (words === 0 || words > top - address || kind > KIND_USERDATA) return 'a block';
    if (kind === KIND_THREAD) {
      if (words < THREAD_SIZE) return 'a thread';
      if (!isUnfinished(context, address)) {
        // Each has a block of its own: threads that share one would be looked at for hours.
        frameWords += i32[address + THREAD_FRAME] - i32[address + THREAD_FRAMES];
        if (frameWords > top || !(yield* isThread(context, address, pace))) return 'a thread';
      }
    }
    address += words;
    if (pace.isOver()) yield;
  }
  return null;
}

/** A thread that was never finished has no stacks; one that is being freed may have lost them to others. */
function isUnfinished(context: Context, thread: number): boolean {
  const { i32 } = context;
  if (i32[thread + THREAD_FRAMES] === 0 || i32[thread + THREAD_STACK] === 0) return true;
  const isReached = (i32[thread] & HEADER_COLOUR_MASK) === COLOUR_BLACK || thread < i32[HEADER.IMAGE_END];
  return i32[HEADER.PHASE] >= FREEING_PHASE && !isReached && thread >= i32[HEADER.SWEEP];
}

function* isThread(context: Context, thread: number, pace: Pace): Steps<boolean> {
  const { i32 } = context;
  const frames = i32[thread + THREAD_FRAMES];
  const framesEnd = i32[thread + THREAD_FRAMES_END];
  const stack = i32[thread + THREAD_STACK];
  const stackEnd = i32[thread + THREAD_STACK_END];
  const frame = i32[thread + THREAD_FRAME];
  const status = i32[thread + THREAD_STATUS];
  if (status < 0 || status > THREAD_DEAD) return false;
  if (!isOwnBlock(context, frames, framesEnd, KIND_FRAMES) || !isOwnBlock(context, stack, stackEnd, KIND_REGISTERS)) {
    return false;
  }
  if (frame < frames || frame > framesEnd - FRAME_SIZE || ((frame - frames) & (FRAME_SIZE - 1)) !== 0) return false;
  for (let record = frames + FRAME_SIZE; record <= frame; record += FRAME_SIZE) {
    if (!isFrame(context, record, stackEnd - stack)) return false;
    if (pace.isOver()) yield;
  }
  return true;
}

function isOwnBlock(context: Context, start: number, end: number, kind: number): boolean {
  return end >= start && isBlock(context, start - BLOCK_HEADER_WORDS, kind, end - start + BLOCK_HEADER_WORDS);
}

/** The pc may be the end: a call has left it behind its instruction, and a return will not believe it. */
function isFrame(context: Context, frame: number, stackWords: number): boolean {
  const { i32, program } = context;
  const index = i32[frame + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) return false;
  const row = index << FUNCTION_ROW_SHIFT;
  const pc = i32[frame + FRAME_PC];
  const base = i32[frame + FRAME_BASE];
  const alignment = (program.functions[row + FUNCTION_FLAGS] & FLAG_VALUE) !== 0 ? 3 : 1;
  if (pc < program.functions[row + FUNCTION_START] || pc > program.functions[row + FUNCTION_END]) return false;
  return base >= 0 && (base & alignment) === 0 && base + program.functions[row + FUNCTION_WORDS] <= stackWords;
}

function isWindow(context: Context): boolean {
  const { window, windowBytes } = context;
  if (window === 0) return true;
  const words = BLOCK_HEADER_WORDS + Math.ceil(windowBytes / 4);
  return isBlock(context, window - BLOCK_HEADER_WORDS, KIND_WINDOW, words);
}

function isStringTable(context: Context): boolean {
  const { i32 } = context;
  const count = i32[HEADER.STRING_BUCKETS];
  if (count <= 0 || (count & (count - 1)) !== 0) return false;
  return isBlock(context, i32[HEADER.STRINGS], KIND_STRING_TABLE, BLOCK_HEADER_WORDS + count);
}

/** Whether the main thread is back at its floor, with room for the results. */
function standsAtEnd(context: Context): boolean {
  const { i32, program, thread, stack, stackEnd, frame } = context;
  if (thread !== i32[HEADER.MAIN_THREAD] || frame !== i32[thread + THREAD_FRAMES]) return false;
  const count = hasValueEntry(program) ? 1 : entrySignature(program)!.results.length;
  return stack + count * (hasValueEntry(program) ? VALUE_SIZE : TYPED_REGISTER_WORDS) <= stackEnd;
}

function standsAtSyscall(context: Context): boolean {
  const { i32, program, frame } = context;
  const word = program.code[i32[frame + FRAME_PC]];
  const isSyscall = decodeOp(word) === (isValueFrame(context) ? ValueOp.SYSCALL : TypedOp.SYSCALL);
  return isSyscall && program.syscalls[decodeBx(word)] !== undefined;
}
