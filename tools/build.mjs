// Builds dist/ (the shipped bundles, and the playground in a folder of its own) and, with --tests, .build/test/ (every
// test file, bundled with the sources it imports). Bundling is not cosmetic: esbuild turns the imported opcode numbers
// into integer literals, without which the interpreter loop is several times slower. With --types, writes the type
// declarations too.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { buildPlayground } from './build-playground.mjs';
import { BUNDLE_OPTIONS, PAGE_WORKER_OPTIONS } from './bundle-options.mjs';
import { globSync } from './glob.mjs';
import { writeLoopTemplates } from './loop-templates.mjs';

/** What buildPlayground makes in dist/, with its own idea of what is fresh. */
const PLAYGROUND = 'playground';

const entries = {
  vm: 'vm/index.ts',
  browser: 'host/page/index.ts',
  index: 'host/node/index.ts',
  server: 'host/node/server/index.ts',
  client: 'host/node/client.ts',
  gazelle: 'host/node/cli.ts',
  worker: 'host/node/worker.ts',
  demo: 'host/node/demo.ts',
  bench: 'bench/index.ts',
};

// What is computed of the loop and of the libraries comes first: the other bundles contain it.
await writeLoopTemplates();
const compiler = '.build/library-compiler';
const isNewCompiler = await bundle(compiler, { compile: 'tools/built-libraries.ts' });
if (isNewCompiler || !existsSync('.build/library/c-definitions.txt')) {
  execFileSync(process.execPath, [`${compiler}/compile.js`], { stdio: 'inherit' });
}
await bundle('dist', Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))), PLAYGROUND);
// By itself, for it shares little with the machine: a page that only calls a server need not load that.
await bundle('dist/page', { client: 'host/client/index.ts' });
await bundle('dist/page-worker', { index: 'host/page/worker.ts' }, null, PAGE_WORKER_OPTIONS);
if (existsSync('dist/gazelle.js')) chmodSync('dist/gazelle.js', 0o755);
await buildPlayground();
if (process.argv.includes('--tests')) {
  const tests = globSync('test', /\.test\.ts$/);
  const programs = [...tests, 'test/soak/soak.ts', 'test/soak/steps.ts'];
  await bundle('.build/test', {
    ...Object.fromEntries(programs.map((path) => [path.slice('test/'.length, -'.ts'.length), path])),
    // Beside the chunks that the tests have in common, which start it.
    worker: entries.worker,
  });
}
if (process.argv.includes('--types')) {
  // tsc writes only what has changed since its last run, and does not see that all of it was removed.
  if (!existsSync('dist/types')) rmSync('.build/tsconfig.build.tsbuildinfo', { force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  addExtensions('dist/types');
}

/** Node's own resolution wants whole file names in the declarations' imports; the sources leave the endings out. */
function addExtensions(folder) {
  for (const path of globSync(folder, /\.d\.ts$/)) {
    const text = readFileSync(path, 'utf8');
    const whole = text.replaceAll(
      /((?:from |import\()(["']))(\.{1,2}\/[^"']+)(?<!\.js|\.json)\2/g,
      (_, start, quote, specifier) => {
        const isFile = existsSync(join(dirname(path), `${specifier}.d.ts`));
        return `${start}${specifier}${isFile ? '' : '/index'}.js${quote}`;
      },
    );
    if (whole !== text) writeFileSync(path, whole);
  }
}

/**
 * Bundles `entryPoints` into `folder`, unless nothing that went into it last time has changed; `kept` stays as it is.
 * Whether it did.
 */
async function bundle(folder, entryPoints, kept = null, options = BUNDLE_OPTIONS) {
  const stamp = `.build/${folder.replaceAll('/', '-').replace(/^\./, '')}.stamp.json`;
  const key = JSON.stringify([entryPoints, options, process.version]);
  if (isFresh(stamp, key, folder)) return false;
  empty(folder, kept);
  const result = await build({ ...options, entryPoints, outdir: folder });
  mkdirSync('.build', { recursive: true });
  const inputs = Object.keys(result.metafile.inputs).map((path) => [path, statSync(path).mtimeMs]);
  writeFileSync(stamp, JSON.stringify({ key, inputs }));
  return true;
}

/** Removes what is in a folder, but for the entry `kept`. */
function empty(folder, kept) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name !== kept) rmSync(join(folder, name), { recursive: true });
  }
}

function isFresh(stamp, key, folder) {
  if (!existsSync(stamp) || !existsSync(folder)) return false;
  const last = JSON.parse(readFileSync(stamp, 'utf8'));
  return last.key === key && last.inputs.every(([path, time]) => existsSync(path) && statSync(path).mtimeMs === time);
}
