// HTTP requests of functions against a real server: what each language sends and reads, allow-lists, redirections, and that
// nothing is left of a request whose function is gone.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HttpPolicy } from '../../../../host/core/http';
import type { ExecutionResult, HttpOptions, HttpRule } from '../../../../host/core/index';
import { MAXIMUM_REDIRECTIONS } from '../../../../host/core/syscalls/http-exchange';
import { createNodeClient } from '../../../../host/node/http/client';
import { createHost } from '../../../../host/node/index';
import { until } from '../../../support/condition';
import { startHttpServer } from '../../../support/http-server';

let isSecond = false;
const LONG = 'x'.repeat(300_000);
const server = await startHttpServer({
  '/json': (response, { method, headers, body }) => {
    response
      .setHeader('content-type', 'application/json')
      .setHeader('x-seen', 'yes')
      .setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify({ method, agent: headers['x-agent'] ?? null, body }));
  },
  '/long': (response) => response.end(LONG),
  '/hang': () => {},
  '/hang-in-body': (response) => response.write('begun'),
  '/second': (response) => {
    if (isSecond) response.end('the second time');
    isSecond = true;
  },
  '/drop': (response) => response.destroy(),
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/see-other': (response) => response.writeHead(303, { location: '/json' }).end('go on'),
  '/keep': (response) => response.writeHead(307, { location: '/json' }).end(),
  '/elsewhere': (response) => response.writeHead(302, { location: `${other.url}/json` }).end(),
  '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/heads': (response) => response.writeHead(200, { 'x-long': 'y'.repeat(12_000), 'x-more': 'z'.repeat(3000) }).end(),
});
const other = await startHttpServer({
  '/json': (response, { headers }) =>
    response.end(JSON.stringify({ authorization: headers.authorization ?? null, kept: headers['x-kept'] ?? null })),
});
const host = await createHost({ httpClient: createNodeClient({ keepAliveMs: 60_000 }) });
test.after(async () => {
  await host.close();
  server.close();
  other.close();
});

const granted = (methods?: string[]): HttpOptions => ({
  allow: [{ host: '127.0.0.1', port: server.port, ...(methods && { methods }) }],
  privateAddresses: [server.address],
});

function run(
  source: string,
  http: HttpOptions = granted(),
  language = 'lua',
  args = [server.url],
): Promise<ExecutionResult> {
  return host.run({ language, source, args, http, capabilities: ['http'] });
}

const LUA = `local http, json = require 'gazelle'.http, require 'gazelle.json'\n`;

test('Lua sends headers and a body, and gets status, headers and the body', async () => {
  const { value, error } = await run(`${LUA}
    local response <close> = http.request { method = 'post', url = ... .. '/json', headers = { ['X-Agent'] = 'me' }, body = 'hello' }
    assert(response.status == 200 and response.headers['x-seen'] == 'yes' and response.headers['set-cookie'] == 'a=1\\nb=2')
    assert(response.url == ... .. '/json')
    local answer = json.decode(response:text())
    assert(response:read() == nil)
    return answer`);
  assert.equal(value, { method: 'POST', agent: 'me', body: 'hello' }, JSON.stringify(error));
  await server.idle();
});

test('Lua reads a long body in pieces and sends one in pieces', async () => {
  const { value, error } = await run(
    `${LUA}
    local size = 0
    local long = http.get(... .. '/long')
    for piece in long:pieces() do assert(#piece <= 65536) size = size + #piece end
    local count = 0
    local echoed = http.request { method = 'PUT', url = ... .. '/json', body = function()
      count = count + 1
      if count <= 3 then return ('piece %d;'):format(count) end
    end }
    return { size, json.decode(echoed:text()).body }`.replace('for piece in function() return false end do end', ''),
  );
  assert.equal(value, [LONG.length, 'piece 1;piece 2;piece 3;'], JSON.stringify(error));
  assert.is(server.asked.at(-1)!.headers['transfer-encoding'], 'chunked');
  await server.idle();
});

