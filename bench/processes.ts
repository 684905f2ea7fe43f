// One request, one start: a context here against an operating-system process that runs the same function.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createHost } from '../host/node/index';
import { hasCommand, measureQuickJs, temporaryFile } from './peers';
import { formatMs, formatTable, interleave } from './statistics';

const ROUNDS = 15;
const ARGUMENT = 10;

function timeCommand(command: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  spawnSync(command, args, { stdio: 'ignore' });
  return Promise.resolve(performance.now() - start);
}

/** Largest resident memory of a command, in KiB, as the system accounts it; NaN where it cannot be told. */
function residentKiB(command: string, args: readonly string[]): number {
  const script =
    'import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)';
  const { stdout, status } = spawnSync('python3', ['-c', script, command, ...args], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : Number.NaN;
}

export async function measureProcesses(): Promise<unknown> {
  const host = await createHost({ workers: 0 });
  const source = readFileSync('bench/programs/fib.lua', 'utf8');
  const lua = await host.deploy({ name: 'fib-lua', language: 'lua', source });
  const c = await host.deploy({ name: 'fib-c', language: 'c', source: readFileSync('bench/programs/fib.c', 'utf8') });
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const subjects: Record<string, () => Promise<number>> = {
    'gazelle, Lua': () => timed(async () => lua.execute(ARGUMENT)),
    'gazelle, C': () => timed(async () => c.execute(undefined, { args: [String(ARGUMENT)] })),
    'quickjs-emscripten context': () => timed(() => measureQuickJs(ARGUMENT)),
  };
  const memory: Record<string, number> = {
    'gazelle, Lua': (await lua.execute(ARGUMENT)).usage.memoryPeakBytes / 1024,
    'gazelle, C': (await c.execute(undefined, { args: [String(ARGUMENT)] })).usage.memoryPeakBytes / 1024,
  };
  const add = (name: string, command: string, args: string[]) => {
    subjects[name] = () => timeCommand(command, args);
    memory[name] = residentKiB(command, args);
  };
  add('process: node', process.execPath, [
    temporaryFile('fib.cjs', 'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); fib(Number(process.argv[2]));'),
    String(ARGUMENT),
  ]);
  if (hasCommand('lua5.4')) add('process: lua5.4', 'lua5.4', ['bench/programs/fib.lua', String(ARGUMENT)]);
  else console.log('lua5.4 is not on this machine');
  const binary = temporaryFile('fib', '');
  const compiled = hasCommand('gcc') && spawnSync('gcc', ['-O2', '-o', binary, 'bench/programs/fib.c']).status === 0;
  if (compiled) add('process: gcc binary', binary, [String(ARGUMENT)]);
  else console.log('gcc is not on this machine');
  const medians = await interleave(subjects, ROUNDS);
  const rows = Object.entries(medians).map(([name, time]) => [
    name,
    formatMs(time),
    memory[name] === undefined || Number.isNaN(memory[name]) ? '-' : `${Math.round(memory[name]!)} KiB`,
  ]);
  console.log(formatTable([`fib(${ARGUMENT}), start to result`, 'latency', 'memory'], rows));
  await host.close();
  return { medians, memory };
}
