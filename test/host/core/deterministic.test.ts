// Deterministic hosts: the same seed gives the same bytes, clocks, order and counts, however long the real world takes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type DeterministicOptions, type ExecutionResult, type Host } from '../../../host/core/index';

async function inHost<T>(deterministic: DeterministicOptions, work: (host: Host) => Promise<T>): Promise<T> {
  const host = await createHost({ deterministic, training: false });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

const CLOCKS = {
  name: 'clocks',
  language: 'c',
  capabilities: ['clock', 'random', 'sleep'],
  source: `
    #include <gazelle.h>
    #include <stdio.h>
    int main(int argc, char **argv) {
      unsigned char random[4];
      gazelle_random(random, sizeof random);
      long long start = gazelle_clock(0);
      for (int i = 0; i < 1000 * (argv[1][0] - '0'); i++);
      gazelle_sleep(1500000000LL * (argv[1][0] - '0'));
      printf("%d %d %lld %lld\\n", random[0], random[1], start, gazelle_clock(1));
      return 0;
    }`,
};

/** Five at once that sleep and compute; what they wrote and used, and the order in which they ended. */
function several(deterministic: DeterministicOptions): Promise<{ results: ExecutionResult[]; order: number[] }> {
  return inHost(deterministic, async (host) => {
    const fn = await host.deploy(CLOCKS);
    const order: number[] = [];
    const results = await Promise.all(
      [3, 1, 2, 5, 4].map(async (argument) => {
        const result = await fn.execute(argument);
        order.push(argument);
        return result;
      }),
    );
    return { results, order };
  });
}

test('the same seed gives the same bytes, times, usage and order; another seed other bytes', async () => {
  const first = await several({ seed: 7, epochMs: 1_700_000_000_000 });
  const second = await several({ seed: 7, epochMs: 1_700_000_000_000 });
  const other = await several({ seed: 8, epochMs: 1_700_000_000_000 });
  // All that the result says, wall time included: it is virtual.
  const withoutStart = ({ usage, ...rest }: ExecutionResult) => ({ ...rest, usage });
  assert.equal(first.results.map(withoutStart), second.results.map(withoutStart));
  assert.equal(first.order, [1, 2, 3, 4, 5]);
  assert.equal(second.order, first.order);
  assert.is.not(other.results[0]!.stdout, first.results[0]!.stdout);
  assert.match(first.results[0]!.stdout, / 1700000000000000000 /);
});

test('sleeping takes no real time, and as long as it says by the clock', async () => {
  const { results } = await several({ seed: 'text' });
  const seconds = results.map(({ usage }) => Math.floor(usage.wallTimeMs / 1500));
  assert.equal(seconds, [3, 1, 2, 5, 4]);
});

test('how long a host function takes changes nothing', async () => {
  const run = (delays: readonly number[]) =>
    inHost({ seed: 1 }, async (host) => {
      const log: string[] = [];
      const fn = await host.deploy({
        name: 'caller',
        language: 'lua',
        source: 'local n = ... for i = 1, 3 do note(n, i, step(n)) for j = 1, 1000 * n do end end return n',
        functions: {
          step: async (n) => {
            await new Promise((resolve) => setTimeout(resolve, delays[Number(n)]));
            return n;
          },
          note: (...args) => void log.push(args.join('-')),
        },
      });
      const results = await Promise.all([2, 0, 1].map((n) => fn.execute(n)));
      return { log, usage: results.map(({ usage }) => ({ ...usage, startTimeMs: 0 })) };
    });
  assert.equal(await run([0, 5, 10]), await run([10, 0, 2]));
});

test('a limit of time is one of virtual time: it ends at the same instruction', async () => {
  const run = () =>
    inHost({ seed: 1 }, (host) =>
      host.run({
        language: 'lua',
        source: 'while true do end',
        limits: { wallTimeMs: 25, instructions: Number.POSITIVE_INFINITY },
      }),
    );
  const [first, second] = [await run(), await run()];
  assert.is(first.error?.code, 'limit.wall_time');
  assert.is(first.usage.instructions, second.usage.instructions);
  // 10 ns each, looked at between slices.
  assert.ok(Math.abs(first.usage.instructions - 2_500_000) <= 20_000, `${first.usage.instructions}`);
});

test('a call that is cancelled while the outside has no answer does not stop the world', () =>
  inHost({ seed: 1 }, async (host) => {
    const stuck = await host.deploy({
      name: 'stuck',
      language: 'lua',
      source: 'return never()',
      functions: { never: () => new Promise(() => {}) },
    });
    const execution = stuck.execute();
    while (execution.status !== 'waiting') await new Promise((resolve) => setImmediate(resolve));
    const other = host.run({ language: 'lua', source: 'return 1' });
    execution.cancel();
    assert.is((await other).value, 1);
  }));

test('wrong options are refused', async () => {
  for (const options of [{ seed: 1.5 }, { seed: null as never }, { seed: 1, epochMs: Number.NaN }]) {
    try {
      await createHost({ deterministic: options, training: false });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, RangeError);
    }
  }
});

test.run();
