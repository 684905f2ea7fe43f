// The commands around a server: serve as a process, with its signals; the others in this process, against it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { end, PROGRAM, type Ran, type Served, serve, start } from '../../support/commands';
import { until } from '../../support/condition';

const folder = mkdtempSync(join(tmpdir(), 'gazelle-serve-'));

const files: Record<string, string> = {
  'add.sm': 'func main(a: i32, b: i32) -> i32\n  a b i32.add\nend\n',
  'hello.lua': 'local who = ... print("hello, " .. tostring(who)) io.stderr:write("err\\n") return who',
  'status.c': '#include <stdio.h>\nint main(int argc, char **argv) { printf("%d", argc); return 7; }',
  'loop.lua': 'while true do end',
  'memory.lua': 'local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end',
  'stdin.lua': 'print(io.read("a"))',
  'value.lua': 'local t = ... return t.x, t',
  'fails.lua': 'local t = nil\nreturn t.x',
  'syntax.lua': 'print("a"\nlocal = 3',
  'one/manifest.json': JSON.stringify({
    name: 'from-folder',
    description: 'Answers.',
    language: 'c',
    entry: 'main.c',
    limits: { instructions: 100_000 },
    capabilities: [],
    samples: [{ exitCode: 3 }],
  }),
  'one/main.c': '#include "answer.h"\nint main(void) { return ANSWER; }',
  'one/answer.h': '#define ANSWER 3\n',
  'warned/manifest.json': JSON.stringify({
    name: 'warned',
    description: 'Has a variable too many.',
    language: 'c',
    entry: 'main.c',
    limits: {},
    capabilities: [],
    samples: [{ exitCode: 0 }],
  }),
  'warned/main.c': 'int main(void) { int unused; return 0; }\n',
  'bad/manifest.json': JSON.stringify({
    name: 'bad',
    description: 'Does not compile.',
    language: 'lua',
    entry: 'main.lua',
    capabilities: [],
    limits: {},
    samples: [{ value: 1 }],
  }),
  'bad/main.lua': 'x =',
  'empty/nothing': '',
  'frontend.mjs': `export const frontend = { name: 'answer', extensions: ['.answer'], compile: (source, { fileName }) => ({
    diagnostics: [{ severity: 'error', code: 'answer.no', message: 'no answer', file: fileName, line: 1, column: 1, length: 1 }] }) };`,
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

let served: Served;
test.before(async () => {
  process.chdir(folder);
  served = await serve(folder, '--deploy', 'one', '--frontend', './frontend.mjs');
});
test.after(async () => {
  await end(served.child, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A command on the served process. */
function gazelle(args: readonly string[], input = ''): Promise<Ran> {
  return start([...args, '--url', served.url], input).ended;
}

test('deploys a file, and executes it', async () => {
  const deployed = await gazelle(['deploy', 'lua', 'hello', 'hello.lua']);
  assert.is(deployed.status, 0, deployed.stderr);
  assert.match(deployed.stdout, /^deployed hello \(lua, [0-9a-f]{12}\)\n$/);
  const executed = await gazelle(['execute', 'hello', 'you']);
  assert.equal(executed, { status: 0, stdout: 'hello, you\n', stderr: 'err\n' });
});

test("deploy shows the compiler's warnings with their line, of a folder's function too", async () => {
  const file = await gazelle(['deploy', 'c', 'warned', 'warned/main.c', '-Wall']);
  const line = "main.c:1:22: warning: nothing reads 'unused'\nint main(void) { int unused; return 0; }\n";
  assert.is(file.status, 0, file.stderr);
  assert.ok(file.stderr.startsWith(`warned/${line}`), file.stderr);
  const directory = await gazelle(['deploy', 'warned', '--json', '--warning', 'unused']);
  assert.ok(directory.stderr.startsWith(`warned/${line}`), directory.stderr);
  assert.is(JSON.parse(directory.stdout).diagnostics[0].code, 'c.unused-variable');
  assert.is((await gazelle(['deploy', 'warned'])).stderr, '');
});

test('deploys a folder with its manifest, and a folder of folders', async () => {
  const one = await gazelle(['deploy', 'one', '--json']);
  assert.is(one.status, 0, one.stderr);
  const { name, limits } = JSON.parse(one.stdout);
  assert.equal([name, limits.instructions], ['from-folder', 100_000]);
  assert.is((await gazelle(['execute', 'from-folder'])).status, 3);
  mkdirSync('several/one', { recursive: true });
  for (const file of ['manifest.json', 'main.c', 'answer.h'])
    writeFileSync(join('several/one', file), files[`one/${file}`]!);
  const several = JSON.parse((await gazelle(['deploy', 'several', '--json', '--instructions', '5000'])).stdout);
  assert.equal([several.length, several[0].limits.instructions], [1, 5000]);
});

test('functions of serve --deploy are there from the start', async () => {
  assert.match((await gazelle(['list'])).stdout, /^from-folder +c +[0-9a-f]{12}$/m);
});

test('exit statuses are those of run', async () => {
  for (const [language, file, args, status, stderr] of [
    ['c', 'status.c', [], 7, /^$/],
    ['lua', 'fails.lua', [], 1, /attempt to index[\s\S]*fails\.lua:2/],
    ['lua', 'loop.lua', ['--instructions', '10000'], 124, /instructions limit 10000/],
    ['lua', 'loop.lua', ['--wall', '50'], 124, /wall_time limit 50/],
    ['lua', 'memory.lua', ['--memory', '1MiB'], 125, /not enough memory/],
    ['sm', 'add.sm', ['1'], 64, /takes 2 numbers/],
    ['sm', 'add.sm', ['1', '2'], 0, /^$/],
  ] as const) {
    assert.is((await gazelle(['deploy', language, 'status', file])).status, 0);
    const result = await gazelle(['execute', 'status', ...args]);
    assert.is(result.status, status, result.stderr);
    assert.match(result.stderr, stderr);
  }
});

test('--json prints the result, and with -n one list', async () => {
  const one = await gazelle(['execute', 'hello', '--json', '--arg-json', '"Ann"']);
  const result = JSON.parse(one.stdout);
  assert.equal([result.status, result.value, result.stdout], ['ok', 'Ann', 'hello, Ann\n']);
  const many = await gazelle(['execute', 'hello', '-n', '3', '--json', 'x']);
  const results = JSON.parse(many.stdout);
  assert.equal(
    results.map(({ value }: { value: string }) => value),
    ['x', 'x', 'x'],
  );
  assert.is(many.stderr, '');
  assert.is((await gazelle(['execute', 'hello', '-n', '2', 'x'])).stdout, 'hello, x\nhello, x\n');
  assert.is((await gazelle(['execute', 'from-folder', '-n', '2'])).status, 3);
});

test('arguments as JSON, stdin from a file and from the terminal', async () => {
  await gazelle(['deploy', 'lua', 'value', 'value.lua']);
  const value = await gazelle(['execute', 'value', '--arg-json', '{"x":[1,2.5]}', '--json']);
  assert.equal(JSON.parse(value.stdout).value, [1, 2.5]);
  await gazelle(['deploy', 'lua', 'stdin', 'stdin.lua']);
  assert.is((await gazelle(['execute', 'stdin', '--stdin-file', 'one/answer.h'])).stdout, '#define ANSWER 3\n\n');
  assert.is((await gazelle(['execute', 'stdin', '--stdin-file', '-'], 'typed')).stdout, 'typed\n');
  assert.is((await gazelle(['execute', 'stdin'])).stdout, '\n');
  assert.is((await gazelle(['execute', 'stdin', '--stdin-file', 'missing'])).status, 64);
  assert.is((await gazelle(['execute', 'value', 'x', '--arg-json', '1'])).status, 64);
});

test('describe, list and remove, for people and as JSON', async () => {
  const described = await gazelle(['describe', 'from-folder']);
  assert.match(described.stdout, /^language +c$/m);
  assert.match(described.stdout, /^capabilities +none$/m);
  assert.is(JSON.parse((await gazelle(['describe', 'from-folder', '--json'])).stdout).name, 'from-folder');
  const names = JSON.parse((await gazelle(['list', '--json'])).stdout).map(({ name }: { name: string }) => name);
  assert.ok(names.includes('hello'));
  assert.is((await gazelle(['remove', 'hello'])).status, 0);
  const again = await gazelle(['remove', 'hello', '--json']);
  assert.is(again.status, 64);
  assert.equal(JSON.parse(again.stdout), { removed: false });
  assert.match((await gazelle(['describe', 'hello'])).stderr, /no function 'hello'/);
});

test('says what does not compile, with the source line where it can', async () => {
  const file = await gazelle(['deploy', 'lua', 'x', 'syntax.lua']);
  assert.is(file.status, 2);
  assert.match(file.stderr, /^syntax\.lua:2:\d+: error: .*\n.*\n\s*\^/);
  const inFolder = await gazelle(['deploy', 'bad']);
  assert.is(inFolder.status, 2);
  assert.match(inFolder.stderr, /^bad\/main\.lua:1:\d+: error: .*\nx =\n/);
  const json = await gazelle(['deploy', 'lua', 'x', 'syntax.lua', '--json']);
  assert.is(json.status, 2);
  assert.is(JSON.parse(json.stdout).error.diagnostics[0].line, 2);
  const foreign = await gazelle(['deploy', 'answer', 'x', 'add.sm']);
  assert.match(foreign.stderr, /no answer/);
});

test('wrong usage is refused', async () => {
  for (const [args, stderr] of [
    [['deploy', 'lua', 'x'], /LANGUAGE NAME FILE/],
    [['deploy', 'lua', 'x', 'y', 'z'], /LANGUAGE NAME FILE/],
    [['deploy', 'lua', 'x', 'missing.lua'], /missing\.lua/],
    [['deploy', 'cobol', 'x', 'add.sm'], /cobol/],
    [['deploy', 'empty'], /manifest\.json/],
    [['deploy', 'missing'], /missing/],
    [['deploy', 'lua', 'a/b', 'hello.lua'], /no name/],
    [['execute', 'hello', '-n', 'many'], /-n/],
    [['execute', 'no-such'], /no function 'no-such'/],
    [['execute', '../../etc'], /name/],
    [['logs', 'value'], /logs -f/],
    [['list', 'x'], /too many/],
  ] as const) {
    const result = await gazelle(args);
    assert.is(result.status, 64, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, stderr);
  }
  assert.is((await start(['list', '--url', 'mailto:x']).ended).status, 64);
  assert.is((await start(['serve', '--port', '99999']).ended).status, 64);
  assert.is((await start(['serve', '--frontend', './missing.mjs']).ended).status, 64);
});

test('has helpful words when no server answers', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  const { status, stdout, stderr } = await start(['list', '--json', '--url', `127.0.0.1:${port}`]).ended;
  assert.is(status, 69);
  assert.match(stderr, /cannot connect[\s\S]*`gazelle serve`/);
  assert.is(JSON.parse(stdout).error.code, 'connection.failed');
});

test('a port that is taken is an answer', async () => {
  const { status, stderr } = await start(['serve', '--port', String(served.port)]).ended;
  assert.is(status, 69);
  assert.match(stderr, /EADDRINUSE/);
});

test('execute is cancelled by an interrupt, on the server too', async () => {
  await gazelle(['deploy', 'lua', 'loop', 'loop.lua', '--wall', '60000']);
  const running = start(['execute', 'loop', '--url', served.url]);
  const logs = start(['logs', '-f', 'loop', '--json', '--url', served.url]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  running.interrupt();
  assert.is((await running.ended).status, 130);
  await until(() => logs.texts.stdout.includes('"cancelled"'));
  logs.interrupt();
  assert.is((await logs.ended).status, 130);
});

test('logs -f shows what others execute', async () => {
  await gazelle(['deploy', 'lua', 'hello', 'hello.lua']);
  const logs = start(['logs', '-f', 'hello', '--url', served.url]);
  const json = start(['logs', '--follow', 'hello', '--json', '--url', served.url]);
  await until(() => {
    gazelle(['execute', 'hello', 'all']);
    return logs.texts.stdout !== '' && json.texts.stdout !== '';
  });
  assert.match(logs.texts.stdout, /^hello, all\n/);
  const [first] = json.texts.stdout.split('\n');
  assert.equal(
    { ...JSON.parse(first!), execution: '' },
    { type: 'output', execution: '', stream: 'stdout', text: 'hello, all\n', dropped: 0 },
  );
  logs.interrupt();
  json.interrupt();
  assert.is((await logs.ended).status, 130);
  assert.is((await json.ended).status, 130);
});

test('serve ends cleanly on SIGINT and SIGTERM, whatever runs', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const own = await serve(folder);
    const url = ['--url', own.url];
    assert.is((await start(['deploy', 'lua', 'loop', 'loop.lua', ...url]).ended).status, 0);
    const running = start(['execute', 'loop', ...url]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.is(await end(own.child, signal), 0);
    const { status } = await running.ended;
    assert.ok(status === 69 || status === 130, String(status));
  }
});

test('serve prints its address for people', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = child.stdout.pipe(new PassThrough());
  const text = await new Promise<string>((resolve) => output.once('data', (data) => resolve(String(data))));
  assert.match(text, /^Serving at ws:\/\/127\.0\.0\.1:\d+\/v1\n/);
  assert.is(await end(child, 'SIGTERM'), 0);
});

test.run();
