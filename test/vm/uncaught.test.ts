// An error that nothing catches ends the execution, after `__close` handlers have run; and what is reported of it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runLua } from '../support/lua-runs';

const LOG = `local function closing(name, action)
  return setmetatable({}, { __close = function(_, e) print(name, e) if action then action() end end })
end
`;

/** The run, which must not depend on the slices. */
function run(source: string, limits = {}) {
  const whole = runLua(LOG + source, { limits });
  for (const slice of [1, 17]) {
    const sliced = runLua(LOG + source, { limits, slice });
    assert.equal(sliced.outcome, whole.outcome);
    assert.is(sliced.written, whole.written);
    assert.is(sliced.usage.instructions, whole.usage.instructions);
  }
  const { error } = whole.outcome;
  return {
    written: whole.written,
    message: error?.message,
    code: error?.code,
    // Without the library's own frames.
    lines: (error?.stack ?? [])
      .filter(({ file }) => file === 'main.lua')
      .map((frame) => `${frame.function}:${frame.line}`),
  };
}

test('variables of the main chunk and of its functions are closed, the last first, with the error', () => {
  const { written, message, lines } = run(`
    local a <close> = closing('a')
    local function inner() local c <close> = closing('c') local d <close> = closing('d') error('oops') end
    local function outer() local b <close> = closing('b') inner() end
    outer()`);
  assert.is(written, ['d', 'c', 'b', 'a'].map((name) => `${name}\tmain.lua:6: oops\n`).join(''));
  assert.is(message, 'main.lua:6: oops');
  assert.equal(lines, ['inner:6', 'outer:7', 'main:8']);
});

test('an error in a handler takes the place of the first, for the handlers that follow and for the report', () => {
  const { written, message, lines } = run(`
    local a <close> = closing('a')
    local b <close> = closing('b', function() error('second', 0) end)
    local c <close> = closing('c')
    error('first', 0)`);
  assert.is(written, 'c\tfirst\nb\tfirst\na\tsecond\n');
  assert.is(message, 'second');
  assert.is(lines[0], 'anonymous:6');
  assert.is(lines.at(-1), 'main:8');
});

test('handlers catch errors of their own, call coroutines and make garbage', () => {
  const { written, message } = run(`
    local a <close> = closing('a', function()
      print(pcall(error, 'inside', 0))
      local co = coroutine.wrap(function(x) local y = coroutine.yield(x + 1) error(y, 0) end)
      print(co(1), pcall(co, 'from the coroutine'))
      for i = 1, 100 do local t = { tostring(i) } end collectgarbage()
    end)
    error({ code = 7 })`);
  assert.match(written, /^a\ttable: .*\nfalse\tinside\n2\tfalse\tfrom the coroutine\n$/);
  assert.is(message, '(error object is a table value)');
});

test('the closing value of a generic for is closed', () => {
  const { written } = run(`for i in function(_, i) return (i or 0) + 1 end, nil, nil, closing('loop') do
      if i == 3 then error('stop', 0) end
    end`);
  assert.is(written, 'loop\tstop\n');
});

test('after a stack overflow handlers have the room that is kept for them', () => {
  const { outcome, written } = runLua(`${LOG}
    local a <close> = closing('a')
    local function f() return 1 + f() end
    f()`);
  assert.match(written, /^a\tmain\.lua:\d+: stack overflow/);
  assert.is(outcome.error?.code, 'guest_error');
});

test('variables are closed when memory is used up, and the execution ends by its limit', () => {
  const { written, code } = run(
    `local a <close> = closing('a')
    local s = 'x' while true do s = s .. s end`,
    { memoryBytes: 1 << 20 },
  );
  assert.is(written, 'a\tnot enough memory\n');
  assert.is(code, 'limit.memory');
});

test('what handlers do is counted, and ends at the limit', () => {
  const { outcome, written } = runLua(
    `${LOG} local a <close> = closing('a', function() while true do end end) error('x', 0)`,
    {
      limits: { instructions: 100_000 },
    },
  );
  assert.is(written, 'a\tx\n');
  assert.is(outcome.error?.code, 'limit.instructions');
});

