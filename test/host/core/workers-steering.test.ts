// Executions in workers are cancelled, limited, suspended, saved and copied as in the host's own thread.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type Execution, type ExecutionResult, type HostOptions } from '../../../host/node/index';
import { until } from '../../support/condition';
import { COUNT, LOOP, withWorkers } from '../../support/worker-host';

/** Executions that come and go all the time. */
const MOVING: HostOptions = { sliceInstructions: 1000 };

const ASK = {
  name: 'ask',
  language: 'lua',
  source: 'local ok, answer = pcall(ask, "what") print(ok, answer) return ok, answer',
};

function counts({ usage }: ExecutionResult) {
  const { instructions, memoryPeakBytes, memoryRefusals, outputBytes, syscalls } = usage;
  return { instructions, memoryPeakBytes, memoryRefusals, outputBytes, syscalls };
}

function breach({ status, error }: ExecutionResult) {
  return [status, error?.code, error?.level];
}

test('is cancelled, with what it has used and where it stood', () =>
  withWorkers(async (host) => {
    const loop = await host.deploy(LOOP);
    const execution = loop.execute();
    await until(() => host.usage.instructions > 1_000_000);
    execution.cancel();
    const { status, error, usage } = await execution;
    assert.is(status, 'cancelled');
    assert.is(error?.stack[0]?.line, 1);
    assert.ok(usage.instructions > 1_000_000);
    assert.is(host.usage.instructions, usage.instructions);
    const controller = new AbortController();
    const aborted = loop.execute(undefined, { signal: controller.signal });
    controller.abort();
    assert.is((await aborted).status, 'cancelled');
  }));

for (const options of [{ workers: 0 }, {}, MOVING] satisfies HostOptions[]) {
  const where = JSON.stringify(options);

  test(`names the level whose limit trips, at the same count: ${where}`, () =>
    withWorkers(async (host) => {
      const small = host.tenant('small', { budget: { instructions: 250_000 } });
      const result = await (await small.deploy(LOOP)).execute();
      assert.equal(breach(result), ['limit', 'limit.instructions', 'tenant']);
      assert.equal([result.error?.limit, result.error?.used], [250_000, small.usage.instructions]);
      assert.is(result.usage.instructions, 250_000);
      const fn = await host.deploy({ ...LOOP, budget: { instructions: 180_000 } });
      assert.equal(breach(await fn.execute()), ['limit', 'limit.instructions', 'function']);
      const own = await fn.execute(undefined, { limits: { instructions: 1 } });
      assert.equal(breach(own), ['limit', 'limit.instructions', 'function']);
      const invocation = await (await host.deploy(LOOP)).execute(undefined, { limits: { instructions: 90_001 } });
      assert.equal(breach(invocation), ['limit', 'limit.instructions', 'invocation']);
      host.changeBudget({ instructions: host.usage.instructions + 100_000 });
      const whole = await Promise.all([(await host.deploy(LOOP)).execute(), small.get('loop')!.execute()]);
      assert.equal(whole.map((ended) => ended.error?.level).sort(), ['host', 'tenant']);
    }, options));

  test(`memory above is refused at the same allocation, caught or not: ${where}`, () =>
    withWorkers(async (host) => {
      const tenant = host.tenant('t', { budget: { memoryBytes: 3 << 20 } });
      const hog = 'local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end';
      const result = await (await tenant.deploy({ name: 'hog', language: 'lua', source: hog })).execute();
      assert.equal(breach(result), ['limit', 'limit.memory', 'tenant']);
      assert.is(result.usage.memoryRefusals, 1);
      const source = `local _, message = pcall(function() ${hog} end) return message`;
      const caught = await (await tenant.deploy({ name: 'caught', language: 'lua', source })).execute();
      assert.is(caught.value, 'not enough memory');
      same('memory', counts(caught));
      assert.equal([tenant.usage.memoryBytes, host.usage.memoryBytes], [0, 0]);
    }, options));

  test(`syscalls and output above end at the same byte: ${where}`, () =>
    withWorkers(async (host) => {
      const tenant = host.tenant('t', { budget: { outputBytes: 100_050 } });
      const source = 'while true do io.write(("x"):rep(100)) end';
      const result = await (await tenant.deploy({ name: 'writer', language: 'lua', source })).execute();
      assert.equal(breach(result), ['limit', 'limit.output_bytes', 'tenant']);
      assert.is(result.stdout.length, 100_050);
      const calls = host.tenant('calls', { budget: { syscalls: 333 } });
      const ended = await (await calls.deploy({ name: 'writer', language: 'lua', source })).execute();
      assert.equal([...breach(ended), ended.usage.syscalls], ['limit', 'limit.syscalls', 'tenant', 333]);
      same('writes', [counts(result), counts(ended)]);
    }, options));

  test(`goes on after suspensions and refills as if there had been none: ${where}`, () =>
    withWorkers(async (host) => {
      const whole = await (await host.deploy({ ...COUNT, name: 'whole' })).execute(5000);
      same('count', [whole.value, whole.stdout, counts(whole)]);
      const limits = { instructions: 30_000, policies: { instructions: 'suspend' } } as const;
      const execution = (await host.deploy({ ...COUNT, limits })).execute(5000);
      while ((await execution.suspension()) === 'instructions') {
        execution.resume();
        assert.is(execution.status, 'suspended', 'nothing but a refill helps');
        execution.refill({ instructions: 70_001 });
      }
      const result = await execution;
      assert.equal([result.value, result.stdout, counts(result)], [whole.value, whole.stdout, counts(whole)]);
      const tenant = host.tenant('t', { budget: { instructions: 30_000, policies: { instructions: 'suspend' } } });
      const fn = await tenant.deploy(COUNT);
      const both = [fn.execute(5000), fn.execute(5000)];
      while (both.some(({ status }) => status !== 'ended')) {
        await Promise.all(both.map((each) => each.suspension()));
        tenant.refill({ instructions: 100_000 });
      }
      for (const ended of await Promise.all(both)) assert.equal(counts(ended), counts(whole));
    }, options));

  test(`loads modules wherever it goes: ${where}`, () =>
    withWorkers(async (host) => {
      const source = `
        local sum = 0
        for i = 1, 60 do
          local chunk = load("local words = { 'a rather long string constant, longer than forty bytes', " .. i .. " } return function(n) return #words[1] + words[2] + n end")
          local add = chunk()
          for j = 1, 300 do sum = sum + add(j) end
        end
        return sum`;
      const result = await (await host.deploy({ name: 'loads', language: 'lua', source })).execute();
      assert.is(result.status, 'ok', result.error?.message);
      same('loads', [result.value, counts(result)]);
    }, options));
}

