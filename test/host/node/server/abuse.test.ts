// What clients should not do, over real sockets: each is refused in its own connection, and others are served as ever.
import { connect as connectTcp, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Server, startServer } from '../../../../host/node/server/index';
import { until } from '../../../support/condition';
import { RawClient } from '../../../support/raw-client';

let server: Server;
let neighbour: RawClient;
test.before(async () => {
  server = await startServer({
    port: 0,
    heartbeatMs: 100,
    connectionLimits: {
      executions: 50,
      messageBytes: 2 ** 20,
      deployBytes: 1000,
      subscriptions: 3,
      responseBytes: 100_000,
      executeBytes: 2_000_000,
    },
    storeLimits: { functions: 5 },
  });
  neighbour = await RawClient.connect(server.url);
  await neighbour.call('deploy', { name: 'one', language: 'lua', source: 'return 1' });
  await neighbour.call('deploy', { name: 'loop', language: 'c', source: 'int main(void) { for (;;) {} }' });
});
test.after(async () => {
  await neighbour.close();
  await server.close();
});

/** The others are served. */
async function assertServed(): Promise<void> {
  assert.is((await neighbour.call('execute', { name: 'one' })).result.value, 1);
}

/** Opens a connection, does something with it, and looks at the neighbour. */
async function withClient(work: (client: RawClient) => Promise<void>): Promise<void> {
  const client = await RawClient.connect(server.url);
  await work(client);
  await assertServed();
  client.socket.terminate();
}

const REFUSED: [what: string, text: string, number: number, code: string][] = [
  ['no JSON', '{"jsonrpc"', -32700, 'message.json'],
  ['nothing', '', -32700, 'message.json'],
  ['deep lists', '['.repeat(100_000), -32600, 'message.depth'],
  ['deep objects', `{"jsonrpc":"2.0","id":1,"method":"list","params":${'{"a":'.repeat(5000)}`, -32600, 'message.depth'],
  ['too many values', `[${'1,'.repeat(300_000)}1]`, -32600, 'message.values'],
  ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"list"}]', -32600, 'message.batch'],
  ['an empty batch', '[]', -32600, 'message.batch'],
  ['a number', '7', -32600, 'message.request'],
  ['null', 'null', -32600, 'message.request'],
  ['no version', '{"id":1,"method":"list"}', -32600, 'message.request'],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"list"}', -32600, 'message.request'],
  ['an answer', '{"jsonrpc":"2.0","id":1,"result":1}', -32600, 'message.request'],
  ['no method', '{"jsonrpc":"2.0","id":1}', -32600, 'message.request'],
  ['more than a request', '{"jsonrpc":"2.0","id":1,"method":"list","more":1}', -32600, 'message.request'],
  ...['null', 'true', '1.5', '[]', '{}', '""', `"${'x'.repeat(200)}"`, '1e300'].map(
    (id): [string, string, number, string] => [
      `the id ${id.slice(0, 10)}`,
      `{"jsonrpc":"2.0","id":${id},"method":"list"}`,
      -32600,
      'message.request',
    ],
  ),
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"destroy"}', -32601, 'method.unknown'],
  ['a method of objects', '{"jsonrpc":"2.0","id":1,"method":"toString"}', -32601, 'method.unknown'],
  ['__proto__ as a method', '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601, 'method.unknown'],
  ['params of a wrong kind', '{"jsonrpc":"2.0","id":1,"method":"list","params":[]}', -32602, 'params.invalid'],
  ['params too many', '{"jsonrpc":"2.0","id":1,"method":"list","params":{"all":1}}', -32602, 'params.invalid'],
  ['params too few', '{"jsonrpc":"2.0","id":1,"method":"execute","params":{}}', -32602, 'params.invalid'],
  [
    'argument and args',
    '{"jsonrpc":"2.0","id":1,"method":"execute","params":{"name":"one","argument":1,"args":[]}}',
    -32602,
    'params.invalid',
  ],
];
for (const [what, text, number, code] of REFUSED) {
  test(`refuses ${what}`, () =>
    withClient(async (client) => {
      const error = await client.refused(text);
      assert.is(error.code, number);
      assert.is(error.data.code, code);
      assert.ok(error.message.length > 0);
      // The connection lives.
      assert.is((await client.call('execute', { name: 'one' })).result.value, 1);
    }));
}

