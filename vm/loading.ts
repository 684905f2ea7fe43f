// Modules that a running context adds to its program. The program becomes the context's own: the loops find it when they
// are entered anew, so what loads a module ends with the signal FAMILY.
import { allocate } from './allocator';
import { decodeModule, encodeModule } from './codec';
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
import type { Module } from './module';
import { CONSTANT_WORDS, type Program } from './program';
import { MEMORY } from './signals';
import { copyValue } from './values';

/** What a module takes outside the heap, tables for messages included: counted as memory of its context for good. */
const BYTES_PER_FUNCTION = 512;
const BYTES_PER_WORD = 48;
const BYTES_PER_CONSTANT = 64;

function bytesOf({ functions }: Module): number {
  return functions.reduce(
    (sum, { code, constants }) =>
      sum + BYTES_PER_FUNCTION + code.length * BYTES_PER_WORD + constants.length * BYTES_PER_CONSTANT,
    0,
  );
}

/**
 * Adds a verified module to the context's program and makes a closure of its entry, whose one upvalue gets a copy of the
 * value at `upvalueSlot`. Its word address; or 0, with `context.failure` set, and nothing has changed. Throws ModuleError
 * when the program cannot take it.
 */
export function loadClosure(context: Context, module: Module, upvalueSlot: number): number {
  const bytes = bytesOf(module);
  if (context.i32[HEADER.TOP] * 4 + bytes > context.memoryLimitBytes) {
    context.failure = MEMORY;
    return 0;
  }
  const { program, entry, constants } = linkFurther(context.program, module);
  for (const { at, constant } of constants) if (!writeConstant(context, program, at, constant)) return 0;
  const upvalue = allocate(context, UPVALUE_SIZE, KIND_UPVALUE);
  if (upvalue === 0) return 0;
  const closure = allocate(context, CLOSURE_UPVALUES + 1, KIND_CLOSURE);
  if (closure === 0) return 0;
  const { i32 } = context;
  i32[upvalue + UPVALUE_POINTER] = upvalue + UPVALUE_VALUE;
  i32[upvalue + UPVALUE_NEXT] = 0;
  i32[upvalue + UPVALUE_THREAD] = 0;
  copyValue(context, upvalue + UPVALUE_VALUE, upvalueSlot);
  i32[closure + CLOSURE_GRAY] = 0;
  i32[closure + CLOSURE_FUNCTION] = entry;
  i32[closure + CLOSURE_UPVALUE_COUNT] = 1;
  i32[closure + CLOSURE_UPVALUES] = upvalue;
  context.program = program;
  context.memoryLimitBytes -= bytes;
  return closure;
}

/** What a context has loaded, for its copy in another thread: the strings of these constants lie in its heap. */
export interface LoadedModules {
  readonly modules: readonly Uint8Array[];
  readonly constants: Int32Array;
}

/** What `program` has beyond `shared`, from which its context began; null when that is nothing. */
export function packLoaded(program: Program, shared: Program): LoadedModules | null {
  if (!program.isPrivate) return null;
  const first = shared.constantCount * CONSTANT_WORDS;
  return {
    modules: program.modules.slice(shared.modules.length).map(encodeModule),
    constants: program.constants.slice(first, program.constantCount * CONSTANT_WORDS),
  };
}

/** The program of the copy. What is loaded must come from packLoaded: it is not checked again. */
export function unpackLoaded(shared: Program, loaded: LoadedModules | null): Program {
  if (loaded === null) return shared;
  const modules = loaded.modules.map(decodeModule);
  const program = modules.reduce((linked, module) => linkFurther(linked, module).program, shared);
  program.constants.set(loaded.constants, shared.constantCount * CONSTANT_WORDS);
  return program;
}

/** What the modules take that `program` has beyond `shared`, as loadClosure has counted it. */
export function bytesOfLoaded(program: Program, shared: Program): number {
  return program.modules.slice(shared.modules.length).reduce((sum, module) => sum + bytesOf(module), 0);
}
