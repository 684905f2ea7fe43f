// Works in steps of which one is done after the other.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Steps } from '../../vm/index';
import { StepsLine } from '../../vm/steps-line';

/** Notes each of its steps, and its end. */
function* counted(log: string[], name: string, count: number, failure?: Error): Steps<string> {
  try {
    for (let step = 1; step <= count; step++) {
      log.push(`${name}${step}`);
      if (step < count) yield;
    }
    if (failure !== undefined) throw failure;
    return name;
  } finally {
    log.push(`/${name}`);
  }
}

test('whoever takes a step takes one of the first that is not done', () => {
  const log: string[] = [];
  const line = new StepsLine<string>();
  const [a, b] = [line.add(counted(log, 'a', 3)), line.add(counted(log, 'b', 2))];
  assert.ok(line.isEmpty, 'nothing has begun');
  assert.is(a.next().done, false);
  assert.is(b.next().done, false);
  assert.is(b.next().done, false);
  assert.equal(log, ['a1', 'a2', 'a3', '/a']);
  assert.equal(b.next(), { done: false, value: undefined });
  assert.equal(a.next(), { done: true, value: 'a' });
  assert.not.ok(line.isEmpty);
  assert.equal(b.next(), { done: true, value: 'b' });
  assert.ok(line.isEmpty);
  assert.equal(log, ['a1', 'a2', 'a3', '/a', 'b1', 'b2', '/b']);
});

test('what one throws is thrown to whoever wanted it', () => {
  const log: string[] = [];
  const line = new StepsLine<string>();
  const [a, b] = [line.add(counted(log, 'a', 2, new Error('no'))), line.add(counted(log, 'b', 1))];
  a.next();
  assert.is(b.next().done, false);
  assert.equal(b.next(), { done: true, value: 'b' });
  assert.throws(() => a.next(), /no/);
  assert.ok(line.isEmpty);
});

test('who leaves takes the work along, first in the line or not', () => {
  const log: string[] = [];
  const line = new StepsLine<string>();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => line.add(counted(log, name, 3)));
  for (const steps of [a!, b!, c!]) steps.next();
  assert.equal(log, ['a1', 'a2', 'a3', '/a']);
  b!.return('left');
  c!.next();
  c!.return('left');
  assert.ok(line.isEmpty);
  assert.equal(log, ['a1', 'a2', 'a3', '/a', 'c1', '/c']);
  assert.equal(a!.next(), { done: true, value: 'a' });
});

test('a step that adds another work does not take a step of itself', () => {
  const log: string[] = [];
  const line = new StepsLine<string>();
  const inner = line.add(counted(log, 'inner', 1));
  const outer = line.add(
    (function* (): Steps<string> {
      assert.is(inner.next().done, false);
      yield;
      return 'outer';
    })(),
  );
  outer.next();
  assert.equal(log, []);
  assert.equal(outer.next(), { done: true, value: 'outer' });
  assert.equal(inner.next(), { done: true, value: 'inner' });
});

test.run();
