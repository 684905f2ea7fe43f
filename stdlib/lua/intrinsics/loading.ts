// The intrinsics of load: text becomes a closure. The compiler is the program's; it runs in one go, so it is paid for
// before it begins.
import {
  type Context,
  FAMILY,
  loadClosure,
  MAXIMUM_LOADED_BYTES,
  type Module,
  ModuleError,
  NEXT,
  stringLength,
  stringStart,
  TAG_CLOSURE,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { argument, charge, intrinsic, note, noted, OPEN, returnValues, stopAt, storeText } from './support';

export const LOADING_INTRINSICS = [intrinsic('load_text', 3, OPEN, loadText)];

/** Instructions for compiling a text: about what it takes, at a byte in a microsecond. */
const LOAD_COST = 10_000;
const COST_PER_BYTE = 200;
/** FRAME_STATE when all is paid; above it, what is left to pay. */
const PAID = 1;

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
  const start = stringStart(context, text);
  const compiled = context.program.compiler?.(context.u8.slice(start, start + length), name) ?? 'cannot load chunks';
  if (typeof compiled === 'string') return refuse(context, registers, compiled);
  return makeClosure(context, registers, compiled);
}

/** Pays what is left of `cost` as far as the fuel goes; whether all is paid. */
function pay(context: Context, cost: number): boolean {
  // A state below zero can only be a lie; taken for what is left it would never be paid.
  const left = noted(context) <= 0 ? cost : Math.min(noted(context) - PAID, cost);
  const paid = Math.max(0, Math.min(left, context.fuel));
  charge(context, paid);
  note(context, left - paid + PAID);
  return left === paid;
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
  returnValues(context, registers, 1);
  return FAMILY;
}

/** Returns nil and a message. */
function refuse(context: Context, registers: number, message: string): number {
  const signal = storeText(context, argument(registers, 1), message);
  if (signal !== NEXT) return signal;
  note(context, 0);
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
