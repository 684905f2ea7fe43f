// The same algorithms in C here, in C natively (gcc -O2) and in Lua under lua5.4, by processor time. Each result is compared.
import { readFileSync } from 'node:fs';
import { createHost, type Host } from '../host/node/index';
import { measureCFigures } from './c-figures';
import { hasCommand, interleaveRuns, lua, printedRun, type Run, runCommand, temporaryFile, timedRun } from './peers';
import { formatMs, formatRatio, formatTable, geometricMean } from './statistics';

const ROUNDS = 5;
const FOLDER = 'bench/programs/c';

/** Programs of bench/programs/c with their argument: some tenths of a second under lua5.4. */
const PROGRAMS: Readonly<Record<string, number>> = {
  'binary-trees': 13,
  crc32: 5_000_000,
  fannkuch: 9,
  fibonacci: 32,
  'hash-table': 150_000,
  heapsort: 120_000,
  interpreter: 500_000,
  levenshtein: 1_600,
  life: 300,
  'linked-list': 30_000,
  mandelbrot: 450,
  matrix: 170,
  'n-body': 60_000,
  queens: 10,
  quicksort: 250_000,
  'random-bits': 1_000_000,
  sieve: 2_000_000,
  'spectral-norm': 300,
  words: 800_000,
};

const C_TIMER = `
#include <stdio.h>
#include <time.h>
#define main program
#include PROGRAM
#undef main
int main(int argc, char **argv) {
  clock_t start = clock();
  program(argc, argv);
  printf("%f\\n", (clock() - start) * 1000.0 / CLOCKS_PER_SEC);
}`;

function nativeRun(name: string, n: number): Run {
  const program = temporaryFile(`${name}-native`, '');
  const define = `-DPROGRAM="${process.cwd()}/${FOLDER}/${name}.c"`;
  runCommand('gcc', ['-O2', '-w', define, '-o', program, temporaryFile('timer.c', C_TIMER), '-lm']);
  return printedRun(runCommand(program, [String(n)]));
}

/** Deploys a program; each call runs it once, by the processor time of this process. */
async function deployed(host: Host, name: string): Promise<(n: number) => Promise<Run>> {
  const source = readFileSync(`${FOLDER}/${name}.c`, 'utf8');
  const limits = { instructions: 1e12, wallTimeMs: 600_000, memoryBytes: 256 * 1024 * 1024 };
  const program = await host.deploy({ name, language: 'c', source, limits });
  return async (n) => {
    return timedRun(async () => {
      const result = await program.execute(undefined, { args: [String(n)] });
      if (result.status !== 'ok') throw new Error(`${name}: ${result.error?.message}`);
      return result.stdout.trimEnd();
    });
  };
}

export async function measureC(): Promise<unknown> {
  const host = await createHost({ workers: 0 });
  const results: Record<string, Record<string, number>> = {};
  for (const [name, n] of Object.entries(PROGRAMS)) {
    const own = await deployed(host, name);
    const peers: Record<string, () => Promise<Run>> = { gazelle: () => own(n) };
    const twin = readFileSync(`${FOLDER}/${name}.lua`, 'utf8');
    if (hasCommand('lua5.4')) peers['lua5.4'] = () => lua.measure(twin, n);
    if (hasCommand('gcc')) peers.native = async () => nativeRun(name, n);
    await own(Math.max(Math.floor(n / 20), 2));
    results[name] = await interleaveRuns(name, peers, ROUNDS);
  }
  await host.close();
  report(results);
  return { programs: results, figures: await measureCFigures() };
}

function report(results: Readonly<Record<string, Record<string, number>>>): void {
  const rows = Object.entries(results).map(([name, ms]) => [
    `${name}(${PROGRAMS[name]})`,
    ...['gazelle', 'lua5.4', 'native'].map((peer) => formatMs(ms[peer])),
    formatRatio(ms.gazelle! / ms['lua5.4']!),
    formatRatio(ms.gazelle! / ms.native!),
  ]);
  const means = ['lua5.4', 'native'].map((peer) =>
    formatRatio(geometricMean(Object.values(results).map((ms) => ms.gazelle! / ms[peer]!))),
  );
  rows.push(['geometric mean', '', '', '', ...means]);
  console.log(formatTable(['C program', 'gazelle', 'lua5.4', 'gcc -O2', '/lua5.4', '/gcc'], rows));
}