test('C sends and reads, whole and in pieces', async () => {
  const source = `#include <gazelle.h>
    #include <gazelle_json.h>
    #include <stdio.h>
    #include <string.h>
    static char buffer[70000], request[300];
    static void show(int handle) {
      int size, total = 0;
      while ((size = gazelle_http_read(handle, buffer + total, 1000)) > 0) total += size;
      printf("%.*s %d\\n", total, buffer, size);
    }
    int main(int argc, char **argv) {
      int status, handle;
      sprintf(buffer, "%s/json", argv[1]);
      handle = gazelle_http_request("POST", buffer, "{\\"x-agent\\":\\"c\\"}", "hello", 5, &status);
      printf("%d ", status);
      show(handle);
      sprintf(request, "{\\"url\\":\\"%s/json\\",\\"method\\":\\"PUT\\"}", argv[1]);
      handle = gazelle_http_open(request);
      for (int i = 0; i < 3; i++) gazelle_http_write(handle, "abc", 3);
      handle = gazelle_http_response(handle, &status);
      show(handle);
      printf("%d\\n", gazelle_http_read(handle, buffer, 10));
      sprintf(buffer, "%s/none", argv[1]);
      handle = gazelle_http_request("GET", buffer, NULL, NULL, 0, &status);
      gazelle_http_close(handle);
      printf("%d %d\\n", status, gazelle_http_request("GET", "http://elsewhere.example/", NULL, NULL, 0, NULL));
      int size = gazelle_answer_read(0, buffer, sizeof buffer);
      printf("%.*s\\n", size, buffer);
      return 0;
    }`;
  const { stdout, error } = await run(source, granted(), 'c');
  assert.equal(
    stdout.split('\n'),
    [
      '200 {"method":"POST","agent":"c","body":"hello"} -1',
      '{"method":"PUT","agent":null,"body":"abcabcabc"} -1',
      '-2',
      '404 -2',
      '"http.denied: GET http://elsewhere.example is not in the function\'s allow-list"',
      '',
    ],
    JSON.stringify(error),
  );
  await server.idle();
});

test('sm names the syscalls', async () => {
  const text = JSON.stringify({ url: `${server.url}/json` }).replaceAll('"', '\\"');
  const source = `data request = "${text}"
    reserve buffer 1000
    func main(handle: i32)
      local size: i32
      request request.length syscall http_open =handle
      handle syscall http_response 0 i32.lt_s br_if failed
      handle buffer buffer.length syscall http_read =size
      1 buffer size syscall write drop
      handle syscall http_close
      return
    failed:
      1 i32.const 0 drop buffer  0 buffer buffer.length syscall answer_read  syscall write drop
    end`;
  const result = await host.run({ language: 'sm', source, argument: 0, http: granted(), capabilities: ['http'] });
  assert.is(result.stdout, '{"method":"GET","agent":null,"body":""}', JSON.stringify(result));
  await server.idle();
});

const failureOf = async (lua: string, http?: HttpOptions) => {
  const { value, error } = await run(
    `${LUA} local ok, message = pcall(function(url) ${lua} end, ...) return message`,
    http,
  );
  assert.is(error, undefined, JSON.stringify(error));
  return String(value);
};

test('what is no request is refused before anything is sent', async () => {
  const before = server.asked.length;
  const many = 'local many = {} for i = 1, 257 do many["h" .. i] = "" end ';
  for (const wrong of [
    `{ url = 'ftp://127.0.0.1/' }`,
    `{ url = 'http://user:pass@127.0.0.1/' }`,
    `{ url = 'nonsense' }`,
    `{ url = url, method = 'CONNECT' }`,
    `{ url = url, method = { toString = 1 } }`,
    `{ url = url, headers = many }`,
    `{ url = url, method = 'GET', body = 'x' }`,
    `{ url = url, headers = { Host = 'internal' } }`,
    `{ url = url, headers = { ['Content-Length'] = '0' } }`,
    `{ url = url, headers = { ['Transfer-Encoding'] = 'chunked' } }`,
    `{ url = url, headers = { a = 'b\\r\\nc: d' } }`,
    `{ url = url, headers = { ['a b'] = 'c' } }`,
    `{ url = url, redirect = 'error' }`,
    `{ url = url, timeout = 0 }`,
  ]) {
    assert.match(await failureOf(`${many} http.request ${wrong}`), /^http\.request: /, wrong);
  }
  assert.is(server.asked.length, before);
});

test('the allow-list says host, port and method', async () => {
  const { port } = server;
  const privateAddresses = [server.address];
  const denied: HttpRule[][] = [
    [],
    [{ host: '127.0.0.1' }],
    [{ host: '127.0.0.1', port: port + 1 }],
    [{ host: '127.0.0.2', port }],
    [{ host: '*.0.0.1', port, methods: ['POST'] }],
    [{ host: '127.0.0.1', port, methods: ['POST'] }],
  ];
  for (const allow of denied) {
    const message = await failureOf(`http.get(url .. '/json')`, { allow, privateAddresses });
    assert.match(message, /^http\.denied: GET http:\/\/127\.0\.0\.1:\d+ /, JSON.stringify(allow));
  }
  for (const rule of [
    { host: '127.0.0.1', port },
    { host: '*', port },
    { host: '0x7f.1', port, methods: ['GET'] },
  ]) {
    const message = await failureOf(`return http.get(url .. '/json').status`, { allow: [rule], privateAddresses });
    assert.is(message, '200', JSON.stringify(rule));
  }
});