test('takes brackets inside of strings for what they are', () =>
  withClient(async (client) => {
    const source = `return #[[${'['.repeat(400)}\\"]]`;
    await client.call('deploy', { name: 'brackets', language: 'lua', source });
    assert.is((await client.call('execute', { name: 'brackets' })).result.value, 402);
    await client.call('remove', { name: 'brackets' });
  }));

test('an answer has the id of what was refused, when it can be told', () =>
  withClient(async (client) => {
    client.socket.send('{"jsonrpc":"2.0","id":"told","method":"list","more":1}');
    assert.is((await client.answer('told')).error!.data.code, 'message.request');
    client.socket.send('{"jsonrpc":"2.0","id":1.5,"method":"list"}');
    assert.is((await client.answer(null)).error!.data.code, 'message.request');
  }));

test('notifications get no answer', () =>
  withClient(async (client) => {
    client.socket.send('{"jsonrpc":"2.0","method":"remove","params":{"name":"one"}}');
    await client.call('list');
    assert.is(client.answers.length, 1);
  }));

test('names that objects have of themselves are names like others', () =>
  withClient(async (client) => {
    const text =
      '{"jsonrpc":"2.0","id":1,"method":"deploy","params":{"name":"__proto__","language":"lua","source":"return 2","files":{"__proto__":"x","constructor":"y"}}}';
    client.socket.send(text);
    await client.answer(1);
    assert.is((await client.call('execute', { name: '__proto__' })).result?.value, 2);
    assert.is(({} as { x?: unknown }).x, undefined);
    await client.call('remove', { name: '__proto__' });
  }));

const CLOSING: [what: string, send: (client: RawClient) => void, code: number][] = [
  ['a binary message', ({ socket }) => socket.send(Buffer.from('{}')), 1003],
  ['a giant message', ({ socket }) => socket.send(`"${'x'.repeat(2 ** 20)}"`), 1009],
  ['text that is no UTF-8', ({ socket }) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false }), 1007],
];
for (const [what, send, code] of CLOSING) {
  test(`closes the connection for ${what}`, async () => {
    const client = await RawClient.connect(server.url);
    send(client);
    assert.is((await client.closed).code, code);
    await assertServed();
  });
}

