// No step is far longer than its slice, whatever it is given: programs whose operations get the largest arguments that the
// default memory limit admits are stopped in the middle of them; and the slices change neither result nor charge.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runMetered } from '../support/metered-run';
import { LARGEST_CASES } from './largest';

const MEBIBYTES = 64;
const SLICE = 1000;
/** The longest steps, as docs/limits.md lists them (16,384), and a step of whatever else is done in one go. */
const MOST_OVERSHOOT = 16_384 + 4096;

for (const { what, language, source } of LARGEST_CASES) {
  test(`in steps: ${language} ${what}`, async () => {
    const options = { language, source: source(MEBIBYTES), limits: { memoryBytes: MEBIBYTES << 20 } };
    const sliced = await runMetered({ ...options, slice: SLICE });
    assert.is(sliced.outcome.status, 'ok', JSON.stringify(sliced.outcome.error));
    assert.ok(sliced.overshoot <= MOST_OVERSHOOT, `a turn of ${sliced.longestTurn} instructions`);
    const whole = await runMetered({ ...options, slice: 2 ** 30 });
    assert.equal(whole.outcome, sliced.outcome);
    assert.is(whole.usage.instructions, sliced.usage.instructions);
    assert.is(whole.usage.memoryPeakBytes, sliced.usage.memoryPeakBytes);
  });
}

test.run();
