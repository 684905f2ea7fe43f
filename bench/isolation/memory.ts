// Memory: of a hundred thousand waiting contexts, and over ten thousand deployments.
import { formatPercent, formatTable } from '../statistics';
import { DIST, inProcess } from './fresh-process';

export const PARKED: Readonly<Record<'lua' | 'c' | 'sm', { language: string; source: string; bar: string }>> = {
  lua: { language: 'lua', source: 'local n = ... return wait() + n', bar: '2.5 GB' },
  c: {
    language: 'c',
    source: `#include <gazelle.h>
      int main(int argc, char **argv) { return gazelle_call("wait", "[]") >= 0 ? 42 : 1; }`,
    bar: '1 GB',
  },
  sm: {
    language: 'sm',
    source: `
      data name = "wait"
      data none = "[]"
      func main() -> i32
        name name.length none none.length syscall host_call drop
        42
      end`,
    bar: '1 GB',
  },
};

interface Parked {
  /** Resident, without any and with all of them. */
  readonly bareBytes: number;
  readonly parkedBytes: number;
  readonly startSeconds: number;
  readonly wakeSeconds: number;
  readonly right: number;
}

/** So many contexts at once that wait for the host, then are woken and end. */
export function park({ language, source }: { language: string; source: string }, count: number): Parked {
  return inProcess<Parked>(`
      const COUNT = ${count};
      const host = await createHost({ workers: 0, budget: {} });
      const waiting = [];
      const fn = await host.deploy({ name: 'parked', language: '${language}', source: ${JSON.stringify(source)},
        limits: { wallTimeMs: Infinity }, functions: { wait: () => new Promise((resolve) => waiting.push(resolve)) } });
      gc();
      const bareBytes = process.memoryUsage().rss;
      let start = performance.now();
      const executions = [];
      for (let index = 0; index < COUNT; index++) executions.push(fn.execute(${language === 'lua' ? 'index' : ''}));
      while (waiting.length < COUNT) await new Promise((resolve) => setTimeout(resolve, 20));
      const startSeconds = (performance.now() - start) / 1000;
      gc();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const parkedBytes = process.memoryUsage().rss;
      start = performance.now();
      for (const answer of waiting) answer(1);
      let right = 0;
      for (const [index, execution] of executions.entries()) {
        const { value } = await execution;
        if (value === ${language === 'lua' ? '1 + index' : '42'}) right++;
      }
      const wakeSeconds = (performance.now() - start) / 1000;
      await host.close();
      console.log(JSON.stringify({ parkedBytes, startSeconds, wakeSeconds, right, bareBytes }));`);
}

export function measureParked(): unknown {
  const rows = Object.entries(PARKED).map(([name, parked]) => ({ name, bar: parked.bar, ...park(parked, 100_000) }));
  console.log('\n100,000 contexts of one process that wait at once\n');
  console.log(
    formatTable(
      ['language', 'resident', 'bar', 'started in', 'woken and ended in', 'right results'],
      rows.map(({ name, bar, parkedBytes, startSeconds, wakeSeconds, right }) => [
        name,
        `${(parkedBytes / 1e9).toFixed(2)} GB`,
        bar,
        `${startSeconds.toFixed(1)} s`,
        `${wakeSeconds.toFixed(1)} s`,
        right.toLocaleString('en'),
      ]),
    ),
  );
  return rows;
}

/**
 * The C library's memory for all threads in one place: by default each thread has an arena of its own, and what the machine's compiler
 * leaves in them differs by some 7 MB from look to look.
 */
const ONE_ARENA = { MALLOC_ARENA_MAX: '1' };

/** Resident memory after a thousand deployments, executions and removals, and after ten thousand. */
export function measureTurnover(): unknown {
  const script = `
    const host = await createHost({ workers: 0 });
    const languages = [
      ['lua', (n) => 'local t = {} for i = 1, 50 do t[i] = i .. "x" end return #t + ' + n],
      ['c', (n) => '#include <stdio.h>\\nint main(void) { printf("%d", ' + n + '); return 0; }'],
      ['sm', (n) => 'entry main\\nfunc main() -> i32\\n  i32.const ' + n + '\\n  return\\nend'],
    ];
    const turn = async (n) => {
      const [language, source] = languages[n % 2];
      const fn = await host.deploy({ name: 'f' + (n % 50), language, source: source(n) });
      const { status } = await fn.execute();
      if (status !== 'ok') throw new Error(status);
      host.remove(fn.name);
    };
    const settle = async () => {
      // The threads that compile have heaps of their own, with garbage that nobody can collect from here; they end when idle.
      await new Promise((resolve) => setTimeout(resolve, 31_000));
      for (let round = 0; round < 5; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 50)); }
      return process.memoryUsage().rss;
    };
    for (let n = 0; n < 500; n++) await turn(n);
    // Once these threads come and go before the first look as well: what the C library keeps of a thread's memory is kept for the next.
    await settle();
    for (let n = 500; n < 1000; n++) await turn(n);
    const first = await settle();
    for (let n = 1000; n < 10_000; n++) await turn(n);
    const last = await settle();
    await host.close();
    console.log(JSON.stringify({ first, last }));`;
  const { first, last } = inProcess<{ first: number; last: number }>(script, DIST, [], ONE_ARENA);
  console.log('\nMemory after 10,000 deployments, executions and removals (bar: within 5 % of that after 1,000)\n');
  console.log(`${(first / 1e6).toFixed(0)} MB, then ${(last / 1e6).toFixed(0)} MB: ${formatPercent(last / first)}`);
  return { first, last, ratio: last / first };
}
