// The methods for tenants, functions' budgets and the host, over real sockets: each method, limits that change while
// functions run, and what belongs to one tenant and not to another.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ServeOptions, type Server, startServer } from '../../../../host/node/server/index';
import { RawClient } from '../../../support/raw-client';

const LOOP = 'local n = 0 while true do n = n + 1 end';
const COUNT = 'local s = 0 for i = 1, ... do s = s + i end return s';

async function withServer(
  work: (client: RawClient, server: Server) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const server = await startServer({ port: 0, ...options });
  const client = await RawClient.connect(server.url);
  try {
    await work(client, server);
  } finally {
    await client.close();
    await server.close();
  }
}

/** The result of a request that must not be refused. */
async function ask(client: RawClient, method: string, params: object = {}) {
  const { result, error } = await client.call(method, params);
  assert.is(error, undefined, `${method}: ${error?.message}`);
  return result;
}

async function refusal(client: RawClient, method: string, params: object) {
  const { error } = await client.call(method, params);
  assert.ok(error, `${method} should be refused`);
  return error;
}

function lua(name: string, source: string, others: object = {}): object {
  return { name, language: 'lua', source, ...others };
}

test('a tenant is made, changed, described, listed and removed', () =>
  withServer(async (client) => {
    const made = await ask(client, 'tenant.set', {
      name: 'acme',
      weight: 2,
      limits: { instructions: 5000, policies: { wallTimeMs: 'suspend' } },
      budget: { requests: 10, instructionsPerSecond: null, policies: { requests: 'suspend' } },
    });
    assert.equal([made.name, made.weight, made.limits.instructions], ['acme', 2, 5000]);
    assert.equal([made.sharedLimits.requests, made.sharedLimits.instructions], [10, null]);
    assert.equal([made.policies, made.sharedPolicies], [{ wallTimeMs: 'suspend' }, { requests: 'suspend' }]);
    const changed = await ask(client, 'tenant.set', { name: 'acme', budget: { instructions: 77 } });
    assert.equal([changed.weight, changed.sharedLimits.requests, changed.sharedLimits.instructions], [2, 10, 77]);
    assert.equal(await ask(client, 'tenant.describe', { name: 'acme' }), changed);
    assert.equal((await ask(client, 'tenant.list')).tenants, [changed]);
    assert.equal(await ask(client, 'tenant.remove', { name: 'acme' }), { removed: true });
    assert.equal(await ask(client, 'tenant.remove', { name: 'acme' }), { removed: false });
    assert.is((await refusal(client, 'tenant.describe', { name: 'acme' })).data.code, 'tenant.unknown');
  }));

test("each tenant has its own functions; the default one's need no name", () =>
  withServer(async (client) => {
    for (const name of ['a', 'b']) await ask(client, 'tenant.set', { name });
    await ask(client, 'deploy', lua('who', 'return "default"'));
    await ask(client, 'deploy', lua('who', 'return "a"', { tenant: 'a' }));
    await ask(client, 'deploy', lua('only', 'return 1', { tenant: 'b' }));
    assert.is((await ask(client, 'execute', { name: 'who' })).value, 'default');
    assert.is((await ask(client, 'execute', { name: 'who', tenant: 'default' })).value, 'default');
    assert.is((await ask(client, 'execute', { name: 'who', tenant: 'a' })).value, 'a');
    for (const method of ['execute', 'describe', 'subscribe']) {
      const { code, data, message } = await refusal(client, method, { name: 'who', tenant: 'b' });
      assert.equal([code, data.code], [-32002, 'function.unknown']);
      assert.match(message, "for the tenant 'b'");
    }
    const names = (await ask(client, 'list', { tenant: 'b' })).functions.map(({ name }: { name: string }) => name);
    assert.equal(names, ['only']);
    assert.equal(await ask(client, 'remove', { name: 'who', tenant: 'a' }), { removed: true });
    assert.is((await ask(client, 'describe', { name: 'who' })).name, 'who');
  }));

test('nobody but the default tenant is there without having been made', () =>
  withServer(async (client) => {
    const requests: [string, object][] = [
      ['deploy', lua('f', 'return 1', { tenant: 'none' })],
      ['execute', { name: 'f', tenant: 'none' }],
      ['list', { tenant: 'none' }],
      ['describe', { name: 'f', tenant: 'none' }],
      ['remove', { name: 'f', tenant: 'none' }],
      ['subscribe', { name: 'f', tenant: 'none' }],
      ['restore', { snapshot: { base64: '' }, tenant: 'none' }],
      ['function.change', { name: 'f', tenant: 'none', budget: {} }],
      ['function.refill', { name: 'f', tenant: 'none', amounts: {} }],
      ['tenant.refill', { name: 'none', amounts: {} }],
    ];
    for (const [method, params] of requests) {
      const { code, data } = await refusal(client, method, params);
      assert.equal([method, code, data.code], [method, -32009, 'tenant.unknown']);
    }
    assert.equal((await ask(client, 'list', { tenant: 'default' })).functions, []);
  }));

