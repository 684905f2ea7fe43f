import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate, release } from '../../vm/allocator';
import { collect, startCollection } from '../../vm/collector';
import type { Context } from '../../vm/context';
import { pushFrame } from '../../vm/frames';
import {
  FRAME_BASE,
  FRAME_CLOSURE,
  FRAME_EXTRA,
  FRAME_TOP,
  HEADER,
  KIND_FREE,
  KIND_STRING,
  KIND_TABLE,
  KIND_WINDOW,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  THREAD_STACK,
  VALUE_SIZE,
  VALUE_TAG,
} from '../../vm/layout';
import { MINIMUM_THRESHOLD_WORDS } from '../../vm/limits';
import {
  FLAG_VALUE,
  FLAG_VARARG,
  FUNCTION_END,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_WORDS,
  type Program,
} from '../../vm/program';
import { FUEL } from '../../vm/signals';
import { newLongString, newString } from '../../vm/strings';
import { findOrInsertInteger, newTable } from '../../vm/tables';
import { writeReference } from '../../vm/values';
import { bareContext, EMPTY_PROGRAM, register } from '../support/bare-context';
import { checkHeap, heapBlocks } from '../support/heap-check';
import { grow, reachableBlocks } from '../support/object-graph';
import { Random } from '../support/random';

const PLENTY = 1 << 30;

/** Collects in slices of `slice` instructions. Returns what it cost. */
function collectAll(context: Context, slice = PLENTY): number {
  startCollection(context);
  let cost = 0;
  for (;;) {
    context.fuel = slice;
    const isDone = collect(context);
    cost += slice - context.fuel;
    if (isDone) break;
    assert.is(context.failure, FUEL);
  }
  context.fuel = PLENTY;
  return cost;
}

/** The addresses of all blocks that are not free, owned ones too. */
function used(context: Context): number[] {
  return [...heapBlocks(context).values()].filter((block) => block.kind !== KIND_FREE).map((block) => block.address);
}

function growMany(seed: number, steps: number, collectOneIn: number): Context {
  const context = bareContext();
  const random = new Random(seed);
  for (let step = 0; step < steps; step++) {
    grow(context, random);
    if (collectOneIn > 0 && random.oneIn(collectOneIn)) collectAll(context);
  }
  return context;
}

test('what survives is what can be reached, unchanged, and nothing else', () => {
  for (let seed = 0; seed < 150; seed++) {
    const context = growMany(seed, 300, 50);
    const expected = reachableBlocks(context);
    assert.equal(checkHeap(context), [], `seed ${seed}, before`);
    collectAll(context);
    assert.equal(reachableBlocks(context), expected, `seed ${seed}`);
    assert.equal(
      used(context),
      [...expected.keys()].sort((a, b) => a - b),
      `seed ${seed}`,
    );
    assert.equal(checkHeap(context), [], `seed ${seed}, after`);
    const words = used(context).reduce((sum, address) => sum + heapBlocks(context).get(address)!.words, 0);
    assert.is(context.i32[HEADER.LIVE], words);
    context.dispose();
  }
});

test('slices change neither the heap that is left nor the cost', () => {
  for (let seed = 0; seed < 12; seed++) {
    const reference = growMany(seed, 800, 0);
    const cost = collectAll(reference);
    for (const slice of [1, 2, 3, 7, 100]) {
      const context = growMany(seed, 800, 0);
      assert.is(collectAll(context, slice), cost, `seed ${seed}, slice ${slice}`);
      const top = reference.i32[HEADER.TOP];
      assert.is(Buffer.compare(reference.u8.subarray(0, top * 4), context.u8.subarray(0, top * 4)), 0);
    }
  }
});

test('a collection at every step of building loses nothing', () => {
  for (let seed = 0; seed < 10; seed++) {
    const context = bareContext();
    context.collectAlways = true;
    const random = new Random(seed);
    for (let step = 0; step < 300; step++) {
      grow(context, random);
      const expected = reachableBlocks(context);
      collectAll(context, 5);
      assert.equal(reachableBlocks(context), expected, `seed ${seed}, step ${step}`);
    }
    assert.is(context.i32[HEADER.THRESHOLD], 0);
    assert.equal(checkHeap(context), []);
  }
});

test('what is freed is used again: a heap that is renewed for ever does not grow', () => {
  const context = bareContext(256 << 10);
  const random = new Random(1);
  for (let round = 0; round < 400; round++) {
    for (let step = 0; step < 100; step++) grow(context, random);
    for (let index = 0; index < 8; index++) writeReference(context, register(context, random.below(30)), TAG_NIL, 0);
    collectAll(context);
  }
  assert.equal(checkHeap(context), []);
  assert.ok(context.peakWords * 4 <= 256 << 10);
});

