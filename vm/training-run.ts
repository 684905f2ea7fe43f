// Runs single functions of a training program, again and again, in one context: no frame is kept, no signal answered.
import type { Context } from './context';
import { areFreeToYield } from './coroutines';
import { InternalError } from './errors';
import { pushFrame } from './frames';
import { createContext, newMainClosure } from './image';
import { FRAME_SIZE, HEADER, THREAD_FRAMES, THREAD_OPEN_UPVALUES, THREAD_TO_BE_CLOSED, VALUE_SIZE } from './layout';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, type Program } from './program';
import type { RegionPool } from './regions';
import { FAMILY, RELOAD } from './signals';
import { runTyped } from './typed-loop';
import { runValue } from './value-loop';

const MEMORY_BYTES = 1 << 22;
const WARM_UP_ROUNDS = 200;
/** So many that the host's compiler takes a loop over them for one that matters. */
const WALKED_FRAMES = 200_000;
/** Room for the registers of any training function and what it calls. */
const STACK_WORDS = 4096;

/** A context in which functions of `program` can be run by their index. */
export class TrainingContext {
  readonly context: Context;
  private readonly closures: number[] = [];

  constructor(program: Program, pool: RegionPool) {
    const context = createContext(program, pool, MEMORY_BYTES);
    if (context === null || !context.reserveStack(STACK_WORDS)) throw new InternalError('no room for training');
    this.context = context;
  }

  /** Word address of R[0] of the function that runs next. */
  get registers(): number {
    return this.context.stack + VALUE_SIZE;
  }

  /**
   * Runs function `index` with at most `fuel` instructions, and what it calls; the registers were written before.
   * The answer is the last signal.
   */
  run(index: number, fuel: number): number {
    const { context } = this;
    const { functions } = context.program;
    const isValue = (functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) !== 0;
    // No collection: the values that the host keeps would not survive it.
    context.i32[HEADER.DEBT] = 0;
    context.i32[context.thread + THREAD_OPEN_UPVALUES] = 0;
    context.i32[context.thread + THREAD_TO_BE_CLOSED] = 0;
    context.frame = context.i32[context.thread + THREAD_FRAMES];
    const extra = isValue ? 0 : context.i32[HEADER.MEMORY_STACK_START];
    pushFrame(context, index, VALUE_SIZE, isValue ? this.closureOf(index) : 0, extra);
    context.fuel = fuel;
    let isTyped = !isValue;
    let signal = isTyped ? runTyped(context) : runValue(context);
    while (signal === FAMILY || signal === RELOAD) {
      isTyped = signal === FAMILY ? !isTyped : isTyped;
      signal = isTyped ? runTyped(context) : runValue(context);
    }
    return signal;
  }

  /** Runs function `index` until the host's compiler takes notes: it does not from the first call on. */
  warmUp(index: number): void {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.run(index, 8);
  }

  /**
   * Has many frames of function `index` looked through as a yield does it in one go: before that was compiled, a hundred thousand of them
   * would take more than a millisecond.
   */
  walkFrames(index: number): void {
    const { context } = this;
    const { i32 } = context;
    const { functions, functionCount } = context.program;
    const floor = i32[context.thread + THREAD_FRAMES];
    context.frame = floor;
    while (context.frame + 2 * FRAME_SIZE <= context.framesEnd) pushFrame(context, index, 0, 0, 0);
    const frames = (context.frame - floor) / FRAME_SIZE;
    for (let walked = 0; walked < WALKED_FRAMES; walked += frames) {
      areFreeToYield(i32, context.frame, floor, functions, functionCount);
    }
  }

  private closureOf(index: number): number {
    return (this.closures[index] ??= newMainClosure(this.context, index));
  }
}
