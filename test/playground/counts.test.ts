// The same machine: every function of functions/, called in the page with each of its samples, comes to the same result
// with the same number of instructions as in Node.
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, readFunctionFolders } from '../../host/node/index';
import { hasBrowser, PlaygroundBrowser } from './browser';

/** Status and instructions of one call. */
interface Outcome {
  readonly call: string;
  readonly status: string;
  readonly instructions: string;
}

/** Those that the page offers. */
const folders = readFunctionFolders('functions').filter(({ options }) =>
  options.capabilities.every((name) => !['storage', 'http', 'invoke'].includes(name)),
);

async function outcomesInNode(): Promise<Outcome[]> {
  const host = await createHost();
  const outcomes: Outcome[] = [];
  for (const { options, samples } of folders) {
    const fn = await host.deploy(options);
    for (const [index, { argument, args, stdin }] of samples.entries()) {
      const call = { ...(args !== undefined && { args }), ...(stdin !== undefined && { stdin }) };
      const { status, usage } = await fn.execute(argument, call);
      const instructions = usage.instructions.toLocaleString('en-US');
      outcomes.push({ call: `${options.name} ${index}`, status, instructions });
    }
  }
  await host.close();
  return outcomes;
}

/** By the page's own controls, as fast as they go. */
function outcomesInPage(page: Page, names: readonly string[]): Promise<Outcome[]> {
  return page.evaluate(async (examples) => {
    const find = <T>(selector: string) => document.querySelector(selector) as T;
    const choose = (selector: string, value: string) => {
      const select = find<HTMLSelectElement>(selector);
      select.value = value;
      select.dispatchEvent(new Event('change'));
    };
    const runToEnd = async () => {
      find<HTMLButtonElement>('#run').click();
      while (document.body.dataset.state !== 'ready') await new Promise((resolve) => setTimeout(resolve, 1));
    };
    const outcomes = [];
    for (const name of examples) {
      choose('#language', name.split(' ')[1]!);
      choose('#example', name.split(' ')[0]!);
      const samples = find<HTMLSelectElement>('#sample').options.length - 1;
      for (let index = 0; index < samples; index++) {
        choose('#sample', String(index));
        await runToEnd();
        const [status, instructions] = find<HTMLElement>('#status').textContent!.split(/, | instructions/);
        outcomes.push({ call: `${name.split(' ')[0]} ${index}`, status: status!, instructions: instructions! });
      }
    }
    return outcomes;
  }, names);
}

test('counts of every function and sample in the page are those in Node', async () => {
  if (!hasBrowser('counts in the playground')) return;
  const browser = await PlaygroundBrowser.launch();
  try {
    const names = folders.map(({ options }) => `${options.name} ${options.language}`);
    const page = await browser.open();
    const [outcomes, expected] = await Promise.all([outcomesInPage(page, names), outcomesInNode()]);
    assert.ok(expected.length > 100);
    assert.equal(outcomes, expected);
    assert.equal([...browser.complaints], []);
  } finally {
    await browser.close();
  }
});

test.run();
