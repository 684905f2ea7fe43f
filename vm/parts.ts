// Parts of a library that lie outside of the heap until somebody looks into one of their tables. Such a table sleeps: it is
// empty, and its metatable is the one of HEADER.PARTS, which is nobody's and has no entries. All tables of a part wake
// together, by a charged copy of the part's objects into the heap. Only then does anybody see more of them than their identity;
// whatever reads or writes a table's entries or its metatable asks first. image-parts.ts makes parts.
import { allocate, comeToNothing } from './allocator';
import type { Context } from './context';
import { failCorrupt, isBlock } from './heap-checks';
import { kindOf, wordsOf } from './heap-references';
import {
  CLOSURE_FUNCTION,
  HEADER,
  KIND_CLOSURE,
  KIND_STRING,
  KIND_TABLE,
  STRING_BYTES,
  STRING_LENGTH,
  TABLE_METATABLE,
  TABLE_SIZE,
} from './layout';
import type { LibraryPart, Program } from './program';
import { newString } from './strings';

/** Words of a reference in LibraryPart.references. */
export const PART_REFERENCE_WORDS = 4;

/** Words of a part that are copied for one instruction, as a power of two. */
const WORDS_SHIFT = 3;

/** Whether the table at `table` sleeps. */
export function isAsleep(context: Context, table: number): boolean {
  const { i32, mask } = context;
  const marker = i32[HEADER.PARTS];
  return marker !== 0 && i32[(table + TABLE_METATABLE) & mask] === marker;
}

/**
 * Wakes a sleeping table, and those of its part. False with `context.failure` (see allocate), and then nothing has changed.
 * Charged by the part's size. Replaces the context's views.
 */
export function wake(context: Context, table: number): boolean {
  const part = context.program.parts.find(({ tables }) => tables.includes(table));
  if (part === undefined) return failCorrupt(context) !== 0;
  context.fuel = (context.fuel - (part.words.length >>> WORDS_SHIFT)) | 0;
  const debt = context.i32[HEADER.DEBT];
  if (!placeObjects(context, part)) return comeToNothing(context, debt);
  const { i32 } = context;
  const { words, references } = part;
  for (let at = 0; at < words.length; at += wordsOf(words, at)) {
    const address = addresses[at];
    if (address === 0 || kindOf(words, at) === KIND_STRING) continue;
    // The header stays: it has the colour of what is new.
    for (let word = 1; word < wordsOf(words, at); word++) i32[address + word] = words[at + word];
  }
  for (let index = 0; index < references.length; index += PART_REFERENCE_WORDS) {
    const object = addresses[references[index]];
    const target = addresses[references[index + 2]];
    if (object !== 0) i32[object + references[index + 1]] = target + references[index + 3];
  }
  return true;
}

/**
 * By the position in a part's words of each object, its address; 0 for a table that is not there any more. Kept, since V8 takes a
 * new array as an occasion to collect for some milliseconds, when a large heap has made its memory outside of its own heap much.
 */
let addresses = new Int32Array(0);

/** Room for a part's objects in the heap, which `addresses` tells. Strings are complete. False with `context.failure`. */
function placeObjects(context: Context, { tables, words }: LibraryPart): boolean {
  if (addresses.length < words.length) addresses = new Int32Array(words.length);
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  for (let at = 0, index = 0; at < words.length; at += wordsOf(words, at), index++) {
    if (index < tables.length) {
      const table = tables[index];
      const isThere = isBlock(context, table, KIND_TABLE, TABLE_SIZE) && isAsleep(context, table);
      addresses[at] = isThere ? table : 0;
      continue;
    }
    const kind = kindOf(words, at);
    const start = (at + STRING_BYTES) * 4;
    const address =
      kind === KIND_STRING
        ? newString(context, bytes, start, start + words[at + STRING_LENGTH])
        : allocate(context, wordsOf(words, at), kind);
    if (address === 0) return false;
    addresses[at] = address;
  }
  return true;
}

/** Whether a function's closure belongs to a part: it is the library's own as much as those of the image. */
export function isPartFunction({ parts }: Program, index: number): boolean {
  return parts.some(({ words }) => {
    for (let at = 0; at < words.length; at += wordsOf(words, at)) {
      if (kindOf(words, at) === KIND_CLOSURE && words[at + CLOSURE_FUNCTION] === index) return true;
    }
    return false;
  });
}
