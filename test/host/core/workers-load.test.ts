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

const HERE: HostOptions = { workers: 0, startWorker: null, training: false };
const ALONE: HostOptions = { workers: 0, training: false };
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
    [HERE, ALONE, { ...ALONE, sliceInstructions: 500 }, ELSEWHERE, { ...ELSEWHERE, sliceInstructions: 500 }].map(
      (options) =>
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
  for (const result of results.slice(1)) assert.equal(result, results[0]);
});

test('without workers, too, a large text leaves the thread of the host to the others', async () => {
  let isGated = false;
  let open!: () => void;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const start: StartWorker = (options) => {
    const thread = startWorker(options);
    // What the compiler has made of a loaded text is held back until the others have had their turns.
    const listen = (receive: (message: unknown) => void) =>
      thread.listen((message) => {
        if (isGated) void gate.then(() => receive(message));
        else receive(message);
      });
    return { ...thread, listen };
  };
  await withHost({ ...ALONE, startWorker: start }, async (host) => {
    const loads = await deploy(host, LOADS);
    const neighbour = await host.deploy({
      name: 'neighbour',
      language: 'lua',
      source: 'local s = 0 for i = 1, ... do s = s + i end return s',
    });
    isGated = true;
    const events: string[] = [];
    const loading = loads.execute({ lines: 5000 });
    void loading.then(() => events.push('loaded'));
    await until(() => loading.status === 'waiting');
    for (let call = 1; call <= 3; call++) {
      const { value } = await neighbour.execute(100_000 * call);
      events.push(`neighbour ${value}`);
      await new Promise((resolve) => setTimeout(resolve, 0));
      events.push('timer');
    }
    assert.is(loading.status, 'waiting');
    open();
    assert.equal((await loading).values, [5000, 'number 50004999']);
    assert.equal(events, [
      ...['neighbour 5000050000', 'timer', 'neighbour 20000100000', 'timer', 'neighbour 45000150000', 'timer'],
      'loaded',
    ]);
  });
});

test('where no thread can be had, texts are compiled on the spot', async () => {
  const start: StartWorker = () => ({
    post: () => {},
    listen: () => {},
    onFailure: (report) => queueMicrotask(() => report('threads are not allowed here', false)),
    hold: () => {},
    terminate: async () => {},
  });
  const [here, without] = await Promise.all(
    [HERE, { ...ALONE, startWorker: start }].map((options) =>
      withHost(options, async (host) => {
        const result = await (await deploy(host, LOADS)).execute({ lines: 1000 });
        return [result.values, counts(result)];
      }),
    ),
  );
  assert.equal(without, here);
});

test('deterministic hosts come to the same bytes, times and order with threads as without', async () => {
  const outcomes = await Promise.all(
    [{ startWorker: null }, { workers: 0 }, { workers: 2 }].map((options) =>
      withHost({ ...options, training: false, deterministic: { seed: 5 } }, async (host) => {
        const loads = await deploy(host, LOADS);
        const order: unknown[] = [];
        const results = await Promise.all(
          [900, 300, 700, 40].map(async (lines) => {
            const result = await loads.execute({ lines });
            order.push(lines);
            return result;
          }),
        );
        return { order, results: JSON.stringify(results) };
      }),
    ),
  );
  assert.is(outcomes[0]!.order.length, 4);
  for (const outcome of outcomes.slice(1)) assert.equal(outcome, outcomes[0]);
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
    const copies = [host.restore(await execution.snapshot()), execution.fork()];
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
