// Budgets: every limit admits what is under and at it and refuses what is over, at every level, and then charges nobody.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Budget, type Counted } from '../../vm/budget';
import { LIMITS, SHARED_LIMIT_NAMES } from '../../vm/meter';
import type { Clock } from '../../vm/waiting-line';

class ManualClock implements Clock {
  time = 0;
  readonly timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  startTimer(milliseconds: number, callback: () => void): () => void {
    this.timers.push({ at: this.time + milliseconds, callback });
    return () => {};
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of this.timers.splice(0)) {
      if (timer.at <= this.time) timer.callback();
      else this.timers.push(timer);
    }
  }
}

const COUNTED = SHARED_LIMIT_NAMES.filter((name) => ['total', 'held'].includes(LIMITS[name].kind)) as Counted[];

for (const name of COUNTED) {
  test(`${name}: under and at the limit is admitted, over it is refused and charged to nobody`, () => {
    for (const level of ['tenant', 'invocation'] as const) {
      const clock = new ManualClock();
      const tenant = Budget.create('tenant', level === 'tenant' ? { [name]: 10 } : {}, {}, null, clock);
      const leaf = Budget.create('invocation', level === 'invocation' ? { [name]: 10 } : {}, {}, tenant, clock);
      assert.is(leaf.charge(name, 9), null);
      assert.is(leaf.left(name), 1);
      assert.is(leaf.exhausted(name), null);
      assert.is(leaf.charge(name, 1), null);
      assert.is(leaf.exhausted(name)?.budget.level, level);
      const refusal = leaf.charge(name, 1)!;
      assert.equal([refusal.budget.level, refusal.name, refusal.limit, refusal.used], [level, name, 10, 10]);
      assert.equal([leaf.used[name], tenant.used[name]], [10, 10]);
      refusal.budget.refill({ [name]: 1 });
      assert.is(leaf.charge(name, 1), null);
      leaf.release(name, 5);
      assert.equal([leaf.used[name], tenant.used[name]], [6, 6]);
    }
  });
}

const RATED: readonly [Counted, 'instructionsPerSecond' | 'networkInBytesPerSecond' | 'networkOutBytesPerSecond'][] = [
  ['instructions', 'instructionsPerSecond'],
  ['networkInBytes', 'networkInBytesPerSecond'],
  ['networkOutBytes', 'networkOutBytesPerSecond'],
];
for (const [name, rate] of RATED) {
  test(`${rate}: what a second brings may come at once, then only as it comes`, () => {
    const clock = new ManualClock();
    const budget = Budget.create('tenant', { [rate]: 1000 }, {}, null, clock);
    assert.is(budget.charge(name, 1000), null);
    assert.is(budget.charge(name, 1)?.name, rate);
    clock.advance(100);
    assert.is(budget.charge(name, 101)?.name, rate);
    assert.is(budget.charge(name, 100), null);
    let admitted = 0;
    budget.wait(rate, () => admitted++);
    clock.advance(5);
    assert.is(admitted, 0);
    clock.advance(10);
    assert.is(admitted, 1);
  });
}

test('what is larger than a burst is let in when the bucket is full, and waited for afterwards', () => {
  const clock = new ManualClock();
  const budget = Budget.create('tenant', { networkInBytesPerSecond: 100 }, {}, null, clock);
  assert.is(budget.charge('networkInBytes', 250), null);
  clock.advance(1500);
  assert.is(budget.charge('networkInBytes', 1)?.name, 'networkInBytesPerSecond');
  clock.advance(20);
  assert.is(budget.charge('networkInBytes', 1), null);
});

test('what others give back lets the first in line in', () => {
  const budget = Budget.create('tenant', { openRequests: 1 }, { openRequests: 'throttle' }, null, new ManualClock());
  budget.charge('openRequests', 1);
  const order: string[] = [];
  for (const who of ['first', 'second']) budget.wait('openRequests', () => order.push(who));
  budget.release('openRequests', 1);
  assert.equal(order, ['first']);
});

