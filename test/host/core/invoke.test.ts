// Functions that call functions of their tenant: by each language's face, how deep, who may, and that a caller which ends takes
// those that it waits for with it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSurroundings } from '../../../host/core/event-loop';
import { createHost, DeployError, type Host } from '../../../host/core/index';
import { MAXIMUM_INVOCATION_DEPTH, MAXIMUM_INVOCATIONS_AT_ONCE } from '../../../host/core/invocations';
import { Calls } from '../../../host/core/syscalls/calls';

const host = await createHost();
test.after(() => host.close());

const capabilities = ['invoke', 'sleep'];
const lua = (name: string, source: string, invoke?: string[], on: Host = host) =>
  on.deploy({ name, language: 'lua', source, capabilities, ...(invoke && { invoke }) });

await lua('double', 'local v = ... return { doubled = v.n * 2 }');
await lua('fail', "error('no luck', 0)");
await lua('sleeper', "require 'gazelle'.sleep(1000)");
await lua('nothing', 'return select("#", ...), ...');

const CALLERS = {
  lua: "return require 'gazelle'.invoke('double', { n = 21 }).doubled",
  c: `#include <gazelle.h>
    #include <gazelle_json.h>
    #include <stdio.h>
    int main(void) {
      char answer[100], out[100];
      int length = gazelle_invoke("double", "{\\"n\\":21}");
      gazelle_answer_read(0, answer, sizeof answer);
      gazelle_json value = gazelle_json_member(gazelle_json_parse(answer, length), "doubled");
      sprintf(out, "%lld", gazelle_json_integer(value, -1));
      gazelle_result(out);
      return 3;
    }`,
  sm: `data name = "double"
    data argument = "{\\"n\\":21}"
    reserve buffer 100
    func main() -> i32
      local length: i32
      name name.length argument argument.length syscall invoke =length
      0 buffer buffer.length syscall answer_read drop
      buffer length 3 i32.sub i32.add i32.load8_u '0' i32.sub 10 i32.mul
      buffer length 2 i32.sub i32.add i32.load8_u '0' i32.sub i32.add
    end`,
};

for (const [language, source] of Object.entries(CALLERS)) {
  test(`${language} calls a function and waits for its value`, async () => {
    const { value, error } = await host.run({ language, source, capabilities, invoke: ['double'] });
    assert.is(value, 42, JSON.stringify(error));
  });
}

test('a C function is called with JSON as its argument, and says a value of its own', async () => {
  const source = `#include <gazelle.h>
    int main(int argc, char **argv) {
      gazelle_result("[1]");
      gazelle_result(argc > 1 ? argv[1] : "null");
      return 0;
    }`;
  await host.deploy({ name: 'echo', language: 'c', source });
  const { value } = await host.run({
    language: 'lua',
    source:
      "local gazelle = require 'gazelle' return { gazelle.invoke('echo', { a = { 1, 2 } }), gazelle.invoke('echo') == nil }",
    capabilities,
    invoke: ['*'],
  });
  assert.equal(value, [{ a: [1, 2] }, true]);
});

test('a value that was said is kept by a snapshot, and only an execution that ends well has it', async () => {
  const source = `#include <gazelle.h>
    #include <stdlib.h>
    int main(int argc, char **argv) {
      gazelle_result("{\\"said\\":true}");
      gazelle_sleep(50000000);
      if (argc > 1) abort();
      return 0;
    }`;
  const fn = await host.deploy({ name: 'says', language: 'c', source, capabilities });
  const execution = fn.execute();
  while (execution.status !== 'waiting') await new Promise((resolve) => setImmediate(resolve));
  await execution.suspend();
  const snapshot = await execution.snapshot();
  execution.cancel();
  assert.is((await execution).value, null);
  assert.equal((await fn.restore(snapshot)).value, { said: true });
  assert.is((await fn.execute('x')).value, null);
});

test('what a callee comes to is an error of the caller', async () => {
  const source = `local gazelle, messages = require 'gazelle', {}
    for _, name in ipairs { 'fail', 'absent', 'secret' } do
      messages[#messages + 1] = select(2, pcall(gazelle.invoke, name))
    end
    return messages`;
  const { value } = await host.run({ language: 'lua', source, capabilities, invoke: ['fail', 'absent'] });
  assert.equal(value, [
    "invoke.failed: 'fail': no luck",
    "invoke.unknown: there is no function 'absent'",
    "invoke.denied: 'secret' is not in the function's list",
  ]);
});

