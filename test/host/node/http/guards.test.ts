// Functions do not reach the host's own network: by name, by redirection, by a name that changes its mind, or by an address in
// odd clothes; unless a deployment grants that very address and port.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addressKey } from '../../../../host/core/http';
import type { HttpOptions } from '../../../../host/core/index';
import { isPublicAddress } from '../../../../host/node/http/addresses';
import { createNodeClient } from '../../../../host/node/http/client';
import { createHost } from '../../../../host/node/index';
import { startHttpServer } from '../../../support/http-server';

const server = await startHttpServer({
  '/': (response) => response.end('reached'),
  '/to-name': (response) => response.writeHead(302, { location: `http://inside.example:${server.port}/` }).end(),
  '/to-address': (response) => response.writeHead(302, { location: `http://[::1]:${server.port}/` }).end(),
  '/to-decimal': (response) => response.writeHead(302, { location: `http://2130706434:${server.port}/` }).end(),
});

/** Names and what they lead to, each answer once, the last one for ever. */
const names: Record<string, string[][]> = {
  'inside.example': [['127.0.0.1']],
  'mapped.example': [['::ffff:127.0.0.1']],
  'metadata.example': [['169.254.169.254']],
  'both.example': [['93.184.216.34', '10.0.0.1']],
  'rebinding.example': [['127.0.0.1'], ['93.184.216.34']],
  'empty.example': [[]],
  'granted.example': [['127.0.0.1']],
};
const asked: string[] = [];
const resolve = async (name: string): Promise<string[]> => {
  asked.push(name);
  const answers = names[name];
  if (answers === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return answers.length > 1 ? answers.shift()! : answers[0]!;
};
const host = await createHost({ httpClient: createNodeClient({ resolve, keepAliveMs: 60_000 }) });
test.after(async () => {
  await host.close();
  server.close();
});

/** The body that a function gets, or its failure. */
async function get(url: string, http: Partial<HttpOptions> = {}): Promise<string> {
  const source = `local http = require 'gazelle'.http
    local ok, message = pcall(function(url) return http.request { url = url, redirect = 'follow' }:text() end, ...)
    return message`;
  const allow = [80, 443, server.port].map((port) => ({ host: '*', port }));
  const { value, error } = await host.run({
    language: 'lua',
    source,
    args: [url],
    http: { allow, ...http },
    capabilities: ['http'],
  });
  assert.is(error, undefined, JSON.stringify(error));
  return String(value);
}

const PRIVATE = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.1'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.0.1', '198.18.0.1'],
  ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:0:127.0.0.1'],
  ...['64:ff9b::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::'],
  ...[
    '2002:a00:1::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '5f00::1',
    '4000::1',
  ],
  ...['', 'localhost', '127.1', '0x7f000001', '2130706433', '1.2.3', '1.2.3.4.5', '01.2.3.4', '::g'],
];
const PUBLIC = [
  ...[
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.0.1',
  ],
  ...['2606:4700:4700::1111', '2a00:1450:4001::8a', '::ffff:8.8.8.8'],
];

test('tells public addresses from all others', () => {
  for (const address of PRIVATE) assert.is(isPublicAddress(address), false, address);
  for (const address of PUBLIC) assert.is(isPublicAddress(address), true, address);
});

test('a grant is one address and port, however it is written', () => {
  assert.is(addressKey('127.0.0.1', '80'), '127.0.0.1:80');
  assert.is(addressKey('0x7f.1', '8080'), '127.0.0.1:8080');
  assert.is(addressKey('0:0:0:0:0:0:0:1', '443'), '[::1]:443');
  assert.is(addressKey('[::1]', '443'), '[::1]:443');
  assert.is(addressKey('localhost', '80'), undefined);
  assert.is(addressKey('127.0.0.1', '99999'), undefined);
});

test('refuses names that lead inside, without saying where', async () => {
  for (const name of ['inside', 'mapped', 'metadata', 'both', 'rebinding']) {
    const answer = await get(`http://${name}.example:${server.port}/`);
    assert.match(
      answer,
      /^http\.address: GET http:\/\/\w+\.example:\d+: '\w+\.example' leads to an address of the host's/,
    );
    assert.not.match(answer, /\d+\.\d+\.\d+\.\d+/);
  }
  assert.is(server.asked.length, 0);
});

test("localhost by the system's own resolver is refused", async () => {
  const before = server.asked.length;
  const own = await createHost();
  const { value } = await own.run({
    language: 'lua',
    source: `return select(2, pcall(require 'gazelle'.http.get, ...))`,
    args: [`http://localhost:${server.port}/`],
    http: { allow: [{ host: 'localhost', port: server.port }] },
    capabilities: ['http'],
  });
  assert.match(String(value), /^http\.address: /);
  assert.is(server.asked.length, before);
  await own.close();
});

