// setjmp and longjmp on the machine's frames. A jmp_buf is four words of the guest's own memory, which may hold anything:
// everything in it is checked against the frames and the code before it is used.
import {
  type Context,
  FLAG_VALUE,
  FRAME_BASE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FUNCTION_END,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  HEADER,
  type Intrinsic,
  NEXT,
  NULL_GUARD_BYTES,
  RELOAD,
  RESULT_VALUES,
  THREAD_FRAMES,
  TRAP,
  Trap,
  TYPED_REGISTER_WORDS,
  TypedOp,
} from '../../vm/index';

const SET_JUMP = 'c.set_jump';

/** The words of a jmp_buf: distance of the frame, where setjmp stands, generation, memory stack pointer. */
const BUFFER_BYTES = 16;

/**
 * c.set_jump(buffer, generation): 0, and once more what c.long_jump gives. The frame keeps the generation, which no
 * other frame in its place has: calls clear FRAME_STATE.
 */
function setJump(context: Context, at: number): number {
  const word = bufferAt(context, context.i32[at]);
  if (word < 0) return refuse(context, Trap.MEMORY_OUT_OF_BOUNDS);
  const { i32, frame } = context;
  // Value code keeps other things in FRAME_STATE. No frontend gives it this intrinsic, but a module could.
  if (!isTyped(context, frame)) return refuse(context, Trap.WRONG_ARGUMENT);
  if (i32[frame + FRAME_STATE] === 0) i32[frame + FRAME_STATE] = i32[at + TYPED_REGISTER_WORDS] | 1;
  i32[word] = frame - i32[context.thread + THREAD_FRAMES];
  i32[word + 1] = i32[frame + FRAME_PC];
  i32[word + 2] = i32[frame + FRAME_STATE];
  i32[word + 3] = i32[frame + FRAME_EXTRA];
  i32[at] = 0;
  return NEXT;
}

/** c.long_jump(buffer, value): goes on behind the setjmp that filled the buffer. Charged 1 for 4 frames. */
function longJump(context: Context, at: number): number {
  const word = bufferAt(context, context.i32[at]);
  if (word < 0) return refuse(context, Trap.MEMORY_OUT_OF_BOUNDS);
  const { i32, program } = context;
  const value = i32[at + TYPED_REGISTER_WORDS];
  const frame = frameAt(context, i32[word], i32[word + 2]);
  if (frame < 0) return refuse(context, Trap.WRONG_ARGUMENT);
  const row = i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const pc = i32[word + 1];
  const isInside = pc >= program.functions[row + FUNCTION_START] && pc < program.functions[row + FUNCTION_END];
  if (!isInside || !isSetJump(context, program.code[pc])) return refuse(context, Trap.WRONG_ARGUMENT);
  const pointer = i32[word + 3];
  if (pointer < i32[HEADER.MEMORY_STACK_START] || pointer > i32[HEADER.MEMORY_STACK_LIMIT]) {
    return refuse(context, Trap.WRONG_ARGUMENT);
  }
  context.frame = frame;
  i32[frame + FRAME_PC] = pc;
  if (!context.checkFrame()) return TRAP;
  i32[frame + FRAME_PC] = pc + 1;
  i32[frame + FRAME_EXTRA] = pointer;
  i32[registerOf(context, program.code[pc])] = value;
  return RELOAD;
}

/** The live frame at that distance that has that generation, if nothing but C is between; -1 otherwise. */
function frameAt(context: Context, distance: number, generation: number): number {
  const { i32 } = context;
  const floor = i32[context.thread + THREAD_FRAMES];
  const wanted = floor + distance;
  if (distance <= 0 || wanted > context.frame || (distance & (FRAME_SIZE - 1)) !== 0) return -1;
  if (generation === 0 || i32[wanted + FRAME_STATE] !== generation) return -1;
  context.fuel -= (context.frame - wanted) >>> 5;
  for (let frame = context.frame; frame > wanted; frame -= FRAME_SIZE) {
    if (!isTyped(context, frame) || i32[frame + FRAME_RESULT] !== RESULT_VALUES) return -1;
  }
  return isTyped(context, wanted) ? wanted : -1;
}

function isTyped(context: Context, frame: number): boolean {
  const index = context.i32[frame + FRAME_FUNCTION];
  if (index >>> 0 >= context.program.functionCount) return false;
  return (context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) === 0;
}

/** Whether `ins` is an instruction that fills a buffer. A second word of an instruction never looks like one. */
function isSetJump(context: Context, ins: number): boolean {
  return (ins & 255) === TypedOp.INTRINSIC && context.program.intrinsics[ins >>> 16].name === SET_JUMP;
}

/** The word of R[a] of `ins` in the current frame, which was checked. */
function registerOf(context: Context, ins: number): number {
  const base = context.stack + context.i32[context.frame + FRAME_BASE];
  return base + ((ins >>> 8) & 255) * TYPED_REGISTER_WORDS;
}

/** Word address in the heap of a buffer of the guest's, or -1. */
function bufferAt(context: Context, address: number): number {
  const from = address >>> 0;
  const isMapped = from >= NULL_GUARD_BYTES && from + BUFFER_BYTES <= context.windowBytes && (from & 3) === 0;
  return isMapped ? context.window + (from >>> 2) : -1;
}

function refuse(context: Context, trap: number): number {
  context.trap = trap;
  return TRAP;
}

export const JUMP_INTRINSICS: readonly Intrinsic[] = [
  { name: SET_JUMP, parameters: 2, results: 1, run: setJump },
  { name: 'c.long_jump', parameters: 2, results: 0, run: longJump },
];
