// Intrinsics on the extra arguments of the library function that runs. They lie just below its registers, the last one
// next to R[0], and FRAME_EXTRA counts them: dropping the first ones is counting less.
import {
  type Context,
  copyValue,
  FRAME_BASE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FUNCTION_ROW_SHIFT,
  FUNCTION_WORDS,
  getInteger,
  growStack,
  NEXT,
  RELOAD,
  stringLength,
  stringStart,
  VALUE_HIGH,
  VALUE_SIZE,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { argument, BYTES_AN_INSTRUCTION, charge, integerAt, intrinsic, raiseAtCaller, storeString } from './support';

export const VARARG_INTRINSICS = [
  intrinsic('vararg_count', 0, 1, count),
  intrinsic('vararg_get', 1, 1, get),
  intrinsic('vararg_drop', 1, 1, drop),
  intrinsic('vararg_unpack', 3, 1, unpack),
  intrinsic('vararg_bytes', 3, 1, bytes),
  intrinsic('string_from_varargs', 0, 1, stringFromVarargs),
];

/** How many there are; never more than fit below the registers. */
function extraCount(context: Context): number {
  const extra = context.i32[context.frame + FRAME_EXTRA];
  return extra >>> 0 <= context.i32[context.frame + FRAME_BASE] >> 2 ? extra : 0;
}

/** Word address of the first one. */
function firstExtra(context: Context): number {
  return context.stack + context.i32[context.frame + FRAME_BASE] - extraCount(context) * VALUE_SIZE;
}

function count(context: Context, registers: number): number {
  writeInteger(context, registers, extraCount(context), 0);
  return NEXT;
}

/** The one with index R[0], from 1; nil when there is none. */
function get(context: Context, registers: number): number {
  const index = integerAt(context, registers);
  if (index < 1 || index > extraCount(context)) writeNil(context, registers);
  else copyValue(context, registers, firstExtra(context) + (index - 1) * VALUE_SIZE);
  return NEXT;
}

/** Drops the first R[0]. */
function drop(context: Context, registers: number): number {
  const extra = extraCount(context);
  context.i32[context.frame + FRAME_EXTRA] = extra - Math.min(Math.max(integerAt(context, registers), 0), extra);
  return NEXT;
}

/** As many results as Lua's own stack could take. */
const MOST_RESULTS = 1_000_000;

/**
 * Makes room for `size` extra arguments in the place of those that are there: the registers move behind them. Returns
 * the word address of the first, or 0 with `context.failure`.
 */
function replace(context: Context, size: number): number {
  const base = context.i32[context.frame + FRAME_BASE];
  const first = base - extraCount(context) * VALUE_SIZE;
  const row = context.i32[context.frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  const words = context.program.functions[row + FUNCTION_WORDS];
  const newBase = first + size * VALUE_SIZE;
  charge(context, size + (words >> 4));
  if (context.stack + newBase + words > context.stackEnd) {
    const signal = growStack(context, newBase + words);
    if (signal !== RELOAD) {
      context.failure = signal;
      return 0;
    }
  }
  const { i32, stack } = context;
  i32.copyWithin(stack + newBase, stack + base, stack + base + words);
  i32.fill(0, stack + first, stack + newBase);
  i32[context.frame + FRAME_BASE] = newBase;
  i32[context.frame + FRAME_EXTRA] = size;
  return stack + first;
}

/** The elements R[1] to R[2] of the table R[0] become the extra arguments. */
function unpack(context: Context, registers: number): number {
  const table = context.i32[registers];
  const from = argument(registers, 1);
  const size = integerAt(context, argument(registers, 2)) - integerAt(context, from) + 1;
  if (size >= MOST_RESULTS) return raiseAtCaller(context, 'too many results to unpack');
  let low = context.i32[from];
  let top = context.i32[from + VALUE_HIGH];
  const first = replace(context, Math.max(size, 0));
  if (first === 0) return context.failure;
  for (let index = 0; index < size; index++) {
    const slot = getInteger(context, table, low, top);
    if (slot !== 0) copyValue(context, first + index * VALUE_SIZE, slot);
    low = (low + 1) | 0;
    if (low === 0) top = (top + 1) | 0;
  }
  return RELOAD;
}

/** The bytes R[1] to R[2] of the string R[0], counted as string.sub does, become the extra arguments. */
function bytes(context: Context, registers: number): number {
  const text = context.i32[registers];
  const length = stringLength(context, text);
  const from = startOf(integerAt(context, argument(registers, 1)), length);
  const to = endOf(integerAt(context, argument(registers, 2)), length);
  const size = Math.max(to - from + 1, 0);
  if (size >= MOST_RESULTS) return raiseAtCaller(context, 'string slice too long');
  const first = replace(context, size);
  if (first === 0) return context.failure;
  const start = stringStart(context, text) + from - 1;
  for (let index = 0; index < size; index++) {
    writeInteger(context, first + index * VALUE_SIZE, context.u8[start + index], 0);
  }
  return RELOAD;
}

/** A first position as Lua counts: from 1, negative ones from the end. */
export function startOf(position: number, length: number): number {
  if (position > 0) return position;
  return position === 0 ? 1 : Math.max(length + position + 1, 1);
}

/** The same for a last position. */
export function endOf(position: number, length: number): number {
  if (position > length) return length;
  return position >= 0 ? position : Math.max(length + position + 1, 0);
}

/** The string of the bytes that the extra arguments say, all integers from 0 to 255. */
function stringFromVarargs(context: Context, registers: number): number {
  const size = extraCount(context);
  charge(context, size / BYTES_AN_INSTRUCTION + size / 8);
  const first = firstExtra(context);
  const text = new Uint8Array(size);
  for (let index = 0; index < size; index++) text[index] = context.i32[first + index * VALUE_SIZE];
  return storeString(context, registers, text, 0, size);
}
