// Programs that are stopped after every so many instructions, saved and restored from bytes come to the same results, output,
// counts and peaks as those that run through.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { INTRINSICS } from '../../host/core/libraries';
import { toPlain } from '../../host/core/plain-values';
import { textCodec } from '../../host/core/text';
import { type FunctionSample, readFunctionFolders } from '../../host/node/function-folder';
import {
  entrySignature,
  type HostValue,
  hasValueEntry,
  link,
  ModuleError,
  type Program,
  SyscallFailure,
  verifyModule,
} from '../../vm/index';
import { randomModule } from '../support/random-module';
import { randomTypedModule } from '../support/random-typed';
import { makeProgram, RecordedHost, runRefilled, runSaved, type SavedRun } from '../support/snapshots';
import { VALUE_SNIPPETS } from '../support/value-snippets';

type Case = Omit<SavedRun, 'host' | 'every'> & { readonly host: () => RecordedHost };

async function compare(run: Case, steps: (instructions: number) => readonly number[], what: string): Promise<number> {
  const whole = run.host();
  const { outcome, usage } = await runSaved({ ...run, host: whole });
  let snapshots = 0;
  for (const every of steps(usage.instructions)) {
    const host = run.host();
    const saved = await runSaved({ ...run, host, every });
    assert.equal(saved.outcome, outcome, `${what}, every ${every}`);
    assert.equal(saved.usage, usage, `${what}, every ${every}`);
    assert.ok(host.written === whole.written, `output: ${what}, every ${every}`);
    snapshots += saved.snapshots;
  }
  return snapshots;
}

test('random typed programs', async () => {
  let snapshots = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const module = randomTypedModule(seed);
    verifyModule(module);
    const run = { program: link([module]), host: () => new RecordedHost(), args: [seed, -seed, seed * 77] };
    const limits = { instructions: 100_000, memoryBytes: 1 << 22 };
    snapshots += await compare(
      { ...run, limits },
      (n) => (n < 1000 ? [1, 7, 100] : [7 + (n >> 6), 1 + (n >> 3)]),
      `${seed}`,
    );
  }
  assert.ok(snapshots > 2000, `${snapshots}`);
});

test('random modules of both families', async () => {
  let ran = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const program = linkRandom(seed);
    if (program === null || program.entry < 0) continue;
    const args = hasValueEntry(program) ? [seed, 'x'] : entrySignature(program)!.params.map(() => seed);
    const run = { program, args, host: () => new RecordedHost(), limits: { instructions: 3000, memoryBytes: 1 << 20 } };
    await compare(run, () => [1, 13], `${seed}`);
    ran++;
  }
  assert.ok(ran > 50, `${ran}`);
});

function linkRandom(seed: number): Program | null {
  try {
    const module = randomModule(seed);
    verifyModule(module);
    return link([module], { intrinsics: INTRINSICS });
  } catch (error) {
    if (error instanceof ModuleError) return null;
    throw error;
  }
}

test('snippets of Lua that take every path of the value loop', async () => {
  for (const source of VALUE_SNIPPETS) {
    const run = {
      program: makeProgram('lua', source),
      host: () => new RecordedHost(),
      limits: { instructions: 200_000, memoryBytes: 1 << 24 },
    };
    await compare(run, (n) => [1 + (n >> 6), 17 + (n >> 5)], source.slice(0, 60));
  }
});

/** Takes output later now and then; answers host calls at once with what they were given. */
class SlowHost extends RecordedHost {
  private calls = 0;

  override output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    super.output(stream, bytes);
    return ++this.calls % 2 === 0 ? undefined : Promise.resolve();
  }

  override answer(syscall: { name: string; result: string }, args: readonly unknown[]) {
    if (syscall.name !== 'host_call') return super.answer(syscall, args);
    const value = toPlain((args[1] as unknown[])[0]);
    if (value === 'fail') throw new SyscallFailure('failed as asked');
    return value;
  }
}

