// Text that a running function loads: compiled in a thread where there is one, while the function waits. What comes of it, and
// what it counts, is the same as where it is compiled on the spot.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createHost,
  type ExecutionResult,
  type Host,
  type HostOptions,
  type StartWorker,
  startWorker,
} from '../../../host/node/index';
import { until } from '../../support/condition';
import { refuseSharedMemory } from '../../support/page-rules';

refuseSharedMemory();

/** Builds a text of some 40 KB, so that it is compiled elsewhere, and loads it; with an error in the line `wrong`. */
const LOADS = `
  local lines, wrong = (...).lines, (...).wrong
  local texts = {}
  for i = 1, lines do texts[i] = i == wrong and "local x = = 1" or "t[#t + 1] = 'number " .. i .. "' .. #t" end
  local source = "local t = {} " .. table.concat(texts, "\\n") .. " return #t, t[#t]"
  local chunk, message = load(source, "=made")
  if not chunk then return message end
  return chunk()`;

const HERE: HostOptions = { workers: 0, training: false };
const ELSEWHERE: HostOptions = { workers: 1, training: false };

async function withHost<T>(options: HostOptions, work: (host: Host) => Promise<T>): Promise<T> {
  const host = await createHost(options);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

function counts({ usage: { wallTimeMs, startTimeMs, ...counted } }: ExecutionResult): unknown {
  return counted;
}

const deploy = (host: Host, source: string) => host.deploy({ name: 'loads', language: 'lua', source });

test('results, messages and counts are those of compiling on the spot', async () => {
  const results = await Promise.all(
    [HERE, ELSEWHERE, { ...ELSEWHERE, sliceInstructions: 500 }].map((options) =>
      withHost(options, async (host) => {
        const fn = await deploy(host, LOADS);
        const right = await fn.execute({ lines: 1000 });
        const wrong = await fn.execute({ lines: 1000, wrong: 900 });
        return [right.values, counts(right), wrong.values, counts(wrong)];
      }),
    ),
  );
  assert.equal(results[0]![0], [1000, 'number 1000999']);
  assert.equal(results[0]![2], ["made:900: unexpected symbol near '='"]);
  assert.equal(results[1], results[0]);
  assert.equal(results[2], results[0]);
});

test('others go on while a text is compiled', () =>
  withHost(ELSEWHERE, async (host) => {
    const loads = await deploy(host, LOADS);
    const short = await host.deploy({ name: 'short', language: 'lua', source: 'return 1' });
    const ends: string[] = [];
    const loading = loads.execute({ lines: 5000 });
    void loading.then(() => ends.push('load'));
    await until(() => loading.status === 'waiting');
    await short.execute();
    ends.push('short');
    assert.is((await loading).status, 'ok');
    assert.equal(ends, ['short', 'load']);
  }));

test('a function can be saved, forked and cancelled while its text is compiled', () =>
  withHost(ELSEWHERE, async (host) => {
    const loads = await deploy(host, LOADS);
    const whole = await loads.execute({ lines: 2000 });
    const execution = loads.execute({ lines: 2000 });
    await until(() => execution.status === 'waiting');
    assert.is(await execution.suspend(), true);
    const copies = [host.restore(execution.snapshot()), execution.fork()];
    execution.resume();
    for (const copy of [execution, ...copies]) {
      const result = await copy;
      assert.equal([result.values, counts(result)], [whole.values, counts(whole)]);
    }
    const unwanted = loads.execute({ lines: 2000 });
    await until(() => unwanted.status === 'waiting');
    unwanted.cancel();
    assert.is((await unwanted).status, 'cancelled');
    assert.is(host.usage.memoryBytes, 0);
  }));

test('what was cancelled while it waited for the compiler is not compiled any more', async () => {
  let chunks = 0;
  const start: StartWorker = (options) => {
    const thread = startWorker(options);
    const post = (message: unknown) => {
      if ((message as { request?: { origin?: string } }).request?.origin !== undefined) chunks++;
      thread.post(message);
    };
    return { ...thread, post };
  };
  await withHost({ ...ELSEWHERE, startWorker: start }, async (host) => {
    const loads = await deploy(host, LOADS);
    const executions = Array.from({ length: 10 }, () => loads.execute({ lines: 5000 }));
    await until(() => executions.every(({ status }) => status === 'waiting'));
    const begun = chunks;
    for (const execution of executions) execution.cancel();
    await Promise.all(executions);
    assert.is((await loads.execute({ lines: 1000 })).status, 'ok');
    assert.is(chunks, begun + 1);
  });
});

test('a finaliser that loads another text while one is compiled gets its own', () =>
  withHost(ELSEWHERE, async (host) => {
    const fn = await deploy(
      host,
      `local text = function(word) return "return '" .. (word .. " "):rep(600) .. "'" end
       local found
       setmetatable({}, { __gc = function() found = load(text("finaliser"), "=same")() end })
       local made = {}
       for i = 1, 40 do made[i] = load(text("number" .. i), "=same")(); collectgarbage() end
       for i = 1, 40 do assert(made[i] == ("number" .. i .. " "):rep(600)) end
       return found == ("finaliser "):rep(600)`,
    );
    assert.is((await fn.execute()).value, true);
  }));

test.run();
