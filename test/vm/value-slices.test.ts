// Slices, collections and the memory limit never change what value code does: the same results and counts for every
// slice, the same results when a collection strikes at every allocation, a proper end wherever memory fails.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkLua, runLua } from '../support/value-program';
import { VALUE_SNIPPETS } from '../support/value-snippets';

const SLICES = [1, 2, 3, 7, 100];
/** Beyond this, a slice of one instruction takes too long for a test. */
const MOST_INSTRUCTIONS = 60_000;

const programs = VALUE_SNIPPETS.map((source) => ({ source, program: linkLua(source) }));
const small = programs.filter(({ program }) => runLua(program).instructions <= MOST_INSTRUCTIONS);

test('most snippets are small enough', () => assert.ok(small.length > programs.length - 15));

for (const slice of SLICES) {
  test(`slices of ${slice}`, () => {
    for (const { source, program } of small) {
      const whole = runLua(program);
      const sliced = runLua(program, { slice });
      assert.is(sliced.outcome, whole.outcome, source);
      assert.is(sliced.instructions, whole.instructions, source);
      assert.is(sliced.peakWords, whole.peakWords, source);
    }
  });
}

test('a collection at every allocation', () => {
  for (const { source, program } of small) {
    const usual = runLua(program);
    const collecting = runLua(program, { collectAlways: true });
    assert.is(collecting.outcome, usual.outcome, source);
    const sliced = runLua(program, { collectAlways: true, slice: 3 });
    assert.is(sliced.outcome, usual.outcome, source);
    assert.is(sliced.instructions, collecting.instructions, source);
  }
});

test('memory that ends at every point', () => {
  for (const { source, program } of small) {
    const usual = runLua(program);
    const start = program.image.length * 4;
    const peak = usual.peakWords * 4;
    const step = Math.max(16, ((peak - start) / 24) & -16);
    for (let limit = start; limit < peak; limit += step) {
      const { outcome } = runLua(program, { memoryBytes: limit });
      const isExpected = outcome === usual.outcome || /not enough memory|no room/.test(outcome);
      assert.ok(isExpected || source.includes('pcall'), `${source} with ${limit} bytes: ${outcome}`);
      assert.not.match(outcome, /^signal/, source);
    }
  }
});

test.run();
