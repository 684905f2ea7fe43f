// A worker that fails takes with it only what ran there, and is replaced.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startWorker, type WorkerThread } from '../../../host/node/index';
import { until } from '../../support/condition';
import { COUNT, LOOP, withWorkers } from '../../support/worker-host';

/** The threads that a host starts, in their order. */
function watchedThreads() {
  const threads: WorkerThread[] = [];
  const start = () => {
    const thread = startWorker();
    threads.push(thread);
    return thread;
  };
  return { threads, start };
}

test('a worker that fails takes with it what ran there, and is replaced', async () => {
  const { threads, start } = watchedThreads();
  await withWorkers(
    async (host) => {
      const loop = await host.deploy(LOOP);
      const count = await host.deploy(COUNT);
      const executions = [loop.execute(), loop.execute()];
      await until(() => host.usage.instructions > 1_000_000);
      assert.is(threads.length, 3, 'two workers and a compiler');
      threads[0]!.post(null);
      const ends = executions.map((execution) =>
        execution.then(
          () => 'ended',
          (error: unknown) => (error as { code: string }).code,
        ),
      );
      assert.is(await Promise.race(ends), 'worker.failed');
      assert.is(threads.length, 4);
      assert.is(
        (await Promise.all([count.execute(100), count.execute(100)])).every(({ status }) => status === 'ok'),
        true,
      );
      const other = executions.find(({ status }) => status !== 'ended')!;
      other.cancel();
      assert.is((await other).status, 'cancelled');
      assert.is(host.usage.memoryBytes, 0);
    },
    { startWorker: start },
  );
});

test('a function hears that the one which it has called was lost with its worker, and goes on', async () => {
  const { threads, start } = watchedThreads();
  await withWorkers(
    async (host) => {
      await host.deploy(LOOP);
      const source = `local invoke = require 'gazelle'.invoke
        local ok, message = pcall(invoke, 'loop') return ok, message, invoke('count', 10)`;
      await host.deploy({ ...COUNT, source: 'return ... + 1' });
      const caller = await host.deploy({
        name: 'caller',
        language: 'lua',
        source,
        capabilities: ['invoke'],
        invoke: ['*'],
        limits: { instructions: 1e12 },
      });
      const execution = caller.execute();
      await until(() => host.usage.instructions > 1_000_000);
      threads[0]!.post(null);
      const message = "invoke.failed: 'loop': the thread that ran it has failed";
      assert.equal((await execution).values, [false, message, 11]);
      assert.is(host.usage.memoryBytes, 0);
    },
    { workers: 1, startWorker: start },
  );
});

test('a worker that fails again and goes on, as those of pages may, is ended and not heard any more', async () => {
  const failures: ((reason: string) => void)[] = [];
  const heard: ((message: unknown) => void)[] = [];
  let ended = 0;
  const start = (): WorkerThread => {
    const thread = startWorker();
    return {
      ...thread,
      listen: (receive) => {
        heard.push(receive);
        thread.listen(receive);
      },
      onFailure: (report) => {
        failures.push((reason) => report(reason, false));
        thread.onFailure(report);
      },
      terminate: () => {
        ended++;
        return thread.terminate();
      },
    };
  };
  await withWorkers(
    async (host) => {
      const loop = await host.deploy(LOOP);
      const count = await host.deploy(COUNT);
      const execution = loop.execute();
      await until(() => host.usage.instructions > 1_000_000);
      const ends = execution.then(
        () => 'ended',
        (error: unknown) => (error as { code: string }).code,
      );
      failures[0]!('it has failed');
      failures[0]!('and again');
      assert.is(await ends, 'worker.failed');
      assert.is(ended, 1);
      heard[0]!({ type: 'turned', id: 1, end: {}, loaded: null, milliseconds: 1 });
      assert.is((await count.execute(2000)).status, 'ok');
    },
    { workers: 1, startWorker: start },
  );
});

test.run();
