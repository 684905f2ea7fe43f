// Budgets of hosts, tenants and functions: what all invocations use together, who stops them, and how they go on.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type ExecutionResult, type Host, type HostOptions } from '../../../host/core/index';
import { until } from '../../support/condition';
import { ManualTime } from '../../support/manual-time';

async function withHost(work: (host: Host) => Promise<void>, options: HostOptions = {}): Promise<void> {
  const host = await createHost({ training: false, ...options });
  try {
    await work(host);
  } finally {
    await host.close();
  }
}

const LOOP = { name: 'loop', language: 'lua', source: 'local n = 0 while true do n = n + 1 end' };
const COUNT = { name: 'count', language: 'lua', source: 'local s = 0 for i = 1, ... do s = s + i end return s' };
const COUNT_TO_THOUSAND = { ...COUNT, argument: 1000 };
const HOG = {
  name: 'hog',
  language: 'lua',
  source: 'local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end',
};
const WAITER = { name: 'waiter', language: 'lua', source: 'return answer()' };

function breach({ status, error }: ExecutionResult) {
  return [status, error?.code, error?.level];
}

test('the level whose limit trips first is named, and its siblings go on', () =>
  withHost(async (host) => {
    const small = host.tenant('small', { budget: { instructions: 50_000 } });
    const large = host.tenant('large');
    const fn = await large.deploy({ ...LOOP, budget: { instructions: 80_000 } });
    const ended = await Promise.all([
      (await small.deploy(LOOP)).execute(),
      fn.execute(),
      (await large.deploy({ ...LOOP, name: 'other' })).execute(undefined, { limits: { instructions: 90_000 } }),
    ]);
    assert.equal(ended.map(breach), [
      ['limit', 'limit.instructions', 'tenant'],
      ['limit', 'limit.instructions', 'function'],
      ['limit', 'limit.instructions', 'invocation'],
    ]);
    assert.is(ended[0].error?.limit, 50_000);
    assert.is(ended[0].error?.used, small.usage.instructions);
    assert.ok(small.usage.instructions - 50_000 < 200, `${small.usage.instructions}`);
    assert.is((await (await large.deploy(COUNT)).execute(10)).value, 55);
  }));

test("a child's usage is part of its parent's, on success, error, limit and cancel alike", () =>
  withHost(async (host) => {
    const tenant = host.tenant('t');
    const fn = await tenant.deploy({
      name: 'all',
      language: 'lua',
      source: 'print("x") if ... == 1 then error("no") end return 1',
    });
    const loop = await tenant.deploy({ ...LOOP, limits: { instructions: 10_000 } });
    const cancelled = loop.execute(undefined);
    cancelled.cancel();
    const results = await Promise.all([fn.execute(0), fn.execute(1), loop.execute(), cancelled]);
    const sum = (name: 'instructions' | 'outputBytes' | 'syscalls') =>
      results.reduce((total, { usage }) => total + usage[name], 0);
    for (const name of ['instructions', 'outputBytes', 'syscalls'] as const) {
      assert.is(tenant.usage[name], sum(name), name);
      assert.is(host.usage[name], sum(name), name);
      assert.is(fn.usage[name] + loop.usage[name], sum(name), name);
    }
    assert.is(tenant.usage.memoryBytes, 0);
    assert.ok(tenant.usage.memoryPeakBytes > 4096);
  }));

test('memory that the tenant refuses is the guest’s answer first, and names the tenant when it is not caught', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t', { budget: { memoryBytes: 4 << 20 } });
    const hog = await tenant.deploy(HOG);
    const result = await hog.execute();
    assert.equal(breach(result), ['limit', 'limit.memory', 'tenant']);
    assert.is(result.usage.memoryRefusals, 1);
    assert.ok(result.error!.used! <= 4 << 20);
    const caught = await tenant.deploy({
      name: 'caught',
      language: 'lua',
      source: `local ok, message = pcall(function() ${HOG.source} end) return message`,
    });
    const { value, usage } = await caught.execute();
    assert.is(value, 'not enough memory');
    assert.is(usage.memoryRefusals, 1);
    assert.is(tenant.usage.memoryBytes, 0);
    assert.is(host.usage.memoryBytes, 0);
  }));

