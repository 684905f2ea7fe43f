// Which words of a heap refer to which blocks: for those who move objects while an image is made. The heap is our own
// there, between two collections, and no thread but the main one is in it.
import {
  BLOCK_HEADER_WORDS,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  GRANULE,
  HEADER,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_ARRAY,
  KIND_CLOSURE,
  KIND_FREE,
  KIND_NODES,
  KIND_REGISTERS,
  KIND_TABLE,
  KIND_THREAD,
  KIND_UPVALUE,
  KIND_USERDATA,
  NODE_KEY,
  NODE_NEXT,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODES,
  TAG_COUNT,
  TAG_FIRST_REFERENCE,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_FRAMES_END,
  THREAD_STACK,
  THREAD_STACK_END,
  THREAD_STACK_HIGH,
  UPVALUE_POINTER,
  UPVALUE_VALUE,
  USERDATA_TABLE,
  VALUE_SIZE,
  VALUE_TAG,
  WELL_KNOWN_STRINGS,
} from './layout';
import type { Pace, Steps } from './steps';

/** The word at `position` is an address inside the block that begins at `block`, or just behind it. */
export type VisitReference = (position: number, block: number) => void;

export function kindOf(i32: Int32Array, block: number): number {
  return (i32[block] >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK;
}

export function wordsOf(i32: Int32Array, block: number): number {
  return (i32[block] >>> HEADER_GRANULES_SHIFT) * GRANULE;
}

/** The blocks that are not free, in their order. */
export function* blocksOf(i32: Int32Array, pace: Pace): Steps<number[]> {
  const blocks: number[] = [];
  for (let block: number = HEADER.SIZE; block < i32[HEADER.TOP]; block += wordsOf(i32, block)) {
    if (kindOf(i32, block) !== KIND_FREE) blocks.push(block);
    if (pace.isOver()) yield;
  }
  return blocks;
}

/** Words of the header that refer to something, the table of strings excepted. */
const HEADER_WORDS: readonly number[] = [
  HEADER.THREAD,
  HEADER.MAIN_THREAD,
  HEADER.FINALISER,
  HEADER.PARTS,
  ...Array.from({ length: TAG_COUNT }, (_, tag) => HEADER.METATABLES + tag),
  ...WELL_KNOWN_STRINGS.map((_, index) => HEADER.STRINGS_WELL_KNOWN + index),
];

/** The references of the header. */
export function headerReferences(i32: Int32Array, visit: VisitReference): void {
  for (const word of HEADER_WORDS) if (i32[word] !== 0) visit(word, i32[word]);
  for (const slot of [HEADER.ERROR, HEADER.GLOBALS, HEADER.REGISTRY]) visitSlot(i32, slot, visit);
}

/** The references of a block, those to itself too. Links between strings of a bucket are none. */
export function blockReferences(i32: Int32Array, block: number, visit: VisitReference): void {
  const end = block + wordsOf(i32, block);
  switch (kindOf(i32, block)) {
    case KIND_TABLE:
      visitTable(i32, block, visit);
      break;
    case KIND_ARRAY:
    case KIND_REGISTERS:
      for (let slot = block + BLOCK_HEADER_WORDS; slot < end; slot += VALUE_SIZE) visitSlot(i32, slot, visit);
      break;
    case KIND_NODES:
      for (let node = block + BLOCK_HEADER_WORDS; node < end; node += NODE_SIZE) {
        visitSlot(i32, node, visit);
        visitSlot(i32, node + NODE_KEY, visit);
        if (i32[node + NODE_NEXT] !== 0) visit(node + NODE_NEXT, block);
      }
      break;
    case KIND_CLOSURE:
      for (let index = 0; index < i32[block + CLOSURE_UPVALUE_COUNT]; index++) {
        visit(block + CLOSURE_UPVALUES + index, i32[block + CLOSURE_UPVALUES + index]);
      }
      break;
    case KIND_UPVALUE:
      visit(block + UPVALUE_POINTER, block);
      visitSlot(i32, block + UPVALUE_VALUE, visit);
      break;
    case KIND_THREAD:
      for (const word of [THREAD_FRAMES, THREAD_FRAMES_END, THREAD_FRAME]) {
        visit(block + word, i32[block + THREAD_FRAMES] - BLOCK_HEADER_WORDS);
      }
      for (const word of [THREAD_STACK, THREAD_STACK_END, THREAD_STACK_HIGH]) {
        visit(block + word, i32[block + THREAD_STACK] - BLOCK_HEADER_WORDS);
      }
      break;
    case KIND_USERDATA:
      if (i32[block + USERDATA_TABLE] !== 0) visit(block + USERDATA_TABLE, i32[block + USERDATA_TABLE]);
      break;
    default:
  }
}

function visitTable(i32: Int32Array, table: number, visit: VisitReference): void {
  if (i32[table + TABLE_METATABLE] !== 0) visit(table + TABLE_METATABLE, i32[table + TABLE_METATABLE]);
  if (i32[table + TABLE_ARRAY_SIZE] > 0) visit(table + TABLE_ARRAY, i32[table + TABLE_ARRAY]);
  const nodes = i32[table + TABLE_NODES];
  visit(table + TABLE_NODES, nodes === table + TABLE_DUMMY_NODE ? table : nodes - BLOCK_HEADER_WORDS);
}

function visitSlot(i32: Int32Array, slot: number, visit: VisitReference): void {
  const tag = i32[slot + VALUE_TAG];
  if (tag >= TAG_FIRST_REFERENCE && tag < TAG_COUNT) visit(slot, i32[slot]);
}