/** A WebSocket up to its handshake, by hand. */
async function openByHand(): Promise<Socket> {
  const socket = connectTcp(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    [
      'GET /v1 HTTP/1.1',
      `Host: 127.0.0.1:${server.port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: gazelle.v1',
      `Sec-WebSocket-Key: ${Buffer.from('0123456789abcdef').toString('base64')}`,
      '\r\n',
    ].join('\r\n'),
  );
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  assert.match(answer, /^HTTP\/1\.1 101 /);
  return socket;
}

const FRAMES: [what: string, bytes: number[]][] = [
  ['a frame without a mask', [0x81, 0x02, 0x7b, 0x7d]],
  ['reserved bits', [0xf1, 0x80, 0, 0, 0, 0]],
  ['an unknown opcode', [0x83, 0x80, 0, 0, 0, 0]],
  ['a control frame in pieces', [0x09, 0x80, 0, 0, 0, 0]],
  ['a continuation of nothing', [0x80, 0x80, 0, 0, 0, 0]],
  ['a length of 2^63', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['noise', [0x47, 0x45, 0x54, 0x20, 0x2f, 0x20, 0x48, 0x54, 0x54, 0x50]],
];
for (const [what, bytes] of FRAMES) {
  test(`ends the connection for ${what}`, async () => {
    const socket = await openByHand();
    socket.resume();
    socket.write(Buffer.from(bytes));
    await new Promise((resolve) => socket.once('close', resolve));
    await assertServed();
  });
}

test('ends a connection whose other side gives no sign of life', async () => {
  const before = server.connectionCount;
  // Pings are read and never answered.
  const socket = await openByHand();
  socket.resume();
  assert.is(server.connectionCount, before + 1);
  await new Promise((resolve) => socket.once('close', resolve));
  await until(() => server.connectionCount === before);
});

test('keeps a connection that answers pings', async () => {
  const client = await RawClient.connect(server.url);
  let pings = 0;
  client.socket.on('ping', () => pings++);
  await until(() => pings >= 4);
  assert.is((await client.call('execute', { name: 'one' })).result.value, 1);
  await client.close();
});

test('refuses the id of an execution that is under way', () =>
  withClient(async (client) => {
    client.post('execute', { name: 'loop' }, 5);
    client.socket.send('{"jsonrpc":"2.0","id":5,"method":"list"}');
    const { error } = await client.answer(5);
    assert.is(error!.data.code, 'message.id');
    assert.is((await client.call('cancel', { request: 5 })).result.cancelled, true);
    await client.wait(() => client.answers.find(({ id, result }) => id === 5 && result?.status === 'cancelled'));
  }));

test('a flood of executions is refused beyond the limit of its connection', () =>
  withClient(async (client) => {
    for (let index = 0; index < 80; index++) client.post('execute', { name: 'loop' }, index);
    await client.wait(() => (client.answers.length === 30 ? true : undefined));
    for (const { error } of client.answers) {
      assert.is(error!.code, -32003);
      assert.equal([error!.data.resource, error!.data.limit, error!.data.used], ['executions', 50, 51]);
    }
    const many = await client.call('execute', { name: 'one', count: 51 });
    assert.is(many.error!.data.code, 'connection.executions');
    assert.is(server.host.runningCount, 50);
    await assertServed();
    client.socket.terminate();
    await until(() => server.host.runningCount === 0);
  }));

test('what the executions under way were given is limited', () =>
  withClient(async (client) => {
    const argument = 'x'.repeat(700_000);
    for (let index = 0; index < 4; index++) client.post('execute', { name: 'loop', argument }, index);
    const { error } = await client.answer(2);
    assert.is(error!.code, -32008);
    assert.equal([error!.data.resource, error!.data.limit], ['execute_bytes', 2_000_000]);
    assert.is((await client.answer(3)).error!.data.code, 'connection.bytes');
    client.post('cancel', { request: 0 }, 'cancel');
    await client.answer(0);
    client.post('execute', { name: 'one', argument }, 'again');
    assert.ok((await client.answer('again')).result);
  }));

test('a flood of small requests is answered in full, and holds nobody up', () =>
  withClient(async (client) => {
    const count = 20_000;
    for (let index = 0; index < count; index++) client.post('list', {}, index);
    await assertServed();
    await client.wait(() => (client.answers.length === count ? true : undefined));
    assert.equal(
      client.answers.map(({ id }) => id),
      [...Array(count).keys()],
    );
  }));

test('a function that is too large, and one too many, are refused', () =>
  withClient(async (client) => {
    const large = { name: 'large', language: 'lua', source: 'return 1', files: { x: 'x'.repeat(1000) } };
    const { error } = await client.call('deploy', large);
    assert.is(error!.code, -32004);
    assert.equal([error!.data.resource, error!.data.limit], ['deploy_bytes', 1000]);
    for (const name of ['a', 'b', 'c']) {
      assert.ok((await client.call('deploy', { name, language: 'lua', source: 'return 1' })).result);
    }
    const many = await client.call('deploy', { name: 'd', language: 'lua', source: 'return 1' });
    assert.is(many.error!.data.code, 'server.functions');
    assert.ok((await client.call('deploy', { name: 'c', language: 'lua', source: 'return 2' })).result);
    for (const name of ['a', 'b', 'c']) await client.call('remove', { name });
  }));

test('subscriptions are limited, and end with their connection', () =>
  withClient(async (client) => {
    for (let index = 0; index < 3; index++) assert.ok((await client.call('subscribe', { name: 'one' })).result);
    assert.is((await client.call('subscribe', { name: 'one' })).error!.data.code, 'connection.subscriptions');
  }));

test('results that are too large together end in an error, and the rest is cancelled', () =>
  withClient(async (client) => {
    const source = 'print(("x"):rep(60000)) return 1';
    await client.call('deploy', { name: 'prints', language: 'lua', source });
    const single = await client.call('execute', { name: 'prints' });
    assert.is(single.result.stdout.length, 60_001);
    const { error } = await client.call('execute', { name: 'prints', count: 20 });
    assert.is(error!.code, -32006);
    assert.is(error!.data.limit, 100_000);
    await until(() => server.host.runningCount === 0);
    await client.call('remove', { name: 'prints' });
  }));

test('what a client has started ends when it leaves', async () => {
  const client = await RawClient.connect(server.url);
  client.post('execute', { name: 'loop', count: 20 }, 1);
  client.post('execute', { name: 'loop', output: true }, 2);
  await until(() => server.host.runningCount === 21);
  client.socket.terminate();
  await until(() => server.host.runningCount === 0);
  await assertServed();
});

test.run();
