// Random programs against a C compiler: the same source gives the same output. Long runs: set PROGRAMS.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { randomProgram } from './random-program';

const PROGRAMS = Number(process.env.PROGRAMS ?? 25);
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);
/** A seed whose program runs longer than this is passed over. */
const INSTRUCTIONS = 20_000_000;

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;
if (!hasCompiler) console.log('SKIPPED: gcc missing: random C programs were not compared');

/** What gcc's program prints. */
function expectedOutput(folder: string, source: string): string {
  const path = join(folder, 'program.c');
  writeFileSync(path, source);
  execFileSync('gcc', ['-w', '-O1', '-fwrapv', '-ffp-contract=off', '-o', join(folder, 'program'), path]);
  return execFileSync(join(folder, 'program'), { timeout: 20_000 }).toString();
}

test('random programs print what gcc makes them print', async () => {
  if (!hasCompiler) return;
  const host = await createHost();
  const folder = mkdtempSync(join(tmpdir(), 'gazelle-c-'));
  try {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
      const source = randomProgram(seed);
      const result = await host.run({ language: 'c', source, limits: { instructions: INSTRUCTIONS } });
      if (result.status === 'limit') continue;
      assert.is(result.error?.message, undefined, `seed ${seed}`);
      assert.is(result.stdout, expectedOutput(folder, source), `seed ${seed}`);
    }
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
