// Tables of the library that sleep until somebody looks into them: whatever looks first, it finds what it would find in a program
// that says the table's name, in which it is awake from the start.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { compileLuaProgram, runLua } from '../../support/lua-runs';

/** A field of each table that may sleep. */
const TABLES = {
  coroutine: 'wrap',
  debug: 'traceback',
  io: 'write',
  math: 'floor',
  os: 'time',
  package: 'path',
  table: 'concat',
  utf8: 'char',
} as const;

/** Statements that look into the table `t`, which has the field FIELD, before anything else does. */
const LOOKS = [
  'return type(t.FIELD)',
  'return type(rawget(t, "FIELD"))',
  'return #t, rawlen(t)',
  'return getmetatable(t)',
  'local count = 0 for _ in pairs(t) do count = count + 1 end return count',
  'local count = 0 for _ in next, t do count = count + 1 end return count',
  'return type(next(t))',
  'for index in ipairs(t) do return index end return "none"',
  't.added = 1 local count = 0 for _ in pairs(t) do count = count + 1 end return count, t.added, type(t.FIELD)',
  'rawset(t, "added", 1) local count = 0 for _ in pairs(t) do count = count + 1 end return count, type(t.FIELD)',
  't.FIELD = nil return t.FIELD',
  't[1] = "one" return #t, t[1], type(t.FIELD)',
  'setmetatable(t, { __index = function(_, key) return key end }) return t.nothing, type(t.FIELD)',
  'setmetatable(t, nil) return type(t.FIELD)',
  'return type(setmetatable({}, { __index = t }).FIELD)',
  'local object = setmetatable({}, t) return object.FIELD',
  't.__index = t return type(setmetatable({}, t).FIELD)',
  'setmetatable({}, { __newindex = t }).added = 2 return t.added, type(t.FIELD)',
  'return select(2, pcall(function() return t:nothing() end))',
  'return type(setmetatable({}, { __index = setmetatable({}, { __index = t }) }).FIELD)',
  'collectgarbage() collectgarbage() return type(t.FIELD)',
  'return t == _ENV[name], t == require(name), rawequal(t, _ENV[name])',
  'local key = {} key[t] = 1 return key[_ENV[name]], type(t.FIELD)',
  'return pcall(function() return t < t end)',
  'return pcall(function() return t .. "" end)',
  'return select("#", t.FIELD, t.nothing)',
];

/** The name in pieces, which no constant of the program is. */
const inPieces = (name: string) => `'${name[0]}' .. '${name.slice(1)}'`;

for (const [name, field] of Object.entries(TABLES)) {
  test(`${name} is the same whatever wakes it`, () => {
    for (const look of LOOKS) {
      const statements = look.replaceAll('FIELD', field);
      const asleep = runLua(`local name = ${inPieces(name)} local t = _ENV[name] ${statements}`);
      const awake = runLua(`local name, t = '${name}', ${name} ${statements}`);
      assert.equal(asleep.outcome, awake.outcome, look);
    }
  });

  test(`${name} wakes in slices, and with a collection at every allocation`, () => {
    const source = `local t = _ENV[${inPieces(name)}] t.added = {} return type(t.${field}), type(t.added)`;
    const whole = runLua(source);
    assert.is(whole.outcome.status, 'ok');
    for (const slice of [1, 50]) {
      const sliced = runLua(source, { slice });
      assert.equal(sliced.outcome, whole.outcome);
      assert.is(sliced.usage.instructions, whole.usage.instructions);
    }
    assert.equal(runLua(source, { collectAlways: true, slice: 500 }).outcome, whole.outcome);
  });

  test(`${name} that cannot wake for want of memory is an error, and wakes once there is some`, () => {
    const source = `local name, length = ${inPieces(name)}, ...
      local is_held, held = pcall(string.rep, 'x', length)
      if not is_held then return 'full' end
      local ok, kind = pcall(function() return type(_ENV[name].${field}) end)
      held = nil
      collectgarbage()
      return ok or kind, type(_ENV[name].${field})`;
    const seen = new Set<unknown>();
    for (let length = 8 * 1024; length < 40 * 1024; length += 128) {
      const { outcome } = runLua(source, { limits: { memoryBytes: 40 * 1024 }, argument: length });
      assert.is(outcome.status, 'ok', JSON.stringify(outcome.error));
      seen.add(outcome.values[0]);
      if (outcome.values.length > 1) assert.is(outcome.values[1], name === 'package' ? 'string' : 'function');
    }
    assert.equal([...seen], [true, 'not enough memory', 'full']);
  });
}

test('what a program names is awake from the start, and costs nothing then', () => {
  const image = (source: string) => compileLuaProgram(source).image.length;
  const none = image('return 1');
  assert.ok(none * 4 <= 14 * 1024, `${none * 4} bytes`);
  assert.ok(image('return math') > none);
  assert.ok(
    runLua("return _ENV['ma' .. 'th'].floor(1)").usage.instructions > runLua('return math.floor(1)').usage.instructions,
  );
});

test('a table that sleeps crosses to the host as what it is: one with functions', () => {
  const { outcome } = runLua("return _ENV['ma' .. 'th']");
  assert.is(outcome.error?.code, 'result.kind');
});

test('a saved context wakes its library in another host', async () => {
  const source = `require 'gazelle'.sleep(0.1) return _ENV['ma' .. 'th'].floor(2.5), _ENV['ut' .. 'f8'].char(228)`;
  const function_ = { name: 'f', fileName: 'f.lua', language: 'lua', source, capabilities: ['sleep'] };
  const first = await createHost();
  const execution = (await first.deploy(function_)).execute();
  execution.suspend();
  await execution.suspension();
  const bytes = await execution.snapshot();
  execution.cancel();
  await execution;
  await first.close();
  const second = await createHost();
  await second.deploy(function_);
  const { values, error } = await second.restore(bytes);
  assert.equal(values, [2, 'ä'], JSON.stringify(error));
  await second.close();
});

test.run();
