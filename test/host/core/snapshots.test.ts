// Suspending, refilling, saving, restoring and forking, as a host's user sees it: in this host, in another, in another process.
import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createHost,
  type DeployOptions,
  type Execution,
  type Host,
  SnapshotError,
  type Suspension,
} from '../../../host/core/index';
import { until } from '../../support/condition';

const COUNT: DeployOptions = {
  name: 'count',
  // The same module under any name: what it is called is part of it.
  fileName: 'count.lua',
  language: 'lua',
  source: `
    local n = ...
    local t = {}
    for i = 1, n do t[i % 50] = i .. "x"; if i % 1000 == 0 then print(i, #t) end end
    return t[7]`,
};

async function withHost(work: (host: Host) => Promise<void>): Promise<void> {
  const host = await createHost({ training: false });
  try {
    await work(host);
  } finally {
    await host.close();
  }
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'nothing';
}

function counts({ usage }: Awaited<Execution>) {
  const { instructions, memoryPeakBytes, outputBytes, syscalls } = usage;
  return { instructions, memoryPeakBytes, outputBytes, syscalls };
}

test('tells whose limit has suspended it, and how large it is', () =>
  withHost(async (host) => {
    const tenant = host.tenant('t', { budget: { instructions: 5000, policies: { instructions: 'suspend' } } });
    const count = await tenant.deploy({ ...COUNT, limits: { policies: { instructions: 'suspend' } } });
    assert.equal([count.policies, tenant.sharedPolicies], [{ instructions: 'suspend' }, { instructions: 'suspend' }]);
    const told: Suspension[] = [];
    const onSuspended = (suspension: Suspension) => told.push(suspension);
    const execution = count.execute(20_000, { onSuspended, limits: { instructions: 20_000 } });
    assert.is(execution.memoryBytes, 0);
    await execution.suspension();
    const size = execution.memoryBytes;
    assert.ok(size > 0 && (await execution.snapshot()).length >= size);
    tenant.refill({ instructions: 1e9 });
    await execution.suspension();
    await execution.suspend();
    execution.resume();
    execution.refill({ instructions: 1e9 });
    await execution;
    assert.equal(
      told.map(({ reason, level, limit }) => [reason, level, limit]),
      [
        ['instructions', 'tenant', 5000],
        ['instructions', 'invocation', 20_000],
      ],
    );
    assert.ok(told.every(({ used, limit }) => used! >= limit!));
    assert.is(execution.memoryBytes, 0);
  }));

test('suspends, resumes, and says so', () =>
  withHost(async (host) => {
    const count = await host.deploy(COUNT);
    const whole = await count.execute(20_000);
    const execution = count.execute(20_000);
    assert.is(execution.status, 'running');
    assert.is(await execution.suspend(), true);
    assert.is(execution.status, 'suspended');
    assert.is(execution.suspendedFor, 'request');
    execution.resume();
    assert.is(execution.suspendedFor, null);
    const result = await execution;
    assert.is(execution.status, 'ended');
    assert.is(await execution.suspend(), false);
    assert.equal([result.value, result.stdout, counts(result)], [whole.value, whole.stdout, counts(whole)]);
  }));

test('goes on after a refill as with the larger limit from the start', () =>
  withHost(async (host) => {
    const count = await host.deploy({
      ...COUNT,
      limits: { instructions: 10_000, policies: { instructions: 'suspend' } },
    });
    const whole = await (await host.deploy({ ...COUNT, name: 'whole' })).execute(2000);
    const execution = count.execute(2000);
    let refills = 0;
    while ((await execution.suspension()) === 'instructions') {
      assert.ok(execution.status === 'suspended');
      execution.resume();
      assert.is(execution.status, 'suspended', 'nothing but a refill helps');
      execution.refill({ instructions: 4001 });
      refills++;
    }
    const result = await execution;
    assert.ok(refills > 3);
    assert.is(result.status, 'ok');
    assert.equal([result.value, result.stdout, counts(result)], [whole.value, whole.stdout, counts(whole)]);
    assert.throws(() => execution.refill({ instructions: -1 }), RangeError);
    assert.throws(() => execution.refill({ instruction: 1 } as object), RangeError);
    assert.throws(() => count.execute(1, { limits: { policies: { instructions: 'stop' as 'kill' } } }), RangeError);
    assert.is(
      (await count.execute(2000, { limits: { policies: { instructions: 'kill' } } })).error?.code,
      'limit.instructions',
    );
  }));

