// The client's tenants, budgets and executions that stand still: the API's own shapes against a real server.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, SnapshotError, type Suspension } from '../../../host/core/index';
import { type Client, ConnectionError, connect, RemoteError, type RemoteExecution } from '../../../host/node/client';
import { type Server, startServer } from '../../../host/node/server/index';
import { until } from '../../support/condition';

let server: Server;
let client: Client;
test.before(async () => {
  server = await startServer({ port: 0 });
  client = await connect(server.url);
  await client.deploy(COUNT);
  await client.deploy(LOOP);
});
test.after(async () => {
  await client.close();
  await server.close();
});

const COUNT = {
  name: 'count',
  language: 'lua',
  source: 'print("begun") local s = 0 for i = 1, 200000 do s = s + i end print("done") return s',
};
const LOOP = { name: 'loop', language: 'c', source: 'int main(void) { for (;;) {} }' };
const SUM = 20_000_100_000;
const LIMITS = { instructions: 100_000, policies: { instructions: 'suspend' } } as const;

async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have rejected');
}

async function standingOf(execution: RemoteExecution): Promise<unknown[]> {
  return [await execution.status, await execution.suspendedFor];
}

test('suspends an execution and lets it go on', async () => {
  const execution = client.execute('loop');
  assert.equal(await standingOf(execution), ['running', null]);
  assert.is(await execution.suspend(), true);
  assert.equal(await standingOf(execution), ['suspended', 'request']);
  assert.is(await execution.suspension(), 'request');
  assert.ok((await execution.memoryBytes) > 1000);
  await execution.resume();
  assert.equal(await standingOf(execution), ['running', null]);
  execution.cancel();
  assert.is((await execution).status, 'cancelled');
  assert.equal(await standingOf(execution), ['ended', null]);
});

test('tells that a limit has suspended it, and refills it', async () => {
  const told: Suspension[] = [];
  const execution = client.execute('count', undefined, { limits: LIMITS, onSuspended: (why) => told.push(why) });
  assert.is(await execution.suspension(), 'instructions');
  const [{ used, ...suspension }] = told as [Suspension];
  assert.equal(suspension, { reason: 'instructions', level: 'invocation', limit: 100_000 });
  assert.ok(used! >= 100_000);
  await execution.refill({ instructions: 1e9 });
  const result = await execution;
  assert.equal([result.value, result.stdout], [SUM, 'begun\ndone\n']);
  assert.equal(told.length, 1);
});

test('saves an execution that a host in this process goes on with, and the other way round', async () => {
  const host = await createHost({ training: false });
  const local = await host.deploy(COUNT);
  const straight = await local.execute();
  const remote = client.execute('count', undefined, { limits: LIMITS });
  await remote.suspension();
  const here = host.restore(await remote.snapshot(), { suspended: true });
  remote.cancel();
  here.refill({ instructions: 1e9 });
  here.resume();
  const result = await here;
  assert.equal([result.value, result.stdout], [SUM, 'done\n']);
  assert.is(result.usage.instructions, straight.usage.instructions);

  const saved = local.execute(undefined, { limits: LIMITS });
  await saved.suspension();
  const there = client.restore(await saved.snapshot(), { suspended: true });
  await there.refill({ instructions: 1e9 });
  await there.resume();
  const back = await there;
  assert.equal([back.value, back.stdout], [SUM, 'done\n']);
  assert.is(back.usage.instructions, straight.usage.instructions);
  const pieces: string[] = [];
  for await (const { text } of there.logs) pieces.push(text);
  assert.is(pieces.join(''), 'done\n');
  await host.close();
});

test('copies an execution', async () => {
  const parent = client.execute('count', undefined, { limits: LIMITS });
  await parent.suspension();
  const child = parent.fork({ suspended: true });
  await child.refill({ instructions: 1e9 });
  await child.resume();
  assert.is((await child).value, SUM);
  assert.equal(await standingOf(parent), ['suspended', 'instructions']);
  await parent.refill({ instructions: 1e9 });
  assert.is((await parent).usage.instructions, (await child).usage.instructions);
});

test('what has ended takes everything in silence, but gives no snapshot', async () => {
  const executions = [client.execute('count'), client.execute('count', () => {})];
  for (const execution of executions) {
    await execution;
    assert.is(await execution.suspend(), false);
    assert.is(await execution.suspension(), null);
    await execution.resume();
    await execution.refill({ instructions: 1 });
    const error = await rejection(execution.snapshot());
    assert.instance(error, SnapshotError);
    assert.is((error as SnapshotError).code, 'snapshot.ended');
    assert.throws(() => execution.fork(), /has ended/);
  }
});

test('waits for a suspension until the end, if none comes', async () => {
  const execution = client.execute('count');
  assert.is(await execution.suspension(), null);
  assert.is((await execution).value, SUM);
});

