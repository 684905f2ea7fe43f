// Slices never change what comes of an execution: not results, counts, output, peaks, errors, nor where a limit ends it,
// with syscalls that answer at once or later, arguments and results that are converted piece by piece.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../../host/core/compile';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { toPlain } from '../../host/core/plain-values';
import { textCodec } from '../../host/core/text';
import {
  ENDED,
  GuestExecution,
  type HostValue,
  type Limits,
  link,
  type Outcome,
  type Program,
  READY,
  RegionPool,
  SyscallFailure,
  type SyscallHost,
  type Usage,
  WAITING,
} from '../../vm/index';

const languages = new Languages([]);
const pool = new RegionPool();

function program(language: string, source: string): Program {
  const { module } = compileSource(languages, { language, source, fileName: `main.${language}`, files: {} });
  return link([...languages.find(language)!.library(), module], { intrinsics: INTRINSICS });
}

/** Answers every second call later; gives back what it gets. */
class EchoHost implements SyscallHost {
  readonly text = textCodec;
  written = '';
  private calls = 0;

  isGranted(): boolean {
    return true;
  }

  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    this.written += `${stream}${textCodec.decodeLeniently(bytes)}`;
    return ++this.calls % 2 === 0 ? undefined : Promise.resolve();
  }

  answer(syscall: { name: string }, args: readonly unknown[]): HostValue | Promise<HostValue> {
    if (syscall.name === 'argument_count') return 0;
    if (syscall.name !== 'host_call') throw new SyscallFailure(`no ${syscall.name} here`);
    const value = toPlain((args[1] as unknown[])[0]);
    if (value === 'fail') throw new SyscallFailure('failed as asked');
    return ++this.calls % 2 === 0 ? value : Promise.resolve(value);
  }
}

interface Options {
  readonly slice: number;
  readonly limits?: Partial<Limits>;
  readonly args?: readonly HostValue[];
  readonly collectAlways?: boolean;
}

/** All that can be seen of an execution, but for the times. */
async function observe(program: Program, { slice, limits, args = [], collectAlways = false }: Options) {
  const host = new EchoHost();
  let ended: { outcome: Outcome; usage: Usage } | null = null;
  const failures: unknown[] = [];
  const execution = new GuestExecution({
    program,
    pool,
    limits: { ...DEFAULT_LIMITS, ...limits },
    args,
    name: 'main',
    host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      ended = { outcome, usage };
    },
    failed: (error) => failures.push(error),
    collectAlways,
  });
  for (let state = READY; state !== ENDED; ) {
    state = execution.run(slice, 0);
    if (state === WAITING) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(failures, []);
  const { outcome, usage } = ended!;
  return { outcome, usage, written: host.written };
}

const SLICES = [1, 2, 3, 7, 100, 2 ** 30];

const LUA = `
  local list, text = ...
  local function call(x) return __call(x) end
  local out = {}
  for i, v in ipairs(list) do
    out[i] = { call(v), (pcall(call, "fail")) }
    io.write(text, i, ";")
  end
  io.stderr:write("err")
  return out, #text, pcall(error, { 1 }), select(2, pcall(call, "fail"))`;

/** The echo host under the name of a host function. */
function luaWithCall(source: string): Program {
  const language = languages.find('lua')!;
  const { module } = compileSource(languages, { language: 'lua', source, fileName: 'main.lua', files: {} });
  return link([...language.library(), language.bindings(['__call'])!, module], { intrinsics: INTRINSICS });
}

const ARGUMENTS = [toPlain([1, 'two', { three: [3, [4]] }, 5.5, true, 'x'.repeat(300)]), 'y'.repeat(500)];

test('comes to the same with every slice, Lua with values crossing both ways', async () => {
  const lua = luaWithCall(LUA);
  const expected = await observe(lua, { slice: 2 ** 30, args: ARGUMENTS });
  assert.is(expected.outcome.status, 'ok', expected.outcome.error?.message);
  assert.is(expected.outcome.values.length, 4);
  for (const slice of SLICES) assert.equal(await observe(lua, { slice, args: ARGUMENTS }), expected, `slice ${slice}`);
});

