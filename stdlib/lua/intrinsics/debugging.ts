// Intrinsics of the debug library: what a function may know and change of its own closures and calls. Library functions
// stand for C's: nothing inside them is shown.
import {
  CLOSURE_FUNCTION,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  type Context,
  copyValue,
  definitionOf,
  FRAME_CLOSURE,
  FRAME_FUNCTION,
  HEADER,
  isLibrary,
  isPartFunction,
  lineAt,
  metatableOf,
  NEXT,
  registerFinaliser,
  TABLE_METATABLE,
  TAG_CLOSURE,
  TAG_NIL,
  TAG_TABLE,
  TAG_USERDATA,
  THREAD_FRAMES,
  UPVALUE_POINTER,
  writeBoolean,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { isHelper, raiseArgumentType } from './argument-errors';
import { isNative, isTailCalled, type Level, levelAt, nameOf, pcOf, transferOf } from './debug-frames';
import { originOf } from './dumping';
import { argument, integerAt, intrinsic, storeText, tagOf, wakeTable } from './support';

export const DEBUG_INTRINSICS = [
  intrinsic('debug_info', 15, 15, info),
  intrinsic('debug_line', 2, 2, line),
  intrinsic('debug_upvalue', 2, 2, upvalue),
  intrinsic('debug_set_upvalue', 3, 1, setUpvalue),
  intrinsic('debug_join', 4, 1, join),
  intrinsic('debug_getmetatable', 1, 1, getMetatable),
  intrinsic('debug_setmetatable', 2, 1, setMetatable),
  intrinsic('debug_registry', 0, 1, registry),
  intrinsic('check_userdata', 2, 1, checkUserdata),
];

/** What `info` leaves: R[0] the function, or nil where there is no such level; then the fields of getinfo. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Field {
  SOURCE = 1,
  SHORT_SOURCE,
  LINE_DEFINED,
  LAST_LINE_DEFINED,
  WHAT,
  CURRENT_LINE,
  NAME,
  NAME_WHAT,
  UPVALUES,
  PARAMETERS,
  IS_VARARG,
  IS_TAIL_CALL,
  FIRST_TRANSFERRED,
  TRANSFERRED,
}

/** R[0]: a function, or a level of the thread R[1] (nil: this one, whose level 0 is the caller of the intrinsic). */
function info(context: Context, registers: number): number {
  const { i32, program, mask } = context;
  const isFunction = tagOf(context, registers) === TAG_CLOSURE;
  const level = isFunction ? null : levelAt(context, argument(registers, 1), integerAt(context, registers));
  const index = isFunction
    ? i32[(i32[registers] + CLOSURE_FUNCTION) & mask]
    : level === null
      ? -1
      : i32[level.frame + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount) {
    writeNil(context, registers);
    return NEXT;
  }
  const signal = describeFunction(context, registers, index) || describeLevel(context, registers, index, level);
  if (signal !== NEXT || level === null) return signal;
  if (definitionOf(program, index).definition.family === 'typed') writeBoolean(context, registers, false);
  else writeReference(context, registers, TAG_CLOSURE, context.i32[level.frame + FRAME_CLOSURE]);
  return NEXT;
}

function write(context: Context, registers: number, field: Field, value: number): void {
  writeInteger(context, argument(registers, field), value, value >> 31);
}

/** The fields that are the function's own. */
function describeFunction(context: Context, registers: number, index: number): number {
  const { module, definition } = definitionOf(context.program, index);
  const { debug } = definition;
  const isHidden = isNative(context, index);
  const isMain = debug.line === 0;
  const file = module.sources[debug.source] ?? '?';
  const at = (field: Field) => argument(registers, field);
  const signal =
    storeText(context, at(Field.SOURCE), isHidden ? '=[C]' : originOf(context, index)) ||
    storeText(context, at(Field.SHORT_SOURCE), isHidden ? '[C]' : file) ||
    storeText(context, at(Field.WHAT), isHidden ? 'C' : isMain ? 'main' : 'Lua');
  if (signal !== NEXT) return signal;
  write(context, registers, Field.LINE_DEFINED, isHidden ? -1 : debug.line);
  write(context, registers, Field.LAST_LINE_DEFINED, isHidden ? -1 : isMain ? 0 : debug.lastLine);
  write(context, registers, Field.PARAMETERS, isHidden ? 0 : definition.parameterCount);
  writeBoolean(context, at(Field.IS_VARARG), isHidden || definition.isVararg);
  const isClosure = tagOf(context, registers) === TAG_CLOSURE;
  const shown = isClosure ? shownUpvalues(context, context.i32[registers]) : 0;
  write(context, registers, Field.UPVALUES, isHidden ? shown : definition.upvalues.length);
  return NEXT;
}

/** The fields that only a level has. */
function describeLevel(context: Context, registers: number, index: number, level: Level | null): number {
  const at = (field: Field) => argument(registers, field);
  const name = level === null ? null : nameOf(context, level);
  const { lines } = definitionOf(context.program, index).definition.debug;
  const isLineKnown = level !== null && !isNative(context, index) && lines.length > 0;
  write(context, registers, Field.CURRENT_LINE, isLineKnown ? lineAt(lines, pcOf(context, level)) : -1);
  const transfer = level === null ? { first: 0, count: 0 } : transferOf(context, level);
  write(context, registers, Field.FIRST_TRANSFERRED, transfer.first);
  write(context, registers, Field.TRANSFERRED, transfer.count);
  writeBoolean(context, at(Field.IS_TAIL_CALL), level !== null && isTailCalled(context, level));
  writeNil(context, at(Field.NAME));
  const signal = name === null ? NEXT : storeText(context, at(Field.NAME), name.name);
  return signal || storeText(context, at(Field.NAME_WHAT), isHidden(context, level) ? HELPER : (name?.kind ?? ''));
}

/** What stands in the place of a name's kind for a function that a library function has called itself. */
const HELPER = 'helper';

function isHidden(context: Context, level: Level | null): boolean {
  return level !== null && isHelper(context, level.frame, context.i32[level.thread + THREAD_FRAMES]);
}

/** Entry R[1] (from 0) of the lines at which the function R[0] has instructions: the next entry, or nil, and the line. */
function line(context: Context, registers: number): number {
  const { i32, mask, program } = context;
  const index = i32[(i32[registers] + CLOSURE_FUNCTION) & mask];
  const entry = integerAt(context, argument(registers, 1));
  const isKnown = index >>> 0 < program.functionCount && !isNative(context, index);
  const found = isKnown ? definitionOf(program, index).definition.debug.lines[entry] : undefined;
  if (found === undefined) writeNil(context, registers);
  else {
    writeInteger(context, registers, entry + 1, 0);
    writeInteger(context, argument(registers, 1), found.line, 0);
  }
  return NEXT;
}

/** Word address of upvalue R[index] (from 1) of the closure at `slot`, if it is one of the guest's own; else 0. */
function upvalueAt(context: Context, slot: number, number: number): number {
  return isOwnClosure(context, slot) ? anyUpvalueAt(context, slot, number) : 0;
}

function isOwnClosure(context: Context, slot: number): boolean {
  const index = context.i32[(context.i32[slot] + CLOSURE_FUNCTION) & context.mask];
  return (
    tagOf(context, slot) === TAG_CLOSURE && index >>> 0 < context.program.functionCount && !isLibrary(context, index)
  );
}

/** How many upvalues a closure shows: those of the library's functions are their own business, not those of closures that
 * they have made. */
function shownUpvalues(context: Context, closure: number): number {
  const { i32, mask, program } = context;
  const isShared = closure < i32[HEADER.IMAGE_END] || isPartFunction(program, i32[(closure + CLOSURE_FUNCTION) & mask]);
  return isShared ? 0 : Math.max(0, context.i32[(closure + CLOSURE_UPVALUE_COUNT) & context.mask]);
}

/** The same of any closure: also of those that library functions have made. */
function anyUpvalueAt(context: Context, slot: number, number: number): number {
  const { i32, mask } = context;
  if (tagOf(context, slot) !== TAG_CLOSURE) return 0;
  const closure = i32[slot] & mask;
  const count = isOwnClosure(context, slot)
    ? i32[(closure + CLOSURE_UPVALUE_COUNT) & mask]
    : shownUpvalues(context, closure);
  return number >= 1 && number <= count ? (closure + CLOSURE_UPVALUES + number - 1) & mask : 0;
}

/** R[0] is the name of upvalue R[1] of the function R[0], or nil; R[1] its value. */
function upvalue(context: Context, registers: number): number {
  const { i32, mask } = context;
  const number = integerAt(context, argument(registers, 1));
  const place = anyUpvalueAt(context, registers, number);
  if (place === 0) {
    writeNil(context, registers);
    return NEXT;
  }
  if (!isOwnClosure(context, registers)) {
    writeNil(context, argument(registers, 1));
    return storeText(context, registers, '');
  }
  const { definition } = definitionOf(context.program, i32[(i32[registers] + CLOSURE_FUNCTION) & mask]);
  const value = i32[(i32[place] + UPVALUE_POINTER) & mask] & mask & -4;
  const signal = storeText(context, registers, definition.upvalues[number - 1]?.name || '(no name)');
  if (signal === NEXT) copyValue(context, argument(registers, 1), value);
  return signal;
}

/** Upvalue R[1] of the function R[0] becomes R[2]; R[0] is its name or nil. */
function setUpvalue(context: Context, registers: number): number {
  const { i32, mask } = context;
  const number = integerAt(context, argument(registers, 1));
  const place = upvalueAt(context, registers, number);
  if (place === 0) {
    writeNil(context, registers);
    return NEXT;
  }
  const { definition } = definitionOf(context.program, i32[(i32[registers] + CLOSURE_FUNCTION) & mask]);
  const signal = storeText(context, registers, definition.upvalues[number - 1]?.name || '(no name)');
  if (signal === NEXT) {
    copyValue(context, context.i32[(context.i32[place] + UPVALUE_POINTER) & mask] & mask & -4, argument(registers, 2));
  }
  return signal;
}

/** Upvalue R[1] of R[0] becomes the same variable as upvalue R[3] of R[2]; with R[2] nil only looks: R[0] is its number. */
function join(context: Context, registers: number): number {
  const { i32 } = context;
  const isLook = tagOf(context, argument(registers, 2)) === TAG_NIL;
  const find = isLook ? anyUpvalueAt : upvalueAt;
  const place = find(context, registers, integerAt(context, argument(registers, 1)));
  if (place === 0) writeNil(context, registers);
  else if (isLook) writeInteger(context, registers, i32[place] * 4, 0);
  else {
    const other = upvalueAt(context, argument(registers, 2), integerAt(context, argument(registers, 3)));
    if (other === 0) writeNil(context, registers);
    else {
      i32[place] = i32[other];
      writeBoolean(context, registers, true);
    }
  }
  return NEXT;
}

function getMetatable(context: Context, registers: number): number {
  const signal = wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const metatable = metatableOf(context, registers);
  if (metatable === 0) writeNil(context, registers);
  else writeReference(context, registers, TAG_TABLE, metatable);
  return NEXT;
}

/** Sets the metatable of R[0], or of all values of its type, to R[1], whatever it was. */
function setMetatable(context: Context, registers: number): number {
  const metatable = argument(registers, 1);
  const tag = tagOf(context, metatable);
  if (tag !== TAG_TABLE && tag !== TAG_NIL) return raiseArgumentType(context, 2, metatable, 'nil or table');
  const signal = wakeTable(context, registers);
  if (signal !== NEXT) return signal;
  const { i32 } = context;
  const address = tag === TAG_NIL ? 0 : i32[metatable];
  const kind = tagOf(context, registers);
  if (kind === TAG_TABLE) {
    const registered = registerFinaliser(context, i32[registers], address);
    if (registered !== NEXT) return registered;
    context.i32[(context.i32[registers] + TABLE_METATABLE) & context.mask] = address;
    return NEXT;
  }
  for (const shared of sharedTags(kind)) i32[HEADER.METATABLES + shared] = address;
  return NEXT;
}

/** Tags of the values of a type: of booleans, of numbers, of strings there are two. */
function sharedTags(tag: number): readonly number[] {
  return [[0], [1, 2], [1, 2], [3, 4], [3, 4], [5, 6], [5, 6]][tag] ?? [tag];
}

function registry(context: Context, registers: number): number {
  copyValue(context, registers, HEADER.REGISTRY);
  return NEXT;
}

/** R[0], argument R[1], must be a userdata with something behind it. */
function checkUserdata(context: Context, registers: number): number {
  const isFull = tagOf(context, registers) === TAG_USERDATA && metatableOf(context, registers) !== 0;
  return isFull ? NEXT : raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, 'userdata');
}
