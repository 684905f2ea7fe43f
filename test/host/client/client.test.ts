// The client against a real server: the API's own shapes over the wire, by the WebSocket of Node and by that of browsers
// (for which the package ws stands in here).
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { connect as connectInBrowser } from '../../../host/client/index';
import { createHost, type ExecutionResult, type Host } from '../../../host/core/index';
import { type Client, ConnectionError, connect, DeployError, RemoteError } from '../../../host/node/client';
import { type Server, startServer } from '../../../host/node/server/index';
import { until } from '../../support/condition';

let server: Server;
let host: Host;
let client: Client;
test.before(async () => {
  server = await startServer({ port: 0 });
  host = await createHost();
  client = await connect(server.url);
});
test.after(async () => {
  await client.close();
  await server.close();
  await host.close();
});

/** What does not depend on the time it took. */
function timeless({ usage, ...result }: ExecutionResult): object {
  return { ...result, instructions: usage.instructions, outputBytes: usage.outputBytes, syscalls: usage.syscalls };
}

const SOURCE = `
local kind, x = ...
if type(kind) == "table" then return #kind.data, kind.data, kind.n end
if kind == "values" then print("a", "b") io.stderr:write("e") return 1, 2.5, "s", { 1, { x = true } }, nil, 1 << 60 end
if kind == "floats" then return 0/0, 1/0, { -0.0 } end
if kind == "bytes" then io.write("\\xff\\n") return "\\xff\\0" end
if kind == "error" then error({ code = 7, nan = 0/0 }) end
if kind == "trace" then local function f(t) return t.x.y end f({}) end
if kind == "exit" then os.exit(3) end
if kind == "stdin" then return io.read("a") end
return function() end
`;

const CALLS: [what: string, argument: unknown, options?: { args?: string[]; stdin?: string | Uint8Array }][] = [
  ['values', 'values'],
  ['floats that JSON lacks', 'floats'],
  ['bytes', 'bytes'],
  ['an error with a value', 'error'],
  ['an error with a trace', 'trace'],
  ['an exit code', 'exit'],
  ['a result that cannot cross', undefined],
  ['args', undefined, { args: ['values'] }],
  ['stdin', 'stdin', { stdin: 'ä text' }],
  ['stdin of bytes', 'stdin', { stdin: Uint8Array.of(255, 0, 10) }],
  ['bytes in an argument', { data: Uint8Array.of(1, 2, 255), n: 12n ** 12n }],
  ['an argument of a function', { data: () => {} }],
  ['an argument of a class', new Date(0)],
  ['a number too large', { data: '', n: 2n ** 64n }],
];
for (const [what, argument, options] of CALLS) {
  test(`gives the same as the API: ${what}`, async () => {
    const deployment = { name: 'shapes', language: 'lua', source: SOURCE };
    const local = await host.deploy(deployment);
    const remote = await client.deploy(deployment);
    assert.is(remote.id, local.id);
    assert.equal(timeless(await remote.execute(argument, options)), timeless(await local.execute(argument, options)));
    const [one] = await remote.executeMany(1, argument, options);
    assert.equal(timeless(one!), timeless(await local.execute(argument, options)));
  });
}

test('deploys with everything, and describes it', async () => {
  const fn = await client.deploy({
    name: 'whole',
    language: 'c',
    source: new TextEncoder().encode('#include "a.h"\nint main(void) { return A; }'),
    files: { 'a.h': Uint8Array.from(Buffer.from('#define A 5\n')) },
    limits: { instructions: 9999, wallTimeMs: Infinity },
    capabilities: ['clock'],
  });
  assert.is(fn.language, 'c');
  assert.is(fn.limits.wallTimeMs, Infinity);
  assert.is(fn.limits.instructions, 9999);
  assert.equal(fn.capabilities, ['clock']);
  assert.is((await fn.execute()).exitCode, 5);
  const described = await client.describe('whole');
  assert.equal([described.id, described.limits], [fn.id, fn.limits]);
  const listed = (await client.list()).find(({ name }) => name === 'whole')!;
  assert.equal([listed.id, listed.limits, listed.capabilities], [fn.id, fn.limits, fn.capabilities]);
  assert.is((await client.get('whole'))!.id, fn.id);
  assert.is(await client.remove('whole'), true);
  assert.is(await client.remove('whole'), false);
  assert.is(await client.get('whole'), undefined);
});

