// Calls between the two families: a typed function calls a value function whose signature is declared, a value function
// calls a typed one through a closure. Both loops come here; arguments and results are converted by the signature.
// Stack words that typed code has written are no values: they are cleared before value code uses them again.
import type { Context } from './context';
import { Trap } from './errors';
import { growFrames, growStack, pushFrame } from './frames';
import {
  FRAME_BASE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_RESULT,
  FRAME_SIZE,
  HEADER,
  RESULT_BYTE_MASK,
  RESULT_REGISTER_SHIFT,
  RESULT_TO_TYPED,
  TAG_COUNT,
  TAG_FLOAT,
  TAG_INTEGER,
  THREAD_FRAMES,
  THREAD_STACK_HIGH,
  TYPED_REGISTER_WORDS,
  VALUE_AUX,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_REGISTER_WORDS,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_FRAMES, MAXIMUM_STACK_WORDS } from './limits';
import type { Signature, ValueType } from './module';
import { bitsToDouble, bitsToFloat, doubleToBits, floatToBits } from './numbers/float';
import { high, toDouble } from './numbers/integer64';
import { fromDouble, isExactInteger, toFloat } from './numbers/integer64-conversion';
import {
  FLAG_VALUE,
  FUNCTION_FLAGS,
  FUNCTION_PARAMETERS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_SIGNATURE,
  FUNCTION_WORDS,
} from './program';
import { NEXT, RELOAD, TRAP } from './signals';
import { definitionOf } from './stack-trace';
import { positionOf, raiseText, typeNameOf } from './value-errors';
import { finishReturn } from './value-returns';

/**
 * Value code calls a typed function. The caller has committed its FRAME_PC (where it goes on), `context.frame` and
 * `context.fuel`. `argumentsAddress` is the word address of the first of `argumentCount` value slots (too few arguments
 * are an error, too many are dropped); `result` is the FRAME_RESULT word that a value callee would get, of any kind.
 * Pushes the frame and answers RELOAD; THROW when an argument cannot be converted (the error is in HEADER.ERROR and is
 * the callee's: a protected call catches it); MEMORY (nothing was done: run the call again) or TRAP.
 */
export function callTypedFromValue(
  context: Context,
  functionIndex: number,
  argumentsAddress: number,
  argumentCount: number,
  result: number,
): number {
  const functions = context.program.functions;
  const row = functionIndex << FUNCTION_ROW_SHIFT;
  const signature = context.program.signatures[functions[row + FUNCTION_SIGNATURE]];
  const callerRow = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const registersEnd = context.i32[context.frame + FRAME_BASE] + functions[callerRow + FUNCTION_WORDS];
  const firstArgument = argumentsAddress - context.stack;
  const base = Math.max(registersEnd, firstArgument + argumentCount * VALUE_SIZE);
  const words = Math.max(functions[row + FUNCTION_WORDS], signature.results.length * VALUE_REGISTER_WORDS);
  const room = makeRoom(context, base + words);
  if (room !== NEXT) return room;
  push(context, functionIndex, base, result, memoryStackPointer(context));
  claimStack(context, context.stack + base + words);
  const source = context.stack + firstArgument;
  for (let index = 0; index < signature.params.length; index++) {
    const type = signature.params[index];
    const destination = context.stack + base + index * TYPED_REGISTER_WORDS;
    const isConverted = index < argumentCount && valueToTyped(context, source + index * VALUE_SIZE, destination, type);
    if (!isConverted) return refuseArgument(context, functionIndex, index, index < argumentCount ? source : 0, type);
  }
  return RELOAD;
}

/**
 * Typed code calls a value function: one with a signature and without upvalues, as the verifier has seen to. The caller
 * has committed as above; `registers` is the word address of its R[a], which holds the arguments and gets the results.
 * Pushes the frame and answers RELOAD; or MEMORY (nothing was done: run the call again) or TRAP.
 */
