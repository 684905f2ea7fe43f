// No hole in the metering: every intrinsic and every syscall of the tables has a case in cases.ts, and each case holds what
// it claims: the charge grows with the work, long work is preempted in the middle, and slices change nothing.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { INTRINSICS } from '../../host/core/libraries';
import { SYSCALLS } from '../../vm/syscalls';
import { type MeteredRun, runMetered } from '../support/metered-run';
import { IMAGE_ONLY, METERING_CASES, type MeteringCase } from './cases';

/** Instructions a turn: few, so that what does not stop shows. */
const SLICE = 1000;
/**
 * What a turn may be charged beyond its slice: the longest steps, as docs/limits.md lists them (16,384; a heap of 512 KiB
 * that moves takes 8,192), and a step of whatever else is done in one go.
 */
const MOST_OVERSHOOT = 16_384 + 4096;

function run(one: MeteringCase, n: number, slice: number): Promise<MeteredRun> {
  const { language, files, functions, args, stdin } = one;
  return runMetered({
    language,
    source: one.source(n),
    slice,
    limits: { memoryBytes: 256 << 20 },
    files: { ...files, 'other.lua': 'return 1' },
    ...(functions !== undefined && { functions }),
    ...(args !== undefined && { args }),
    ...(stdin !== undefined && { stdin: stdin(n) }),
  });
}

test('every intrinsic and every syscall has a metering case', () => {
  const covered = new Set([...METERING_CASES.flatMap(({ covers }) => covers), ...IMAGE_ONLY]);
  const names = [...INTRINSICS.map(({ name }) => name), ...SYSCALLS.map(({ name }) => `syscall:${name}`)];
  assert.equal(
    names.filter((name) => !covered.has(name)),
    [],
  );
  assert.equal(
    [...covered].filter((name) => !names.includes(name)),
    [],
  );
});

for (const one of METERING_CASES) {
  test(`metering: ${one.language} ${one.covers.join(' ')}`, async () => {
    const runs: MeteredRun[] = [];
    for (const factor of [1, 2, 4]) runs.push(await run(one, one.n * factor, SLICE));
    for (const { outcome } of runs) assert.is(outcome.status, 'ok', JSON.stringify(outcome.error));
    const last = runs[2]!;
    for (const name of one.covers) {
      const reached = name.startsWith('syscall:') ? last.syscalls.has(name.slice(8)) : last.intrinsics.has(name);
      assert.ok(reached, `${name} is not reached`);
    }
    const [first, second, third] = runs.map(({ usage }) => usage.instructions) as [number, number, number];
    const growth = (third - second) / (second - first);
    assert.ok(growth > 1.5 && growth < 2.7, `charges ${first}, ${second}, ${third}`);
    assert.ok(last.turns >= 8, `only ${last.turns} turns for ${third} instructions`);
    assert.ok(last.overshoot <= MOST_OVERSHOOT, `a turn of ${last.longestTurn} instructions`);
    const whole = await run(one, one.n * 4, 2 ** 30);
    if (!one.covers.includes('syscall:clock')) assert.is(whole.usage.instructions, third, 'slices change the charge');
    if (one.kind === 'stops') {
      for (const name of one.covers) {
        const entries = last.intrinsics.get(name)!;
        assert.ok(entries > whole.intrinsics.get(name)!, `${name} is not preempted in the middle`);
      }
    }
  });
}

test.run();
