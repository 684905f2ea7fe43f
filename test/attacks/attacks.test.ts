// Each hostile function ends by the limit that its header names, and says so; a good function beside all of them
// finishes with the right result.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../host/core';
import { readFunctionFolder } from '../../host/node/function-folder';

const FOLDER = 'test/attacks';
const LIMITS = { instructions: 10_000_000, memoryBytes: 32 * 1024 * 1024, wallTimeMs: 60_000 };

const attacks = readdirSync(FOLDER)
  .filter((file) => !file.endsWith('.ts'))
  .map((file) => {
    const source = readFileSync(join(FOLDER, file), 'utf8');
    const resource = /Expected: limit (\w+)/.exec(source)?.[1];
    return { file, resource, options: { language: extname(file).slice(1), source, limits: LIMITS } };
  });

test('there are at least three attacks in each language, and each says what must end it', () => {
  const count = (language: string) => attacks.filter(({ options }) => options.language === language).length;
  for (const language of ['c', 'lua', 'sm']) assert.ok(count(language) >= 3, language);
  for (const { file, resource } of attacks) assert.ok(resource, file);
});

for (const { file, resource, options } of attacks) {
  test(`${file} is ended by ${resource}`, async () => {
    const host = await createHost();
    const result = await host.run(options);
    assert.is(result.status, 'limit', JSON.stringify(result));
    assert.is(result.error?.resource, resource);
    assert.ok(result.usage.instructions > 0);
    await host.close();
  });
}

test('a good function finishes right beside all attacks', async () => {
  const host = await createHost();
  const good = readFunctionFolder('functions/sieve-lua');
  const fn = await host.deploy(good.options);
  const running = attacks.map(({ options }) => host.run(options));
  const result = await fn.execute(good.samples[0]!.argument);
  assert.is(result.value, good.samples[0]!.value);
  for (const attack of await Promise.all(running)) assert.is(attack.status, 'limit');
  await host.close();
});

test.run();
