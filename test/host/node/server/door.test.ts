// Who may come in: origins, host names, paths, subprotocols; and what plain HTTP gets.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Server, startServer } from '../../../../host/node/server/index';
import { RawClient } from '../../../support/raw-client';

const folder = mkdtempSync(join(tmpdir(), 'gazelle-pages-'));
mkdirSync(join(folder, 'playground/assets'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'secret');
writeFileSync(join(folder, 'playground/index.html'), '<!doctype html><title>playground</title>');
writeFileSync(join(folder, 'playground/assets/main.js'), 'export {};');
writeFileSync(join(folder, 'playground/assets/main.css'), 'body {}');

let server: Server;
let bare: Server;
test.before(async () => {
  server = await startServer({
    port: 0,
    pages: join(folder, 'playground'),
    allowedHosts: ['Gazelle.example'],
    storeLimits: { connections: 2 },
  });
  bare = await startServer({ port: 0, pages: join(folder, 'nothing') });
});
test.after(async () => {
  await Promise.all([server.close(), bare.close()]);
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (data) => {
        body += String(data);
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Whether a WebSocket with these headers is let in; else why not. */
async function enter(headers: Record<string, string>, path = '/v1', protocol?: string): Promise<string> {
  try {
    const client = await RawClient.connect(`ws://127.0.0.1:${server.port}${path}`, headers, protocol);
    await client.close();
    return 'in';
  } catch (error) {
    return (error as Error).message;
  }
}

test('a foreign origin is refused, our own is not', async () => {
  const host = `127.0.0.1:${server.port}`;
  assert.is(await enter({}), 'in');
  assert.is(await enter({ Origin: `http://${host}` }), 'in');
  for (const origin of [
    'http://evil.example',
    `http://evil.example:${server.port}`,
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    `http://localhost:${server.port}`,
    `ftp://${host}`,
    'null',
    'file://',
    '',
  ]) {
    if (origin !== '') assert.match(await enter({ Origin: origin }), /^403 /, origin);
  }
});

test('a host name that anybody can point here is refused', async () => {
  const { port } = server;
  assert.is(await enter({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` }), 'in');
  assert.is(await enter({ Host: `[::1]:${port}` }), 'in');
  assert.is(await enter({ Host: 'Gazelle.Example:80' }), 'in');
  assert.is(await enter({ Host: 'gazelle.example', Origin: 'https://gazelle.example' }), 'in');
  for (const host of [`evil.example:${port}`, 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
    assert.match(await enter({ Host: host, Origin: `http://${host}` }), /^403 /, host);
    assert.is((await get(port, '/', { Host: host })).status, 403);
  }
  assert.match(await enter({ Host: 'a b' }), /^400 /);
  assert.match(await enter({ Host: 'user@127.0.0.1' }), /^400 /);
  assert.match(await enter({ Host: '127.0.0.1/x' }), /^400 /);
});

test('other paths and subprotocols are refused', async () => {
  assert.match(await enter({}, '/v2'), /^404 /);
  assert.match(await enter({}, '/'), /^404 /);
  assert.match(await enter({}, '/v1', ''), /^400 .*gazelle\.v1/);
  assert.match(await enter({}, '/v1', 'gazelle.v0'), /^400 /);
});

test('connections are limited', async () => {
  const first = await RawClient.connect(server.url);
  const second = await RawClient.connect(server.url);
  assert.match(await enter({}), /^503 /);
  await Promise.all([first.close(), second.close()]);
});

test('pages are served with their types and a policy', async () => {
  for (const [path, type] of [
    ['/', 'text/html;charset=utf-8'],
    ['/assets/main.js', 'text/javascript'],
    ['/assets/main.css', 'text/css'],
  ]) {
    const { status, headers } = await get(server.port, path!);
    assert.is(status, 200);
    assert.match(String(headers['content-type']), type!);
    assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self'/);
    assert.is(headers['x-content-type-options'], 'nosniff');
  }
  assert.is((await get(server.port, '/', {}, 'HEAD')).body, '');
  assert.is((await get(server.port, '/none')).status, 404);
  assert.is((await get(server.port, '/', {}, 'POST')).status, 405);
  assert.is((await get(server.port, '/v1')).status, 426);
});

test('no path leads out of the pages', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/%00',
    '/%',
  ]) {
    const { status, body } = await get(server.port, path);
    assert.not.match(body, 'secret', path);
    assert.is(status, 404, path);
  }
});

test('a server ends, whatever its clients do', async () => {
  const ending = await startServer({ port: 0 });
  const silent = connectTcp(ending.port, '127.0.0.1');
  const half = connectTcp(ending.port, '127.0.0.1');
  half.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n');
  const gone = [silent, half].map(
    (socket) => new Promise((resolve) => socket.on('error', () => {}).once('close', resolve)),
  );
  const deaf = await RawClient.connect(ending.url);
  await deaf.call('deploy', { name: 'loop', language: 'c', source: 'int main(void) { for (;;) {} }' });
  deaf.post('execute', { name: 'loop', count: 10 }, 1);
  deaf.socket.pause();
  await Promise.all([ending.close(), ending.close()]);
  assert.is(ending.host.runningCount, 0);
  assert.is(ending.connectionCount, 0);
  deaf.socket.resume();
  await Promise.all([...gone, deaf.closed]);
  assert.match(await rejectionOf(RawClient.connect(ending.url)), 'ECONNREFUSED');
});

async function rejectionOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: Error) => error.message,
  );
}

test('without pages there is a plain answer', async () => {
  const { status, headers, body } = await get(bare.port, '/');
  assert.is(status, 200);
  assert.match(String(headers['content-type']), 'text/plain');
  assert.match(body, 'not built');
  assert.is((await get(bare.port, '/index.html')).status, 404);
});

test.run();
