// Worker threads of a page, in a real browser: the same results and counts as without, neighbours and the page go on, and a page
// without shared memory is told what it lacks.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { build, type Rollup } from 'vite';
import type * as Gazelle from '../../../host/page/index';
import { CHROMIUM, hasBrowser, SWITCHES } from '../../playground/browser';

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What Vite makes of a page of its users. */
const bundled = new Map<string, string | Uint8Array>();
let server: Server;
let origin: string;
let browser: Browser | undefined;

test.before(async () => {
  if (!hasBrowser('workers of a page')) return;
  const scripts: Record<string, Buffer> = {
    '/gazelle.js': bundle('dist/browser.js'),
    '/worker.js': bundle('dist/page-worker/index.js'),
    // As it is in the package, beside gazelle.js: where the page's createHost looks for it.
    '/page-worker/index.js': readFileSync('dist/page-worker/index.js'),
  };
  server = createServer(({ url }, response) => {
    const script = scripts[url!] ?? bundled.get(url!);
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

test('a page whose workers cannot be started does their work itself', async () => {
  if (browser === undefined) return;
  const values = await inPage('/isolated', async ({ createHost, pageWorkers }) => {
    const wrong = [
      () => new Worker('/missing.js', { type: 'module' }),
      () => new Worker('data:text/javascript,throw new Error("no machine here")'),
      () => new Worker('http://elsewhere.example/worker.js', { type: 'module' }),
    ];
    const values: unknown[] = [];
    for (const create of wrong) {
      const host = await createHost({ workers: 1, startWorker: pageWorkers(create), training: false });
      await host.startWorkers();
      const source = `local s = 0 for i = 1, 300000 do s = s + i end return load("return '" .. ("x"):rep(3000) .. "'")():len() + s`;
      values.push((await host.run({ language: 'lua', source })).value);
      await host.close();
    }
    return values;
  });
  assert.equal(values, Array(3).fill(45_000_153_000));
});

test('a page starts its threads by itself: those that compile without shared memory and without being asked', async () => {
  if (browser === undefined) return;
  for (const [path, workers] of [
    ['/plain', 0],
    ['/isolated', 2],
  ] as const) {
    const page = await browser.newPage();
    try {
      await page.goto(origin + path);
      const value = await page.evaluate(`import('/gazelle.js').then(async ({ createHost }) => {
        const host = await createHost({ workers: ${workers}, training: false });
        await host.startWorkers();
        const source = \`return load("return '" .. ("x"):rep(200000) .. "'")():len()\`;
        const { value } = await host.run({ language: 'lua', source });
        globalThis.host = host;
        return value;
      })`);
      assert.is(value, 200_000);
      // One compiles what is deployed, one what is loaded.
      assert.is(page.workers().length, workers + 2);
      assert.ok(page.workers().every((worker) => worker.url() === `${origin}/page-worker/index.js`));
      const ended = Promise.all(page.workers().map((worker) => worker.waitForEvent('close')));
      await page.evaluate('host.close()');
      await ended;
      assert.is(page.workers().length, 0);
    } finally {
      await page.close();
    }
  }
});

test('a bundler takes the script of the threads along', async () => {
  if (browser === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'gazelle-page-'));
  try {
    writeFileSync(join(folder, 'page.js'), `export { createHost } from 'gazelle/browser';`);
    const output = (await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      base: '/',
      resolve: { alias: { 'gazelle/browser': resolve('dist/browser.js'), os: resolve('playground/no-module.ts') } },
      build: {
        write: false,
        minify: false,
        rollupOptions: {
          input: join(folder, 'page.js'),
          preserveEntrySignatures: 'strict',
          output: { entryFileNames: 'page.js' },
        },
      },
    })) as Rollup.RollupOutput;
    for (const file of output.output) {
      bundled.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const page = await browser.newPage();
  try {
    await page.goto(`${origin}/isolated`);
    const value = await page.evaluate(`import('/page.js').then(async ({ createHost }) => {
      globalThis.host = await createHost({ workers: 1, training: false });
      await host.startWorkers();
      return (await host.run({ language: 'lua', source: 'local s = 0 for i = 1, 300000 do s = s + i end return s' })).value;
    })`);
    assert.is(value, 45_000_150_000);
    assert.is(page.workers().length, 2);
    assert.ok(page.workers().every((worker) => bundled.has(new URL(worker.url()).pathname)));
  } finally {
    await page.close();
  }
});

test('the page and a neighbour have their turns while a large text is compiled', async () => {
  if (browser === undefined) return;
  const events = await inPage('/plain', async ({ createHost }, startWorker) => {
    // What threads say is held back from when the text is on its way until the others have had their turns.
    let open = () => {};
    let gate = Promise.resolve();
    const start: Gazelle.StartWorker = (options) => {
      const thread = startWorker(options);
      return { ...thread, listen: (receive) => thread.listen((message) => void gate.then(() => receive(message))) };
    };
    const host = await createHost({ startWorker: start, training: false });
    const loads = await host.deploy({
      name: 'loads',
      language: 'lua',
      source: `local lines = {}
        for i = 1, 4000 do lines[i] = "t[#t + 1] = 'a line of the text, number " .. i .. "'" end
        return #load("local t = {} " .. table.concat(lines, "\\n") .. " return t")()`,
    });
    const neighbour = await host.deploy({
      name: 'neighbour',
      language: 'lua',
      source: 'local s = 0 for i = 1, 100000 do s = s + i end return s',
    });
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const events: unknown[] = [];
    const loading = loads.execute();
    void loading.then(({ value }) => events.push(value));
    while (loading.status !== 'waiting') await new Promise((resolve) => setTimeout(resolve));
    for (let round = 0; round < 3; round++) {
      events.push((await neighbour.execute()).value);
      await new Promise((resolve) => setTimeout(resolve));
      events.push('timer');
    }
    open();
    await loading;
    await host.close();
    return events;
  });
  assert.equal(events, [5_000_050_000, 'timer', 5_000_050_000, 'timer', 5_000_050_000, 'timer', 4000]);
});

test('deterministic hosts come to the same bytes and times in pages, whatever threads there are', async () => {
  if (browser === undefined) return;
  const outcomes = await inPage('/isolated', async ({ createHost }, startWorker) => {
    const outcomes: string[] = [];
    for (const options of [{ startWorker: null }, { startWorker }, { startWorker, workers: 2 }]) {
      const host = await createHost({ ...options, deterministic: { seed: 3 }, training: false });
      const fn = await host.deploy({
        name: 'f',
        language: 'lua',
        capabilities: ['clock', 'random'],
        source: `local n = ... local s = 0 for i = 1, n * 50000 do s = s + i end print(os.time(), math.random(1000000))
          return load("return '" .. ("x"):rep(n * 2000) .. "'")(), s`,
      });
      const order: number[] = [];
      const results = await Promise.all(
        [3, 1, 2].map(async (n) => {
          const result = await fn.execute(n);
          order.push(n);
          return result;
        }),
      );
      outcomes.push(JSON.stringify([order, results]));
      await host.close();
    }
    return outcomes;
  });
  assert.ok(outcomes[0]!.includes('"ok"'));
  assert.equal(outcomes, Array(3).fill(outcomes[0]));
});

test.run();
