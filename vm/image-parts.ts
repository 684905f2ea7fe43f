// The end of an image's making: its objects move together, so that no hole is left, and the parts of the library that the
// program does not name leave the heap (parts.ts). A part is what only its tables lead to.
import type { Context } from './context';
import { InternalError } from './errors';
import { blockReferences, blocksOf, headerReferences, kindOf, wordsOf } from './heap-references';
import {
  BLOCK_HEADER_WORDS,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  HEADER,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_SHIFT,
  KIND_ARRAY,
  KIND_CLOSURE,
  KIND_NODES,
  KIND_STRING,
  KIND_STRING_TABLE,
  KIND_TABLE,
  KIND_UPVALUE,
  KIND_USERDATA,
  NODE_KEY,
  NODE_SIZE,
  SHORT_STRING_BYTES,
  STRING_HASH,
  STRING_LENGTH,
  STRING_NEXT,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BORDER,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODES,
  TAG_CLOSURE,
  TAG_FIRST_REFERENCE,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_USERDATA,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { PART_REFERENCE_WORDS } from './parts';
import { CONSTANT_WORDS, type LibraryPart, type MutableProgram } from './program';
import { clearInSteps, copyInSteps, Pace, type Steps } from './steps';

/** Owners of blocks beside the parts, which are numbered from FIRST_PART on. */
const NOBODY = 0;
const IMAGE = 1;
const FIRST_PART = 2;

/**
 * Moves the heap of an image together and takes out the library's parts, but for those that a constant of the program names.
 * Right behind a collection. The program's constants follow.
 */
export function* settleImage(context: Context, program: MutableProgram): Steps<readonly LibraryPart[]> {
  const { i32 } = context;
  const parts: number[][] = [];
  for (const tables of readParts(i32)) if (!(yield* isNamed(i32, tables, program))) parts.push(tables);
  if (parts.length === 0) i32[HEADER.PARTS] = 0;
  const settling = new Settling(i32, program, parts);
  const settled = yield* settling.settle();
  yield* clearInSteps(i32, HEADER.SIZE, i32[HEADER.TOP]);
  yield* copyInSteps(settled, settled.length, i32, 0);
  if (!context.loadThread()) throw new InternalError('the heap of an image is not sound');
  return settling.parts;
}

/** The lists of tables that the library has given to `part`, which the marker has until now. */
function readParts(i32: Int32Array): number[][] {
  const marker = i32[HEADER.PARTS];
  if (marker === 0) return [];
  const lists = elementsOf(i32, marker).map((list) => elementsOf(i32, list));
  i32[marker + TABLE_ARRAY] = 0;
  i32[marker + TABLE_ARRAY_SIZE] = 0;
  i32[marker + TABLE_BORDER] = 0;
  return lists;
}

/** The tables in the array part of a table. */
function elementsOf(i32: Int32Array, table: number): number[] {
  const elements: number[] = [];
  for (let index = 1; index <= i32[table + TABLE_ARRAY_SIZE]; index++) {
    const slot = i32[table + TABLE_ARRAY] + index * VALUE_SIZE;
    if (i32[slot + VALUE_TAG] === TAG_TABLE) elements.push(i32[slot]);
  }
  return elements;
}

/** Whether a constant of the program is the name of a global variable that has one of the tables. */
function* isNamed(
  i32: Int32Array,
  tables: readonly number[],
  { constants, constantCount }: MutableProgram,
): Steps<boolean> {
  const nodes = i32[i32[HEADER.GLOBALS] + TABLE_NODES] - BLOCK_HEADER_WORDS;
  const names = new Set<number>();
  for (let node = nodes + BLOCK_HEADER_WORDS; node < nodes + wordsOf(i32, nodes); node += NODE_SIZE) {
    if (i32[node + VALUE_TAG] === TAG_TABLE && tables.includes(i32[node])) names.add(i32[node + NODE_KEY]);
  }
  const pace = new Pace(STEP_CONSTANTS);
  for (let at = 0; at < constantCount * CONSTANT_WORDS; at += CONSTANT_WORDS) {
    if (constants[at + VALUE_TAG] === TAG_SHORT_STRING && names.has(constants[at])) return true;
    if (pace.isOver()) yield;
  }
  return false;
}

/** Constants, and blocks, that are looked at in one step. */
const STEP_CONSTANTS = 4096;
const STEP_BLOCKS = 1024;

class Settling {
  readonly parts: LibraryPart[] = [];
  /** By block, as an index of granules: whose it is; and where it will lie. */
  private readonly owners: Uint8Array;
  private readonly places: Int32Array;
  private blocks: readonly number[] = [];
  /** What parts refer to outside of themselves: it must not be collected while one of them sleeps. */
  private readonly pins = new Set<number>();
  private readonly sleeping: ReadonlySet<number>;

  constructor(
    private readonly i32: Int32Array,
    private readonly program: MutableProgram,
    private readonly tables: readonly (readonly number[])[],
  ) {
    this.owners = new Uint8Array(i32[HEADER.TOP] >>> 2);
    this.places = new Int32Array(i32[HEADER.TOP] >>> 2);
    this.sleeping = new Set(tables.flat());
  }

  /** The words of the heap as it will be. */
  *settle(): Steps<Int32Array> {
    const pace = new Pace(STEP_BLOCKS);
    this.blocks = yield* blocksOf(this.i32, pace);
    yield* this.findOwners(pace);
    const kept: number[] = [];
    const strings: number[] = [];
    let top: number = HEADER.SIZE;
    for (const block of this.blocks) {
      if (pace.isOver()) yield;
      if (this.ownerOf(block) !== IMAGE) continue;
      kept.push(block);
      if (this.isShortString(block)) strings.push(block);
      this.places[block >>> 2] = top;
      top += wordsOf(this.i32, block);
    }
    this.makeParts();
    const pins = this.pinWords(top);
    const table = top + pins.length;
    const buckets = bucketsFor(strings.length);
    const words = new Int32Array(table + BLOCK_HEADER_WORDS + buckets);
    words.set(this.i32.subarray(0, HEADER.SIZE));
    words.fill(0, HEADER.BINS, HEADER.BINS + HEADER.BIN_COUNT);
    words.fill(0, HEADER.BIN_MAP, HEADER.BIN_MAP + 2);
    words.fill(0, HEADER.LARGE_MAP, HEADER.LARGE_BINS + HEADER.LARGE_BIN_COUNT);
    words.set(pins, top);
    headerReferences(this.i32, (position, block) => {
      words[position] = this.i32[position] - block + this.placeOf(block);
    });
    for (const block of kept) {
      this.copyBlock(block, words);
      if (pace.isOver(1 + (wordsOf(this.i32, block) >>> 6))) yield;
    }
    if (pins.length > 0) this.hangPins(words, top);
    words[table] = header(BLOCK_HEADER_WORDS + buckets, KIND_STRING_TABLE);
    for (const string of strings) {
      linkString(words, this.placeOf(string), table, buckets);
      if (pace.isOver()) yield;
    }
    words[HEADER.STRINGS] = table;
    words[HEADER.STRING_BUCKETS] = buckets;
    words[HEADER.STRING_COUNT] = strings.length;
    words[HEADER.TOP] = words.length;
    words[HEADER.LIVE] = words.length - HEADER.SIZE;
    yield* this.moveConstants(pace);
    return words;
  }

  private ownerOf(block: number): number {
    return this.owners[block >>> 2];
  }

  private placeOf(block: number): number {
    return this.places[block >>> 2];
  }

  private isShortString(block: number): boolean {
    return kindOf(this.i32, block) === KIND_STRING && this.i32[block + STRING_LENGTH] <= SHORT_STRING_BYTES;
  }

  // --- whose is what ---

  /** Strings are nobody's in parts: each part that needs one has a copy. */
  private *findOwners(pace: Pace): Steps<void> {
    headerReferences(this.i32, (_, block) => this.claim(block, IMAGE));
    for (const at of this.references()) {
      this.claim(this.program.constants[at], IMAGE);
      if (pace.isOver()) yield;
    }
    this.tables.forEach((tables, number) => {
      for (const table of tables) {
        // A table that nothing leads to would be collected.
        if (this.ownerOf(table) !== IMAGE) throw new InternalError('a table of a part that nothing else leads to');
        blockReferences(this.i32, table, (_, block) => this.claim(block, FIRST_PART + number));
      }
    });
  }

  /** Makes all that a block leads to an owner's; of what another part leads to as well, the image is the owner. */
  private claim(first: number, owner: number): void {
    const pending: number[] = [];
    const visit = (block: number, claimed: number): void => {
      const before = this.ownerOf(block);
      if (before === IMAGE || before === claimed) return;
      if (claimed !== IMAGE && kindOf(this.i32, block) === KIND_STRING) return;
      this.owners[block >>> 2] = before === NOBODY ? claimed : IMAGE;
      pending.push(block);
    };
    visit(first, owner);
    while (pending.length > 0) {
      const block = pending.pop()!;
      // What lies behind a sleeping table is its part's.
      if (this.sleeping.has(block)) continue;
      blockReferences(this.i32, block, (_, target) => visit(target, this.ownerOf(block)));
    }
  }

  /** Where the program's constants are that refer to something. */
  private *references(): Generator<number, void> {
    const { constants, constantCount } = this.program;
    for (let at = 0; at < constantCount * CONSTANT_WORDS; at += CONSTANT_WORDS) {
      if (constants[at + VALUE_TAG] >= TAG_FIRST_REFERENCE) yield at;
    }
  }

  private *moveConstants(pace: Pace): Steps<void> {
    const { constants } = this.program;
    for (const at of this.references()) {
      constants[at] = this.placeOf(constants[at]);
      if (pace.isOver()) yield;
    }
  }

  // --- the image ---

  private copyBlock(block: number, words: Int32Array): void {
    const { i32 } = this;
    const to = this.placeOf(block);
    if (this.sleeping.has(block)) {
      words[to] = i32[block];
      words[to + TABLE_METATABLE] = this.placeOf(i32[HEADER.PARTS]);
      words[to + TABLE_NODES] = to + TABLE_DUMMY_NODE;
      return;
    }
    if (kindOf(i32, block) === KIND_NODES) this.checkKeys(block);
    words.set(i32.subarray(block, block + wordsOf(i32, block)), to);
    blockReferences(i32, block, (position, target) => {
      words[to + position - block] = i32[position] - target + this.placeOf(target);
    });
  }

  /** Objects as keys lie where their addresses have them, so a table with such keys cannot move. */
  private checkKeys(nodes: number): void {
    const { i32 } = this;
    for (let node = nodes + BLOCK_HEADER_WORDS; node < nodes + wordsOf(i32, nodes); node += NODE_SIZE) {
      if (i32[node + VALUE_TAG] !== TAG_NIL && i32[node + NODE_KEY + VALUE_TAG] >= TAG_TABLE) {
        throw new InternalError('an initialiser has left a table with an object as a key');
      }
    }
  }

  // --- parts ---

  private makeParts(): void {
    this.tables.forEach((tables, number) => {
      const objects = [...tables, ...this.blocks.filter((block) => this.ownerOf(block) === FIRST_PART + number)];
      this.parts.push(this.makePart(tables, objects));
    });
  }

  private makePart(tables: readonly number[], owned: readonly number[]): LibraryPart {
    const { i32 } = this;
    const objects = [...owned];
    const positions = new Map<number, number>();
    let size = 0;
    for (const block of objects) {
      positions.set(block, size);
      size += wordsOf(i32, block);
      blockReferences(i32, block, (_, target) => {
        const isOwnString = kindOf(i32, target) === KIND_STRING && this.ownerOf(target) !== IMAGE;
        if (isOwnString && !objects.includes(target)) objects.push(target);
      });
    }
    const words = new Int32Array(size);
    const references: number[] = [];
    for (const block of objects) {
      const at = positions.get(block)!;
      if (kindOf(i32, block) === KIND_NODES) this.checkKeys(block);
      words.set(i32.subarray(block, block + wordsOf(i32, block)), at);
      blockReferences(i32, block, (position, target) => {
        const distance = i32[position] - target;
        const known = positions.get(target);
        if (known === undefined) words[at + position - block] = this.pin(target) + distance;
        else references.push(at, position - block, known, distance);
      });
    }
    if (references.length % PART_REFERENCE_WORDS !== 0) throw new InternalError('references of a part');
    if (tables.length > 1) for (const table of tables) this.pins.add(table);
    return {
      tables: Int32Array.from(tables, (table) => this.placeOf(table)),
      words,
      references: Int32Array.from(references),
    };
  }

  /** Where an object of the image will lie that a part refers to. Its strings and its globals always stay. */
  private pin(block: number): number {
    const isSafe = kindOf(this.i32, block) === KIND_STRING || block === this.i32[HEADER.GLOBALS];
    if (!isSafe) this.pins.add(block);
    return this.placeOf(block);
  }

  /** An array for the marker with the pinned objects, and with a closure whose upvalues the pinned upvalues are. */
  private pinWords(start: number): Int32Array {
    const pinned = [...this.pins];
    const upvalues = pinned.filter((block) => kindOf(this.i32, block) === KIND_UPVALUE);
    const objects = pinned.filter((block) => kindOf(this.i32, block) !== KIND_UPVALUE);
    if (pinned.length === 0) return new Int32Array(0);
    const slots = objects.length + (upvalues.length > 0 ? 1 : 0);
    const arrayWords = BLOCK_HEADER_WORDS + slots * VALUE_SIZE;
    const closureWords = upvalues.length === 0 ? 0 : (CLOSURE_UPVALUES + upvalues.length + 3) & ~3;
    const words = new Int32Array(arrayWords + closureWords);
    words[0] = header(arrayWords, KIND_ARRAY);
    objects.forEach((block, index) => {
      words[(index + 1) * VALUE_SIZE] = this.placeOf(block);
      words[(index + 1) * VALUE_SIZE + VALUE_TAG] = this.tagOf(block);
    });
    if (upvalues.length > 0) {
      words[slots * VALUE_SIZE] = start + arrayWords;
      words[slots * VALUE_SIZE + VALUE_TAG] = TAG_CLOSURE;
      words[arrayWords] = header(closureWords, KIND_CLOSURE);
      words[arrayWords + CLOSURE_UPVALUE_COUNT] = upvalues.length;
      upvalues.forEach((block, index) => {
        words[arrayWords + CLOSURE_UPVALUES + index] = this.placeOf(block);
      });
    }
    return words;
  }

  private tagOf(block: number): number {
    const kind = kindOf(this.i32, block);
    if (kind === KIND_TABLE) return TAG_TABLE;
    if (kind === KIND_CLOSURE) return TAG_CLOSURE;
    if (kind === KIND_USERDATA) return TAG_USERDATA;
    throw new InternalError('a part of a library refers to what is no value');
  }

  /** Gives the marker the array of pins at `array`. */
  private hangPins(words: Int32Array, array: number): void {
    const marker = words[HEADER.PARTS];
    const size = (words[array] >>> HEADER_GRANULES_SHIFT) - 1;
    words[marker + TABLE_ARRAY] = array;
    words[marker + TABLE_ARRAY_SIZE] = size;
    words[marker + TABLE_BORDER] = size;
  }
}

function header(words: number, kind: number): number {
  return ((words >>> 2) << HEADER_GRANULES_SHIFT) | (kind << HEADER_KIND_SHIFT);
}

/** Fewest buckets that the table of strings may have. */
const LEAST_BUCKETS = 16;

/** As many as there would be after so many strings were made, one after the other (strings.ts). */
function bucketsFor(strings: number): number {
  return 1 << (32 - Math.clz32(Math.max(strings - 1, LEAST_BUCKETS - 1)));
}

function linkString(words: Int32Array, string: number, table: number, buckets: number): void {
  const bucket = table + BLOCK_HEADER_WORDS + (words[string + STRING_HASH] & (buckets - 1));
  words[string + STRING_NEXT] = words[bucket];
  words[bucket] = string;
}
