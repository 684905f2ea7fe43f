// What grows grows in steps: no turn of a program whose tables, strings, stacks or memory become as large as its limits
// allow is charged far more than its slice; and the slices change neither its result nor its charge.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runMetered } from '../support/metered-run';

const SLICE = 1000;
/** The longest steps, as docs/limits.md lists them (16,384; a heap of 512 KiB that moves takes 8,192), and a step. */
const MOST_OVERSHOOT = 16_384 + 4096;
const MEMORY_BYTES = 128 << 20;

interface Growth {
  readonly what: string;
  readonly language: 'lua' | 'c';
  readonly source: string;
  /** Value (Lua) or exit code (C). */
  readonly result: number;
}

const CHECK = 'local sum = 0 for _, v in pairs(t) do sum = sum + v end return sum';

const GROWTHS: readonly Growth[] = [
  {
    what: 'an array',
    language: 'lua',
    source: `local t = {} for i = 1, 1000000 do t[i] = 1 end ${CHECK}`,
    result: 1e6,
  },
  {
    what: 'an array that is filled backwards',
    language: 'lua',
    source: `local t = {} for i = 300000, 1, -1 do t[i] = 1 end assert(#t == 300000) ${CHECK}`,
    result: 3e5,
  },
  {
    what: 'a hash part',
    language: 'lua',
    source: `local t = {} for i = 1, 300000 do t[i + 0.5] = 1 end ${CHECK}`,
    result: 3e5,
  },
  {
    what: 'an array that becomes a hash part',
    language: 'lua',
    source: `local t = {} for i = 1, 70000 do t[i] = 1 end for i = 1, 65000 do t[i] = nil end
      for i = 1, 9000 do t['k' .. i] = 1 end ${CHECK}`,
    result: 14000,
  },
  {
    what: 'the table of short strings',
    language: 'lua',
    source: `local t = {} for i = 1, 100000 do t[i] = 'k' .. i end
      local u = {} for i = 1, 100000 do u[t[i]] = 1 end
      local sum = 0 for i = 1, 100000 do sum = sum + u['k' .. i] end return sum`,
    result: 1e5,
  },
  {
    what: 'a table whose entries are gone',
    language: 'lua',
    source: `local t = {} for i = 1, 300000 do t[i] = 1 end for i = 1, 299999 do t[i] = nil end
      assert(next(t) == 300000) ${CHECK}`,
    result: 1,
  },
  {
    what: 'the linear memory',
    language: 'c',
    source: `#include <stdlib.h>
#include <string.h>
int main(void) {
  char *block = NULL;
  for (size_t size = 1 << 20; size <= (size_t)32 << 20; size *= 2) {
    block = realloc(block, size);
    if (block == NULL || block[size / 2 - 1] != (size > 1 << 20 ? 7 : 0)) return 1;
    memset(block, 7, size);
  }
  return 0;
}`,
    result: 0,
  },
  {
    what: 'the linear memory with frames behind it',
    language: 'c',
    source: `#include <stdlib.h>
#include <string.h>
static int descend(int n) { return n == 0 ? 0 : 1 + descend(n - 1); }
int main(void) {
  char *block = malloc(16 << 20);
  if (block == NULL) return 1;
  memset(block, 7, 16 << 20);
  if (descend(5000) != 5000) return 2;
  char *other = malloc(16 << 20);
  if (other == NULL) return 3;
  for (int at = 0; at < 16 << 20; at += 4096) if (block[at] != 7 || other[at] != 0) return 4;
  return 0;
}`,
    result: 0,
  },
];

for (const { what, language, source, result } of GROWTHS) {
  test(`in steps: ${what}`, async () => {
    const limits = { memoryBytes: MEMORY_BYTES };
    const sliced = await runMetered({ language, source, slice: SLICE, limits });
    assert.is(sliced.outcome.status, 'ok', JSON.stringify(sliced.outcome.error));
    assert.is(language === 'c' ? sliced.outcome.exitCode : Number(sliced.outcome.values[0]), result);
    assert.ok(sliced.overshoot <= MOST_OVERSHOOT, `a turn of ${sliced.longestTurn} instructions`);
    const whole = await runMetered({ language, source, slice: 2 ** 30, limits });
    assert.is(whole.usage.instructions, sliced.usage.instructions);
    assert.is(whole.usage.memoryPeakBytes, sliced.usage.memoryPeakBytes);
  });
}

test('growth that the memory limit refuses is an error that can be caught, and the table is as it was', async () => {
  const source = `local t, n = {}, 0
    local ok, message = pcall(function() while true do t[n + 1] = n + 1; n = n + 1 end end)
    assert(not ok and message == 'not enough memory', message)
    for i = 1, n do assert(t[i] == i) end
    return n > 50000 and 1 or 0`;
  for (const slice of [1000, 2 ** 30]) {
    const { outcome } = await runMetered({ language: 'lua', source, slice, limits: { memoryBytes: 4 << 20 } });
    assert.is(outcome.status, 'ok', JSON.stringify(outcome.error));
    assert.is(Number(outcome.values[0]), 1);
  }
});

test('arguments with large tables are written in steps', async () => {
  const argument = { list: Array.from({ length: 200_000 }, (_, index) => index), map: {} as Record<string, number> };
  for (let index = 0; index < 50_000; index++) argument.map[`k${index}`] = 1;
  const source = 'local a = ... local n = 0 for _ in pairs(a.map) do n = n + 1 end return #a.list + n';
  const run = await runMetered({
    language: 'lua',
    source,
    argument,
    slice: SLICE,
    limits: { memoryBytes: MEMORY_BYTES },
  });
  assert.is(Number(run.outcome.values[0]), 250_000, JSON.stringify(run.outcome));
  assert.ok(run.overshoot <= MOST_OVERSHOOT, `a turn of ${run.longestTurn} instructions`);
});

test('arguments with many names cost in proportion, whatever the slices', async () => {
  const cost = async (names: number, slice: number) => {
    const argument = Object.fromEntries(Array.from({ length: names }, (_, index) => [`k${index}`, index]));
    const source = `local a = ... local s = 0 for i = 0, ${names - 1} do s = s + a['k' .. i] end return s`;
    const { outcome, usage } = await runMetered({
      language: 'lua',
      source,
      argument,
      slice,
      limits: { memoryBytes: MEMORY_BYTES },
    });
    assert.is(Number(outcome.values[0]), (names * (names - 1)) / 2, JSON.stringify(outcome.error));
    return usage.instructions;
  };
  const few = await cost(4000, SLICE);
  const many = await cost(64_000, SLICE);
  assert.ok(many < few * 20, `${few} and ${many} instructions`);
  assert.is(await cost(64_000, 2 ** 30), many);
});

test.run();
