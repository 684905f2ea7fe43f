// Every method of the protocol over a real socket, by a client that knows nothing but JSON-RPC.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Server, startServer } from '../../../../host/node/server/index';
import { METHODS } from '../../../../host/protocol/index';
import { RawClient } from '../../../support/raw-client';

let server: Server;
let client: RawClient;
test.before(async () => {
  server = await startServer({ port: 0 });
  client = await RawClient.connect(server.url);
});
test.after(async () => {
  await client.close();
  await server.close();
});

async function deploy(name: string, source: string, others: object = {}): Promise<void> {
  const { error } = await client.call('deploy', { name, language: 'lua', source, ...others });
  assert.is(error, undefined, error?.message);
}

test('initialize tells version, languages and limits', async () => {
  const { result } = await client.call('initialize', { client: { name: 'test', version: '1' } });
  assert.is(result.server.version, JSON.parse(readFileSync('package.json', 'utf8')).version);
  assert.is(result.protocol, 'gazelle.v1');
  assert.equal(result.methods, Object.keys(METHODS));
  assert.equal(
    result.languages.find(({ name }: { name: string }) => name === 'lua'),
    { name: 'lua', extensions: ['.lua'] },
  );
  assert.equal(result.capabilities.sort(), ['clock', 'http', 'invoke', 'random', 'sleep', 'storage']);
  assert.is(result.functionLimits.instructions, 1_000_000_000);
  assert.is(result.functionLimits.wallTimeMs, 30_000);
  assert.is(result.functionLimits.memoryBytes, 64 * 2 ** 20);
});

test('deploy answers with the description, and warnings', async () => {
  const { result } = await client.call('deploy', {
    name: 'described',
    language: 'lua',
    source: 'return 1',
    limits: { instructions: 5000, wallTimeMs: null },
    capabilities: ['clock'],
  });
  assert.is(result.language, 'lua');
  assert.match(result.id, /^[0-9a-f]{64}$/);
  assert.is(result.limits.instructions, 5000);
  assert.is(result.limits.wallTimeMs, null);
  assert.equal(result.capabilities, ['clock']);
  assert.equal(result.diagnostics, []);
});

test('deploy turns on the warnings that are asked for', async () => {
  const source = 'int main(int argc, char **argv) { int x; return 0; }';
  const codes = async (warnings?: string[]) => {
    const { result } = await client.call('deploy', { name: 'warned', language: 'c', source, warnings });
    return result.diagnostics.map(({ code }: { code: string }) => code);
  };
  assert.equal(await codes(), []);
  assert.equal(await codes(['all']), ['c.unused-variable']);
  assert.equal((await codes(['all', 'extra'])).sort(), [
    'c.unused-parameter',
    'c.unused-parameter',
    'c.unused-variable',
  ]);
});

test('deploy takes bytes, files and modules', async () => {
  const source = '#include <stdio.h>\n#include "part.h"\nint main(void) { puts(PART); return 0; }';
  const base64 = Buffer.from(source).toString('base64');
  const files = { 'part.h': '#define PART "from a file"\n', other: { base64: 'AAEC' } };
  const { error } = await client.call('deploy', { name: 'c', language: 'c', source: { base64 }, files });
  assert.is(error, undefined);
  assert.is((await client.call('execute', { name: 'c' })).result.stdout, 'from a file\n');
});

test('deploy says what is wrong, with diagnostics', async () => {
  const { error } = await client.call('deploy', { name: 'wrong', language: 'lua', source: 'print("a"\nlocal = 3' });
  assert.is(error!.code, -32000);
  assert.is(error!.data.code, 'deploy.compile');
  const [first] = error!.data.diagnostics as { line: number; severity: string }[];
  assert.is(first!.line, 2);
  assert.is(first!.severity, 'error');
  for (const [params, code] of [
    [{ name: 'no/name', language: 'lua', source: '' }, 'deploy.name'],
    [{ name: 'x', language: 'cobol', source: '' }, 'deploy.language'],
    [{ name: 'x' }, 'deploy.source'],
    [{ name: 'x', module: { base64: 'AAAA' } }, 'deploy.module'],
    [{ name: 'x', language: 'lua', source: '', files: { '../x': '' } }, 'deploy.files'],
    [{ name: 'x', language: 'lua', source: '', capabilities: ['fly'] }, 'deploy.capabilities'],
    [{ name: 'x', module: { base64: '!' } }, 'params.invalid'],
    [{ name: 'x', language: 'lua', source: '', limits: { instructions: -1 } }, 'params.invalid'],
    [{ name: 'x', language: 'lua', source: '', limits: { apples: 1 } }, 'params.invalid'],
  ] as const) {
    assert.is((await client.call('deploy', params)).error?.data.code, code);
  }
});