test('gives the same values when every allocation collects', async () => {
  const lua = luaWithCall(LUA);
  const expected = await observe(lua, { slice: 2 ** 30, args: ARGUMENTS });
  for (const slice of [1, 1000]) {
    const { outcome, written } = await observe(lua, { slice, args: ARGUMENTS, collectAlways: true });
    assert.equal(outcome, expected.outcome);
    assert.is(written, expected.written);
  }
});

test('ends at the same place with every instruction limit and slice', async () => {
  const lua = luaWithCall(LUA);
  const { usage } = await observe(lua, { slice: 2 ** 30, args: ARGUMENTS });
  for (let limit = 1; limit <= usage.instructions + 1; limit += 1 + Math.floor(limit / 9)) {
    const limits = { instructions: limit };
    const expected = await observe(lua, { slice: 2 ** 30, args: ARGUMENTS, limits });
    assert.is(expected.outcome.status, limit > usage.instructions ? 'ok' : 'limit', `limit ${limit}`);
    for (const slice of [1, 3, 100]) {
      assert.equal(await observe(lua, { slice, args: ARGUMENTS, limits }), expected, `limit ${limit}, slice ${slice}`);
    }
  }
});

test('ends at the same place with every memory limit and slice', async () => {
  const lua = luaWithCall(LUA);
  const { usage } = await observe(lua, { slice: 2 ** 30, args: ARGUMENTS });
  const step = Math.ceil(usage.memoryPeakBytes / 40);
  const statuses = new Set<string>();
  for (let memoryBytes = step; memoryBytes <= usage.memoryPeakBytes + step; memoryBytes += step) {
    const limits = { memoryBytes };
    const expected = await observe(lua, { slice: 2 ** 30, args: ARGUMENTS, limits });
    statuses.add(expected.outcome.status);
    if (expected.outcome.status === 'limit') assert.is(expected.outcome.error?.code, 'limit.memory');
    assert.ok(expected.usage.memoryPeakBytes <= memoryBytes || expected.usage.instructions === 0);
    for (const slice of [1, 50]) {
      assert.equal(await observe(lua, { slice, args: ARGUMENTS, limits }), expected, `memory ${memoryBytes}`);
    }
  }
  assert.ok(statuses.has('limit') && statuses.has('ok'));
});

test('comes to the same with every slice, C with output in pieces', async () => {
  const c = program(
    'c',
    `#include <stdio.h>
     #include <gazelle.h>
     static char block[200000];
     int main(void) {
       for (int i = 0; i < sizeof block; i++) block[i] = 'a' + i % 26;
       gazelle_write(1, block, sizeof block);
       char answer[32];
       printf("%d", gazelle_call("echo", "[{\\"a\\": [1]}]"));
       fwrite(answer, 1, gazelle_answer_read(0, answer, sizeof answer), stdout);
       return 9;
     }`,
  );
  const expected = await observe(c, { slice: 2 ** 30 });
  assert.is(expected.outcome.exitCode, 9);
  assert.is(expected.written.length, 1 + 200000 + 3 + 1 + 10);
  for (const slice of [7, 1000, 65536]) assert.equal(await observe(c, { slice }), expected, `slice ${slice}`);
  const limits = { outputBytes: 70_000 };
  const cut = await observe(c, { slice: 2 ** 30, limits });
  assert.is(cut.outcome.error?.code, 'limit.output_bytes');
  assert.is(cut.usage.outputBytes, 70_000);
  for (const slice of [7, 1000]) assert.equal(await observe(c, { slice, limits }), cut, `slice ${slice}`);
});

test('frees the region however it ends', async () => {
  const lua = luaWithCall(LUA);
  const before = pool.slabBytes;
  for (let round = 0; round < 300; round++) {
    await observe(lua, { slice: 2 ** 30, args: ARGUMENTS, limits: { instructions: 1 + round * 7 } });
  }
  assert.is(pool.slabBytes, before);
});

test.run();
