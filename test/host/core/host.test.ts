// Deploying, listing, replacing, removing and closing; what is refused, and with which code.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../../../host/core/compile';
import { createHost, DeployError, type DeployOptions, type Frontend, HOST_ERRORS } from '../../../host/core/index';
import { encodeModule } from '../../../vm/index';

const host = await createHost();
test.after(() => host.close());

const answer = (value: number) => `func main() -> i32\n  ${value}\nend`;

const refused: [what: string, options: Partial<Record<keyof DeployOptions, unknown>>, code: string][] = [
  ['no name', { name: undefined }, 'deploy.name'],
  ['an empty name', { name: '' }, 'deploy.name'],
  ['a name with a slash', { name: 'a/b' }, 'deploy.name'],
  ['a name that is too long', { name: 'a'.repeat(129) }, 'deploy.name'],
  ['a name with a line end', { name: 'a\n' }, 'deploy.name'],
  ['an unknown language', { language: 'cobol' }, 'deploy.language'],
  ['no source', { source: undefined }, 'deploy.source'],
  ['a source that is neither text nor bytes', { source: 7 }, 'deploy.source'],
  ['warnings that are no names', { warnings: 'all' }, 'deploy.source'],
  ['a source that does not compile', { source: 'func' }, 'deploy.compile'],
  ['bytes that are no module', { module: Uint8Array.of(1, 2, 3) }, 'deploy.module'],
  ['an unknown limit', { limits: { cpu: 1 } }, 'deploy.limits'],
  ['a limit that is no number', { limits: { instructions: '5' } }, 'deploy.limits'],
  ['a limit that is too small', { limits: { memoryBytes: 0 } }, 'deploy.limits'],
  ['an unknown capability', { capabilities: ['root'] }, 'deploy.capabilities'],
  ['a file outside', { files: { '../x': 'x' } }, 'deploy.files'],
  ['an absolute file', { files: { '/x': 'x' } }, 'deploy.files'],
  ['a file that is no bytes', { files: { x: 7 } }, 'deploy.files'],
  ['a host function that is none', { functions: { f: 7 } }, 'deploy.functions'],
  ['a host function with a bad name', { functions: { 'a b': () => 1 } }, 'deploy.functions'],
];
for (const [what, options, code] of refused) {
  test(`refuses ${what}`, async () => {
    const before = host.list();
    const all = { name: 'refused', language: 'sm', source: answer(1), ...options } as DeployOptions;
    try {
      await host.deploy(all);
    } catch (error) {
      assert.instance(error, DeployError);
      assert.is((error as DeployError).code, code);
      assert.ok(Object.hasOwn(HOST_ERRORS, code));
      if (code === 'deploy.compile') assert.ok((error as DeployError).diagnostics.length > 0);
      assert.equal(host.list(), before);
      return;
    }
    assert.unreachable('it was deployed');
  });
}

test('a deployment has the warnings that it asked for, and compiles all the same', async () => {
  const source = 'int main(void) {\n  int unused;\n  return 4;\n}';
  const fn = await host.deploy({ name: 'warned', language: 'c', source, warnings: ['all', 'no-such'] });
  assert.equal(
    fn.diagnostics.map(({ severity, code, line, column }) => ({ severity, code, line, column })),
    [{ severity: 'warning', code: 'c.unused-variable', line: 2, column: 7 }],
  );
  assert.is((await fn.execute()).exitCode, 4);
  assert.equal((await host.deploy({ name: 'warned', language: 'c', source })).diagnostics, []);
  host.remove('warned');
});

test('takes names of all allowed characters', async () => {
  const name = `${'aZ09._-'.repeat(18)}aa`;
  assert.is(name.length, 128);
  await host.deploy({ name, language: 'sm', source: answer(1) });
  assert.ok(host.remove(name));
});

test('lists what is deployed, and forgets what is removed', async () => {
  const own = await createHost({ limits: { instructions: 5000 } });
  await own.deploy({ name: 'b', language: 'sm', source: answer(2), capabilities: ['clock'], limits: { syscalls: 3 } });
  await own.deploy({ name: 'a', language: 'c', source: 'int main(void) { return 0; }' });
  const [a, b] = own.list();
  assert.is(own.list().length, 2);
  assert.is(a?.name, 'a');
  assert.is(a?.language, 'c');
  assert.is(b?.limits.instructions, 5000);
  assert.is(b?.limits.syscalls, 3);
  assert.equal(b?.capabilities, ['clock']);
  assert.match(b!.id, /^[0-9a-f]{64}$/);
  assert.ok(own.remove('a'));
  assert.not.ok(own.remove('a'));
  assert.is(own.get('a'), undefined);
  await own.close();
  assert.equal(own.list(), []);
  try {
    await own.deploy({ name: 'c', language: 'sm', source: answer(3) });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code?: string }).code, 'host.closed');
  }
});