test('execute answers with the result of the API', async () => {
  await deploy('add', 'local t = ... print("adding") io.stderr:write("slowly") return t.a + t.b, {t.a, t.b}');
  const { result } = await client.call('execute', { name: 'add', argument: { a: 1, b: 2.5 } });
  assert.is(result.status, 'ok');
  assert.is(result.value, 3.5);
  assert.equal(result.values, [3.5, [1, 2.5]]);
  assert.is(result.stdout, 'adding\n');
  assert.is(result.stderr, 'slowly');
  assert.is(result.exitCode, 0);
  assert.ok(result.usage.instructions > 0);
});

test('a guest error and a limit are results', async () => {
  await deploy('fails', 'local t = nil\nreturn t.x');
  const failed = (await client.call('execute', { name: 'fails' })).result;
  assert.is(failed.status, 'error');
  assert.is(failed.error.code, 'guest_error');
  assert.is(failed.error.stack[0].line, 2);
  await deploy('loop', 'while true do end');
  const limited = (await client.call('execute', { name: 'loop', limits: { instructions: 10_000 } })).result;
  assert.is(limited.status, 'limit');
  assert.is(limited.error.resource, 'instructions');
  assert.is(limited.error.limit, 10_000);
  assert.ok(limited.usage.instructions >= 10_000);
});

test('execute takes args and stdin, as text and as bytes', async () => {
  await deploy('echo', 'local a, b = ... return a, b, io.read("a")');
  const texts = await client.call('execute', { name: 'echo', args: ['x', 'y'], stdin: 'typed' });
  assert.equal(texts.result.values, ['x', 'y', 'typed']);
  const bytes = await client.call('execute', { name: 'echo', args: [], stdin: { base64: '/wA=' } });
  assert.equal(bytes.result.values.at(-1), { base64: '/wA=' });
});

test('execute takes tagged values', async () => {
  await deploy(
    'kinds',
    'local t = ... return #t.bytes, t.bytes, math.type(t.big), t.big, t.nan ~= t.nan, t.plain["$bytes"]',
  );
  const argument = {
    bytes: { $bytes: '/wD/' },
    big: { $integer: '9007199254740993' },
    nan: { $float: 'NaN' },
    plain: { $object: { $bytes: 'not bytes' } },
  };
  const { result } = await client.call('execute', { name: 'kinds', argument, tagged: true });
  assert.equal(result.values, [3, { base64: '/wD/' }, 'integer', '9007199254740993', true, 'not bytes']);
  await deploy('floats', 'return 0/0, 1/0, {-1/0, 1}');
  const floats = (await client.call('execute', { name: 'floats' })).result;
  assert.equal(floats.values, ['NaN', 'Infinity', ['-Infinity', 1]]);
  await deploy('plain', 'local t = ... return t["$bytes"]');
  assert.is((await client.call('execute', { name: 'plain', argument: { $bytes: 'AAAA' } })).result.value, 'AAAA');
  const wrong = await client.call('execute', { name: 'kinds', argument: { $float: 'one' }, tagged: true });
  assert.is(wrong.error!.data.code, 'params.invalid');
});

test('execute with count answers with a list', async () => {
  await deploy('count', 'print("once") return 7');
  const { result } = await client.call('execute', { name: 'count', count: 3 });
  assert.equal(
    result.map(({ value, stdout }: { value: number; stdout: string }) => [value, stdout]),
    [
      [7, 'once\n'],
      [7, 'once\n'],
      [7, 'once\n'],
    ],
  );
  assert.equal((await client.call('execute', { name: 'count', count: 0 })).result, []);
  assert.is((await client.call('execute', { name: 'count', count: 2.5 })).error!.data.code, 'params.invalid');
  assert.is((await client.call('execute', { name: 'count', count: 1e9 })).error!.data.code, 'params.invalid');
});

