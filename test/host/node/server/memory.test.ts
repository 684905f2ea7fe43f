// What is deployed and removed, and what was executed, is gone: a server runs for months. Needs the collector at hand, so
// the work is done by a child of this test.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const CHILD = `
import { startServer } from ${JSON.stringify(resolve('dist/server.js'))};
import { connect } from ${JSON.stringify(resolve('dist/client.js'))};
const server = await startServer({ port: 0 });
const client = await connect(server.url);
const used = () => {
  for (let round = 0; round < 4; round++) gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const round = async (index) => {
  const source = 'local t = {} for i = 1, 100 do t[i] = ' + index + ' end print(#t) return #t';
  const fn = await client.deploy({ name: 'f' + index, language: 'lua', source, files: { data: 'x'.repeat(20000) } });
  const result = await fn.execute();
  if (result.value !== 100) throw new Error(JSON.stringify(result));
  if (!(await client.remove(fn.name))) throw new Error('not removed');
};
for (let index = 0; index < 200; index++) await round(index);
const before = used();
for (let index = 0; index < 1000; index++) await round(index);
await new Promise((resolve) => setTimeout(resolve, 50));
const after = used();
for (let index = 0; index < 100; index++) {
  const other = await connect(server.url);
  other.execute('nothing').catch(() => {});
  await other.close();
}
await new Promise((resolve) => setTimeout(resolve, 50));
const connections = used();
console.log(JSON.stringify({ deploys: after - before, connections: connections - after }));
await client.close();
await server.close();
`;

test('a thousand deploys and removals, and a hundred connections, leave the memory where it was', () => {
  mkdirSync('.build/memory', { recursive: true });
  writeFileSync('.build/memory/child.mjs', CHILD);
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', '.build/memory/child.mjs'], {
    encoding: 'utf8',
  });
  assert.is(status, 0, stderr);
  const grown = JSON.parse(stdout);
  // A thousand functions with their files would be over 20 MB.
  assert.ok(grown.deploys < 5e6, `${grown.deploys} bytes more after a thousand deploys`);
  assert.ok(grown.connections < 2e6, `${grown.connections} bytes more after a hundred connections`);
});

test.run();
