// What the intrinsics of Lua's library share: arguments in registers and their conversion as Lua's C library has it, text
// for results, the charge for work that grows, and the ways in which an intrinsic ends. Messages about arguments are in
// argument-errors.ts.
//
// An intrinsic whose function is `return __intrinsic.NAME(first, second, ...)` works on the function's parameters where
// they are, so that a conversion may take the place of the argument. It is run again from its beginning when memory has
// failed: what it has changed until then must not matter, or be told by FRAME_STATE.
import {
  type Context,
  extraArguments,
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_STATE,
  FRAME_TOP,
  FUEL,
  FUNCTION_END,
  FUNCTION_ROW_SHIFT,
  FUNCTION_WORDS,
  fromDouble,
  growStack,
  high,
  type Intrinsic,
  isAsleep,
  isExactInteger,
  metatableOf,
  NEXT,
  NUMBER_TEXT_SIZE,
  NUMERAL_FLOAT,
  NUMERAL_INTEGER,
  NUMERAL_NONE,
  newString,
  numeralFloat,
  numeralHigh,
  numeralLow,
  parseNumber,
  RELOAD,
  stringLength,
  stringStart,
  stringTag,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TRAP,
  Trap,
  tableLength,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
  ValueOp,
  wake,
  writeFloatValue,
  writeInteger,
  writeNumber,
  writeReference,
} from '../../../vm/index';
import { raiseArgument, raiseArgumentType } from './argument-errors';

/** Word address of argument `index` (from 0) of an intrinsic whose registers begin at `registers`. */
export function argument(registers: number, index: number): number {
  return registers + index * VALUE_SIZE;
}

/** `results` of an intrinsic that ends with `returnValues`: as many as it likes, for the return behind it. */
export const OPEN = -1;

/** Describes an intrinsic of the library. */
export function intrinsic(
  name: string,
  parameters: number,
  results: number,
  run: (context: Context, registers: number) => number,
): Intrinsic {
  return { name, parameters, results, run };
}

/** Charges for `units` pieces of work. */
export function charge(context: Context, units: number): void {
  context.fuel = (context.fuel - units) | 0;
}

/** Bytes of text that are copied, compared or searched for one instruction, as a power of two: 32. */
export const BYTES_SHIFT = 5;

export function tagOf(context: Context, slot: number): number {
  return context.i32[slot + VALUE_TAG];
}

export function isString(tag: number): boolean {
  return tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING;
}

/** Whether the value at `slot` is a table that reads and writes of elements go to directly. */
export function isPlainTable(context: Context, slot: number): boolean {
  return tagOf(context, slot) === TAG_TABLE && metatableOf(context, slot) === 0;
}

/** Wakes the value at `slot` if it is a table that sleeps: NEXT, or what failed. Whoever looks into a table asks first. */
export function wakeTable(context: Context, slot: number): number {
  if (tagOf(context, slot) !== TAG_TABLE || !isAsleep(context, context.i32[slot])) return NEXT;
  return wake(context, context.i32[slot]) ? NEXT : context.failure;
}

// --- reading arguments: NEXT, or the signal of what went wrong ---

/** The argument at `slot`, number `index` of the function, must be a table. */
export function checkTable(context: Context, slot: number, index: number): number {
  return tagOf(context, slot) === TAG_TABLE ? NEXT : raiseArgumentType(context, index, slot, 'table');
}

/** A string, or a number, which its text replaces. */
export function checkString(context: Context, slot: number, index: number): number {
  const tag = tagOf(context, slot);
  if (tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING) return NEXT;
  if (tag === TAG_INTEGER || tag === TAG_FLOAT) return numberToString(context, slot);
  return raiseArgumentType(context, index, slot, 'string');
}

/** An integer, or what Lua converts to one, which it replaces. */
export function checkInteger(context: Context, slot: number, index: number): number {
  if (tagOf(context, slot) === TAG_INTEGER || toInteger(context, slot)) return NEXT;
  if (tagOf(context, slot) === TAG_FLOAT) return raiseArgument(context, index, 'number has no integer representation');
  return raiseArgumentType(context, index, slot, 'number');
}

/** As checkInteger; `otherwise`, a small integer, replaces nil. */
export function optionalInteger(context: Context, slot: number, index: number, otherwise: number): number {
  if (tagOf(context, slot) !== TAG_NIL) return checkInteger(context, slot, index);
  writeInteger(context, slot, otherwise, otherwise >> 31);
  return NEXT;
}

