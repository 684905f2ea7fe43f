// Executions of a connection that stand still, go on, are saved, copied and restored, over real sockets.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ServeOptions, type Server, startServer } from '../../../../host/node/server/index';
import { until } from '../../../support/condition';
import { RawClient } from '../../../support/raw-client';

const COUNT = 'print("begun") local s = 0 for i = 1, 200000 do s = s + i end print("done") return s';
const SUM = 20_000_100_000;
const SUSPENDING = { instructions: 100_000, policies: { instructions: 'suspend' } };

async function withServer(
  work: (client: RawClient, server: Server) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const server = await startServer({ port: 0, ...options });
  const client = await RawClient.connect(server.url);
  try {
    await ask(client, 'deploy', { name: 'count', language: 'lua', source: COUNT });
    await ask(client, 'deploy', { name: 'loop', language: 'c', source: 'int main(void) { for (;;) {} }' });
    await work(client, server);
  } finally {
    await client.close();
    await server.close();
  }
}

async function ask(client: RawClient, method: string, params: object = {}) {
  const { result, error } = await client.call(method, params);
  assert.is(error, undefined, `${method}: ${error?.message}`);
  return result;
}

async function codeOf(client: RawClient, method: string, params: object): Promise<string> {
  const { error } = await client.call(method, params);
  assert.ok(error, `${method} should be refused`);
  return error.data.code;
}

/** Starts the counting function and waits until its instructions are used up. */
async function startAndStall(client: RawClient, id: string, others: object = {}): Promise<void> {
  client.post('execute', { name: 'count', limits: SUSPENDING, ...others }, id);
  await client.wait(() => client.notifications.find(isSuspensionOf(id)));
}

function isSuspensionOf(id: string) {
  return ({ method, params }: { method: string; params: { request: string } }) =>
    method === 'suspended' && params.request === id;
}

test('a limit that suspends is told, with whose it is and behind the output so far', () =>
  withServer(async (client) => {
    await startAndStall(client, 'stalled', { output: true });
    const [output, suspended] = client.notifications;
    assert.equal([output!.method, output!.params.text], ['output', 'begun\n']);
    const { used, ...params } = suspended!.params;
    assert.equal(params, { request: 'stalled', reason: 'instructions', level: 'invocation', limit: 100_000 });
    assert.ok(used >= 100_000);
    const { memoryBytes, ...standing } = await ask(client, 'status', { request: 'stalled' });
    assert.equal(standing, { status: 'suspended', suspendedFor: 'instructions' });
    assert.ok(memoryBytes > 10_000);
    const refilled = await ask(client, 'refill', { request: 'stalled', amounts: { instructions: 1e7 } });
    assert.is(refilled.suspendedFor, null);
    assert.is((await client.answer('stalled')).result.value, SUM);
  }));

test('stands still when it is asked to, and goes on', () =>
  withServer(async (client) => {
    client.post('execute', { name: 'loop' }, 'looping');
    const { status, suspendedFor } = await ask(client, 'suspend', { request: 'looping' });
    assert.equal([status, suspendedFor], ['suspended', 'request']);
    assert.equal(
      client.notifications.map(({ method, params }) => [method, params]),
      [['suspended', { request: 'looping', reason: 'request' }]],
    );
    const resumed = await ask(client, 'resume', { request: 'looping' });
    assert.equal([resumed.status, resumed.suspendedFor], ['running', null]);
    assert.is(await codeOf(client, 'snapshot', { request: 'looping' }), 'snapshot.running');
    await ask(client, 'cancel', { request: 'looping' });
    assert.is((await client.answer('looping')).result.status, 'cancelled');
    for (const method of ['status', 'suspend', 'resume', 'snapshot', 'fork']) {
      assert.is(await codeOf(client, method, { request: 'looping' }), 'execution.unknown', method);
    }
  }));

