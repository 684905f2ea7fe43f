// What `load` costs, and that it leaves nobody else anything: instructions by the text's length, memory for what was
// compiled, the same in every slice.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runLua } from '../../support/lua-runs';

const source = readFileSync('test/cases/lua/load/load.lua', 'utf8');
const whole = runLua(source, { fileName: 'load.lua' });

test('loading comes to the same with every slice', () => {
  for (const slice of [7, 1000]) {
    const sliced = runLua(source, { slice, fileName: 'load.lua' });
    assert.is(sliced.written, whole.written, `slice ${slice}`);
    assert.is(sliced.usage.instructions, whole.usage.instructions, `slice ${slice}`);
  }
});

test('loading does the same when every allocation collects', () => {
  assert.is(runLua(source, { slice: 9973, collectAlways: true, fileName: 'load.lua' }).written, whole.written);
});

function instructionsOf(text: string): number {
  return runLua(`load(${JSON.stringify(text)})`).usage.instructions;
}

test('a text is charged by its length, before it is compiled', () => {
  const short = instructionsOf('return 1');
  const long = instructionsOf(`return ${'1 + '.repeat(1000)}1`);
  assert.is(Math.floor((long - short) / 4000), 200);
  const { outcome } = runLua(`load(("x = 1 "):rep(10000))`, { limits: { instructions: 1_000_000 } });
  assert.is(outcome.error?.code, 'limit.instructions');
  assert.is(outcome.error?.used, 1_000_000);
});

test('a text is not longer than what is compiled in a short time', () => {
  const { written } = runLua(`print(load(("x = 1 "):rep(50000), "=long"))`);
  assert.is(written, 'nil\tlong:1: chunk has 300000 bytes (limit is 262144)\n');
});

test('what was compiled counts as memory, and its end is an error that can be caught', () => {
  const { written } = runLua(
    `local text = "return function() " .. ("x.y = x.y + 1 "):rep(400) .. "end"
    local count = 0
    print(pcall(function() while true do load(text) count = count + 1 end end))
    print(count > 5 and count < 100)`,
    { limits: { memoryBytes: 8 << 20, instructions: 1e9 } },
  );
  assert.is(written, 'false\tnot enough memory\ntrue\n');
});

test('memory that ends while text is loaded is an error that can be caught, or a limit', () => {
  const program = `local ok, message = pcall(function()
      for i = 1, 30 do assert(load("local a, b = 'text " .. i .. "', {} return function() return a, b end"))() end
    end)
    print(ok, message)`;
  const { usage } = runLua(program);
  for (let missing = 0; missing < 16; missing++) {
    const { written, outcome } = runLua(program, { limits: { memoryBytes: usage.memoryPeakBytes + missing * 8192 } });
    assert.ok(outcome.status === 'ok' || outcome.error?.code === 'limit.memory', JSON.stringify(outcome));
    if (written !== '') assert.ok(['true\tnil\n', 'false\tnot enough memory\n'].includes(written), written);
  }
});

test('a file that was written at run time can be loaded', () => {
  const { written } = runLua(`local f = io.open('made.lua', 'w')
    f:write('#! first line\\nreturn "made", ...')
    f:close()
    print(dofile('made.lua'))
    print(loadfile('made.lua', 't')(5))
    print(loadfile('made.lua', 'b'))
    print(require('made'))`);
  assert.is(written, "made\nmade\t5\nnil\tattempt to load a text chunk (mode is 'b')\nmade\tmade.lua\n");
});

test.run();
