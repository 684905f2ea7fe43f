// A deterministic host comes to the same in a browser's page as in Node: output, times, order and counts.
import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type * as Gazelle from '../../host/core/index';
import { createHost } from '../../host/node/index';
import { hasBrowser, PlaygroundBrowser } from './browser';

/** Runs in both: nothing but its arguments is in reach. */
async function simulate(create: typeof Gazelle.createHost) {
  const host = await create({ deterministic: { seed: 'both', epochMs: 1e12 }, training: false });
  const source = `
    #include <gazelle.h>
    #include <stdio.h>
    #include <math.h>
    int main(int argc, char **argv) {
      unsigned char r;
      for (int i = 0; i < 5; i++) {
        gazelle_random(&r, 1);
        gazelle_sleep(r * 1000000LL);
        printf("%d %lld %.17g\\n", r, gazelle_clock(0), sin(r) * exp(r / 50.0));
      }
      return r;
    }`;
  const capabilities = ['clock', 'random', 'sleep'];
  const c = await host.deploy({ name: 'c', language: 'c', source, capabilities });
  const lua = await host.deploy({
    name: 'lua',
    language: 'lua',
    source: 'local t = {} for i = 1, 2000 do t[i] = tostring(i * 0.1) end return #table.concat(t), t[77]',
  });
  const order: number[] = [];
  const calls = [c.execute(), lua.execute(), c.execute(), c.execute(), lua.execute()];
  const results = await Promise.all(
    calls.map(async (call, index) => {
      const { status, values, stdout, usage } = await call;
      order.push(index);
      return { status, values, stdout, usage };
    }),
  );
  await host.close();
  return { order, results };
}

/** The package's export for browsers, with what it imports. */
async function serveBundle(page: Page): Promise<void> {
  const { outputFiles } = buildSync({
    entryPoints: ['dist/browser.js'],
    bundle: true,
    format: 'esm',
    write: false,
    // Fengari's configuration names it, for Node on Windows.
    external: ['os'],
    define: { 'process.env.FENGARICONF': 'undefined', 'process.platform': '"browser"' },
  });
  const body = Buffer.from(outputFiles[0]!.contents);
  await page.route('**/gazelle.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
}

test('a simulation comes to the same bytes in a page as in Node', async () => {
  if (!hasBrowser('a deterministic host in a page')) return;
  const browser = await PlaygroundBrowser.launch();
  try {
    const page = await browser.open();
    await serveBundle(page);
    const inPage = await page.evaluate(`
      import('/gazelle.js').then(({ createHost }) => (${simulate.toString()})(createHost)).then(JSON.stringify)`);
    assert.is(inPage, JSON.stringify(await simulate(createHost)));
    assert.equal([...browser.complaints], []);
  } finally {
    await browser.close();
  }
});

test.run();
