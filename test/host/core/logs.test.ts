// Structured logs: records beside the streams, from every language, in the result or as they come, and charged.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, formatLogRecord, type LogRecord } from '../../../host/core/index';
import { InputReader } from '../../../host/core/input';
import { RECORD_BYTES } from '../../../host/core/logs';
import { MemoryStorage } from '../../../host/core/storage';
import { SyscallHandlers } from '../../../host/core/syscall-handlers';
import { findSyscall, LimitReached } from '../../../vm/index';
import { CountedCharges } from '../../support/counted-charges';
import { ManualTime } from '../../support/manual-time';

const SOURCES = {
  lua: `local log = require 'gazelle'.log
    log.warn('slow', { ms = 120, tags = { 'a', 'b' } })
    log.debug('done')`,
  c: `#include <gazelle.h>
    int main(void) {
      gazelle_log(GAZELLE_WARN, "slow", "{\\"ms\\":120,\\"tags\\":[\\"a\\",\\"b\\"]}");
      gazelle_log(GAZELLE_DEBUG, "done", NULL);
      return 0;
    }`,
  sm: `data slow = "slow"
    data fields = "{\\"ms\\":120,\\"tags\\":[\\"a\\",\\"b\\"]}"
    data done = "done"
    data nothing = "null"
    func main()
      2 slow slow.length fields fields.length syscall log
      0 done done.length nothing nothing.length syscall log
    end`,
};

for (const [language, source] of Object.entries(SOURCES)) {
  test(`${language} logs records with level, message and fields`, async () => {
    const time = new ManualTime(0);
    const host = await createHost({ surroundings: { ...time.surroundings, wallClock: () => 1_700_000_000_123.9 } });
    const { logs, stdout, error } = await host.run({ language, source });
    assert.equal(
      logs,
      [
        { level: 'warn', time: 1_700_000_000_123, message: 'slow', fields: { ms: 120, tags: ['a', 'b'] } },
        { level: 'debug', time: 1_700_000_000_123, message: 'done', fields: null },
      ],
      JSON.stringify(error),
    );
    assert.is(stdout, '');
    await host.close();
  });
}

test('records go to who takes them as they come, who can hold the guest', async () => {
  const host = await createHost();
  const taken: LogRecord[] = [];
  let letGo = () => {};
  const execution = (await host.deploy({ name: 'f', language: 'lua', source: SOURCES.lua })).execute(undefined, {
    log: (record) => {
      taken.push(record);
      return new Promise<void>((resolve) => (letGo = resolve));
    },
  });
  while (execution.status !== 'waiting') await new Promise((resolve) => setImmediate(resolve));
  assert.is(taken.length, 1);
  letGo();
  while (taken.length < 2) await new Promise((resolve) => setImmediate(resolve));
  letGo();
  assert.equal((await execution).logs, []);
  await host.close();
});

test('a record is charged before it is taken', () => {
  const taken: LogRecord[] = [];
  const charges = new CountedCharges({ logBytes: RECORD_BYTES + 2 + 7 });
  const handlers = new SyscallHandlers({
    capabilities: new Set(),
    charges,
    args: () => [],
    files: {},
    functions: new Map(),
    input: new InputReader(''),
    output: () => undefined,
    log: (record) => void taken.push(record),
    storage: new MemoryStorage(),
    surroundings: new ManualTime(1).surroundings,
  });
  const log = (message: string, fields: null | { x: number }) =>
    handlers.answer(findSyscall('log')!, [1, new TextEncoder().encode(message), fields]);
  log('hi', { x: 1 });
  assert.is(charges.used.logBytes, RECORD_BYTES + 2 + 7);
  assert.throws(
    () => log('', null),
    (error: unknown) => error instanceof LimitReached,
  );
  assert.is(taken.length, 1);
});

test('a record reads as a line', () => {
  const record = { level: 'info', time: 0, message: 'started', fields: { port: 80 } } as const;
  assert.is(formatLogRecord(record), '1970-01-01T00:00:00.000Z info started {"port":80}');
  assert.is(formatLogRecord({ ...record, fields: null }), '1970-01-01T00:00:00.000Z info started');
});

test.run();