export function callValueFromTyped(context: Context, functionIndex: number, registers: number): number {
  const functions = context.program.functions;
  const row = functionIndex << FUNCTION_ROW_SHIFT;
  const signature = context.program.signatures[functions[row + FUNCTION_SIGNATURE]];
  const callerBase = context.i32[context.frame + FRAME_BASE];
  const callerRow = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const firstRegister = (registers - context.stack - callerBase) / TYPED_REGISTER_WORDS;
  const free = alignToValues(callerBase + functions[callerRow + FUNCTION_WORDS]);
  const count = signature.params.length;
  const fixed = functions[row + FUNCTION_PARAMETERS];
  const extra = Math.max(count - fixed, 0);
  const base = free + extra * VALUE_REGISTER_WORDS;
  const words = Math.max(functions[row + FUNCTION_WORDS], fixed * VALUE_REGISTER_WORDS);
  const room = makeRoom(context, base + words);
  if (room !== NEXT) return room;
  clearTypedWords(context, context.stack + free);
  const source = context.stack + callerBase + firstRegister * TYPED_REGISTER_WORDS;
  for (let index = 0; index < count; index++) {
    // Variable arguments end just below register 0, the fixed ones begin there.
    const slot = index < fixed ? base + index * VALUE_SIZE : free + (index - fixed) * VALUE_SIZE;
    typedToValue(context, source + index * TYPED_REGISTER_WORDS, context.stack + slot, signature.params[index]);
  }
  const result = RESULT_TO_TYPED | (firstRegister << RESULT_REGISTER_SHIFT);
  push(context, functionIndex, base, result, extra);
  return RELOAD;
}

/**
 * Returns from the current frame to a caller of the other family: a loop comes here when its return finds one. `results`
 * is the word address of the first of `count` results: value slots if the returning function is a value function (it
 * has closed its upvalues), typed registers if it is a typed one. Pops the frame and answers RELOAD; TRAP with
 * CONVERSION_FAILED when a result has not the type that typed code expects; or another signal.
 */
export function returnAcrossFamilies(context: Context, results: number, count: number): number {
  const index = context.i32[context.frame + FRAME_FUNCTION];
  if (index >>> 0 >= context.program.functionCount) return trap(context, Trap.HEAP_CORRUPT);
  const flags = context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS];
  return (flags & FLAG_VALUE) !== 0 ? returnToTyped(context, results, count) : returnToValue(context, results, count);
}

/** Converts the value slots of the results into the typed caller's registers; missing results count as nil. */
function returnToTyped(context: Context, results: number, count: number): number {
  const { program, i32 } = context;
  const row = i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const { results: types } = program.signatures[program.functions[row + FUNCTION_SIGNATURE]] ?? NO_SIGNATURE;
  const first = (i32[context.frame + FRAME_RESULT] >>> RESULT_REGISTER_SHIFT) & RESULT_BYTE_MASK;
  const address = callerRegister(context, first, types.length, TYPED_REGISTER_WORDS);
  if (address === 0) return trap(context, Trap.HEAP_CORRUPT);
  context.frame -= FRAME_SIZE;
  context.save();
  for (let index = 0; index < types.length; index++) {
    const slot = results + index * VALUE_SIZE;
    const destination = address + index * TYPED_REGISTER_WORDS;
    const isConverted = index < count && valueToTyped(context, slot, destination, types[index]);
    if (!isConverted) return trap(context, Trap.CONVERSION_FAILED);
  }
  return RELOAD;
}

/** Converts the typed registers of the results into values, in place, and hands them over as a value return does. */
function returnToValue(context: Context, results: number, count: number): number {
  const { program } = context;
  const row = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const { results: types } = program.signatures[program.functions[row + FUNCTION_SIGNATURE]] ?? NO_SIGNATURE;
  const base = context.i32[context.frame + FRAME_BASE];
  const words = Math.max(count * VALUE_REGISTER_WORDS, program.functions[row + FUNCTION_WORDS]);
  // callTypedFromValue has made room for this: only a corrupted base can lack it.
  if (context.stack + base + words > context.stackEnd || results !== context.stack + base) {
    return trap(context, Trap.HEAP_CORRUPT);
  }
  clearTypedWords(context, results + words);
  // From the last to the first: a value slot is twice as long as a typed register.
  for (let index = count - 1; index >= 0; index--) {
    typedToValue(context, results + index * TYPED_REGISTER_WORDS, results + index * VALUE_SIZE, types[index]);
  }
  const end = results + count * VALUE_SIZE;
  context.i32.fill(0, end, results + words);
  lowerHigh(context, end);
  return finishReturn(context, results, count);
}

