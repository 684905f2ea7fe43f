// Snapshots of large heaps are written and read in steps, between which others have their turns: what happens meanwhile to the
// execution, to its function, to its host and to the bytes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createHost,
  type DeployOptions,
  type Execution,
  type Host,
  type SnapshotError,
} from '../../../host/core/index';
import { until } from '../../support/condition';
import { ManualTime } from '../../support/manual-time';

const MEBIBYTES = 8;
/** Of a snapshot: see docs/snapshots.md. */
const HEADER_BYTES = 80 * 4;

/** Fills its heap, asks, and says what is in it and what the answer was. */
const LARGE: DeployOptions = {
  name: 'large',
  language: 'lua',
  source: `
    local t = {}
    for i = 1, ${MEBIBYTES * 1000} do t[i] = ("x"):rep(1000) .. i end
    local ok, answer = pcall(ask)
    local sum = 0
    for i = 1, #t do sum = sum + #t[i] end
    return sum, ok, answer`,
  limits: { wallTimeMs: Infinity, instructions: 10_000_000 },
};
const SUM = MEBIBYTES * 1000 * 1000 + 9 + 2 * 90 + 3 * 900 + 4 * (MEBIBYTES * 1000 - 999);

/** A host in which every turn is one of the event loop, however fast the machine is; and an execution with a large heap. */
async function withLarge(
  work: (at: { host: Host; execution: Execution; answer: (value: unknown) => void; time: ManualTime }) => Promise<void>,
): Promise<void> {
  const time = new ManualTime(10);
  const host = await createHost({ training: false, surroundings: time.surroundings });
  let answer: ((value: unknown) => void) | undefined;
  const ask = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  try {
    const execution = (await host.deploy({ ...LARGE, functions: { ask } })).execute();
    await until(() => answer !== undefined);
    await execution.suspend();
    await work({ host, execution, answer: answer!, time });
  } finally {
    await host.close();
  }
}

