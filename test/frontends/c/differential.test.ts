// Random programs against a C compiler: the same source gives the same output. Long runs: set PROGRAMS.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type Host } from '../../../host/core/index';
import { randomProgram } from './random-program';

const PROGRAMS = Number(process.env.PROGRAMS ?? 200);
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);
/** A seed whose program runs longer than this is passed over. */
const INSTRUCTIONS = 20_000_000;

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;
if (!hasCompiler) console.log('SKIPPED: gcc missing: random C programs were not compared');

/** Programs under way at one time: a compiler beside a host. */
const PARALLEL = 2;
const run = promisify(execFile);

/** What gcc's program prints. */
async function expectedOutput(folder: string, seed: number, source: string): Promise<string> {
  const path = join(folder, `${seed}.c`);
  const program = join(folder, `${seed}`);
  writeFileSync(path, source);
  await run('gcc', ['-w', '-O1', '-fwrapv', '-ffp-contract=off', '-o', program, path]);
  const { stdout } = await run(program, { timeout: 20_000 });
  rmSync(program);
  return stdout;
}

/** Whether the program of `seed` ran to its end in both. */
async function compare(host: Host, folder: string, seed: number): Promise<boolean> {
  const source = randomProgram(seed);
  const result = await host.run({ language: 'c', source, limits: { instructions: INSTRUCTIONS } });
  if (result.status === 'limit') return false;
  assert.is(result.error?.message, undefined, `seed ${seed}`);
  assert.is(result.stdout, await expectedOutput(folder, seed, source), `seed ${seed}`);
  return true;
}

test('random programs print what gcc makes them print', async () => {
  if (!hasCompiler) return;
  const host = await createHost();
  const folder = mkdtempSync(join(tmpdir(), 'gazelle-c-'));
  try {
    let next = FIRST_SEED;
    let compared = 0;
    const worker = async () => {
      while (next < FIRST_SEED + PROGRAMS) if (await compare(host, folder, next++)) compared++;
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    console.log(`${compared} of ${PROGRAMS} programs compared`);
    assert.ok(compared > 0.9 * PROGRAMS, `${compared} compared`);
  } finally {
    rmSync(folder, { recursive: true });
    await host.close();
  }
});

test('random programs are the same for a seed, and others for another', () => {
  assert.is(randomProgram(7), randomProgram(7));
  assert.is.not(randomProgram(7), randomProgram(8));
});

test.run();
