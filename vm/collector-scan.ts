// The collector's scan of gray objects, whose links are the objects' own GRAY words: tables and closures here, threads in
// collector-threads.ts. Objects of any size are scanned in chunks; HEADER.SCAN and its position say how far the current
// one is.
import { GRAY_LINK, markOwned, markReference, markSlot, markTagged, markUpvalue } from './collector-mark';
import { FAILED, FINISHED, fail, STOPPED, stop } from './collector-step';
import { scanThread } from './collector-threads';
import { scanWeakTable, weakModeOf } from './collector-weak';
import type { Context } from './context';
import { failCorrupt, isBlock, isSoundTable } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  HEADER,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_ARRAY,
  KIND_CLOSURE,
  KIND_NODES,
  KIND_TABLE,
  KIND_THREAD,
  NODE_KEY,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_DEAD_KEY,
  TAG_FIRST_REFERENCE,
  TAG_NIL,
  THREAD_SIZE,
  VALUE_LOW,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { CONSTANT_WORDS } from './program';

/** Instructions for taking up an object: its parts lie anywhere in memory. Measured: about 20 ns an instruction. */
const OBJECT_COST = 6;
/** What one instruction scans. A node or an upvalue costs one. */
const SLOTS_PER_FUEL = 2;

/**
 * While an image is made, the program's constants are roots; later they lie below IMAGE_END and stay anyway, except those
 * of modules that the context has loaded.
 */
export function scanConstants(context: Context): number {
  const i32 = context.i32;
  const { constants, constantCount, sharedConstantCount } = context.program;
  const first = i32[HEADER.IMAGE_END] === 0 ? 0 : sharedConstantCount * CONSTANT_WORDS;
  const end = constantCount * CONSTANT_WORDS;
  if (i32[HEADER.SCAN_POSITION] < 0) return fail(context);
  for (let at = Math.max(first, i32[HEADER.SCAN_POSITION]); at < end; at += CONSTANT_WORDS) {
    if (context.fuel <= 0) return stop(context, at);
    context.fuel = (context.fuel - 1) | 0;
    const tag = constants[at + VALUE_TAG];
    if (tag >= TAG_FIRST_REFERENCE && !markTagged(context, tag, constants[at + VALUE_LOW])) return FAILED;
  }
  return FINISHED;
}

/** Scans gray objects until there are none. */
export function scanGray(context: Context): number {
  const i32 = context.i32;
  for (;;) {
    if (context.fuel <= 0) return STOPPED;
    if (i32[HEADER.SCAN] === 0) {
      if (i32[HEADER.GRAY] === 0) return FINISHED;
      if (!takeGray(context)) return FAILED;
    }
    const state = scanObject(context, i32[HEADER.SCAN]);
    if (state !== FINISHED) return state;
    i32[HEADER.SCAN] = 0;
  }
}

/** Takes the first gray object off the list and makes it the current one. */
function takeGray(context: Context): boolean {
  const i32 = context.i32;
  const object = i32[HEADER.GRAY];
  context.fuel = (context.fuel - OBJECT_COST) | 0;
  if (!isBlock(context, object, kindOf(context, object), CLOSURE_UPVALUES)) return failCorrupt(context) !== 0;
  i32[HEADER.GRAY] = i32[object + GRAY_LINK];
  i32[HEADER.SCAN] = object;
  i32[HEADER.SCAN_POSITION] = 0;
  i32[HEADER.SCAN_FRAME] = 0;
  return true;
}

