// Worker threads of a page, in a real browser: the same results and counts as without, neighbours and the page go on, and a page
// without shared memory is told what it lacks.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSync } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type * as Gazelle from '../../../host/page/index';
import { CHROMIUM, hasBrowser, SWITCHES } from '../../playground/browser';

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

let server: Server;
let origin: string;
let browser: Browser | undefined;

test.before(async () => {
  if (!hasBrowser('workers of a page')) return;
  const scripts: Record<string, Buffer> = {
    '/gazelle.js': bundle('dist/browser.js'),
    '/worker.js': bundle('dist/page-worker.js'),
  };
  server = createServer(({ url }, response) => {
    const script = scripts[url!];
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response
      .writeHead(200, { 'Content-Type': type, ...(url === '/plain' ? {} : ISOLATED) })
      .end(script ?? '<!doctype html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: SWITCHES });
});
test.after(async () => {
  await browser?.close();
  server?.close();
});

/** What a bundler makes of one of the package's exports. */
function bundle(entry: string): Buffer {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    write: false,
    // Fengari's configuration names it, for Node on Windows.
    external: ['os'],
    define: { 'process.env.FENGARICONF': 'undefined', 'process.platform': '"browser"' },
  });
  return Buffer.from(outputFiles[0]!.contents);
}

/** Runs `work` in a page, with what `gazelle/browser` exports and a way to start workers. */
async function inPage<T>(
  path: string,
  work: (gazelle: typeof Gazelle, start: Gazelle.StartWorker, made: Worker[]) => Promise<T>,
): Promise<T> {
  const page: Page = await browser!.newPage();
  try {
    page.setDefaultTimeout(60_000);
    await page.goto(origin + path);
    return (await page.evaluate(`import('/gazelle.js').then((gazelle) => {
      const made = [];
      const start = gazelle.pageWorkers(() => {
        made.push(new Worker('/worker.js', { type: 'module' }));
        return made.at(-1);
      });
      return (${work.toString()})(gazelle, start, made);
    })`)) as T;
  } finally {
    await page.close();
  }
}

test('calls come to the same with workers as without', async () => {
  if (browser === undefined) return;
  const outcomes = await inPage('/isolated', async ({ createHost }, startWorker, made) => {
    const outcomes: unknown[] = [];
    for (const workers of [0, 2]) {
      const host = await createHost({ workers, startWorker, training: false, sliceInstructions: 5000 });
      await host.startWorkers();
      const lua = await host.deploy({
        name: 'lua',
        language: 'lua',
        source: `local t = {} for i = 1, 3000 do t[i % 90] = i .. "x" if i % 500 == 0 then print(#t, t[7]) end end
          local words = ("word "):rep(500)
          return load("return '" .. words .. "'")() == words, t[8]`,
      });
      const c = await host.deploy({
        name: 'c',
        language: 'c',
        source: `#include <stdio.h>
          int main(void) { unsigned s = 0; for (unsigned i = 0; i < 300000; i++) s = s * 31 + i; printf("%u\\n", s); return 3; }`,
      });
      const results = await Promise.all([lua, c, lua, c].map((fn) => fn.execute()));
      outcomes.push(
        results.map(({ status, values, stdout, exitCode, usage: { wallTimeMs, startTimeMs, ...counted } }) => {
          return { status, values, stdout, exitCode, counted };
        }),
      );
      await host.close();
    }
    return { outcomes, workers: made.length };
  });
  const [alone, beside] = outcomes.outcomes as [{ status: string; values: unknown }[], unknown];
  assert.equal([alone[0]!.status, alone[0]!.values], ['ok', [true, '2978x']]);
  assert.is(alone[1]!.status, 'ok');
  assert.equal(beside, alone);
  assert.ok(outcomes.workers >= 3, 'two that take turns, and one or two that compile');
});

test('endless loops in workers leave the page and a neighbour alone', async () => {
  if (browser === undefined) return;
  const { ticks, values, status } = await inPage('/isolated', async ({ createHost }, startWorker) => {
    const host = await createHost({ workers: 2, startWorker, training: false });
    await host.startWorkers();
    const limits = { instructions: 1e12, wallTimeMs: 1e6 };
    const loop = await host
      .tenant('hostile')
      .deploy({ name: 'loop', language: 'lua', source: 'while true do end', limits });
    const loops = [1, 2, 3, 4, 5, 6].map(() => loop.execute());
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const neighbour = await host.deploy({
      name: 'good',
      language: 'lua',
      source: 'local s = 0 for i = 1, ... do s = s + i end return s',
    });
    const values: unknown[] = [];
    for (let call = 0; call < 20; call++) values.push((await neighbour.execute(100_000)).value);
    clearInterval(timer);
    const { status } = loops[0]!;
    for (const execution of loops) execution.cancel();
    await Promise.all(loops);
    await host.close();
    return { ticks, values, status };
  });
  assert.equal(values, Array(20).fill(5_000_050_000));
  assert.is(status, 'running');
  assert.ok(ticks > 0, 'the page had its turns');
});

test('a page without shared memory is told what it lacks, and has hosts without workers', async () => {
  if (browser === undefined) return;
  const told = await inPage('/plain', async ({ createHost, HostError }, startWorker) => {
    const refusal = await createHost({ workers: 1, startWorker, training: false }).catch((error: unknown) => error);
    const host = await createHost({ training: false });
    const { value } = await host.run({ language: 'lua', source: 'return 6 * 7' });
    await host.close();
    const { code, message } = refusal as Gazelle.HostError;
    return [refusal instanceof HostError, code, message.includes('Cross-Origin-Opener-Policy'), value];
  });
  assert.equal(told, [true, 'host.shared_memory', true, 42]);
});

test('a worker whose script is not there fails the calls that it would have had, and no other', async () => {
  if (browser === undefined) return;
  const outcome = await inPage('/isolated', async ({ createHost, pageWorkers }) => {
    const startWorker = pageWorkers(() => new Worker('data:text/javascript,throw new Error("no machine here")'));
    const host = await createHost({ workers: 1, startWorker, training: false });
    const refused = await host
      .deploy({ name: 'f', language: 'lua', source: 'return 1' })
      .catch((error: { code: string; message: string }) => [error.code, error.message.includes('no machine here')]);
    await host.close();
    return refused;
  });
  assert.equal(outcome, ['deploy.compile', true]);
});

test.run();