/** Word address of R[first] of the caller of the current frame when R[first], ... fit into it; else 0. */
function callerRegister(context: Context, first: number, count: number, registerWords: number): number {
  const { i32, program } = context;
  const caller = context.frame - FRAME_SIZE;
  const index = i32[caller + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) return 0;
  const row = index << FUNCTION_ROW_SHIFT;
  const words = program.functions[row + FUNCTION_WORDS];
  const base = i32[caller + FRAME_BASE];
  if (base < 0 || (base & (registerWords - 1)) !== 0 || context.stack + base + words > context.stackEnd) return 0;
  return (first + count) * registerWords <= words ? context.stack + base + first * registerWords : 0;
}

const NO_SIGNATURE: Signature = { params: [], results: [] };

/**
 * The word address below which typed code may use the register stack without asking: THREAD_STACK_HIGH, raised to
 * `end`, the end of the current frame's registers. It bounds what must be cleared before value code uses the stack.
 */
export function claimStack(context: Context, end: number): number {
  const { i32, thread } = context;
  if (i32[thread + THREAD_STACK_HIGH] < end) i32[thread + THREAD_STACK_HIGH] = end;
  return Math.min(i32[thread + THREAD_STACK_HIGH], context.stackEnd, context.stack + MAXIMUM_STACK_WORDS);
}

/**
 * Clears the stack words from `from` (a word address) on that typed frames may have written. The unwinder calls it too
 * when it drops typed frames above a value frame. Charged 1 for 64 bytes.
 */
export function clearTypedWords(context: Context, from: number): void {
  const { i32, thread } = context;
  const end = Math.min(i32[thread + THREAD_STACK_HIGH], context.stackEnd);
  if (from < context.stack || end <= from) return;
  context.fuel = (context.fuel - ((end - from) >>> 4)) | 0;
  i32.fill(0, from, end);
  i32[thread + THREAD_STACK_HIGH] = from;
}

function lowerHigh(context: Context, address: number): void {
  const { i32, thread } = context;
  if (i32[thread + THREAD_STACK_HIGH] > address) i32[thread + THREAD_STACK_HIGH] = address;
}

/** Room for one more frame and for a register stack of `words` words: NEXT, or why there is none. */
export function makeRoom(context: Context, words: number): number {
  if (words > MAXIMUM_STACK_WORDS || context.frame + FRAME_SIZE > lastFrame(context)) {
    return trap(context, Trap.STACK_OVERFLOW);
  }
  if (context.frame + 2 * FRAME_SIZE > context.framesEnd) {
    const signal = growFrames(context);
    if (signal !== RELOAD) return signal;
  }
  if (context.stack + words > context.stackEnd) {
    const signal = growStack(context, words);
    if (signal !== RELOAD) return signal;
  }
  return NEXT;
}

/** Where the last frame record may lie that MAXIMUM_FRAMES allows, however many there is room for. */
export function lastFrame(context: Context): number {
  return context.i32[context.thread + THREAD_FRAMES] + (MAXIMUM_FRAMES - 1) * FRAME_SIZE;
}

function push(context: Context, functionIndex: number, base: number, result: number, extra: number): void {
  pushFrame(context, functionIndex, base, 0, extra);
  context.i32[context.frame + FRAME_RESULT] = result;
}

/**
 * Where the memory stack of a typed function that value code calls begins: where the nearest typed frame below has it.
 * Charged 1 for 8 frames.
 */
function memoryStackPointer(context: Context): number {
  const { i32, program } = context;
  const frames = i32[context.thread + THREAD_FRAMES];
  let frame = context.frame;
  let pointer = i32[HEADER.MEMORY_STACK_START];
  for (; frame > frames; frame -= FRAME_SIZE) {
    const index = i32[frame + FRAME_FUNCTION];
    if (index >>> 0 >= program.functionCount) break;
    if ((program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) === 0) {
      pointer = i32[frame + FRAME_EXTRA];
      break;
    }
  }
  context.fuel = (context.fuel - ((context.frame - frame) >>> 6)) | 0;
  return pointer;
}

