// Begins an execution: a fresh context of a program, the arguments converted to what the entry takes, its frame pushed.
import type { Context } from './context';
import { CrossingError, type HostValue, type TextCodec } from './host-values';
import { entryArguments, startEntry } from './image';
import { HEADER, TAG_TABLE, TYPED_REGISTER_WORDS, VALUE_LOW, VALUE_SIZE } from './layout';
import type { Signature, ValueType } from './module';
import { floatToBits, storeDouble } from './numbers/float';
import {
  FLAG_VALUE,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_SIGNATURE,
  FUNCTION_WORDS,
  type Program,
} from './program';
import { newString } from './strings';
import { hasJob, insertInTurns, jobInTurns, newTableInTurns } from './table-job';
import { findOrInsertInteger, findOrInsertShortString } from './tables';
import { writeValue } from './value-writer';
import { copyValue, writeReference } from './values';

/** Whether the program begins in a function of the value family. */
export function hasValueEntry(program: Program): boolean {
  return (program.functions[(program.entry << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] & FLAG_VALUE) !== 0;
}

/** Types of a typed entry; null for a value entry without a declared signature. */
export function entrySignature(program: Program): Signature | null {
  const index = program.functions[(program.entry << FUNCTION_ROW_SHIFT) + FUNCTION_SIGNATURE];
  return index < 0 ? null : program.signatures[index]!;
}

/**
 * Pushes the entry's frame with its arguments. A value entry takes any values, and finds them in the global table `arg`
 * too, whose element 0 is `name`; a typed one takes a number for each parameter. Yields when the fuel is used up. False
 * when memory does not suffice; throws CrossingError for arguments that do not fit the signature.
 */
export function* enter(
  context: Context,
  args: readonly HostValue[],
  name: string,
  text: TextCodec,
): Generator<undefined, boolean, unknown> {
  if (!hasValueEntry(context.program)) return enterTyped(context, args);
  return yield* enterValue(context, args, name, text);
}

function* enterValue(
  context: Context,
  args: readonly HostValue[],
  name: string,
  text: TextCodec,
): Generator<undefined, boolean, unknown> {
  if (!(yield* reserveStackInTurns(context, args.length))) return false;
  for (let index = 0; index < args.length; index++) {
    const slot = entryArguments(context) + index * VALUE_SIZE;
    if (!(yield* writeValue(context, slot, args[index]!, text))) return false;
  }
  if (!(yield* setArgumentTable(context, args.length, name, text))) return false;
  return startEntry(context, args.length);
}

/** Makes room for the arguments, and for the entry's frame above them. */
function* reserveStackInTurns(context: Context, count: number): Generator<undefined, boolean, unknown> {
  const { functions, entry } = context.program;
  const words = (2 * count + 2) * VALUE_SIZE + functions[(entry << FUNCTION_ROW_SHIFT) + FUNCTION_WORDS];
  while (!context.reserveStack(words)) {
    if (!hasJob(context) || !(yield* jobInTurns(context))) return false;
  }
  return true;
}

/** Sets the global `arg` to a table of the arguments that were written. */
function* setArgumentTable(
  context: Context,
  count: number,
  name: string,
  text: TextCodec,
): Generator<undefined, boolean, unknown> {
  const bytes = text.encodeBriefly('arg');
  const key = newString(context, bytes, 0, bytes.length);
  if (key === 0) return false;
  const table = yield* newTableInTurns(context, count, 1);
  if (table === 0) return false;
  const globals = context.i32[HEADER.GLOBALS + VALUE_LOW];
  const slot = yield* insertInTurns(context, () => findOrInsertShortString(context, globals, key));
  if (slot === 0) return false;
  writeReference(context, slot, TAG_TABLE, table);
  for (let index = 0; index < count; index++) {
    const from = entryArguments(context) + index * VALUE_SIZE;
    const to = yield* insertInTurns(context, () => findOrInsertInteger(context, table, index + 1, 0));
    if (to === 0) return false;
    copyValue(context, to, from);
    context.fuel = (context.fuel - 1) | 0;
    if (context.fuel <= 0) yield undefined;
  }
  const zero = yield* insertInTurns(context, () => findOrInsertInteger(context, table, 0, 0));
  return zero !== 0 && (yield* writeValue(context, zero, name, text));
}

function enterTyped(context: Context, args: readonly HostValue[]): boolean {
  const params = entrySignature(context.program)?.params ?? [];
  if (params.length !== args.length) {
    const expected = `${params.length} number${params.length === 1 ? '' : 's'}`;
    throw new CrossingError('count', 'arguments', `the entry takes ${expected}, not ${args.length}`);
  }
  const numbers = params.map((type, index) => toNumber(args[index]!, type, `arguments[${index}]`));
  if (!startEntry(context, 0)) return false;
  numbers.forEach((number, index) => {
    writeRegister(context, entryArguments(context) + index * TYPED_REGISTER_WORDS, params[index]!, number);
  });
  return true;
}

const INTEGER = /^[+-]?(\d+|0[xX][0-9a-fA-F]+)$/;
const HEXADECIMAL = /^[+-]?0[xX][0-9a-fA-F]+$/;
const NUMERAL = /^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|Infinity)$|^NaN$/;

/** A number or its text as the parameter's type: integers as bigints, floats as numbers. Throws CrossingError. */
function toNumber(value: HostValue, type: ValueType, path: string): number | bigint {
  if (type === 'f32' || type === 'f64') {
    const number = typeof value === 'string' ? parseFloatText(value) : toPlainNumber(value);
    if (number === null) throw new CrossingError('kind', path, `a number (${type}) is expected`);
    return number;
  }
  const bits = type === 'i32' ? 32 : 64;
  const integer = toInteger(value);
  if (integer === null) throw new CrossingError('kind', path, `an integer (${type}) is expected`);
  if (BigInt.asIntN(bits, integer) !== integer && BigInt.asUintN(bits, integer) !== integer) {
    throw new CrossingError('range', path, `${integer} does not fit into ${type}`);
  }
  return integer;
}

function toPlainNumber(value: HostValue): number | null {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : null;
}

function parseFloatText(text: string): number | null {
  const trimmed = text.trim();
  if (HEXADECIMAL.test(trimmed)) return Number(parseInteger(trimmed));
  return NUMERAL.test(trimmed) ? Number(trimmed) : null;
}

function toInteger(value: HostValue): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : null;
  if (typeof value !== 'string' || !INTEGER.test(value.trim())) return null;
  return parseInteger(value.trim());
}

/** BigInt knows no sign in front of hexadecimal digits. */
function parseInteger(text: string): bigint {
  const magnitude = BigInt(text.replace(/^[+-]/, ''));
  return text.startsWith('-') ? -magnitude : magnitude;
}

function writeRegister(context: Context, register: number, type: ValueType, value: number | bigint): void {
  const { i32 } = context;
  if (typeof value === 'bigint') {
    i32[register] = Number(BigInt.asIntN(32, value));
    if (type === 'i64') i32[register + 1] = Number(BigInt.asIntN(32, value >> 32n));
  } else if (type === 'f32') i32[register] = floatToBits(value);
  else storeDouble(i32, register, value);
}