/** As checkInteger; the length of the plain table at `table` replaces nil. */
export function integerOrLength(context: Context, table: number, slot: number, index: number): number {
  if (tagOf(context, slot) !== TAG_NIL) return checkInteger(context, slot, index);
  writeInteger(context, slot, tableLength(context, context.i32[table]), 0);
  return NEXT;
}

/** A number, or a string that writes one, which it replaces. */
export function checkNumber(context: Context, slot: number, index: number): number {
  const tag = tagOf(context, slot);
  if (tag === TAG_INTEGER || tag === TAG_FLOAT) return NEXT;
  if (isString(tag) && stringToNumber(context, slot)) return NEXT;
  return raiseArgumentType(context, index, slot, 'number');
}

/** Turns the string at `slot` into the number that it writes, in its place; false when it writes none. */
export function stringToNumber(context: Context, slot: number): boolean {
  const kind = parseNumber(context, context.i32[slot]);
  if (kind === NUMERAL_INTEGER) writeInteger(context, slot, numeralLow, numeralHigh);
  else if (kind === NUMERAL_FLOAT) writeFloatValue(context, slot, numeralFloat);
  return kind !== NUMERAL_NONE;
}

/** Turns the value at `slot` into an integer, in its place, as Lua converts; false when it is none. */
export function toInteger(context: Context, slot: number): boolean {
  if (isString(tagOf(context, slot)) && !stringToNumber(context, slot)) return false;
  if (tagOf(context, slot) === TAG_INTEGER) return true;
  if (tagOf(context, slot) !== TAG_FLOAT) return false;
  const value = context.f64[slot >> 1];
  if (!isExactInteger(value)) return false;
  const low = fromDouble(value);
  writeInteger(context, slot, low, high);
  return true;
}

/** The integer at `slot` as a double; it is exact between -2^53 and 2^53, and beyond only its size matters. */
export function integerAt(context: Context, slot: number): number {
  return context.i32[slot + VALUE_HIGH] * 4294967296 + (context.i32[slot] >>> 0);
}

/** How many integers there are from that at `first` to that at `last`, 0 or more; exact when they are fewer than 2^53. */
export function rangeSize(context: Context, first: number, last: number): number {
  const { i32 } = context;
  const above = (i32[last + VALUE_HIGH] - i32[first + VALUE_HIGH]) * 4294967296;
  return Math.max(above + ((i32[last] >>> 0) - (i32[first] >>> 0)) + 1, 0);
}

/** The number at `slot`, an integer's or a float's, as a double. */
export function doubleAt(context: Context, slot: number): number {
  return tagOf(context, slot) === TAG_FLOAT ? context.f64[slot >> 1] : integerAt(context, slot);
}

// --- variable arguments: they lie just below the function's registers, the last one next to R[0] ---

/** How many there are; never more than fit below the registers. */
export function extraCount(context: Context): number {
  const extra = extraArguments(context, context.frame);
  return extra >>> 0 <= context.i32[context.frame + FRAME_BASE] >> 2 ? extra : 0;
}

/** Word address of the first one. */
export function firstExtra(context: Context): number {
  return context.stack + context.i32[context.frame + FRAME_BASE] - extraCount(context) * VALUE_SIZE;
}

/** Bytes from which on the host's own copying is faster. */
const MANY_BYTES = 64;

/** Copies `count` bytes between arrays, or inside one where they do not overlap. */
export function moveBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number): void {
  if (count > MANY_BYTES && source === target) target.copyWithin(to, from, from + count);
  else if (count > MANY_BYTES) target.set(source.subarray(from, from + count), to);
  else for (let index = 0; index < count; index++) target[to + index] = source[from + index];
}

// --- results ---

const encoder = new TextEncoder();
/** Where short texts are encoded: a buffer of its own for each is much for the host's collector. */
const encoded = new Uint8Array(1 << 13);

/** A text of ours in UTF-8, where the next one is written over it. */
export function encodeBriefly(text: string): Uint8Array {
  if (text.length * 3 > encoded.length) return encoder.encode(text);
  return encoded.subarray(0, encoder.encodeInto(text, encoded).written);
}

/** Stores the string in bytes[start], ..., bytes[end - 1] at `slot`. NEXT, or what failed. */
export function storeString(context: Context, slot: number, bytes: Uint8Array, start: number, end: number): number {
  const address = newString(context, bytes, start, end);
  if (address === 0) return context.failure;
  writeReference(context, slot, stringTag(end - start), address);
  return NEXT;
}

