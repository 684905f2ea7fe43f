// In a real browser: the playground as the server serves it, under its policy; and the client in a page, which its own
// server lets in and another does not.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Server, startServer } from '../../../host/node/server/index';
import { CHROMIUM, hasBrowser, SWITCHES, statusAtEnd } from '../../playground/browser';

const folder = mkdtempSync(join(tmpdir(), 'gazelle-page-'));
copyFileSync('dist/page/client.js', join(folder, 'client.js'));
writeFileSync(
  join(folder, 'index.html'),
  '<!doctype html><link rel="icon" href="data:,"><title>a page with the client</title>',
);

let browser: Browser | undefined;
const servers: Server[] = [];
test.before(async () => {
  if (hasBrowser('the client in a page, and the playground as it is served')) {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: SWITCHES });
  }
});
test.after(async () => {
  await browser?.close();
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

async function serve(pages: string): Promise<Server> {
  const server = await startServer({ port: 0, pages });
  servers.push(server);
  return server;
}

/** A page, and what it complained of. */
async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser!.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** In the page: connects to `url`, deploys a function and calls it. */
async function callFrom(page: Page, url: string): Promise<string> {
  return page.evaluate(
    async ([address, module]) => {
      const { connect } = await import(module!);
      try {
        const client = await connect(address);
        const source = 'print("from a page") return #..., "\\xff"';
        const fn = await client.deploy({ name: 'paged', language: 'lua', source });
        const { values, stdout } = await fn.execute(new Uint8Array([255, 0, 1]));
        await client.close();
        return JSON.stringify([values, stdout]);
      } catch (error) {
        return (error as { code: string }).code;
      }
    },
    [url, '/client.js'],
  );
}

test('the playground works as it is served', async () => {
  if (browser === undefined) return;
  const server = await serve('dist/playground');
  const { page, complaints } = await open(`${server.address}/#sieve-lua`);
  await page.locator('body[data-state=ready]').waitFor();
  await page.locator('#run').click();
  assert.ok((await statusAtEnd(page)).length > 0);
  assert.match(await page.locator('#value').innerText(), /\d+/);
  assert.equal(complaints, []);
});

test('the client works in a page of its own server, and in no other', async () => {
  if (browser === undefined) return;
  const [own, other] = [await serve(folder), await serve(folder)];
  const { page, complaints } = await open(own.address);
  assert.is(await callFrom(page, own.url), JSON.stringify([[3, { base64: '/w==' }], 'from a page\n']));
  assert.equal(complaints, []);
  // The page's policy forbids it here; a page without one is refused by the server.
  assert.is(await callFrom(page, other.url), 'connection.failed');
  const { page: free } = await open('about:blank');
  const outcome = free.evaluate(
    (url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url, 'gazelle.v1');
        socket.onopen = () => resolve('open');
        socket.onclose = () => resolve('closed');
      }),
    own.url,
  );
  assert.is(await outcome, 'closed');
  assert.is(own.connectionCount, 0);
  assert.equal(other.host.list(), []);
});

test.run();