test('a tenant out of memory cannot even start, and says so', () =>
  withHost(async (host) => {
    const fn = await host.tenant('t', { budget: { memoryBytes: 1000 } }).deploy(COUNT);
    const result = await fn.execute(1);
    assert.equal(breach(result), ['limit', 'limit.memory', 'tenant']);
    assert.is(result.usage.instructions, 0);
  }));

test('a suspended tenant’s invocations go on after its refill, to what they would have come to', () =>
  withHost(async (host) => {
    const whole = await (await host.deploy(COUNT)).execute(20_000);
    const tenant = host.tenant('t', { budget: { instructions: 30_000, policies: { instructions: 'suspend' } } });
    const fn = await tenant.deploy(COUNT);
    const executions = [fn.execute(20_000), fn.execute(20_000)];
    for (let refills = 0; executions.some(({ status }) => status !== 'ended'); refills++) {
      assert.ok(refills < 50);
      await Promise.all(executions.map((execution) => execution.suspension()));
      for (const { status, suspendedFor } of executions) {
        if (status === 'suspended') assert.is(suspendedFor, 'instructions');
      }
      tenant.refill({ instructions: 10_000 });
    }
    for (const { value, usage } of await Promise.all(executions)) {
      assert.is(value, whole.value);
      assert.is(usage.instructions, whole.usage.instructions);
    }
  }));

test('output is suspended at its limit and goes on where it was', () =>
  withHost(async (host) => {
    const fn = await host.deploy({
      name: 'writer',
      language: 'lua',
      source: 'for i = 1, 10 do io.write(("x"):rep(100)) end return "end"',
      limits: { outputBytes: 250, policies: { outputBytes: 'suspend' } },
    });
    const execution = fn.execute();
    assert.is(await execution.suspension(), 'output_bytes');
    execution.refill({ outputBytes: 750 });
    const result = await execution;
    assert.equal([result.value, result.stdout.length, result.usage.outputBytes], ['end', 1000, 1000]);
  }));

test('a function that lacks memory stands still until it is granted more, to what it would have come to', () =>
  withHost(async (host) => {
    const build = {
      name: 'build',
      language: 'lua',
      source: 'local t = {} for i = 1, 3000 do t[i] = ("item"):rep(20) .. i end return #t[3000]',
    };
    const whole = await (await host.deploy(build)).execute();
    const own = await host.deploy({ ...build, limits: { memoryBytes: 200_000, policies: { memoryBytes: 'suspend' } } });
    const execution = own.execute();
    assert.is(await execution.suspension(), 'memory');
    for (let refills = 0; (await execution.suspension()) === 'memory'; refills++) {
      assert.ok(refills < 20);
      execution.refill({ memoryBytes: 300_000 });
    }
    assert.is((await execution).value, whole.value);
    assert.is((await execution).usage.memoryRefusals, 0);
    const tenant = host.tenant('t', { budget: { memoryBytes: 1 << 18, policies: { memoryBytes: 'suspend' } } });
    const shared = (await tenant.deploy(build)).execute();
    assert.is(await shared.suspension(), 'memory');
    tenant.change({ budget: { memoryBytes: 1 << 24 } });
    assert.is((await shared).value, whole.value);
  }));