test('of several executions, the index tells which', () =>
  withServer(async (client, server) => {
    client.post('execute', { name: 'loop', count: 3 }, 'three');
    await until(() => server.host.runningCount === 3);
    assert.is((await ask(client, 'suspend', { request: 'three', index: 1 })).status, 'suspended');
    assert.is((await ask(client, 'status', { request: 'three', index: 2 })).status, 'running');
    assert.is((await ask(client, 'status', { request: 'three' })).status, 'running');
    assert.equal(client.notifications[0]!.params, { request: 'three', index: 1, reason: 'request' });
    assert.is(await codeOf(client, 'status', { request: 'three', index: 3 }), 'execution.unknown');
    await ask(client, 'cancel', { request: 'three' });
    const { result } = await client.answer('three');
    assert.equal(
      result.map(({ status }: { status: string }) => status),
      ['cancelled', 'cancelled', 'cancelled'],
    );
  }));

test('what is saved goes on in another server, to the result and the counts of one that never stood still', () =>
  withServer(async (client) => {
    const straight = await ask(client, 'execute', { name: 'count' });
    await startAndStall(client, 'saved');
    const { snapshot } = await ask(client, 'snapshot', { request: 'saved' });
    await ask(client, 'cancel', { request: 'saved' });
    await withServer(async (other) => {
      other.post('restore', { snapshot, suspended: true, output: true }, 'restored');
      await ask(other, 'refill', { request: 'restored', amounts: { instructions: 1e9 } });
      await ask(other, 'resume', { request: 'restored' });
      const { result } = await other.answer('restored');
      assert.equal([result.status, result.value], ['ok', SUM]);
      assert.is(result.usage.instructions, straight.usage.instructions);
      assert.is(result.usage.outputBytes, straight.usage.outputBytes);
      const texts = other.notifications.filter(({ method }) => method === 'output').map(({ params }) => params.text);
      assert.is(texts.join(''), 'done\n');
    });
  }));

test('a copy goes on beside the first, by its own request', () =>
  withServer(async (client) => {
    await startAndStall(client, 'parent');
    client.post('fork', { request: 'parent', suspended: true }, 'child');
    await ask(client, 'refill', { request: 'child', amounts: { instructions: 1e9 } });
    await ask(client, 'resume', { request: 'child' });
    const child = (await client.answer('child')).result;
    assert.equal([child.value, child.stdout], [SUM, 'done\n']);
    assert.is((await ask(client, 'status', { request: 'parent' })).status, 'suspended');
    await ask(client, 'refill', { request: 'parent', amounts: { instructions: 1e9 } });
    const parent = (await client.answer('parent')).result;
    assert.equal([parent.value, parent.stdout], [SUM, 'begun\ndone\n']);
    assert.is(parent.usage.instructions, child.usage.instructions);
  }));

test('subscribers hear what is restored, too', () =>
  withServer(async (client) => {
    await startAndStall(client, 'saved');
    const { snapshot } = await ask(client, 'snapshot', { request: 'saved' });
    await ask(client, 'cancel', { request: 'saved' });
    client.notifications.length = 0;
    await ask(client, 'subscribe', { name: 'count' });
    client.post('restore', { snapshot, suspended: true }, 'restored');
    await ask(client, 'refill', { request: 'restored', amounts: { instructions: null } });
    await ask(client, 'resume', { request: 'restored' });
    await client.answer('restored');
    const heard = client.notifications.filter(({ method }) => method.startsWith('function'));
    assert.equal(
      heard.map(({ params }) => params.text ?? params.status),
      ['done\n', 'ok'],
    );
  }));

test('a client that leaves has its suspended executions cancelled', () =>
  withServer(async (client, server) => {
    const leaving = await RawClient.connect(server.url);
    await startAndStall(leaving, 'stalled');
    leaving.post('execute', { name: 'loop', count: 2 }, 'asked');
    await until(() => server.host.runningCount === 3);
    assert.is((await ask(leaving, 'suspend', { request: 'asked', index: 1 })).status, 'suspended');
    await leaving.close();
    await until(() => server.host.runningCount === 0);
    assert.is((await ask(client, 'host.describe')).usage.memoryBytes, 0);
  }));

test("nobody sees another connection's executions", () =>
  withServer(async (client, server) => {
    const other = await RawClient.connect(server.url);
    await startAndStall(other, 'mine');
    for (const method of ['status', 'suspend', 'resume', 'snapshot', 'fork']) {
      assert.is(await codeOf(client, method, { request: 'mine' }), 'execution.unknown', method);
    }
    assert.is((await ask(client, 'cancel', { request: 'mine' })).cancelled, false);
    await other.close();
  }));

