// The code of whole functions, as disassembled, is what it was: golden/NAME.txt. After a change that is meant, run
// `node .build/test/frontends/stack/golden.test.js --update` and read the difference.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { disassembleModule } from '../../../vm/disassembler';
import { compile } from './listing';

const GOLDEN = 'test/frontends/stack/golden';

const sources = readdirSync('functions')
  .filter((name) => name.endsWith('-sm'))
  .map((name) => [name, `functions/${name}/main.sm`]);
const isUpdate = process.argv.includes('--update');
if (isUpdate) mkdirSync(GOLDEN, { recursive: true });

for (const [name, path] of sources) {
  test(`${name} is compiled to the same code`, () => {
    const text = disassembleModule(compile(readFileSync(path!)), { compact: true });
    const golden = `${GOLDEN}/${name}.txt`;
    if (isUpdate) writeFileSync(golden, text);
    assert.fixture(text, readFileSync(golden, 'utf8'));
  });
}

test('there is a golden file for each, and no other', () => {
  assert.equal(readdirSync(GOLDEN).sort(), sources.map(([name]) => `${name}.txt`).sort());
});

test.run();
