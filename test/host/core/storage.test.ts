// The key-value storage of a tenant: what it keeps, what it charges, and how each language reaches it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { ENTRY_BYTES, MemoryStorage } from '../../../host/core/storage';
import { StorageCalls } from '../../../host/core/syscalls/storage';
import { LimitReached, MAXIMUM_KEY_BYTES, MAXIMUM_STORED_BYTES } from '../../../vm/index';
import { CountedCharges } from '../../support/counted-charges';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytes = (text: string) => encoder.encode(text);
const names = (keys: Uint8Array[]) => keys.map((key) => decoder.decode(key));

function callsOf(limits = {}) {
  const storage = new MemoryStorage();
  const charges = new CountedCharges(limits);
  return { storage, charges, calls: new StorageCalls(storage, charges) };
}

test('keeps values under keys of any bytes, each with a version of its own', () => {
  const storage = new MemoryStorage();
  const key = Uint8Array.of(0, 255, 128);
  assert.is(storage.get(key), null);
  assert.is(storage.compareAndSwap(key, 0, bytes('one')), 1);
  assert.is(storage.compareAndSwap(key, 0, bytes('two')), null);
  assert.is(storage.compareAndSwap(key, 1, bytes('two')), 2);
  assert.equal(storage.get(key), { value: bytes('two'), version: 2 });
  assert.is(storage.compareAndSwap(key, 2, null), 0);
  assert.is(storage.compareAndSwap(key, 0, bytes('three')), 3);
  assert.equal(storage.list(new Uint8Array(0), new Uint8Array(0), 10, 10), [key]);
});

test('lists keys in order, page by page, also when there are many', () => {
  const storage = new MemoryStorage();
  const all = Array.from({ length: 5000 }, (_, index) => `k${String((index * 7919) % 5000).padStart(4, '0')}`);
  for (const key of all) storage.compareAndSwap(bytes(key), 0, bytes(''));
  for (const key of ['a', 'z']) storage.compareAndSwap(bytes(key), 0, bytes(''));
  const found: string[] = [];
  for (let after = ''; ; ) {
    const page = names(storage.list(bytes('k'), bytes(after), 999, 1e6));
    if (page.length === 0) break;
    found.push(...page);
    after = page.at(-1)!;
  }
  assert.equal(found, [...all].sort());
  for (const key of all) storage.compareAndSwap(bytes(key), storage.get(bytes(key))!.version, null);
  assert.equal(names(storage.list(bytes(''), bytes(''), 10, 10)), ['a', 'z']);
  assert.is(storage.usedBytes, 2 * (1 + ENTRY_BYTES));
});

test('a page has as many keys as its bytes admit, and the next one goes on behind it', () => {
  const { storage, calls } = callsOf();
  const all = Array.from({ length: 300 }, (_, index) => `${'k'.repeat(MAXIMUM_KEY_BYTES - 3)}${100 + index}`);
  for (const key of all) storage.compareAndSwap(bytes(key), 0, bytes(''));
  const first = names(calls.list(bytes(''), bytes(''), 1000) as Uint8Array[]);
  assert.equal(first, all.slice(0, 64), '32 KiB');
  assert.equal(names(calls.list(bytes(''), bytes(first.at(-1)!), 1000) as Uint8Array[]), all.slice(64, 128));
  assert.is(storage.list(bytes(''), bytes(''), 1000, 1023).length, 1);
});

test('charges exactly what is stored, and gives back what is not any more', async () => {
  const { storage, charges, calls } = callsOf();
  await calls.put(bytes('key'), bytes('12345'));
  assert.is(charges.used.storageBytes, ENTRY_BYTES + 8);
  await calls.put(bytes('key'), bytes('1'));
  assert.is(charges.used.storageBytes, ENTRY_BYTES + 4);
  assert.is(await calls.swap(bytes('key'), 1n, bytes('a much longer value')), 0n);
  assert.is(charges.used.storageBytes, ENTRY_BYTES + 4);
  await calls.put(bytes('other'), bytes(''));
  assert.is(charges.used.storageBytes, storage.usedBytes);
  assert.is(await calls.delete(bytes('key')), 1n);
  assert.is(await calls.delete(bytes('key')), 0n);
  assert.is(await calls.remove(bytes('other'), 99n), 0n);
  assert.is(charges.used.storageBytes, ENTRY_BYTES + 5);
  assert.is(await calls.remove(bytes('other'), 3n), 1n);
  assert.is(charges.used.storageBytes, 0);
  assert.is(charges.used.storageOperations, 8);
});

test('a value that does not fit into the quota is not stored; one in its place that does is', () => {
  const quota = ENTRY_BYTES + 1 + 100;
  const { storage, calls } = callsOf({ storageBytes: quota });
  calls.put(bytes('k'), new Uint8Array(100));
  assert.throws(
    () => calls.put(bytes('l'), new Uint8Array(0)),
    (error: unknown) => error instanceof LimitReached,
  );
  assert.throws(
    () => calls.put(bytes('k'), new Uint8Array(101)),
    (error: unknown) => error instanceof LimitReached,
  );
  calls.put(bytes('k'), new Uint8Array(100).fill(1));
  assert.is(storage.get(bytes('k'))!.value[99], 1);
  assert.is(storage.usedBytes, quota);
});