/** Stores a text of ours at `slot`. */
export function storeText(context: Context, slot: number, text: string): number {
  const bytes = encodeBriefly(text);
  return storeString(context, slot, bytes, 0, bytes.length);
}

const decoder = new TextDecoder();
/** Bytes of the guest's that a message quotes, or that can be a word of ours. */
const SHORT_TEXT = 100;

/** The string at `slot` as a text for a comparison or a message: its beginning, if it is long. */
export function shortTextOf(context: Context, slot: number): string {
  const start = stringStart(context, context.i32[slot]);
  const length = Math.min(stringLength(context, context.i32[slot]), SHORT_TEXT);
  return decoder.decode(context.u8.slice(start, start + length));
}

const numberText = new Uint8Array(NUMBER_TEXT_SIZE);

/** Makes a string of the number at `slot`, in its place. */
export function numberToString(context: Context, slot: number): number {
  const length = writeNumber(context, slot, numberText, 0);
  return storeString(context, slot, numberText, 0, length);
}

/** Ends an OPEN intrinsic with `count` results from `registers` on, for which there is room. */
export function returnValues(context: Context, registers: number, count: number): number {
  context.i32[context.frame + FRAME_TOP] = registers + count * VALUE_SIZE - context.stack;
  return NEXT;
}

/**
 * Makes room for `count` results from R[0] on. NEXT; RELOAD when the stack has moved (so has R[0]: `baseRegister`, and
 * the intrinsic must end with RELOAD); TRAP with STACK_OVERFLOW when there can be none; or MEMORY.
 */
export function makeRoomForValues(context: Context, count: number): number {
  const { i32, frame, program } = context;
  const row = i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const words = i32[frame + FRAME_BASE] + Math.max(count * VALUE_SIZE, program.functions[row + FUNCTION_WORDS]);
  return context.stack + words <= context.stackEnd ? NEXT : growStack(context, words);
}

/** Word address of R[0]. */
export function baseRegister(context: Context): number {
  return context.stack + context.i32[context.frame + FRAME_BASE];
}

/** Whether a signal says that the register stack is as large as it may be. */
export function isStackOverflow(context: Context, signal: number): boolean {
  return signal === TRAP && context.trap === Trap.STACK_OVERFLOW;
}

/**
 * Ends an intrinsic that leaves the work to the guest code behind the `return` that follows it: the return is skipped.
 * TRAP where no return and code behind it follow: no library function is so.
 */
export function leaveToGuest(context: Context): number {
  const { i32, frame, program } = context;
  const pc = i32[frame + FRAME_PC];
  const row = i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  if (pc + 1 >= program.functions[row + FUNCTION_END] || !isReturn(program.code[pc] & 255)) {
    context.trap = Trap.INVALID_INSTRUCTION;
    return TRAP;
  }
  i32[frame + FRAME_PC] = pc + 1;
  return NEXT;
}

function isReturn(opcode: number): boolean {
  return opcode === ValueOp.RETURN || opcode === ValueOp.RETURN_ONE || opcode === ValueOp.RETURN_NONE;
}

// --- stopping in the middle ---

/** What the intrinsic that is run again had noted: 0 at its beginning. */
export function noted(context: Context): number {
  return context.i32[context.frame + FRAME_STATE];
}

/** Notes how far the work is (above 0), or that it is at its beginning or end (0). */
export function note(context: Context, state: number): void {
  context.i32[context.frame + FRAME_STATE] = state;
}

/** Stops for fuel; the intrinsic will be run again with this state. */
export function stopAt(context: Context, state: number): number {
  note(context, state);
  return FUEL;
}

/** RELOAD when room was made by moving the stack, else NEXT. */
export function doneAfter(room: number): number {
  return room === RELOAD ? RELOAD : NEXT;
}

/** FRAME_STATE when all is paid; above it, what is left to pay. */
const PAID = 1;

/** Pays what is left of `cost` of work that runs in one go, as far as the fuel goes; whether all is paid. Else: `stopAt`. */
export function pay(context: Context, cost: number): boolean {
  // A state below zero can only be a lie; taken for what is left it would never be paid.
  const left = noted(context) <= 0 ? cost : Math.min(noted(context) - PAID, cost);
  const paid = Math.max(0, Math.min(left, context.fuel));
  charge(context, paid);
  note(context, left - paid + PAID);
  return left === paid;
}