test('rejects as the API does', async () => {
  const error = await rejection(client.deploy({ name: 'bad', language: 'lua', source: 'x =' }));
  assert.instance(error, DeployError);
  assert.is((error as DeployError).code, 'deploy.compile');
  assert.is((error as DeployError).diagnostics[0]!.line, 1);
  const base = { name: 'bad', language: 'lua', source: '' };
  assert.instance(await rejection(client.deploy({ ...base, functions: { f: () => 1 } })), TypeError);
  assert.instance(await rejection(client.deploy({ ...base, files: () => undefined })), TypeError);
  assert.instance(await rejection(client.deploy({ ...base, limits: { instructions: 0 } })), RangeError);
  assert.throws(() => client.execute('shapes', 1, { args: [] }), /not both/);
  assert.throws(() => client.execute('shapes', 1, { limits: { apples: 1 } as object }), /apples/);
  assert.instance(await rejection(client.executeMany('shapes', -1)), RangeError);
  const unknown = await rejection(client.execute('unknown'));
  assert.instance(unknown, RemoteError);
  assert.is((unknown as RemoteError).code, 'function.unknown');
  assert.is((unknown as RemoteError).number, -32002);
});

async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have rejected');
}

test('executions have logs that can be read while they run, and again', async () => {
  const source = 'print("first") io.read("a") local n = 0 for i = 1, 2000000 do n = n + 1 end print("last")';
  const fn = await client.deploy({ name: 'logs', language: 'lua', source });
  const execution = fn.execute();
  const pieces: string[] = [];
  let hasEnded = false;
  execution.then(() => {
    hasEnded = true;
  });
  let wasEndedAtFirst: boolean | undefined;
  for await (const { stream, text } of execution.logs) {
    wasEndedAtFirst ??= hasEnded;
    pieces.push(`${stream}: ${text}`);
  }
  assert.is(wasEndedAtFirst, false);
  assert.equal(pieces, ['stdout: first\n', 'stdout: last\n']);
  const again: string[] = [];
  for await (const { text } of execution.logs) again.push(text);
  assert.is(again.join(''), 'first\nlast\n');
  assert.is((await execution).stdout, 'first\nlast\n');
});

test('output is given to whoever takes it', async () => {
  const pieces: string[] = [];
  const output = ({ stream, bytes }: { stream: string; bytes: Uint8Array }) =>
    void pieces.push(`${stream}: ${new TextDecoder().decode(bytes)}`);
  const result = await client.execute('shapes', 'values', { output });
  assert.equal(pieces, ['stdout: a\tb\n', 'stderr: e']);
  assert.is(result.stdout, '');
  pieces.length = 0;
  await client.executeMany('shapes', 2, 'values', { output });
  assert.is(pieces.length, 4);
});

test('cancels by hand, by a signal, and by one that was there before', async () => {
  const fn = await client.deploy({ name: 'loop', language: 'c', source: 'int main(void) { for (;;) {} }' });
  const byHand = fn.execute();
  byHand.cancel();
  assert.is((await byHand).status, 'cancelled');
  byHand.cancel();
  const controller = new AbortController();
  const bySignal = [fn.execute(undefined, { signal: controller.signal })];
  const many = fn.executeMany(3, undefined, { signal: controller.signal });
  await until(() => server.host.runningCount === 4);
  controller.abort();
  assert.equal(
    [...(await Promise.all(bySignal)), ...(await many)].map(({ status }) => status),
    Array(4).fill('cancelled'),
  );
  assert.is((await fn.execute(undefined, { signal: AbortSignal.abort() })).status, 'cancelled');
  const stdin = Uint8Array.of(1);
  assert.is((await fn.execute(undefined, { stdin, signal: AbortSignal.abort() })).status, 'cancelled');
});

test('stdin may be an iterable, which is read first', async () => {
  async function* pieces() {
    yield Uint8Array.of(104);
    yield Uint8Array.of(105);
  }
  assert.is((await client.execute('shapes', 'stdin', { stdin: pieces() })).value, 'hi');
  async function* wrong() {
    yield 'text' as unknown as Uint8Array;
  }
  assert.instance(await rejection(client.execute('shapes', 'stdin', { stdin: wrong() })), TypeError);
});