test('an operation beyond the limit does nothing', () => {
  const { storage, calls } = callsOf({ storageOperations: 1 });
  calls.put(bytes('k'), bytes('1'));
  assert.throws(
    () => calls.put(bytes('k'), bytes('2')),
    (error: unknown) => error instanceof LimitReached,
  );
  assert.equal(storage.get(bytes('k'))!.value, bytes('1'));
});

test('a put that waits for its charge counts exactly, whoever comes between', async () => {
  const { storage, charges, calls } = callsOf();
  let open = () => {};
  charges.gate = { name: 'storageBytes', opened: new Promise((resolve) => (open = resolve)) };
  const slow = calls.put(bytes('k'), bytes('12345'));
  charges.gate = null;
  await calls.put(bytes('k'), bytes('123'));
  open();
  assert.is(await slow, 2n);
  assert.equal(storage.get(bytes('k'))!.value, bytes('12345'));
  assert.is(charges.used.storageBytes, storage.usedBytes);
});

test('keys and values of sizes that are not possible are errors that say so', () => {
  const { calls } = callsOf();
  calls.put(new Uint8Array(MAXIMUM_KEY_BYTES), new Uint8Array(MAXIMUM_STORED_BYTES));
  assert.throws(() => calls.get(bytes('')), /^storage\.key: a key of 0 bytes/);
  assert.throws(() => calls.put(new Uint8Array(MAXIMUM_KEY_BYTES + 1), bytes('')), /^storage\.key: a key of 513 bytes/);
  assert.throws(() => calls.put(bytes('k'), new Uint8Array(MAXIMUM_STORED_BYTES + 1)), /^storage\.value: /);
  assert.throws(() => calls.list(new Uint8Array(2000), bytes(''), 1), /^storage\.key: /);
});

test('a storage of somebody else that fails is an error of the guest', async () => {
  const broken = {
    get: () => Promise.reject(new Error('disk on fire')),
    compareAndSwap: () => null,
    list: () => {
      throw new Error('no list');
    },
  };
  const source = `local storage = require 'gazelle'.storage
    local _, first = pcall(storage.get, 'k')
    local _, second = pcall(storage.list)
    return first .. '; ' .. second`;
  const host = await createHost({ storage: () => broken });
  const { value } = await host.run({ language: 'lua', source, capabilities: ['storage'] });
  assert.is(value, 'storage.failed: disk on fire; storage.failed: no list');
  await host.close();
});

test('a change that the storage fails to make costs no bytes', async () => {
  const failures: (() => Promise<never>)[] = [
    () => Promise.reject(new Error('disk full')),
    () => {
      throw new Error('disk full');
    },
  ];
  for (const compareAndSwap of failures) {
    const { storage, charges, calls } = callsOf();
    calls.put(bytes('key'), bytes('12345'));
    storage.compareAndSwap = compareAndSwap as never;
    const changes = [
      () => calls.put(bytes('key'), bytes('much longer')),
      () => calls.put(bytes('key'), bytes('1')),
      () => calls.put(bytes('new'), bytes('1')),
      () => calls.swap(bytes('new'), 0n, bytes('1')),
      () => calls.delete(bytes('key')),
    ];
    for (const change of changes) {
      const message = await (async () => change())().catch(String);
      assert.is(message, 'SyscallFailure: storage.failed: disk full');
      assert.is(charges.used.storageBytes, storage.usedBytes);
    }
  }
});

