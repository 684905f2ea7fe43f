// Waiting contexts keep only what differs from their image, and go on as if nothing had been.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../host/core/index';
import { freezeHeap, thawHeap } from '../../vm/frozen-heap';
import { until } from '../support/condition';

test('any heap comes back from its image and what differs, and equal parts cost next to nothing', () => {
  const word = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 200 }),
      fc.array(fc.tuple(fc.nat(255), word), { maxLength: 20 }),
      fc.nat(256),
      (imageWords, changes, top) => {
        const image = Int32Array.from(imageWords);
        const heap = new Int32Array(256);
        heap.set(image);
        for (const [index, value] of changes) heap[index] = value;
        const frozen = freezeHeap(heap, top, image);
        assert.ok(frozen.length <= Math.ceil(top / 512) + 16 * changes.length);
        const back = new Int32Array(256);
        thawHeap(frozen, back, top, image);
        assert.equal(back.subarray(0, top), heap.subarray(0, top));
      },
    ),
  );
});

/** More than keep their regions while they wait. */
const MANY = 1500;

test('thousands that wait come to the same results and counts, keep no region, and say where they stood', async () => {
  const host = await createHost({ training: false });
  const waiting: ((value: number) => void)[] = [];
  const fn = await host.deploy({
    name: 'waiter',
    language: 'lua',
    source: `
      local n = ...
      local t = {}
      for i = 1, 20 do t[i] = ("item"):rep(i % 5) .. i end
      local co = coroutine.wrap(function() local x = coroutine.yield(wait(n)) return x + #t[20] end)
      return co() + co(n)`,
    functions: { wait: () => new Promise((resolve) => waiting.push(resolve)) },
  });
  const executions = Array.from({ length: MANY }, (_, index) => fn.execute(index));
  await until(() => waiting.length === MANY);
  executions[0]!.cancel();
  const { status, error } = await executions[0]!;
  assert.is(status, 'cancelled');
  // The host function's own frame is the innermost.
  assert.is(error?.stack[1]?.line, 5);
  assert.is(await executions[1]!.suspend(), true);
  const bytes = await executions[1]!.snapshot();
  executions[1]!.resume();
  for (const [index, answer] of waiting.entries()) answer(index);
  const results = await Promise.all(executions.slice(1));
  const counts = new Set(results.map(({ usage }) => `${usage.instructions} ${usage.memoryPeakBytes}`));
  assert.is(counts.size, 1);
  for (const [index, { value }] of results.entries()) assert.is(value, 2 * (index + 1) + 2);
  // It waits for an answer that nobody gives: the call is not asked again.
  const restored = await host.restore(bytes);
  assert.is(restored.error?.message.includes('interrupted'), true);
  await host.close();
});

test.run();
