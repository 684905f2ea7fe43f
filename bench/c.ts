// The same algorithms in C here, in C natively (gcc -O2) and in Lua under lua5.4, by processor time. Each result is compared.
import { readFileSync } from 'node:fs';
import { createHost, type Host } from '../host/node/index';
import { hasCommand, runCommand, temporaryFile } from './peers';
import { formatMs, formatRatio, formatTable, interleave } from './statistics';

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

/** One run of a program: what it printed, and how long it took. */
interface Run {
  readonly output: string;
  readonly ms: number;
}

const LUA_TIMER = `
local program, n = loadfile(arg[1]), tonumber(arg[2])
local start = os.clock()
local result = program(n)
print(tostring(result))
print((os.clock() - start) * 1000)`;

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

/** The last line is the time. */
function timed(output: string): Run {
  const lines = output.trimEnd().split('\n');
  const ms = Number(lines.pop());
  return { output: lines.join('\n'), ms };
}

function luaRun(name: string, n: number): Run {
  return timed(runCommand('lua5.4', [temporaryFile('timer.lua', LUA_TIMER), `${FOLDER}/${name}.lua`, String(n)]));
}

function nativeRun(name: string, n: number): Run {
  const program = temporaryFile(`${name}-native`, '');
  const define = `-DPROGRAM="${process.cwd()}/${FOLDER}/${name}.c"`;
  runCommand('gcc', ['-O2', '-w', define, '-o', program, temporaryFile('timer.c', C_TIMER), '-lm']);
  return timed(runCommand(program, [String(n)]));
}

/** Deploys a program; each call runs it once, by the processor time of this process. */
async function deployed(host: Host, name: string): Promise<(n: number) => Promise<Run>> {
  const source = readFileSync(`${FOLDER}/${name}.c`, 'utf8');
  const limits = { instructions: 1e12, wallTimeMs: 600_000, memoryBytes: 256 * 1024 * 1024 };
  const program = await host.deploy({ name, language: 'c', source, limits });
  return async (n) => {
    const start = process.cpuUsage();
    const result = await program.execute(undefined, { args: [String(n)] });
    const { user, system } = process.cpuUsage(start);
    if (result.status !== 'ok') throw new Error(`${name}: ${result.error?.message}`);
    return { output: result.stdout.trimEnd(), ms: (user + system) / 1000 };
  };
}

export async function measureC(): Promise<unknown> {
  const host = await createHost({ workers: 0 });
  const results: Record<string, Record<string, number>> = {};
  for (const [name, n] of Object.entries(PROGRAMS)) {
    const own = await deployed(host, name);
    const peers: Record<string, () => Run | Promise<Run>> = { gazelle: () => own(n) };
    if (hasCommand('lua5.4')) peers['lua5.4'] = () => luaRun(name, n);
    if (hasCommand('gcc')) peers.native = () => nativeRun(name, n);
    await own(Math.max(Math.floor(n / 20), 2));
    const outputs = new Set<string>();
    const subject = (run: () => Run | Promise<Run>) => async () => {
      const { output, ms } = await run();
      outputs.add(output);
      return ms;
    };
    results[name] = await interleave(
      Object.fromEntries(Object.entries(peers).map(([peer, run]) => [peer, subject(run)])),
      ROUNDS,
    );
    if (outputs.size > 1) throw new Error(`${name} gives different results: ${[...outputs].join(' | ')}`);
  }
  await host.close();
  report(results);
  return results;
}

function report(results: Readonly<Record<string, Record<string, number>>>): void {
  const rows = Object.entries(results).map(([name, ms]) => [
    `${name}(${PROGRAMS[name]})`,
    ...['gazelle', 'lua5.4', 'native'].map((peer) => formatMs(ms[peer])),
    formatRatio(ms.gazelle! / ms['lua5.4']!),
    formatRatio(ms.gazelle! / ms.native!),
  ]);
  const means = ['lua5.4', 'native'].map((peer) => {
    const logs = Object.values(results).map((ms) => Math.log(ms.gazelle! / ms[peer]!));
    return formatRatio(Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length));
  });
  rows.push(['geometric mean', '', '', '', ...means]);
  console.log(formatTable(['C program', 'gazelle', 'lua5.4', 'gcc -O2', '/lua5.4', '/gcc'], rows));
}
