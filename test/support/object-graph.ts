// Random graphs of objects in a heap, and an own walk over what is reachable in one: what the collector is held against.
// The graph is built through registers (bare-context.ts) only, so that a collection may strike between any two steps.
import { allocate } from '../../vm/allocator';
import type { Context } from '../../vm/context';
import { newThread } from '../../vm/frames';
import {
  BLOCK_HEADER_WORDS,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  FRAME_TOP,
  HEADER,
  KIND_CLOSURE,
  KIND_STRING,
  KIND_TABLE,
  KIND_THREAD,
  KIND_UPVALUE,
  NODE_KEY,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_CLOSURE,
  TAG_COUNT,
  TAG_FIRST_REFERENCE,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TABLE,
  TAG_THREAD,
  THREAD_FRAMES,
  THREAD_OPEN_UPVALUES,
  THREAD_RESUMER,
  THREAD_STACK,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
  UPVALUE_SIZE,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
  WELL_KNOWN_STRINGS,
} from '../../vm/layout';
import { newString, stringTag } from '../../vm/strings';
import { findOrInsert, newTable, nextEntry } from '../../vm/tables';
import { copyValue, writeInteger, writeNil, writeReference } from '../../vm/values';
import { REGISTERS, register } from './bare-context';
import { stringText } from './heap-check';
import type { Random } from './random';

/** The last two registers are for the steps themselves. */
const USABLE = REGISTERS - 2;
/** Slots of a thread's own stack that the graph uses. */
const THREAD_SLOTS = 6;

/** One random step. A step that does not fit into the memory limit is left out. */
export function grow(context: Context, random: Random): void {
  const target = register(context, random.below(USABLE));
  const source = register(context, random.below(USABLE));
  switch (random.below(12)) {
    case 0:
    case 1:
      put(context, target, TAG_TABLE, newTable(context, random.below(6), random.below(6)));
      break;
    case 2:
      putString(context, target, random);
      break;
    case 3:
      putClosure(context, target, random);
      break;
    case 4:
      put(context, target, TAG_THREAD, makeThread(context));
      break;
    case 5:
      writeNil(context, target);
      break;
    case 6:
      copyValue(context, target, source);
      break;
    case 7:
      readEntry(context, target, source);
      break;
    default:
      storeInto(context, target, source, random);
      break;
  }
}

function put(context: Context, slot: number, tag: number, address: number): void {
  if (address !== 0) writeReference(context, slot, tag, address);
}

function putString(context: Context, slot: number, random: Random): void {
  const bytes = random.bytes(1).map((byte) => byte & 31);
  const text = random.oneIn(4) ? new Uint8Array(50 + bytes[0]!) : bytes;
  put(context, slot, stringTag(text.length), newString(context, text, 0, text.length));
}

function putClosure(context: Context, slot: number, random: Random): void {
  const count = random.below(4);
  const { i32 } = context;
  const isShared = i32[slot + VALUE_TAG] === TAG_CLOSURE && i32[i32[slot] + CLOSURE_UPVALUE_COUNT] >= count;
  const other = i32[slot];
  const upvalues = isShared
    ? Array.from({ length: count }, (_, index) => i32[other + CLOSURE_UPVALUES + index]!)
    : Array.from({ length: count }, () => makeUpvalue(context));
  const closure = allocate(context, CLOSURE_UPVALUES + count, KIND_CLOSURE);
  if (closure === 0 || upvalues.includes(0)) return;
  context.i32.fill(0, closure + 1, closure + CLOSURE_UPVALUES);
  context.i32[closure + CLOSURE_UPVALUE_COUNT] = count;
  context.i32.set(upvalues, closure + CLOSURE_UPVALUES);
  put(context, slot, TAG_CLOSURE, closure);
}

function makeUpvalue(context: Context): number {
  const upvalue = allocate(context, UPVALUE_SIZE, KIND_UPVALUE);
  if (upvalue === 0) return 0;
  context.i32.fill(0, upvalue + 1, upvalue + UPVALUE_SIZE);
  context.i32[upvalue + UPVALUE_POINTER] = upvalue + UPVALUE_VALUE;
  return upvalue;
}