/** Holds `amount` of the tenant's memory as soon as it can; then says so. `woken` is told of each time that it is let in. */
function hold(budget: Budget, amount: number, held: () => void, woken: () => void = () => {}): void {
  const refusal = budget.charge('memoryBytes', amount);
  if (refusal === null) held();
  else {
    const again = () => {
      woken();
      hold(budget, amount, held, woken);
    };
    refusal.budget.wait(refusal.name, again, refusal.amount);
  }
}

test('of a thousand that wait for memory each is woken once: in its turn, when there is room for it', () => {
  const budget = Budget.create('tenant', { memoryBytes: 100 }, { memoryBytes: 'suspend' }, null, new ManualClock());
  for (let index = 0; index < 10; index++) budget.charge('memoryBytes', 10);
  const order: number[] = [];
  let count = 0;
  for (let index = 0; index < 1000; index++) {
    hold(
      budget,
      10,
      () => order.push(index),
      () => count++,
    );
  }
  for (let turn = 1; turn <= 1000; turn++) {
    budget.release('memoryBytes', 4);
    assert.is(order.length, turn - 1, 'there is no room for one');
    budget.release('memoryBytes', 6);
    assert.equal([order.length, count, budget.used.memoryBytes], [turn, turn, 100]);
  }
  assert.equal(order, [...Array(1000).keys()]);
});

test('one that wants much is passed by those for whom there is room, and keeps its place', () => {
  const budget = Budget.create('tenant', { memoryBytes: 100 }, { memoryBytes: 'suspend' }, null, new ManualClock());
  budget.charge('memoryBytes', 100);
  const order: string[] = [];
  const sizes = { large: 60, small: 10, 'as large': 60, 'as small': 10, last: 1 };
  for (const [who, size] of Object.entries(sizes)) hold(budget, size, () => order.push(who));
  budget.release('memoryBytes', 20);
  assert.equal(order, ['small', 'as small']);
  budget.release('memoryBytes', 59);
  assert.equal(order, ['small', 'as small', 'last']);
  budget.release('memoryBytes', 2);
  assert.equal(order, ['small', 'as small', 'last', 'large']);
  budget.change({ memoryBytes: 159 });
  budget.change({ memoryBytes: 160 });
  assert.equal(order, ['small', 'as small', 'last', 'large', 'as large']);
});

test('one that finds room here but none above waits there, and keeps nobody here from having its own', () => {
  const clock = new ManualClock();
  const policies = { memoryBytes: 'suspend' } as const;
  const tenant = Budget.create('tenant', { memoryBytes: 100 }, policies, null, clock);
  const [full, other] = [60, 40].map((memoryBytes) =>
    Budget.create('function', { memoryBytes }, policies, tenant, clock),
  );
  full!.charge('memoryBytes', 60);
  other!.charge('memoryBytes', 40);
  const order: string[] = [];
  hold(full!, 20, () => order.push('first'));
  hold(full!, 5, () => order.push('second'));
  tenant.change({ memoryBytes: 80 });
  full!.release('memoryBytes', 30);
  assert.equal([order, full!.used.memoryBytes, tenant.used.memoryBytes], [['second'], 35, 75]);
  other!.release('memoryBytes', 14);
  assert.equal(order, ['second']);
  other!.release('memoryBytes', 1);
  assert.equal([order, full!.used.memoryBytes, tenant.used.memoryBytes], [['second', 'first'], 55, 80]);
});

test('an invocation that another pays counts for both functions, its time for its own only', () => {
  const clock = new ManualClock();
  const tenant = Budget.create('tenant', {}, {}, null, clock);
  const [callerFunction, callee] = ['a', 'b'].map(() => Budget.create('function', {}, {}, tenant, clock));
  const caller = Budget.create('invocation', { instructions: 100 }, {}, callerFunction!, clock);
  const nested = Budget.create('invocation', {}, {}, callee!.nestedIn(caller), clock);
  assert.is(nested.charge('instructions', 100), null);
  assert.is(nested.charge('wallTimeMs', 7), null);
  const used = [callee!, caller, callerFunction!, tenant].map(({ used: all }) => [all.instructions, all.wallTimeMs]);
  assert.equal(used, [
    [100, 7],
    [100, 0],
    [100, 0],
    [100, 0],
  ]);
  assert.is(nested.charge('instructions', 1)?.budget.level, 'invocation');
});

