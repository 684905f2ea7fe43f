// Runs every built test file in a process of its own, two at a time, and prints `N passed, N failed` last.
// A file fails the run when it registers no test, does not end by itself in time (an open handle), or exits non-zero.
// Usage: node tools/test.mjs [PATTERN...]: only the files whose path contains a pattern.
import { spawn } from 'node:child_process';
import { globSync } from './glob.mjs';

const FILE_TIME_LIMIT_MS = 240_000;
const PARALLEL = 2;

const patterns = process.argv.slice(2);
const files = globSync('.build/test', /\.test\.js$/).filter(
  (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
);
const queue = [...files];
const totals = { passed: 0, failed: 0 };
const skips = [];
await Promise.all(Array.from({ length: PARALLEL }, worker));
if (files.length === 0) {
  console.log('no test file matches');
  totals.failed++;
}
for (const skip of new Set(skips)) console.log(`skipped: ${skip}`);
if (skips.length > 0 && process.env.GAZELLE_NO_SKIPS === '1') totals.failed += skips.length;
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

async function worker() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) report(file, await run(file));
}

function report(file, { code, output, timedOut, seconds }) {
  const total = Number(/^\s*Total:\s+(\d+)/m.exec(output)?.[1] ?? 0);
  const passed = Number(/^\s*Passed:\s+(\d+)/m.exec(output)?.[1] ?? 0);
  let failed = total - passed;
  let reason = '';
  if (timedOut) reason = `did not end within ${FILE_TIME_LIMIT_MS / 1000} s (endless test or open handle)`;
  else if (total === 0) reason = 'registered no test';
  else if (code !== 0 && failed === 0) reason = `exited with ${code}`;
  if (reason !== '') failed = Math.max(failed, 1);
  for (const [, skip] of output.matchAll(/^SKIPPED: (.*)$/gm)) skips.push(skip);
  totals.passed += passed;
  totals.failed += failed;
  const name = file.replace('.build/test/', '').replace('.js', '.ts');
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${name} ${passed}/${total} ${seconds.toFixed(1)} s ${reason}`);
  if (failed > 0) console.log(output);
}

function run(file) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(process.execPath, ['--enable-source-maps', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let timedOut = false;
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, FILE_TIME_LIMIT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output, timedOut, seconds: (performance.now() - start) / 1000 });
    });
  });
}