test('a limit of each level is named by the level', () =>
  withServer(
    async (client) => {
      await ask(client, 'tenant.set', { name: 'poor', budget: { instructions: 20_000 } });
      await ask(client, 'deploy', lua('loop', LOOP, { tenant: 'poor' }));
      await ask(client, 'deploy', lua('loop', LOOP, { budget: { instructions: 30_000 } }));
      const breach = async (params: object) => {
        const { status, error } = await ask(client, 'execute', params);
        return [status, error.code, error.level, error.limit];
      };
      const invocation = await breach({ name: 'loop', limits: { instructions: 10_000 } });
      assert.equal(invocation, ['limit', 'limit.instructions', 'invocation', 10_000]);
      assert.equal(await breach({ name: 'loop' }), ['limit', 'limit.instructions', 'function', 30_000]);
      const ofTenant = await breach({ name: 'loop', tenant: 'poor' });
      assert.equal(ofTenant, ['limit', 'limit.instructions', 'tenant', 20_000]);
      await ask(client, 'function.refill', { name: 'loop', amounts: { instructions: null } });
      assert.equal((await breach({ name: 'loop' })).slice(0, 3), ['limit', 'limit.instructions', 'host']);
      const { usage, sharedLimits } = await ask(client, 'host.describe');
      assert.ok(usage.instructions >= sharedLimits.instructions);
    },
    { budget: { instructions: 100_000 } },
  ));

test('budgets change and are refilled while functions run: what stood still for want of them goes on', () =>
  withServer(async (client) => {
    const policies = { instructions: 'suspend' };
    const levels: [what: string, grant: () => Promise<unknown>][] = [
      ['function', () => ask(client, 'function.refill', { name: 'count', amounts: { instructions: 1e7 } })],
      ['function', () => ask(client, 'function.change', { name: 'count', budget: { instructions: null } })],
      ['tenant', () => ask(client, 'tenant.refill', { name: 'default', amounts: { instructions: 1e7 } })],
      ['tenant', () => ask(client, 'tenant.set', { name: 'default', budget: { instructions: null } })],
      ['host', () => ask(client, 'host.refill', { amounts: { instructions: 1e7 } })],
      ['host', () => ask(client, 'host.change', { budget: { instructions: null } })],
    ];
    const lower = async (level: string) => {
      const used = (await ask(client, 'host.describe')).usage.instructions;
      const budget = { instructions: used + 1000, policies };
      if (level === 'tenant') await ask(client, 'tenant.set', { name: 'default', budget });
      if (level === 'host') await ask(client, 'host.change', { budget });
      const own = level === 'function' ? { budget: { instructions: 1000, policies } } : {};
      await ask(client, 'deploy', lua('count', COUNT, own));
    };
    for (const [index, [level, grant]] of levels.entries()) {
      await lower(level);
      client.notifications.length = 0;
      client.post('execute', { name: 'count', argument: 10_000 }, `counting ${index}`);
      const { params } = await client.wait(() => client.notifications.find(({ method }) => method === 'suspended'));
      assert.equal([params.request, params.reason, params.level], [`counting ${index}`, 'instructions', level]);
      assert.ok(params.used >= params.limit);
      await grant();
      assert.is((await client.answer(`counting ${index}`)).result.value, 50_005_000);
      if (level !== 'function') await ask(client, 'host.change', { budget: { instructions: null } });
    }
  }));

test('a tenant is throttled to its rate while another is not', () =>
  withServer(async (client) => {
    await ask(client, 'tenant.set', {
      name: 'slow',
      budget: { instructionsPerSecond: 100_000, instructionsBurst: 1000 },
    });
    await ask(client, 'tenant.set', { name: 'fast' });
    for (const tenant of ['slow', 'fast']) await ask(client, 'deploy', lua('count', COUNT, { tenant }));
    client.post('execute', { name: 'count', tenant: 'slow', argument: 1_000_000 }, 'throttled');
    const { value } = await ask(client, 'execute', { name: 'count', tenant: 'fast', argument: 1_000_000 });
    assert.is(value, 500_000_500_000);
    // Two million instructions at that rate: twenty seconds.
    assert.is(
      client.answers.find(({ id }) => id === 'throttled'),
      undefined,
    );
    const { usage } = await ask(client, 'tenant.describe', { name: 'slow' });
    assert.equal([usage.concurrentInvocations, usage.instructions < 1_000_000], [1, true]);
    await ask(client, 'tenant.set', { name: 'slow', budget: { instructionsPerSecond: null } });
    assert.is((await client.answer('throttled')).result.value, 500_000_500_000);
  }));