/** Lets the time go by in steps, as timers see it. */
function pass(clock: ManualClock, milliseconds: number): void {
  for (let step = 0; step < milliseconds; step++) clock.advance(1);
}

/** Charges until it is admitted; then says so. */
function knock(budget: Budget, amount: number, admitted: () => void): void {
  const refusal = budget.charge('networkInBytes', amount);
  if (refusal === null) admitted();
  else refusal.budget.wait(refusal.name, () => knock(budget, amount, admitted));
}

test('several that wait at one rate are let in one after the other, as tokens come, with one timer', () => {
  const time = new ManualClock();
  const tenant = Budget.create('tenant', { networkInBytesPerSecond: 1000 }, {}, null, time);
  const functions = [0, 1].map(() => Budget.create('function', {}, {}, tenant, time));
  assert.is(tenant.charge('networkInBytes', 1000), null, 'what a second brings may come at once');
  const order: number[] = [];
  for (let index = 0; index < 6; index++) knock(functions[index % 2]!, 100, () => order.push(index));
  assert.equal([order, time.timers.length], [[], 1]);
  pass(time, 99);
  assert.equal(order, []);
  for (let count = 1; count <= 6; count++) {
    pass(time, count === 1 ? 12 : 100);
    assert.equal(order, [0, 1, 2, 3, 4, 5].slice(0, count));
  }
  assert.is(time.timers.length, 0);
  assert.equal([tenant.used.networkInBytes, functions[0]!.used.networkInBytes], [1600, 300]);
});

test('a large one is not passed by small ones for ever, and one that gives up makes room', () => {
  const time = new ManualClock();
  const budget = Budget.create('function', { networkInBytesPerSecond: 1000 }, {}, null, time);
  budget.charge('networkInBytes', 1000);
  const order: string[] = [];
  knock(budget, 5000, () => order.push('larger than the bucket'));
  const refusal = budget.charge('networkInBytes', 10)!;
  const giveUp = refusal.budget.wait(refusal.name, () => order.push('gone'));
  giveUp();
  pass(time, 1100);
  assert.equal(order, ['larger than the bucket'], 'it is let in when the bucket is full, and owes the rest');
  knock(budget, 10, () => order.push('small'));
  pass(time, 3000);
  assert.is(order.length, 1);
  pass(time, 1200);
  assert.equal(order, ['larger than the bucket', 'small']);
});

test("instructions that a turn in another thread may use are nobody else's, and not used, until it has ended", () => {
  const time = new ManualClock();
  const budget = { instructions: 1000, instructionsPerSecond: 5000, instructionsBurst: 1200 };
  const tenant = Budget.create('tenant', budget, {}, null, time);
  const invocation = () => Budget.create('invocation', {}, {}, tenant, time);
  const [one, other, waiter] = [invocation(), invocation(), invocation()];
  one.lend(999);
  assert.is(other.instructionsNow(0), 1);
  other.lend(1);
  assert.is(other.instructionsNow(0), 0);
  assert.is(one.instructionsNow(0), 0);
  assert.is(other.refusal('instructions', 1, 0), null, 'there may be more when one of them is back');
  let told = 0;
  waiter.awaitReturn(() => told++);
  const stop = waiter.awaitReturn(() => assert.unreachable('it gave up'));
  stop();
  one.add('instructions', 400, 0);
  one.takeBack(999);
  assert.is(told, 1);
  assert.is(other.instructionsNow(0), 599);
  other.takeBack(1);
  assert.is(told, 1, 'who was told waits no longer');
  assert.equal([tenant.used.instructions, other.instructionsNow(0)], [400, 600]);
  other.add('instructions', 600, 0);
  assert.is(other.refusal('instructions', 1, 0)?.name, 'instructions');
});

test.run();
