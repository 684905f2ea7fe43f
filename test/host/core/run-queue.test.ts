// Whose turn it is: newcomers before those who have used their turns, and neither for ever.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NewcomersFirst } from '../../../host/core/run-queue';
import type { Task } from '../../../vm/index';

function task(name: string): Task & { readonly name: string } {
  return { name, isQueued: false, run: () => 0 };
}

/** Takes `count` tasks; those that `isEndless` come back at once, as after a turn. */
function take(queue: NewcomersFirst, count: number, isEndless = (name: string) => name.startsWith('loop')): string[] {
  return Array.from({ length: count }, () => {
    const taken = queue.take() as ReturnType<typeof task> | undefined;
    if (taken !== undefined && isEndless(taken.name)) queue.add(taken);
    return taken?.name ?? '-';
  });
}

test('a newcomer need not wait for all that run', () => {
  const queue = new NewcomersFirst();
  for (const name of ['loop1', 'loop2', 'loop3']) queue.add(task(name));
  take(queue, 10);
  const round = take(queue, 3);
  assert.equal([...round].sort(), ['loop1', 'loop2', 'loop3']);
  assert.equal(take(queue, 3), round);
  queue.add(task('short'));
  assert.equal(take(queue, 4), ['short', ...round]);
});

test('a flood of newcomers leaves every second turn to the others', () => {
  const queue = new NewcomersFirst();
  queue.add(task('loop1'));
  queue.add(task('loop2'));
  take(queue, 9);
  for (let index = 0; index < 5; index++) queue.add(task(`short${index}`));
  const order = take(queue, 10);
  assert.is(order.filter((name) => name.startsWith('loop')).length, 5);
  for (let index = 1; index < 9; index++) assert.is.not(order[index]!.slice(0, 4), order[index - 1]!.slice(0, 4));
});

test('newcomers come in their order, and nobody twice', () => {
  const queue = new NewcomersFirst();
  for (const name of ['a', 'b', 'c']) queue.add(task(name));
  assert.equal(take(queue, 5), ['a', 'b', 'c', '-', '-']);
  queue.add(task('d'));
  assert.equal(take(queue, 2), ['d', '-']);
});

test.run();
