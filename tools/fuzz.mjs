// The long fuzz: `npm run fuzz -- [--runs N] [NAME...]` runs the fuzz tests of modules and snapshots, or those whose path contains
// a name, N times (100,000) each.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { globSync } from './glob.mjs';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '100000' } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : ['module-fuzz', 'snapshot-fuzz'];
const files = globSync('.build/test', /-fuzz\.test\.js$/).filter((file) => names.some((name) => file.includes(name)));
if (files.length === 0) throw new RangeError('no fuzz test has such a name');
for (const file of files) {
  console.log(file.replace('.build/test/', '').replace('.js', '.ts'));
  const env = { ...process.env, GAZELLE_FUZZ_RUNS: values.runs };
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', file], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
}
