import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TABLE_ABSENT, TABLE_ARRAY_SIZE, TABLE_NODE_MASK } from '../../vm/layout';
import { MEMORY, THROW } from '../../vm/signals';
import { newString } from '../../vm/strings';
import {
  ENTRY_INVALID,
  ENTRY_NONE,
  findOrInsert,
  findOrInsertInteger,
  findOrInsertShortString,
  getInteger,
  getShortString,
  getSlot,
  newTable,
  nextEntry,
  reserveArray,
  tableLength,
} from '../../vm/tables';
import { encodeUtf8 } from '../../vm/utf8';
import { writeFloat, writeInteger, writeNil } from '../../vm/values';
import { bareContext, insertNow, register } from '../support/bare-context';
import { checkHeap } from '../support/heap-check';
import { collectAll, KEY, type Key, Pair, RESULT, writeKey } from '../support/table-model';

const anyKey: fc.Arbitrary<Key> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 40 }).map((value) => `i${value}`) },
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => `i${value}`),
  fc.constantFrom(0, 1, 2, 3, 4, 5, 32, 62).map((power) => `i${2n ** BigInt(power)}`),
  fc.constantFrom('f0.5', 'f-0', 'f3', 'f1e300', 'fInfinity', 'f-Infinity', `f${2 ** 53}`, `f${2 ** 63}`),
  fc.double({ noNaN: true }).map((value) => `f${value}`),
  {
    weight: 3,
    arbitrary: fc.string({ maxLength: 2 }).map((text) => `s${encodeUtf8(text).length === text.length ? text : 'x'}`),
  },
  fc.nat(3).map((index) => `s${'long'.repeat(20)}${index}`),
  fc.constantFrom('btrue', 'bfalse'),
  { weight: 2, arbitrary: fc.nat(15).map((index) => `o${index}`) },
);

const anyOperation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), key: anyKey, value: fc.integer() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('clear' as const), key: anyKey }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), count: fc.nat(6) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clearWhileIterating' as const), every: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('collect' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reserve' as const), slots: fc.nat(40) }) },
);

test('a table agrees with a model after any operations', () => {
  fc.assert(
    fc.property(
      fc.array(anyOperation, { maxLength: 80 }),
      fc.nat(10),
      fc.nat(10),
      (operations, arraySlots, hashEntries) => {
        const context = bareContext();
        const pair = new Pair(context, arraySlots, hashEntries);
        const keys: Key[] = [];
        for (const operation of operations) {
          if (operation.kind === 'set' || operation.kind === 'clear') {
            keys.push(operation.key);
            pair.set(operation.key, operation.kind === 'set' ? operation.value : null);
          } else if (operation.kind === 'append') {
            for (let count = 0; count < operation.count; count++) {
              pair.set(`i${tableLength(context, pair.table) + 1}`, count);
            }
          } else if (operation.kind === 'remove') {
            for (let count = 0; count < operation.count; count++)
              pair.set(`i${tableLength(context, pair.table)}`, null);
          } else if (operation.kind === 'collect') collectAll(context);
          else if (operation.kind === 'reserve')
            assert.ok(insertNow(context, () => Number(reserveArray(context, pair.table, operation.slots))));
          else {
            let count = 0;
            pair.entries((key) => {
              if (count++ % operation.every !== 0) return;
              pair.set(key, null);
              if (count % 4 === 0) collectAll(context);
            });
          }
          pair.checkLength();
        }
        pair.check(keys);
        assert.equal(checkHeap(context), []);
        context.dispose();
      },
    ),
    { numRuns: 1500 },
  );
});

test('appending, filling backwards, sparse keys and strings all stay findable in numbers', () => {
  for (const keyOf of [
    (index: number) => `i${index + 1}`,
    (index: number) => `i${20_000 - index}`,
    (index: number) => `i${index * 1024}`,
    (index: number) => `i${BigInt(index) << 32n}`,
    (index: number) => `f${index + 0.5}`,
    (index: number) => `skey${index}`,
  ]) {
    const context = bareContext();
    const pair = new Pair(context);
    const fuel = context.fuel;
    for (let index = 0; index < 20_000; index++) pair.set(keyOf(index), index);
    assert.ok(fuel - context.fuel < 20_000 * 40, `${keyOf(1)}: ${(fuel - context.fuel) / 20_000} an insertion`);
    for (let index = 0; index < 20_000; index += 7) assert.is(pair.get(keyOf(index)), index);
    assert.is(pair.entries().size, 20_000);
    context.dispose();
  }
});