const firsts = new Map<string, unknown>();
/** What comes first, without workers, is what all the others come to. */
function same(what: string, value: unknown): void {
  if (!firsts.has(what)) firsts.set(what, value);
  assert.equal(value, firsts.get(what), what);
}

for (const options of [{}, MOVING] satisfies HostOptions[]) {
  const where = JSON.stringify(options);

  test(`is saved, restored in another host, and forked: ${where}`, async () => {
    let bytes!: Uint8Array;
    let whole!: ExecutionResult;
    await withWorkers(async (host) => {
      const count = await host.deploy(COUNT);
      whole = await count.execute(100_000);
      const execution = count.execute(100_000, { output: () => {} });
      await until(() => host.usage.instructions > whole.usage.instructions);
      assert.is(await execution.suspend(), true);
      assert.equal([execution.status, execution.suspendedFor], ['suspended', 'request']);
      bytes = await execution.snapshot();
      const fork = execution.fork();
      execution.resume();
      const [first, second] = await Promise.all([execution, fork]);
      assert.equal([counts(first), counts(second)], [counts(whole), counts(whole)]);
      assert.is(await execution.suspend(), false);
    }, options);
    for (const workers of [0, 1]) {
      await withWorkers(
        async (host) => {
          await host.deploy(COUNT);
          const restored = await host.restore(bytes);
          assert.is(restored.value, whole.value);
          assert.ok(whole.stdout.endsWith(restored.stdout));
          assert.equal(counts(restored), counts(whole));
        },
        { workers },
      );
    }
  });
}

