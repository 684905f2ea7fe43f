// How the page looks and keeps its promises: screenshots for people to look at (in .build/screenshots/), no overflow, names
// for everything, nothing loaded from elsewhere, nothing that its policy forbids.
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasBrowser, PlaygroundBrowser, statusAtEnd, typeSource } from './browser';

const FOLDER = '.build/screenshots';
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const FAULTY = 'local function half(x)\n  return x / nothing\nend\nprint("begins")\nreturn half(1)\n';

let browser: PlaygroundBrowser | undefined;

test.before(async () => {
  mkdirSync(FOLDER, { recursive: true });
  if (hasBrowser('the looks of the playground')) browser = await PlaygroundBrowser.launch();
});
test.after(() => browser?.close());

for (const [device, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`fits on a ${device} in ${colorScheme} colours`, async () => {
      if (browser === undefined) return;
      const page = await browser.open('rule-engine', { viewport, colorScheme });
      await page.locator('#run').click();
      assert.match(await statusAtEnd(page), /^ok/);
      await screenshot(page, `${device}-${colorScheme}-result`);
      await typeSource(page, FAULTY);
      await page.keyboard.press('Control+Enter');
      assert.match(await statusAtEnd(page), /^error/);
      await page.locator('.stack button').first().click();
      await screenshot(page, `${device}-${colorScheme}-error`);
      await page.locator('#language').selectOption('c');
      await page.locator('#example').selectOption('crc32-c');
      await page.locator('details').evaluate((details) => details.setAttribute('open', ''));
      await page.locator('.cm-content').click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.insertText('int first = missing;\n');
      await page.locator('#problems li').waitFor();
      await screenshot(page, `${device}-${colorScheme}-compile-error`);
      await page.keyboard.press('Control+Z');
      await page.locator('#problems:empty').waitFor({ state: 'attached' });
      await page.locator('#tab-bytecode').click();
      await page.locator('#bytecode-text:not(:empty)').waitFor();
      await screenshot(page, `${device}-${colorScheme}-disassembly`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await page.context().close();
    });
  }
}

async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true });
}

test('every control has a name', async () => {
  if (browser === undefined) return;
  const page = await browser.open();
  await page.locator('summary').click();
  for (const control of await page.locator('button, select, input, textarea, .cm-content').all()) {
    if (!(await control.isVisible())) continue;
    const label = await control.evaluate((element) => {
      const { labels, innerText } = element as HTMLInputElement;
      return element.getAttribute('aria-label') ?? labels?.[0]?.innerText ?? innerText;
    });
    assert.ok(label?.trim(), await control.evaluate((element) => element.outerHTML));
  }
  await page.context().close();
});

test('the page has its policy, and nothing was refused, failed or loaded from elsewhere', async () => {
  if (browser === undefined) return;
  const page = await browser.open();
  const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
  assert.match(policy!, /default-src 'none'/);
  assert.not.match(policy!, /eval|script-src[^;]*unsafe/);
  assert.equal([...browser.complaints], []);
});

test.run();
