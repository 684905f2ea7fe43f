// Writes the files that are computed from the machine's tables (see tools/generated-files.ts): `npm run generate`.
// Node 20 cannot run TypeScript, so the generators are bundled first.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { writeLoopTemplates } from './loop-templates.mjs';

const bundle = resolve('.build/generate/generated-files.mjs');
await writeLoopTemplates();
await build({
  entryPoints: ['tools/generated-files.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
const { generatedFiles } = await import(pathToFileURL(bundle).href);
for (const [path, text] of Object.entries(generatedFiles())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(path);
}