async function codeOf(promise: PromiseLike<unknown>): Promise<string> {
  try {
    await promise;
    return 'nothing';
  } catch (error) {
    return (error as SnapshotError).code;
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Whether two snapshots differ in their headers at most, as in their wall time. */
function areSameHeaps(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a.subarray(HEADER_BYTES), b.subarray(HEADER_BYTES)) === 0;
}

/** Until the host has more memory in use than that: a few turns of more than a hundred that the rest takes. */
async function whenMoreIsUsed(host: Host, bytes: number): Promise<void> {
  while (host.usage.memoryBytes <= bytes) await turn();
}

/** Lets some of the steps be taken, of more than a hundred. */
async function someTurns(): Promise<void> {
  for (let count = 0; count < 10; count++) await turn();
}

test('a large heap is saved and restored in many turns of the event loop, a small one at once', () =>
  withLarge(async ({ host, execution, time }) => {
    let before = time.turns;
    const bytes = await execution.snapshot();
    assert.ok(bytes.length > MEBIBYTES << 20);
    assert.ok(time.turns - before > 120, `${time.turns - before} turns`);
    before = time.turns;
    const copy = host.restore(bytes, { suspended: true });
    assert.equal([copy.status, copy.suspendedFor, copy.memoryBytes], ['running', null, 0]);
    await copy.suspend();
    assert.ok(time.turns - before > 180, `${time.turns - before} turns`);
    assert.equal([copy.status, copy.memoryBytes], ['suspended', execution.memoryBytes]);
    assert.ok(areSameHeaps(await copy.snapshot(), bytes));
    copy.resume();
    assert.equal((await copy).values, [SUM, false, 'interrupted']);

    const small = await host.deploy({ name: 'small', language: 'lua', source: 'for i = 1, 1000 do end return 7' });
    const first = small.execute();
    await first.suspend();
    await first.snapshot();
    before = time.turns;
    const again = host.restore(await first.snapshot(), { suspended: true });
    assert.is(again.status, 'suspended');
    assert.is(time.turns, before);
    again.cancel();
    first.resume();
    assert.is((await first).value, 7);
  }));

test('neighbours have their turns while a snapshot is written, and while one is read', () =>
  withLarge(async ({ host, execution }) => {
    const tenant = host.tenant('neighbour');
    const limits = { instructions: Infinity, wallTimeMs: Infinity };
    const loop = await tenant.deploy({ name: 'loop', language: 'lua', source: 'while true do end', limits });
    const neighbour = loop.execute();
    const used = () => loop.usage.instructions;
    let before = used();
    const bytes = await execution.snapshot();
    assert.ok(used() - before > 1_000_000, `${used() - before} instructions`);
    before = used();
    const copy = host.restore(bytes, { suspended: true });
    await copy.suspend();
    assert.ok(used() - before > 1_000_000, `${used() - before} instructions`);
    copy.cancel();
    neighbour.cancel();
  }));

test('goes on only when its snapshot is written, with what it was told meanwhile', () =>
  withLarge(async ({ host, execution, answer }) => {
    const writing = execution.snapshot();
    await someTurns();
    answer('late');
    await turn();
    execution.refill({ instructions: 5 });
    execution.resume();
    await someTurns();
    assert.equal([execution.status, execution.suspendedFor], ['suspended', 'request']);
    const again = execution.snapshot();
    const [first, second] = await Promise.all([writing, again]);
    assert.is(execution.status, 'running');
    assert.equal((await execution).values, [SUM, true, 'late']);
    assert.equal((await host.restore(first)).values, [SUM, false, 'interrupted'], 'the answer came later');
    assert.equal((await host.restore(second)).values, [SUM, true, 'late'], 'it was there for the second');
  }));

test('stays suspended when it is suspended again before its snapshot is written', () =>
  withLarge(async ({ execution }) => {
    const writing = execution.snapshot();
    execution.resume();
    assert.is(await execution.suspend(), true);
    await writing;
    assert.equal([execution.status, execution.suspendedFor], ['suspended', 'request']);
  }));

test('of several snapshots at once each is whole, and forks come from the same point', () =>
  withLarge(async ({ execution }) => {
    const saving = [execution.snapshot(), execution.snapshot()];
    const fork = execution.fork();
    execution.resume();
    const [first, second] = await Promise.all(saving);
    assert.ok(areSameHeaps(first!, second!));
    assert.equal((await fork).values, [SUM, false, 'interrupted']);
  }));

test('cancelled while its snapshot is written, it ends at once and there is none', () =>
  withLarge(async ({ execution, host }) => {
    const held = host.usage.memoryBytes;
    const codes = [codeOf(execution.snapshot()), codeOf(execution.snapshot()), codeOf(execution.fork())];
    await someTurns();
    execution.cancel();
    assert.is(execution.status, 'ended');
    assert.is((await execution).status, 'cancelled');
    assert.ok(held > MEBIBYTES << 20);
    assert.is(host.usage.memoryBytes, 0);
    assert.equal(await Promise.all(codes), ['snapshot.ended', 'snapshot.ended', 'snapshot.ended']);
  }));

test('the bytes that are given may change once they are read, and are refused when they change before', () =>
  withLarge(async ({ execution, host }) => {
    const bytes = await execution.snapshot();
    const given = bytes.slice();
    const early = host.restore(given);
    await someTurns();
    given.fill(0);
    assert.is(await codeOf(early), 'snapshot.checksum');
    const again = bytes.slice();
    const late = host.restore(again);
    // Of the first half of the steps, in which they are copied and their checksum is made, the first half.
    for (let count = 0; count < 75; count++) await turn();
    again.fill(0);
    assert.equal((await late).values, [SUM, false, 'interrupted']);
  }));

test('a restore counts memory before it copies the heap, and gives it back when it is cancelled', () =>
  withLarge(async ({ execution, host }) => {
    const bytes = await execution.snapshot();
    execution.cancel();
    await execution;
    assert.is(host.usage.memoryBytes, 0);
    for (const end of ['cancel', 'abort']) {
      const controller = new AbortController();
      const copy = host.restore(bytes, { signal: controller.signal });
      await whenMoreIsUsed(host, MEBIBYTES << 20);
      assert.equal([copy.status, host.runningCount], ['running', 1]);
      if (end === 'cancel') copy.cancel();
      else controller.abort();
      assert.equal([copy.status, host.usage.memoryBytes], ['ended', 0]);
      const { status, error, usage } = await copy;
      assert.equal([status, error?.code, usage.instructions], ['cancelled', 'cancelled', 0]);
      assert.equal([await copy.suspend(), await copy.suspension()], [false, null]);
      assert.is(await codeOf(copy.snapshot()), 'snapshot.ended');
      assert.throws(() => copy.fork(), /has ended/);
      for await (const _ of copy.logs) assert.unreachable();
    }
    assert.is(host.runningCount, 0);
  }));

test('what is wanted of an execution while it is read happens when it stands where it was saved', () =>
  withLarge(async ({ execution, host }) => {
    const bytes = await execution.snapshot();
    const copy = host.restore(bytes, { limits: { instructions: 10 } });
    assert.is(await codeOf(copy.snapshot()), 'snapshot.running');
    assert.throws(() => copy.fork(), /not suspended/);
    assert.throws(() => copy.refill({ instructions: -1 }), RangeError);
    copy.refill({ instructions: 10_000_000 });
    assert.is(await copy.suspend(), true);
    assert.equal([copy.status, copy.suspendedFor, await copy.suspension()], ['suspended', 'request', 'request']);
    copy.resume();
    assert.equal((await copy).values, [SUM, false, 'interrupted']);

    const other = host.restore(bytes, { suspended: true });
    other.resume();
    assert.equal((await other).values, [SUM, false, 'interrupted']);

    const wrong = bytes.slice();
    wrong[wrong.length - 9]! ^= 1;
    const refused = host.restore(wrong);
    refused.refill({ instructions: 1 });
    assert.equal(await Promise.all([codeOf(refused.suspend()), codeOf(refused)]), [
      'snapshot.checksum',
      'snapshot.checksum',
    ]);
    assert.is(refused.status, 'ended');
    assert.throws(() => refused.resume(), /checksum/);
  }));

test('a function that is removed meanwhile goes on if it was found before, and its snapshot is written', () =>
  withLarge(async ({ execution, host }) => {
    const writing = execution.snapshot();
    await someTurns();
    host.remove('large');
    const bytes = await writing;
    assert.is(await codeOf(host.restore(bytes)), 'snapshot.modules');
    await host.deploy({ ...LARGE, functions: { ask: () => 1 } });
    const early = host.restore(bytes);
    await someTurns();
    host.remove('large');
    assert.is(await codeOf(early), 'snapshot.modules');
    await host.deploy({ ...LARGE, functions: { ask: () => 1 } });
    const held = host.usage.memoryBytes;
    const late = host.restore(bytes);
    await whenMoreIsUsed(host, held);
    host.remove('large');
    assert.equal((await late).values, [SUM, false, 'interrupted']);
    assert.is(await codeOf(host.restore(bytes, { tenant: 'nobody' })), 'snapshot.modules');
  }));

test('a host that is closed ends what is written and what is read', async () => {
  const codes: Promise<string>[] = [];
  let early!: Execution;
  let late!: Execution;
  let closed!: Host;
  await withLarge(async ({ execution, host }) => {
    closed = host;
    const bytes = await execution.snapshot();
    const held = host.usage.memoryBytes;
    late = host.restore(bytes);
    await whenMoreIsUsed(host, held);
    early = host.restore(bytes);
    codes.push(codeOf(execution.snapshot()));
    await someTurns();
  });
  assert.equal([(await early).status, (await late).status], ['cancelled', 'cancelled']);
  assert.equal(await Promise.all(codes), ['snapshot.ended']);
  assert.is(closed.usage.memoryBytes, 0);
  assert.throws(() => closed.restore(new Uint8Array(100)), /closed/);
});

test.run();
