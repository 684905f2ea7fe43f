// Snippets of Lua on the value loop give what the real Lua gives: values, errors with their positions and names.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkLua, runLua, runOnRealLua } from '../support/value-program';
import { VALUE_SNIPPETS } from '../support/value-snippets';

const real = runOnRealLua(VALUE_SNIPPETS);
if (real === null) console.log('SKIPPED: the comparison of snippets with the real Lua (no lua5.4)');

VALUE_SNIPPETS.forEach((source, index) => {
  test(source.slice(0, 100), () => {
    const { outcome, instructions } = runLua(linkLua(source));
    assert.ok(instructions > 0);
    if (real !== null) assert.is(outcome, real[index]);
  });
});

test.run();
