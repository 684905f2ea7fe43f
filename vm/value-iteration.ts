// Steps of a generic for over a table that need no call: when its iterator is the library's `next` or the iterator of
// `ipairs`, and no metamethod is in the way. What cannot be done here is left to the call.
import type { Context } from './context';
import { isSoundTable } from './heap-checks';
import {
  CLOSURE_FUNCTION,
  NODE_KEY,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_CLOSURE,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TABLE,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { isAsleep } from './parts';
import { entryPosition, getInteger } from './tables';
import { copyValue, writeInteger, writeNil } from './values';

/** The slots of a generic for, from its iterator's on: state, control; then the first of its variables. */
const STATE = VALUE_SIZE;
const CONTROL = 2 * VALUE_SIZE;
const RESULT = 4 * VALUE_SIZE;

/** Slots and nodes that are passed in one go; what lies beyond is left to the call, which can stop in the middle. */
const LONGEST_SEARCH = 1024;

/**
 * Makes a step of the generic for whose iterator lies at word address `iterator`: the results go to its `wanted`
 * variables. False when nothing was done and the iterator must be called.
 */
export function stepIteration(context: Context, iterator: number, wanted: number): boolean {
  const { i32, mask, program } = context;
  if (i32[iterator + VALUE_TAG] !== TAG_CLOSURE || i32[iterator + STATE + VALUE_TAG] !== TAG_TABLE) return false;
  const index = i32[(i32[iterator] + CLOSURE_FUNCTION) & mask];
  if (index < 0) return false;
  if (index !== program.nextFunction && index !== program.nextIndexFunction) return false;
  const isDone = index === program.nextFunction ? stepNext(context, iterator) : stepIndex(context, iterator);
  if (!isDone) return false;
  for (let variable = 2; variable < wanted; variable++) writeNil(context, iterator + RESULT + variable * VALUE_SIZE);
  return true;
}

/** `ipairs`: the next index, while its element is not nil. */
function stepIndex(context: Context, iterator: number): boolean {
  const { i32, mask } = context;
  const control = iterator + CONTROL;
  if (i32[control + VALUE_TAG] !== TAG_INTEGER) return false;
  const table = i32[iterator + STATE];
  const low = (i32[control] + 1) | 0;
  const high = (i32[control + VALUE_HIGH] + (low === 0 ? 1 : 0)) | 0;
  const slot = getInteger(context, table, low, high);
  if (slot !== 0 && i32[slot + VALUE_TAG] !== TAG_NIL) {
    writeInteger(context, iterator + RESULT, low, high);
    copyValue(context, iterator + RESULT + VALUE_SIZE, slot);
    return true;
  }
  if (i32[(table + TABLE_METATABLE) & mask] !== 0) return false;
  writeNil(context, iterator + RESULT);
  return true;
}

/**
 * `next`. The iterator's high word, which a closure does not use, is a hint: the number of the node, from 1, whose key
 * the control variable is. It is believed only when that node has this key.
 */
function stepNext(context: Context, iterator: number): boolean {
  const { i32 } = context;
  const table = i32[iterator + STATE];
  if (!isSoundTable(context, table) || isAsleep(context, table)) return false;
  const size = i32[table + TABLE_ARRAY_SIZE];
  const position = positionBefore(context, table, iterator, size);
  if (position < 0) return false;
  const result = iterator + RESULT;
  const array = i32[table + TABLE_ARRAY];
  const last = position + LONGEST_SEARCH;
  for (let index = position + 1; index <= size; index++) {
    if (index > last) return false;
    const slot = array + index * VALUE_SIZE;
    if (i32[slot + VALUE_TAG] !== TAG_NIL) {
      writeInteger(context, result, index, 0);
      copyValue(context, result + VALUE_SIZE, slot);
      return true;
    }
    context.fuel = (context.fuel - 1) | 0;
  }
  const count = nodeCount(context, table);
  for (let index = Math.max(position - size, 0); index < count; index++) {
    if (index + size > last) return false;
    const node = i32[table + TABLE_NODES] + index * NODE_SIZE;
    if (i32[node + VALUE_TAG] !== TAG_NIL) {
      copyValue(context, result, node + NODE_KEY);
      copyValue(context, result + VALUE_SIZE, node);
      i32[iterator + VALUE_HIGH] = index + 1;
      return true;
    }
    context.fuel = (context.fuel - 1) | 0;
  }
  writeNil(context, result);
  return true;
}

function nodeCount(context: Context, table: number): number {
  const { i32 } = context;
  return i32[table + TABLE_NODES] === table + TABLE_DUMMY_NODE ? 0 : i32[table + TABLE_NODE_MASK] + 1;
}

/** How many array slots and nodes lie before and at the control variable's key; -1 when it is not in the table. */
function positionBefore(context: Context, table: number, iterator: number, size: number): number {
  const { i32 } = context;
  const control = iterator + CONTROL;
  const tag = i32[control + VALUE_TAG];
  if (tag === TAG_NIL) return 0;
  const isIndex = tag === TAG_INTEGER && i32[control + VALUE_HIGH] === 0 && (i32[control] - 1) >>> 0 < size;
  if (isIndex) return i32[control];
  const hint = i32[iterator + VALUE_HIGH];
  if (hint > 0 && hint <= nodeCount(context, table)) {
    const key = i32[table + TABLE_NODES] + (hint - 1) * NODE_SIZE + NODE_KEY;
    const isKey = i32[key] === i32[control] && i32[key + VALUE_HIGH] === i32[control + VALUE_HIGH];
    if (isKey && i32[key + VALUE_TAG] === tag) return size + hint;
  }
  return entryPosition(context, table, control);
}