test('a host function answers once, wherever its caller has gone meanwhile', () =>
  withWorkers(async (host) => {
    let answer!: (value: unknown) => void;
    let calls = 0;
    const ask = () => {
      calls++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const deployed = await host.deploy({ ...ASK, functions: { ask } });
    const execution = deployed.execute();
    await until(() => execution.status === 'waiting');
    assert.is(await execution.suspend(), true);
    const fork = execution.fork();
    assert.equal((await fork).values, [false, 'interrupted']);
    answer({ to: 'all' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const late = await host.restore(await execution.snapshot());
    assert.equal(late.values, [true, { to: 'all' }], 'the answer is in the snapshot');
    execution.resume();
    assert.equal((await execution).values, [true, { to: 'all' }]);
    assert.is(calls, 1);
    const failing = await host.deploy({ ...ASK, functions: { ask: () => Promise.reject(new Error('not today')) } });
    assert.equal((await failing.execute()).values, [false, 'not today']);
  }));

test('whoever takes the output holds the guest, and gets it in order', () =>
  withWorkers(async (host) => {
    const source = 'for i = 1, 20 do for j = 1, 4000 do end print(i) end';
    const fn = await host.deploy({ name: 'prints', language: 'lua', source });
    let text = '';
    let open = 0;
    let mostOpen = 0;
    const output = async ({ bytes }: { bytes: Uint8Array }) => {
      mostOpen = Math.max(mostOpen, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      text += new TextDecoder().decode(bytes);
      open--;
    };
    assert.is((await fn.execute(undefined, { output })).status, 'ok');
    assert.is(text, Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join(''));
    assert.is(mostOpen, 1);
  }, MOVING));

test('a rate throttles what runs in workers', () =>
  withWorkers(async (host) => {
    const budget = { instructionsPerSecond: 2_000_000, instructionsBurst: 200_000 };
    const tenant = host.tenant('t', { budget });
    const fn = await tenant.deploy(LOOP);
    const begin = performance.now();
    const loops = [fn.execute(), fn.execute(), fn.execute()];
    await until(() => tenant.usage.instructions > 800_000);
    for (const loop of loops) loop.cancel();
    await Promise.all(loops);
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(tenant.usage.instructions <= 200_000 + seconds * 2_000_000 + 60_000);
  }));

test('what is used above is the sum of what the invocations used', () =>
  withWorkers(async (host) => {
    const tenant = host.tenant('t');
    const fn = await tenant.deploy(COUNT);
    const failing = await tenant.deploy({ name: 'fails', language: 'lua', source: 'print("x") error("no")' });
    const results = await Promise.all([...[100, 2000, 5000].map((count) => fn.execute(count)), failing.execute()]);
    for (const name of ['instructions', 'outputBytes', 'syscalls'] as const) {
      const sum = results.reduce((total, { usage }) => total + usage[name], 0);
      assert.equal([tenant.usage[name], host.usage[name]], [sum, sum], name);
    }
    const time = results.reduce((total, { usage }) => total + usage.wallTimeMs, 0);
    // The last figure is taken a moment after the last count.
    assert.ok(Math.abs(tenant.usage.wallTimeMs - time) < 5);
    assert.ok(tenant.usage.memoryPeakBytes > 4096);
    assert.is(tenant.usage.memoryBytes, 0);
  }));

test('wall time of a tenant is that of all its invocations together', () =>
  withWorkers(async (host) => {
    const tenant = host.tenant('t', { budget: { wallTimeMs: 60 } });
    const fn = await tenant.deploy({ ...ASK, functions: { ask: () => new Promise<void>(() => {}) } });
    const results = await Promise.all([fn.execute(), fn.execute()]);
    assert.ok(results.some(({ error }) => error?.level === 'tenant' && error.code === 'limit.wall_time'));
  }));

test('a defect of a host’s output is the execution’s, not the worker’s', () =>
  withWorkers(async (host) => {
    const fn = await host.deploy(COUNT);
    const failing = fn.execute(1000, {
      output: () => {
        throw new Error('disk full');
      },
    });
    assert.is(
      await failing.then(
        () => '',
        (error: unknown) => (error as Error).message,
      ),
      'disk full',
    );
    assert.is((await fn.execute(1000)).status, 'ok');
  }));

test('a closed host leaves no thread', async () => {
  const threads = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;
  const before = threads();
  const host = await createHost({ workers: 2, training: false });
  const loop = await host.deploy(LOOP);
  const executions: Execution[] = [loop.execute(), loop.execute(), loop.execute()];
  await until(() => host.usage.instructions > 500_000);
  assert.ok(threads() > before);
  await host.close();
  for (const execution of executions) assert.is((await execution).status, 'cancelled');
  assert.is(threads(), before);
});

test('tenants of endless loops leave another its share, in all workers', () =>
  withWorkers(async (host) => {
    const loops = [];
    for (let index = 0; index < 6; index++) loops.push(await host.tenant(`hostile${index}`).deploy(LOOP));
    const deployed = await host.tenant('good').deploy(LOOP);
    const hostile = loops.flatMap((loop) => Array.from({ length: 5 }, () => loop.execute()));
    const good = deployed.execute();
    await until(() => host.usage.instructions > 150_000_000);
    for (const execution of [good, ...hostile]) execution.cancel();
    const [mine, ...others] = (await Promise.all([good, ...hostile])).map(({ usage }) => usage.instructions);
    const all = others.reduce((sum, instructions) => sum + instructions, mine!);
    assert.ok(mine! >= (0.7 * all) / 7, `${mine} of ${all}`);
  }));

test('refuses options that make no sense', async () => {
  for (const options of [{ workers: -1 }, { workers: 1.5 }, { sliceInstructions: 10 }]) {
    assert.is(
      await createHost(options).then(
        () => '',
        (error: unknown) => (error as Error).name,
      ),
      'RangeError',
    );
  }
});

test.run();
