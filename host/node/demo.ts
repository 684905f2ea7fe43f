// `npm run demo`: starts a server as a process, deploys every function of functions/ to it, calls each once and then ten
// times at once, then sets three hostile functions beside a good one, all by a WebSocket. Every figure comes from the
// results; ends non-zero when one is not what it should be.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExecutionResult, formatError } from '../core/index';
import { type Client, connect, type RemoteFunction } from './client';
import { answerOf, type FunctionFolder, type FunctionSample, readFunctionFolders } from './function-folder';
import { type SampleServices, startSampleServices } from './sample-services';

const AT_ONCE = 10;
const WIDEST_RESULT = 28;

/** One language each, and the limit that must stop it. */
const ATTACKS = [
  { file: 'endless-loop.sm', language: 'sm', resources: ['instructions'] },
  { file: 'memory-hog.lua', language: 'lua', resources: ['memory'] },
  { file: 'unbounded-recursion.c', language: 'c', resources: ['stack', 'memory_stack'] },
] as const;
const ATTACK_LIMITS = { instructions: 100_000_000, memoryBytes: 4 * 2 ** 20, wallTimeMs: 60_000 };
/** The well-behaved one, called beside the hostile ones. */
const GOOD = 'sieve-lua';

/** The folder with functions/ and test/: that of the built demo's package. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Something is not as it should be. */
class DemoFailure extends Error {}

function check(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new DemoFailure(reason);
}

function callOptions({ args, stdin }: FunctionSample): { args?: readonly string[]; stdin?: string } {
  return { ...(args !== undefined && { args }), ...(stdin !== undefined && { stdin }) };
}

/** What of a sample's expectation a result does not meet; undefined when it meets all. */
function differenceFrom(sample: FunctionSample, result: ExecutionResult): string | undefined {
  const { status, error, value, stdout, exitCode } = result;
  if (sample.error !== undefined) {
    return error?.message.includes(sample.error) ? undefined : `expected the error '${sample.error}'`;
  }
  if (status !== 'ok') return error === undefined ? status : formatError(error);
  if (sample.value !== undefined && !isSame(sample.value, value)) return `the value is ${JSON.stringify(value)}`;
  if (sample.stdout !== undefined && sample.stdout !== stdout) return `stdout is ${JSON.stringify(stdout)}`;
  if (sample.exitCode !== undefined && sample.exitCode !== exitCode) return `the exit code is ${exitCode}`;
  return undefined;
}

/** Members of objects may come in any order. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const names = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}

/** Calls a function with its first sample, once and ten times at once; a row of the table. */
async function demonstrate(fn: RemoteFunction, folder: FunctionFolder): Promise<string[]> {
  const sample = folder.samples[0]!;
  const options = callOptions(sample);
  const once = await fn.execute(sample.argument, options);
  const many = await fn.executeMany(AT_ONCE, sample.argument, options);
  for (const result of [once, ...many]) {
    const difference = differenceFrom(sample, result);
    check(difference === undefined, `${fn.name}: ${difference}`);
    check(result.usage.instructions === once.usage.instructions, `${fn.name}: two calls took different instructions`);
  }
  const { instructions, memoryPeakBytes, startTimeMs, wallTimeMs } = once.usage;
  return [
    fn.name,
    fn.language,
    shorten(answerOf(once)),
    instructions.toLocaleString('en'),
    formatKiB(memoryPeakBytes),
    formatMs(startTimeMs),
    formatMs(wallTimeMs - startTimeMs),
    formatMs(Math.max(...many.map(({ usage }) => usage.wallTimeMs))),
  ];
}

async function demonstrateFunctions(client: Client, services: SampleServices): Promise<void> {
  const folders = readFunctionFolders(join(root, 'functions')).map(services.redirect);
  const functions: RemoteFunction[] = [];
  for (const { options, entry } of folders) functions.push(await client.deploy({ ...options, fileName: entry }));
  console.log(`${folders.length} functions in one process\n`);
  const rows: string[][] = [];
  for (const [index, fn] of functions.entries()) rows.push(await demonstrate(fn, folders[index]!));
  const headings = ['function', 'language', 'result', 'instructions', 'memory', 'start', 'run', `${AT_ONCE} at once`];
  printTable(headings, rows, 3);
}

