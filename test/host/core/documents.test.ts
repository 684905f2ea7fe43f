// docs/api.md says what is there: its examples run, every option and field that it lists exists, every error is named.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CAPABILITIES } from '../../../host/core/deployment';
import { createHost } from '../../../host/core/index';
import { HANDLED_SYSCALLS } from '../../../host/core/syscall-handlers';
import { SYSCALLS } from '../../../vm/index';

const text = readFileSync('docs/api.md', 'utf8');
const [first, second] = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);

test('the first example does what it says', async () => {
  const lines: string[] = [];
  const body = first!.replace(/^import .*$/m, '');
  const run = new Function('createHost', 'console', `return (async () => {${body}})()`);
  await run(createHost, { log: (...values: unknown[]) => lines.push(values.join(' ')) });
  const [, expected] = /\/\/ (.*)$/m.exec(first!)!;
  assert.equal(
    lines.map((line) => line.trim()),
    [expected],
  );
});

test('the example of a host function works', async () => {
  const host = await createHost();
  const run = new Function('host', `return (async () => { return ${second!.trim().replace(/;$/, '')} })()`);
  assert.is((await run(host)).value, 42);
  await host.close();
});

test('results have the fields that are listed, and no others', async () => {
  const host = await createHost();
  const result = await host.run({ language: 'lua', source: 'error("x")' });
  const listed = /\{ status:[\s\S]*?\n```/.exec(text)![0];
  for (const name of [...Object.keys(result), ...Object.keys(result.usage), ...Object.keys(result.error!)]) {
    assert.match(listed, new RegExp(`\\b${name}\\b`));
  }
  await host.close();
});

test('every capability is listed', () => {
  for (const capability of CAPABILITIES) assert.match(text, `\`${capability}\``);
});

test('every syscall is answered by somebody', () => {
  const machine = ['exit', 'write', 'answer_read', 'answer_size'];
  assert.equal(SYSCALLS.map(({ name }) => name).sort(), [...HANDLED_SYSCALLS, ...machine].sort());
});

test.run();