test('neighbouring free blocks become one, and the frontier comes down', () => {
  const context = bareContext();
  collectAll(context);
  const top = context.i32[HEADER.TOP];
  const blocks = Array.from({ length: 50 }, () => allocate(context, 40, KIND_STRING));
  for (const block of blocks) context.i32.fill(0, block + 1, block + 4);
  writeReference(context, register(context, 0), TAG_LONG_STRING, newLongString(context, 100));
  release(context, blocks[7]!);
  collectAll(context);
  const free = [...heapBlocks(context).values()].filter((block) => block.kind === KIND_FREE && block.address >= top);
  assert.is(free.length, 1);
  assert.is(free[0]!.words, 50 * 40);
  assert.is(allocate(context, 50 * 40, KIND_STRING), free[0]!.address);
  context.i32.fill(0, free[0]!.address + 1, free[0]!.address + 4);
  writeReference(context, register(context, 0), TAG_NIL, 0);
  collectAll(context);
  assert.ok(context.i32[HEADER.TOP] <= top);
  assert.equal(checkHeap(context), []);
});

test('live words set the threshold of the next collection, and the debt is paid', () => {
  const context = bareContext();
  collectAll(context);
  assert.is(context.i32[HEADER.THRESHOLD], MINIMUM_THRESHOLD_WORDS);
  writeReference(context, register(context, 0), TAG_TABLE, newTable(context, 20_000, 0));
  assert.ok(context.i32[HEADER.DEBT] > 80_000);
  collectAll(context);
  assert.is(context.i32[HEADER.DEBT], 0);
  assert.is(context.i32[HEADER.THRESHOLD], context.i32[HEADER.LIVE]);
  assert.ok(context.i32[HEADER.LIVE] > 80_000);
});

test('a large table is scanned in many slices, each of a bounded size', () => {
  const context = bareContext();
  const table = newTable(context, 100_000, 0);
  writeReference(context, register(context, 0), TAG_TABLE, table);
  for (let index = 1; index <= 100_000; index += 1000) {
    const slot = findOrInsertInteger(context, table, index, 0);
    writeReference(context, slot, TAG_TABLE, newTable(context, 0, 0));
  }
  startCollection(context);
  let slices = 0;
  do {
    context.fuel = 100;
    slices++;
  } while (!collect(context) && context.fuel > -50);
  assert.ok(slices > 500 && slices < 600, `${slices}`);
  assert.is(used(context).length, [...reachableBlocks(context).keys()].length);
});

test('dead short strings leave the string table, and come back as new objects', () => {
  const context = bareContext();
  const names = Array.from({ length: 500 }, (_, index) => Buffer.from(`name ${index}`));
  const before = context.i32[HEADER.STRING_COUNT];
  const intern = (): number[] => names.map((name) => newString(context, name, 0, name.length));
  const first = intern();
  writeReference(context, register(context, 0), TAG_SHORT_STRING, first[77]!);
  collectAll(context);
  assert.is(context.i32[HEADER.STRING_COUNT], before + 1);
  assert.is(intern()[77], first[77]);
  assert.equal(checkHeap(context), []);
});

test('strings of the image and the linear memory stay, reached or not; other objects of the image do not', () => {
  const context = bareContext();
  const table = newTable(context, 3, 3);
  const string = newString(context, Buffer.from('constant'), 0, 8);
  context.i32[HEADER.IMAGE_END] = context.i32[HEADER.TOP];
  const window = allocate(context, 1000, KIND_WINDOW);
  const garbage = newTable(context, 0, 0);
  newString(context, Buffer.from('garbage'), 0, 7);
  collectAll(context);
  const blocks = heapBlocks(context);
  assert.not.ok(blocks.get(table)?.kind === KIND_TABLE);
  assert.is(blocks.get(string)?.kind, KIND_STRING);
  assert.is(blocks.get(window)?.kind, KIND_WINDOW);
  assert.not.ok(blocks.has(garbage));
  assert.is(newString(context, Buffer.from('constant'), 0, 8), string);
  assert.equal(checkHeap(context), []);
});

test('while an image is made, the constants of the program are roots', () => {
  const constants = new Int32Array(8);
  const context = bareContext(16 << 20, { ...EMPTY_PROGRAM, constants, constantCount: 2 });
  constants[4] = newString(context, Buffer.from('constant'), 0, 8);
  constants[4 + VALUE_TAG] = TAG_SHORT_STRING;
  newString(context, Buffer.from('garbage'), 0, 7);
  const count = context.i32[HEADER.STRING_COUNT];
  collectAll(context, 1);
  assert.is(context.i32[HEADER.STRING_COUNT], count - 1);
  assert.is(newString(context, Buffer.from('constant'), 0, 8), constants[4]);
});