test('consecutive integers end up in the array part, sparse ones do not', () => {
  const context = bareContext();
  const forward = new Pair(context);
  for (let index = 1; index <= 1000; index++) forward.set(`i${index}`, index);
  assert.is(context.i32[forward.table + TABLE_ARRAY_SIZE], 1024);
  const backward = new Pair(context);
  for (let index = 1000; index >= 1; index--) backward.set(`i${index}`, index);
  assert.ok(context.i32[backward.table + TABLE_ARRAY_SIZE] >= 512);
  const sparse = new Pair(context);
  for (let index = 1; index <= 1000; index++) sparse.set(`i${index * 100}`, index);
  assert.ok(context.i32[sparse.table + TABLE_ARRAY_SIZE] < 100);
});

test('an array that is cleared and refilled with other keys does not keep its old slots for ever', () => {
  const context = bareContext();
  const pair = new Pair(context);
  for (let index = 1; index <= 1000; index++) pair.set(`i${index}`, index);
  for (let index = 1; index <= 1000; index++) pair.set(`i${index}`, null);
  for (let index = 0; index < 10; index++) pair.set(`s${index}`, index);
  assert.ok(context.i32[pair.table + TABLE_ARRAY_SIZE] < 16);
  assert.is(pair.entries().size, 10);
});

test('inserting and deleting in turn in a full table is not a rehash each time', () => {
  const context = bareContext();
  const pair = new Pair(context);
  for (let index = 0; index < 1023; index++) pair.set(`skey${index}`, index);
  const before = context.fuel;
  for (let index = 1023; index < 11_023; index++) {
    pair.set(`skey${index}`, index);
    pair.set(`skey${index - 1023}`, null);
  }
  assert.ok(before - context.fuel < 10_000 * 60, `${(before - context.fuel) / 10_000} a round`);
});

test('the length of an array that grows and shrinks at its end costs a constant', () => {
  const context = bareContext();
  const pair = new Pair(context);
  let total = 0;
  for (let index = 1; index <= 5000; index++) {
    pair.set(`i${index}`, index);
    const before = context.fuel;
    assert.is(tableLength(context, pair.table), index);
    assert.ok(before - context.fuel <= 14);
    total += before - context.fuel;
  }
  assert.ok(total <= 5000 * 3, `${total}`);
  for (let index = 5000; index >= 1; index--) {
    const before = context.fuel;
    assert.is(tableLength(context, pair.table), index);
    assert.ok(before - context.fuel <= 14);
    pair.set(`i${index}`, null);
  }
});

test('lengths are those of lua5.4 for constructors with holes', () => {
  for (const [values, length] of [
    [[1, 1, 0, 1], 4],
    [[1, 0, 1], 3],
    [[0, 0, 1], 3],
    [[1, 1, 1, 0, 1, 0], 5],
    [[1, 1, 1, 0], 3],
    [[0], 0],
    [[], 0],
  ] as const) {
    const context = bareContext();
    const pair = new Pair(context, values.length, 0);
    values.forEach((value, index) => {
      if (value === 1) pair.set(`i${index + 1}`, 1);
    });
    assert.is(tableLength(context, pair.table), length, JSON.stringify(values));
  }
});

test('keys at all powers of two end the search for a border', () => {
  const context = bareContext();
  const pair = new Pair(context);
  for (let power = 0; power < 63; power++) pair.set(`i${2n ** BigInt(power)}`, power);
  pair.checkLength();
});

test('nil and NaN are refused as keys to be stored, and found nowhere', () => {
  const context = bareContext();
  const pair = new Pair(context);
  const key = register(context, KEY);
  writeNil(context, key);
  assert.is(getSlot(context, pair.table, key), 0);
  assert.is(findOrInsert(context, pair.table, key), 0);
  assert.is(context.failure, THROW);
  context.failure = 0;
  writeFloat(context, key, Number.NaN);
  assert.is(getSlot(context, pair.table, key), 0);
  assert.is(findOrInsert(context, pair.table, key), 0);
  assert.is(context.failure, THROW);
});

test('a float with the value of an integer is that integer', () => {
  const context = bareContext();
  const pair = new Pair(context);
  pair.set('i7', 1);
  pair.set(`i${2n ** 53n}`, 2);
  assert.is(pair.get('f7'), 1);
  assert.is(pair.get(`f${2 ** 53}`), 2);
  assert.is(pair.get('f7.5'), null);
  pair.set('f-0', 3);
  assert.is(pair.get('i0'), 3);
  pair.set(`f${-(2 ** 63)}`, 4);
  assert.is(pair.get(`i${-(2n ** 63n)}`), 4);
  pair.set(`f${2 ** 63}`, 5);
  assert.is(pair.get(`i${-(2n ** 63n)}`), 4);
});

