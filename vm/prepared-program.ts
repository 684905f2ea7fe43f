// A program whose contexts start behind its top-level code: from the heap as that has left it, with the function that it
// has returned as their entry.
import { collect, startCollection } from './collector';
import type { Context } from './context';
import { isBlock } from './heap-checks';
import { placeClosure, resetThread } from './image';
import { CLOSURE_FUNCTION, FRAME_TOP, HEADER, KIND_CLOSURE, TAG_CLOSURE, VALUE_TAG } from './layout';
import { FLAG_VALUE, FUNCTION_FLAGS, FUNCTION_ROW_SHIFT, type Program } from './program';
import { makeProgram } from './program-tables';
import { LARGEST_POOLED_WORDS } from './regions';
import { TRAP } from './signals';

/** Why a context is none to start from. */
export type Unprepared = 'function' | 'size';

/** The largest heap that contexts start from: 512 KiB, since each start copies it in one go. */
export const MAXIMUM_PREPARED_WORDS = LARGEST_POOLED_WORDS;

/**
 * The program that goes on from a context whose entry has returned a function; what that does not need is collected. The
 * context is used up. Yields when the fuel is used up. Null: its heap is corrupt, as `context.trap` says.
 */
export function* prepareProgram(context: Context): Generator<undefined, Program | Unprepared | null, unknown> {
  const { stack } = context;
  const closure = context.i32[stack];
  const isGiven = context.i32[context.frame + FRAME_TOP] > 0 && context.i32[stack + VALUE_TAG] === TAG_CLOSURE;
  if (!isGiven || !isBlock(context, closure, KIND_CLOSURE, CLOSURE_FUNCTION + 1)) return 'function';
  if (context.stackEnd - stack > MAXIMUM_PREPARED_WORDS) return 'size';
  resetThread(context);
  placeClosure(context, closure);
  startCollection(context);
  while (!collect(context)) {
    if (context.failure === TRAP) return null;
    yield undefined;
  }
  const { i32, program } = context;
  const top = i32[HEADER.TOP];
  if (top > MAXIMUM_PREPARED_WORDS) return 'size';
  const entry = i32[closure + CLOSURE_FUNCTION];
  const row = entry << FUNCTION_ROW_SHIFT;
  if (entry >>> 0 >= program.functionCount || (program.functions[row + FUNCTION_FLAGS] & FLAG_VALUE) === 0) {
    return 'function';
  }
  // Constants of modules that were loaded lie below: none of these strings is freed.
  i32[HEADER.IMAGE_END] = top;
  i32[HEADER.DEBT] = 0;
  i32[HEADER.EMERGENCY] = 0;
  return makeProgram({
    ...program,
    entry,
    image: i32.slice(0, top),
    sharedModuleCount: program.modules.length,
    sharedConstantCount: program.constantCount,
    isPrivate: false,
  });
}
