// Modules that a running context adds to its program. The program becomes the context's own: the loops find it when they
// are entered anew, so what loads a module ends with the signal FAMILY.
import { allocate } from './allocator';
import type { Context } from './context';
import { writeConstant } from './image';
import {
  CLOSURE_FUNCTION,
  CLOSURE_GRAY,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  HEADER,
  KIND_CLOSURE,
  KIND_UPVALUE,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
  UPVALUE_SIZE,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
} from './layout';
import { linkFurther } from './linker';
import type { Constant, Module } from './module';
import { MEMORY } from './signals';
import { copyValue, writeNil } from './values';

/** What a module takes outside the heap, tables for messages included: counted as memory of its context for good. */
const BYTES_PER_FUNCTION = 512;
const BYTES_PER_WORD = 48;
const BYTES_PER_CONSTANT = 64;

/** Bytes of memory that a loaded module counts. */
export function memoryOf({ functions, sources }: Module): number {
  const names = sources.reduce((sum, source) => sum + 2 * source.length, 0);
  return functions.reduce(
    (sum, { code, constants }) =>
      sum + BYTES_PER_FUNCTION + code.length * BYTES_PER_WORD + constants.length * BYTES_PER_CONSTANT,
    names,
  );
}

/**
 * Adds a verified module to the context's program and makes a closure of its entry, or of its function 0 when it has none.
 * The first upvalue gets a copy of the value at `upvalueSlot`, others are nil. Its word address; or 0, with
 * `context.failure` set, and nothing has changed. Throws ModuleError when the program cannot take it.
 */
export function loadClosure(context: Context, module: Module, upvalueSlot: number): number {
  const bytes = memoryOf(module);
  if (context.i32[HEADER.TOP] * 4 + bytes > context.memoryLimitBytes) {
    context.failure = MEMORY;
    return 0;
  }
  const first = context.program.functionCount;
  const { program, constants } = linkFurther(context.program, [module]);
  const strings = new Map<Constant, number>();
  for (const { at, constant } of constants) if (!writeConstant(context, program, at, constant, strings)) return 0;
  const closure = newClosure(
    context,
    first + (module.entry ?? 0),
    module.functions[module.entry ?? 0]!.upvalues.length,
  );
  if (closure === 0) return 0;
  const { i32 } = context;
  const upvalue = i32[closure + CLOSURE_UPVALUES];
  if (i32[closure + CLOSURE_UPVALUE_COUNT] > 0) copyValue(context, upvalue + UPVALUE_VALUE, upvalueSlot);
  context.program = program;
  context.loadedBytes += bytes;
  return closure;
}

/** A closure of a function with fresh upvalues, all nil; or 0. */
function newClosure(context: Context, index: number, count: number): number {
  const closure = allocate(context, CLOSURE_UPVALUES + Math.max(count, 1), KIND_CLOSURE);
  if (closure === 0) return 0;
  context.i32[closure + CLOSURE_GRAY] = 0;
  context.i32[closure + CLOSURE_FUNCTION] = index;
  context.i32[closure + CLOSURE_UPVALUE_COUNT] = count;
  for (let number = 0; number < count; number++) {
    const upvalue = allocate(context, UPVALUE_SIZE, KIND_UPVALUE);
    if (upvalue === 0) return 0;
    const { i32 } = context;
    i32[upvalue + UPVALUE_POINTER] = upvalue + UPVALUE_VALUE;
    i32[upvalue + UPVALUE_NEXT] = 0;
    i32[upvalue + UPVALUE_THREAD] = 0;
    writeNil(context, upvalue + UPVALUE_VALUE);
    i32[closure + CLOSURE_UPVALUES + number] = upvalue;
  }
  return closure;
}
