// A host with two workers for one test, and functions that keep workers busy. What browsers refuse of shared memory is refused in
// every test that uses it.
import { createHost, type Host, type HostOptions } from '../../host/node/index';
import { refuseSharedMemory } from './page-rules';

refuseSharedMemory();

/** Gives `work` a host whose workers have started, and closes it. */
export async function withWorkers(work: (host: Host) => Promise<void>, options: HostOptions = {}): Promise<void> {
  const host = await createHost({ training: false, workers: 2, ...options });
  try {
    await host.startWorkers();
    await work(host);
  } finally {
    await host.close();
  }
}

export const LOOP = { name: 'loop', language: 'lua', source: 'while true do end', limits: { instructions: 1e12 } };

/** Counts to its argument, with tables, strings and output. */
export const COUNT = {
  name: 'count',
  fileName: 'count.lua',
  language: 'lua',
  source: `
    local t = {}
    for i = 1, ... do t[i % 50] = i .. "x"; if i % 1000 == 0 then print(i, #t) end end
    return t[7]`,
};