const FACES = {
  lua: `local storage = require 'gazelle'.storage
    local key = 'greeting'
    assert(storage.get(key) == nil)
    local first = storage.put(key, 'hello')
    local value, version = storage.get(key)
    assert(value == 'hello' and version == first)
    assert(storage.compare_and_swap(key, first + 1, 'no') == nil)
    assert(storage.compare_and_swap(key, nil, 'no') == nil)
    local second = assert(storage.compare_and_swap(key, first, ('x'):rep(200000)))
    assert(second > first and #storage.get(key) == 200000)
    assert(storage.compare_and_swap('new', nil, 'n'))
    assert(table.concat(storage.list('', '', 10), ',') == 'greeting,new')
    local all = {}
    for found in storage.keys('n') do all[#all + 1] = found end
    assert(#all == 1 and all[1] == 'new')
    assert(not storage.compare_and_swap(key, first, nil) and storage.compare_and_swap(key, second, nil))
    assert(storage.delete('new') and not storage.delete('new'))
    local ok, message = pcall(storage.put, '', 'x')
    assert(not ok and message:find('storage.key', 1, true))
    assert(not pcall(storage.put, 'k'))
    print('ok')`,
  c: `#include <gazelle.h>
    #include <stdio.h>
    #include <string.h>
    #include <assert.h>
    static char buffer[200000];
    int main(void) {
      long long version, first;
      assert(gazelle_storage_get("greeting", buffer, sizeof buffer, &version) == GAZELLE_NONE && version == 0);
      first = gazelle_storage_put("greeting", "hello", 5);
      assert(first > 0);
      assert(gazelle_storage_get("greeting", buffer, sizeof buffer, &version) == 5 && version == first);
      assert(memcmp(buffer, "hello", 5) == 0);
      assert(gazelle_storage_get("greeting", buffer, 2, NULL) == 5);
      assert(gazelle_storage_compare_and_swap("greeting", first + 1, "no", 2) == 0);
      memset(buffer, 'x', sizeof buffer);
      version = gazelle_storage_compare_and_swap("greeting", first, buffer, sizeof buffer);
      assert(version > first);
      memset(buffer, 0, sizeof buffer);
      assert(gazelle_storage_get("greeting", buffer, sizeof buffer, NULL) == sizeof buffer);
      assert(buffer[sizeof buffer - 1] == 'x');
      assert(gazelle_storage_compare_and_swap("new", 0, "n", 1) > 0);
      int length = gazelle_storage_list("", "", 10);
      assert(gazelle_answer_size() == length && gazelle_answer_read(0, buffer, length) == length);
      assert(memcmp(buffer, "[\\"greeting\\",\\"new\\"]", length) == 0);
      assert(gazelle_storage_compare_and_delete("greeting", first) == 0);
      assert(gazelle_storage_compare_and_delete("greeting", version) == 1);
      assert(gazelle_storage_delete("new") == 1 && gazelle_storage_delete("new") == 0);
      assert(gazelle_storage_put("", "x", 1) == -1 && gazelle_storage_get("", buffer, 1, NULL) == GAZELLE_FAILED);
      length = gazelle_answer_read(0, buffer, sizeof buffer);
      assert(memcmp(buffer, "\\"storage.key:", 13) == 0);
      puts("ok");
      return 0;
    }`,
  sm: `data key = "greeting"
    data text = "ok\\n"
    reserve buffer 16
    func main()
      local version: i64
      key key.length syscall storage_get i64.eqz br_if absent
      unreachable
    absent:
      key key.length text text.length syscall storage_put =version
      key key.length syscall storage_get version i64.eq br_if stored
      unreachable
    stored:
      key key.length version i64.const 1 i64.add text 0 syscall storage_swap i64.eqz br_if refused
      unreachable
    refused:
      key key.length version text text.length syscall storage_swap =version
      0 buffer buffer.length syscall answer_read drop
      1 buffer syscall answer_size syscall write drop
      key 0 syscall storage_get i64.const -1 i64.eq br_if failed
      unreachable
    failed:
      key key.length version syscall storage_remove i64.const 1 i64.eq br_if removed
      unreachable
    removed:
    end`,
};

for (const [language, source] of Object.entries(FACES)) {
  test(`${language} gets, puts, swaps, lists and deletes`, async () => {
    const host = await createHost();
    const result = await host.run({ language, source, capabilities: ['storage'] });
    assert.is(result.stdout, 'ok\n', JSON.stringify(result.error) + result.stderr);
    await host.close();
  });
}

test('two functions of a tenant share it, and it outlives their calls', async () => {
  const host = await createHost();
  const capabilities = ['storage'];
  const put = await host.deploy({
    name: 'put',
    language: 'lua',
    source: "require 'gazelle'.storage.put('k', ...)",
    capabilities,
  });
  const get = await host.deploy({
    name: 'get',
    language: 'lua',
    source: "return (require 'gazelle'.storage.get('k'))",
    capabilities,
  });
  await put.execute('one');
  assert.is((await get.execute()).value, 'one');
  await host.close();
});

test('a hundred increments at once by compare-and-swap lose none', async () => {
  const host = await createHost();
  const source = `local storage = require 'gazelle'.storage
    for _ = 1, 10 do
      repeat
        local value, version = storage.get('n')
        coroutine.wrap(function() for i = 1, 3000 do end end)()
        local next = math.tointeger(tonumber(value or '0')) + 1
      until storage.compare_and_swap('n', version, tostring(next))
    end`;
  const fn = await host.deploy({ name: 'f', language: 'lua', source, capabilities: ['storage'] });
  for (const { status } of await fn.executeMany(10)) assert.is(status, 'ok');
  const { value } = await host.run({
    language: 'lua',
    source: "return (require 'gazelle'.storage.get('n'))",
    capabilities: ['storage'],
  });
  assert.is(value, '100');
  await host.close();
});

test('without the capability the execution ends', async () => {
  const host = await createHost();
  const { error } = await host.run({ language: 'lua', source: "pcall(require 'gazelle'.storage.get, 'k')" });
  assert.is(error?.code, 'capability_denied');
  assert.is(error?.capability, 'storage');
  await host.close();
});

test.run();
