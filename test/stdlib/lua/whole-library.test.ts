// Guest files whose machinery stands between instructions (hooks, finalisers, closing, binary chunks) in other surroundings
// than cases.test.ts has: in slices of any size, and with a collection at every allocation.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runLua } from '../../support/lua-runs';

const FOLDER = 'test/cases/lua';
/** Where a collection at every allocation changes nothing that is printed. */
const ANYTIME = ['library/hooks', 'library/local-variables', 'library/binary-chunks', 'attributes/close-in-close'];

/** When finalisers are called shows: not in cases.test.ts, whose files come to the same whenever there is a collection. */
const FINALISERS = '../../stdlib/lua/finalisers/finalisers';

for (const name of [...ANYTIME, FINALISERS, 'library/collector-options']) {
  const source = readFileSync(`${FOLDER}/${name}.lua`, 'utf8');
  const fileName = `${name}.lua`;
  const whole = runLua(source, { fileName });

  test(`${name} comes to the same with every slice`, () => {
    assert.is(whole.outcome.error, null);
    for (const slice of [1, 7, 1000]) {
      const sliced = runLua(source, { slice, fileName });
      assert.is(sliced.written, whole.written, `slice ${slice}`);
      assert.is(sliced.usage.instructions, whole.usage.instructions, `slice ${slice}`);
    }
  });
}

for (const name of ANYTIME) {
  const source = readFileSync(`${FOLDER}/${name}.lua`, 'utf8');
  const fileName = `${name}.lua`;

  test(`${name} does the same when every allocation collects`, () => {
    const collected = runLua(source, { slice: 997, collectAlways: true, fileName });
    assert.is(collected.outcome.error, null);
    assert.is(collected.written, runLua(source, { fileName }).written);
  });
}

test('finalisers are called when, and in the order in which, they are expected', () => {
  const source = readFileSync(`${FOLDER}/${FINALISERS}.lua`, 'utf8');
  const expected = [...source.matchAll(/-- expect: (.*)/g)].map(([, line]) => `${line}\n`);
  assert.is(runLua(source, { fileName: 'finalisers.lua' }).written, expected.join(''));
});

test('no byte of a binary chunk is taken on trust', () => {
  const source = `
    local dumped, survived = string.dump(function(x) local y = x + 1.5 return function() return y, "text" end end), 0
    for i = 1, #dumped do
      if load(dumped:sub(1, i - 1) .. string.char((dumped:byte(i) + 1) % 256) .. dumped:sub(i + 1)) then survived = survived + 1 end
    end
    return survived, #dumped > 100`;
  assert.equal(runLua(source).outcome.values, [0, true]);
});

test('no hook is called where none is set, whatever another context of the program does', () => {
  const source = `
    local n = 0
    if ... then debug.sethook(function() n = n + 1 end, "", 1) end
    local t = {}
    for i = 1, 100 do t[i] = i * 2 end
    return n > 0, #t`;
  const hooked = runLua(source, { argument: true });
  assert.equal(hooked.outcome.values, [true, 100]);
  assert.equal(runLua(source).outcome.values, [false, 100]);
});

test.run();
