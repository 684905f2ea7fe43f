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
  FRAME_SIZE,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  HEADER,
  instructionOf,
  isLibrary,
  lineAt,
  metatableOf,
  NEXT,
  registerFinaliser,
  TABLE_METATABLE,
  TAG_CLOSURE,
  TAG_NIL,
  TAG_TABLE,
  TAG_USERDATA,
  THREAD_FRAME,
  THREAD_FRAMES,
  UPVALUE_POINTER,
  writeBoolean,
  writeInteger,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { raiseArgumentType } from './argument-errors';
import { originOf } from './dumping';
import { argument, integerAt, intrinsic, storeText, tagOf } from './support';

export const DEBUG_INTRINSICS = [
  intrinsic('debug_info', 12, 12, info),
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
}

/** R[0]: a function, or a level of the thread R[1] (nil: this one, whose level 0 is the caller of the intrinsic). */
function info(context: Context, registers: number): number {
  const { i32, program } = context;
  const isFunction = tagOf(context, registers) === TAG_CLOSURE;
  const frame = isFunction ? 0 : frameAt(context, argument(registers, 1), integerAt(context, registers));
  const index = isFunction
    ? i32[(i32[registers] + CLOSURE_FUNCTION) & context.mask]
    : i32[(frame + FRAME_FUNCTION) & context.mask];
  if ((!isFunction && frame === 0) || index >>> 0 >= program.functionCount) {
    writeNil(context, registers);
    return NEXT;
  }
  const at = (field: Field) => argument(registers, field);
  const { module, definition } = definitionOf(program, index);
  const { debug } = definition;
  const isNative = isLibrary(context, index) || definition.family === 'typed';
  const file = module.sources[debug.source] ?? '?';
  const isMain = debug.line === 0;
  const pc =
    frame === 0 ? 0 : instructionOf(context, frame) - program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  const name = frame === 0 ? null : nameOf(context, frame, argument(registers, 1));
  const signal =
    storeText(context, at(Field.SOURCE), isNative ? '=[C]' : originOf(context, index)) ||
    storeText(context, at(Field.SHORT_SOURCE), isNative ? '[C]' : file) ||
    storeText(context, at(Field.WHAT), isNative ? 'C' : isMain ? 'main' : 'Lua') ||
    storeText(context, at(Field.NAME_WHAT), name?.kind ?? '');
  if (signal !== NEXT) return signal;
  writeNil(context, at(Field.NAME));
  const named = name === null ? NEXT : storeText(context, at(Field.NAME), name.name);
  if (named !== NEXT) return named;
  const write = (field: Field, value: number) => writeInteger(context, at(field), value, value >> 31);
  write(Field.LINE_DEFINED, isNative ? -1 : debug.line);
  write(Field.LAST_LINE_DEFINED, isNative ? -1 : isMain ? -1 : debug.lastLine);
  write(Field.CURRENT_LINE, isNative || frame === 0 ? -1 : lineAt(debug.lines, pc));
  write(Field.UPVALUES, isNative ? 0 : definition.upvalues.length);
  write(Field.PARAMETERS, isNative ? 0 : definition.parameterCount);
  writeBoolean(context, at(Field.IS_VARARG), isNative || definition.isVararg);
  if (!isFunction) {
    if (definition.family === 'typed') writeBoolean(context, registers, false);
    else writeReference(context, registers, TAG_CLOSURE, context.i32[frame + FRAME_CLOSURE]);
  }
  return NEXT;
}

/** The frame record of a level, or 0. */
function frameAt(context: Context, threadSlot: number, level: number): number {
  const { i32, mask } = context;
  const isOther = tagOf(context, threadSlot) !== TAG_NIL && i32[threadSlot] !== context.thread;
  const thread = isOther ? i32[threadSlot] : context.thread;
  const current = isOther ? i32[(thread + THREAD_FRAME) & mask] : context.frame;
  const floor = i32[(thread + THREAD_FRAMES) & mask];
  const frame = current - level * FRAME_SIZE;
  return level >= 0 && floor > 0 && frame > floor && frame <= current ? frame & mask : 0;
}

/** What the function of a frame is called where it was called; null where nothing says. */
function nameOf(context: Context, frame: number, _threadSlot: number): { name: string; kind: string } | null {
  const { i32, program, mask } = context;
  const caller = (frame - FRAME_SIZE) & mask;
  const index = i32[caller + FRAME_FUNCTION];
  if (index >>> 0 >= program.functionCount || isLibrary(context, index)) return null;
  const { definition } = definitionOf(program, index);
  if (definition.family === 'typed') return null;
  const at = instructionOf(context, caller);
  const pc = at - program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  const register = (program.code[at] >>> 8) & 255;
  const { operands, locals } = definition.debug;
  const operand = operands.find((found) => found.pc === pc && found.register === register);
  if (operand !== undefined) return operand;
  const local = locals.find((found) => found.register === register && found.start <= pc && pc < found.end);
  return local === undefined ? null : { name: local.name, kind: 'local' };
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
  const isShared = closure < context.i32[HEADER.IMAGE_END];
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
  const metatable = metatableOf(context, registers);
  if (metatable === 0) writeNil(context, registers);
  else writeReference(context, registers, TAG_TABLE, metatable);
  return NEXT;
}

/** Sets the metatable of R[0], or of all values of its type, to R[1], whatever it was. */
function setMetatable(context: Context, registers: number): number {
  const { i32 } = context;
  const metatable = argument(registers, 1);
  const tag = tagOf(context, metatable);
  if (tag !== TAG_TABLE && tag !== TAG_NIL) return raiseArgumentType(context, 2, metatable, 'nil or table');
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
