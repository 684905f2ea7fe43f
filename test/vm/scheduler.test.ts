// Turns are fair, waiting is free, and the event loop gets its turn.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ENDED, type EventLoop, READY, Scheduler, type Task, WAITING } from '../../vm/scheduler';

/** An event loop in the test's hands: time passes when told to. */
class FakeLoop implements EventLoop {
  time = 0;
  yields = 0;
  private callbacks: (() => void)[] = [];

  now(): number {
    return this.time;
  }

  yieldToHost(callback: () => void): void {
    this.yields++;
    this.callbacks.push(callback);
  }

  /** Runs what stands in the loop once; false when nothing does. */
  turn(): boolean {
    const callbacks = this.callbacks;
    this.callbacks = [];
    for (const callback of callbacks) callback();
    return callbacks.length > 0;
  }

  drain(): void {
    while (this.turn());
  }
}

function taskOf(run: (slice: number, now: number) => number): Task {
  return { isQueued: false, spent: 0, run };
}

test('gives every task its slice in turn', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop, { sliceInstructions: 7 });
  const turns: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    let left = 3;
    scheduler.schedule(
      taskOf((slice) => {
        turns.push(`${name}${slice}`);
        return --left === 0 ? ENDED : READY;
      }),
    );
  }
  loop.drain();
  assert.is(turns.join(' '), 'a7 b7 c7 a7 b7 c7 a7 b7 c7');
});

test('keeps the order when more tasks come than the ring held', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop);
  const turns: number[] = [];
  for (let number = 0; number < 100; number++) {
    let left = 2;
    scheduler.schedule(
      taskOf(() => {
        turns.push(number);
        return --left === 0 ? ENDED : READY;
      }),
    );
  }
  loop.drain();
  const once = Array.from({ length: 100 }, (_, number) => number);
  assert.equal(turns, [...once, ...once]);
});

test('hands the event loop back after each burst', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop, { burstMs: 3 });
  let turns = 0;
  scheduler.schedule(
    taskOf(() => {
      loop.time += 1;
      return ++turns === 10 ? ENDED : READY;
    }),
  );
  loop.turn();
  assert.is(turns, 3);
  loop.turn();
  assert.is(turns, 6);
  loop.drain();
  assert.is(turns, 10);
});

test('asks nothing of the host while every task waits', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop);
  let runs = 0;
  const task = taskOf(() => (++runs === 1 ? WAITING : ENDED));
  scheduler.schedule(task);
  loop.drain();
  assert.is(runs, 1);
  const { yields } = loop;
  assert.is(loop.turn(), false);
  assert.is(loop.yields, yields);
  scheduler.schedule(task);
  loop.drain();
  assert.is(runs, 2);
});

test('gives a task that is scheduled twice one turn', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop);
  let runs = 0;
  const task = taskOf(() => {
    runs++;
    return WAITING;
  });
  scheduler.schedule(task);
  scheduler.schedule(task);
  loop.drain();
  assert.is(runs, 1);
});

test('makes turns smaller while they take long, and larger again', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop, { sliceInstructions: 8000, burstMs: 1000 });
  const slices: number[] = [];
  scheduler.schedule(
    taskOf((slice) => {
      slices.push(slice);
      loop.time += slices.length <= 5 ? 2 : 0.1;
      return slices.length === 10 ? ENDED : READY;
    }),
  );
  loop.drain();
  assert.equal(slices, [8000, 4000, 2000, 1000, 1000, 1000, 2000, 4000, 8000, 8000]);
});

test('tells each turn what time it is', () => {
  const loop = new FakeLoop();
  const scheduler = new Scheduler(loop, { burstMs: 100 });
  const times: number[] = [];
  scheduler.schedule(
    taskOf((_, now) => {
      times.push(now);
      loop.time += 2;
      return times.length === 3 ? ENDED : READY;
    }),
  );
  loop.drain();
  assert.equal(times, [0, 2, 4]);
});

test.run();
