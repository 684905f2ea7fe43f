// Where a stopped context stands, in the words of its source: function, file and line of each frame. Reads the heap's
// frame records as hostile bytes; changes nothing.
import type { Context } from './context';
import {
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_SIZE,
  FRAME_STATE,
  HEADER,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_RESUMER,
} from './layout';
import { MAXIMUM_RESUMES } from './limits';
import type { FunctionDefinition, LineEntry, Module } from './module';
import { FUNCTION_END, FUNCTION_PLACE, FUNCTION_ROW_SHIFT, FUNCTION_START, type Program } from './program';

/** One active call, innermost first in a trace. */
export interface StackFrame {
  /** As the source calls the function; the module's own word for a main chunk. */
  readonly function: string;
  readonly file: string;
  /** From 1; 0 when it is not known. */
  readonly line: number;
}

/** Frames at each end of a trace that is cut in the middle. */
const FRAMES_AT_TOP = 12;
const FRAMES_AT_BOTTOM = 10;

/**
 * The calls of the current thread and of those that resumed it, innermost first; of deep ones the first 12 and the last
 * 10, with `skipped` saying how many lie between. `isAtSafepoint`: the innermost frame's pc is the instruction that it
 * stands at, rather than behind.
 */
export function traceStack(context: Context, isAtSafepoint: boolean): { frames: StackFrame[]; skipped: number } {
  const stacks = activeStacks(context);
  const count = stacks.reduce((sum, stack) => sum + stack.count, 0);
  const frames: StackFrame[] = [];
  const describe = (depth: number): void => {
    const found = describeFrame(context, frameAt(stacks, depth), depth === 0, isAtSafepoint);
    if (found !== null) frames.push(found);
  };
  const cut = FRAMES_AT_TOP + FRAMES_AT_BOTTOM;
  for (let depth = 0; depth < Math.min(count, count > cut ? FRAMES_AT_TOP : cut); depth++) describe(depth);
  if (count <= cut) return { frames, skipped: 0 };
  for (let depth = count - FRAMES_AT_BOTTOM; depth < count; depth++) describe(depth);
  return { frames, skipped: count - cut };
}

/** A thread's frames: its current one, and how many there are. */
interface ActiveStack {
  readonly frame: number;
  readonly count: number;
}

/** The current thread's, then those of its resumers. No more than can resume each other: the heap may lie. */
function activeStacks(context: Context): ActiveStack[] {
  const { i32, mask } = context;
  const stacks = [stackOf(context.frame, i32[context.thread + THREAD_FRAMES])];
  let thread = i32[(context.thread + THREAD_RESUMER) & mask];
  for (let depth = 0; thread !== 0 && depth < MAXIMUM_RESUMES; depth++) {
    stacks.push(stackOf(i32[(thread + THREAD_FRAME) & mask], i32[(thread + THREAD_FRAMES) & mask]));
    thread = i32[(thread + THREAD_RESUMER) & mask];
  }
  return stacks;
}

function stackOf(frame: number, floor: number): ActiveStack {
  const count = frame > floor && floor >= HEADER.SIZE ? Math.floor((frame - floor) / FRAME_SIZE) : 0;
  return { frame, count };
}

function frameAt(stacks: readonly ActiveStack[], depth: number): number {
  let left = depth;
  for (const { frame, count } of stacks) {
    if (left < count) return frame - left * FRAME_SIZE;
    left -= count;
  }
  return 0;
}

/** Null for a record that cannot be true. */
function describeFrame(
  context: Context,
  frame: number,
  isInnermost: boolean,
  isAtSafepoint: boolean,
): StackFrame | null {
  const { i32, mask, program } = context;
  const index = i32[(frame + FRAME_FUNCTION) & mask];
  if (index >>> 0 >= program.functionCount) return null;
  const row = index << FUNCTION_ROW_SHIFT;
  const start = program.functions[row + FUNCTION_START];
  const pc = i32[(frame + FRAME_PC) & mask];
  if (pc < start || pc > program.functions[row + FUNCTION_END]) return null;
  const { module, definition } = definitionOf(program, index);
  const isHalfDone = definition.family === 'value' && i32[(frame + FRAME_STATE) & mask] !== 0;
  // Value code is stopped behind an instruction, or at one that has called something and will go on; typed code, when it
  // is the innermost, at the instruction.
  const isAt = isHalfDone || (isInnermost && (isAtSafepoint || definition.family === 'typed'));
  return {
    function: definition.debug.name,
    file: module.sources[definition.debug.source] ?? '?',
    line: lineAt(definition.debug.lines, isAt ? pc - start : Math.max(0, pc - start - 1)),
  };
}

/** The module and the definition of the function with that flat index, which must exist. */
export function definitionOf(program: Program, index: number): { module: Module; definition: FunctionDefinition } {
  const place = program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE];
  const module = program.modules[place >>> 16]!;
  return { module, definition: module.functions[place & 0xffff]! };
}

/** The source line of the instruction at the function-relative `pc`; 0 when the table does not say. */
export function lineAt(lines: readonly LineEntry[], pc: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lines[middle]!.pc <= pc) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : lines[low - 1]!.line;
}
