// Raising run-time errors of value code: the message with the position in front, put into HEADER.ERROR. The names of
// variables in messages come from the module's debug tables. How an error travels is in unwind.ts.
import type { Context } from './context';
import { areManyBytes, copyBytes } from './copy-job';
import { decodeA, decodeB } from './encoding';
import {
  FRAME_FUNCTION,
  FRAME_SIZE,
  FRAME_STATE,
  HEADER,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_TRUE,
  THREAD_FRAMES,
  VALUE_AUX,
  VALUE_TAG,
  WELL_KNOWN_STRINGS,
} from './layout';
import { METAFIELD_NAME, metamethodOf } from './metatables';
import { ValueOp } from './opcode-numbers';
import { FUNCTION_PLACE, FUNCTION_ROW_SHIFT, FUNCTION_START } from './program';
import { MEMORY, THROW } from './signals';
import { definitionOf, lineAt } from './stack-trace';
import { newLongString, newString, stringLength, stringStart, stringTag } from './strings';
import { encodeUtf8 } from './utf8';
import { instructionOf, runAgain } from './value-frame';
import { copyValue, writeReference } from './values';

/** HEADER.ERROR's AUX word: no message handler is called for this error. */
export const ERROR_UNHANDLED = 1;
/** The same: it is no error, but the guest's wish to end, which nothing catches (uncaught.ts). */
export const ERROR_EXITS = 2;

/** A piece of a message: text of ours, or bytes of the guest's. */
type Piece = string | Uint8Array;

/** Bytes of a guest's own words (`__name`) that a message quotes. */
const LONGEST_QUOTE = 200;

/** Raises the value at `slot`. */
export function raiseValue(context: Context, slot: number): number {
  copyValue(context, HEADER.ERROR, slot);
  context.i32[HEADER.ERROR + VALUE_AUX] = 0;
  return THROW;
}

/** Raises "not enough memory", which needs none. Message handlers are not called for it: they would need some. */
export function raiseMemoryError(context: Context): number {
  context.memoryRefusals++;
  return raiseWellKnown(context, 'not enough memory');
}

/** Whether the error that is being raised is the machine's own "not enough memory". */
export function isMemoryError(context: Context): boolean {
  const i32 = context.i32;
  const text = i32[HEADER.STRINGS_WELL_KNOWN + WELL_KNOWN_STRINGS.indexOf('not enough memory')];
  return i32[HEADER.ERROR + VALUE_AUX] === ERROR_UNHANDLED && i32[HEADER.ERROR] === text;
}

/** Raises one of the strings that every heap has, without calling a handler. */
export function raiseWellKnown(context: Context, text: (typeof WELL_KNOWN_STRINGS)[number]): number {
  const address = context.i32[HEADER.STRINGS_WELL_KNOWN + WELL_KNOWN_STRINGS.indexOf(text)];
  writeReference(context, HEADER.ERROR, TAG_SHORT_STRING, address);
  context.i32[HEADER.ERROR + VALUE_AUX] = ERROR_UNHANDLED;
  return THROW;
}

/** Raises a text as it is; without memory for it "not enough memory", at once. */
export function raiseText(context: Context, ...pieces: readonly Piece[]): number {
  const signal = tryRaiseText(context, ...pieces);
  return signal === MEMORY ? raiseMemoryError(context) : signal;
}

/** Raises a text as it is. THROW; or MEMORY or TRAP, and nothing has changed: an intrinsic is run again with that answer. */
export function tryRaiseText(context: Context, ...pieces: readonly Piece[]): number {
  const bytes = joinPieces(pieces);
  const address = newString(context, bytes, 0, bytes.length);
  if (address === 0) return context.failure;
  writeReference(context, HEADER.ERROR, stringTag(bytes.length), address);
  context.i32[HEADER.ERROR + VALUE_AUX] = 0;
  return THROW;
}

/**
 * Raises a text with the position of the current instruction in front. Without memory for it the instruction is run again,
 * after a collection, unless it stands in the middle.
 */
export function raise(context: Context, ...pieces: readonly Piece[]): number {
  const signal = tryRaiseText(context, positionOf(context, 0), ...pieces);
  if (signal !== MEMORY) return signal;
  const { frame } = context;
  if (context.i32[frame + FRAME_STATE] !== 0) return raiseMemoryError(context);
  return runAgain(context, instructionOf(context, frame), MEMORY);
}

