// A function that does not end by itself: a limit ends it, or the Stop button, and the page answers meanwhile. A worker
// that does not answer is replaced.
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasBrowser, PlaygroundBrowser, statusAtEnd, typeSource } from './browser';

let browser: PlaygroundBrowser | undefined;

test.before(async () => {
  if (hasBrowser('stopping functions in the playground')) browser = await PlaygroundBrowser.launch();
});
test.after(async () => {
  if (browser === undefined) return;
  await browser.close();
  assert.equal(browser.complaints, []);
});

const ENDLESS = [
  { language: 'lua', example: 'sieve-lua', source: 'local n = 0\nwhile true do n = n + 1 end\n', line: 2 },
  { language: 'c', example: 'sieve-c', source: 'int main(void) {\n  for (;;) {}\n}\n', line: 2 },
  { language: 'sm', example: 'sieve-sm', source: 'func main() -> i32\nagain:\n  br again\nend\n', line: 3 },
];

async function setLimit(page: Page, id: string, value: number): Promise<void> {
  await page.locator('details').evaluate((details) => details.setAttribute('open', ''));
  await page.locator(id).fill(String(value));
}

/** The longest time that the page's event loop was away in the next `milliseconds`. */
function longestPause(page: Page, milliseconds: number): Promise<number> {
  return page.evaluate(async (duration) => {
    const start = performance.now();
    let longest = 0;
    for (let last = start; last - start < duration; ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  }, milliseconds);
}

for (const { language, example, source, line } of ENDLESS) {
  test(`an endless loop in ${language} is ended by its limit, at its line`, async () => {
    if (browser === undefined) return;
    const page = await browser.open(example);
    await typeSource(page, source);
    await setLimit(page, '#limit-instructions', 3_000_000);
    await page.locator('#run').click();
    assert.match(await statusAtEnd(page), /^limit: instructions, 3,000,0\d\d instructions/);
    assert.match(await page.locator('#failure').innerText(), /limit\.instructions/);
    assert.is(await page.locator('.fill.full').count(), 1);
    await page.locator('.stack .link').first().click();
    assert.is(await page.locator('.marked-line').innerText(), source.split('\n')[line - 1]);
    await page.context().close();
  });

  test(`an endless loop in ${language} is stopped by hand, and the page answers meanwhile`, async () => {
    if (browser === undefined) return;
    const page = await browser.open(example);
    await typeSource(page, source);
    await setLimit(page, '#limit-instructions', 1e15);
    await setLimit(page, '#limit-wall-time', 1e9);
    await page.locator('#run').click();
    const pause = await longestPause(page, 1000);
    assert.ok(pause < 250, `the page was away for ${pause} ms`);
    assert.is(await page.locator('body').getAttribute('data-state'), 'running');
    await typeSource(page, `${source}\n`);
    const start = Date.now();
    await page.locator('#stop').click();
    assert.match(await statusAtEnd(page), /^cancelled, [\d,]{9,} instructions/);
    assert.ok(Date.now() - start < 900, 'the machine itself has stopped it');
    await page.context().close();
  });
}

test('memory and wall time end a run too', async () => {
  if (browser === undefined) return;
  const page = await browser.open('sieve-lua');
  await typeSource(page, 'local t = {} for i = 1, 1e9 do t[i] = i end');
  await setLimit(page, '#limit-instructions', 1e15);
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^limit: memory/);
  await typeSource(page, 'while true do end');
  await setLimit(page, '#limit-wall-time', 300);
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^limit: wall_time/);
  await page.context().close();
});

test('a flood of output is shown in part, and the page answers meanwhile', async () => {
  if (browser === undefined) return;
  const page = await browser.open('sieve-lua');
  await typeSource(page, 'while true do print("line after line after line") end');
  await setLimit(page, '#limit-instructions', 1e12);
  await page.locator('#run').click();
  const pause = await longestPause(page, 500);
  assert.ok(pause < 400, `the page was away for ${pause} ms`);
  assert.match(await statusAtEnd(page), /^limit: output_bytes/);
  const { length } = await page.locator('#output-text').innerText();
  assert.ok(length > 200_000 && length <= 262_144, `${length} characters shown`);
  assert.match(await page.locator('#output-note').innerText(), /15\.8 MiB more/);
  await page.context().close();
});

test('a worker that does not answer is replaced, and the next run works', async () => {
  if (browser === undefined) return;
  const page = await browser.open('fib-sm');
  page
    .workers()[0]!
    .evaluate('for (;;) {}')
    .catch(() => {});
  await page.locator('#run').click();
  assert.ok((await longestPause(page, 300)) < 250);
  await page.locator('#stop').click();
  assert.is(await statusAtEnd(page), 'stopped');
  assert.match(await page.locator('#failure').innerText(), /did not answer, so it was replaced/);
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^ok/);
  await page.context().close();
});

test.run();
