// The package as a dependency: packed, installed into an empty project, and used as its users do: API, server, client,
// browser exports, command line, types. Its exports are checked by publint.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const repository = resolve('.');
const project = mkdtempSync(join(tmpdir(), 'gazelle-package-'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
test.after(() => rmSync(project, { recursive: true }));

function run(command: string, args: readonly string[], cwd = project): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000 });
  assert.is(status, 0, `${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
  return stdout;
}

/** Runs a JavaScript module of the project; answers what it prints. */
function runModule(source: string, ...options: string[]): string {
  writeFileSync(join(project, 'program.mjs'), source);
  return run(process.execPath, [...options, 'program.mjs']);
}

/** A package that is installed here, by its real folder, wherever npm has put it. */
function folderOf(name: string): string {
  return join(repository, 'node_modules', name);
}

/** Without a network: the package unpacked, its dependencies linked to those of the repository. */
function installByHand(archive: string): void {
  rmSync(join(project, 'node_modules'), { recursive: true, force: true });
  const target = join(project, 'node_modules/gazelle');
  mkdirSync(target, { recursive: true });
  run('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    symlinkSync(folderOf(name), join(project, 'node_modules', name), 'dir');
  }
  mkdirSync(join(project, 'node_modules/.bin'));
  symlinkSync('../gazelle/dist/gazelle.js', join(project, 'node_modules/.bin/gazelle'));
}

test.before(() => {
  run(process.execPath, ['tools/build.mjs', '--types'], repository);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], repository);
  const archive = join(project, `gazelle-${manifest.version}.tgz`);
  writeFileSync(join(project, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0'];
  const { status } = spawnSync('npm', ['install', archive, ...options], { cwd: project, timeout: 60_000 });
  if (status !== 0) installByHand(archive);
});

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: repository, pack: false, strict: true });
  assert.equal(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  );
});

test('the files are those that are wanted', () => {
  const folder = join(project, 'node_modules/gazelle');
  for (const { types, default: code, node, ...others } of Object.values(manifest.exports) as Record<string, never>[]) {
    for (const path of [types, code, ...Object.values(node ?? {}), ...Object.values(others.default ?? {})]) {
      if (typeof path === 'string') assert.ok(existsSync(join(folder, path)), path);
    }
  }
  for (const path of ['test', 'vm', 'host', 'node_modules', 'tools'])
    assert.not.ok(existsSync(join(folder, path)), path);
});

test('the API works', () => {
  const printed = runModule(`
    import { createHost } from 'gazelle';
    const host = await createHost();
    const result = await host.run({ language: 'lua', source: 'return 6 * 7' });
    console.log(result.status, result.value);
    await host.close();`);
  assert.is(printed, 'ok 42\n');
});

test('server and client work, and share errors with the API', () => {
  const printed = runModule(`
    import { DeployError } from 'gazelle';
    import { connect } from 'gazelle/client';
    import { startServer } from 'gazelle/server';
    const server = await startServer({ port: 0 });
    const client = await connect(server.url);
    const fn = await client.deploy({ name: 'six', language: 'c', source: 'int main(void) { return 6; }' });
    console.log((await fn.execute()).value, (await fn.executeMany(2)).length);
    await client.deploy({ name: 'x', language: 'c', source: '(' }).catch((error) => console.log(error instanceof DeployError));
    await client.close();
    await server.close();`);
  assert.is(printed, '6 2\ntrue\n');
});

test('the browser exports need nothing of Node', () => {
  const printed = runModule(
    `
    import { readFileSync } from 'node:fs';
    import * as client from 'gazelle/client';
    import { createHost } from 'gazelle/browser';
    const host = await createHost();
    console.log((await host.run({ language: 'sm', source: 'func main() -> i32\\n 7\\nend' })).value, typeof client.connect);
    await host.close();
    const seen = new Set();
    const look = (file) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|import) ?\\(?"([^"]+)"/g)) {
        if (name.startsWith('node:') || name === 'ws' || name === 'zod') throw new Error(file + ' imports ' + name);
        if (name.startsWith('.')) look(new URL(name, 'file://' + file).pathname);
      }
    };
    for (const name of ['page/client.js', 'browser.js', 'page-worker/index.js']) look(process.cwd() + '/node_modules/gazelle/dist/' + name);`,
  );
  assert.is(printed, '7 function\n');
});

test('the command line works', () => {
  writeFileSync(join(project, 'hello.lua'), 'print("hello, " .. ...)');
  assert.is(run(join(project, 'node_modules/.bin/gazelle'), ['run', 'hello.lua', 'you']), 'hello, you\n');
  assert.match(run('npx', ['--no-install', 'gazelle', '--help']), 'serve');
});

const TYPED = `
import { createHost, type ExecutionResult } from 'gazelle';
import { createHost as createInBrowser } from 'gazelle/browser';
import { type Client, connect, type FunctionLogEvent } from 'gazelle/client';
import { startServer } from 'gazelle/server';
import { ModuleBuilder } from 'gazelle/vm';

export async function use(): Promise<number> {
  const host = await createHost({ limits: { instructions: 5 } });
  const local: ExecutionResult = await (await host.deploy({ name: 'a', language: 'lua', source: '' })).execute([1]);
  const server = await startServer({ port: 0 });
  const client: Client = await connect(server.url, { timeoutMs: 5 });
  const fn = await client.deploy({ name: 'a', language: 'lua', source: '' });
  const remote: ExecutionResult = await fn.execute(new Uint8Array(1), { signal: AbortSignal.timeout(1) });
  for await (const event of client.logs('a')) print(event);
  // @ts-expect-error there is no such limit
  await fn.execute(1, { limits: { apples: 1 } });
  // @ts-expect-error a number is no name
  await client.remove(7);
  // @ts-expect-error results have no such field
  void remote.nonsense;
  // @ts-expect-error nor do descriptions
  void (await client.list())[0]!.nonsense;
  const extensions: string[] = client.server.languages.flatMap((language) => language.extensions);
  return local.usage.instructions + remote.usage.instructions + extensions.length;
}

function print(event: FunctionLogEvent): string {
  return event.type === 'output' ? event.text : event.status;
}

export { createInBrowser, ModuleBuilder };
`;

test('the types work, by the resolution of bundlers and by that of Node', () => {
  writeFileSync(join(project, 'use.ts'), TYPED);
  for (const name of ['@types/node', 'undici-types']) {
    if (!existsSync(folderOf(name))) continue;
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    if (!existsSync(join(project, 'node_modules', name)))
      cpSync(folderOf(name), join(project, 'node_modules', name), { recursive: true });
  }
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const common = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom,dom.asynciterable',
    '--types',
    'node',
  ];
  for (const [module, resolution] of [
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ]) {
    run(process.execPath, [tsc, ...common, '--module', module!, '--moduleResolution', resolution!, 'use.ts']);
  }
});

test.run();
