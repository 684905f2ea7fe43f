// Builds dist/playground/ from playground/, functions/ and the built dist/browser.js, unless nothing of these has
// changed since the last time. Vite is only loaded when there is something to build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { globSync } from './glob.mjs';

const STAMP = '.build/playground.stamp';

/** Call it after dist/browser.js is built. The names of that file's chunks are hashes of what is in them. */
export async function buildPlayground() {
  const inputs = ['dist/browser.js', 'package-lock.json', 'tools/build-playground.mjs'];
  const key = hashOf([...inputs, ...globSync('playground', /./), ...globSync('functions', /./)]);
  if (existsSync('dist/playground') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === key) return;
  // A build that fails half-way must not look like the last one.
  rmSync(STAMP, { force: true });
  const { build } = await import('vite');
  await build({ configFile: 'playground/vite.config.ts', logLevel: 'warn' });
  writeFileSync(STAMP, key);
}

function hashOf(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) hash.update(`\n${path}\n`).update(readFileSync(path));
  return hash.digest('hex');
}
