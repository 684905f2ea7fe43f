// What isolation costs and holds: metering, hostile neighbours, parked contexts, memory over many deployments. Each figure
// comes from a process of its own, with the bundles as shipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLE_OPTIONS } from '../tools/bundle-options.mjs';
import { formatTable, median, quantile } from './statistics';

const DIST = resolve('dist');

/** Runs a module's text in a fresh process, with `dist` as its machine; what it prints as JSON. */
function inProcess<T>(script: string, dist = DIST, flags: readonly string[] = []): T {
  const text = `import { createHost } from ${JSON.stringify(`${dist}/index.js`)};\n${script}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', ...flags, '--input-type=module', '-e', text],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`a measuring process failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}

// --- metering ---

const LOOP_PROGRAMS: Readonly<Record<string, { language: string; source: string }>> = {
  'Lua: fib(27)': {
    language: 'lua',
    source: 'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(27)',
  },
  'Lua: sieve': {
    language: 'lua',
    source: `local t, n = {}, 200000
      for i = 2, n do t[i] = true end
      for i = 2, n do if t[i] then for j = i * i, n, i do t[j] = false end end end
      return 1`,
  },
  'Lua: floats': {
    language: 'lua',
    source: 'local x = 0.5 for i = 1, 3e6 do x = x * 1.0000001 + 0.25 end return x > 0',
  },
  'C: collatz': {
    language: 'c',
    source: `int main(void) {
      unsigned steps = 0;
      for (unsigned n = 1; n < 60000; n++) for (unsigned m = n; m != 1; steps++) m = m & 1 ? 3 * m + 1 : m >> 1;
      return steps & 1; }`,
  },
  'C: matrix': {
    language: 'c',
    source: `static double a[64][64], b[64][64], c[64][64];
      int main(void) {
        for (int r = 0; r < 12; r++) for (int i = 0; i < 64; i++) for (int j = 0; j < 64; j++) {
          double s = r; for (int k = 0; k < 64; k++) s += a[i][k] * b[k][j]; c[i][j] = s; }
        return c[3][3] > 0; }`,
  },
};

/** Counting and limits in the text of the loops, and nothing else. */
const COUNTING: readonly (readonly [RegExp, string])[] = [
  [/^\s*fuel = \(fuel - 1\) \| 0;\n/gm, ''],
  [/^\s*if \(fuel <= 0\) break run;\n/gm, ''],
  [/^\s*credit = \(credit \+ .*\) \| 0;\n/gm, ''],
  [/if \((?:(?:ins|jump) < 0 && )?\(?\(?credit - pc\)?(?: \| 0\))? <= 1\)/g, 'if (false)'],
];
const LOOPS = /vm\/(typed|value)-loop\.ts$/;

/** Bundles like the shipped ones whose loops count nothing. Programs that end do the same in them. */
async function buildWithoutMetering(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gazelle-bench-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  let taken = 0;
  const plugin: Plugin = {
    name: 'without-metering',
    setup: ({ onLoad }) =>
      onLoad({ filter: LOOPS }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const [pattern, replacement] of COUNTING) {
          taken += contents.match(pattern)?.length ?? 0;
          contents = contents.replace(pattern, replacement);
        }
        return { contents, loader: 'ts' };
      }),
  };
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: { index: 'host/node/index.ts' },
    outdir: join(folder, 'dist'),
    plugins: [plugin],
  });
  if (taken < 60) throw new Error(`only ${taken} places that count were found in the loops`);
  return join(folder, 'dist');
}

/** By program the best of several runs, in milliseconds of processor time. */
function timePrograms(dist: string): Record<string, number> {
  return inProcess(
    `
    const programs = ${JSON.stringify(LOOP_PROGRAMS)};
    // Training has loops that nothing but the end of their fuel ends.
    const host = await createHost({ workers: 0, training: false, limits: { instructions: Infinity, wallTimeMs: Infinity } });
    const times = {};
    for (const [name, { language, source }] of Object.entries(programs)) {
      const fn = await host.deploy({ name: 'f', language, source });
      times[name] = Infinity;
      for (let round = 0; round < 12; round++) {
        const start = process.cpuUsage();
        const { status } = await fn.execute();
        const { user, system } = process.cpuUsage(start);
        if (status !== 'ok') throw new Error(name + ' ' + status);
        times[name] = Math.min(times[name], (user + system) / 1000);
      }
    }
    await host.close();
    console.log(JSON.stringify(times));`,
    dist,
  );
}

