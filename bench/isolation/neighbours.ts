// What a good function gets beside ten thousand endless loops of others.
import { formatPercent, formatTable, median, quantile } from '../statistics';
import { inProcess } from './fresh-process';

interface Neighbours {
  readonly latencies: readonly number[];
  readonly delayP99: number;
  readonly share: number;
  /** Instructions a second, of all. */
  readonly speed: number;
}

/** Ten tenants with 1,000 endless loops each, and one that calls now and then, then has work without end. */
function neighboursWith(workers: number): Neighbours {
  return inProcess<Neighbours>(`
    import { monitorEventLoopDelay } from 'node:perf_hooks';
    const host = await createHost({ workers: ${workers} });
    await host.startWorkers();
    const limits = { instructions: Infinity, wallTimeMs: Infinity };
    const loop = { language: 'lua', source: 'while true do end', limits };
    const running = [];
    for (let tenant = 0; tenant < 10; tenant++) {
      const fn = await host.tenant('hostile' + tenant).deploy({ name: 'loop', ...loop });
      for (let index = 0; index < 1000; index++) running.push(fn.execute());
    }
    const good = host.tenant('good');
    const small = await good.deploy({ name: 'small', language: 'lua', source: 'local n = 0 for i = 1, 49990 do n = n + 1 end return n' });
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    await pause(3000);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const latencies = [];
    for (let call = 0; call < 300; call++) {
      const start = performance.now();
      const { value, usage } = await small.execute();
      latencies.push(performance.now() - start);
      if (value !== 49990 || usage.instructions < 99000 || usage.instructions > 101000) throw new Error(JSON.stringify(usage));
      await pause(3);
    }
    delay.disable();
    const endless = await good.deploy({ name: 'endless', ...loop });
    const [all, mine, start] = [host.usage.instructions, good.usage.instructions, performance.now()];
    running.push(endless.execute());
    await pause(3000);
    const had = host.usage.instructions - all;
    const share = (good.usage.instructions - mine) / had;
    const speed = had / (performance.now() - start) * 1000;
    for (const execution of running) execution.cancel();
    await host.close();
    console.log(JSON.stringify({ latencies, delayP99: delay.percentile(99) / 1e6, share: share * 11, speed }));`);
}

/** The same in this thread, with a worker for the core that the host leaves, and with one for each core. */
export function measureNeighbours(): unknown {
  const runs = [0, 1, 2].map((workers) => ({ workers, ...neighboursWith(workers) }));
  console.log('\n10,000 endless loops of ten other tenants\n');
  const row = (what: string, bar: string, figure: (run: Neighbours) => string) => [what, ...runs.map(figure), bar];
  console.log(
    formatTable(
      ['what', ...runs.map(({ workers }) => `workers: ${workers}`), 'bar'],
      [
        row('a call of 100,000 instructions, median', '', ({ latencies }) => `${median(latencies).toFixed(1)} ms`),
        row('the same, 99th percentile', '25 ms', ({ latencies }) => `${quantile(latencies, 0.99).toFixed(1)} ms`),
        row('what its tenant gets of its fair share', '90 %', ({ share }) => formatPercent(share)),
        row(
          'delay of the event loop, 99th percentile',
          '10 ms; with workers 3',
          (run) => `${run.delayP99.toFixed(1)} ms`,
        ),
        row('million instructions a second, all together', '', ({ speed }) => (speed / 1e6).toFixed(0)),
      ],
    ),
  );
  return runs.map(({ latencies, ...run }) => ({ ...run, p99Ms: quantile(latencies, 0.99) }));
}
