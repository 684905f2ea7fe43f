// The collector's marking of single objects: roots, values, owned blocks. An object that refers to others goes to the gray
// list, which collector-scan.ts works off. What a value says is checked before anything is written where it points.
import type { Context } from './context';
import { failCorrupt, isBlock } from './heap-checks';
import {
  BLOCK_HEADER_WORDS,
  CLOSURE_UPVALUES,
  COLOUR_BLACK,
  HEADER,
  HEADER_COLOUR_MASK,
  KIND_CLOSURE,
  KIND_STRING,
  KIND_STRING_TABLE,
  KIND_TABLE,
  KIND_THREAD,
  KIND_UPVALUE,
  KIND_USERDATA,
  TABLE_GRAY,
  TABLE_SIZE,
  TAG_CLOSURE,
  TAG_COUNT,
  TAG_FIRST_REFERENCE,
  TAG_TABLE,
  TAG_THREAD,
  TAG_USERDATA,
  UPVALUE_SIZE,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
  USERDATA_TABLE,
  VALUE_TAG,
  WELL_KNOWN_STRINGS,
} from './layout';

/** The link of the gray list: the same word in tables, closures and threads. */
export const GRAY_LINK = TABLE_GRAY;

/** Marks what the header refers to. False after TRAP. */
export function markRoots(context: Context): boolean {
  const i32 = context.i32;
  if (!markOwned(context, i32[HEADER.STRINGS], KIND_STRING_TABLE)) return false;
  if (!markObject(context, i32[HEADER.MAIN_THREAD], KIND_THREAD)) return false;
  if (!markObject(context, i32[HEADER.THREAD], KIND_THREAD)) return false;
  if (!markReference(context, i32[HEADER.FINALISER], KIND_CLOSURE)) return false;
  if (!markReference(context, i32[HEADER.PARTS], KIND_TABLE)) return false;
  for (const slot of [HEADER.ERROR, HEADER.GLOBALS, HEADER.REGISTRY]) if (!markSlot(context, slot)) return false;
  for (let tag = 0; tag < TAG_COUNT; tag++) {
    if (!markReference(context, i32[HEADER.METATABLES + tag], KIND_TABLE)) return false;
  }
  for (let index = 0; index < WELL_KNOWN_STRINGS.length; index++) {
    if (!markReference(context, i32[HEADER.STRINGS_WELL_KNOWN + index], KIND_STRING)) return false;
  }
  return true;
}

/** Marks an upvalue: a closed one's value, an open one's thread, in whose registers the value lies. */
export function markUpvalue(context: Context, upvalue: number): boolean {
  const i32 = context.i32;
  if (!isBlock(context, upvalue, KIND_UPVALUE, UPVALUE_SIZE)) return failCorrupt(context) !== 0;
  if ((i32[upvalue] & HEADER_COLOUR_MASK) === COLOUR_BLACK) return true;
  blacken(i32, upvalue);
  const thread = i32[upvalue + UPVALUE_THREAD];
  return thread === 0 ? markSlot(context, upvalue + UPVALUE_VALUE) : markObject(context, thread, KIND_THREAD);
}

/** Marks the object that the value slot refers to, if it is a reference. False after TRAP. */
export function markSlot(context: Context, slot: number): boolean {
  const i32 = context.i32;
  const tag = i32[slot + VALUE_TAG];
  return tag < TAG_FIRST_REFERENCE ? tag >= 0 || failCorrupt(context) !== 0 : markTagged(context, tag, i32[slot]);
}

export function markTagged(context: Context, tag: number, address: number): boolean {
  switch (tag) {
    case TAG_TABLE:
      return markObject(context, address, KIND_TABLE);
    case TAG_CLOSURE:
      return markObject(context, address, KIND_CLOSURE);
    case TAG_THREAD:
      return markObject(context, address, KIND_THREAD);
    case TAG_USERDATA:
      return markOwned(context, address, KIND_USERDATA) && markUserdataTable(context, address);
    default:
      return tag < TAG_COUNT ? markOwned(context, address, KIND_STRING) : failCorrupt(context) !== 0;
  }
}

/** A userdata refers to one table, which goes to the gray list: userdata need not go there themselves. */
function markUserdataTable(context: Context, address: number): boolean {
  return markReference(context, context.i32[(address + USERDATA_TABLE) & context.mask], KIND_TABLE);
}

/** Marks an object whose address may be 0 for none. */
export function markReference(context: Context, address: number, kind: number): boolean {
  if (address === 0) return true;
  return kind === KIND_STRING ? markOwned(context, address, kind) : markObject(context, address, kind);
}

/** Marks an object that refers to others: it goes to the gray list. */
export function markObject(context: Context, address: number, kind: number): boolean {
  const i32 = context.i32;
  const words = kind === KIND_CLOSURE ? CLOSURE_UPVALUES : TABLE_SIZE;
  if (!isBlock(context, address, kind, words)) return failCorrupt(context) !== 0;
  if ((i32[address] & HEADER_COLOUR_MASK) === COLOUR_BLACK) return true;
  blacken(i32, address);
  i32[address + GRAY_LINK] = i32[HEADER.GRAY];
  i32[HEADER.GRAY] = address;
  return true;
}

/** Marks a block without references of its own: a string, or what an object owns. */
export function markOwned(context: Context, address: number, kind: number): boolean {
  if (!isBlock(context, address, kind, BLOCK_HEADER_WORDS)) return failCorrupt(context) !== 0;
  blacken(context.i32, address);
  return true;
}

function blacken(i32: Int32Array, address: number): void {
  i32[address] = (i32[address] & ~HEADER_COLOUR_MASK) | COLOUR_BLACK;
}