test('is saved when its instructions are used up, and refilled in another host', async () => {
  let bytes!: Uint8Array;
  let expected!: Awaited<Execution>;
  let before = '';
  await withHost(async (host) => {
    expected = await (await host.deploy(COUNT)).execute(5000);
    const count = await host.deploy({
      ...COUNT,
      limits: { instructions: 20_000, policies: { instructions: 'suspend' } },
    });
    const execution = count.execute(5000, { output: ({ bytes: piece }) => (before += Buffer.from(piece)) });
    assert.is(await execution.suspension(), 'instructions');
    bytes = await execution.snapshot();
  });
  await withHost(async (host) => {
    await host.deploy({ ...COUNT, name: 'another-name', fileName: 'count.lua' });
    const execution = host.restore(bytes);
    assert.is(await execution.suspension(), 'instructions');
    execution.refill({ instructions: 1e9 });
    const result = await execution;
    assert.is(result.value, expected.value);
    assert.is(before + result.stdout, expected.stdout);
    assert.equal(counts(result), counts(expected));
  });
});

const ASK: DeployOptions = {
  name: 'ask',
  language: 'lua',
  source: 'local ok, answer = pcall(ask, "what") print(ok, answer) return ok, answer',
};

test('answers a host function under way with an error in the copy, and with its answer in the parent', () =>
  withHost(async (host) => {
    let answer!: (value: unknown) => void;
    let calls = 0;
    const ask = () => {
      calls++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const deployed = await host.deploy({ ...ASK, functions: { ask } });
    const execution = deployed.execute();
    await until(() => calls === 1);
    assert.is(execution.status, 'waiting');
    assert.is(await execution.suspend(), true);
    const bytes = await execution.snapshot();
    const fork = execution.fork();
    const { values } = await fork;
    assert.is(values[0], false);
    assert.match(String(values[1]), 'interrupted');
    const [restored] = [await host.restore(bytes)];
    assert.equal(restored!.values, values);
    answer({ to: 'all' });
    execution.resume();
    assert.equal((await execution).values, [true, { to: 'all' }]);
    assert.is(calls, 1);
  }));

test('keeps an answer that comes while it is suspended, in its snapshot too', () =>
  withHost(async (host) => {
    let answer!: (value: unknown) => void;
    const ask = () => new Promise((resolve) => void (answer = resolve));
    const deployed = await host.deploy({ ...ASK, functions: { ask } });
    const execution = deployed.execute();
    await until(() => answer !== undefined);
    await execution.suspend();
    answer(5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.is(execution.status, 'suspended');
    const bytes = await execution.snapshot();
    execution.resume();
    const [parent, copy] = [await execution, await host.restore(bytes)];
    assert.equal(copy.values, [true, 5]);
    assert.equal(parent.values, copy.values);
    assert.equal(counts(copy), counts(parent));
  }));

test('in C, an interrupted call has the answer -1 and the message', () =>
  withHost(async (host) => {
    const source = `
      #include <gazelle.h>
      #include <stdio.h>
      int main(void) {
        char text[64];
        int length = gazelle_call("ask", "[1]");
        int read = gazelle_answer_read(0, text, sizeof text);
        printf("%d %.*s", length, read, text);
        return 3;
      }`;
    const ask = () => new Promise(() => {});
    const deployed = await host.deploy({ name: 'c', language: 'c', source, functions: { ask } });
    const execution = deployed.execute();
    await until(() => execution.status === 'waiting');
    await execution.suspend();
    const { stdout, exitCode } = await execution.fork();
    assert.is(stdout, '-1 "interrupted"');
    assert.is(exitCode, 3);
  }));

test('reads what was not read of its input, and waits for more', () =>
  withHost(async (host) => {
    const source = 'local a = io.read("l") local b = io.read("l") local c = io.read("l") return a, b, c';
    const deployed = await host.deploy({ name: 'read', language: 'lua', source });
    async function* input() {
      yield new TextEncoder().encode('one\ntw');
      await new Promise(() => {});
    }
    const execution = deployed.execute(undefined, { stdin: input() });
    await until(() => execution.status === 'waiting');
    await execution.suspend();
    const { values } = await host.restore(await execution.snapshot(), { stdin: 'o\nthree\nfour\n' });
    assert.equal(values, ['one', 'two', 'three']);
    const all = deployed.execute(undefined, { stdin: 'x\ny\nz\n' });
    await all.suspend();
    const bytes = await all.snapshot();
    assert.equal((await host.restore(bytes)).values, ['x', 'y', 'z']);
    execution.cancel();
    all.cancel();
  }));

test('asks again for what can be asked twice: sleep', () =>
  withHost(async (host) => {
    const source = `
      #include <gazelle.h>
      int main(void) { gazelle_sleep(20000000); return 4; }`;
    const deployed = await host.deploy({ name: 'sleep', language: 'c', source, capabilities: ['sleep', 'clock'] });
    const whole = await deployed.execute();
    const execution = deployed.execute();
    await until(() => execution.status === 'waiting');
    await execution.suspend();
    const copy = await execution.fork();
    assert.is(copy.value, 4);
    assert.equal(counts(copy), counts(whole));
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.is(execution.status, 'suspended');
    execution.resume();
    assert.equal(counts(await execution), counts(whole));
  }));

test('holds the arguments of a C function, and its wall time does not run', () =>
  withHost(async (host) => {
    const source = `
      #include <stdio.h>
      int main(int argc, char **argv) {
        double x = 0;
        for (int i = 0; i < 300000; i++) x += i;
        printf("%d %s %.0f", argc, argv[1], x);
      }`;
    const deployed = await host.deploy({ name: 'args', language: 'c', source, limits: { wallTimeMs: 2000 } });
    const execution = deployed.execute(undefined, { args: ['abc'] });
    await execution.suspend();
    const { stdout, usage } = await execution.fork();
    assert.is(stdout, '2 abc 44999850000');
    await new Promise((resolve) => setTimeout(resolve, 50));
    execution.resume();
    const parent = await execution;
    assert.is(parent.stdout, stdout);
    assert.is(parent.usage.instructions, usage.instructions);
  }));

test('refuses what is no snapshot, of other versions, of other modules, cut off, changed, or too large', () =>
  withHost(async (host) => {
    const count = await host.deploy(COUNT);
    const execution = count.execute(20_000);
    assert.is(await codeOf(() => execution.snapshot()), 'snapshot.running');
    assert.is(await codeOf(() => execution.fork()), 'snapshot.running');
    await execution.suspend();
    const bytes = await execution.snapshot();
    execution.resume();
    await execution;
    assert.is(await codeOf(() => execution.snapshot()), 'snapshot.ended');
    const changed = (at: number) => {
      const copy = bytes.slice();
      copy[at]! ^= 1;
      return copy;
    };
    const refusal = (copy: Uint8Array, options = {}) => codeOf(() => host.restore(copy, options));
    assert.is(await refusal(new Uint8Array(0)), 'snapshot.truncated');
    assert.is(await refusal(changed(0)), 'snapshot.format');
    assert.is(await refusal(changed(4)), 'snapshot.version');
    assert.is(await refusal(changed(8)), 'snapshot.version');
    assert.is(await refusal(changed(12)), 'snapshot.version');
    assert.is(await refusal(bytes.slice(0, bytes.length - 4)), 'snapshot.truncated');
    assert.is(await refusal(bytes.slice(0, 50)), 'snapshot.truncated');
    assert.is(await refusal(changed(bytes.length - 9)), 'snapshot.checksum');
    assert.is(await refusal(bytes, { limits: { memoryBytes: 1000 } }), 'snapshot.memory');
    assert.throws(() => host.restore(bytes, { stdin: 5 as never }), TypeError);
    assert.throws(() => host.restore('x' as never), TypeError);
    await host.deploy({ ...COUNT, source: `${COUNT.source} ` });
    assert.is(await refusal(bytes), 'nothing', 'blanks are not part of a module');
    await host.deploy({ ...COUNT, source: 'return 1' });
    assert.is(await refusal(bytes), 'snapshot.modules');
    assert.ok(new SnapshotError('snapshot.ended') instanceof Error);
  }));

test('an answer without room for it is an error that pcall catches, once', () =>
  withHost(async (host) => {
    const source = `
      local ok, message = pcall(function() local x = ask() return #x end)
      local after = 1
      after = after + 1
      return ok, message, after`;
    const ask = () => 'x'.repeat(200_000);
    const deployed = await host.deploy({ ...ASK, source, functions: { ask }, limits: { memoryBytes: 150_000 } });
    const { status, values } = await deployed.execute();
    assert.is(status, 'ok');
    assert.equal(values, [false, 'not enough memory', 2]);
  }));

test('goes on in another process', async () => {
  await withHost(async (host) => {
    const count = await host.deploy(COUNT);
    const expected = await count.execute(30_000);
    const execution = count.execute(30_000);
    await execution.suspend();
    const script = `
      import { createHost } from ${JSON.stringify(new URL('../../../../dist/browser.js', import.meta.url).href)};
      const host = await createHost({ training: false });
      await host.deploy(${JSON.stringify(COUNT)});
      const bytes = Buffer.from(${JSON.stringify(Buffer.from(await execution.snapshot()).toString('base64'))}, 'base64');
      console.log(JSON.stringify(await host.restore(new Uint8Array(bytes))));
      await host.close();`;
    const flags = ['--input-type=module', '-'];
    const answer = JSON.parse(execFileSync(process.execPath, flags, { input: script, encoding: 'utf8' }));
    execution.resume();
    assert.equal((await execution).value, expected.value);
    assert.is(answer.value, expected.value);
    assert.ok(expected.stdout.endsWith(answer.stdout));
    assert.equal(counts(answer), counts(expected));
  });
});

test.run();
