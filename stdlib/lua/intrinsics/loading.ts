// The intrinsics of load: text becomes a closure. The compiler is the program's; it cannot stop in the middle, so it is paid for
// before it begins. Where there is a thread for it the guest waits while that compiles all but short texts, or decodes and verifies
// binary chunks, and while the host links what comes of it in steps (`compile` in vm/work.ts); it is loaded then in a short one.
import {
  type Chunk,
  COMPILE,
  COMPILED_AT_ONCE_BYTES,
  type Context,
  FAMILY,
  loadClosure,
  MAXIMUM_LOADED_BYTES,
  MAXIMUM_NAME_LENGTH,
  type Module,
  ModuleError,
  NEXT,
  stringLength,
  stringStart,
  TAG_CLOSURE,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { readDump } from './dumping';
import { argument, intrinsic, note, noted, OPEN, pay, returnValues, stopAt, storeText } from './support';

export const LOADING_INTRINSICS = [
  intrinsic('load_text', 3, OPEN, loadText),
  intrinsic('load_binary', 3, OPEN, loadBinary),
];

/** Instructions for compiling a text: about what it takes, at a byte in a microsecond. */
const LOAD_COST = 10_000;
const COST_PER_BYTE = 200;
/** Instructions for reading and verifying a byte of a binary chunk. */
const COST_PER_BINARY_BYTE = 50;

/**
 * Compiles the text R[0], called R[1] (as `load` has it), to a closure whose _ENV is R[2]; or nil and what is wrong with it.
 */
function loadText(context: Context, registers: number): number {
  const text = context.i32[registers];
  const length = stringLength(context, text);
  const name = chunkIdOf(context, context.i32[argument(registers, 1)]);
  if (length > MAXIMUM_LOADED_BYTES) {
    return refuse(context, registers, `${name}:1: chunk has ${length} bytes (limit is ${MAXIMUM_LOADED_BYTES})`);
  }
  if (!pay(context, LOAD_COST + COST_PER_BYTE * length)) return stopAt(context, noted(context));
  const named = { name, origin: originOf(context, context.i32[argument(registers, 1)]), isBinary: false };
  const compiled = isLong(context, length)
    ? compiledElsewhere(context, text, named)
    : (context.program.compiler?.({ ...named, source: bytesOf(context, text) }) ?? 'cannot load chunks');
  if (compiled === null) return COMPILE;
  if (typeof compiled === 'string') return refuse(context, registers, compiled);
  return makeClosure(context, registers, compiled);
}

/** Whether a text of so many bytes is compiled in another thread. */
function isLong(context: Context, length: number): boolean {
  return context.compilesElsewhere && length > COMPILED_AT_ONCE_BYTES;
}

/** What has come of a text that is compiled elsewhere, ready to be loaded; null: it is asked for. */
function compiledElsewhere(context: Context, text: number, named: Omit<Chunk, 'source'>): Module | string | null {
  const { compiled } = context;
  if (compiled === null || !isOf(context, text, named, compiled.chunk)) {
    context.wanted = { ...named, source: bytesOf(context, text) };
    return null;
  }
  const { chunk, result } = compiled;
  if (typeof result === 'string' || context.loading?.module === result) return result;
  context.wanted = chunk;
  return null;
}

/** Whether the chunk is of this text: a finaliser or a hook may have asked for another since. */
function isOf(context: Context, text: number, named: Omit<Chunk, 'source'>, chunk: Chunk): boolean {
  const { source, name, origin, isBinary } = chunk;
  if (name !== named.name || origin !== named.origin || isBinary !== named.isBinary) return false;
  const length = stringLength(context, text);
  if (source.length !== length) return false;
  const start = stringStart(context, text);
  const { i32, u8 } = context;
  const words = new Int32Array(source.buffer, 0, length >> 2);
  for (let index = 0; index < words.length; index++) if (words[index] !== i32[(start >> 2) + index]) return false;
  for (let index = length & ~3; index < length; index++) if (source[index] !== u8[start + index]) return false;
  return true;
}

function bytesOf(context: Context, text: number): Uint8Array {
  const start = stringStart(context, text);
  return context.u8.slice(start, start + stringLength(context, text));
}

/** Makes a closure of the binary chunk R[0], called R[1], whose first upvalue is R[2]; or nil and what is wrong with it. */
function loadBinary(context: Context, registers: number): number {
  const text = context.i32[registers];
  const length = stringLength(context, text);
  if (length > MAXIMUM_LOADED_BYTES) return refuseBinary(context, registers, `more than ${MAXIMUM_LOADED_BYTES} bytes`);
  if (!pay(context, LOAD_COST + COST_PER_BINARY_BYTE * length)) return stopAt(context, noted(context));
  const name = originOf(context, context.i32[argument(registers, 1)]);
  const read = isLong(context, length)
    ? compiledElsewhere(context, text, { name, origin: name, isBinary: true })
    : readDump(bytesOf(context, text));
  if (read === null) return COMPILE;
  return typeof read === 'string' ? refuseBinary(context, registers, read) : makeClosure(context, registers, read);
}

function refuseBinary(context: Context, registers: number, reason: string): number {
  const name = originOf(context, context.i32[argument(registers, 1)]);
  const shown = name.startsWith('\x1b') ? 'binary string' : name.replace(/^[@=]/, '');
  return refuse(context, registers, `${shown}: bad binary format (${reason})`);
}

/** A chunk's name as it was given; of a long one the beginning. */
function originOf(context: Context, name: number): string {
  const start = stringStart(context, name);
  const length = Math.min(stringLength(context, name), MAXIMUM_NAME_LENGTH);
  return decoder.decode(context.u8.slice(start, start + length));
}

function makeClosure(context: Context, registers: number, module: Module): number {
  try {
    const closure = loadClosure(context, module, argument(registers, 2));
    if (closure === 0) return context.failure;
    writeReference(context, registers, TAG_CLOSURE, closure);
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    return refuse(context, registers, error.message);
  }
  note(context, 0);
  context.compiled = null;
  returnValues(context, registers, 1);
  return FAMILY;
}

/** Returns nil and a message. */
function refuse(context: Context, registers: number, message: string): number {
  const signal = storeText(context, argument(registers, 1), message);
  if (signal !== NEXT) return signal;
  note(context, 0);
  context.compiled = null;
  writeNil(context, registers);
  return returnValues(context, registers, 2);
}

/** Characters of a chunk's name in messages, without the end of the text: as many as in C. */
const LONGEST_ID = 59;
const EQUALS = 0x3d;
const AT = 0x40;
const NEWLINE = 0x0a;
const decoder = new TextDecoder();

/** What messages call a chunk: the name behind "=" or "@", else the text's first line in brackets. */
function chunkIdOf(context: Context, name: number): string {
  const start = stringStart(context, name);
  const length = stringLength(context, name);
  const bytes = context.u8.subarray(start, start + length);
  const read = (from: number, to: number) => decoder.decode(bytes.slice(from, to));
  if (bytes[0] === EQUALS) return read(1, Math.min(length, LONGEST_ID + 1));
  if (bytes[0] === AT) {
    return length <= LONGEST_ID + 1 ? read(1, length) : `...${read(length - LONGEST_ID + 3, length)}`;
  }
  const line = bytes.subarray(0, LONGEST_ID + 1).indexOf(NEWLINE);
  const room = LONGEST_ID - '[string "..."]'.length;
  if (line < 0 && length <= room) return `[string "${read(0, length)}"]`;
  return `[string "${read(0, Math.min(line < 0 ? length : line, room))}..."]`;
}
