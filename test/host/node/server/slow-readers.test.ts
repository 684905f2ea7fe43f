// Clients that read slowly or not at all: what waits for them is bounded, what they started is held, others are served.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Server, startServer } from '../../../../host/node/server/index';
import { until } from '../../../support/condition';
import { RawClient } from '../../../support/raw-client';

const PRINTER = 'local line = ("x"):rep(999) for i = 1, 1000000 do print(line) end';

let server: Server;
let neighbour: RawClient;
test.before(async () => {
  server = await startServer({
    port: 0,
    limits: { outputBytes: 2 ** 30, instructions: 1e12, wallTimeMs: 60_000 },
    connectionLimits: { unreadBytes: 8 * 2 ** 20 },
  });
  neighbour = await RawClient.connect(server.url);
  await neighbour.call('deploy', { name: 'printer', language: 'lua', source: PRINTER });
  await neighbour.call('deploy', { name: 'one', language: 'lua', source: 'return 1' });
  await neighbour.call('deploy', { name: 'large', language: 'lua', source: 'return ("x"):rep(1000000)' });
});
test.after(async () => {
  await neighbour.close();
  await server.close();
});

async function assertServed(): Promise<void> {
  assert.is((await neighbour.call('execute', { name: 'one' })).result.value, 1);
}

/** Waits until the server's memory does not grow any more, and looks that it has not grown by much. */
async function assertBounded(before: number): Promise<void> {
  for (let look = 0; look < 10; look++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { rss } = process.memoryUsage();
    assert.ok(rss - before < 300 * 2 ** 20, `${Math.round((rss - before) / 2 ** 20)} MiB more`);
  }
}

test('the output of a function is held while its client does not read', async () => {
  const before = process.memoryUsage().rss;
  const client = await RawClient.connect(server.url);
  client.post('execute', { name: 'printer', output: true }, 1);
  await client.wait(() => (client.notifications.length > 0 ? true : undefined));
  client.socket.pause();
  // A GiB would come. The function is not ended, and nothing piles up.
  await assertBounded(before);
  assert.is(server.host.runningCount, 1);
  await assertServed();
  // It goes on when the client does.
  const seen = client.notifications.length;
  client.socket.resume();
  await client.wait(() => (client.notifications.length > seen + 200 ? true : undefined));
  assert.is(server.host.runningCount, 1);
  client.socket.terminate();
  await until(() => server.host.runningCount === 0);
});

test('requests of a client that does not read its answers are not read either', async () => {
  const before = process.memoryUsage().rss;
  const client = await RawClient.connect(server.url);
  client.socket.pause();
  for (let index = 0; index < 200_000; index++) client.post('list', {}, index);
  await assertBounded(before + 100 * 2 ** 20);
  await assertServed();
  client.socket.terminate();
});

test('a client for which too much waits is given up', async () => {
  const client = await RawClient.connect(server.url);
  client.socket.pause();
  for (let index = 0; index < 40; index++) client.post('execute', { name: 'large' }, index);
  await until(() => server.connectionCount === 1, 'the end of the connection');
  await until(() => server.host.runningCount === 0);
  await assertServed();
  client.socket.resume();
  const { code } = await client.closed;
  assert.ok([4008, 1006].includes(code), String(code));
});

test('a listener that does not read loses output, and holds nobody', async () => {
  const listener = await RawClient.connect(server.url);
  await listener.call('subscribe', { name: 'printer' });
  listener.socket.pause();
  const client = await RawClient.connect(server.url);
  client.post('execute', { name: 'printer', output: true }, 1);
  const bytes = () => client.notifications.reduce((sum, { params }) => sum + params.text.length, 0);
  await client.wait(() => (client.notifications.length > 1000 ? true : undefined));
  assert.ok(bytes() > 20 * 2 ** 20);
  assert.is(server.connectionCount, 3);
  listener.socket.resume();
  const lost = await listener.wait(() => listener.notifications.find(({ params }) => params.dropped > 0));
  assert.ok(lost.params.dropped > 0);
  client.socket.terminate();
  await until(() => server.host.runningCount === 0);
  await listener.close();
});

test.run();
