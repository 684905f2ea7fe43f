// The experiments: `npm run bench [NAME...]`. Each prints its table; all figures go to bench/results/latest.json. Nothing
// here passes or fails: bars and how they were met stand in docs/performance.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { measureC } from './c';
import { measureContexts } from './contexts';
import { measureIsolation } from './isolation';
import { measureLanguages } from './languages';
import { measureLibrary } from './library';
import { measureLua } from './lua';
import { measureProcesses } from './processes';
import { measureServer } from './server';
import { measureTraining } from './training';

const EXPERIMENTS: Readonly<Record<string, () => Promise<unknown>>> = {
  languages: measureLanguages,
  lua: measureLua,
  library: measureLibrary,
  c: measureC,
  contexts: measureContexts,
  processes: measureProcesses,
  training: measureTraining,
  server: measureServer,
  isolation: measureIsolation,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(EXPERIMENTS);
const results: Record<string, unknown> = { date: new Date().toISOString(), node: process.version, cpu: process.arch };
for (const name of names) {
  const experiment = EXPERIMENTS[name];
  if (experiment === undefined) throw new RangeError(`no experiment '${name}': ${Object.keys(EXPERIMENTS).join(', ')}`);
  console.log(`\n## ${name}\n`);
  results[name] = await experiment();
}
mkdirSync('bench/results', { recursive: true });
writeFileSync('bench/results/latest.json', `${JSON.stringify(results, null, 2)}\n`);
console.log('\nwritten: bench/results/latest.json');
