// Golden disassembly: what whole sources become. `node .build/test/frontends/lua/golden.test.js --update` rewrites the
// files, and then somebody reads the difference.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLua } from '../../../frontends/lua/index';
import { disassembleModule } from '../../../vm/disassembler';
import { globSync } from './glob';

const isUpdating = process.argv.includes('--update');

for (const path of globSync('test/frontends/lua/golden', /\.lua$/)) {
  test(`${path} compiles to the same instructions as before`, () => {
    const fileName = path.slice(path.lastIndexOf('/') + 1);
    const { module, diagnostics } = compileLua(readFileSync(path), { fileName });
    assert.equal(diagnostics, []);
    const actual = disassembleModule(module!, { compact: true });
    const goldenPath = path.replace(/\.lua$/, '.txt');
    if (isUpdating || !existsSync(goldenPath)) writeFileSync(goldenPath, actual);
    assert.fixture(actual, readFileSync(goldenPath, 'utf8'));
  });
}

test.run();
