import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Share } from '../../vm/fair-queue';
import { RegionCleaner } from '../../vm/region-cleaner';
import { LARGEST_POOLED_WORDS, Region, RegionPool } from '../../vm/regions';
import { READY } from '../../vm/scheduler';

const LARGE = LARGEST_POOLED_WORDS * 8;

/** A pool, its cleaner, and whether that has asked for a turn. */
function makePool() {
  const pool = new RegionPool();
  const asked: unknown[] = [];
  const cleaner = new RegionCleaner(pool, new Share(null), (task) => asked.push(task));
  return { pool, cleaner, asked };
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
  const { pool, cleaner, asked } = makePool();
  const region = pool.take(LARGE);
  const dirty = LARGEST_POOLED_WORDS * 2;
  region.i32.fill(7, 0, dirty);
  pool.give(region, dirty);
  assert.equal(asked, [cleaner]);
  const other = pool.take(LARGE);
  assert.is.not(other, region, 'it is not clean yet');
  let turns = 1;
  while (cleaner.run() === READY) turns++;
  assert.is(turns, dirty / (1 << 16));
  assert.is(pool.take(LARGE), region);
  assert.ok(region.i32.every((word) => word === 0));
});

test('a large region is taken by those who want its size, and no other', () => {
  const { pool, cleaner } = makePool();
  const region = pool.take(LARGE);
  pool.give(region, 5);
  cleaner.run();
  assert.is.not(pool.take(LARGE / 2), region);
  assert.is(pool.take(LARGE), region);
});

test('what is kept is bounded, by its size and by what of it was written', () => {
  const { pool, asked } = makePool();
  pool.give(pool.take(1 << 25), (1 << 24) + 1);
  assert.is(asked.length, 0, 'more than 64 MiB were written');
  const regions = Array.from({ length: 5 }, () => pool.take(1 << 23));
  for (const region of regions) pool.give(region, 0);
  assert.is(asked.length, 4);
  assert.is(pool.keptBytes, 128 << 20);
});

test('a pool for several threads has shared memory only, whatever the size of a region, and tells V8 of as much', () => {
  const shared = new RegionPool({ isShared: true });
  const [small, large] = [shared.take(1024), shared.take(LARGE)];
  assert.ok(small.buffer instanceof SharedArrayBuffer && large.buffer instanceof SharedArrayBuffer);
  assert.equal([small.weight, large.weight?.byteLength], [null, LARGE * 4]);
  const visitor = new Region(large.buffer, large.byteOffset, large.words, false, true);
  assert.is(visitor.weight, null, 'it is told once');
});

test.run();
