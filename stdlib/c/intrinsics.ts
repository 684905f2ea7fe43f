// The C library's intrinsics: mathematics, and formatting and parsing of floating numbers, on the machine's registers
// and linear memory. The work of each is bounded and charged before it is done, so none has to be resumed.
import {
  acos,
  asin,
  atan,
  atan2,
  type Context,
  cbrt,
  consumed,
  cos,
  cosh,
  exp,
  exp2,
  expm1,
  floatParseWork,
  floatTextSize,
  floatTextWork,
  floatToBits,
  fmod,
  frexpExponent,
  frexpFraction,
  hypot,
  type Intrinsic,
  ldexp,
  log,
  log1p,
  log2,
  log10,
  NEXT,
  NULL_GUARD_BYTES,
  parseDouble,
  parseFloat32,
  pow,
  sin,
  sinh,
  storeDouble,
  TRAP,
  Trap,
  TYPED_REGISTER_WORDS,
  tan,
  tanh,
  writeFloat,
} from '../../vm/index';
import { JUMP_INTRINSICS } from './jumps';

/** Instructions charged for a mathematical function: what the slowest takes in loop iterations of the machine. */
const FUNCTION_COST = 20;

/** The C library's intrinsics, for the linker. */
export const C_INTRINSICS: readonly Intrinsic[] = [
  ...Object.entries({ acos, asin, atan, cos, sin, tan, cosh, sinh, tanh }).map(unary),
  ...Object.entries({ exp, exp2, expm1, log, log2, log10, log1p, cbrt }).map(unary),
  unary(['frexp_fraction', frexpFraction]),
  ...Object.entries({ atan2, pow, fmod, hypot }).map(binary),
  ...JUMP_INTRINSICS,
  { name: 'c.ldexp', parameters: 2, results: 1, run: runScale },
  { name: 'c.frexp_exponent', parameters: 1, results: 1, run: runExponent },
  { name: 'c.format_double', parameters: 5, results: 1, run: runFormat },
  { name: 'c.parse_double', parameters: 3, results: 1, run: (context, at) => runParse(context, at, false) },
  { name: 'c.parse_float', parameters: 3, results: 1, run: (context, at) => runParse(context, at, true) },
];

/** Word address of register `index` of the run that begins at `registers`. */
function register(registers: number, index: number): number {
  return registers + index * TYPED_REGISTER_WORDS;
}

function readDouble(context: Context, word: number): number {
  return context.f64[word >>> 1];
}

function unary([name, compute]: [string, (x: number) => number]): Intrinsic {
  const run = (context: Context, at: number): number => {
    context.fuel -= FUNCTION_COST;
    storeDouble(context.i32, at, compute(readDouble(context, at)));
    return NEXT;
  };
  return { name: `c.${name}`, parameters: 1, results: 1, run };
}

function binary([name, compute]: [string, (x: number, y: number) => number]): Intrinsic {
  const run = (context: Context, at: number): number => {
    context.fuel -= FUNCTION_COST;
    storeDouble(context.i32, at, compute(readDouble(context, at), readDouble(context, register(at, 1))));
    return NEXT;
  };
  return { name: `c.${name}`, parameters: 2, results: 1, run };
}

function runScale(context: Context, at: number): number {
  context.fuel -= FUNCTION_COST;
  storeDouble(context.i32, at, ldexp(readDouble(context, at), context.i32[register(at, 1)]));
  return NEXT;
}

function runExponent(context: Context, at: number): number {
  context.fuel -= FUNCTION_COST;
  context.i32[at] = frexpExponent(readDouble(context, at));
  return NEXT;
}

/** Whether `length` bytes at `address` lie in the linear memory; sets the trap otherwise. */
function isMapped(context: Context, address: number, length: number): boolean {
  const isInside = address >= NULL_GUARD_BYTES && length >= 0 && address + length <= context.windowBytes;
  if (!isInside) context.trap = Trap.MEMORY_OUT_OF_BOUNDS;
  return isInside;
}

/** Most digits asked for at a time: the library adds further zeros itself. */
const MOST_PRECISION = 1100;

/** c.format_double(address, value, conversion, precision, alternate): the number of bytes written. */
function runFormat(context: Context, at: number): number {
  const { i32 } = context;
  const address = i32[at] >>> 0;
  const value = readDouble(context, register(at, 1));
  const conversion = i32[register(at, 2)];
  const precision = Math.max(-1, Math.min(MOST_PRECISION, i32[register(at, 3)]));
  const isAlternate = i32[register(at, 4)] !== 0;
  if (!isMapped(context, address, floatTextSize(value, conversion, precision))) return TRAP;
  context.fuel -= floatTextWork(value, conversion, precision);
  const start = context.window * 4 + address;
  i32[at] = writeFloat(context.u8, start, value, conversion, precision, isAlternate);
  return NEXT;
}

/** c.parse_double(address, length, address of an int that gets the number of bytes used): the value. */
function runParse(context: Context, at: number, isSingle: boolean): number {
  const { i32, u8 } = context;
  const address = i32[at] >>> 0;
  const length = i32[register(at, 1)];
  const result = i32[register(at, 2)] >>> 0;
  if (!isMapped(context, address, length) || !isMapped(context, result, 4)) return TRAP;
  context.fuel -= floatParseWork(length);
  const start = context.window * 4 + address;
  const value = isSingle ? parseFloat32(u8, start, start + length) : parseDouble(u8, start, start + length);
  for (let byte = 0; byte < 4; byte++) u8[context.window * 4 + result + byte] = consumed >>> (8 * byte);
  if (isSingle) i32[at] = floatToBits(value);
  else storeDouble(i32, at, value);
  return NEXT;
}