test('names match whole labels', () => {
  const policy = HttpPolicy.of({
    allow: [{ host: '*.Example.com' }, { host: 'exact.org', port: 8443, methods: ['GET'] }],
  });
  const isAllowed = (url: string, method = 'GET') => policy.isAllowed(method, new URL(url));
  assert.ok(isAllowed('https://a.example.com/') && isAllowed('http://a.b.EXAMPLE.com./x'));
  assert.not(isAllowed('https://example.com/') || isAllowed('https://badexample.com/'));
  assert.not(isAllowed('https://a.example.com:444/') || isAllowed('https://a.example.com.evil.org/'));
  assert.ok(isAllowed('https://exact.org:8443/'));
  assert.not(isAllowed('https://exact.org:8443/', 'POST') || isAllowed('https://exact.org/'));
});

test('a deployment with a wrong rule is refused', async () => {
  const wrong: unknown[] = [
    {},
    { allow: [{}] },
    { allow: [{ host: 'a/b' }] },
    { allow: [{ host: 'a:80' }] },
    { allow: [{ host: '' }] },
    { allow: [{ host: 'a', port: 0 }] },
    { allow: [{ host: 'a', methods: ['TRACE'] }] },
    { allow: [], privateAddresses: ['localhost:80'] },
    { allow: [], privateAddresses: ['127.0.0.1'] },
  ];
  for (const http of wrong) {
    let code = '';
    try {
      await host.run({ language: 'lua', source: '', http: http as HttpOptions });
    } catch (error) {
      code = (error as { code: string }).code;
    }
    assert.is(code, 'deploy.http', JSON.stringify(http));
  }
});

test('a redirection is shown, or followed on wish', async () => {
  const { value } = await run(`${LUA}
    local shown = http.request { url = ... .. '/see-other' }
    local text = shown:text()
    local followed = http.request { url = ... .. '/see-other', method = 'POST', body = 'x', redirect = 'follow' }
    local kept = http.request { url = ... .. '/keep', method = 'POST', body = 'x', redirect = 'follow' }
    return { shown.status, shown.headers.location, text, json.decode(followed:text()).method, followed.url,
      json.decode(kept:text()) }`);
  assert.equal(value, [303, '/json', 'go on', 'GET', `${server.url}/json`, { method: 'POST', body: 'x' }]);
  await server.idle();
});

test('each hop of a redirection is held to the allow-list, and their number is bounded', async () => {
  const follow = (path: string, http?: HttpOptions) =>
    failureOf(`return http.request { url = url .. '${path}', redirect = 'follow' }`, http);
  assert.match(await follow('/elsewhere'), /^http\.denied: GET http:\/\/127\.0\.0\.1:\d+ /);
  assert.match(await follow('/file'), /^http\.redirect: a redirection to file:/);
  const before = server.asked.length;
  assert.match(await follow('/loop'), /^http\.redirect: more than 5 /);
  assert.is(server.asked.length - before, MAXIMUM_REDIRECTIONS + 1);
  await server.idle();
});

test('credentials stay with their origin', async () => {
  const http = {
    allow: [
      { host: '127.0.0.1', port: server.port },
      { host: '127.0.0.1', port: other.port },
    ],
    privateAddresses: [server.address, other.address],
  };
  const headers = `{ Authorization = 'secret', Cookie = 'c', ['X-Kept'] = 'k' }`;
  const { value } = await run(
    `${LUA} return json.decode(http.request { url = ... .. '/elsewhere', redirect = 'follow', headers = ${headers} }:text())`,
    http,
  );
  assert.equal(value, { kept: 'k' });
});

test('what breaks is an error with a code, and says no addresses', async () => {
  assert.match(await failureOf(`http.get(url .. '/drop')`), /^http\.failed: GET http:\/\/127\.0\.0\.1:\d+: [A-Z_]+$/);
  assert.match(
    await failureOf(`http.request { url = url .. '/hang', timeout = 0.02 }`),
    /^http\.timeout: GET .*: nothing came for 20 ms$/,
  );
  assert.match(
    await failureOf(
      `local r = http.request { url = url .. '/hang-in-body', timeout = 0.05 } assert(r:read() == 'begun') r:read()`,
    ),
    /^http\.timeout: /,
  );
  await server.idle();
});

