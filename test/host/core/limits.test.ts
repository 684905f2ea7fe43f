// Limits and cancelling: each ends the call with a typed answer, exactly, and nobody else notices.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type FunctionOptions } from '../../../host/core/index';
import { ManualTime } from '../../support/manual-time';

const host = await createHost();
test.after(() => host.close());

const c = (source: string): FunctionOptions => ({ language: 'c', source });
const attack = (name: string): FunctionOptions => ({
  language: name.split('.')[1]!,
  source: readFileSync(`test/attacks/${name}`),
  fileName: name,
});

const WRITE_FIVE = c('#include <gazelle.h>\nint main(void) { return gazelle_write(1, "12345", 5); }');

test('ends an endless loop at its instruction limit', async () => {
  const { status, error, usage } = await host.run({ ...attack('endless-loop.c'), limits: { instructions: 100_000 } });
  assert.is(status, 'limit');
  assert.is(error?.code, 'limit.instructions');
  assert.is(error?.resource, 'instructions');
  assert.is(error?.limit, 100_000);
  assert.is(error?.used, usage.instructions);
  assert.ok(usage.instructions >= 100_000 && usage.instructions < 100_100);
  assert.is(error?.stack[0]?.file, 'endless-loop.c');
  assert.ok(error!.stack[0]!.line > 0);
});

test('ends at the same instruction whatever the slices', async () => {
  const used = new Set<number>();
  for (const neighbours of [0, 3]) {
    const fn = await host.deploy({ name: 'loop', ...attack('endless-loop.sm') });
    const results = await fn.executeMany(1 + neighbours, undefined, { limits: { instructions: 123_457 } });
    for (const { usage } of results) used.add(usage.instructions);
  }
  assert.is(used.size, 1);
});

test('ends unbounded recursion as a stack limit with a short trace', async () => {
  for (const name of ['unbounded-recursion.c', 'unbounded-recursion.sm']) {
    const { status, error } = await host.run({ ...attack(name), limits: { memoryBytes: 2 ** 26 } });
    assert.is(status, 'limit', name);
    assert.match(error!.code, /^limit\.(memory_)?stack$/);
    assert.is(error?.stack.length, 22);
    assert.ok(error!.skippedFrames > 1000);
    assert.is(error?.stack[0]?.file, name);
  }
});

test('ends a memory hog at its memory limit', async () => {
  const { status, error, usage } = await host.run({
    ...attack('memory-hog.sm'),
    limits: { memoryBytes: 2 ** 20 },
  });
  assert.is(status, 'limit');
  assert.is(error?.resource, 'memory');
  assert.ok(usage.memoryPeakBytes <= 2 ** 20 && usage.memoryPeakBytes > 2 ** 19, `${usage.memoryPeakBytes}`);
});

test('gives C a null pointer when memory is used up', async () => {
  const result = await host.run({
    ...c('#include <stdlib.h>\nint main(void) { int n = 0; while (malloc(65536)) n++; return n; }'),
    limits: { memoryBytes: 2 ** 20 },
  });
  assert.is(result.status, 'ok');
  assert.ok((result.value as number) > 5 && (result.value as number) < 16, `${result.value}`);
});

test('does not start when the memory limit is below the program itself', async () => {
  const { status, error } = await host.run({ ...WRITE_FIVE, limits: { memoryBytes: 100 } });
  assert.is(status, 'limit');
  assert.is(error?.resource, 'memory');
});

for (const [limit, expected, status] of [
  [6, '12345', 'ok'],
  [5, '12345', 'ok'],
  [4, '1234', 'limit'],
  [0, '', 'limit'],
] as const) {
  test(`delivers exactly what an output limit of ${limit} bytes admits`, async () => {
    const result = await host.run({ ...WRITE_FIVE, limits: { outputBytes: limit } });
    assert.is(result.status, status);
    assert.is(result.stdout, expected);
    assert.is(result.usage.outputBytes, expected.length);
    if (status === 'limit') assert.is(result.error?.resource, 'output_bytes');
  });
}

test('counts and limits syscalls', async () => {
  const ok = await host.run(WRITE_FIVE);
  const limits = { syscalls: ok.usage.syscalls };
  assert.is((await host.run({ ...WRITE_FIVE, limits })).status, 'ok');
  const less = await host.run({ ...WRITE_FIVE, limits: { syscalls: ok.usage.syscalls - 1 } });
  assert.is(less.error?.code, 'limit.syscalls');
});

test("takes a call's limits only where they are tighter than the function's", async () => {
  const own = await createHost({ limits: { instructions: 5000 } });
  const loop = attack('endless-loop.c');
  const used = async (limits: { instructions?: number }, ofCall?: { instructions: number }) => {
    const fn = await own.deploy({ name: 'loop', ...loop, limits });
    return (await fn.execute(undefined, ofCall && { limits: ofCall })).error?.limit;
  };
  assert.is(await used({}), 5000);
  assert.is(await used({ instructions: 9000 }), 9000);
  assert.is(await used({ instructions: 3000 }), 3000);
  assert.is(await used({}, { instructions: 9000 }), 5000);
  assert.is(await used({}, { instructions: 5000 }), 5000);
  assert.is(await used({}, { instructions: 1000 }), 1000);
  assert.is(await used({ instructions: 9000 }, { instructions: Infinity }), 9000);
  const fn = await own.deploy({ name: 'writes', ...WRITE_FIVE, limits: { outputBytes: 4, syscalls: 1 } });
  const { stdout, error } = await fn.execute(undefined, { limits: { outputBytes: 100 } });
  assert.is(stdout, '1234');
  assert.is(error?.limit, 4);
  assert.throws(() => fn.execute(undefined, { limits: { outputBytes: Number.NaN } }), /outputBytes/);
  await own.close();
});