test('what a server refuses is told wherever it is asked for', async () => {
  const unknown = client.execute('unknown');
  for (const promise of [unknown, unknown.suspend(), unknown.resume(), unknown.snapshot()]) {
    const error = await rejection(promise);
    assert.instance(error, RemoteError);
    assert.is((error as RemoteError).code, 'function.unknown');
  }
  const restored = client.restore(Uint8Array.of(1, 2, 3), { suspended: true });
  for (const promise of [restored.refill({ instructions: 1 }), restored]) {
    const error = await rejection(promise);
    assert.instance(error, SnapshotError);
    assert.equal(
      [(error as SnapshotError).code, (error as Error).message],
      ['snapshot.truncated', 'the snapshot is not as long as it says: 3 bytes'],
    );
  }
  const running = client.execute('loop');
  const error = await rejection(running.snapshot());
  assert.is((error as SnapshotError).code, 'snapshot.running');
  assert.instance(await rejection(running.refill({ apples: 1 } as object)), RangeError);
  running.cancel();
  await running;
  assert.throws(() => client.restore('text' as unknown as Uint8Array), TypeError);
});

test('what is asked of an execution waits until its input has been sent', async () => {
  await client.deploy({
    name: 'reads',
    language: 'lua',
    source: 'local t = io.read("a") while true do t = #t .. "" end',
  });
  async function* slowly() {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield Uint8Array.of(120);
  }
  const execution = client.execute('reads', undefined, { stdin: slowly() });
  assert.is(await execution.suspend(), true);
  execution.cancel();
  assert.is((await execution).status, 'cancelled');
});

test('a connection that ends rejects what was asked, and cancels what was suspended', async () => {
  const other = await connect(server.url);
  const execution = other.execute('count', undefined, { limits: LIMITS });
  await execution.suspension();
  const next = other.execute('loop');
  const suspension = next.suspension();
  await until(() => server.host.runningCount === 2);
  await other.close();
  assert.is(await suspension, null);
  assert.instance(await rejection(execution), ConnectionError);
  assert.instance(await rejection(execution.resume()), ConnectionError);
  await until(() => server.host.runningCount === 0);
});

test('a tenant has the shapes of the API', async () => {
  const acme = await client.tenant('acme', { weight: 2, limits: { instructions: 1e6 }, budget: { requests: 5 } });
  const fn = await acme.deploy({ ...COUNT, budget: { instructions: 10_000 }, weight: 3 });
  assert.is(fn.limits.instructions, 1e6);
  const limited = await fn.execute(undefined, { weight: 2 });
  assert.equal([limited.status, limited.error?.level, limited.error?.limit], ['limit', 'function', 10_000]);
  await fn.changeBudget({ instructions: Infinity });
  assert.is((await fn.execute()).value, SUM);
  await fn.refill({ syscalls: 5 });
  const { sharedLimits, usage } = await fn.budget();
  assert.is(sharedLimits.instructions, Infinity);
  assert.ok(usage.instructions > 400_000);
  assert.equal(
    (await acme.list()).map(({ name }) => name),
    ['count'],
  );
  assert.is((await acme.executeMany('count', 2)).length, 2);
  await acme.change({ budget: { requests: 7 } });
  await acme.refill({ requests: 3 });
  const described = await acme.describe();
  assert.equal([described.name, described.weight, described.sharedLimits.requests], ['acme', 2, 10]);
  assert.is(described.usage.instructions, (await fn.budget()).usage.instructions);
  assert.is((await acme.get('count'))?.id, fn.id);
  assert.is(await acme.get('loop'), undefined);
  assert.is(await acme.remove('count'), true);
});

test('tenants are found, listed and removed', async () => {
  await client.tenant('beta');
  assert.is((await client.getTenant('beta'))?.name, 'beta');
  assert.is(await client.getTenant('gamma'), undefined);
  const names = (await client.listTenants()).map(({ name }) => name);
  assert.ok(names.includes('beta') && names.includes('default'));
  assert.is(await client.removeTenant('beta'), true);
  assert.is(await client.removeTenant('beta'), false);
  const error = await rejection(client.tenantNamed('beta').deploy(COUNT));
  assert.is((error as RemoteError).code, 'tenant.unknown');
  assert.instance(await rejection(client.tenant('beta', { weight: 0 })), RangeError);
  assert.instance(await rejection(client.tenant('beta', { budget: { apples: 1 } as object })), RangeError);
});

test("the host's budget is changed, refilled and described", async () => {
  const { limits, usage } = await client.describeHost();
  assert.is(limits.instructions, 1_000_000_000);
  await client.changeBudget({ requests: 5, policies: { requests: 'suspend' } });
  await client.refill({ requests: 2 });
  assert.is((await client.describeHost()).sharedLimits.requests, 7);
  await client.changeBudget({ requests: Infinity });
  await client.execute('count');
  assert.ok((await client.describeHost()).usage.instructions > usage.instructions);
});

test.run();