test('output comes in notifications, all of it before the answer', async () => {
  await deploy('speaks', 'for i = 1, 3 do print(i) end io.stderr:write("bad", "\\xff") return "done"');
  client.notifications.length = 0;
  const { result } = await client.call('execute', { name: 'speaks', output: true }, 'speaking');
  assert.is(result.stdout, '');
  assert.is(result.value, 'done');
  const pieces = client.notifications.map(({ params }) => params);
  const stdout = pieces.filter(({ stream }) => stream === 'stdout');
  assert.is(stdout.map(({ text }) => text).join(''), '1\n2\n3\n');
  const stderr = pieces.filter(({ stream }) => stream === 'stderr');
  const bytes = stderr.map(({ text, base64 }) => Buffer.from(text ?? base64, text === undefined ? 'base64' : 'utf8'));
  assert.equal([...Buffer.concat(bytes)], [...Buffer.from('bad'), 255]);
  for (const { request } of pieces) assert.is(request, 'speaking');
});

test('output of several executions tells which', async () => {
  client.notifications.length = 0;
  await client.call('execute', { name: 'count', count: 3, output: true }, 17);
  const indices = client.notifications.map(({ params }) => params.index).sort();
  assert.equal(indices, [0, 1, 2]);
});

test('cancel ends what a request has started', async () => {
  client.post('execute', { name: 'loop', count: 5 }, 'to cancel');
  assert.equal((await client.call('cancel', { request: 'to cancel' })).result, { cancelled: true });
  const { result } = await client.answer('to cancel');
  assert.equal(
    result.map(({ status }: { status: string }) => status),
    Array(5).fill('cancelled'),
  );
  assert.equal((await client.call('cancel', { request: 'to cancel' })).result, { cancelled: false });
});

test('list, describe and remove', async () => {
  await deploy('removable', 'return 1');
  const names = async () => (await client.call('list')).result.functions.map(({ name }: { name: string }) => name);
  const before = await names();
  assert.ok(before.includes('removable'));
  assert.equal(before, [...before].sort());
  assert.is((await client.call('describe', { name: 'removable' })).result.name, 'removable');
  assert.equal((await client.call('remove', { name: 'removable' })).result, { removed: true });
  assert.equal((await client.call('remove', { name: 'removable' })).result, { removed: false });
  assert.not.ok((await names()).includes('removable'));
  for (const method of ['describe', 'execute', 'subscribe']) {
    const { error } = await client.call(method, { name: 'removable' });
    assert.is(error!.code, -32002);
    assert.is(error!.data.code, 'function.unknown');
  }
});

test('a subscription hears the executions of others', async () => {
  const other = await RawClient.connect(server.url);
  await deploy('heard', 'local t = ... print(t) if t == "bad" then error("it is", 0) end');
  client.notifications.length = 0;
  const { subscription } = (await client.call('subscribe', { name: 'heard' })).result;
  await other.call('execute', { name: 'heard', argument: 'good' });
  await other.call('execute', { name: 'heard', argument: 'bad', output: true });
  const ends = () => client.notifications.filter(({ method }) => method === 'functionEnded');
  await client.wait(() => (ends().length === 2 ? true : undefined));
  const output = client.notifications.filter(({ method }) => method === 'functionOutput');
  assert.is(output.map(({ params }) => params.text).join(''), 'good\nbad\n');
  const [first, second] = ends().map(({ params }) => params);
  assert.is(first.status, 'ok');
  assert.is(second.error.message, 'it is');
  assert.is(first.subscription, subscription);
  assert.is.not(first.execution, second.execution);
  assert.equal((await client.call('unsubscribe', { subscription })).result, { unsubscribed: true });
  assert.equal((await client.call('unsubscribe', { subscription })).result, { unsubscribed: false });
  const count = client.notifications.length;
  await other.call('execute', { name: 'heard', argument: 'good' });
  await client.call('list');
  assert.is(client.notifications.length, count);
  await other.close();
});

test('a function that is deployed again runs on where it runs', async () => {
  await deploy('replaced', 'local n = 0 for i = 1, 3000000 do n = n + 1 end return "old"');
  client.post('execute', { name: 'replaced' }, 'old');
  await deploy('replaced', 'return "new"');
  assert.is((await client.call('execute', { name: 'replaced' })).result.value, 'new');
  assert.is((await client.answer('old')).result.value, 'old');
});

test.run();