test('replaces a function; what runs finishes on the old one', async () => {
  const old = await host.deploy({
    name: 'version',
    language: 'c',
    source: '#include <gazelle.h>\nint main(void) { gazelle_sleep(20000000LL); return 1; }',
    capabilities: ['sleep'],
  });
  const running = old.execute();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const replaced = await host.deploy({ name: 'version', language: 'sm', source: answer(2) });
  assert.is(host.get('version'), replaced);
  assert.is((await replaced.execute()).value, 2);
  assert.is((await running).value, 1);
  assert.is(host.list().filter(({ name }) => name === 'version').length, 1);
});

test('runs the module that a source compiles to, with the same id', async () => {
  const fromSource = await host.deploy({ name: 'source', language: 'sm', source: answer(5) });
  const { module } = compileSource(host.languages, {
    language: 'sm',
    source: answer(5),
    fileName: 'source.sm',
    files: {},
  });
  const fromModule = await host.deploy({ name: 'module', module: encodeModule(module) });
  assert.is(fromModule.id, fromSource.id);
  assert.is((await fromModule.execute()).value, 5);
});

test('compiles with a frontend from outside, and survives one that fails', async () => {
  const constant: Frontend = {
    name: 'constant',
    extensions: ['.constant'],
    compile(source, options) {
      const text = new TextDecoder().decode(source).trim();
      if (text === 'crash') throw new Error('out of cheese');
      const compiled = host.languages
        .find('sm')!
        .frontend.compile(new TextEncoder().encode(answer(Number(text))), options);
      return compiled.module === undefined
        ? compiled
        : { ...compiled, module: { ...compiled.module, language: 'constant' } };
    },
  };
  const own = await createHost({ frontends: [constant] });
  assert.is((await own.run({ language: 'constant', source: '42' })).value, 42);
  assert.is(own.languages.nameForFile('x/y.constant'), 'constant');
  try {
    await own.run({ language: 'constant', source: 'crash' });
    assert.unreachable();
  } catch (error) {
    assert.is((error as DeployError).code, 'deploy.compile');
    assert.match((error as Error).message, 'out of cheese');
  }
  await own.close();
});

test('refuses options that make no sense', async () => {
  for (const options of [{ workers: -1 }, { limits: { nonsense: 1 } }, { limits: { instructions: NaN } }]) {
    try {
      await createHost(options as never);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, RangeError);
    }
  }
  await (await createHost({ workers: 0 })).close();
  const fn = await host.deploy({ name: 'options', language: 'sm', source: answer(1) });
  assert.throws(() => fn.execute(1, { args: ['1'] }), /not both/);
  assert.throws(() => fn.execute(undefined, { args: [1] as never }), /list of strings/);
  assert.throws(() => fn.execute(undefined, { limits: { instructions: -1 } }), /instructions/);
  assert.throws(() => fn.execute(undefined, { stdin: 7 as never }), /stdin/);
  assert.throws(() => fn.executeMany(-1), /count/);
});

test('gives every execution an id of its own', async () => {
  const fn = await host.deploy({ name: 'ids', language: 'sm', source: answer(1) });
  const ids = new Set(Array.from({ length: 10 }, () => fn.execute().id));
  assert.is(ids.size, 10);
});

test('measures times with the clock that it is given', async () => {
  let time = 0;
  const own = await createHost({
    surroundings: {
      now: () => (time += 1),
      wallClock: () => 86_400_000,
      yieldToHost: (callback) => void setImmediate(callback),
      startTimer: () => () => {},
      fillRandom: (bytes) => void bytes.fill(7),
    },
  });
  const { value, usage } = await own.run({
    language: 'c',
    source: `#include <gazelle.h>
      int main(void) {
        unsigned char r[3];
        gazelle_random(r, 3);
        return gazelle_clock(0) / 1000000000 == 86400 && r[0] == 7 && r[2] == 7;
      }`,
    capabilities: ['clock', 'random'],
  });
  assert.is(value, 1);
  assert.ok(usage.startTimeMs >= 1 && usage.wallTimeMs > usage.startTimeMs);
  await own.close();
});

test.run();
