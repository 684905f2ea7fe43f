import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Share } from '../../vm/fair-queue';
import { RegionCleaner } from '../../vm/region-cleaner';
import { LARGEST_POOLED_WORDS, type Region, RegionPool } from '../../vm/regions';
import { READY } from '../../vm/scheduler';

const LARGE = LARGEST_POOLED_WORDS * 8;

/** A pool, its cleaner, and whether that has asked for a turn. */
function makePool() {
  const pool = new RegionPool();
  const asked: unknown[] = [];
  const cleaner = new RegionCleaner(pool, new Share(null), (task) => asked.push(task));
  return { pool, cleaner, asked };
}

/** A large region that V8 knows of. */
function takeKnown({ pool, cleaner, asked }: ReturnType<typeof makePool>, words: number): Region {
  const region = pool.take(words);
  while (cleaner.run() === READY);
  asked.length = 0;
  return region;
}

test('a small region is zero behind what is kept when it is taken again', () => {
  const { pool } = makePool();
  const region = pool.take(1000);
  region.i32.fill(7, 0, 600);
  pool.give(region, 600);
  const again = pool.take(1000, 10);
  assert.is(again, region);
  assert.equal([again.i32[9], again.i32[10], again.i32[599]], [7, 0, 0]);
});

test('a large region is cleaned in turns of bounded size, and only then used again', () => {
  const made = makePool();
  const { pool, cleaner, asked } = made;
  const region = takeKnown(made, LARGE);
  const dirty = LARGEST_POOLED_WORDS * 2;
  region.i32.fill(7, 0, dirty);
  pool.give(region, dirty);
  assert.equal(asked, [cleaner]);
  const other = pool.take(LARGE);
  assert.is.not(other, region, 'it is not clean yet');
  let turns = 1;
  while (cleaner.run() === READY) turns++;
  assert.is(turns, 1 + dirty / (1 << 16), 'and one for the other, of which V8 is told');
  assert.is(pool.take(LARGE), region);
  assert.ok(region.i32.every((word) => word === 0));
});

test('a large region is taken by those who want its size, and no other', () => {
  const made = makePool();
  const { pool, cleaner } = made;
  const region = takeKnown(made, LARGE);
  pool.give(region, 5);
  cleaner.run();
  assert.is.not(pool.take(LARGE / 2), region);
  assert.is(pool.take(LARGE), region);
});

test('what is kept is bounded, by its size and by what of it was written', () => {
  const made = makePool();
  const { pool, asked } = made;
  pool.give(takeKnown(made, 1 << 25), (1 << 24) + 1);
  assert.is(asked.length, 0, 'more than 64 MiB were written');
  const regions = Array.from({ length: 5 }, () => takeKnown(made, 1 << 23));
  for (const region of regions) pool.give(region, 0);
  assert.is(asked.length, 4);
  assert.is(pool.keptBytes, 128 << 20);
});

test('a pool for several threads has shared memory only, whatever the size of a region, and tells V8 of as much', () => {
  const shared = new RegionPool({ isShared: true });
  const [small, large] = [shared.take(1024), shared.take(LARGE)];
  assert.ok(small.buffer instanceof SharedArrayBuffer && large.buffer instanceof SharedArrayBuffer);
  assert.equal([small.weight, large.weight?.byteLength], [null, LARGE * 4]);
});

test('V8 is told of a large region in a turn of its own, once', () => {
  const { pool, cleaner, asked } = makePool();
  const [small, large] = [pool.take(1024), pool.take(LARGE)];
  assert.ok(small.buffer instanceof ArrayBuffer && large.buffer instanceof SharedArrayBuffer);
  assert.is(large.weight, null, 'nobody waits until it begins to collect');
  assert.equal(asked, [cleaner]);
  assert.is.not(cleaner.run(), READY);
  const { weight } = large;
  assert.is(weight?.byteLength, LARGE * 4);
  pool.give(large, 0);
  assert.is.not(cleaner.run(), READY);
  assert.is(pool.take(LARGE).weight, weight);
});

test.run();