test('who finds the queue full is told so, and by whose limit', () =>
  withServer(async (client) => {
    const budget = { concurrentInvocations: 1, queueLength: 2 };
    await ask(client, 'tenant.set', { name: 'small', budget });
    // Without an end of its own: specialised, a billion instructions are over in half a second.
    await ask(client, 'deploy', lua('loop', LOOP, { tenant: 'small', limits: { instructions: 1e12 } }));
    client.post('execute', { name: 'loop', tenant: 'small', count: 3 }, 'three');
    // Of a request's executions the last may start in later turns.
    while ((await ask(client, 'tenant.describe', { name: 'small' })).usage.queueLength < 2);
    const { status, error } = await ask(client, 'execute', { name: 'loop', tenant: 'small' });
    assert.equal([status, error.code, error.resource], ['limit', 'limit.queue_length', 'queue_length']);
    assert.equal([error.level, error.limit, error.used], ['tenant', 2, 2]);
    assert.match(error.message, 'too many invocations queue');
    const { usage } = await ask(client, 'tenant.describe', { name: 'small' });
    assert.equal([usage.concurrentInvocations, usage.queueLength], [1, 2]);
    await ask(client, 'cancel', { request: 'three' });
    await client.answer('three');
    const { usage: after } = await ask(client, 'tenant.describe', { name: 'small' });
    assert.equal([after.concurrentInvocations, after.queueLength], [0, 0]);
  }));

test('subscribers hear the function of their tenant only', () =>
  withServer(async (client) => {
    await ask(client, 'tenant.set', { name: 'other' });
    for (const tenant of ['default', 'other']) await ask(client, 'deploy', lua('f', `print("${tenant}")`, { tenant }));
    await ask(client, 'subscribe', { name: 'f', tenant: 'other' });
    await ask(client, 'execute', { name: 'f' });
    await ask(client, 'execute', { name: 'f', tenant: 'other' });
    await client.wait(() => client.notifications.find(({ method }) => method === 'functionEnded'));
    const texts = client.notifications.map(({ params }) => params.text ?? params.status);
    assert.equal(texts, ['other\n', 'ok']);
  }));

test('a tenant that is removed makes room for others', () =>
  withServer(
    async (client) => {
      await ask(client, 'tenant.set', { name: 'first' });
      await ask(client, 'deploy', lua('f', 'return 1', { tenant: 'first' }));
      const tooMany = await refusal(client, 'tenant.set', { name: 'second' });
      assert.equal([tooMany.data.code, tooMany.data.limit, tooMany.data.used], ['server.tenants', 1, 2]);
      assert.is((await refusal(client, 'deploy', lua('f', 'return 2'))).data.code, 'server.functions');
      await ask(client, 'tenant.remove', { name: 'first' });
      await ask(client, 'deploy', lua('f', 'return 2'));
      assert.is((await ask(client, 'execute', { name: 'f' })).value, 2);
    },
    { storeLimits: { tenants: 1, functions: 1 } },
  ));

test('a server has the tenants and the budget that it is started with', () =>
  withServer(
    async (client) => {
      const [acme] = (await ask(client, 'tenant.list')).tenants;
      assert.equal([acme.name, acme.weight, acme.sharedLimits.requests], ['acme', 5, 3]);
      assert.is((await ask(client, 'host.describe')).sharedLimits.memoryBytes, 1_000_000);
    },
    { tenants: { acme: { weight: 5, budget: { requests: 3 } } }, budget: { memoryBytes: 1_000_000 } },
  ));

test('parameters that are wrong are refused, and change nothing', () =>
  withServer(async (client) => {
    await ask(client, 'deploy', lua('f', 'return 1'));
    const before = await ask(client, 'tenant.describe', { name: 'default' });
    const wrong: [string, object][] = [
      ['tenant.set', { name: 'default', budget: { apples: 1 } }],
      ['tenant.set', { name: 'default', budget: { requests: -1 } }],
      ['tenant.set', { name: 'default', budget: { requests: '1' } }],
      ['tenant.set', { name: 'default', limits: { concurrentInvocations: 1 } }],
      ['tenant.set', { name: 'default', limits: { policies: { instructions: 'throttle' } } }],
      ['tenant.set', { name: 'default', weight: 0 }],
      ['tenant.set', { name: 'default', colour: 'red' }],
      ['tenant.set', {}],
      ['tenant.refill', { name: 'default', amounts: { requests: 0.5 } }],
      ['tenant.refill', { name: 'default', amounts: { requests: -5 } }],
      ['tenant.refill', { name: 'default' }],
      ['tenant.describe', { name: '../x' }],
      ['function.change', { name: 'f' }],
      ['function.change', { name: 'f', budget: { policies: { queueLength: 'suspend' } } }],
      ['function.refill', { name: 'f', amounts: { policies: {} } }],
      ['host.change', { budget: { memoryBytes: 0 } }],
      ['host.refill', { amounts: { nothing: 1 } }],
      ['execute', { name: 'f', weight: 1e9 }],
      ['execute', { name: 'f', tenant: '' }],
      ['deploy', lua('g', 'return 1', { budget: { instructions: 0 } })],
      ['deploy', lua('g', 'return 1', { weight: -1 })],
    ];
    for (const [method, params] of wrong) {
      const { data, message } = await refusal(client, method, params);
      assert.is(data.code, 'params.invalid', `${method} ${JSON.stringify(params)}: ${message}`);
    }
    assert.is((await refusal(client, 'tenant.set', { name: 'a/b' })).data.code, 'tenant.name');
    const unknown = await refusal(client, 'function.change', { name: 'g', budget: {} });
    assert.is(unknown.data.code, 'function.unknown');
    assert.equal(await ask(client, 'tenant.describe', { name: 'default' }), before);
  }));

test.run();
