// What is computed from the machine's tables and committed equals what the generators produce now.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generatedFiles } from '../../tools/generated-files';

for (const [path, text] of Object.entries(generatedFiles())) {
  test(`${path} is up to date (npm run generate)`, () => {
    assert.is(readFileSync(path, 'utf8'), text);
  });
}

test.run();