/** Raises the string at `slot` with a position in front. Answers as tryRaiseText. */
export function raiseWithPosition(context: Context, position: string, slot: number): number {
  const length = stringLength(context, context.i32[slot]);
  if (!areManyBytes(length)) {
    const start = stringStart(context, context.i32[slot]);
    context.fuel = (context.fuel - (length >>> 5)) | 0;
    return tryRaiseText(context, position, context.u8.slice(start, start + length));
  }
  const front = encodeUtf8(position);
  const address = newLongString(context, front.length + length);
  if (address === 0) return context.failure;
  const target = stringStart(context, address);
  context.u8.set(front, target);
  copyBytes(context, target + front.length, stringStart(context, context.i32[slot]), length);
  writeReference(context, HEADER.ERROR, TAG_LONG_STRING, address);
  context.i32[HEADER.ERROR + VALUE_AUX] = 0;
  return THROW;
}

function joinPieces(pieces: readonly Piece[]): Uint8Array {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? encodeUtf8(piece) : piece));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * "file:line: " of the frame `level` calls below the current one (0 is the current one); "" for typed and library code,
 * which has no place in the guest's source, and below the last frame.
 */
export function positionOf(context: Context, level: number): string {
  const frame = context.frame - level * FRAME_SIZE;
  if (level < 0 || frame <= context.i32[context.thread + THREAD_FRAMES]) return '';
  const index = context.i32[frame + FRAME_FUNCTION];
  if (index >>> 0 >= context.program.functionCount || isLibrary(context, index)) return '';
  const { module, definition } = definitionOf(context.program, index);
  const { debug } = definition;
  const pc = instructionOf(context, frame) - context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  const line = debug.lines.length === 0 ? -1 : lineAt(debug.lines, pc);
  return `${module.sources[debug.source] ?? '?'}:${line}: `;
}

/** Whether a function belongs to a module before the entry's: those of the languages' libraries. */
export function isLibrary(context: Context, index: number): boolean {
  return context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE] < firstGuestPlace(context);
}

/** FUNCTION_PLACE of the first function of the entry's module: those of the libraries are below. */
export function firstGuestPlace(context: Context): number {
  const { functions, entry } = context.program;
  return entry < 0 ? 0 : functions[(entry << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE] & -0x10000;
}

/** The name of a value's type for messages: its metatable's `__name` if that is a string. */
export function typeNameOf(context: Context, slot: number): Piece {
  const { i32 } = context;
  const tag = i32[slot + VALUE_TAG];
  if (tag >= TAG_TABLE) {
    const name = metamethodOf(context, slot, METAFIELD_NAME);
    if (name !== 0 && (i32[name + VALUE_TAG] === TAG_SHORT_STRING || i32[name + VALUE_TAG] === TAG_LONG_STRING)) {
      const start = stringStart(context, i32[name]);
      return context.u8.slice(start, start + Math.min(stringLength(context, i32[name]), LONGEST_QUOTE));
    }
  }
  return basicTypeName(tag);
}

/** The name of the type of values with this tag. */
export function basicTypeName(tag: number): string {
  if (tag === TAG_NIL) return 'nil';
  if (tag === TAG_FALSE || tag === TAG_TRUE) return 'boolean';
  if (tag === TAG_INTEGER || tag === TAG_FLOAT) return 'number';
  if (tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING) return 'string';
  return ['table', 'function', 'thread', 'userdata'][tag - TAG_TABLE] ?? 'no value';
}

/** " (local 'x')" of a register of the current instruction, or "". */
export function describeRegister(context: Context, register: number): string {
  const index = context.i32[context.frame + FRAME_FUNCTION];
  if (isLibrary(context, index)) return '';
  const { debug } = definitionOf(context.program, index).definition;
  const pc = currentPc(context, index);
  const operand = debug.operands.find((name) => name.pc === pc && name.register === register);
  if (operand !== undefined) return ` (${operand.kind} '${operand.name}')`;
  const local = debug.locals.find((name) => name.register === register && name.start <= pc && pc < name.end);
  return local === undefined ? '' : ` (local '${local.name}')`;
}

/** The name of the local variable in a register of the current instruction or about to be. */
export function localNameOf(context: Context, register: number): string {
  const index = context.i32[context.frame + FRAME_FUNCTION];
  const pc = currentPc(context, index);
  const { locals } = definitionOf(context.program, index).definition.debug;
  const found = locals.find((local) => local.register === register && local.start <= pc + 1 && pc < local.end);
  return found?.name ?? '(for state)';
}

/** " (upvalue 'x')" of an upvalue of the current function, or "". */
export function describeUpvalue(context: Context, upvalue: number): string {
  const index = context.i32[context.frame + FRAME_FUNCTION];
  if (isLibrary(context, index)) return '';
  const name = definitionOf(context.program, index).definition.upvalues[upvalue]?.name;
  return name === undefined || name === '' ? '' : ` (upvalue '${name}')`;
}

function currentPc(context: Context, index: number): number {
  return (
    instructionOf(context, context.frame) - context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START]
  );
}

