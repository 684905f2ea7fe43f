// Workers: the same results, output and counts in any number of threads, wherever contexts have their turns.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFunctionFolders } from '../../../host/node/function-folder';
import { createHost, type ExecutionResult, type Host, type HostOptions } from '../../../host/node/index';
import { refuseSharedMemory } from '../../support/page-rules';

refuseSharedMemory();

const folders = readFunctionFolders('functions');

async function withHost(options: HostOptions, work: (host: Host) => Promise<void>): Promise<void> {
  const host = await createHost({ training: false, ...options });
  try {
    await host.startWorkers();
    await work(host);
  } finally {
    await host.close();
  }
}

/** What must not depend on where something runs, nor when. */
function essence({ usage, logs, ...result }: ExecutionResult) {
  const { wallTimeMs, startTimeMs, ...counts } = usage;
  return { ...result, counts, logs: logs.map(({ time, ...record }) => record) };
}

/** All functions at once; the calls of each one after the other, for some share what their tenant stores. */
async function runAll(host: Host) {
  // How busy the machine is must not matter.
  const deploy = ({ options }: (typeof folders)[number]) =>
    host.deploy({ ...options, limits: { ...options.limits, wallTimeMs: 600_000 } });
  const deployed = await Promise.all(folders.map(deploy));
  const runs = folders.map(async ({ samples }, index) => {
    const fn = deployed[index]!;
    const results = [];
    for (const { argument, args, stdin } of samples) {
      const execution = fn.execute(argument, {
        ...(args && { args: [...args] }),
        ...(stdin !== undefined && { stdin }),
      });
      results.push(essence(await execution));
    }
    return results;
  });
  return Promise.all(runs);
}

let expected: Awaited<ReturnType<typeof runAll>>;

test('every function comes to the same in this thread', () =>
  withHost({ workers: 0 }, async (host) => {
    expected = await runAll(host);
  }));

test('and in a worker', () =>
  withHost({ workers: 1 }, async (host) => {
    assert.equal(await runAll(host), expected);
  }));

test('and when it goes to one of three workers for every five hundred instructions', () =>
  withHost({ workers: 3, sliceInstructions: 500 }, async (host) => {
    assert.equal(await runAll(host), expected);
  }));

test.run();
