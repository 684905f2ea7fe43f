// Each hostile function ends as its header says, while a good function of another tenant beside it finishes with the right
// result; and the host's memory is where it was when all of them are over. That none of them makes the compiler throw the
// trained loops away is test/vm/built-loop.test.ts's.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { readFunctionFolder } from '../../host/node/function-folder';
import { createHost } from '../../host/node/host';
import { ATTACK_LIMITS, endOf, readAttacks } from '../support/attacks';

const attacks = readAttacks();
const good = readFunctionFolder('functions/sieve-lua');
const sample = good.samples[0]!;
/** Right results are asked for, not speed: on a busy machine all the attacks together may take their time. */
const neighbourOptions = { ...good.options, limits: { ...good.options.limits, wallTimeMs: 120_000 } };

/** What a turn may be charged beyond an instruction limit: the copy of a heap that outgrows its region, and a step. */
const MOST_OVERSHOOT = 16_384 + 4096;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function settledMemory(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('there are 60 attacks and more, in all languages', () => {
  assert.ok(attacks.length >= 60);
  assert.equal([...new Set(attacks.map(({ options }) => options.language))].sort(), ['c', 'lua', 'sm']);
});

for (const { file, expected, options } of attacks) {
  test(`${file} ends with: ${expected}`, async () => {
    const host = await createHost({ workers: 0 });
    const neighbour = await host.tenant('good').deploy(neighbourOptions);
    const limits = { ...ATTACK_LIMITS, ...options.limits };
    const running = host.tenant('hostile').run({ ...options, limits });
    const beside = await neighbour.execute(sample.argument);
    assert.is(beside.value, sample.value);
    const result = await running;
    assert.is(endOf(result), expected, JSON.stringify(result.error));
    assert.ok(
      result.usage.instructions <= limits.instructions + MOST_OVERSHOOT,
      `${result.usage.instructions} were used`,
    );
    assert.is(host.runningCount, 0);
    assert.is(host.usage.memoryBytes, 0);
    await host.close();
  });
}

test('all of them end the same in workers, where they come and go all the time', async () => {
  const host = await createHost({ workers: 2, sliceInstructions: 20_000 });
  await host.startWorkers();
  const neighbour = await host.tenant('good').deploy(neighbourOptions);
  const endings = attacks.map(async ({ file, expected, options }) => {
    // All at once they may take their time, but for those that are stopped by it.
    const patience = expected.includes('wall_time') ? {} : { wallTimeMs: 600_000 };
    const limits = { ...ATTACK_LIMITS, ...options.limits, ...patience };
    const result = await host.tenant('hostile').run({ ...options, limits });
    assert.is(endOf(result), expected, `${file}: ${JSON.stringify(result.error)}`);
  });
  for (let call = 0; call < 3; call++) assert.is((await neighbour.execute(sample.argument)).value, sample.value);
  await Promise.all(endings);
  assert.is(host.runningCount, 0);
  assert.is(host.usage.memoryBytes, 0);
  await host.close();
});

test('all at once, again and again, and the memory of the host stays where it is', async () => {
  const host = await createHost({ workers: 0 });
  const neighbour = await host.tenant('good').deploy(neighbourOptions);
  // What is stored is the tenant's, and stays: its storage is full at once.
  const hostile = host.tenant('hostile', { budget: { memoryBytes: 256 << 20, storageBytes: 1 << 20 } });
  const small = { instructions: 300_000, memoryBytes: 4 << 20 };
  const round = async () => {
    const running = attacks.map(({ options }) => hostile.run({ ...options, limits: { ...small, ...options.limits } }));
    for (let call = 0; call < 3; call++) assert.is((await neighbour.execute(sample.argument)).value, sample.value);
    for (const result of await Promise.all(running)) assert.not.equal(result.status, 'ok');
    return settledMemory();
  };
  // The pool of regions keeps as many as there ever were at once, 4 MiB a slab. How many that is takes some rounds to be seen, as
  // it depends on who happened to run beside whom; but only what leaks goes on growing.
  const sizes = [await round()];
  const hasGrown = () => sizes.length < 2 || sizes.at(-1)! > sizes.at(-2)! * 1.01;
  while (sizes.length < 10 && hasGrown()) sizes.push(await round());
  assert.not(hasGrown(), `bytes after each round: ${sizes.join(', ')}`);
  assert.is(host.runningCount, 0);
  await host.close();
});

test('thousands of deployments and removals leave nothing behind', async () => {
  const host = await createHost({ workers: 0 });
  const deployMany = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const language = ['lua', 'sm'][index % 2]!;
      const source = language === 'lua' ? `return ${index}` : `func main() -> i32\n  ${index}\nend`;
      const deployed = await host.deploy({ name: `f${index % 100}`, language, source });
      if (index % 10 === 0) assert.is(Number((await deployed.execute()).value), index);
      if (index % 3 === 0) host.remove(`f${index % 100}`);
      if (index % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    for (const { name } of host.list()) host.remove(name);
  };
  await deployMany(500);
  const before = await settledMemory();
  await deployMany(1500);
  const after = await settledMemory();
  assert.ok(after < before * 1.05 + (2 << 20), `${before} bytes before, ${after} after`);
  assert.is(host.list().length, 0);
  await host.close();
});

test('many contexts that are cancelled at once end at once', async () => {
  const host = await createHost({ workers: 0 });
  const loop = await host.deploy({ name: 'loop', language: 'lua', source: 'while true do end' });
  const running = Array.from({ length: 1000 }, () => loop.execute());
  for (const execution of running) execution.cancel();
  for (const result of await Promise.all(running)) assert.is(result.status, 'cancelled');
  assert.is(host.runningCount, 0);
  await host.close();
});

test.run();
