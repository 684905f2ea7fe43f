// The client for pages, over Node's fetch and a real server: what it sends and reads, and what it leaves to the browser.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createFetchClient, createHost, type HttpRequest } from '../../../../host/core/index';
import { startHttpServer } from '../../../support/http-server';

const server = await startHttpServer({
  '/echo': (response, { method, headers, body }) => {
    response.writeHead(201, { 'X-Seen': 'yes', 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, agent: headers['x-agent'] ?? null, body, cookie: headers.cookie ?? null }));
  },
  '/long': (response) => response.end('x'.repeat(500_000)),
  '/away': (response) => response.writeHead(302, { location: '/echo' }).end(),
  '/hang': () => {},
  '/hang-in-body': (response) => response.write('begun'),
});
test.after(() => server.close());

function ask(path: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const url = new URL(path, server.url);
  const { signal } = new AbortController();
  return { method: 'GET', url, headers: [], body: null, signal, privateAddresses: new Set(), ...more };
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one ');
  yield Buffer.from('two');
}

test('sends method, headers and a body, whole or in pieces, and gives status, headers and the body', async () => {
  const client = createFetchClient();
  for (const [body, expected] of [
    [Buffer.from('whole'), 'whole'],
    [pieces(), 'one two'],
  ] as const) {
    const response = await client.request(ask('/echo', { method: 'POST', headers: [['X-Agent', 'me']], body }));
    assert.is(response.status, 201);
    assert.ok(response.headers.some(([name, value]) => name === 'x-seen' && value === 'yes'));
    assert.equal(JSON.parse(await textOf(response.body)), {
      method: 'POST',
      agent: 'me',
      body: expected,
      cookie: null,
    });
  }
});

test('gives a long body in pieces, and ends the connection when nobody wants the rest', async () => {
  const client = createFetchClient();
  assert.is((await textOf((await client.request(ask('/long'))).body)).length, 500_000);
  const { body } = await client.request(ask('/hang-in-body'));
  for await (const piece of body) {
    assert.is(Buffer.from(piece).toString(), 'begun');
    break;
  }
  await server.idle();
});

test('ends what is under way when nobody waits for it any more', async () => {
  const controller = new AbortController();
  const asking = createFetchClient().request(ask('/hang', { signal: controller.signal }));
  while (server.busy.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort();
  let name = '';
  await asking.catch((error: Error) => {
    name = error.name;
  });
  assert.is(name, 'AbortError');
  await server.idle();
});

test('what a browser hides of a redirection is a failure', async () => {
  const hiding = async () => Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
  let message = '';
  await createFetchClient(hiding)
    .request(ask('/away'))
    .catch((error: Error) => {
      message = error.message;
    });
  assert.match(message, 'redirection');
});

test('functions of a host with it make their requests so, held to their allow-lists', async () => {
  const host = await createHost({ httpClient: createFetchClient(), training: false });
  const source = `local http = require 'gazelle'.http
    local ok, problem = pcall(http.get, 'http://example.com/')
    return http.request { url = ... .. '/echo', method = 'PUT', body = 'from Lua' }:text(), ok, problem`;
  const { values, error } = await host.run({
    language: 'lua',
    source,
    args: [server.url],
    http: { allow: [{ host: '127.0.0.1', port: server.port }] },
    capabilities: ['http'],
  });
  assert.is(error, undefined, JSON.stringify(error));
  assert.match(String(values[0]), '"method":"PUT"');
  assert.is(values[1], false);
  assert.match(String(values[2]), /^http\.denied/);
  await host.close();
});

test.run();
