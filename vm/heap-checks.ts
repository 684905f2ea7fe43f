// What must hold before heap words are believed: an address that is a block of a kind and a size. Heap words may be
// anything at all; a failed check is answered by TRAP with HEAP_CORRUPT, never by an exception.
import type { Context } from './context';
import { Trap } from './errors';
import {
  BLOCK_HEADER_WORDS,
  GRANULE,
  HEADER,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_ARRAY,
  KIND_NODES,
  KIND_TABLE,
  NODE_SIZE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_SIZE,
  VALUE_SIZE,
} from './layout';
import { TRAP } from './signals';

/** Sets `failure` to TRAP and `trap` to HEAP_CORRUPT. Returns 0, the address of nothing. */
export function failCorrupt(context: Context): number {
  context.failure = TRAP;
  context.trap = Trap.HEAP_CORRUPT;
  return 0;
}

/** Whether a block of `kind` and at least `words` words begins at `address`. */
export function isBlock(context: Context, address: number, kind: number, words: number): boolean {
  const i32 = context.i32;
  if (address < HEADER.SIZE || address >= i32.length || (address & (GRANULE - 1)) !== 0) return false;
  const header = i32[address];
  if (((header >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK) !== kind) return false;
  const size = (header >>> HEADER_GRANULES_SHIFT) * GRANULE;
  return size >= words && address + size <= i32[HEADER.TOP] && address + size <= i32.length;
}

/**
 * Whether a table, its array and its nodes are what they should be, so that their words may be walked without masks:
 * all indices below ARRAY_SIZE + 1 and NODE_MASK + 1 lie inside the region. Keys, values and links may be anything.
 */
export function isSoundTable(context: Context, table: number): boolean {
  if (!isBlock(context, table, KIND_TABLE, TABLE_SIZE)) return false;
  const i32 = context.i32;
  const size = i32[table + TABLE_ARRAY_SIZE];
  if (size !== 0) {
    if (size < 0 || !isBlock(context, i32[table + TABLE_ARRAY], KIND_ARRAY, BLOCK_HEADER_WORDS + size * VALUE_SIZE)) {
      return false;
    }
  }
  const nodeMask = i32[table + TABLE_NODE_MASK];
  const nodes = i32[table + TABLE_NODES];
  if (nodes === table + TABLE_DUMMY_NODE) return nodeMask === 0;
  if (nodeMask < 0 || (nodeMask & (nodeMask + 1)) !== 0) return false;
  return isBlock(context, nodes - BLOCK_HEADER_WORDS, KIND_NODES, BLOCK_HEADER_WORDS + (nodeMask + 1) * NODE_SIZE);
}
