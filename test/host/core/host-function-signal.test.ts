// The signal that tells a host function that nobody waits for its answer any more.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type HostCall, type HostFunction } from '../../../host/core/index';

/** A host function that never answers by itself, and its signal once it is called. */
function waiting(): { functions: Record<string, HostFunction>; called: Promise<AbortSignal> } {
  let tell: (signal: AbortSignal) => void;
  const called = new Promise<AbortSignal>((resolve) => {
    tell = resolve;
  });
  function wait(this: HostCall): Promise<never> {
    tell(this.signal);
    return new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason));
    });
  }
  return { functions: { wait }, called };
}

const LUA = { language: 'lua', source: 'wait() return 1' };

test('fires when the execution is cancelled', async () => {
  const host = await createHost();
  const { functions, called } = waiting();
  const fn = await host.deploy({ name: 'f', ...LUA, functions });
  const execution = fn.execute();
  const signal = await called;
  assert.is(signal.aborted, false);
  execution.cancel();
  assert.is(signal.aborted, true);
  assert.is((await execution).status, 'cancelled');
  await host.close();
});

test('fires when the wall time ends the execution', async () => {
  const host = await createHost();
  const { functions, called } = waiting();
  const { error } = await host.run({ ...LUA, functions, limits: { wallTimeMs: 5 } });
  assert.is(error?.resource, 'wall_time');
  assert.is((await called).aborted, true);
  await host.close();
});

test('fires when the host is closed, and when the signal of the call fires', async () => {
  const host = await createHost();
  const first = waiting();
  const controller = new AbortController();
  const byController = host.run({ ...LUA, functions: first.functions, signal: controller.signal });
  const second = waiting();
  const byHost = host.run({ ...LUA, functions: second.functions });
  await Promise.all([first.called, second.called]);
  controller.abort();
  assert.is((await first.called).aborted, true);
  assert.is((await second.called).aborted, false);
  await host.close();
  assert.is((await second.called).aborted, true);
  assert.is((await byController).status, 'cancelled');
  assert.is((await byHost).status, 'cancelled');
});

test('does not fire for a call that was answered, and is aborted for who looks late', async () => {
  const host = await createHost();
  const signals: AbortSignal[] = [];
  const calls: HostCall[] = [];
  function answer(this: HostCall): number {
    signals.push(this.signal);
    return 7;
  }
  function hang(this: HostCall): Promise<never> {
    calls.push(this);
    return new Promise(() => {});
  }
  const source = 'local x = answer() + answer() if ... then hang() end return x';
  const fn = await host.deploy({ name: 'f', language: 'lua', source, functions: { answer, hang } });
  assert.is((await fn.execute()).value, 14);
  const execution = fn.execute(true);
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve));
  execution.cancel();
  await execution;
  assert.equal(
    signals.map(({ aborted }) => aborted),
    [false, false, false, false],
  );
  assert.is(calls[0]!.signal.aborted, true);
  await host.close();
});

test('shows nothing of itself to the guest, whatever the number of arguments', async () => {
  const host = await createHost();
  const seen: unknown[][] = [];
  const functions = { look: (...args: unknown[]) => void seen.push(args) };
  await host.run({ language: 'lua', source: 'look() look(1) look(1, { signal = 2 })', functions });
  assert.equal(seen, [[], [1], [1, { signal: 2 }]]);
  await host.close();
});

test.run();
