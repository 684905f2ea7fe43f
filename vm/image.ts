// The image: the heap after the constant strings are interned, the initialisers have run and the linear memory is laid
// out. A context starts as a copy of it.

import { allocate } from './allocator';
import { collect, growStringsInTurns, startCollection } from './collector';
import { Context, MAXIMUM_MEMORY_BYTES } from './context';
import { InternalError, ModuleError, trapDefinition } from './errors';
import { pushFrame } from './frames';
import { initialiseHeap } from './heap';
import { settleImage } from './image-parts';
import { run } from './interpreter';
import {
  CLOSURE_FUNCTION,
  CLOSURE_GRAY,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  FRAME_SIZE,
  HEADER,
  KIND_CLOSURE,
  KIND_UPVALUE,
  KIND_WINDOW,
  TAG_CLOSURE,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TRUE,
  THREAD_FRAME,
  THREAD_FRAMES,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
  UPVALUE_SIZE,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
  VALUE_AUX,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import type { Constant, MemoryDefinition } from './module';
import { storeDouble } from './numbers/float';
import {
  FLAG_VALUE,
  FLAG_VARARG,
  FUNCTION_FLAGS,
  FUNCTION_PARAMETERS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_UPVALUE_COUNT,
  FUNCTION_WORDS,
  type MutableProgram,
  type Program,
} from './program';
import { RegionPool } from './regions';
import { DONE, FUEL } from './signals';
import { clearInSteps, copyInSteps, Pace, type Steps } from './steps';
import { newString, stringHash, stringTag } from './strings';
import { moveParameters } from './value-calls';

/** Instructions that a library's initialiser may take: a hundred times what the largest needs. */
const INITIALISER_FUEL = 100_000_000;
/** Instructions, and constants, of one step. */
const STEP_FUEL = 5000;
const STEP_CONSTANTS = 512;

/** A constant and the word of `Program.constants` where it goes. */
export interface PlacedConstant {
  readonly at: number;
  readonly constant: Constant;
}

/** Makes `program.image`; runs the `initialisers` (flat function indices) in order. Errors as link. */
export function* makeImage(
  program: MutableProgram,
  placedConstants: readonly PlacedConstant[],
  initialisers: readonly number[],
): Steps<void> {
  const memory = program.modules.find((module) => module.memory !== null)?.memory ?? null;
  const context = new Context(program, imagePool, MAXIMUM_MEMORY_BYTES, imagePool.take(1 << 14));
  try {
    initialiseHeap(context);
    resetThread(context);
    yield* writeConstants(context, program, placedConstants);
    for (const index of initialisers) yield* runInitialiser(context, index);
    if (program.entry >= 0) placeEntryClosure(context, program);
    yield* collectAll(context);
    program.parts = yield* settleImage(context, program);
    context.i32[HEADER.IMAGE_END] = context.i32[HEADER.TOP];
    if (memory !== null) yield* makeWindow(context, memory);
    context.i32[HEADER.DEBT] = 0;
    const words = context.i32[HEADER.TOP];
    const image = new Int32Array(words);
    yield* copyInSteps(context.i32, words, image, 0);
    program.image = image;
  } finally {
    context.dispose();
  }
}

function* writeConstants(context: Context, program: Program, placedConstants: readonly PlacedConstant[]): Steps<void> {
  const strings = new Map<Constant, number>();
  const pace = new Pace(STEP_CONSTANTS);
  for (const { at, constant } of placedConstants) {
    mustAllocate(writeConstant(context, program, at, constant, strings) ? 1 : 0);
    if (context.i32[HEADER.STRINGS_GROW] !== 0) yield* growStrings(context);
    if (pace.isOver(1 + (constant.kind === 'string' ? constant.bytes.length >>> 6 : 0))) yield;
  }
}

function* growStrings(context: Context): Steps<void> {
  const growing = growStringsInTurns(context);
  context.fuel = STEP_FUEL;
  let step = growing.next();
  for (; !step.done; step = growing.next()) {
    yield;
    context.fuel = STEP_FUEL;
  }
  if (!step.value) throw new InternalError('the table of strings of an image is not sound');
}

/** Regions in which images are made: recycled like any others. */
const imagePool = new RegionPool();

/**
 * Writes a constant to its place in the program's; a string is made in the heap, once for all places of `strings`. False
 * without memory (see allocate).
 */
export function writeConstant(
  context: Context,
  program: Program,
  at: number,
  constant: Constant,
  strings: Map<Constant, number>,
): boolean {
  const { constants } = program;
  switch (constant.kind) {
    case 'nil':
    case 'text':
      constants[at + VALUE_TAG] = TAG_NIL;
      break;
    case 'boolean':
      constants[at + VALUE_TAG] = constant.value ? TAG_TRUE : TAG_FALSE;
      break;
    case 'integer':
      constants[at + VALUE_LOW] = constant.low;
      constants[at + VALUE_HIGH] = constant.high;
      constants[at + VALUE_TAG] = TAG_INTEGER;
      break;
    case 'float':
      storeDouble(constants, at, constant.value);
      constants[at + VALUE_TAG] = TAG_FLOAT;
      break;
    case 'string': {
      const address = strings.get(constant) ?? newString(context, constant.bytes, 0, constant.bytes.length);
      if (address === 0) return false;
      strings.set(constant, address);
      constants[at + VALUE_LOW] = address;
      constants[at + VALUE_TAG] = stringTag(constant.bytes.length);
      // Field accesses find the hash beside the address.
      constants[at + VALUE_AUX] = stringHash(context, address);
      break;
    }
  }
  return true;
}

/** A closure of a main function: its first upvalue is the table of globals. */
export function newMainClosure(context: Context, index: number): number {
  const row = index << FUNCTION_ROW_SHIFT;
  const count = context.program.functions[row + FUNCTION_UPVALUE_COUNT];
  const closure = mustAllocate(allocate(context, CLOSURE_UPVALUES + count, KIND_CLOSURE));
  context.i32.fill(0, closure + 1, closure + CLOSURE_UPVALUES + count);
  context.i32[closure + CLOSURE_GRAY] = 0;
  context.i32[closure + CLOSURE_FUNCTION] = index;
  context.i32[closure + CLOSURE_UPVALUE_COUNT] = count;
  for (let upvalue = 0; upvalue < count; upvalue++) {
    const address = newClosedUpvalue(context, upvalue === 0 ? HEADER.GLOBALS : 0);
    context.i32[closure + CLOSURE_UPVALUES + upvalue] = address;
  }
  return closure;
}

/** An upvalue that holds a copy of the value slot at `source`, or nil when it is 0. */
function newClosedUpvalue(context: Context, source: number): number {
  const upvalue = mustAllocate(allocate(context, UPVALUE_SIZE, KIND_UPVALUE));
  const i32 = context.i32;
  i32[upvalue + UPVALUE_POINTER] = upvalue + UPVALUE_VALUE;
  i32[upvalue + UPVALUE_NEXT] = 0;
  i32[upvalue + UPVALUE_THREAD] = 0;
  i32.fill(0, upvalue + UPVALUE_VALUE, upvalue + UPVALUE_SIZE);
  if (source !== 0) i32.copyWithin(upvalue + UPVALUE_VALUE, source, source + VALUE_SIZE);
  return upvalue;
}

function* runInitialiser(context: Context, index: number): Steps<void> {
  resetThread(context);
  const closure = newMainClosure(context, index);
  placeClosure(context, closure);
  if (!context.loadThread()) throw new InternalError('the heap of an image is not sound');
  pushFrame(context, index, VALUE_SIZE, closure, 0);
  let signal: number = FUEL;
  for (let used = 0; signal === FUEL && used < INITIALISER_FUEL; used += STEP_FUEL - context.fuel) {
    context.fuel = STEP_FUEL;
    signal = run(context);
    yield;
  }
  if (signal !== DONE) {
    const reason = `signal ${signal}, trap ${trapDefinition(context.trap).code}`;
    throw new ModuleError('module.initialiser', `an initialiser did not end properly: ${reason}`);
  }
  resetThread(context);
}

function placeEntryClosure(context: Context, program: Program): void {
  const flags = program.functions[(program.entry << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS];
  if ((flags & FLAG_VALUE) !== 0) placeClosure(context, newMainClosure(context, program.entry));
}

/** Puts a closure into the first slot of the main thread's stack, where the collector sees it. */
export function placeClosure(context: Context, closure: number): void {
  const stack = context.stack;
  context.i32[stack + VALUE_LOW] = closure;
  context.i32[stack + VALUE_HIGH] = 0;
  context.i32[stack + VALUE_TAG] = TAG_CLOSURE;
}

/** Back to the floor of the main thread, with an empty stack. */
export function resetThread(context: Context): void {
  const i32 = context.i32;
  const thread = i32[HEADER.MAIN_THREAD];
  i32[HEADER.THREAD] = thread;
  i32[thread + THREAD_FRAME] = i32[thread + THREAD_FRAMES];
  if (!context.loadThread()) throw new InternalError('the heap of an image is not sound');
  i32.fill(0, context.stack, context.stackEnd);
  i32.fill(0, context.frame + 1, context.frame + FRAME_SIZE);
}

/** Drops what the initialisers left behind, so that no context carries it. */
function* collectAll(context: Context): Steps<void> {
  startCollection(context);
  for (;;) {
    context.fuel = STEP_FUEL;
    if (collect(context)) return;
    if (context.failure !== FUEL) throw new InternalError('the heap of an image is not sound');
    yield;
  }
}

/** Words before the linear memory's first byte in its block: the header, and alignment to 16 bytes. */
const WINDOW_HEADER_WORDS = 4;

function* makeWindow(context: Context, memory: MemoryDefinition): Steps<void> {
  const bytes = alignUp(memory.dataEnd);
  const block = mustAllocate(allocate(context, WINDOW_HEADER_WORDS + bytes / 4, KIND_WINDOW));
  const window = block + WINDOW_HEADER_WORDS;
  const { i32, u8 } = context;
  yield* clearInSteps(i32, block + 1, window + bytes / 4);
  i32[HEADER.WINDOW] = window;
  i32[HEADER.WINDOW_BYTES] = bytes;
  i32[HEADER.MEMORY_STACK_START] = bytes;
  i32[HEADER.MEMORY_STACK_LIMIT] = alignUp(bytes + memory.stackBytes);
  for (const { bytes, address } of memory.segments) yield* copyInSteps(bytes, bytes.length, u8, window * 4 + address);
}

function alignUp(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

function mustAllocate(address: number): number {
  if (address === 0) throw new ModuleError('module.too_large', 'the image does not fit into the largest heap');
  return address;
}

/**
 * A fresh context of a program: a copy of its image. Null when the image alone exceeds `memoryLimitBytes`. The context
 * stands before its entry: `startEntry` next.
 */
export function createContext(program: Program, pool: RegionPool, memoryLimitBytes: number): Context | null {
  const words = program.image.length;
  if (words * 4 > memoryLimitBytes) return null;
  const context = new Context(program, pool, memoryLimitBytes, pool.take(words, words));
  context.i32.set(program.image);
  context.peakWords = words;
  if (!context.loadThread()) throw new InternalError('the image of a program is not sound');
  return context;
}

/**
 * Pushes the entry's frame. Typed: the caller then writes the parameters to the registers (`entryRegisters`). Value: the
 * `argumentCount` argument slots were written before, from `entryArguments` on, with room for them and as many words again.
 * Returns false when the entry's registers do not fit into the memory limit.
 */
export function startEntry(context: Context, argumentCount: number): boolean {
  const { program } = context;
  const row = program.entry << FUNCTION_ROW_SHIFT;
  if (program.entry < 0) throw new ModuleError('module.entry', 'the program has no entry');
  const flags = program.functions[row + FUNCTION_FLAGS];
  const parameters = program.functions[row + FUNCTION_PARAMETERS];
  const variable = (flags & FLAG_VARARG) !== 0 ? Math.max(argumentCount - parameters, 0) : 0;
  const base = VALUE_SIZE + (variable > 0 ? argumentCount * VALUE_SIZE : 0);
  if (!context.reserveStack(base + program.functions[row + FUNCTION_WORDS])) return false;
  const isValue = (flags & FLAG_VALUE) !== 0;
  const closure = isValue ? context.i32[context.stack + VALUE_LOW] : 0;
  if (variable > 0) moveParameters(context, VALUE_SIZE, base, parameters);
  const extra = isValue ? variable : context.i32[HEADER.MEMORY_STACK_START];
  pushFrame(context, program.entry, base, closure, extra);
  return true;
}

/** Word address of the first argument slot (value) before startEntry, and of R[0] (typed) after it. */
export function entryArguments(context: Context): number {
  return context.stack + VALUE_SIZE;
}
