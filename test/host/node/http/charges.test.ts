// What HTTP requests are charged, and when: against a real server, by the calls behind the syscalls.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HttpPolicy } from '../../../../host/core/http';
import { HttpCalls } from '../../../../host/core/syscalls/http';
import { createNodeClient } from '../../../../host/node/http/client';
import { LimitReached } from '../../../../vm/index';
import { CountedCharges } from '../../../support/counted-charges';
import { startHttpServer } from '../../../support/http-server';

const server = await startHttpServer({
  '/json': (response, { method, headers, body }) => {
    response.setHeader('content-type', 'application/json').setHeader('x-seen', 'yes');
    response.end(JSON.stringify({ method, agent: headers['x-agent'] ?? null, body }));
  },
  '/long': (response) => response.end('x'.repeat(300_000)),
  '/see-other': (response) => response.writeHead(303, { location: '/json' }).end('go on'),
});
test.after(() => server.close());

function callsWith(limits = {}) {
  const charges = new CountedCharges(limits);
  const policy = HttpPolicy.of({
    allow: [{ host: '127.0.0.1', port: server.port }],
    privateAddresses: [server.address],
  });
  const startTimer = (milliseconds: number, callback: () => void) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  };
  return { charges, calls: new HttpCalls({ client: createNodeClient(), policy, charges, startTimer }, 1) };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const handleIn = (head: unknown) => (head as Map<string, number>).get('handle')!;

test('requests, open requests and the bytes of both ways are charged, each before it is handed on', async () => {
  const { charges, calls } = callsWith();
  const url = `${server.url}/json`;
  const head = await calls.request({ url, method: 'POST', headers: { 'x-agent': 'me' } }, bytes('hello'));
  assert.is(charges.used.requests, 1);
  assert.is(charges.used.openRequests, 1);
  assert.is(charges.used.networkOutBytes, 'POST'.length + url.length + 'x-agentme'.length + 5);
  const ofHead = charges.used.networkInBytes!;
  assert.ok(ofHead > 'content-typeapplication/jsonx-seenyes'.length);
  const body = (await calls.read(handleIn(head), 65_536))!;
  assert.is(charges.used.networkInBytes, ofHead + body.length);
  assert.is(await calls.read(handleIn(head), 65_536), null);
  assert.is(charges.used.openRequests, 0);
  await server.idle();
});

test('a request that was let in when its execution had ended is given back, and not sent', async () => {
  const { charges, calls } = callsWith();
  const before = server.asked.length;
  let open = () => {};
  charges.gate = { name: 'openRequests', opened: new Promise((resolve) => (open = resolve)) };
  const request = calls.request({ url: `${server.url}/json` }, bytes(''));
  open();
  calls.closeAll();
  let thrown = '';
  await request.catch((error: Error) => (thrown = error.message));
  assert.match(thrown, 'http.handle');
  assert.is(charges.used.openRequests, 0);
  assert.is(charges.used.requests ?? 0, 0);
  assert.is(server.asked.length, before);
});

test('nothing is written behind the end of a body', async () => {
  const { charges, calls } = callsWith();
  const handle = await calls.begin({ url: `${server.url}/json`, method: 'POST' });
  await calls.response(handle);
  const { networkOutBytes } = charges.used;
  let thrown = '';
  await calls.write(handle, bytes('late')).catch((error: Error) => (thrown = error.message));
  assert.match(thrown, 'http.state');
  assert.is(charges.used.networkOutBytes, networkOutBytes);
  calls.closeAll();
  await server.idle();
});

test('a body in pieces is charged piece by piece, a redirection as a request', async () => {
  const { charges, calls } = callsWith();
  const handle = await calls.begin({ url: `${server.url}/json`, method: 'PUT' });
  const before = charges.used.networkOutBytes!;
  await calls.write(handle, bytes('12345'));
  await calls.write(handle, bytes('678'));
  assert.is(charges.used.networkOutBytes, before + 8);
  await calls.response(handle);
  calls.close(handle);
  assert.is(charges.used.openRequests, 0);
  await calls.request({ url: `${server.url}/see-other`, redirect: 'follow' }, bytes(''));
  assert.is(charges.used.requests, 3);
  calls.closeAll();
  assert.is(charges.used.openRequests, 0);
  await server.idle();
});

test('at its limit nothing is sent, and nothing more is read', async () => {
  const before = server.asked.length;
  const url = `${server.url}/long`;
  for (const limits of [{ requests: 0 }, { openRequests: 0 }, { networkOutBytes: 5 }]) {
    const { charges, calls } = callsWith(limits);
    let thrown: unknown;
    await calls.request({ url }, bytes('')).catch((error: unknown) => (thrown = error));
    assert.instance(thrown, LimitReached);
    assert.ok(!charges.used.openRequests);
  }
  assert.is(server.asked.length, before);
  const { charges, calls } = callsWith({ networkInBytes: 100_000 });
  const handle = handleIn(await calls.request({ url }, bytes('')));
  let received = 0;
  let thrown: unknown;
  try {
    for (;;) received += (await calls.read(handle, 65_536))!.length;
  } catch (error) {
    thrown = error;
  }
  assert.instance(thrown, LimitReached);
  assert.ok(received <= 100_000 && received > 0);
  assert.ok(charges.used.networkInBytes! <= 100_000);
  calls.closeAll();
  await server.idle();
});

test('a read that waits for its charge hands nothing on before', async () => {
  const { charges, calls } = callsWith();
  const handle = handleIn(await calls.request({ url: `${server.url}/json` }, bytes('')));
  let open = () => {};
  charges.gate = { name: 'networkInBytes', opened: new Promise((resolve) => (open = resolve)) };
  let isRead = false;
  const reading = calls.read(handle, 10).then((piece) => {
    isRead = true;
    return piece;
  });
  while (!charges.log.at(-1)!.startsWith('networkInBytes 3')) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.is(isRead, false);
  open();
  assert.is((await reading)!.length, 10);
  calls.closeAll();
  await server.idle();
});

test.run();