function makeThread(context: Context): number {
  const thread = newThread(context);
  if (thread !== 0) context.i32[context.i32[thread + THREAD_FRAMES] + FRAME_TOP] = THREAD_SLOTS * VALUE_SIZE;
  return thread;
}

function readEntry(context: Context, target: number, source: number): void {
  const { i32 } = context;
  if (i32[source + VALUE_TAG] !== TAG_TABLE) return;
  const pair = register(context, USABLE);
  writeNil(context, pair);
  if (nextEntry(context, i32[source], pair, pair) === 1) copyValue(context, target, pair + VALUE_SIZE);
  writeNil(context, pair);
  writeNil(context, pair + VALUE_SIZE);
}

/** Lets the object at `target` refer to the value at `source`, in one of its ways. */
function storeInto(context: Context, target: number, source: number, random: Random): void {
  const { i32 } = context;
  const object = i32[target];
  switch (i32[target + VALUE_TAG]) {
    case TAG_TABLE:
      storeEntry(context, object, source, random);
      break;
    case TAG_CLOSURE: {
      const count = i32[object + CLOSURE_UPVALUE_COUNT];
      if (count > 0)
        copyValue(context, i32[i32[object + CLOSURE_UPVALUES + random.below(count)] + UPVALUE_POINTER], source);
      return;
    }
    case TAG_THREAD:
      if (random.oneIn(3)) openUpvalue(context, object, source, random);
      else if (random.oneIn(8) && i32[source + VALUE_TAG] === TAG_THREAD) i32[object + THREAD_RESUMER] = i32[source];
      else copyValue(context, i32[object + THREAD_STACK] + random.below(THREAD_SLOTS) * VALUE_SIZE, source);
  }
}

function storeEntry(context: Context, table: number, source: number, random: Random): void {
  const { i32 } = context;
  if (random.oneIn(8)) {
    i32[table + TABLE_METATABLE] = i32[source + VALUE_TAG] === TAG_TABLE ? i32[source] : 0;
    return;
  }
  const key = register(context, random.below(USABLE));
  const number = register(context, USABLE);
  writeInteger(context, number, random.between(-3, 20), 0);
  const isUsable = i32[key + VALUE_TAG] !== TAG_NIL && random.oneIn(2);
  const slot = findOrInsert(context, table, isUsable ? key : number);
  if (slot !== 0) copyValue(context, slot, source);
  writeNil(context, number);
}

/** Gives the closure at `source` an open upvalue for one of the thread's slots. */
function openUpvalue(context: Context, thread: number, source: number, random: Random): void {
  if (context.i32[source + VALUE_TAG] !== TAG_CLOSURE || context.i32[context.i32[source] + CLOSURE_UPVALUE_COUNT] === 0)
    return;
  const upvalue = makeUpvalue(context);
  if (upvalue === 0) return;
  const { i32 } = context;
  i32[upvalue + UPVALUE_POINTER] = i32[thread + THREAD_STACK] + random.below(THREAD_SLOTS) * VALUE_SIZE;
  i32[upvalue + UPVALUE_NEXT] = i32[thread + THREAD_OPEN_UPVALUES];
  i32[upvalue + UPVALUE_THREAD] = thread;
  i32[thread + THREAD_OPEN_UPVALUES] = upvalue;
  i32[i32[source] + CLOSURE_UPVALUES] = upvalue;
}

/** What each reachable block (by address) holds, as text; owned blocks are there with an empty text. */
export function reachableBlocks(context: Context): Map<number, string> {
  const walk = new Walk(context);
  const { i32 } = context;
  walk.own(i32[HEADER.STRINGS]);
  walk.visit(i32[HEADER.MAIN_THREAD]);
  for (const slot of [HEADER.ERROR, HEADER.GLOBALS, HEADER.REGISTRY]) walk.value(slot);
  for (let tag = 0; tag < TAG_COUNT; tag++) walk.visit(i32[HEADER.METATABLES + tag]);
  WELL_KNOWN_STRINGS.forEach((_, index) => {
    walk.visit(i32[HEADER.STRINGS_WELL_KNOWN + index]);
  });
  walk.finish();
  return walk.found;
}

