// The soak: attacks and good functions of several tenants, deployments, removals, cancels, suspensions, snapshots and changes
// of budgets at random, from a seed, in one host. Checks every result, the neighbours, and in the end the memory. `npm run soak -- --minutes M --seed S`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { DeployedFunction, Execution, ExecutionResult, Host } from '../../host/core';
import { readFunctionFolder } from '../../host/node/function-folder';
import { createHost } from '../../host/node/host';
import type { RegionPool } from '../../vm/index';
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
const HOSTILE_TENANTS = 3;
/** Regions of 4 KiB to 1 MiB, nine sizes, for all that runs at once; and a slab of 4 MiB that is begun for each size. */
const MOST_SLAB_BYTES = MOST_AT_ONCE * (2 << 20) + 9 * (4 << 20);
/** How often the memory is looked at, and from which time on it must have settled. */
const LOOKS = 10;
const FIRST_SETTLED = 3;

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
const counts = {
  attacks: 0,
  neighbours: 0,
  deployments: 0,
  removals: 0,
  cancels: 0,
  suspensions: 0,
  restores: 0,
  budgets: 0,
  failures: 0,
};
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
  const tenant = host.tenant(`hostile${random.below(HOSTILE_TENANTS)}`);
  const result = await tenant.run({ ...options, limits: { ...LIMITS, ...options.limits } });
  const end = endOf(result);
  const isExpected =
    end === expected || result.status === 'limit' || (result.status === 'error' && end.startsWith('error trap.'));
  if (!isExpected) fail(`${file} ended with '${end}', not with '${expected}'`);
}

async function callNeighbour(host: Host, deployed: DeployedFunction, index: number): Promise<void> {
  const { samples } = goods[index]!;
  const { argument, args, stdin, value, stdout, exitCode } = samples[random.below(samples.length)]!;
  counts.neighbours++;
  const execution = deployed.execute(argument, { ...(args && { args }), ...(stdin && { stdin }) });
  const result = await disturb(host, execution);
  if (result.status === 'cancelled') return;
  const isRight =
    (value === undefined || JSON.stringify(result.value) === JSON.stringify(value)) &&
    (stdout === undefined || result.stdout === stdout) &&
    (exitCode === undefined || result.exitCode === exitCode);
  if (!isRight || result.status !== 'ok') fail(`${deployed.name}: ${JSON.stringify(result).slice(0, 500)}`);
}

/** Cancels it, has it stand still for a while, or goes on from its snapshot instead; mostly nothing. */
async function disturb(host: Host, execution: Execution): Promise<ExecutionResult> {
  const what = random.below(10);
  if (what > 2) return execution;
  await new Promise((resolve) => setTimeout(resolve, random.below(5)));
  if (what === 0) {
    counts.cancels++;
    execution.cancel();
    return execution;
  }
  if (!(await execution.suspend())) return execution;
  counts.suspensions++;
  await new Promise((resolve) => setTimeout(resolve, random.below(5)));
  const bytes = what === 1 ? null : await execution.snapshot();
  if (bytes === null) {
    execution.resume();
    return execution;
  }
  let written = '';
  for await (const { stream, text } of finished(execution)) if (stream === 'stdout') written += text;
  const restored = await goOn(host, bytes);
  if (restored === null) return { ...(await execution), status: 'cancelled' };
  return { ...restored, stdout: written + restored.stdout };
}

/** What an execution had written when it was ended for good. */
function finished(execution: Execution): Execution['logs'] {
  execution.cancel();
  return execution.logs;
}

/** The result of what goes on from a snapshot; null when its function was replaced or removed meanwhile. */
async function goOn(host: Host, bytes: Uint8Array): Promise<ExecutionResult | null> {
  try {
    const restored = await host.restore(bytes);
    counts.restores++;
    return restored;
  } catch (error) {
    if ((error as { code?: string }).code === 'snapshot.modules') return null;
    throw error;
  }
}

/** A hostile tenant gets other limits while its functions run. */
function changeBudget(host: Host): void {
  counts.budgets++;
  const isBounded = random.below(2) === 0;
  host.tenant(`hostile${random.below(HOSTILE_TENANTS)}`, {
    weight: 1 + random.below(4),
    budget: {
      instructionsPerSecond: isBounded ? 50_000_000 : Number.POSITIVE_INFINITY,
      memoryBytes: isBounded ? 32 << 20 : Number.POSITIVE_INFINITY,
      concurrentInvocations: isBounded ? 2 : Number.POSITIVE_INFINITY,
    },
  });
}

interface Memory {
  /** JavaScript's heap and all buffers but the slabs, the large regions that are kept, and the tenants' storage. */
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
  const { pool } = Reflect.get(host, 'engine') as { pool: RegionPool };
  const { slabBytes, keptBytes } = pool;
  // What tenants have stored is theirs, counted and limited.
  return { bytes: heapUsed + arrayBuffers - slabBytes - keptBytes - host.usage.storageBytes, slabBytes };
}

async function step(host: Host): Promise<void> {
  const index = random.below(goods.length);
  const { options } = goods[index]!;
  const deployed = host.get(options.name);
  switch (random.below(9)) {
    case 8:
      changeBudget(host);
      break;
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
      keep(callNeighbour(host, host.get(options.name)!, index));
  }
  while (running.size >= MOST_AT_ONCE) await Promise.race(running);
}

// In this thread: buffers that come from another one are not in what Node counts as this one's memory.
const host = await createHost({ workers: 0 });
const start = performance.now();
const memory: Memory[] = [];
for (let look = 1; look <= LOOKS; look++) {
  const end = start + (minutes * 60_000 * look) / LOOKS;
  while (performance.now() < end) await step(host);
  await Promise.all(running);
  memory.push(await settledMemory(host));
}
const before = memory[FIRST_SETTLED - 1]!;
const after = memory.at(-1)!;
if (after.bytes > before.bytes * 1.05 + (2 << 20)) {
  fail(`the memory grew from ${before.bytes} to ${after.bytes} bytes`);
}
if (after.slabBytes > MOST_SLAB_BYTES) fail(`there are ${after.slabBytes} bytes of slabs`);
if (host.usage.memoryBytes !== 0) fail(`${host.usage.memoryBytes} bytes are still counted`);
if (host.runningCount !== 0) fail(`${host.runningCount} executions are left`);
await host.close();
console.log(JSON.stringify({ seed, minutes, ...counts, memory }));
process.exitCode = counts.failures === 0 ? 0 : 1;