/** "attempt to OPERATION a TYPE value (local 'x')": `variable` is from describeRegister. */
export function raiseTypeError(context: Context, operation: string, slot: number, variable: string): number {
  return raise(context, `attempt to ${operation} a `, typeNameOf(context, slot), ` value${variable}`);
}

/** What is to be closed at `slot` has no `__close` any more. Raised at once, for no instruction asks. */
export function raiseCloseError(context: Context, slot: number): number {
  const type = typeNameOf(context, slot);
  return raiseText(context, positionOf(context, 0), 'attempt to call a ', type, " value (metamethod 'close')");
}

/** Raised at once: whoever has no room for a call may be in the middle of anything. */
export function raiseStackOverflow(context: Context): number {
  return raiseText(context, positionOf(context, 0), 'stack overflow');
}

/** An attempt to index what the instruction `ins` indexes: the value at `slot`. */
export function raiseIndexError(context: Context, ins: number, slot: number): number {
  return raiseTypeError(context, 'index', slot, describeIndexed(context, ins));
}

function describeIndexed(context: Context, ins: number): string {
  switch (ins & 255) {
    case ValueOp.GET_UPVALUE_FIELD:
      return describeUpvalue(context, decodeB(ins));
    case ValueOp.SET_UPVALUE_FIELD:
      return describeUpvalue(context, decodeA(ins));
    case ValueOp.GET_TABLE:
    case ValueOp.GET_FIELD:
    case ValueOp.GET_INDEX:
    case ValueOp.SELF:
      return describeRegister(context, decodeB(ins));
    default:
      return describeRegister(context, decodeA(ins));
  }
}

/** What the instruction `ins` calls when it calls a value of its own registers, else the metamethod that it needs. */
export function describeCallee(context: Context, ins: number): string {
  switch (ins & 255) {
    case ValueOp.CALL:
    case ValueOp.TAIL_CALL:
    case ValueOp.GENERIC_FOR_CALL:
      return describeRegister(context, decodeA(ins));
    case ValueOp.PROTECTED_CALL:
      return '';
    default: {
      const name = metamethodNameOf(ins);
      return isLibrary(context, context.i32[context.frame + FRAME_FUNCTION]) ? '' : ` (metamethod '${name}')`;
    }
  }
}

/** The metamethod that an instruction may call, without its underscores. */
export function metamethodNameOf(ins: number): string {
  const op = ins & 255;
  if (op >= ValueOp.ADD && op <= ValueOp.SHR) return WELL_KNOWN_STRINGS[8 + op - ValueOp.ADD]!.slice(2);
  if (op >= ValueOp.ADD_K && op <= ValueOp.SHR_K) return WELL_KNOWN_STRINGS[8 + op - ValueOp.ADD_K]!.slice(2);
  return OTHER_METAMETHODS.get(op) ?? '?';
}

const OTHER_METAMETHODS: ReadonlyMap<number, string> = new Map([
  [ValueOp.GET_UPVALUE_FIELD, 'index'],
  [ValueOp.GET_TABLE, 'index'],
  [ValueOp.GET_FIELD, 'index'],
  [ValueOp.GET_INDEX, 'index'],
  [ValueOp.SELF, 'index'],
  [ValueOp.SET_UPVALUE_FIELD, 'newindex'],
  [ValueOp.SET_TABLE, 'newindex'],
  [ValueOp.SET_FIELD, 'newindex'],
  [ValueOp.SET_INDEX, 'newindex'],
  [ValueOp.ADD_LEFT_K, 'add'],
  [ValueOp.SUB_LEFT_K, 'sub'],
  [ValueOp.MUL_LEFT_K, 'mul'],
  [ValueOp.DIV_LEFT_K, 'div'],
  [ValueOp.ADD_IMM, 'add'],
  [ValueOp.SUB_IMM, 'sub'],
  [ValueOp.NEGATE, 'unm'],
  [ValueOp.BNOT, 'bnot'],
  [ValueOp.LENGTH, 'len'],
  [ValueOp.CONCAT, 'concat'],
  [ValueOp.JUMP_EQ, 'eq'],
  [ValueOp.JUMP_LT, 'lt'],
  [ValueOp.JUMP_LT_IMM, 'lt'],
  [ValueOp.JUMP_GT_IMM, 'lt'],
  [ValueOp.JUMP_LT_K, 'lt'],
  [ValueOp.JUMP_GT_K, 'lt'],
  [ValueOp.JUMP_LE, 'le'],
  [ValueOp.JUMP_LE_IMM, 'le'],
  [ValueOp.JUMP_GE_IMM, 'le'],
  [ValueOp.JUMP_LE_K, 'le'],
  [ValueOp.JUMP_GE_K, 'le'],
  [ValueOp.CLOSE, 'close'],
  [ValueOp.RETURN, 'close'],
  [ValueOp.RETURN_ONE, 'close'],
  [ValueOp.RETURN_NONE, 'close'],
]);