async function demonstrateAttacks(client: Client): Promise<void> {
  const good = await client.get(GOOD);
  check(good !== undefined, `there is no function '${GOOD}'`);
  const sample = readFunctionFolders(join(root, 'functions')).find(({ options }) => options.name === GOOD)!.samples[0]!;
  const attackers = await Promise.all(ATTACKS.map((attack) => deployAttack(client, attack)));
  const executions = attackers.map((fn) => fn.execute());
  const goodResult = await good.execute(sample.argument, callOptions(sample));
  const results = await Promise.all(executions);
  const rows = results.map((result, index) => attackRow(ATTACKS[index]!, result));
  const difference = differenceFrom(sample, goodResult);
  check(difference === undefined, `the good function beside hostile ones: ${difference}`);
  const { instructions, memoryPeakBytes, wallTimeMs } = goodResult.usage;
  const figures = [instructions.toLocaleString('en'), formatKiB(memoryPeakBytes), formatMs(wallTimeMs)];
  rows.push([GOOD, 'lua', `ended well: ${shorten(answerOf(goodResult))}`, '', ...figures]);
  console.log('\nThree hostile functions and a good one, at the same time\n');
  printTable(['function', 'language', 'came to', 'at', 'instructions', 'memory', 'time'], rows, 4);
}

function deployAttack(client: Client, { file, language }: (typeof ATTACKS)[number]): Promise<RemoteFunction> {
  const source = readFileSync(join(root, 'test/attacks', file));
  return client.deploy({ name: file, language, source, fileName: file, limits: ATTACK_LIMITS });
}

function attackRow({ file, language, resources }: (typeof ATTACKS)[number], result: ExecutionResult): string[] {
  const { status, error, usage } = result;
  const isStopped = status === 'limit' && (resources as readonly string[]).includes(error?.resource ?? '');
  check(isStopped, `${file} should have been stopped by the limit of its ${resources.join(' or ')}, but: ${status}`);
  const [top] = error!.stack;
  const figures = [
    usage.instructions.toLocaleString('en'),
    formatKiB(usage.memoryPeakBytes),
    formatMs(usage.wallTimeMs),
  ];
  return [file, language, `stopped: ${error!.code}`, `${top?.file}:${top?.line}`, ...figures];
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= WIDEST_RESULT ? line : `${line.slice(0, WIDEST_RESULT - 3)}...`;
}

function formatKiB(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en')} KiB`;
}

/** Three digits that count, in a unit that shows them. */
function formatMs(milliseconds: number): string {
  return milliseconds < 1 ? `${(milliseconds * 1000).toFixed(0)} µs` : `${milliseconds.toFixed(1)} ms`;
}

/** Columns from `numbers` on stand at the right. */
function printTable(headings: readonly string[], rows: readonly string[][], numbers: number): void {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column < numbers ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  console.log([line(headings), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n'));
}

/** A server in a process of its own, on a port that is free. */
async function startServer(services: SampleServices): Promise<{ child: ChildProcess; url: string }> {
  const program = join(root, 'dist/gazelle.js');
  const flags = ['--port', '0', '--json', '--private-address', services.address];
  const child = spawn(process.execPath, [program, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)));
    child.once('error', reject);
    child.once('close', (status) => reject(new DemoFailure(`the server ended with ${status} at once`)));
  });
  return { child, url: JSON.parse(ready).url };
}

/** Ends the server as a user does. */
async function stopServer(child: ChildProcess): Promise<void> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const status = child.exitCode ?? (await ended);
  check(status === 0, `the server ended with ${status}`);
}

async function main(): Promise<void> {
  check(existsSync(join(root, 'functions')), `there is no folder functions/ in ${root}`);
  // What functions ask over HTTP is served by this process.
  const services = await startSampleServices(readFunctionFolders(join(root, 'functions')));
  const { child, url } = await startServer(services);
  try {
    const client = await connect(url);
    console.log(`Process ${child.pid} serves at ${url}`);
    await demonstrateFunctions(client, services);
    await demonstrateAttacks(client);
    await client.close();
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    services.close();
  }
  await stopServer(child);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof DemoFailure ? `demo: ${error.message}` : error);
  process.exitCode = 1;
}
