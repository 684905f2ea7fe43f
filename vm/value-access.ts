// Indexing in full: tables of every key, `__index` and `__newindex` chains, strings' methods, errors. The loop has array
// slots and fields that exist inline.
import type { Context } from './context';
import { decodeB } from './encoding';
import { prepareKey } from './key-job';
import {
  CLOSURE_UPVALUES,
  FRAME_CLOSURE,
  FRAME_PC,
  RESULT_DROP,
  TAG_CLOSURE,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  UPVALUE_POINTER,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_INDEX_CHAIN } from './limits';
import { METAMETHOD_INDEX, METAMETHOD_LEN, METAMETHOD_NEW_INDEX, metamethodOf } from './metatables';
import { ValueOp } from './opcode-numbers';
import { isAsleep, wake } from './parts';
import { NEXT, THROW } from './signals';
import { stringLength } from './strings';
import { loadKey } from './table-access';
import {
  findOrInsert,
  findOrInsertInteger,
  findOrInsertShortString,
  getInteger,
  getShortString,
  getSlot,
  keyProblem,
  tableLength,
} from './tables';
import { enterCall, reserveArguments, resultIn, resultTo } from './value-calls';
import { describeRegister, raise, raiseIndexError, raiseTypeError } from './value-errors';
import { allocationFailed, collectIfDue, poolOf, registerA, registerB, registerC } from './value-frame';
import { copyValue, writeInteger, writeNil, writeWords } from './values';

/** The key of the instruction; `keySlot` is its register, or 0 for a constant. Scratch of one instruction. */
let keyLow = 0;
let keyHigh = 0;
let keyTag = TAG_NIL;
let keySlot = 0;

function setKey(low: number, high: number, tag: number, slot: number): void {
  keyLow = low;
  keyHigh = high;
  keyTag = tag;
  keySlot = slot;
}

function setKeyRegister(context: Context, slot: number): void {
  setKey(context.i32[slot], context.i32[slot + VALUE_HIGH], context.i32[slot + VALUE_TAG], slot);
}

/** The same for a key that is looked for: false with `context.failure` (prepareKey). */
function setPreparedKey(context: Context, slot: number): boolean {
  if (!prepareKey(context, slot)) return false;
  setKeyRegister(context, slot);
  return true;
}

function setKeyConstant(context: Context, index: number): void {
  setKey(context.program.constants[poolOf(context) + index * VALUE_SIZE], 0, TAG_SHORT_STRING, 0);
}

/** `get_table`, `get_field`, `get_index`, `get_upvalue_field`. */
export function executeGet(context: Context, ins: number): number {
  const op = ins & 255;
  if (op === ValueOp.GET_TABLE) {
    if (!setPreparedKey(context, registerC(context, ins))) return allocationFailed(context);
  } else if (op === ValueOp.GET_INDEX) setKey(ins >>> 24, 0, TAG_INTEGER, 0);
  else setKeyConstant(context, ins >>> 24);
  const isUpvalue = op === ValueOp.GET_UPVALUE_FIELD;
  return get(context, ins, isUpvalue ? upvalueSlot(context, decodeB(ins)) : registerB(context, ins));
}

/** `self`: the object first, then the method. */
export function executeSelf(context: Context, ins: number): number {
  const method = registerA(context, ins);
  setKeyConstant(context, ins >>> 24);
  // R[a + 1] stays what it is when the method replaces R[a], which may be R[b].
  copyValue(context, method + VALUE_SIZE, registerB(context, ins));
  return get(context, ins, method + VALUE_SIZE);
}

/** Word address of the value of an upvalue of the current function. */
export function upvalueSlot(context: Context, upvalue: number): number {
  const { i32, mask } = context;
  const address = i32[(i32[context.frame + FRAME_CLOSURE] + CLOSURE_UPVALUES + upvalue) & mask];
  return i32[(address + UPVALUE_POINTER) & mask] & mask & -4;
}

/** R[a] := the value of the key in the object at `start`. */
function get(context: Context, ins: number, start: number): number {
  const { i32 } = context;
  let object = start;
  for (let step = 0; step < MAXIMUM_INDEX_CHAIN; step++) {
    const isTable = i32[object + VALUE_TAG] === TAG_TABLE;
    if (isTable) {
      const slot = find(context, i32[object]);
      if (slot !== 0 && i32[slot + VALUE_TAG] !== TAG_NIL) {
        copyValue(context, registerA(context, ins), slot);
        return NEXT;
      }
      if (isAsleep(context, i32[object])) {
        return wake(context, i32[object]) ? get(context, ins, object) : allocationFailed(context);
      }
    }
    const handler = metamethodOf(context, object, METAMETHOD_INDEX);
    if (handler === 0) {
      if (!isTable) return raiseNotIndexable(context, ins, object, step);
      writeNil(context, registerA(context, ins));
      return NEXT;
    }
    if (i32[handler + VALUE_TAG] === TAG_CLOSURE) return callIndex(context, ins, handler, object);
    object = handler;
    context.fuel = (context.fuel - 1) | 0;
  }
  return raise(context, "'__index' chain too long; possible loop");
}

/** The value slot of the instruction's key in a table, or 0. */
function find(context: Context, table: number): number {
  if (keyTag === TAG_SHORT_STRING) return getShortString(context, table, keyLow);
  if (keyTag === TAG_INTEGER) return getInteger(context, table, keyLow, keyHigh);
  return getSlot(context, table, keySlot);
}

