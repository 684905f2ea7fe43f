// Runs a small C program as an oracle; without gcc it says what is skipped and gives undefined.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The standard output of a C program for an input, or undefined if there is no gcc. */
export function runC(name: string, source: string, input: string): string | undefined {
  if (spawnSync('gcc', ['--version']).status !== 0) {
    console.log(`SKIPPED: gcc missing: ${name} was not compared with the C library`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'gazelle-numbers-'));
  try {
    writeFileSync(join(folder, 'oracle.c'), source);
    execFileSync('gcc', ['-O1', '-w', '-o', join(folder, 'oracle'), join(folder, 'oracle.c')]);
    return execFileSync(join(folder, 'oracle'), { input, maxBuffer: 1 << 28, encoding: 'latin1' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
