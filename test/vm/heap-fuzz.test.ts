// Heaps with random words overwritten, tags, headers, links and header words above all: whatever is then done with their
// strings, tables and the collector ends in an answer or in HEAP_CORRUPT, charged, without an exception.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collect, startCollection } from '../../vm/collector';
import { Context } from '../../vm/context';
import { Trap } from '../../vm/errors';
import { HEADER, TAG_COUNT, TAG_TABLE, VALUE_SIZE, VALUE_TAG } from '../../vm/layout';
import { RegionPool } from '../../vm/regions';
import { FUEL, MEMORY, THROW, TRAP } from '../../vm/signals';
import {
  compareStrings,
  finishString,
  newLongString,
  newString,
  newStringFromHeap,
  stringHash,
  stringTag,
} from '../../vm/strings';
import { ENTRY_FOUND, findOrInsert, getSlot, newTable, nextEntry, reserveArray, tableLength } from '../../vm/tables';
import { copyValue, rawEqual, writeInteger, writeReference } from '../../vm/values';
import { bareContext, EMPTY_PROGRAM, REGISTERS, register } from '../support/bare-context';
import { heapBlocks } from '../support/heap-check';
import { grow } from '../support/object-graph';
import { Random } from '../support/random';

const RUNS = 20_000;
const MEMORY_LIMIT = 256 << 10;
/** Fuel for one step: what it may overshoot is bounded by the region's size. */
const STEP_FUEL = 2_000;
const DEEPEST_DEBT = -2_000_000;

interface Sample {
  readonly words: Int32Array;
  /** Addresses of blocks, and of the words that matter most. */
  readonly blocks: readonly number[];
  readonly registers: number;
}

function makeSample(seed: number): Sample {
  const context = bareContext();
  const random = new Random(seed);
  for (let step = 0; step < 250; step++) grow(context, random);
  if (seed % 2 === 1) {
    startCollection(context);
    collect(context);
  }
  if (seed % 4 === 2) {
    startCollection(context);
    context.fuel = random.below(600);
    collect(context);
  }
  const words = context.i32.slice(0, context.i32[HEADER.TOP]);
  return { words, blocks: [...heapBlocks(context).keys()], registers: register(context, 0) };
}

const pool = new RegionPool();

function copySample(sample: Sample): Context {
  const context = new Context(EMPTY_PROGRAM, pool, MEMORY_LIMIT, pool.take(sample.words.length));
  context.i32.set(sample.words);
  context.peakWords = sample.words.length;
  return context;
}

function corrupt(context: Context, sample: Sample, random: Random): void {
  const { i32 } = context;
  for (let count = random.between(1, 6); count > 0; count--) {
    const block = random.pick(sample.blocks);
    const address = random.pick([
      random.below(HEADER.SIZE),
      block,
      block + random.below(12),
      block + 4 + random.below(8) * VALUE_SIZE + VALUE_TAG,
      sample.registers + random.below(REGISTERS * VALUE_SIZE),
      random.below(sample.words.length),
    ]);
    const value = random.pick([
      random.int32(),
      random.pick(sample.blocks),
      random.pick(sample.blocks) + random.below(8),
      random.below(TAG_COUNT + 2),
      i32[address & context.mask] ^ (1 << random.below(32)),
      i32[random.below(sample.words.length)],
      i32.length - random.below(16),
    ]);
    i32[address & context.mask] = value;
  }
}

/** Does one thing with the values in two registers. */
function act(context: Context, registers: number, random: Random): void {
  const { i32 } = context;
  const slot = registers + random.below(REGISTERS - 4) * VALUE_SIZE;
  const other = registers + random.below(REGISTERS - 4) * VALUE_SIZE;
  const result = registers + (REGISTERS - 4) * VALUE_SIZE;
  const object = i32[slot];
  switch (random.below(14)) {
    case 0:
      startCollection(context);
      break;
    case 1:
      collect(context);
      break;
    case 2:
    case 3: {
      const found = findOrInsert(context, object, other);
      if (found !== 0) copyValue(context, found, other);
      else assert.ok([THROW, MEMORY, TRAP].includes(context.failure));
      break;
    }
    case 4:
      writeInteger(context, result, random.int32(), random.pick([0, -1]));
      if (findOrInsert(context, object, result) === 0) assert.ok([THROW, MEMORY, TRAP].includes(context.failure));
      break;
    case 5: {
      const found = getSlot(context, object, other);
      assert.ok(found >= 0 && (found & 3) === 0 && found < context.i32.length);
      break;
    }
    case 6:
      copyValue(context, result, other);
      for (let count = 0; count < 20 && nextEntry(context, object, result, result) === ENTRY_FOUND; count++);
      break;
    case 7:
      assert.ok(tableLength(context, object) >= 0);
      break;
    case 8:
      if (!reserveArray(context, object, random.below(200))) assert.ok([MEMORY, TRAP].includes(context.failure));
      break;
    case 9:
      compareStrings(context, object, i32[other], 0);
      compareStrings(context, object, i32[other], result);
      break;
    case 10:
      stringHash(context, object);
      rawEqual(context, slot, other, 0);
      break;
    case 11: {
      const bytes = random.bytes(random.below(60));
      const string = newString(context, bytes, 0, bytes.length);
      if (string !== 0) writeReference(context, slot, stringTag(bytes.length), string);
      break;
    }
    case 12: {
      newStringFromHeap(context, random.int32(), random.below(100));
      const built = newLongString(context, random.below(50));
      if (built !== 0) finishString(context, random.oneIn(2) ? built : object);
      break;
    }
    default: {
      const table = newTable(context, random.below(8), random.below(8));
      if (table !== 0) writeReference(context, slot, TAG_TABLE, table);
    }
  }
}

test(`${RUNS} corrupted heaps end in answers, and are charged for what they do`, () => {
  const samples = Array.from({ length: 24 }, (_, seed) => makeSample(seed));
  const outcomes = { unsound: 0, trap: 0, done: 0, fuel: 0 };
  for (let run = 0; run < RUNS; run++) {
    const random = new Random(run);
    const sample = samples[run % samples.length]!;
    const context = copySample(sample);
    corrupt(context, sample, random);
    // A slice begins with this check; but a guest's own stores may spoil the header later, so it is not always made.
    if (random.oneIn(2) && !context.loadThread()) {
      assert.is(context.trap, Trap.HEAP_CORRUPT);
      outcomes.unsound++;
    } else outcomes[use(context, sample.registers, random, run)]++;
    // What a corrupted heap has written may lie anywhere in its region.
    context.peakWords = context.i32.length;
    context.dispose();
  }
  assert.ok(outcomes.trap > RUNS / 20, JSON.stringify(outcomes));
  assert.ok(outcomes.done > RUNS / 20, JSON.stringify(outcomes));
});

function use(context: Context, registers: number, random: Random, run: number): 'trap' | 'done' | 'fuel' {
  try {
    for (let count = 0; count < 6; count++) {
      context.fuel = STEP_FUEL;
      act(context, registers, random);
      assert.ok(context.fuel > DEEPEST_DEBT, `${context.fuel}`);
    }
    startCollection(context);
    for (let slice = 0; slice < 20; slice++) {
      context.fuel = STEP_FUEL;
      context.failure = -1;
      if (collect(context)) return 'done';
      assert.ok(context.failure === FUEL || context.failure === TRAP);
      if (context.failure === FUEL) continue;
      assert.is(context.trap, Trap.HEAP_CORRUPT);
      return 'trap';
    }
    return 'fuel';
  } catch (error) {
    throw new Error(`run ${run}: ${(error as Error).stack}`);
  }
}

test.run();