test('of many that stand still for the memory of a tenant each goes on once, when there is enough for it', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t', { budget: { policies: { memoryBytes: 'suspend' } } });
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    const fn = await tenant.deploy({
      name: 'large',
      language: 'lua',
      source: 'wait() local text = ("x"):rep(600000) pause() return #text',
      functions: { wait: () => opened, pause: () => new Promise((resolve) => setImmediate(resolve)) },
    });
    let suspensions = 0;
    const onSuspended = () => suspensions++;
    const executions = Array.from({ length: 40 }, () => fn.execute(undefined, { onSuspended }));
    await until(() => executions.every(({ status }) => status === 'waiting'));
    // Beside what all of them hold already there is room for one that wants as much.
    tenant.change({ budget: { memoryBytes: tenant.usage.memoryBytes + (1 << 20) } });
    open();
    for (const { value } of await Promise.all(executions)) assert.is(value, 600_000);
    assert.is(suspensions, 39);
  }));

test('arguments that find no room end a function, though it would stand still once it has begun', () =>
  withHost(async (host) => {
    const limits = { memoryBytes: 200_000, policies: { memoryBytes: 'suspend' as const } };
    const own = await host.deploy({ name: 'echo', language: 'lua', source: 'return #...', limits });
    const result = await own.execute('x'.repeat(300_000));
    assert.equal(breach(result), ['limit', 'limit.memory', 'invocation']);
    assert.is(result.usage.memoryRefusals, 0);
  }));

test('malloc waits in the same way for memory that it lacks; what never fits is refused', () =>
  withHost(async (host) => {
    const source = `#include <stdlib.h>
      int main(void) {
        if (malloc(2000000000u)) return 1;
        int count = 0;
        for (int i = 0; i < 20; i++) { char *p = malloc(50000); if (!p) return 2; p[49999] = 1; count += p[49999]; }
        return count;
      }`;
    const limits = { memoryBytes: 500_000, policies: { memoryBytes: 'suspend' as const } };
    const execution = (await host.deploy({ name: 'blocks', language: 'c', source, limits })).execute();
    let refills = 0;
    for (; (await execution.suspension()) === 'memory'; refills++) execution.refill({ memoryBytes: 200_000 });
    assert.ok(refills > 1 && refills < 10, `${refills} refills`);
    assert.is((await execution).exitCode, 20);
    const killed = await host.deploy({ name: 'none', language: 'c', source, limits: { memoryBytes: 500_000 } });
    assert.is((await killed.execute()).exitCode, 2);
  }));

test('a limit can be changed while a function runs', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t');
    const execution = (await tenant.deploy({ ...LOOP, limits: { instructions: 1e12 } })).execute();
    await until(() => tenant.usage.instructions > 100_000);
    tenant.change({ budget: { instructions: 1000 } });
    const result = await execution;
    assert.equal(breach(result), ['limit', 'limit.instructions', 'tenant']);
    assert.is(result.error?.limit, 1000);
    assert.throws(() => tenant.change({ budget: { instructions: -1 } }), RangeError);
    assert.throws(() => tenant.change({ limits: { queueLength: 1 } as object }), /there is no limit 'queueLength'/);
  }));

test('a rate throttles: so many instructions a second, after a burst', async () => {
  const time = new ManualTime(0);
  await withHost(
    async (host) => {
      const tenant = host.tenant('t', { budget: { instructionsPerSecond: 100_000, instructionsBurst: 50_000 } });
      const fn = await tenant.deploy({ ...COUNT, limits: { instructions: 1e12, wallTimeMs: Infinity } });
      const executions = Array.from({ length: 5 }, () => fn.execute(20_000));
      await time.waitForTimers(1, () => true);
      assert.ok(tenant.usage.instructions >= 50_000 && tenant.usage.instructions < 80_000);
      while (executions.some(({ status }) => status !== 'ended')) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const timer of [...time.timers]) timer.fire();
      }
      const seconds = time.time / 1000;
      const possible = 50_000 + seconds * 100_000;
      assert.ok(tenant.usage.instructions <= possible + 30_000, `${tenant.usage.instructions} in ${seconds} s`);
      assert.ok(tenant.usage.instructions >= possible - 30_000, `${tenant.usage.instructions} in ${seconds} s`);
      for (const { status } of await Promise.all(executions)) assert.is(status, 'ok');
    },
    { surroundings: time.surroundings },
  );
});