test('ends a loop at its wall time', async () => {
  const time = new ManualTime(1);
  const own = await createHost({ surroundings: time.surroundings });
  const { status, error, usage } = await own.run({
    ...attack('endless-loop.c'),
    limits: { wallTimeMs: 30, instructions: Infinity },
  });
  assert.is(status, 'limit');
  assert.is(error?.resource, 'wall_time');
  // The clock is looked at once for each turn, and a few times for each burst of turns.
  assert.ok(usage.wallTimeMs >= 30 && usage.wallTimeMs < 40, `${usage.wallTimeMs}`);
  await own.close();
});

test('ends a waiting function at its wall time', async () => {
  const time = new ManualTime(0);
  const own = await createHost({ surroundings: time.surroundings });
  const running = own.run({
    ...c('#include <gazelle.h>\nint main(void) { gazelle_sleep(60000000000LL); return 0; }'),
    capabilities: ['sleep'],
    limits: { wallTimeMs: 30 },
  });
  const [timer] = await time.waitForTimers(1, (milliseconds) => milliseconds <= 30);
  timer!.fire();
  const { status, error, usage } = await running;
  assert.is(status, 'limit');
  assert.is(error?.resource, 'wall_time');
  assert.is(usage.wallTimeMs, 30);
  assert.is(time.timers.size, 0);
  await own.close();
});

test('cancels what runs and what waits', async () => {
  const running = await host.deploy({ name: 'running', ...attack('endless-loop.c') });
  const waiting = await host.deploy({
    name: 'waiting',
    ...c('#include <gazelle.h>\nint main(void) { gazelle_write(1, "x", 1); gazelle_sleep(60000000000LL); return 0; }'),
    capabilities: ['sleep'],
  });
  const executions = [running.execute(), waiting.execute()];
  for await (const { text } of executions[1]!.logs) {
    assert.is(text, 'x');
    break;
  }
  for (const execution of executions) execution.cancel();
  const results = await Promise.all(executions);
  for (const { status, error } of results) {
    assert.is(status, 'cancelled');
    assert.is(error?.code, 'cancelled');
  }
  assert.ok(results[0]!.usage.instructions > 0);
  assert.is(results[1]!.stdout, 'x');
  executions[0]!.cancel();
});

test('cancels by a signal, before the start too', async () => {
  const fn = await host.deploy({ name: 'signalled', ...attack('endless-loop.c') });
  const controller = new AbortController();
  const execution = fn.execute(undefined, { signal: controller.signal });
  setTimeout(() => controller.abort(), 10);
  assert.is((await execution).status, 'cancelled');
  const late = await fn.execute(undefined, { signal: controller.signal });
  assert.is(late.status, 'cancelled');
  assert.is(late.usage.instructions, 0);
});

test('leaves the event loop free and others unharmed while a hundred loops run', async () => {
  // By this clock a turn takes a millisecond: the event loop must have its own after three of them.
  const time = new ManualTime(1);
  const own = await createHost({ surroundings: time.surroundings });
  const hostile = await own.deploy({
    name: 'hostile',
    ...attack('endless-loop.c'),
    limits: { instructions: 1e12, wallTimeMs: 1e12 },
  });
  const executions = Array.from({ length: 100 }, () => hostile.execute());
  const good = await own.run(c('int main(void) { int s = 0; for (int i = 0; i < 1000; i++) s ^= i; return s + 42; }'));
  // Who starts looks at the clock too: they all have, after a while.
  while (time.turns < 200) await new Promise((resolve) => setTimeout(resolve));
  const before = time.turns;
  time.mostLooks = 0;
  // The host's own events have their turn between the bursts.
  for (let event = 0; event < 20; event++) await new Promise((resolve) => setTimeout(resolve));
  const { turns, mostLooks } = time;
  for (const execution of executions) execution.cancel();
  for (const { status } of await Promise.all(executions)) assert.is(status, 'cancelled');
  await own.close();
  assert.is(good.value, 42);
  assert.ok(turns >= before + 20, `${turns}`);
  // At the start of a burst, and after each of its turns.
  assert.is(mostLooks, 4);
});

test('frees everything when the host closes', async () => {
  const own = await createHost();
  const fn = await own.deploy({ name: 'loop', ...attack('endless-loop.sm') });
  const execution = fn.execute();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await own.close();
  assert.is((await execution).status, 'cancelled');
  assert.is(own.runningCount, 0);
  assert.throws(
    () => fn.execute(),
    (error: { code?: string }) => error.code === 'host.closed',
  );
});

test.run();