test('the special entries for short strings and integers find what the general ones do', () => {
  const context = bareContext();
  const pair = new Pair(context);
  const { table } = pair;
  const bytes = encodeUtf8('name');
  const name = newString(context, bytes, 0, bytes.length);
  assert.is(getShortString(context, table, name), 0);
  assert.is(getInteger(context, table, 3, 0), 0);
  const slot = findOrInsertShortString(context, table, name);
  writeInteger(context, slot, 5, 0);
  assert.is(getShortString(context, table, name), slot);
  assert.is(pair.get('sname'), 5);
  for (const [low, top] of [
    [3, 0],
    [-1, -1],
    [0, 1],
    [1, 0],
    [2, 0],
  ] as const) {
    writeInteger(
      context,
      insertNow(context, () => findOrInsertInteger(context, table, low, top)),
      low,
      0,
    );
    assert.is(context.i32[getInteger(context, table, low, top)], low);
  }
  assert.is(pair.get('i-1'), -1);
  assert.is(pair.get(`i${2n ** 32n}`), 0);
});

test('inserting forgets which metamethods are absent', () => {
  const context = bareContext();
  const pair = new Pair(context, 4, 0);
  for (const key of ['sx', 'sx', 'i1', 'i2', 'i900']) {
    context.i32[pair.table + TABLE_ABSENT] = -1;
    pair.set(key, 1);
    assert.is(context.i32[pair.table + TABLE_ABSENT], 0, key);
  }
});

test('next refuses keys that the table does not have', () => {
  const context = bareContext();
  const pair = new Pair(context, 2, 0);
  for (const key of ['sx', 'i3', 'f0.5', 'o1', 'btrue']) {
    writeKey(context, register(context, KEY), key);
    context.failure = 0;
    assert.is(nextEntry(context, pair.table, register(context, KEY), register(context, RESULT)), ENTRY_INVALID);
    assert.is(context.failure, THROW);
  }
  writeKey(context, register(context, KEY), 'i2');
  assert.is(nextEntry(context, pair.table, register(context, KEY), register(context, RESULT)), ENTRY_NONE);
});

test('an iteration goes on after its key was set to nil and collected', () => {
  const context = bareContext();
  const pair = new Pair(context);
  for (let index = 0; index < 16; index++) pair.set(`o${index}`, index);
  for (let index = 0; index < 16; index++) pair.set(`s${'long key '.repeat(6)}${index}`, index);
  const seen = pair.entries((key) => {
    pair.set(key, null);
    collectAll(context);
  });
  assert.is(seen.size, 32);
  assert.is(pair.entries().size, 0);
  for (let index = 0; index < 16; index++) pair.set(`o${index}`, index);
  pair.check([]);
  assert.equal(checkHeap(context), []);
});

test('a table that cannot grow answers MEMORY, is as before, and can go on after room was made', () => {
  const context = bareContext(32 << 10);
  const pair = new Pair(context);
  let count = 0;
  for (;;) {
    writeInteger(context, register(context, KEY), count * 3, 0);
    const slot = findOrInsert(context, pair.table, register(context, KEY));
    if (slot === 0) break;
    writeInteger(context, slot, count, 0);
    pair.model.set(`i${count * 3}`, count++);
  }
  assert.is(context.failure, MEMORY);
  pair.check([]);
  assert.equal(checkHeap(context), []);
  context.memoryLimitBytes = 128 << 10;
  pair.set(`i${count * 3}`, count);
  pair.check([]);
});

test('growing is charged before it is done, in proportion', () => {
  const context = bareContext();
  let before = context.fuel;
  const table = newTable(context, 10_000, 0);
  assert.ok(before - context.fuel >= 2500);
  before = context.fuel;
  assert.ok(insertNow(context, () => Number(reserveArray(context, table, 20_000))));
  assert.ok(before - context.fuel >= 5000);
  before = context.fuel;
  newTable(context, 0, 10_000);
  assert.ok(before - context.fuel >= 16_384 / 2);
});

test('tables without nodes look like one node that never matches', () => {
  const context = bareContext();
  const pair = new Pair(context);
  assert.is(context.i32[pair.table + TABLE_NODE_MASK], 0);
  assert.is(pair.get('sx'), null);
});

test.run();