test('a rate can kill as well', () =>
  withHost(async (host) => {
    const budget = { instructionsPerSecond: 1000, policies: { instructionsPerSecond: 'kill' } } as const;
    const result = await (await host.tenant('t', { budget }).deploy(LOOP)).execute();
    assert.equal(breach(result), ['limit', 'limit.instructions_rate', 'tenant']);
  }));

test('invocations beyond those that may run at once queue, in their order, and those beyond the queue are refused', () =>
  withHost(async (host) => {
    const waiting: (() => void)[] = [];
    const fn = await host.deploy({
      ...WAITER,
      functions: { answer: () => new Promise<void>((resolve) => waiting.push(resolve)) },
      budget: { concurrentInvocations: 2, queueLength: 1 },
    });
    const executions = [fn.execute(), fn.execute(), fn.execute(), fn.execute()];
    const refused = await executions[3]!;
    assert.equal(breach(refused), ['limit', 'limit.queue_length', 'function']);
    await until(() => waiting.length === 2);
    assert.equal([fn.usage.concurrentInvocations, fn.usage.queueLength], [2, 1]);
    assert.is(executions[2]!.status, 'running');
    waiting[0]!();
    await executions[0];
    await until(() => waiting.length === 3);
    assert.equal([fn.usage.concurrentInvocations, fn.usage.queueLength], [2, 0]);
    for (const answer of waiting) answer();
    for (const execution of executions.slice(1, 3)) assert.is((await execution).status, 'ok');
    assert.is(fn.usage.concurrentInvocations, 0);
  }));

test('one that is restored, and resumed while it queues, waits for its place', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t');
    const count = (await tenant.deploy({ ...COUNT, limits: { instructions: 1e12 } })).execute(1e9);
    await until(() => tenant.usage.instructions > 10_000);
    await count.suspend();
    const bytes = await count.snapshot();
    count.cancel();
    await count;
    tenant.change({ budget: { concurrentInvocations: 1 } });
    const functions = { answer: () => new Promise(() => {}) };
    const first = (await tenant.deploy({ ...WAITER, functions })).execute();
    const used = tenant.usage.instructions;
    const second = host.restore(bytes, { tenant: 't', suspended: true });
    await second.suspension();
    second.resume();
    // Whoever may run has turns meanwhile.
    await host.run(COUNT_TO_THOUSAND);
    assert.equal([tenant.usage.concurrentInvocations, tenant.usage.queueLength], [1, 1]);
    const before = tenant.usage.instructions;
    await host.run(COUNT_TO_THOUSAND);
    assert.is(tenant.usage.instructions, before);
    first.cancel();
    await until(() => tenant.usage.instructions > used + 10_000);
    assert.equal([tenant.usage.concurrentInvocations, tenant.usage.queueLength], [1, 0]);
    second.cancel();
    await second;
  }));

test('one that is cancelled while it queues leaves its place', () =>
  withHost(async (host) => {
    let answer = () => {};
    const functions = { answer: () => new Promise<void>((resolve) => (answer = resolve)) };
    const fn = await host.deploy({ ...WAITER, functions, budget: { concurrentInvocations: 1, queueLength: 2 } });
    const [first, second, third] = [fn.execute(), fn.execute(), fn.execute()];
    second!.cancel();
    assert.is((await second!).status, 'cancelled');
    assert.is(fn.usage.queueLength, 1);
    await until(() => first!.status === 'waiting');
    answer();
    await first;
    await until(() => third!.status === 'waiting');
    answer();
    assert.is((await third!).status, 'ok');
    assert.equal([fn.usage.concurrentInvocations, fn.usage.queueLength], [0, 0]);
  }));

