// How much functions may say to each other, to the host and into logs: below each limit, at it, and above.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { MAXIMUM_JSON_BYTES, MAXIMUM_MESSAGE_VALUES, MAXIMUM_NAME_LENGTH } from '../../../vm/limits';

const host = await createHost();
test.after(() => host.close());

const capabilities = ['invoke'];
const invoke = ['*'];
const limits = { instructions: 1e9 };

await host.deploy({
  name: 'size',
  language: 'lua',
  source: 'local v = ... return type(v) == "table" and #v or #tostring(v)',
});
await host.deploy({ name: 'list', language: 'lua', source: 'local t = {} for i = 1, ... do t[i] = i end return t' });
await host.deploy({
  name: 'record',
  language: 'lua',
  source: 'local t = {} for i = 1, ... do t["n" .. i] = i end return t',
});
await host.deploy({ name: 'text', language: 'lua', source: 'return ("x"):rep((...))' });

/** What becomes of `call`, which has `make(n)` as its value: true, or the error's beginning. */
async function outcome(statements: string, functions = {}): Promise<unknown> {
  const source = `local gazelle = require 'gazelle'
    local function list(n) local t = {} for i = 1, n do t[i] = i end return t end
    local function record(n) local t = {} for i = 1, n do t['n' .. i] = i end return t end
    local ok, message = pcall(function() ${statements} end)
    return ok or tostring(message)`;
  const { value, error } = await host.run({ language: 'lua', source, capabilities, invoke, limits, functions });
  return error === undefined || error === null ? value : error.message;
}

/** A list is a value beside its elements; a record too, and has a name for each. */
const MOST_ELEMENTS = MAXIMUM_MESSAGE_VALUES - 1;
const MOST_MEMBERS = Math.floor((MAXIMUM_MESSAGE_VALUES - 1) / 2);

for (const [what, call, most, refusal] of [
  [
    'an argument of invoke that is a list',
    (n: number) => `gazelle.invoke('size', list(${n}))`,
    MOST_ELEMENTS,
    /more than 8192 values/,
  ],
  [
    'an argument of invoke that is a record',
    (n: number) => `gazelle.invoke('size', record(${n}))`,
    MOST_MEMBERS,
    /more than 8192 values/,
  ],
  [
    'an argument of invoke that is a text',
    (n: number) => `gazelle.invoke('size', ('x'):rep(${n}))`,
    MAXIMUM_JSON_BYTES,
    /more than 262144 bytes/,
  ],
  [
    'an answer of invoke that is a list',
    (n: number) => `gazelle.invoke('list', ${n})`,
    MOST_ELEMENTS,
    /invoke.failed: 'list': .*more than 8192 values/,
  ],
  [
    'an answer of invoke that is a record',
    (n: number) => `gazelle.invoke('record', ${n})`,
    MOST_MEMBERS,
    /invoke.failed: 'record': .*more than 8192 values/,
  ],
  [
    'an answer of invoke that is a text',
    (n: number) => `gazelle.invoke('text', ${n})`,
    MAXIMUM_JSON_BYTES,
    /invoke.failed: 'text': .*more than 262144 bytes/,
  ],
  [
    'a log record of many elements',
    (n: number) => `gazelle.log.info('m', list(${n}))`,
    MOST_ELEMENTS,
    /more than 8192 values/,
  ],
  [
    'a log record of many fields',
    (n: number) => `gazelle.log.info('m', record(${n}))`,
    MOST_MEMBERS,
    /more than 8192 values/,
  ],
  [
    'a log record of a long message',
    (n: number) => `gazelle.log.info(('x'):rep(${n}))`,
    MAXIMUM_JSON_BYTES,
    /log.message: a message of 262145 bytes/,
  ],
  [
    'a record for a host function',
    (n: number) => `gazelle.call('any', record(${n}))`,
    MAXIMUM_MESSAGE_VALUES,
    /more than 8192 names/,
  ],
] as const) {
  test(`${what} is as large as it may be, and no larger`, async () => {
    const functions = { any: () => null };
    for (const n of [most - 1, most]) assert.is(await outcome(call(n), functions), true, String(n));
    assert.match(String(await outcome(call(most + 1), functions)), refusal);
  });
}

test('a name that is longer than any is nobody’s, and is not read', async () => {
  const call = (n: number) => `gazelle.call(('n'):rep(${n}))`;
  assert.match(String(await outcome(call(MAXIMUM_NAME_LENGTH))), /no host function 'n+' is granted/);
  assert.match(String(await outcome(call(MAXIMUM_NAME_LENGTH + 1))), /no host function of so long a name/);
  const invoked = (n: number) => `gazelle.invoke(('n'):rep(${n}))`;
  assert.match(String(await outcome(invoked(MAXIMUM_NAME_LENGTH))), /there is no function 'n+'/);
  assert.match(String(await outcome(invoked(MAXIMUM_NAME_LENGTH + 1))), /no function of so long a name/);
});

test('C functions trap at JSON of too many values, names among them', async () => {
  const source = (n: number, isRecord: boolean) => `#include <gazelle.h>
    #include <stdio.h>
    static char json[200000];
    int main(void) {
      char *at = json;
      *at++ = ${isRecord ? "'{'" : "'['"};
      for (int i = 0; i < ${n}; i++) at += sprintf(at, ${isRecord ? '"%s\\"n%d\\":1", i ? "," : "", i' : '"%s%d", i ? "," : "", i % 10'});
      *at++ = ${isRecord ? "'}'" : "']'"};
      *at = 0;
      gazelle_log(GAZELLE_INFO, "m", json);
      return 0;
    }`;
  for (const [isRecord, most] of [
    [false, MOST_ELEMENTS],
    [true, MOST_MEMBERS],
  ] as const) {
    for (const n of [most - 1, most]) {
      const { status, logs, error } = await host.run({ language: 'c', source: source(n, isRecord), limits });
      assert.is(status, 'ok', JSON.stringify(error));
      assert.is(Object.keys(logs![0]!.fields!).length, n);
    }
    const { error } = await host.run({ language: 'c', source: source(most + 1, isRecord), limits });
    assert.is(error?.code, 'trap.wrong_argument');
  }
});

test.run();
