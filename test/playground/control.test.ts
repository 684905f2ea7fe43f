// A function that does not end by itself: a limit ends it, or the Stop button, and the page answers meanwhile. A worker
// that does not answer is replaced.
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasBrowser, PlaygroundBrowser, statusAtEnd, typeSource } from './browser';

let browser: PlaygroundBrowser | undefined;
let page: Page | undefined;

/** A page whose machine shared its thread would be away until the function ends: for ever. */
const LONGEST_PAUSE_MS = 100;

test.before(async () => {
  if (hasBrowser('stopping functions in the playground')) browser = await PlaygroundBrowser.launch();
});
test.after(async () => {
  if (browser === undefined) return;
  await browser.close();
  assert.equal([...browser.complaints], []);
});

const ENDLESS = [
  { language: 'lua', source: 'local n = 0\nwhile true do n = n + 1 end\n', line: 2 },
  { language: 'c', source: 'int main(void) {\n  for (;;) {}\n}\n', line: 2 },
  { language: 'sm', source: 'func main() -> i32\nagain:\n  br again\nend\n', line: 3 },
];

async function setLimit(page: Page, id: string, value: number): Promise<void> {
  await page.locator('details').evaluate((details) => details.setAttribute('open', ''));
  await page.locator(id).fill(String(value));
}

/** How long the page's event loop was away, in the middle of so many turns: one alone says more of the machine's load. */
function medianPause(page: Page, turns = 60): Promise<number> {
  return page.evaluate(async (count) => {
    const pauses: number[] = [];
    for (let last = performance.now(); pauses.length < count; ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const now = performance.now();
      pauses.push(now - last);
      last = now;
    }
    return pauses.sort((a, b) => a - b)[count >> 1]!;
  }, turns);
}

/** One page for all tests of functions: they leave it as it was. */
async function openPage(example: string, source: string): Promise<Page> {
  page ??= await browser!.open();
  await page.locator('#language').selectOption(example.split('-')[1]!);
  await page.locator('#example').selectOption(example);
  await typeSource(page, source);
  return page;
}

for (const { language, source, line } of ENDLESS) {
  test(`an endless loop in ${language} is ended by its limit, at its line`, async () => {
    if (browser === undefined) return;
    const page = await openPage(`sieve-${language}`, source);
    await setLimit(page, '#limit-instructions', 3_000_000);
    await page.locator('#run').click();
    assert.match(await statusAtEnd(page), /^limit: instructions, 3,000,0\d\d instructions/);
    assert.match(await page.locator('#failure').innerText(), /limit\.instructions[\s\S]*limit 3,000,000, used 3,000,0/);
    assert.is(await page.locator('.fill.full').count(), 1);
    await page.locator('.stack .link').first().click();
    assert.is(await page.locator('.marked-line').innerText(), source.split('\n')[line - 1]);
  });

  test(`an endless loop in ${language} is stopped by hand, and the page answers meanwhile`, async () => {
    if (browser === undefined) return;
    const page = await openPage(`sieve-${language}`, source);
    await setLimit(page, '#limit-instructions', 1e15);
    await setLimit(page, '#limit-wall-time', 1e9);
    await page.locator('#run').click();
    const pause = await medianPause(page);
    assert.ok(pause < LONGEST_PAUSE_MS, `the page was away for ${pause} ms`);
    assert.is(await page.locator('body').getAttribute('data-state'), 'running');
    await typeSource(page, `${source}\n`);
    assert.ok((await page.locator('.cm-line').count()) > source.split('\n').length, 'one can write meanwhile');
    await page.locator('#stop').click();
    // Not 'stopped': the machine itself has ended it.
    assert.match(await statusAtEnd(page), /^cancelled, [\d,]{9,} instructions/);
  });
}

test('output is there while the function still runs, and stays when it is stopped', async () => {
  if (browser === undefined) return;
  const page = await openPage('sieve-lua', 'print("first") print("second") while true do end');
  await setLimit(page, '#limit-instructions', 1e15);
  await setLimit(page, '#limit-wall-time', 1e9);
  await page.locator('#run').click();
  await page.locator('.stdout', { hasText: 'second' }).waitFor();
  assert.is(await page.locator('body').getAttribute('data-state'), 'running');
  await page.locator('#stop').click();
  assert.match(await statusAtEnd(page), /^cancelled/);
  assert.is(await page.locator('#output-text').innerText(), 'first\nsecond\n');
});

test('memory and wall time end a run too', async () => {
  if (browser === undefined) return;
  const page = await openPage('sieve-lua', 'local t = {} for i = 1, 1e9 do t[i] = i end');
  await setLimit(page, '#limit-instructions', 1e15);
  await setLimit(page, '#limit-wall-time', 60_000);
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^limit: memory/);
  await typeSource(page, 'while true do end');
  await setLimit(page, '#limit-wall-time', 300);
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^limit: wall_time/);
});

test('a flood of output is shown in part, and the page answers meanwhile', async () => {
  if (browser === undefined) return;
  const page = await openPage('sieve-lua', 'while true do print("line after line after line") end');
  await setLimit(page, '#limit-instructions', 1e12);
  await setLimit(page, '#limit-wall-time', 60_000);
  await page.locator('#run').click();
  const pause = await medianPause(page);
  assert.ok(pause < LONGEST_PAUSE_MS, `the page was away for ${pause} ms`);
  assert.match(await statusAtEnd(page), /^limit: output_bytes/);
  const { length } = await page.locator('#output-text').innerText();
  assert.ok(length > 200_000 && length <= 262_144, `${length} characters shown`);
  assert.match(await page.locator('#output-note').innerText(), /15\.8 MiB more/);
});

test('a worker that does not answer is replaced, and the next run works', async () => {
  if (browser === undefined) return;
  const page = await browser.open('fib-sm');
  page
    .workers()[0]!
    .evaluate('for (;;) {}')
    .catch(() => {});
  await page.locator('#run').click();
  assert.ok((await medianPause(page)) < LONGEST_PAUSE_MS);
  await page.locator('#stop').click();
  assert.is(await statusAtEnd(page), 'stopped');
  assert.match(await page.locator('#failure').innerText(), /did not answer, so it was replaced/);
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^ok/);
  await page.context().close();
});

test.run();