test('ten tenants of endless loops leave another its share', () =>
  withHost(async (host) => {
    const limits = { instructions: 1e12 };
    const good = host.tenant('good');
    const deployed = await good.deploy({ ...LOOP, limits });
    const hostile = [];
    for (let index = 0; index < 10; index++) {
      hostile.push(await host.tenant(`hostile${index}`).deploy({ ...LOOP, limits }));
    }
    const loops = hostile.flatMap((fn) => Array.from({ length: 10 }, () => fn.execute()));
    const execution = deployed.execute();
    await until(() => host.usage.instructions > 20_000_000);
    const [all, mine] = [host.usage.instructions, good.usage.instructions];
    for (const running of [...loops, execution]) running.cancel();
    await Promise.all([...loops, execution]);
    const others = host.listTenants().map(({ usage }) => usage.instructions);
    assert.ok(mine >= (0.9 * all) / 11, `${mine} of ${all}: ${others}`);
  }));

test('wall time of a tenant is that of all its invocations together', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t', { budget: { wallTimeMs: 40 } });
    const functions = { answer: () => new Promise<void>(() => {}) };
    const fn = await tenant.deploy({ ...WAITER, functions });
    const results = await Promise.all([fn.execute(), fn.execute()]);
    assert.ok(results.some(({ error }) => error?.level === 'tenant' && error.code === 'limit.wall_time'));
    for (const { status } of results) assert.is(status, 'limit');
  }));

test('a function that another invokes is paid by both functions, and by their caller only once above', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t');
    const callee = await tenant.deploy({ ...COUNT, budget: {} });
    const caller = await tenant.deploy({
      name: 'caller',
      language: 'lua',
      source: "return require('gazelle').invoke('count', ...)",
      capabilities: ['invoke'],
      invoke: ['count'],
    });
    const { value, usage } = await caller.execute(10_000);
    assert.is(value, 50_005_000);
    assert.ok(callee.usage.instructions > 10_000);
    assert.ok(usage.instructions > callee.usage.instructions);
    assert.is(caller.usage.instructions, usage.instructions);
    assert.is(tenant.usage.instructions, usage.instructions);
    const tight = await caller.execute(10_000, { limits: { instructions: 20_000 } });
    assert.equal(breach(tight), ['limit', 'limit.instructions', 'invocation']);
    callee.changeBudget({ instructions: callee.usage.instructions + 1000 });
    const { error } = await caller.execute(10_000);
    assert.match(error!.message, /'count': too many instructions/);
    assert.equal([tenant.usage.memoryBytes, tenant.usage.concurrentInvocations], [0, 0]);
  }));

test('what is stored counts for the tenant until it is removed', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t', { budget: { storageBytes: 1000 } });
    const fn = await tenant.deploy({
      name: 'store',
      language: 'lua',
      source: `
        local storage = require('gazelle').storage
        local key, size = (...):match('(%w+) (%d+)')
        if size == '0' then return storage.delete(key) end
        storage.put(key, ('x'):rep(tonumber(size)))`,
      capabilities: ['storage'],
    });
    assert.is((await fn.execute('a 500')).status, 'ok');
    const stored = tenant.usage.storageBytes;
    assert.ok(stored > 500 && stored < 1000);
    assert.equal(breach(await fn.execute('b 500')), ['limit', 'limit.storage_bytes', 'tenant']);
    assert.is((await fn.execute('a 0')).status, 'ok');
    assert.is(tenant.usage.storageBytes, 0);
    assert.is((await fn.execute('b 500')).status, 'ok');
  }));

test('tenants have their own names for functions', () =>
  withHost(async (host) => {
    const [a, b] = [host.tenant('a'), host.tenant('b')];
    await a.deploy({ ...COUNT, name: 'same' });
    await b.deploy({ name: 'same', language: 'lua', source: 'return "b"' });
    assert.is((await a.get('same')!.execute(2)).value, 3);
    assert.is((await b.get('same')!.execute(2)).value, 'b');
    assert.equal(host.list(), []);
    assert.equal(
      a.list().map(({ name }) => name),
      ['same'],
    );
    assert.is(host.removeTenant('a'), true);
    assert.is(host.getTenant('a'), undefined);
    assert.throws(() => host.tenant('no name'), /must match/);
  }));

test.run();