function alignToValues(words: number): number {
  return (words + VALUE_REGISTER_WORDS - 1) & -VALUE_REGISTER_WORDS;
}

/** Raises what a function of Lua's own library would about a wrong argument; `first` is the slot of the first, or 0. */
function refuseArgument(context: Context, callee: number, index: number, first: number, type: ValueType): number {
  const { name } = definitionOf(context.program, callee).definition.debug;
  const slot = first + index * VALUE_SIZE;
  const tag = first === 0 ? TAG_COUNT : context.i32[slot + VALUE_TAG];
  const isNumber = tag === TAG_INTEGER || tag === TAG_FLOAT;
  const reason = isNumber
    ? [`number has no integer representation of type ${type}`]
    : ['number expected, got ', first === 0 ? 'no value' : typeNameOf(context, slot)];
  return raiseText(context, positionOf(context, 1), `bad argument #${index + 1} to '${name}' (`, ...reason, ')');
}

function trap(context: Context, code: number): number {
  context.trap = code;
  return TRAP;
}

/** Writes the typed register at word `source` as a value of its type to the slot at `slot`; they may overlap. */
function typedToValue(context: Context, source: number, slot: number, type: ValueType): void {
  const { i32 } = context;
  const low = i32[source];
  const top = i32[source + 1];
  i32[slot + VALUE_AUX] = 0;
  switch (type) {
    case 'i32':
      setSlot(i32, slot, TAG_INTEGER, low, low >> 31);
      break;
    case 'i64':
      setSlot(i32, slot, TAG_INTEGER, low, top);
      break;
    case 'f32': {
      const bits = doubleToBits(bitsToFloat(low));
      setSlot(i32, slot, TAG_FLOAT, bits, high);
      break;
    }
    case 'f64': {
      const bits = doubleToBits(bitsToDouble(low, top));
      setSlot(i32, slot, TAG_FLOAT, bits, high);
      break;
    }
  }
}

function setSlot(i32: Int32Array, slot: number, tag: number, low: number, top: number): void {
  i32[slot + VALUE_LOW] = low;
  i32[slot + VALUE_HIGH] = top;
  i32[slot + VALUE_TAG] = tag;
}

/**
 * Writes the value slot at word `slot` to the typed register at `destination`. False when it is not a number of the
 * type: i32 takes integers from -2^31 to 2^32 - 1, i64 all; both take a float with such a value. f32 and f64 take all
 * numbers, rounded to nearest. Strings are no numbers here.
 */
function valueToTyped(context: Context, slot: number, destination: number, type: ValueType): boolean {
  const { i32 } = context;
  const low = i32[slot + VALUE_LOW];
  const top = i32[slot + VALUE_HIGH];
  const tag = i32[slot + VALUE_TAG];
  if (tag !== TAG_INTEGER && tag !== TAG_FLOAT) return false;
  return type === 'i32' || type === 'i64'
    ? toInteger(i32, destination, tag, low, top, type === 'i32')
    : toFloatingPoint(i32, destination, tag, low, top, type === 'f32');
}

function toInteger(
  i32: Int32Array,
  destination: number,
  tag: number,
  low: number,
  top: number,
  isWord: boolean,
): boolean {
  let integer = low;
  let integerTop = top;
  if (tag === TAG_FLOAT) {
    const value = bitsToDouble(low, top);
    if (!isExactInteger(value)) return false;
    integer = fromDouble(value);
    integerTop = high;
  }
  if (isWord && integerTop !== 0 && integerTop !== integer >> 31) return false;
  i32[destination] = integer;
  i32[destination + 1] = isWord ? 0 : integerTop;
  return true;
}

function toFloatingPoint(
  i32: Int32Array,
  destination: number,
  tag: number,
  low: number,
  top: number,
  isSingle: boolean,
): boolean {
  if (isSingle) {
    const value = tag === TAG_INTEGER ? toFloat(low, top) : bitsToDouble(low, top);
    i32[destination] = floatToBits(value);
    i32[destination + 1] = 0;
  } else if (tag === TAG_INTEGER) {
    i32[destination] = doubleToBits(toDouble(low, top));
    i32[destination + 1] = high;
  } else {
    i32[destination] = low;
    i32[destination + 1] = top;
  }
  return true;
}
