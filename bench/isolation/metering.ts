// What counting and limits cost: the loops as shipped against the same without.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../tools/bundle-options.mjs';
import { formatPercent, formatTable } from '../statistics';
import { DIST, inProcess } from './fresh-process';

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

/** Nothing is specialised: code is found to be hot where its fuel ends, which it does not without counting. */
const LOOPS_ALONE = ['--disallow-code-generation-from-strings'];

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
    LOOPS_ALONE,
  );
}

export async function measureMetering(): Promise<unknown> {
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
            formatPercent(cost),
          ]),
          ['geometric mean', '', '', formatPercent(mean)],
        ],
      ),
    );
    return { rows, mean };
  } finally {
    rmSync(join(without, '..'), { recursive: true, force: true });
  }
}
