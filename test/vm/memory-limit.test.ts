// Near the memory limit: what a program may keep, and that collections which free next to nothing come to an end.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runLua } from '../support/lua-runs';

/** Keeps a share of the limit, then makes garbage of many times the limit. */
const livingAt = (share: number, mebibytes: number) => `
  local keep, limit = nil, ${mebibytes << 10}
  repeat
    for i = 1, 256 do keep = { keep } end
    collectgarbage()
  until collectgarbage('count') >= limit * ${share}
  local sum = 0
  for i = 1, ${mebibytes} * 15000 do local t = { i, tostring(i) } sum = sum + #t end
  return sum // 2, keep ~= nil`;

test('a program that lives at 90 % of its memory limit goes on working', () => {
  for (const mebibytes of [1, 2]) {
    const { outcome, usage } = runLua(livingAt(0.9, mebibytes), { limits: { memoryBytes: mebibytes << 20 } });
    assert.is(outcome.status, 'ok', JSON.stringify(outcome.error));
    assert.equal(outcome.values[0], mebibytes * 15000);
    assert.ok(usage.memoryPeakBytes <= mebibytes << 20);
  }
});

test('a heap that fills up ends by memory, not in collection after collection, whatever the slices', () => {
  const source = 'local hoard = {} for i = 1, math.huge do hoard[i] = function() i = i + 1 end end';
  for (const mebibytes of [1, 2, 4]) {
    const limits = { memoryBytes: mebibytes << 20, instructions: 40_000_000 };
    const runs = [2 ** 30, 777].map((slice) => runLua(source, { limits, slice }));
    for (const { outcome } of runs) assert.is(outcome.error?.code, 'limit.memory', `${mebibytes} MiB`);
    assert.is(runs[0]!.usage.instructions, runs[1]!.usage.instructions);
  }
});

test('the error about memory can be caught again and again, and each time costs a few collections at most', () => {
  const source = `
    local caught = 0
    for round = 1, 20 do
      local ok, message = pcall(function()
        local hoard = {}
        for i = 1, math.huge do hoard[i] = function() i = i + 1 end end
      end)
      assert(not ok and message == 'not enough memory')
      caught = caught + 1
    end
    return caught`;
  const { outcome } = runLua(source, { limits: { memoryBytes: 1 << 20, instructions: 40_000_000 } });
  assert.is(outcome.status, 'ok', JSON.stringify(outcome.error));
  assert.equal(outcome.values[0], 20);
});

test.run();
