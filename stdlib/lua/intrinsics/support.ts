// What the intrinsics of Lua's library share: their arguments in registers, errors about them in Lua's words, and the
// charge for work that grows.
import {
  type Context,
  definitionOf,
  FRAME_BASE,
  FRAME_FUNCTION,
  FRAME_SIZE,
  FRAME_TOP,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  fromDouble,
  HEADER,
  high,
  type Intrinsic,
  instructionOf,
  isExactInteger,
  isLibrary,
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
  positionOf,
  raiseText,
  stringTag,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  THREAD_FRAMES,
  typeNameOf,
  VALUE_AUX,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
  ValueOp,
  writeFloatValue,
  writeInteger,
  writeNumber,
  writeReference,
} from '../../../vm/index';

/** Word address of argument `index` (from 0) of an intrinsic whose registers begin at `registers`. */
export function argument(registers: number, index: number): number {
  return registers + index * VALUE_SIZE;
}

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

export function tagOf(context: Context, slot: number): number {
  return context.i32[slot + VALUE_TAG];
}

/** Bytes of text that are still charged as one instruction when they are copied, compared or searched. */
export const BYTES_AN_INSTRUCTION = 32;

/** Stores the string in bytes[start], ..., bytes[end - 1] at `slot`. NEXT, or what failed. */
export function storeString(context: Context, slot: number, bytes: Uint8Array, start: number, end: number): number {
  const address = newString(context, bytes, start, end);
  if (address === 0) return context.failure;
  writeReference(context, slot, stringTag(end - start), address);
  return NEXT;
}

const encoder = new TextEncoder();

/** Stores a text of ours at `slot`. */
export function storeText(context: Context, slot: number, text: string): number {
  const bytes = encoder.encode(text);
  return storeString(context, slot, bytes, 0, bytes.length);
}

const numberText = new Uint8Array(NUMBER_TEXT_SIZE);

/** Makes a string of the number at `slot`, in its place. */
export function numberToString(context: Context, slot: number): number {
  const length = writeNumber(context, slot, numberText, 0);
  return storeString(context, slot, numberText, 0, length);
}

export function isString(tag: number): boolean {
  return tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING;
}

/** The integer at `slot` as a double; it is exact between -2^53 and 2^53, and beyond only its size matters. */
export function integerAt(context: Context, slot: number): number {
  return context.i32[slot + VALUE_HIGH] * 4294967296 + (context.i32[slot] >>> 0);
}

/** The number at `slot`, an integer's or a float's, as a double. */
export function doubleAt(context: Context, slot: number): number {
  return tagOf(context, slot) === TAG_FLOAT ? context.f64[slot >> 1] : integerAt(context, slot);
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

/** Raises `message` with the position of the call of the library function in front. */
export function raiseAtCaller(context: Context, message: string): number {
  return raiseText(context, positionOf(context, 1), message);
}

/** "bad argument #index to 'name' (message)", with the name by which the library function was called. */
export function raiseArgument(context: Context, index: number, message: string): number {
  const { name, isMethod } = calledAs(context);
  if (!isMethod) return raiseAtCaller(context, `bad argument #${index} to '${name}' (${message})`);
  if (index === 1) return raiseAtCaller(context, `calling '${name}' on bad self (${message})`);
  return raiseAtCaller(context, `bad argument #${index - 1} to '${name}' (${message})`);
}

/** As raiseArgument: "expected expected, got TYPE". */
export function raiseArgumentType(context: Context, index: number, slot: number, expected: string): number {
  if (tagOf(context, slot) === TAG_NIL && index > argumentCount(context)) {
    return raiseArgument(context, index, `${expected} expected, got no value`);
  }
  const name = typeNameOf(context, slot);
  const text = typeof name === 'string' ? name : new TextDecoder().decode(name);
  return raiseArgument(context, index, `${expected} expected, got ${text}`);
}

/** The frame record that called the current function, or 0 when there is none below. */
function callerFrame(context: Context): number {
  const frame = context.frame - FRAME_SIZE;
  return frame > context.i32[context.thread + THREAD_FRAMES] ? frame : 0;
}

/** What the library function that runs is called where it was called; else its own name. */
function calledAs(context: Context): { name: string; isMethod: boolean } {
  const { program, i32 } = context;
  const caller = callerFrame(context);
  const own = definitionOf(program, i32[context.frame + FRAME_FUNCTION]).definition.debug.name;
  const index = caller === 0 ? -1 : i32[caller + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount || isLibrary(context, index)) return { name: own, isMethod: false };
  const at = instructionOf(context, caller);
  const pc = at - program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  const register = (program.code[at] >>> 8) & 255;
  const { operands } = definitionOf(program, index).definition.debug;
  const found = operands.find((operand) => operand.pc === pc && operand.register === register);
  if (found === undefined) return { name: own, isMethod: false };
  return { name: found.name, isMethod: found.kind === 'method' };
}

/** How many arguments the library function that runs was called with, as the call itself says. */
export function argumentCount(context: Context): number {
  const caller = callerFrame(context);
  if (caller === 0) return 0;
  const { i32 } = context;
  const word = context.program.code[instructionOf(context, caller)];
  const opcode = word & 255;
  const isCall = opcode === ValueOp.CALL || opcode === ValueOp.TAIL_CALL;
  if (!isCall && opcode !== ValueOp.PROTECTED_CALL) return 255;
  const first = ((word >>> 8) & 255) + (isCall ? 1 : 2);
  const count = (word >>> 16) & 255;
  if (count > 0) return isCall ? count - 1 : count - 2;
  return ((i32[caller + FRAME_TOP] - i32[caller + FRAME_BASE]) >> 2) - first;
}

/** Asks for a collection when enough was allocated. */
export function isCollectionDue(context: Context): boolean {
  return context.i32[HEADER.DEBT] > context.i32[HEADER.THRESHOLD];
}

/** Clears the spare word of a slot that a value has been copied to from a place that uses it. */
export function clearSpare(context: Context, slot: number): void {
  context.i32[slot + VALUE_AUX] = 0;
}