test('bytes that are no snapshot, or not of a function that is there, are refused', () =>
  withServer(async (client) => {
    await startAndStall(client, 'saved');
    const { snapshot } = await ask(client, 'snapshot', { request: 'saved' });
    const bytes = Buffer.from(snapshot.base64, 'base64');
    const changed = Buffer.from(bytes);
    changed[400]! ^= 1;
    const cases: [Buffer, string][] = [
      [Buffer.from('nothing'), 'snapshot.format'],
      [bytes.subarray(0, bytes.length - 4), 'snapshot.truncated'],
      [changed, 'snapshot.checksum'],
    ];
    for (const [wrong, code] of cases) {
      assert.is(await codeOf(client, 'restore', { snapshot: { base64: wrong.toString('base64') } }), code);
    }
    assert.is(await codeOf(client, 'restore', { snapshot: { base64: '!' } }), 'params.invalid');
    assert.is(await codeOf(client, 'restore', { snapshot, limits: { memoryBytes: 4096 } }), 'snapshot.memory');
    assert.is(await codeOf(client, 'restore', { snapshot, weight: -1 }), 'params.invalid');
    assert.is(await codeOf(client, 'fork', { request: 'saved', count: 2 }), 'params.invalid');
    assert.is(await codeOf(client, 'refill', { request: 'saved', amounts: { instructions: 0.5 } }), 'params.invalid');
    assert.is(await codeOf(client, 'suspend', { request: 'saved', index: -1 }), 'params.invalid');
    await ask(client, 'deploy', { name: 'count', language: 'lua', source: 'return 1' });
    assert.is(await codeOf(client, 'restore', { snapshot }), 'snapshot.modules');
    await ask(client, 'tenant.set', { name: 'empty' });
    assert.is(await codeOf(client, 'restore', { snapshot, tenant: 'empty' }), 'snapshot.modules');
  }));

test('snapshots that are asked for at once are answered one after the other, and copies of them are the same', () =>
  withServer(async (client) => {
    await startAndStall(client, 'first');
    await startAndStall(client, 'second');
    const asked = ['first', 'second', 'first', 'unknown', 'second'];
    const answers = await Promise.all(asked.map((request) => client.call('snapshot', { request })));
    assert.is(answers[3]!.error!.data.code, 'execution.unknown');
    const [a, b, c, , d] = answers.map(({ result }) => result?.snapshot.base64);
    assert.ok(a.length > 1000 && a === c && b === d);
  }));

test('a snapshot that is larger than may be given back is not given out', () =>
  withServer(
    async (client) => {
      await startAndStall(client, 'large');
      const { error } = await client.call('snapshot', { request: 'large' });
      assert.equal([error!.data.code, error!.data.limit], ['snapshot.size', 1000]);
      assert.ok((error!.data.used as number) > 1000);
      assert.is(await codeOf(client, 'fork', { request: 'large' }), 'snapshot.size');
      const base64 = Buffer.alloc(1001).toString('base64');
      assert.is(await codeOf(client, 'restore', { snapshot: { base64 } }), 'snapshot.size');
      assert.is((await ask(client, 'status', { request: 'large' })).status, 'suspended');
    },
    { connectionLimits: { snapshotBytes: 1000 } },
  ));

test('restored and copied executions count against the limit of the connection', () =>
  withServer(
    async (client) => {
      await startAndStall(client, 'first');
      const { snapshot } = await ask(client, 'snapshot', { request: 'first' });
      client.post('fork', { request: 'first', suspended: true }, 'second');
      assert.is((await ask(client, 'status', { request: 'second' })).status, 'suspended');
      for (const [method, params] of [
        ['restore', { snapshot }],
        ['fork', { request: 'first' }],
      ] as const) {
        assert.is(await codeOf(client, method, params), 'connection.executions');
      }
      await ask(client, 'cancel', { request: 'second' });
      await client.answer('second');
      client.post('restore', { snapshot, suspended: true }, 'third');
      assert.is((await ask(client, 'status', { request: 'third' })).status, 'suspended');
    },
    { connectionLimits: { executions: 2 } },
  ));

test.run();
