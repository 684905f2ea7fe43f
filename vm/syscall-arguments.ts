// What a guest gives to a syscall, decoded and checked by the table's signature, for both families: this is the one place
// where it is believed or not. Bytes stay where they are (a range of the heap) until somebody takes them.
import type { Context } from './context';
import { Trap } from './errors';
import type { GuestValue, TextCodec } from './host-values';
import { readJson } from './json-text';
import {
  NULL_GUARD_BYTES,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_SHORT_STRING,
  TYPED_REGISTER_WORDS,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_REGISTER_WORDS,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_LIST_ELEMENTS, MAXIMUM_RECORD_NAMES, MAXIMUM_TRANSFER_BYTES } from './limits';
import { bitsToDouble } from './numbers/float';
import { stringLength, stringStart } from './strings';
import type { Syscall, SyscallParameter } from './syscalls';
import { textOfBytes } from './text-conversion';
import { basicTypeName } from './value-errors';
import { readValues } from './value-reader';

/** Bytes of the region. A class, so that no guest's data can be taken for one. */
export class HeapRange {
  constructor(
    readonly start: number,
    readonly length: number,
  ) {}
}

/** An argument: i32 and f64 a number, i64 a bigint, bytes a range, a buffer its capacity, json plain data. */
export type DecodedArgument = number | bigint | HeapRange | GuestValue;

/** Arguments that cannot be: a trap's number for typed code, an error's message for value code. */
export type ArgumentFault = { readonly trap: Trap } | { readonly message: string };

export interface DecodedArguments {
  readonly values: readonly DecodedArgument[];
  /** Where typed code wants the bytes of the answer. */
  readonly buffer: HeapRange | null;
}

/** A decoded call, or what is wrong with it. Yields when the fuel is used up. `registers`: the word address of R[a]. */
export function* decodeArguments(
  context: Context,
  syscall: Syscall,
  registers: number,
  isValue: boolean,
  text: TextCodec,
): Generator<undefined, DecodedArguments | ArgumentFault, unknown> {
  if (!isValue) return yield* decodeTyped(context, syscall, registers, text);
  return yield* decodeValues(context, syscall, registers, text);
}

export function isFault(decoded: DecodedArguments | ArgumentFault): decoded is ArgumentFault {
  return !('values' in decoded);
}

/** 1 for every 64 bytes begun. */
export function chargeBytes(context: Context, bytes: number): void {
  context.fuel = (context.fuel - ((bytes + 63) >>> 6)) | 0;
}

// --- typed code ---

function* decodeTyped(
  context: Context,
  syscall: Syscall,
  registers: number,
  text: TextCodec,
): Generator<undefined, DecodedArguments | ArgumentFault, unknown> {
  const { i32 } = context;
  const values: DecodedArgument[] = [];
  let buffer: HeapRange | null = null;
  let at = registers;
  for (const parameter of syscall.params) {
    if (parameter === 'bytes' || parameter === 'buffer' || parameter === 'json') {
      const range = windowRange(context, i32[at], i32[at + TYPED_REGISTER_WORDS]);
      if (range === null) return { trap: Trap.MEMORY_OUT_OF_BOUNDS };
      at += TYPED_REGISTER_WORDS;
      if (parameter === 'buffer') {
        buffer = range;
        values.push(Math.min(range.length, MAXIMUM_TRANSFER_BYTES));
      } else if (parameter === 'json') {
        const value = yield* parseJson(context, range, text, syscall.mostBytes[values.length]!, syscall.mostValues);
        if (value === undefined) return { trap: Trap.WRONG_ARGUMENT };
        values.push(value);
      } else values.push(range);
    } else values.push(typedNumber(i32[at], i32[at + 1], parameter));
    at += TYPED_REGISTER_WORDS;
  }
  return { values, buffer };
}

function typedNumber(low: number, high: number, parameter: 'i32' | 'i64' | 'f64'): number | bigint {
  if (parameter === 'i32') return low;
  return parameter === 'i64' ? toBigint(low, high) : bitsToDouble(low, high);
}

/** A range of the linear memory as one of the region; null when it is not all inside. */
function windowRange(context: Context, address: number, length: number): HeapRange | null {
  const from = address >>> 0;
  const size = length >>> 0;
  if (size === 0) return new HeapRange(0, 0);
  if (from < NULL_GUARD_BYTES || from + size > context.windowBytes) return null;
  return new HeapRange(context.window * 4 + from, size);
}

/** Undefined when it is no JSON text, or too large. */
function* parseJson(
  context: Context,
  { start, length }: HeapRange,
  text: TextCodec,
  mostBytes: number,
  mostValues: number,
): Generator<undefined, GuestValue | undefined, unknown> {
  if (length > mostBytes) return undefined;
  const bytes = (from: number, to: number) => context.u8.subarray(start + from, start + to);
  const json = yield* textOfBytes(context, length, bytes, text);
  return typeof json === 'string' ? yield* readJson(context, json, mostValues) : undefined;
}

// --- value code ---

function* decodeValues(
  context: Context,
  syscall: Syscall,
  registers: number,
  text: TextCodec,
): Generator<undefined, DecodedArguments | ArgumentFault, unknown> {
  const values: DecodedArgument[] = [];
  for (const parameter of syscall.params) {
    const slot = registers + values.length * VALUE_REGISTER_WORDS;
    if (parameter === 'json') {
      const bytes = syscall.mostBytes[values.length]!;
      const limits = {
        nodes: syscall.mostValues,
        bytes,
        elements: MAXIMUM_LIST_ELEMENTS,
        names: MAXIMUM_RECORD_NAMES,
      };
      const [value] = yield* readValues(context, [slot], text, 'arguments', limits);
      values.push(value!);
      continue;
    }
    const value = scalarOf(context, slot, parameter);
    if (typeof value === 'string') {
      return { message: `bad argument #${values.length + 1} to '${syscall.name}' (${value})` };
    }
    values.push(value);
  }
  return { values, buffer: null };
}

/** The argument in a slot, or in what it is wrong. */
function scalarOf(
  context: Context,
  slot: number,
  parameter: Exclude<SyscallParameter, 'json'>,
): number | bigint | HeapRange | string {
  const { i32 } = context;
  const tag = i32[slot + VALUE_TAG];
  if (parameter === 'bytes') {
    if (tag !== TAG_SHORT_STRING && tag !== TAG_LONG_STRING) return expected('string', tag);
    const address = i32[slot + VALUE_LOW];
    return new HeapRange(stringStart(context, address), stringLength(context, address));
  }
  if (tag !== TAG_INTEGER && tag !== TAG_FLOAT) return expected('number', tag);
  const low = i32[slot + VALUE_LOW];
  const high = i32[slot + VALUE_HIGH];
  if (parameter === 'f64') return tag === TAG_FLOAT ? bitsToDouble(low, high) : Number(toBigint(low, high));
  const value = tag === TAG_FLOAT ? integralOf(bitsToDouble(low, high)) : toBigint(low, high);
  if (value === null) return 'number has no integer representation';
  if (parameter === 'i64') return value;
  if (BigInt.asIntN(32, value) !== value) return 'number out of range';
  if (parameter === 'i32') return Number(value);
  return value < 0n ? 'number out of range' : Math.min(Number(value), MAXIMUM_TRANSFER_BYTES);
}

function expected(kind: string, tag: number): string {
  return `${kind} expected, got ${basicTypeName(tag)}`;
}

const HIGHEST = 2 ** 63;

function integralOf(value: number): bigint | null {
  return Math.floor(value) === value && value >= -HIGHEST && value < HIGHEST ? BigInt(value) : null;
}

function toBigint(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}
