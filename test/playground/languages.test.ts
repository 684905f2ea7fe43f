// Each language runs in the page and shows its result; errors lead to their lines; the compiler speaks while one types.
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasBrowser, PlaygroundBrowser, statusAtEnd, typeSource } from './browser';

let browser: PlaygroundBrowser | undefined;

test.before(async () => {
  if (hasBrowser('languages in the playground')) browser = await PlaygroundBrowser.launch();
});
test.after(async () => {
  if (browser === undefined) return;
  await browser.close();
  assert.equal([...browser.complaints], []);
});

/** A test with a page that has an example open. */
function testOn(example: string, name: string, body: (page: Page) => Promise<void>): void {
  test(name, async () => {
    if (browser === undefined) return;
    const page = await browser.open(example);
    await body(page);
    await page.context().close();
  });
}

const SHOWN = [
  { language: 'lua', example: 'sieve-lua', text: '#value' },
  { language: 'c', example: 'collatz-c', text: '#output-text' },
  { language: 'sm', example: 'fib-sm', text: '#value' },
];
const EXPECTED: Readonly<Record<string, RegExp>> = {
  lua: /Value number\s+\d+/,
  c: /^2919$/,
  sm: /Value number\s+6765/,
};

for (const { language, example, text } of SHOWN) {
  testOn(example, `runs ${language} and shows what came of it`, async (page) => {
    assert.is(await page.locator('#language').inputValue(), language);
    await page.locator('#run').click();
    assert.match(await statusAtEnd(page), /^ok, [\d,]+ instructions/);
    assert.match((await page.locator(text).innerText()).trim(), EXPECTED[language]!);
    assert.is(await page.locator('[role=meter]').count(), 5);
    assert.ok((await page.locator('.cm-line [class*=tok-]').count()) > 10, 'the source has colours');
  });
}

testOn('sieve-lua', 'goes from one language to another and back, and keeps what was written', async (page) => {
  await typeSource(page, 'return "mine"');
  await page.locator('#language').selectOption('c');
  assert.match(await page.locator('#file-name').innerText(), /\.c$/);
  await page.locator('#language').selectOption('lua');
  await page.locator('#example').selectOption('sieve-lua');
  assert.is(await page.locator('.cm-content').innerText(), 'return "mine"');
  await page.locator('#restore').click();
  assert.match(await page.locator('.cm-content').innerText(), /^-- /);
  assert.not.ok(await page.locator('#restore').isVisible());
});

testOn('sieve-lua', 'runs by Ctrl+Enter with an argument of one’s own, and streams both outputs', async (page) => {
  await typeSource(page, 'local who = ... print("hello", who.name) error({ code = 7 })');
  await page.locator('#argument').fill('{ "name": "Ada" }');
  assert.is(await page.locator('#sample').inputValue(), 'own');
  await page.locator('#argument').press('Control+Enter');
  assert.match(await statusAtEnd(page), /^error/);
  assert.match(await page.locator('.stdout').innerText(), /hello\s+Ada/);
  assert.match(await page.locator('#failure').innerText(), /guest_error\s[\s\S]*"code": 7/);
});

testOn('sieve-lua', 'indents by Tab, and lets the keyboard leave the editor by Escape and Tab', async (page) => {
  await typeSource(page, 'print(1)');
  await page.keyboard.press('Home');
  await page.keyboard.press('Tab');
  assert.is(await page.locator('.cm-content').innerText(), '  print(1)');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.not.ok(await page.locator('.cm-content').evaluate((content) => content === document.activeElement));
});

testOn('sieve-lua', 'says what is wrong with an argument, and runs nothing', async (page) => {
  await page.locator('#argument').fill('{ name }');
  await page.locator('#run').click();
  assert.match(await page.locator('#argument-error').innerText(), /not JSON/);
  await page.locator('#argument-kind').selectOption('args');
  await page.locator('#argument').fill('[1]');
  await page.locator('#run').click();
  assert.match(await page.locator('#argument-error').innerText(), /list of strings/);
  assert.is(await page.locator('#usage').innerText(), '');
});

testOn('collatz-c', 'shows a compile error at its line while one types, and refuses to run it', async (page) => {
  await typeSource(page, 'int main(void) {\n  int é = 1;\n  return 0;\n}\n');
  await typeSource(page, 'int main(void) {\n  return missing;\n}\n');
  await page.locator('#problems li').waitFor();
  assert.match(await page.locator('#problems li').innerText(), /^2:10: error: /);
  assert.is(await page.locator('.cm-line:nth-of-type(2) .cm-lintRange-error').innerText(), 'missing');
  assert.is(await page.locator('.cm-lint-marker-error').count(), 1);
  await page.locator('#problems .link').click();
  assert.is(await page.locator('.marked-line').innerText(), '  return missing;');
  await page.locator('#run').click();
  assert.is(await statusAtEnd(page), 'not run');
  assert.match(await page.locator('#failure').innerText(), /does not compile/);
});

testOn('collatz-c', 'places a compile error by bytes, whatever is in front of it', async (page) => {
  await typeSource(page, 'int main(void) {\n  char *s = "äöü€😀"; return missing;\n}\n');
  await page.locator('.cm-lintRange-error').waitFor();
  assert.is(await page.locator('.cm-lintRange-error').first().innerText(), 'missing');
});

testOn('collatz-c', 'marks the source line of a stack’s line that is clicked', async (page) => {
  const lines = ['int half(int x) {', '  return 1 / x;', '}', 'int main(void) {', '  return half(0);', '}'];
  await typeSource(page, lines.join('\n'));
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^error/);
  const frames = page.locator('.stack .link');
  assert.match(await frames.first().innerText(), /collatz-c\.c:2: in half/);
  await frames.first().click();
  assert.is(await page.locator('.marked-line').innerText(), lines[1]);
  await frames.nth(1).click();
  assert.is(await page.locator('.marked-line').innerText(), lines[4]);
});

testOn('fib-sm', 'shows the disassembly, and follows what is typed', async (page) => {
  await page.locator('#tab-bytecode').click();
  await page.waitForFunction(() => document.querySelector('#bytecode-text')!.textContent!.includes('fib'));
  await typeSource(
    page,
    'func main(n: i32) -> i32\n  n call twice\nend\nfunc twice(n: i32) -> i32\n  n n i32.add\nend\n',
  );
  await page.waitForFunction(() => document.querySelector('#bytecode-text')!.textContent!.includes('twice'));
  await page.locator('#tab-bytecode').press('ArrowLeft');
  assert.ok(await page.locator('#result').isVisible());
  assert.not.ok(await page.locator('#bytecode').isVisible());
});

testOn('collatz-c', 'gives a function the capabilities that are ticked, and no others', async (page) => {
  await typeSource(page, '#include <time.h>\nint main(void) { return time(0) > 1000; }');
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^error/);
  assert.match(await page.locator('#failure').innerText(), /capability_denied/);
  await page.locator('summary').click();
  await page.getByLabel('clock').check();
  await page.locator('#run').click();
  assert.match(await statusAtEnd(page), /^ok/);
});

test.run();