test('logs of a function tell what others do', async () => {
  const other = await connect(server.url);
  const events: string[] = [];
  const reading = (async () => {
    for await (const event of client.logs('shapes')) {
      events.push(
        event.type === 'output' ? `${event.stream}: ${event.text}` : `${event.status} ${event.error?.code ?? ''}`,
      );
      if (events.length === 4) break;
    }
  })();
  await until(() => {
    other.execute('shapes', 'nothing');
    return events.length > 0;
  });
  events.length = 0;
  await other.execute('shapes', 'values');
  await reading;
  assert.ok(events.includes('stdout: a\tb\n'), events.join('|'));
  await other.close();
  assert.instance(await rejection(client.logs('unknown').next()), RemoteError);
});

test('thousands of calls are answered, each with its own result', async () => {
  const fn = await client.deploy({ name: 'same', language: 'lua', source: 'return ...' });
  const results = await Promise.all(Array.from({ length: 3000 }, (_, index) => fn.execute(index)));
  assert.equal(
    results.map(({ value }) => value),
    [...Array(3000).keys()],
  );
  const many = await fn.executeMany(2000, 'x');
  assert.ok(many.length === 2000 && many.every(({ value }) => value === 'x'));
});

test('a request that is too large is not sent, and harms no other', async () => {
  const loop = client.execute('loop');
  for (const text of ['x'.repeat(9_000_000), 'ä'.repeat(4_200_000)]) {
    const error = await rejection(client.execute('same', undefined, { stdin: text }));
    assert.instance(error, ConnectionError);
    assert.is((error as ConnectionError).code, 'connection.size');
  }
  assert.is((await client.execute('same', undefined, { stdin: 'x'.repeat(8_000_000) })).status, 'ok');
  loop.cancel();
  assert.is((await loop).status, 'cancelled');
});

test('says that there is no server, or that it does not speak the protocol', async () => {
  const error = await rejection(connect('ws://127.0.0.1:1/v1'));
  assert.instance(error, ConnectionError);
  assert.is((error as ConnectionError).code, 'connection.failed');
  assert.match((error as Error).message, 'ECONNREFUSED');
  assert.match(((await rejection(connect(`ws://127.0.0.1:${server.port}/v2`))) as Error).message, '404');
  assert.instance(await rejection(connect('mailto://x')), TypeError);
  assert.instance(await rejection(connect(server.url, { signal: AbortSignal.abort() })), ConnectionError);
});

test('an address may be short', async () => {
  for (const url of [`127.0.0.1:${server.port}`, server.address, `ws://localhost:${server.port}`]) {
    const other = await connect(url);
    assert.ok(other.server.languages.length >= 3);
    await other.close();
  }
});

test('what is under way is rejected when the connection ends', async () => {
  const other = await connect(server.url);
  const execution = other.execute('loop');
  const logs = other.logs('loop');
  const event = logs.next();
  event.catch(() => {});
  await until(() => server.host.runningCount === 1);
  await other.close();
  for (const promise of [execution, event, other.list(), other.execute('loop')]) {
    const error = await rejection(promise);
    assert.instance(error, ConnectionError);
    assert.is((error as ConnectionError).code, 'connection.closed');
  }
  await other.closed;
  await until(() => server.host.runningCount === 0);
});

test('a server that ends says so', async () => {
  const ending = await startServer({ port: 0 });
  const other = await connect(ending.url);
  await other.deploy({ name: 'loop', language: 'c', source: 'int main(void) { for (;;) {} }' });
  const execution = other.execute('loop');
  await until(() => ending.host.runningCount === 1);
  await ending.close();
  const error = await rejection(execution.then(({ status }) => Promise.reject(new Error(status))));
  assert.ok(error instanceof ConnectionError || (error as Error).message === 'cancelled');
  assert.instance(await rejection(other.list()), ConnectionError);
});

test('works by the WebSocket of browsers', async () => {
  const before = globalThis.WebSocket;
  (globalThis as { WebSocket: unknown }).WebSocket = WebSocket;
  try {
    const other = await connectInBrowser(server.url);
    assert.is((await other.execute('shapes', 'values')).stdout, 'a\tb\n');
    await other.close();
    assert.instance(await rejection(connectInBrowser('ws://127.0.0.1:1')), ConnectionError);
  } finally {
    (globalThis as { WebSocket: unknown }).WebSocket = before;
  }
});

test.run();