// --- frames ---

const VALUE_FUNCTION = 0;
const TYPED_FUNCTION = 1;
/** Words of the registers of either. */
const WORDS = 4 * VALUE_SIZE;

function programWithFrames(): Program {
  const functions = new Int32Array(2 << FUNCTION_ROW_SHIFT);
  for (const index of [VALUE_FUNCTION, TYPED_FUNCTION]) {
    functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_END] = 1;
    functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_WORDS] = WORDS;
  }
  functions[(VALUE_FUNCTION << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS] = FLAG_VALUE | FLAG_VARARG;
  return { ...EMPTY_PROGRAM, code: new Int32Array(1), functions, functionCount: 2 };
}

/** A thread with frames of the functions given, one above the other; `stackAt(word)` is a word address in its stack. */
function contextWithFrames(functions: readonly number[]): { context: Context; stackAt: (word: number) => number } {
  const context = bareContext(16 << 20, programWithFrames());
  const thread = context.i32[HEADER.MAIN_THREAD];
  assert.ok(context.loadThread());
  context.i32[context.frame + FRAME_TOP] = 0;
  for (const [depth, index] of functions.entries()) pushFrame(context, index, VALUE_SIZE + depth * WORDS, 0, 0);
  return { context, stackAt: (word) => context.i32[thread + THREAD_STACK] + word };
}

function putTable(context: Context, slot: number): number {
  const table = newTable(context, 0, 0);
  writeReference(context, slot, TAG_TABLE, table);
  return table;
}

test('registers of value frames are roots, those of typed frames are not even looked at', () => {
  const { context, stackAt } = contextWithFrames([VALUE_FUNCTION, TYPED_FUNCTION, VALUE_FUNCTION]);
  const kept = [VALUE_SIZE, WORDS, VALUE_SIZE + 2 * WORDS, 3 * WORDS].map((word) => putTable(context, stackAt(word)));
  const floor = putTable(context, stackAt(0));
  context.i32.fill(0x7fffffff, stackAt(VALUE_SIZE + WORDS), stackAt(VALUE_SIZE + 2 * WORDS));
  context.i32[stackAt(VALUE_SIZE + WORDS)] = 12_345;
  context.i32[stackAt(VALUE_SIZE + WORDS + VALUE_TAG)] = TAG_TABLE;
  const garbage = newTable(context, 0, 0);
  collectAll(context, 1);
  const blocks = heapBlocks(context);
  for (const table of [...kept, floor]) assert.is(blocks.get(table)?.kind, KIND_TABLE);
  assert.is.not(blocks.get(garbage)?.kind, KIND_TABLE);
  assert.is(context.i32[stackAt(VALUE_SIZE + WORDS + 7)], 0x7fffffff);
});

test('what lies above the current frame is set to nil, up to the end of the stack', () => {
  for (const top of [VALUE_FUNCTION, TYPED_FUNCTION]) {
    const { context, stackAt } = contextWithFrames([VALUE_FUNCTION, top]);
    const end = VALUE_SIZE + 2 * WORDS;
    const stale = putTable(context, stackAt(end));
    context.i32[stackAt(end + WORDS)] = -1;
    collectAll(context, 1);
    assert.is(heapBlocks(context).get(stale)?.kind === KIND_TABLE, false);
    for (let word = end; stackAt(word) < context.stackEnd; word++) assert.is(context.i32[stackAt(word)], 0);
  }
});

test('a top above the frame, extra arguments below it and the closure are roots', () => {
  const { context, stackAt } = contextWithFrames([TYPED_FUNCTION, VALUE_FUNCTION]);
  const { i32 } = context;
  const extra = 2;
  i32[context.frame + FRAME_BASE] += extra * VALUE_SIZE;
  i32[context.frame + FRAME_EXTRA] = extra;
  const base = i32[context.frame + FRAME_BASE];
  const kept = [base - 2 * VALUE_SIZE, base - VALUE_SIZE, base + WORDS, base + WORDS + VALUE_SIZE];
  const tables = kept.map((word) => putTable(context, stackAt(word)));
  i32[context.frame + FRAME_TOP] = base + WORDS + 2 * VALUE_SIZE;
  const closure = allocate(context, 4, 5);
  i32.fill(0, closure + 1, closure + 4);
  i32[context.frame + FRAME_CLOSURE] = closure;
  collectAll(context, 1);
  for (const table of tables) assert.is(heapBlocks(context).get(table)?.kind, KIND_TABLE);
  assert.is(heapBlocks(context).get(closure)?.kind, 5);
  assert.equal(checkHeap(context), []);
});

test.run();
