// How long a fresh process takes to run at full speed: the first executions of a function against a later one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { formatTable } from './statistics';

const SCRIPT = `
import { createHost } from './dist/index.js';
const begin = performance.now();
const host = await createHost({ workers: 0 });
const ready = performance.now() - begin;
const source = 'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(...)';
const deployed = await host.deploy({ name: 'fib', language: 'lua', source });
const first = performance.now() - begin - ready;
const times = [];
for (let round = 0; round < 30; round++) times.push((await deployed.execute(22)).usage.wallTimeMs);
console.log(JSON.stringify({ ready, deploy: first, times }));
await host.close();`;

export async function measureTraining(): Promise<unknown> {
  if (!existsSync('dist/index.js')) throw new Error('build first: npm run build');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const { ready, deploy, times } = JSON.parse(stdout) as { ready: number; deploy: number; times: number[] };
  const best = Math.min(...times);
  const atSpeed = times.findIndex((time) => time < best * 1.25);
  console.log(
    formatTable(
      ['fresh process', ''],
      [
        ['host ready (loops trained)', `${ready.toFixed(0)} ms`],
        ['first deployment (library compiled)', `${deploy.toFixed(0)} ms`],
        ['first fib(22)', `${times[0]!.toFixed(1)} ms`],
        ['best fib(22)', `${best.toFixed(1)} ms`],
        ['executions before full speed (within 25 %)', String(atSpeed)],
      ],
    ),
  );
  return { readyMs: ready, deployMs: deploy, timesMs: times };
}
