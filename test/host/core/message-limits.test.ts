// How much functions may say to each other, to the host and into logs: below each limit, at it, and above.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import {
  MAXIMUM_BODY_BYTES,
  MAXIMUM_JSON_BYTES,
  MAXIMUM_KEY_BYTES,
  MAXIMUM_LOG_BYTES,
  MAXIMUM_LOG_VALUES,
  MAXIMUM_MESSAGE_VALUES,
  MAXIMUM_NAME_LENGTH,
  MAXIMUM_RECORD_NAMES,
  MAXIMUM_REQUEST_VALUES,
  MAXIMUM_STORED_BYTES,
} from '../../../vm/limits';

const host = await createHost();
test.after(() => host.close());

const capabilities = ['invoke', 'storage', 'http'];
const invoke = ['*'];
const limits = { instructions: 1e9, networkOutBytes: Infinity };

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
    local function sent(request, count)
      local ok, message = pcall(gazelle.http.request, request)
      local expected = count and count > 256 and 'http.request: more than 256 headers' or '${SENT}'
      if ok or not message:find(expected, 1, true) then error(message, 0) end
    end
    local ok, message = pcall(function() ${statements} end)
    return ok or tostring(message)`;
  const { value, error } = await host.run({ language: 'lua', source, capabilities, invoke, limits, functions });
  return error === undefined || error === null ? value : error.message;
}

/** What the error says of a request that is one: this host has no client. */
const SENT = 'http.unavailable';

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
    MAXIMUM_LOG_VALUES - 1,
    /more than 1024 values/,
  ],
  [
    'a log record of many fields',
    (n: number) => `gazelle.log.info('m', record(${n}))`,
    (MAXIMUM_LOG_VALUES >> 1) - 1,
    /more than 1024 values/,
  ],
  [
    'a log record of a long field',
    (n: number) => `gazelle.log.info('m', { f = ('x'):rep(${n - 1}) })`,
    MAXIMUM_LOG_BYTES,
    /more than 65536 bytes/,
  ],
  [
    'a log record of a long message',
    (n: number) => `gazelle.log.info(('x'):rep(${n}))`,
    MAXIMUM_LOG_BYTES,
    /log.message: a message of 65537 bytes/,
  ],
  [
    'a record for a host function',
    (n: number) => `gazelle.call('any', record(${n}))`,
    MAXIMUM_RECORD_NAMES,
    /more than 4096 names/,
  ],
  [
    'a key of the storage',
    (n: number) => `gazelle.storage.put(('k'):rep(${n}), 'v')`,
    MAXIMUM_KEY_BYTES,
    /storage.key: a key of 513 bytes \(1 to 512 are possible\)/,
  ],
  [
    'a key that is looked for',
    (n: number) => `gazelle.storage.list(('k'):rep(${n}), ('k'):rep(${n}))`,
    MAXIMUM_KEY_BYTES,
    /storage.key: a key of 513 bytes/,
  ],
  [
    'a value of the storage',
    (n: number) => `gazelle.storage.put('k', ('v'):rep(${n}))`,
    MAXIMUM_STORED_BYTES,
    /storage.value: a value of 1048577 bytes/,
  ],
  [
    'a value that is swapped',
    (n: number) => `gazelle.storage.compare_and_swap('other', 1, ('v'):rep(${n}))`,
    MAXIMUM_STORED_BYTES,
    /storage.value: a value of 1048577 bytes/,
  ],
  [
    'a body of a request',
    (n: number) => `sent({ url = 'http://a/', method = 'POST', body = ('b'):rep(${n}) })`,
    MAXIMUM_BODY_BYTES,
    /http.request: a body of 16777217 bytes \(at most 16777216 go at once, more in pieces\)/,
  ],
  [
    'what is asked of the client',
    // The request, its url and its headers with their names: five.
    (n: number) => `sent({ url = 'http://a/', headers = record(${n}) }, ${n})`,
    (MAXIMUM_REQUEST_VALUES - 5) >> 1,
    /bad argument to 'http_request' .*more than 1024 values/,
  ],
  [
    "a request's headers",
    (n: number) => `sent({ url = 'http://a/', headers = record(${n}) })`,
    256,
    /http.request: more than 256 headers/,
  ],
  [
    "a request's header",
    (n: number) => `sent({ url = 'http://a/', headers = { a = ('v'):rep(${n - 1}) } })`,
    32 * 1024,
    /http.request: headers of more than 32768 characters/,
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
    [false, MAXIMUM_LOG_VALUES - 1],
    [true, (MAXIMUM_LOG_VALUES >> 1) - 1],
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

test('what a C function says may have more values than it may answer another one', async () => {
  const source = `#include <gazelle.h>
    #include <stdlib.h>
    static char json[200000];
    int main(int count, char **arguments) {
      char *at = json;
      *at++ = '[';
      for (int i = 0; i < atoi(arguments[1]); i++) { if (i) *at++ = ','; *at++ = '7'; }
      *at++ = ']';
      *at = 0;
      gazelle_result(json);
      return 0;
    }`;
  const said = await host.deploy({ name: 'said', language: 'c', source, limits });
  const { value, error } = await said.execute(50_000);
  assert.is((value as number[])?.length, 50_000, JSON.stringify(error));
  const call = (n: number) => `assert(#gazelle.invoke('said', ${n}) == ${n})`;
  for (const n of [MOST_ELEMENTS - 1, MOST_ELEMENTS]) assert.is(await outcome(call(n)), true);
  assert.match(String(await outcome(call(MOST_ELEMENTS + 1))), /invoke.failed: 'said': .*more than 8192 values/);
});

test.run();