async function measureMetering(): Promise<unknown> {
  const without = await buildWithoutMetering();
  try {
    const rounds = Array.from({ length: 3 }, () => ({ shipped: timePrograms(DIST), bare: timePrograms(without) }));
    const rows = Object.keys(LOOP_PROGRAMS).map((name) => {
      const shipped = Math.min(...rounds.map((round) => round.shipped[name]!));
      const bare = Math.min(...rounds.map((round) => round.bare[name]!));
      return { program: name, shipped, bare, cost: shipped / bare - 1 };
    });
    const mean = Math.exp(rows.reduce((sum, { cost }) => sum + Math.log(1 + cost), 0) / rows.length) - 1;
    console.log('Metering: the loops as shipped against the same build without counting and limits (bar: 10 %)\n');
    console.log(
      formatTable(
        ['program', 'shipped ms', 'without ms', 'cost'],
        [
          ...rows.map(({ program, shipped, bare, cost }) => [
            program,
            shipped.toFixed(1),
            bare.toFixed(1),
            percent(cost),
          ]),
          ['geometric mean', '', '', percent(mean)],
        ],
      ),
    );
    return { rows, mean };
  } finally {
    rmSync(join(without, '..'), { recursive: true, force: true });
  }
}

// --- neighbours ---

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
function measureNeighbours(): unknown {
  const runs = [0, 1, 2].map((workers) => ({ workers, ...neighboursWith(workers) }));
  console.log('\n10,000 endless loops of ten other tenants\n');
  const row = (what: string, bar: string, figure: (run: Neighbours) => string) => [what, ...runs.map(figure), bar];
  console.log(
    formatTable(
      ['what', ...runs.map(({ workers }) => `workers: ${workers}`), 'bar'],
      [
        row('a call of 100,000 instructions, median', '', ({ latencies }) => `${median(latencies).toFixed(1)} ms`),
        row('the same, 99th percentile', '25 ms', ({ latencies }) => `${quantile(latencies, 0.99).toFixed(1)} ms`),
        row('what its tenant gets of its fair share', '90 %', ({ share }) => percent(share)),
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

/** A good loop alone, and beside the attack gallery: instructions a second of the time that it was given. */
function measureGallery(): unknown {
  const { alone, beside } = inProcess<{ alone: number; beside: number }>(`
    import { readdirSync, readFileSync } from 'node:fs';
    import { GuestExecution } from ${JSON.stringify(`${DIST}/vm.js`)};
    const host = await createHost({ workers: 0 });
    const limits = { instructions: Infinity, wallTimeMs: Infinity };
    const good = await host.tenant('good').deploy({ name: 'good', language: 'lua', limits,
      source: 'local t = {} for i = 1, 100 do t[i] = i end local s = 0 while true do for i = 1, 100 do s = s + t[i] end end' });
    let time = 0, mine = null;
    const run = GuestExecution.prototype.run;
    GuestExecution.prototype.run = function (slice, now, elsewhere) {
      if (this.share !== mine) return run.call(this, slice, now, elsewhere);
      const start = performance.now();
      const state = run.call(this, slice, now, elsewhere);
      time += performance.now() - start;
      return state;
    };
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    mine = good.origin.share;
    const speed = async (ms) => {
      const execution = good.execute();
      await pause(500);
      const [before, timeBefore] = [good.usage.instructions, time];
      await pause(ms);
      const figure = (good.usage.instructions - before) / (time - timeBefore) * 1000;
      execution.cancel();
      await execution;
      if (!(figure > 0)) throw new Error('the good loop was not measured');
      return figure;
    };
    const alone = [], beside = [];
    const hostile = host.tenant('hostile');
    const attacks = [];
    for (const file of readdirSync('test/attacks').filter((name) => /\\.(c|lua|sm)$/.test(name))) {
      attacks.push(await hostile.deploy({ name: file, language: file.split('.').pop(), source: readFileSync('test/attacks/' + file, 'utf8'),
        limits: { instructions: 20_000_000, memoryBytes: 16 << 20 } }));
    }
    for (let round = 0; round < 3; round++) {
      alone.push(await speed(2000));
      let isOver = false;
      const waves = (async () => { while (!isOver) await Promise.all(attacks.map((fn) => fn.execute())); })();
      beside.push(await speed(4000));
      isOver = true;
      await waves;
    }
    await host.close();
    const middle = (list) => list.sort((a, b) => a - b)[1];
    console.log(JSON.stringify({ alone: middle(alone), beside: middle(beside) }));`);
  console.log('\nA good function beside the attack gallery, corrected for its share (bar: 90 %)\n');
  console.log(
    `${(alone / 1e6).toFixed(0)} million instructions a second alone, ${(beside / 1e6).toFixed(0)} beside: ${percent(beside / alone)}`,
  );
  return { alone, beside, ratio: beside / alone };
}

// --- memory ---

const PARKED: Readonly<Record<string, { language: string; source: string; bar: string }>> = {
  lua: { language: 'lua', source: 'local n = ... return wait() + n', bar: '2.5 GB' },
  c: {
    language: 'c',
    source: `#include <gazelle.h>
      int main(int argc, char **argv) { return gazelle_call("wait", "[]") >= 0 ? 42 : 1; }`,
    bar: '1 GB',
  },
};

/** So many contexts at once that wait for the host, then are woken and end. */
function measureParked(): unknown {
  const rows = Object.entries(PARKED).map(([name, { language, source, bar }]) => {
    const figures = inProcess<{ parkedBytes: number; startSeconds: number; wakeSeconds: number; right: number }>(`
      const COUNT = 100_000;
      const host = await createHost({ workers: 0, budget: {} });
      const waiting = [];
      const fn = await host.deploy({ name: 'parked', language: '${language}', source: ${JSON.stringify(source)},
        limits: { wallTimeMs: Infinity }, functions: { wait: () => new Promise((resolve) => waiting.push(resolve)) } });
      gc();
      const before = process.memoryUsage().rss;
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
      console.log(JSON.stringify({ parkedBytes, startSeconds, wakeSeconds, right, before }));`);
    return { name, bar, ...figures };
  });
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

/** Resident memory after a thousand deployments, executions and removals, and after ten thousand. */
function measureTurnover(): unknown {
  const { first, last } = inProcess<{ first: number; last: number }>(`
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
      for (let round = 0; round < 5; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 50)); }
      return process.memoryUsage().rss;
    };
    for (let n = 0; n < 1000; n++) await turn(n);
    const first = await settle();
    for (let n = 1000; n < 10_000; n++) await turn(n);
    const last = await settle();
    await host.close();
    console.log(JSON.stringify({ first, last }));`);
  console.log('\nMemory after 10,000 deployments, executions and removals (bar: within 5 % of that after 1,000)\n');
  console.log(`${(first / 1e6).toFixed(0)} MB, then ${(last / 1e6).toFixed(0)} MB: ${percent(last / first)}`);
  return { first, last, ratio: last / first };
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

const PARTS: Readonly<Record<string, () => unknown>> = {
  metering: measureMetering,
  neighbours: measureNeighbours,
  gallery: measureGallery,
  parked: measureParked,
  turnover: measureTurnover,
};

/** All parts, or those that the environment's PARTS names. */
export async function measureIsolation(): Promise<unknown> {
  const names = process.env.PARTS?.split(',') ?? Object.keys(PARTS);
  const results: Record<string, unknown> = {};
  for (const name of names) results[name] = await PARTS[name]!();
  return results;
}