class Walk {
  readonly found = new Map<number, string>();
  private readonly waiting: number[] = [];

  constructor(private readonly context: Context) {}

  own(block: number): void {
    this.found.set(block, '');
  }

  visit(address: number): void {
    if (address === 0 || this.found.has(address)) return;
    this.found.set(address, '');
    this.waiting.push(address);
  }

  /** Visits what a slot refers to. Returns the slot as text. */
  value(slot: number): string {
    const { i32 } = this.context;
    const tag = i32[slot + VALUE_TAG];
    if (tag >= TAG_FIRST_REFERENCE) this.visit(i32[slot]);
    return tag === TAG_INTEGER ? `${i32[slot]}:${i32[slot + VALUE_HIGH]}` : `${tag}@${i32[slot]}`;
  }

  finish(): void {
    for (let address = this.waiting.pop(); address !== undefined; address = this.waiting.pop()) {
      this.found.set(address, this.describe(address).join());
    }
  }

  private describe(address: number): string[] {
    const { i32 } = this.context;
    switch ((i32[address] >>> 2) & 15) {
      case KIND_STRING:
        return [stringText(this.context, address)];
      case KIND_TABLE:
        return this.describeTable(address);
      case KIND_CLOSURE:
        return Array.from({ length: i32[address + CLOSURE_UPVALUE_COUNT] }, (_, index) => {
          this.visit(i32[address + CLOSURE_UPVALUES + index]);
          return `^${i32[address + CLOSURE_UPVALUES + index]}`;
        });
      case KIND_UPVALUE:
        this.visit(i32[address + UPVALUE_THREAD]);
        return [this.value(i32[address + UPVALUE_POINTER])];
      case KIND_THREAD:
        return this.describeThread(address);
      default:
        throw new Error(`an object of kind ${(i32[address] >>> 2) & 15} at ${address}`);
    }
  }

  private describeTable(table: number): string[] {
    const { i32 } = this.context;
    this.visit(i32[table + TABLE_METATABLE]);
    const parts: string[] = [`meta ${i32[table + TABLE_METATABLE]}`];
    const size = i32[table + TABLE_ARRAY_SIZE];
    if (size > 0) this.own(i32[table + TABLE_ARRAY]);
    for (let index = 1; index <= size; index++) parts.push(this.value(i32[table + TABLE_ARRAY] + index * VALUE_SIZE));
    const nodes = i32[table + TABLE_NODES];
    if (nodes === table + TABLE_DUMMY_NODE) return parts;
    this.own(nodes - BLOCK_HEADER_WORDS);
    for (let index = 0; index <= i32[table + TABLE_NODE_MASK]; index++) {
      const node = nodes + index * NODE_SIZE;
      if (i32[node + VALUE_TAG] === TAG_NIL) continue;
      parts.push(`${this.value(node + NODE_KEY)}=${this.value(node)}`);
    }
    return parts;
  }

  private describeThread(thread: number): string[] {
    const { i32 } = this.context;
    this.own(i32[thread + THREAD_FRAMES] - BLOCK_HEADER_WORDS);
    this.own(i32[thread + THREAD_STACK] - BLOCK_HEADER_WORDS);
    this.visit(i32[thread + THREAD_RESUMER]);
    const parts = [`resumer ${i32[thread + THREAD_RESUMER]}`];
    const top = i32[i32[thread + THREAD_FRAMES] + FRAME_TOP];
    for (let at = 0; at < Math.max(top, VALUE_SIZE); at += VALUE_SIZE)
      parts.push(this.value(i32[thread + THREAD_STACK] + at));
    for (let upvalue = i32[thread + THREAD_OPEN_UPVALUES]; upvalue !== 0; upvalue = i32[upvalue + UPVALUE_NEXT]) {
      this.visit(upvalue);
    }
    return parts;
  }
}