test('many variables whose handlers all fail are all closed', () => {
  const { outcome, written } = runLua(`
    local count = 0
    local failing = setmetatable({}, { __close = function() count = count + 1 error(count, 0) end })
    local last <close> = setmetatable({}, { __close = function(_, e) print(count, e) end })
    local function f(n) local v <close> = failing if n > 1 then f(n - 1) end error('first') end
    f(5000)`);
  assert.is(written, '5000\t5000\n');
  assert.is(outcome.error?.message, '5000');
});

const OBJECTS = `local function object(name, action)
  return setmetatable({ name = name }, { __gc = function(o) print('gc', o.name) if action then action(o) end end })
end
`;

test('finalisers are called after an uncaught error, behind the handlers, the newest first, and the error stays what it was', () => {
  const { written, message, lines } = run(`${OBJECTS}
    local first, second = object('first'), object('second', function() error('nobody hears it') end)
    first.second, second.first = second, first
    local a <close> = closing('a', function() print('closing', second.name) end)
    local function fails() error({ code = 7 }) end
    pcall(error, 'caught')
    coroutine.wrap(function() fails() end)()`);
  assert.equal(written.split('\n').slice(1), ['closing\tsecond', 'gc\tsecond', 'gc\tfirst', '']);
  assert.is(message, '(error object is a table value)');
  assert.is(lines.at(-1), 'main:13');
});

test('no finaliser is called at a limit, nor when memory has run out', () => {
  const objects = `${OBJECTS} local kept = object('kept')\n`;
  const endless = runLua(`${objects} while true do end`, { limits: { instructions: 50_000 } });
  assert.is(endless.outcome.error?.code, 'limit.instructions');
  assert.is(endless.written, '');
  const hoarding = runLua(`${objects} local hoard = {} for i = 1, math.huge do hoard[i] = { i } end`, {
    limits: { memoryBytes: 1 << 20 },
  });
  assert.is(hoarding.outcome.error?.code, 'limit.memory');
  assert.is(hoarding.written, '');
  const exiting = runLua(`${objects} error('leaves') `, { limits: { instructions: 30_000 } });
  assert.is(exiting.outcome.error?.code, 'guest_error');
  assert.is(exiting.written, 'gc\tkept\n');
});

test('a stack overflow that nothing catches has its finalisers called', () => {
  const { written, code, message } = run(
    `${OBJECTS} local kept = object('kept') local function f() return 1 + f() end f()`,
  );
  assert.is(code, 'guest_error');
  assert.match(message!, 'stack overflow');
  assert.is(written, 'gc\tkept\n');
});

test('os.exit with true closes what the main thread has open, then calls finalisers; nothing catches it', () => {
  const source = `${LOG}${OBJECTS}
    local kept = object('kept')
    local a <close> = closing('a', function() pcall(error, 'caught') end)
    print(pcall(function()
      local b <close> = closing('b', function() error('told to a', 0) end)
      local co = coroutine.wrap(function()
        local c <close> = closing('c')
        os.exit(7, true)
      end)
      print(pcall(co))
    end))
    print('never')`;
  const whole = runLua(source);
  assert.is(whole.outcome.error, null);
  assert.is(whole.outcome.exitCode, 7);
  assert.is(whole.written, 'b\tnil\na\ttold to a\ngc\tkept\n');
  for (const slice of [1, 23]) {
    const sliced = runLua(source, { slice });
    assert.is(sliced.written, whole.written);
    assert.is(sliced.usage.instructions, whole.usage.instructions);
  }
});

test('an error object says its own text by __tostring, and its data is there all the same', () => {
  const source = (handler: string) => `local E = { __tostring = ${handler} } error(setmetatable({ code = 7 }, E))`;
  const told = runLua(source("function(e) return 'E' .. e.code .. ('!'):rep(50) end"));
  assert.is(told.outcome.error?.message, `E7${'!'.repeat(50)}`);
  assert.equal(told.outcome.error?.value, { code: 7 });
  const sliced = runLua(source("function(e) return 'E' .. e.code .. ('!'):rep(50) end"), { slice: 1 });
  assert.equal(sliced.outcome, told.outcome);
  assert.is(sliced.usage.instructions, told.usage.instructions);
  assert.is(runLua(source('function() return {} end')).outcome.error?.message, '(error object is a table value)');
  assert.is(runLua(source('5')).outcome.error?.message, '(error object is a table value)');
  assert.match(runLua(source("function() error('in it', 0) end")).outcome.error!.message, 'in it');
});

test.run();