function raiseNotIndexable(context: Context, ins: number, object: number, step: number): number {
  return step === 0 ? raiseIndexError(context, ins, object) : raiseTypeError(context, 'index', object, '');
}

/** Calls `__index` with the object and the key. */
function callIndex(context: Context, ins: number, handler: number, object: number): number {
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const args = prepareArguments(context, at, object, 2);
  return args < 0 ? -args : enterCall(context, at, handler, args, 2, resultIn(ins));
}

/** Slots above the frame with the object and the key, and room for `count`. Or a negated signal. */
function prepareArguments(context: Context, at: number, object: number, count: number): number {
  const low = context.i32[object];
  const high = context.i32[object + VALUE_HIGH];
  const tag = context.i32[object + VALUE_TAG];
  const args = reserveArguments(context, at, count);
  if (args < 0) return args;
  writeWords(context, args, low, high, tag);
  writeWords(context, args + VALUE_SIZE, keyLow, keyHigh, keyTag);
  return args;
}

/** `set_table`, `set_field`, `set_index`, `set_upvalue_field`. */
export function executeSet(context: Context, ins: number): number {
  const op = ins & 255;
  if (op === ValueOp.SET_TABLE) {
    if (!setPreparedKey(context, registerB(context, ins))) return allocationFailed(context);
  } else if (op === ValueOp.SET_INDEX) setKey(decodeB(ins), 0, TAG_INTEGER, 0);
  else setKeyConstant(context, decodeB(ins));
  const isUpvalue = op === ValueOp.SET_UPVALUE_FIELD;
  return set(context, ins, isUpvalue ? upvalueSlot(context, (ins >>> 8) & 255) : registerA(context, ins));
}

function set(context: Context, ins: number, start: number): number {
  const { i32 } = context;
  let object = start;
  for (let step = 0; step < MAXIMUM_INDEX_CHAIN; step++) {
    const isTable = i32[object + VALUE_TAG] === TAG_TABLE;
    if (isTable) {
      const slot = find(context, i32[object]);
      if (slot !== 0 && i32[slot + VALUE_TAG] !== TAG_NIL) {
        copyValue(context, slot, registerC(context, ins));
        return NEXT;
      }
      if (isAsleep(context, i32[object])) {
        return wake(context, i32[object]) ? set(context, ins, object) : allocationFailed(context);
      }
    }
    const handler = metamethodOf(context, object, METAMETHOD_NEW_INDEX);
    if (handler === 0) {
      return isTable ? insert(context, ins, i32[object]) : raiseNotIndexable(context, ins, object, step);
    }
    if (i32[handler + VALUE_TAG] === TAG_CLOSURE) return callNewIndex(context, ins, handler, object);
    object = handler;
    context.fuel = (context.fuel - 1) | 0;
  }
  return raise(context, "'__newindex' chain too long; possible loop");
}

/** Calls `__newindex` with the object, the key and the value. */
function callNewIndex(context: Context, ins: number, handler: number, object: number): number {
  const at = context.i32[context.frame + FRAME_PC] - 1;
  const args = prepareArguments(context, at, object, 3);
  if (args < 0) return -args;
  copyValue(context, args + 2 * VALUE_SIZE, registerC(context, ins));
  return enterCall(context, at, handler, args, 3, resultTo(0, 1, RESULT_DROP));
}

/** Stores R[c] under a key that has no value in a table. */
function insert(context: Context, ins: number, table: number): number {
  const value = registerC(context, ins);
  if (context.i32[value + VALUE_TAG] === TAG_NIL) {
    const isKey = keySlot === 0 || loadKey(context, keySlot);
    return isKey ? NEXT : raise(context, keyTag === TAG_NIL ? 'table index is nil' : 'table index is NaN');
  }
  const slot = place(context, table);
  if (slot === 0) return context.failure === THROW ? raise(context, keyProblem) : allocationFailed(context);
  copyValue(context, slot, registerC(context, ins));
  return collectIfDue(context);
}

function place(context: Context, table: number): number {
  if (keyTag === TAG_SHORT_STRING) return findOrInsertShortString(context, table, keyLow);
  if (keyTag === TAG_INTEGER) return findOrInsertInteger(context, table, keyLow, keyHigh);
  return findOrInsert(context, table, keySlot);
}

/** `length`. */
export function executeLength(context: Context, ins: number): number {
  const { i32 } = context;
  const operand = registerB(context, ins);
  const tag = i32[operand + VALUE_TAG];
  if (tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING) {
    writeInteger(context, registerA(context, ins), stringLength(context, i32[operand]), 0);
    return NEXT;
  }
  if (tag === TAG_TABLE && isAsleep(context, i32[operand])) {
    return wake(context, i32[operand]) ? executeLength(context, ins) : allocationFailed(context);
  }
  const handler = metamethodOf(context, operand, METAMETHOD_LEN);
  if (handler !== 0) return callLength(context, ins, handler, operand);
  if (tag !== TAG_TABLE) {
    return raiseTypeError(context, 'get length of', operand, describeRegister(context, decodeB(ins)));
  }
  writeInteger(context, registerA(context, ins), tableLength(context, i32[operand]), 0);
  return NEXT;
}

/** Calls `__len` with the object, twice, as for every unary operator. */
function callLength(context: Context, ins: number, handler: number, object: number): number {
  const at = context.i32[context.frame + FRAME_PC] - 1;
  setKeyRegister(context, object);
  const args = prepareArguments(context, at, object, 2);
  return args < 0 ? -args : enterCall(context, at, handler, args, 2, resultIn(ins));
}
