// Modules that a running context adds to its program. The program becomes the context's own: the loops find it when they
// are entered anew, so what loads a module ends with the signal FAMILY.
import { allocate, comeToNothing } from './allocator';
import type { Context } from './context';
import { ModuleError } from './errors';
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
import { type FurtherModule, linkFurther, sizesOf } from './linker';
import type { Constant, Module } from './module';
import { MEMORY, NEXT } from './signals';
import { allSteps, type Steps } from './steps';
import { copyValue, writeNil } from './values';

/** What a module takes outside the heap, tables for messages included: counted as memory of its context for good. */
const BYTES_PER_FUNCTION = 512;
const BYTES_PER_WORD = 48;
const BYTES_PER_CONSTANT = 64;

/** Bytes of memory that a loaded module counts. */
export function* memoryOf(module: Module): Steps<number> {
  const { functions, words, constants } = yield* sizesOf([module]);
  const names = module.sources.reduce((sum, source) => sum + 2 * source.length, 0);
  return names + functions * BYTES_PER_FUNCTION + words * BYTES_PER_WORD + constants * BYTES_PER_CONSTANT;
}

/** Of constants' strings: how many are made in one step, and instructions that this takes before it is over. */
const STEP_STRINGS = 256;
const STEP_INSTRUCTIONS = 2000;

/** A module that is about to join a context's program. */
export interface Loading {
  readonly module: Module;
  /** Memory that it counts. */
  readonly bytes: number;
  /** Linked behind the context's program; or why it cannot be. */
  readonly further: FurtherModule | ModuleError;
  /** Why the strings of its constants could not be made (MEMORY, TRAP); NEXT: they are there. */
  failure: number;
  /** Instructions that making them took: charged when it is loaded. */
  instructions: number;
}

/**
 * Links a verified module behind the context's program, which must not change until it is loaded. Only what that leaves room
 * for is written: nothing has happened yet.
 */
export function* linkLoading(context: Context, module: Module): Steps<Loading> {
  context.loading = null;
  const loading = { module, bytes: yield* memoryOf(module), failure: NEXT, instructions: 0 };
  try {
    return { ...loading, further: yield* linkFurther(context.program, [module]) };
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    return { ...loading, further: error };
  }
}

/**
 * Makes the strings of its constants, to which nothing refers before it is loaded: `context.loading` until then, or until a
 * collection takes them away. The guest must stand still, and go on with what loads it. No instructions are charged.
 */
export function* placeLoading(context: Context, loading: Loading): Steps<void> {
  const { further, bytes } = loading;
  context.loading = loading;
  if (context.i32[HEADER.TOP] * 4 + bytes > context.memoryLimitBytes) loading.failure = MEMORY;
  if (loading.failure !== NEXT || further instanceof ModuleError) return;
  const strings = new Map<Constant, number>();
  const debt = context.i32[HEADER.DEBT];
  let { fuel } = context;
  for (const [number, { at, constant }] of further.constants.entries()) {
    if (!writeConstant(context, further.program, at, constant, strings)) {
      loading.failure = context.failure;
      comeToNothing(context, debt);
      break;
    }
    if (fuel - context.fuel > STEP_INSTRUCTIONS || number % STEP_STRINGS === STEP_STRINGS - 1) {
      loading.instructions += fuel - context.fuel;
      context.fuel = fuel;
      yield;
      fuel = context.fuel;
    }
  }
  loading.instructions += fuel - context.fuel;
  context.fuel = fuel;
}

/**
 * Adds a verified module to the context's program and makes a closure of its entry, or of its function 0 when it has none.
 * The first upvalue gets a copy of the value at `upvalueSlot`, others are nil. Its word address; or 0, with
 * `context.failure` set, and nothing has changed. Throws ModuleError when the program cannot take it. A short step when the
 * module is `context.loading`'s.
 */
export function loadClosure(context: Context, module: Module, upvalueSlot: number): number {
  if (context.loading?.module !== module) {
    allSteps(placeLoading(context, allSteps(linkLoading(context, module))));
  }
  const { further, bytes, failure, instructions } = context.loading!;
  context.loading = null;
  context.fuel = (context.fuel - instructions) | 0;
  if (failure !== NEXT) {
    context.failure = failure;
    return 0;
  }
  if (further instanceof ModuleError) throw further;
  const { program } = further;
  const closure = newClosure(
    context,
    context.program.functionCount + (module.entry ?? 0),
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
