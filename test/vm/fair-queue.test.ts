// Time is divided by weight: between tenants, then their functions, then the calls of each; sleep earns nothing.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FairQueue, type FairTask, Share } from '../../vm/fair-queue';

function task(share: Share, name = '', weight = 1): FairTask & { readonly name: string } {
  return { name, share, weight, pass: 0, isQueued: false, spent: 0, run: () => 0 };
}

/** `turns` turns of `slice` instructions; everybody has work without end. Instructions by task. */
function serve(queue: FairQueue, turns: number, slice = 1000): Map<FairTask, number> {
  const had = new Map<FairTask, number>();
  for (let turn = 0; turn < turns; turn++) {
    const taken = queue.take()!;
    had.set(taken, (had.get(taken) ?? 0) + slice);
    queue.settle(taken, slice);
    queue.add(taken);
  }
  return had;
}

test('tenants have equal parts, however many loops each has', () => {
  const queue = new FairQueue();
  const [many, one] = [new Share(queue.root), new Share(queue.root)];
  for (let index = 0; index < 1000; index++) queue.add(task(many));
  const single = task(one);
  queue.add(single);
  assert.is(serve(queue, 1000).get(single), 500_000);
});

test('weights count between tenants, functions and calls', () => {
  const queue = new FairQueue();
  const [heavy, light] = [new Share(queue.root, 3), new Share(queue.root, 1)];
  const [first, second] = [new Share(heavy, 1), new Share(heavy, 2)];
  const tasks = [task(first), task(second, '', 1), task(second, '', 4), task(new Share(light))];
  for (const each of tasks) queue.add(each);
  const had = serve(queue, 12_000);
  const parts = tasks.map((each) => had.get(each)! / 12_000_000);
  const expected = [0.75 / 3, (0.75 * 2) / 3 / 5, (0.75 * 2 * 4) / 3 / 5, 0.25];
  for (const [index, part] of parts.entries()) assert.ok(Math.abs(part - expected[index]!) < 0.005, parts.join());
});

test('who has slept begins where the others stand', () => {
  const queue = new FairQueue();
  const [busy, sleeper] = [new Share(queue.root), new Share(queue.root)];
  const [loop, late] = [task(busy), task(sleeper)];
  queue.add(loop);
  serve(queue, 1000);
  queue.add(late);
  const had = serve(queue, 100);
  assert.ok(Math.abs(had.get(late)! - 50_000) <= 1000, String(had.get(late)));
});

test('a newcomer of a function goes before its loops, and a flood of them takes every second turn only', () => {
  const queue = new FairQueue();
  const share = new Share(new Share(queue.root));
  const loops = [task(share, 'loop'), task(share, 'loop')];
  for (const loop of loops) queue.add(loop);
  serve(queue, 10);
  for (let index = 0; index < 5; index++) queue.add(task(share, 'short'));
  const order = Array.from({ length: 10 }, () => {
    const taken = queue.take() as ReturnType<typeof task>;
    queue.settle(taken, 1000);
    if (taken.name === 'loop') queue.add(taken);
    return taken.name;
  });
  assert.is(order.filter((name) => name === 'short').length, 5);
  assert.is(order[0], 'short');
  for (let index = 1; index < 10; index++) assert.is.not(order[index], order[index - 1]);
});

test('nobody is lost and nobody comes twice, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(5000)), { maxLength: 200 }), (steps) => {
      const queue = new FairQueue();
      const shares = Array.from({ length: 4 }, () => new Share(queue.root));
      const functions = shares.map((share) => Array.from({ length: 4 }, () => new Share(share)));
      let inside = 0;
      for (const [tenant, fn, spent] of steps) {
        queue.add(task(functions[tenant]![fn]!));
        inside++;
        if (spent % 3 !== 0) continue;
        const taken = queue.take()!;
        queue.settle(taken, spent);
        if (spent % 2 === 0) queue.add(taken);
        else inside--;
      }
      const left = new Set<FairTask>();
      for (let taken = queue.take(); taken !== undefined; taken = queue.take()) {
        left.add(taken);
        queue.settle(taken, 1);
      }
      assert.is(left.size, inside);
    }),
  );
});

test.run();
