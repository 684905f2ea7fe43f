// What a worker costs: the same calls with their turns in another thread, by processor time of both.
import { formatMs, formatRatio, formatTable } from '../statistics';
import { inProcess } from './fresh-process';

/** With a small heap, and with heaps beyond the slabs: those must not cost more. */
const PROGRAMS: readonly (readonly [path: string, n: number])[] = [
  ['fib', 30],
  ['c/matrix', 120],
  ['c/words', 400_000],
];
const RUNS = 12;

/** The best of several runs, in milliseconds of processor time. */
function timeWith(workers: number, path: string, n: number): number {
  return inProcess<number>(`
    import { readFileSync } from 'node:fs';
    const host = await createHost({ workers: ${workers} });
    await host.startWorkers();
    const limits = { instructions: Infinity, wallTimeMs: Infinity };
    const source = readFileSync('bench/programs/${path}.lua', 'utf8');
    const fn = await host.deploy({ name: 'f', language: 'lua', source, limits });
    let best = Infinity;
    for (let run = 0; run < ${RUNS}; run++) {
      const start = process.cpuUsage();
      const { status } = await fn.execute(${n});
      const { user, system } = process.cpuUsage(start);
      if (status !== 'ok') throw new Error(status);
      best = Math.min(best, (user + system) / 1000);
    }
    await host.close();
    console.log(JSON.stringify(best));`);
}

export function measureWorkers(): unknown {
  const rows = PROGRAMS.map(([path, n]) => ({ path, here: timeWith(0, path, n), inWorker: timeWith(1, path, n) }));
  console.log('\nLong calls in a worker, processor time\n');
  console.log(
    formatTable(
      ['Lua program', 'no workers', 'one worker', 'ratio'],
      rows.map(({ path, here, inWorker }) => [path, formatMs(here), formatMs(inWorker), formatRatio(inWorker / here)]),
    ),
  );
  return rows;
}