const COROUTINES: readonly string[] = [
  // Several suspended at different depths, resumed in turn.
  `local function walk(n) if n > 0 then coroutine.yield(n) walk(n - 1) coroutine.yield(-n) end return 'end' end
  local list, sum = {}, 0
  for i = 1, 5 do list[i] = coroutine.create(walk) end
  for round = 1, 12 do
    for i, co in ipairs(list) do
      if coroutine.status(co) == 'suspended' then
        local ok, value = coroutine.resume(co, i + round // 4)
        sum = sum + (tonumber(value) or 100)
      end
    end
    if round % 5 == 0 then collectgarbage() end
  end
  return sum, coroutine.status(list[1])`,
  // One in the middle of a pcall, which catches after it was resumed; one that an error ends; one with a variable to close.
  `local log = {}
  local function note(...) log[#log + 1] = table.concat({ ... }, ' ') end
  local co = coroutine.wrap(function(a)
    local ok, e = pcall(function()
      local guard <close> = setmetatable({}, { __close = function(_, e) note('closed', tostring(e)) end })
      local b = coroutine.yield(a + 1)
      error('x' .. b, 0)
    end)
    note('caught', e)
    local inner = coroutine.wrap(function() coroutine.yield(pcall(coroutine.yield, 'deep')) error({}) end)
    note(tostring(inner()), tostring(inner('back')), tostring(xpcall(inner, function() return 'handled' end)))
    return 'done', coroutine.yield('again')
  end)
  note(co(1)) note(tostring(co('y')))
  note(co('last'))
  local dead = coroutine.create(error)
  note(tostring(coroutine.resume(dead, 'oops')), coroutine.status(dead), tostring(coroutine.close(dead)))
  local open = coroutine.create(function()
    local guard <close> = setmetatable({}, { __close = function() note('closed at last') end })
    coroutine.yield()
  end)
  coroutine.resume(open) note(tostring(coroutine.close(open)))
  return table.concat(log, '; ')`,
];

test('suspended coroutines, in the middle of protected calls too', async () => {
  for (const source of COROUTINES) {
    const program = makeProgram('lua', source);
    const limits = { memoryBytes: 1 << 21 };
    const { outcome } = await runSaved({ program, host: new RecordedHost(), limits });
    assert.is(outcome.status, 'ok', JSON.stringify(outcome.error));
    const snapshots = await compare({ program, host: () => new RecordedHost(), limits }, () => [3, 29], source);
    assert.ok(snapshots > 50, `${snapshots}`);
  }
});

const LOADS = `
  local total, made = 0, {}
  for i = 1, 6 do
    local f = assert(load('local a, b = ... ; local t = { long = ("' .. ('k'):rep(60 + i) .. '"), s' .. i .. ' = ' .. i ..
      ' } local function g(x) return x * t.s' .. i .. ' + 0.5 end return g(a) + #t.long, g, "text ' .. i .. '"', '=chunk' .. i))
    local n, g, text = f(i)
    made[i] = { f, g, text }
    total = total + n + g(2)
    if i % 2 == 0 then collectgarbage() end
    assert(load('syntax error here') == nil)
  end
  for i, parts in ipairs(made) do
    assert(parts[1](i) == i * i + 0.5 + 60 + i and parts[3] == 'text ' .. i)
    total = total + parts[2](i)
  end
  local env = { y = 3 }
  total = total + load('y = y + 1 return y', 'c', 't', env)() + env.y
  local ok, message = pcall(load('error("from a chunk")', '=last'))
  return total, message`;

test('modules that were loaded while the program ran', async () => {
  const program = makeProgram('lua', LOADS);
  const { outcome } = await runSaved({ program, host: new RecordedHost() });
  assert.equal(outcome.values, [622, 'last:1: from a chunk'], JSON.stringify(outcome.error));
  const snapshots = await compare(
    { program, host: () => new RecordedHost() },
    (n) => [n >> 8, 40_000, n >> 1],
    'loads',
  );
  assert.ok(snapshots > 100, `${snapshots}`);
});