test('cancelling a function closes its connections at once, wherever it waits', async () => {
  const sources = [
    `http.get(url .. '/hang')`,
    `local r = http.get(url .. '/hang-in-body') r:read() r:read()`,
    `local a, b = http.get(url .. '/hang-in-body'), http.get(url .. '/hang-in-body') gazelle.sleep(1000)`,
    `http.request { method = 'POST', url = url .. '/hang', body = function() gazelle.sleep(1000) end }`,
  ];
  for (const source of sources) {
    const fn = await host.deploy({
      name: 'f',
      language: 'lua',
      source: `local gazelle, url = require 'gazelle', ... local http = gazelle.http ${source}`,
      http: granted(),
      capabilities: ['http', 'sleep'],
    });
    const others = new Set(server.sockets);
    const own = () => [...server.sockets].filter((socket) => !others.has(socket));
    const execution = fn.execute(server.url);
    await until(() => own().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    execution.cancel();
    assert.is((await execution).status, 'cancelled');
    await until(() => own().length === 0);
  }
});

test('requests of one deployment use a connection again, those of another have their own', async () => {
  const deploy = (name: string) =>
    host.deploy({
      name,
      language: 'lua',
      source: `${LUA} for i = 1, 3 do assert(http.get(... .. '/json'):text()) end return true`,
      http: granted(),
      capabilities: ['http'],
    });
  const [first, second] = await Promise.all([deploy('first'), deploy('second')]);
  const before = server.connectionCount;
  for (let call = 0; call < 3; call++) assert.is((await first.execute(server.url)).value, true);
  assert.is(server.connectionCount - before, 1);
  assert.is((await second.execute(server.url)).value, true);
  assert.is(server.connectionCount - before, 2);
  await Promise.all([first.execute(server.url), first.execute(server.url)]);
  assert.is(server.connectionCount - before, 3, 'two at once need two');
});

test('a connection that the server has closed meanwhile is replaced, and so is one whose body nobody wanted', async () => {
  const fn = await host.deploy({
    name: 'again',
    language: 'lua',
    source: `${LUA} local url, path = table.unpack(...) local r = http.get(url .. path) return path == '/json' and r:text() or r.status`,
    http: granted(),
    capabilities: ['http'],
  });
  const ask = async (path: string) => (await fn.execute([server.url, path])).value;
  const before = server.connectionCount;
  assert.match(String(await ask('/json')), 'GET');
  server.closeIdle();
  assert.match(String(await ask('/json')), 'GET');
  assert.is(server.connectionCount - before, 2);
  assert.is(await ask('/long'), 200);
  await server.idle();
  assert.match(String(await ask('/json')), 'GET');
});

test('a function that ends with requests open leaves no connection', async () => {
  await run(`${LUA} http.get(... .. '/hang-in-body') http.get(... .. '/long')`);
  await server.idle();
});

test('without the capability, a client or a handle there is an error', async () => {
  const source = `${LUA} http.get('http://example.com/')`;
  const { error } = await host.run({ language: 'lua', source });
  assert.is(error?.capability, 'http');
  const { createHost: createCoreHost } = await import('../../../../host/core/index');
  const bare = await createCoreHost();
  const without = await bare.run({ language: 'lua', source, capabilities: ['http'] });
  assert.match(without.error!.message, /http\.unavailable: /);
  await bare.close();
  assert.match(
    await failureOf(`local r = http.get(url .. '/json') r:close() r.handle = 1 r:read()`),
    /^http\.handle: /,
  );
});

test('a request that only asks is asked again after a restore; any other, and what was open, says that it was interrupted', async () => {
  const source = `local http, url, what = require 'gazelle'.http, ...
    local ok, answer = pcall(function()
      if what == 'read' then
        local response = http.get(url .. '/hang-in-body')
        response:read()
        io.write('reading on')
        return response:read()
      end
      io.write('asking')
      return http.request { url = url .. '/second', method = what, body = what == 'POST' and 'x' or nil }:text()
    end)
    return answer`;
  const fn = await host.deploy({ name: 'saved', language: 'lua', source, http: granted(), capabilities: ['http'] });
  const answers: unknown[] = [];
  for (const what of ['GET', 'POST', 'read']) {
    isSecond = false;
    let isNear = false;
    const output = () => void (isNear = true);
    const execution = fn.execute(undefined, { args: [server.url, what], output });
    while (!isNear || execution.status !== 'waiting') await new Promise((resolve) => setTimeout(resolve, 1));
    if (what !== 'read') while (!isSecond) await new Promise((resolve) => setTimeout(resolve, 1));
    await execution.suspend();
    const snapshot = await execution.snapshot();
    execution.cancel();
    await execution;
    answers.push((await fn.restore(snapshot)).value);
  }
  assert.equal(answers, ['the second time', 'interrupted', 'interrupted']);
  await server.idle();
});

test.run();
