// The functions in functions/ are deployed and do what their manifests promise: every sample, within the function's own
// limits, one at a time and many at once; and what is written in several languages gives the same answers in each.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionResult } from '../../host/core';
import {
  answerOf,
  type FunctionFolder,
  type FunctionSample,
  readFunctionFolders,
} from '../../host/node/function-folder';
import { createHost } from '../../host/node/host';
import { startSampleServices } from '../../host/node/sample-services';
import { refuseSharedMemory } from '../support/page-rules';

refuseSharedMemory();

const ROOT = 'functions';
const LANGUAGES = ['lua', 'c', 'sm'];

const written = readFunctionFolders(ROOT);
const services = await startSampleServices(written);
const folders = written.map(services.redirect);
const host = await createHost({ privateAddresses: [services.address] });
const deployed = new Map<string, Awaited<ReturnType<typeof host.deploy>>>();
test.before(async () => {
  for (const folder of folders) deployed.set(folder.options.name, await host.deploy(folder.options));
});
test.after(async () => {
  await host.close();
  services.close();
});

test('each folder is named after its function and has limits and samples', () => {
  assert.is(folders.length, readdirSync(ROOT).length);
  for (const folder of folders) {
    assert.is(basename(folder.folder), folder.options.name);
    assert.ok(LANGUAGES.includes(folder.options.language), folder.options.name);
    assert.is(Object.keys(folder.options.limits).length, 3, folder.options.name);
    assert.ok(
      folder.samples.some((sample) => sample.error === undefined),
      folder.options.name,
    );
  }
});

test('there are at least six functions in each language', () => {
  for (const language of LANGUAGES)
    assert.ok(folders.filter((folder) => folder.options.language === language).length >= 6, language);
});

for (const folder of folders) {
  test(`${folder.options.name} gives every expected result`, async () => {
    for (const sample of folder.samples) check(folder, sample, await execute(folder, sample));
  });
}

test('all first samples at once give the same results as alone', async () => {
  const results = await Promise.all(folders.map((folder) => execute(folder, folder.samples[0]!)));
  results.forEach((result, i) => {
    check(folders[i]!, folders[i]!.samples[0]!, result);
  });
});

const families = [...new Set(folders.map((folder) => folder.options.name.replace(/-(lua|c|sm)$/, '')))];
const trios = families
  .map((family) =>
    LANGUAGES.map((language) => folders.find((folder) => folder.options.name === `${family}-${language}`)),
  )
  .filter((trio): trio is FunctionFolder[] => trio.every((folder) => folder !== undefined));

test('at least five functions exist in all three languages', () => {
  assert.ok(trios.length >= 5);
});

for (const trio of trios) {
  test(`${trio.map((folder) => folder.options.name).join(', ')} agree`, async () => {
    for (const sample of trio[0]!.samples.filter((candidate) => candidate.error === undefined)) {
      const results = await Promise.all(trio.map((folder) => execute(folder, inputOf(sample))));
      const answers = results.map(answerOf);
      assert.equal(answers, [answers[0], answers[0], answers[0]], JSON.stringify(inputOf(sample)));
    }
  });
}

/** A sample's input alone. */
function inputOf({ argument, args, stdin }: FunctionSample): FunctionSample {
  return { ...(argument !== undefined && { argument }), ...(args && { args }), ...(stdin !== undefined && { stdin }) };
}

async function execute(folder: FunctionFolder, sample: FunctionSample): Promise<ExecutionResult> {
  const { args, stdin } = sample;
  const options = { ...(args && { args: [...args] }), ...(stdin !== undefined && { stdin }) };
  return await deployed.get(folder.options.name)!.execute(sample.argument, options);
}

function check(folder: FunctionFolder, sample: FunctionSample, result: ExecutionResult): void {
  const place = `${folder.options.name}, sample ${folder.samples.indexOf(sample)}: ${JSON.stringify(result)}`;
  assert.is(result.status, sample.error === undefined ? 'ok' : 'error', place);
  if (sample.error !== undefined) assert.ok(result.error?.message.includes(sample.error), place);
  if (sample.value !== undefined) assert.equal(result.value, sample.value, place);
  if (sample.stdout !== undefined) assert.is(result.stdout, sample.stdout, place);
  if (sample.exitCode !== undefined) assert.is(result.exitCode, sample.exitCode, place);
  assert.ok(result.usage.instructions <= folder.options.limits.instructions!, place);
  assert.ok(result.usage.memoryPeakBytes <= folder.options.limits.memoryBytes!, place);
}

test.run();
