// The code of whole files, as disassembly: test/cases/c/golden/*.c with the expected text beside them in *.txt. Only
// the file's own functions are shown. `node .build/test/frontends/c/golden.test.js --update` rewrites the texts: read
// the difference before it is committed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCFrontend } from '../../../frontends/c/index';
import { C_LIBRARY } from '../../../stdlib/c/index';
import { disassembleFunction } from '../../../vm/disassembler';
import { verifyModule } from '../../../vm/verifier';

const FOLDER = 'test/cases/c/golden';
const frontend = createCFrontend(C_LIBRARY);

function disassembly(fileName: string): string {
  const { module, diagnostics } = frontend.compile(readFileSync(`${FOLDER}/${fileName}`), { fileName });
  if (module === undefined) throw new Error(JSON.stringify(diagnostics));
  verifyModule(module);
  const own = module.functions.flatMap(({ debug }, index) =>
    module.sources[debug.source] === fileName ? [index] : [],
  );
  return own.map((index) => disassembleFunction(module, index, { compact: true })).join('\n');
}

for (const fileName of readdirSync(FOLDER).filter((name) => name.endsWith('.c'))) {
  test(`generates the same code for ${fileName} as before`, () => {
    const path = `${FOLDER}/${fileName.replace('.c', '.txt')}`;
    const text = disassembly(fileName);
    if (process.argv.includes('--update')) writeFileSync(path, text);
    assert.ok(existsSync(path), 'no expected text: run with --update');
    assert.fixture(text, readFileSync(path, 'utf8'));
  });
}

test('compiles to the same module every time', () => {
  const source = readFileSync(`${FOLDER}/values.c`);
  const first = frontend.compile(source, { fileName: 'values.c' });
  const second = createCFrontend(C_LIBRARY).compile(source, { fileName: 'values.c' });
  assert.equal(first.module, second.module);
});

test.run();