function kindOf(context: Context, address: number): number {
  return (context.i32[address & context.mask] >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK;
}

function scanObject(context: Context, object: number): number {
  switch (kindOf(context, object)) {
    case KIND_TABLE:
      return isSoundTable(context, object) ? scanTable(context, object) : fail(context);
    case KIND_CLOSURE:
      return isBlock(context, object, KIND_CLOSURE, CLOSURE_UPVALUES) ? scanClosure(context, object) : fail(context);
    case KIND_THREAD:
      return isBlock(context, object, KIND_THREAD, THREAD_SIZE) ? scanThread(context, object) : fail(context);
    default:
      return fail(context);
  }
}

/** Position: the array's slots come first, then the nodes. */
function scanTable(context: Context, table: number): number {
  const i32 = context.i32;
  const position = i32[HEADER.SCAN_POSITION];
  if (position < 0) return fail(context);
  if (position === 0 && !markTableParts(context, table)) return FAILED;
  const mode = weakModeOf(context, table);
  if (mode !== 0) return scanWeakTable(context, table, mode);
  const size = i32[table + TABLE_ARRAY_SIZE];
  if (position < size) {
    const state = scanSlots(context, i32[table + TABLE_ARRAY] + VALUE_SIZE, position, size);
    if (state !== FINISHED) return state;
  }
  return scanNodes(context, table, size);
}

/** Marks a table's metatable and the blocks that it owns. */
function markTableParts(context: Context, table: number): boolean {
  const i32 = context.i32;
  if (!markReference(context, i32[table + TABLE_METATABLE], KIND_TABLE)) return false;
  if (i32[table + TABLE_ARRAY_SIZE] > 0 && !markOwned(context, i32[table + TABLE_ARRAY], KIND_ARRAY)) return false;
  const nodes = i32[table + TABLE_NODES];
  return nodes === table + TABLE_DUMMY_NODE || markOwned(context, nodes - BLOCK_HEADER_WORDS, KIND_NODES);
}

/** Scans the value slots `position` to `count` - 1 behind `start`, which must lie inside the region. */
function scanSlots(context: Context, start: number, position: number, count: number): number {
  let index = position;
  while (index < count) {
    if (context.fuel <= 0) return stop(context, index);
    context.fuel = (context.fuel - 1) | 0;
    const end = Math.min(index + SLOTS_PER_FUEL, count);
    for (; index < end; index++) if (!markSlot(context, start + index * VALUE_SIZE)) return FAILED;
  }
  context.i32[HEADER.SCAN_POSITION] = index;
  return FINISHED;
}

function scanNodes(context: Context, table: number, size: number): number {
  const i32 = context.i32;
  const nodes = i32[table + TABLE_NODES];
  if (nodes === table + TABLE_DUMMY_NODE) return FINISHED;
  const count = i32[table + TABLE_NODE_MASK] + 1;
  let index = i32[HEADER.SCAN_POSITION] - size;
  if (index < 0) return fail(context);
  for (; index < count; index++) {
    if (context.fuel <= 0) return stop(context, size + index);
    context.fuel = (context.fuel - 1) | 0;
    if (!markNode(context, nodes + index * NODE_SIZE)) return FAILED;
  }
  return FINISHED;
}

/** A node without a value does not keep its key alive: the key is marked as dead, for `next` alone to find. */
function markNode(context: Context, node: number): boolean {
  const i32 = context.i32;
  if (i32[node + VALUE_TAG] === TAG_NIL) {
    if (i32[node + NODE_KEY + VALUE_TAG] >= TAG_FIRST_REFERENCE) i32[node + NODE_KEY + VALUE_TAG] = TAG_DEAD_KEY;
    return true;
  }
  return markSlot(context, node) && markSlot(context, node + NODE_KEY);
}

function scanClosure(context: Context, closure: number): number {
  const i32 = context.i32;
  const count = i32[closure + CLOSURE_UPVALUE_COUNT];
  let index = i32[HEADER.SCAN_POSITION];
  if (index < 0 || count < 0 || !isBlock(context, closure, KIND_CLOSURE, CLOSURE_UPVALUES + count))
    return fail(context);
  for (; index < count; index++) {
    if (context.fuel <= 0) return stop(context, index);
    context.fuel = (context.fuel - 1) | 0;
    const upvalue = i32[closure + CLOSURE_UPVALUES + index];
    if (upvalue !== 0 && !markUpvalue(context, upvalue)) return FAILED;
  }
  return FINISHED;
}