test('refuses addresses in every notation', async () => {
  const hosts = [
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001', '127.0.0.1.'],
    ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:0001]', '[::127.0.0.1]'],
    ...['[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '0', '0.0.0.0', '%31%32%37.0.0.1', '１２７.0.0.1', '127。0。0。1'],
    ...['169.254.169.254', '2852039166', '[fd00:ec2::254]', '10.0.0.1', '192.168.1.1'],
  ];
  for (const name of hosts) assert.match(await get(`http://${name}:${server.port}/`), /^http\.address: /, name);
  assert.is(server.asked.length, 0);
});

test('a name that changes its mind is asked once for a connection, which goes to the address that was judged', async () => {
  names['changing.example'] = [['127.0.0.1'], ['127.0.0.2']];
  const privateAddresses = [server.address];
  asked.length = 0;
  assert.is(await get(`http://changing.example:${server.port}/`, { privateAddresses }), 'reached');
  assert.equal(asked, ['changing.example']);
  // The second answer was not granted: a new connection judges it anew.
  assert.match(await get(`http://changing.example:${server.port}/`, { privateAddresses }), /^http\.address: /);
});

test('a connection that is there goes where it was judged to; the name is judged anew for the next one', async () => {
  const fn = await host.deploy({
    name: 'kept',
    language: 'lua',
    source: `local ok, r = pcall(require 'gazelle'.http.get, ...) return ok and r:text() or r`,
    http: { allow: [{ host: '*', port: server.port }], privateAddresses: [server.address] },
    capabilities: ['http'],
  });
  const url = `http://turning.example:${server.port}/`;
  names['turning.example'] = [['127.0.0.1'], ['169.254.169.254']];
  asked.length = 0;
  assert.is((await fn.execute(url)).value, 'reached');
  assert.is((await fn.execute(url)).value, 'reached');
  assert.equal(asked, ['turning.example'], 'the connection was used again');
  server.closeIdle();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(String((await fn.execute(url)).value), /^http\.address: /);
});

test('a redirection inside is refused as a request of its own', async () => {
  const privateAddresses = [server.address];
  const open = `http://granted.example:${server.port}`;
  assert.is(await get(`${open}/`, { privateAddresses }), 'reached');
  for (const path of ['/to-address', '/to-decimal']) {
    assert.match(await get(`${open}${path}`, { privateAddresses }), /^http\.address: /, path);
  }
  // This one leads to what was granted.
  assert.is(await get(`${open}/to-name`, { privateAddresses }), 'reached');
});

test('a grant opens one address and port, not its neighbours and not the allow-list', async () => {
  const { port } = server;
  const url = `http://127.0.0.1:${port}/`;
  assert.is(await get(url, { privateAddresses: [`127.0.0.1:${port}`] }), 'reached');
  assert.match(await get(url, { privateAddresses: [`127.0.0.1:${port + 1}`] }), /^http\.address: /);
  assert.match(await get(url, { privateAddresses: [`127.0.0.2:${port}`] }), /^http\.address: /);
  assert.match(await get(url, { privateAddresses: [`127.0.0.1:${port}`], allow: [] }), /^http\.denied: /);
});

test('what was granted to one function is not reached by another, not even at the same moment', async () => {
  const url = `http://granted.example:${server.port}/`;
  const grant = { privateAddresses: [server.address] };
  const answers = await Promise.all([get(url, grant), get(url), get(url, grant), get(url)]);
  assert.equal(
    answers.map((answer) => answer.split(':')[0]),
    ['reached', 'http.address', 'reached', 'http.address'],
  );
});

test('a name that does not exist, or leads nowhere, is a failure like any other', async () => {
  assert.match(await get('http://nowhere.example/'), /^http\.failed: GET http:\/\/nowhere\.example: ENOTFOUND$/);
  assert.match(await get('http://empty.example/'), /^http\.failed: GET http:\/\/empty\.example: ENOTFOUND$/);
});

for (const [moment, abort] of [
  ['while its name is looked up', (end: () => void) => end()],
  // The connection to the first address has been begun by then, and will be refused.
  ['while an address is tried', (end: () => void) => process.nextTick(end)],
] as const) {
  test(`a request that is over ${moment} is not tried at another address`, async () => {
    const over = new AbortController();
    const client = createNodeClient({
      resolve: async () => {
        abort(() => over.abort());
        return ['127.0.0.2', '127.0.0.1'];
      },
    });
    const url = new URL(`http://two.example:${server.port}/`);
    const privateAddresses = new Set([`127.0.0.2:${server.port}`, server.address]);
    const request = { url, method: 'GET', headers: [], body: null, privateAddresses };
    const before = server.connectionCount;
    const answer = await client.request({ ...request, signal: over.signal }).catch(() => null);
    assert.equal([answer, over.signal.aborted], [null, true]);
    // A connection that was begun before this one is there before it, too.
    const { status, body } = await createNodeClient().request({
      ...request,
      url: new URL(`${server.url}/`),
      signal: new AbortController().signal,
    });
    for await (const piece of body) assert.is(piece.length, 'reached'.length);
    assert.equal([status, server.connectionCount - before], [200, 1]);
  });
}

test.run();