test('the memory that loaded modules take counts after a restore as before', async () => {
  const program = makeProgram('lua', 'for i = 1, math.huge do assert(load("local a = 1 return a + " .. i)) end');
  const limits = { memoryBytes: 1 << 18 };
  const { outcome } = await runSaved({ program, host: new RecordedHost(), limits });
  assert.is(outcome.error?.code, 'limit.memory');
  await compare({ program, host: () => new RecordedHost(), limits }, (n) => [n >> 6, n >> 1], 'loads for ever');
});

test('values that cross both ways, errors of the host, output that waits', async () => {
  const program = makeProgram(
    'lua',
    `local list, text = ...
     local out = {}
     for i, v in ipairs(list) do
       out[i] = { call(v), (pcall(call, "fail")) }
       io.write(text, i, ";")
     end
     io.stderr:write("err")
     return out, #text, pcall(error, { 1 }), select(2, pcall(call, "fail"))`,
    ['call'],
  );
  const args = [toPlain([1, 'two', { three: [3, [4]] }, 5.5, true, 'x'.repeat(300)]), 'y'.repeat(500)];
  const run = { program, args, host: () => new SlowHost() };
  assert.ok((await compare(run, () => [1, 2, 3, 7, 100, 1000], 'all')) > 500);
  const { usage } = await runSaved({ ...run, host: run.host() });
  for (let instructions = 1; instructions < usage.instructions + 50; instructions += 97) {
    await compare({ ...run, limits: { instructions } }, () => [50], `limit ${instructions}`);
  }
});

test('output in pieces, a text answer beside the heap, and the limit of output', async () => {
  const program = makeProgram(
    'c',
    `#include <stdio.h>
     #include <string.h>
     #include <gazelle.h>
     static char block[200000];
     int main(void) {
       memset(block, 'a', sizeof block);
       for (int i = 0; i < 26; i++) block[i * 7000] = 'b' + i;
       gazelle_write(1, block, sizeof block);
       char answer[32];
       printf("%d", gazelle_call("echo", "[{\\"a\\": [1]}]"));
       fwrite(answer, 1, gazelle_answer_read(0, answer, sizeof answer), stdout);
       return 9;
     }`,
  );
  const run = { program, host: () => new SlowHost() };
  for (const outputBytes of [1e6, 131_072, 131_073, 70_000, 0]) {
    await compare({ ...run, limits: { outputBytes } }, () => [100, 1000, 2500], `${outputBytes} bytes`);
  }
});

test('a limit that suspends, met anywhere, changes nothing', async () => {
  const program = makeProgram('lua', 'local t = {} for i, v in ipairs(...) do t[i] = { call(v), v } end return t', [
    'call',
  ]);
  const args = [toPlain([1, { a: ['b'.repeat(200)] }, 'c'])];
  const run = { program, args, host: () => new SlowHost() };
  const { outcome, usage } = await runSaved({ ...run, host: run.host() });
  for (let instructions = 1; instructions < usage.instructions; instructions += 11) {
    const seen = await runRefilled({ ...run, host: run.host() }, instructions);
    assert.equal(seen, { outcome, usage }, `${instructions}`);
  }
});

function argumentsOf(program: Program, { args, argument }: FunctionSample): readonly HostValue[] {
  if (args !== undefined) return hasValueEntry(program) ? args : [];
  if (argument === undefined) return [];
  if (hasValueEntry(program)) return [toPlain(argument)];
  return entrySignature(program)!.params.map(() => argument as HostValue);
}

for (const { options, samples } of readFunctionFolders('functions')) {
  test(`the function ${options.name}`, async () => {
    const { language, source } = options;
    const program = makeProgram(language!, source!);
    const sample = samples[0]!;
    const { args = sample.argument === undefined ? [] : [textOf(sample.argument)], stdin } = sample;
    const host = () => new RecordedHost(args.map(textCodec.encode), stdin);
    const run = { program, host, args: argumentsOf(program, sample) };
    const snapshots = await compare(run, (n) => [1 + (n >> 6), 3 + Math.floor(n / 29)], options.name!);
    assert.ok(snapshots > 20, `${snapshots}`);
  });
}

function textOf(argument: unknown): string {
  return typeof argument === 'string' ? argument : JSON.stringify(argument);
}

test.run();
