// Measuring in a process of its own, with the bundles as shipped.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The bundles as shipped. */
export const DIST = resolve('dist');

/** Runs a module's text in a fresh process, with `dist` as its machine and `env` beside the environment; what it prints as JSON. */
export function inProcess<T>(
  script: string,
  dist = DIST,
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): T {
  const text = `import { createHost } from ${JSON.stringify(`${dist}/index.js`)};\n${script}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', ...flags, '--input-type=module', '-e', text],
    { encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, ...env } },
  );
  if (status !== 0) throw new Error(`a measuring process failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}