test('several are called at once, and each comes to its own', async () => {
  await lua('later', "local n = ... require 'gazelle'.sleep(0.03) return n");
  const source = `local calls = { { 'fail' } }
    for n = 1, 20 do calls[#calls + 1] = { 'later', n } end
    local sum, answers = 0, require 'gazelle'.invoke_all(calls)
    for index = 2, #answers do sum = sum + answers[index].value end
    return { answers[1].error, sum, (pcall(require 'gazelle'.invoke_all, { 'later' })) }`;
  const fn = await lua('all', source, ['*']);
  const execution = fn.execute();
  while (host.runningCount < 21) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await execution).value, ["invoke.failed: 'fail': no luck", 210, false]);
  const cancelled = fn.execute();
  while (host.runningCount < 21) await new Promise((resolve) => setImmediate(resolve));
  cancelled.cancel();
  while (host.runningCount > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('a defect in one of several calls ends the others', async () => {
  const signals: AbortSignal[] = [];
  const invoke = async (name: string, _: unknown, signal: AbortSignal) => {
    signals.push(signal);
    if (name === 'broken') throw new Error('a defect');
    return new Promise<never>(() => {});
  };
  const calls = new Calls({ functions: new Map(), invoke, surroundings: createSurroundings() });
  let thrown = '';
  await calls.invokeAll([['endless'], ['broken']]).catch((error: Error) => (thrown = error.message));
  assert.is(thrown, 'a defect');
  assert.is(signals[0]!.aborted, true);
});

test('null is no argument', async () => {
  const { value } = await host.run({
    language: 'lua',
    source: "return require 'gazelle'.invoke('nothing')",
    capabilities,
    invoke: ['nothing'],
  });
  assert.is(value, 0);
});

test('functions wait for each other eight deep, and not deeper', async () => {
  await lua('down', "local n = ... return n == 0 and 0 or 1 + require 'gazelle'.invoke('down', n - 1)", ['down']);
  const down = host.get('down')!;
  assert.is((await down.execute(MAXIMUM_INVOCATION_DEPTH)).value, MAXIMUM_INVOCATION_DEPTH);
  const { error } = await down.execute(MAXIMUM_INVOCATION_DEPTH + 1);
  assert.match(error!.message, /invoke\.depth: 8 functions wait for each other already/);
});

test('one call never has more than so many at once below it, however they call each other', async () => {
  const source = `local calls = {}
    for index = 1, 64 do calls[index] = { 'bomb' } end
    require 'gazelle'.invoke_all(calls)`;
  await lua('bomb', source, ['bomb']);
  const execution = host.get('bomb')!.execute(undefined, { limits: { wallTimeMs: 400 } });
  let most = 0;
  let isOver = false;
  execution.then(() => (isOver = true));
  while (!isOver) {
    most = Math.max(most, host.runningCount);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(most > 64 && most <= MAXIMUM_INVOCATIONS_AT_ONCE + 1, `${most} at once`);
  while (host.runningCount > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('cancelling a caller cancels all that it waits for, so does a limit', async () => {
  await lua('waits', "require 'gazelle'.invoke('sleeper')", ['sleeper']);
  await lua('waits-more', "require 'gazelle'.invoke('waits')", ['waits']);
  const execution = host.get('waits-more')!.execute();
  while (host.runningCount < 3) await new Promise((resolve) => setImmediate(resolve));
  execution.cancel();
  assert.is((await execution).status, 'cancelled');
  while (host.runningCount > 0) await new Promise((resolve) => setImmediate(resolve));
  const { error } = await host.get('waits-more')!.execute(undefined, { limits: { wallTimeMs: 20 } });
  assert.is(error?.resource, 'wall_time');
  while (host.runningCount > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('without the capability, or with a wrong name in the list, there is an error', async () => {
  const { error } = await host.run({
    language: 'lua',
    source: "require 'gazelle'.invoke('double')",
    invoke: ['double'],
  });
  assert.is(error?.capability, 'invoke');
  for (const invoke of [['a b'], [1], 'double']) {
    let thrown: unknown;
    await host
      .run({ language: 'lua', source: '', invoke: invoke as string[] })
      .catch((caught: unknown) => (thrown = caught));
    assert.ok(thrown instanceof DeployError && thrown.code === 'deploy.invoke', JSON.stringify(invoke));
  }
});

test.run();
