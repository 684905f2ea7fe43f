// The guest files about coroutines in other surroundings than cases.test.ts has: in slices, with a collection at every
// allocation, with memory that ends anywhere. And what coroutines cost.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runLua } from '../../support/lua-runs';

const FOLDER = 'test/cases/lua/coroutines';
const KIB = 1024;

for (const fileName of readdirSync(FOLDER)) {
  const source = readFileSync(join(FOLDER, fileName), 'utf8');
  const whole = runLua(source, { fileName });

  test(`${fileName} comes to the same with every slice`, () => {
    assert.is(whole.outcome.error, null);
    for (const slice of [1, 7, 1000]) {
      const sliced = runLua(source, { slice, fileName });
      assert.is(sliced.written, whole.written, `slice ${slice}`);
      assert.is(sliced.usage.instructions, whole.usage.instructions, `slice ${slice}`);
    }
  });

  test(`${fileName} does the same when every allocation collects`, () => {
    assert.is(runLua(source, { slice: 997, collectAlways: true, fileName }).written, whole.written);
  });
}

/** Some coroutines that work and fail; the memory that they may have ends at any of their allocations. */
const HUNGRY = `
local log = {}
local function closing() return setmetatable({}, { __close = function() log[#log + 1] = "closed" end }) end
local function body(n)
  local c <close> = closing()
  local t = {}
  for i = 1, n do t[i] = { coroutine.yield(i) } end
  error("at the end " .. n)
end
local function all()
  for n = 1, 12 do
    local co = coroutine.create(body)
    for i = 1, n do coroutine.resume(co, i == 1 and n or i, "value " .. i) end
    if n % 3 == 0 then assert(coroutine.close(co)) else coroutine.resume(co) coroutine.close(co) end
    local w = coroutine.wrap(function(...) return select("#", coroutine.yield(...)) end)
    w(table.unpack({}, 1, 20 * n))
    w(table.unpack({}, 1, 30 * n))
    pcall(coroutine.wrap(body), 0)
  end
  return "done"
end
local ok, message = pcall(all)
log = nil
print(ok, message)
`;

test('memory that ends inside a coroutine is an error that can be caught, or a limit', () => {
  const enough = runLua(HUNGRY, { collectAlways: true, slice: 1 << 20 });
  assert.is(enough.written, 'true\tdone\n');
  const seen = new Set<string>();
  for (let missing = 16; missing < 24 * KIB; missing += 48) {
    const memoryBytes = enough.usage.memoryPeakBytes - missing;
    const { written, outcome } = runLua(HUNGRY, { limits: { memoryBytes } });
    assert.ok(outcome.status === 'ok' || outcome.error?.code === 'limit.memory', JSON.stringify(outcome));
    if (written !== '') assert.ok(['true\tdone\n', 'false\tnot enough memory\n'].includes(written), written);
    seen.add(written);
  }
  assert.ok(seen.has('false\tnot enough memory\n'));
});

function peakOf(source: string): number {
  return runLua(source).usage.memoryPeakBytes;
}

test('a suspended coroutine takes less than a KiB', () => {
  const make = (count: number) =>
    peakOf(`local all = {} for i = 1, ${count} do local co = coroutine.wrap(function(a) coroutine.yield(a) end)
      co(i) all[i] = co end`);
  const each = (make(4000) - make(2000)) / 2000;
  assert.ok(each < KIB, `${each} bytes`);
});

test('suspended coroutines that nothing refers to are collected', () => {
  const drop = (count: number) =>
    peakOf(`for i = 1, ${count} do local co = coroutine.wrap(function() coroutine.yield(1) end) co() end`);
  assert.ok(drop(50_000) < 1024 * KIB);
});

test('what a coroutine passes on is charged', () => {
  const cost = (count: number) =>
    runLua(`local f = coroutine.wrap(function(...) while true do coroutine.yield(...) end end)
      for i = 1, 100 do f(table.unpack({}, 1, ${count})) end`).usage.instructions;
  assert.ok(cost(2000) - cost(1000) >= (100 * 1000 * 2) / 8);
});

test('a limit inside a coroutine shows the calls in it and those that resumed it', () => {
  const { outcome } = runLua(
    `local function spin() while true do end end
    local function body() spin() end
    local function start() coroutine.wrap(body)() end
    start()`,
    { limits: { instructions: 10_000 } },
  );
  const names = outcome.error!.stack.map((frame) => frame.function);
  assert.equal(names.slice(0, 2), ['spin', 'body']);
  assert.ok(names.includes('start'));
});

test.run();
