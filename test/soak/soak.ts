// The soak: attacks, good functions, deployments, removals and cancels at random, from a seed, in one host. Checks every
// result, the neighbours, and in the end the memory. `npm run soak -- --minutes M --seed S`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHost, type DeployedFunction, type Execution, type ExecutionResult, type Host } from '../../host/core';
import { readFunctionFolder } from '../../host/node/function-folder';
import { endOf, readAttacks } from '../support/attacks';
import { Random } from '../support/random';

const GOOD = [
  'sieve-lua',
  'sieve-c',
  'sieve-sm',
  'quicksort-lua',
  'sha256-c',
  'crc32-sm',
  'levenshtein',
  'json-format',
];
/** Small, so that many of each kind take their turns. Ends other than the headers' may come first, never `ok`. */
const LIMITS = { instructions: 2_000_000, memoryBytes: 8 << 20, wallTimeMs: 60_000, outputBytes: 1 << 20 };
const MOST_AT_ONCE = 24;
/** Regions of 4 KiB to 1 MiB, nine sizes, for all that runs at once; and a slab of 4 MiB that is begun for each size. */
const MOST_SLAB_BYTES = MOST_AT_ONCE * (2 << 20) + 9 * (4 << 20);
/** Share of the time after which the memory must have settled. */
const WARM_UP_SHARE = 0.3;

const option = (name: string, otherwise: number) => {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!(value > 0)) throw new RangeError(`--${name} must be a number above 0`);
  return value;
};

const minutes = option('minutes', 10);
const seed = option('seed', 1);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const random = new Random(seed);
const attacks = readAttacks();
const goods = GOOD.map((name) => {
  const { options, samples } = readFunctionFolder(`functions/${name}`);
  // Compiling holds the others up, on a busy machine for longer than some of these may take: counts decide, not the clock.
  const patient = { ...options, limits: { ...options.limits, wallTimeMs: 60_000 } };
  return { options: patient, samples: samples.filter((sample) => !('error' in sample) || sample.error === undefined) };
});
const counts = { attacks: 0, neighbours: 0, deployments: 0, removals: 0, cancels: 0, failures: 0 };
const running = new Set<Promise<void>>();

function fail(message: string): void {
  counts.failures++;
  console.error(`FAILED (seed ${seed}): ${message}`);
}

function keep(work: Promise<void>): void {
  const tracked = work.catch((error: unknown) => fail(String(error))).finally(() => running.delete(tracked));
  running.add(tracked);
}

async function attack(host: Host): Promise<void> {
  const { file, expected, options } = attacks[random.below(attacks.length)]!;
  counts.attacks++;
  const result = await host.run({ ...options, limits: { ...LIMITS, ...options.limits } });
  const end = endOf(result);
  const isExpected =
    end === expected || result.status === 'limit' || (result.status === 'error' && end.startsWith('error trap.'));
  if (!isExpected) fail(`${file} ended with '${end}', not with '${expected}'`);
}

async function callNeighbour(deployed: DeployedFunction, index: number): Promise<void> {
  const { samples } = goods[index]!;
  const { argument, args, stdin, value, stdout, exitCode } = samples[random.below(samples.length)]!;
  counts.neighbours++;
  const execution = deployed.execute(argument, { ...(args && { args }), ...(stdin && { stdin }) });
  const result = await maybeCancel(execution);
  if (result.status === 'cancelled') return;
  const isRight =
    (value === undefined || JSON.stringify(result.value) === JSON.stringify(value)) &&
    (stdout === undefined || result.stdout === stdout) &&
    (exitCode === undefined || result.exitCode === exitCode);
  if (!isRight || result.status !== 'ok') fail(`${deployed.name}: ${JSON.stringify(result).slice(0, 500)}`);
}

async function maybeCancel(execution: Execution): Promise<ExecutionResult> {
  if (random.below(10) > 0) return execution;
  await new Promise((resolve) => setTimeout(resolve, random.below(5)));
  counts.cancels++;
  execution.cancel();
  return execution;
}

interface Memory {
  /** JavaScript's heap and all buffers but the slabs. */
  readonly bytes: number;
  /** What regions are cut from: kept for ever, as many as were needed at once. */
  readonly slabBytes: number;
}

async function settledMemory(host: Host): Promise<Memory> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const { slabBytes } = (Reflect.get(host, 'engine') as { pool: { slabBytes: number } }).pool;
  return { bytes: heapUsed + arrayBuffers - slabBytes, slabBytes };
}

async function step(host: Host): Promise<void> {
  const index = random.below(goods.length);
  const { options } = goods[index]!;
  const deployed = host.get(options.name);
  switch (random.below(8)) {
    case 0:
      counts.deployments++;
      await host.deploy(options);
      break;
    case 1:
      if (deployed !== undefined && host.remove(options.name)) counts.removals++;
      break;
    case 2:
    case 3:
      keep(attack(host));
      break;
    default:
      if (deployed === undefined) await host.deploy(options);
      keep(callNeighbour(host.get(options.name)!, index));
  }
  while (running.size >= MOST_AT_ONCE) await Promise.race(running);
}

const host = await createHost();
const start = performance.now();
const end = start + minutes * 60_000;
let before: Memory | null = null;
while (performance.now() < end) {
  await step(host);
  if (before === null && performance.now() > start + minutes * 60_000 * WARM_UP_SHARE) {
    await Promise.all(running);
    before = await settledMemory(host);
  }
}
await Promise.all(running);
const after = await settledMemory(host);
if (before === null || after.bytes > before.bytes * 1.05 + (2 << 20)) {
  fail(`the memory grew from ${before?.bytes} to ${after.bytes} bytes`);
}
if (after.slabBytes > MOST_SLAB_BYTES) fail(`there are ${after.slabBytes} bytes of slabs`);
if (host.runningCount !== 0) fail(`${host.runningCount} executions are left`);
await host.close();
console.log(JSON.stringify({ seed, minutes, ...counts, memoryBefore: before, memoryAfter: after }));
process.exitCode = counts.failures === 0 ? 0 : 1;
