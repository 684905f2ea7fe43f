// Files, and what require makes of them; what debug shows. Each folder beside this file holds programs with the output that they must have
// (`--update` writes it from the machine's: then read the difference), which the real lua5.4 has too.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasRealLua } from '../../frontends/lua/real-lua';
import { runLua } from '../../support/lua-runs';

const ROOT = 'test/stdlib/lua';
const compareWithRealLua = hasRealLua('programs with files are not compared with it');
const isUpdate = process.argv.includes('--update');

for (const folder of ['files', 'require', 'debug']) {
  const names = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + folder.length + 2));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(ROOT, folder, name))]));
  for (const name of names.filter((path) => Object.hasOwn(files, `${path}.out`))) {
    testProgram(folder, name, files);
  }
}

function testProgram(folder: string, name: string, files: Record<string, Uint8Array>): void {
  const path = join(ROOT, folder, name);
  const source = readFileSync(path, 'utf8');
  const expected = readFileSync(`${path}.out`, 'utf8');
  const { written, outcome, usage } = runLua(source, { files, fileName: name });

  test(`${folder}/${name} does what it must`, () => {
    if (isUpdate) writeFileSync(`${path}.out`, written);
    else assert.is(written, expected);
    assert.is(outcome.error, null);
  });

  test(`${folder}/${name} comes to the same with every slice`, () => {
    for (const slice of [1, 7, 1000]) {
      const sliced = runLua(source, { files, slice, fileName: name });
      assert.is(sliced.written, expected, `slice ${slice}`);
      assert.is(sliced.usage.instructions, usage.instructions, `slice ${slice}`);
    }
  });

  test(`${folder}/${name} does the same when every allocation collects`, () => {
    assert.is(runLua(source, { files, slice: 997, collectAlways: true, fileName: name }).written, expected);
  });

  if (!compareWithRealLua) return;
  test(`${folder}/${name} does what the real Lua does`, () => {
    const copy = mkdtempSync(join(tmpdir(), 'gazelle-'));
    cpSync(join(ROOT, folder), copy, { recursive: true });
    const { stdout } = spawnSync('lua5.4', [name], {
      cwd: copy,
      encoding: 'latin1',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    rmSync(copy, { recursive: true });
    assert.is(Buffer.from(stdout, 'latin1').toString(), expected);
  });
}

test.run();
