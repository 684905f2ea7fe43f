import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { finishCopies } from '../../vm/copy-job';
import { prepareKey } from '../../vm/key-job';
import { HEADER, SHORT_STRING_BYTES, STRING_HASH, TAG_LONG_STRING, TAG_SHORT_STRING } from '../../vm/layout';
import { FUEL, MEMORY, NEXT } from '../../vm/signals';
import {
  compareStrings,
  equalStrings,
  finishString,
  firstHash,
  hashWords,
  MAXIMUM_STRING_BYTES,
  newLongString,
  newString,
  newStringFromHeap,
  stringHash,
  stringLength,
  stringStart,
  stringTag,
  UNFINISHED,
} from '../../vm/strings';
import { hasJob, workOnJob } from '../../vm/table-job';
import { encodeUtf8 } from '../../vm/utf8';
import { writeNil, writeReference } from '../../vm/values';
import { bareContext, register } from '../support/bare-context';
import { checkHeap, stringText } from '../support/heap-check';

function bytesOf(text: string): Uint8Array {
  return encodeUtf8(text);
}

function make(context: ReturnType<typeof bareContext>, bytes: Uint8Array): number {
  const address = newString(context, bytes, 0, bytes.length);
  assert.not.equal(address, 0);
  return address;
}

/** The string that stands for these bytes as a key. */
function makeKey(context: ReturnType<typeof bareContext>, text: string): number {
  const slot = HEADER.ERROR;
  writeReference(context, slot, TAG_LONG_STRING, make(context, bytesOf(text)));
  while (!prepareKey(context, slot)) assert.is(workOnJob(context), NEXT);
  const address = context.i32[slot];
  writeNil(context, slot);
  return address;
}

/** Eight bytes whose hash is the same for every number: the second word undoes what the first has done. */
function sameHash(count: number): Uint8Array {
  const first = hashWords(Int32Array.of(count), 0, 1, firstHash());
  return new Uint8Array(Int32Array.of(count, first ^ 0x12345678).buffer);
}

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 50 }),
  fc.array(fc.constantFrom(0, 1, 255), { maxLength: 90 }).map((bytes) => Uint8Array.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(bytesOf),
);

test('equal short strings have one address, and long ones equal bytes', () => {
  const context = bareContext();
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      const first = make(context, a);
      const second = make(context, b);
      const again = make(context, a);
      const areSame = Buffer.compare(a, b) === 0;
      assert.is(stringText(context, first), Buffer.from(a).toString('latin1'));
      assert.is(stringLength(context, first), a.length);
      if (a.length <= SHORT_STRING_BYTES) {
        assert.is(first, again);
        assert.is(first === second, areSame);
      } else assert.is.not(first, again);
      assert.is(equalStrings(context, first, again, 0), 1);
      assert.is(equalStrings(context, first, second, 0), areSame ? 1 : 0);
      assert.is(stringHash(context, first), stringHash(context, again));
    }),
    { numRuns: 2000 },
  );
  assert.equal(checkHeap(context), []);
});

test('strings are ordered by their bytes, whatever the slices', () => {
  const context = bareContext();
  const state = register(context, 31);
  fc.assert(
    fc.property(anyBytes, anyBytes, fc.nat(80), (a, b, shared) => {
      const prefix = new Uint8Array(shared).fill(97);
      const left = Buffer.concat([prefix, a]);
      const right = Buffer.concat([prefix, b]);
      const first = make(context, left);
      const second = make(context, right);
      const expected = Buffer.compare(left, right);
      const before = context.fuel;
      assert.is(compareStrings(context, first, second, 0), expected);
      const cost = before - context.fuel;
      let spent = 0;
      for (;;) {
        context.fuel = 1;
        const answer = compareStrings(context, first, second, state);
        spent += 1 - context.fuel;
        if (answer === UNFINISHED) continue;
        assert.is(answer, expected);
        break;
      }
      assert.is(spent, cost);
      assert.is(context.i32[state], 0);
      context.fuel = before;
    }),
    { numRuns: 2000 },
  );
});

test('a builder fills a string and gets the interned one when it is short', () => {
  const context = bareContext();
  for (const text of ['', 'a', 'x'.repeat(SHORT_STRING_BYTES), 'x'.repeat(SHORT_STRING_BYTES + 1)]) {
    const bytes = bytesOf(text);
    const known = make(context, bytes);
    const built = newLongString(context, bytes.length);
    context.u8.set(bytes, stringStart(context, built));
    const finished = finishString(context, built);
    assert.is(finished === known, bytes.length <= SHORT_STRING_BYTES);
    assert.is(finishString(context, finished), finished);
    assert.is(equalStrings(context, finished, known, 0), 1);
  }
  const fresh = newLongString(context, 3);
  context.u8.set([1, 0, 2], stringStart(context, fresh));
  assert.is(finishString(context, fresh), fresh);
  assert.is(make(context, Uint8Array.of(1, 0, 2)), fresh);
  assert.equal(checkHeap(context), []);
});

test('tags follow the length, exactly at the limit', () => {
  assert.is(stringTag(SHORT_STRING_BYTES), TAG_SHORT_STRING);
  assert.is(stringTag(SHORT_STRING_BYTES + 1), TAG_LONG_STRING);
});

test('strings are copied out of the heap even when the copy makes the region grow', () => {
  const context = bareContext();
  let source = make(context, bytesOf(`${'ab\0'.repeat(200)}`));
  let text = stringText(context, source);
  const regions = new Set<number>();
  for (let round = 0; round < 9; round++) {
    source = newStringFromHeap(context, stringStart(context, source), stringLength(context, source));
    // Many bytes are only noted until the instruction has ended: here no loop would work them off.
    finishCopies(context);
    assert.ok(stringText(context, source) === text);
    const double = newLongString(context, text.length * 2);
    for (const half of [0, text.length]) {
      context.u8.copyWithin(
        stringStart(context, double) + half,
        stringStart(context, source),
        stringStart(context, source) + text.length,
      );
    }
    source = finishString(context, double);
    text += text;
    regions.add(context.i32.length);
  }
  assert.ok(regions.size > 3);
  assert.equal(checkHeap(context), []);
});

test('many short strings make the table grow and stay findable', () => {
  const context = bareContext();
  const addresses = Array.from({ length: 5000 }, (_, index) => make(context, bytesOf(`key ${index}`)));
  assert.is(new Set(addresses).size, 5000);
  // Beyond that, a collection makes it grow, in steps (test/metering/growth.test.ts).
  assert.is(context.i32[HEADER.STRING_BUCKETS], 1024);
  assert.is(context.i32[HEADER.STRINGS_GROW], 1);
  for (const [index, address] of addresses.entries()) assert.is(make(context, bytesOf(`key ${index}`)), address);
  assert.equal(checkHeap(context), []);
});

test('hashes are fixed numbers that every machine computes', () => {
  const context = bareContext();
  const hashes = ['', 'a', 'hello'].map((text) => stringHash(context, make(context, bytesOf(text))));
  const keys = ['x'.repeat(41), 'y'.repeat(5000)].map((text) => stringHash(context, makeKey(context, text)));
  assert.equal([...hashes, ...keys], [1477235292, 450895201, -628886136, 284586964, -1932419077]);
});

test('work on strings is charged by their length', () => {
  const context = bareContext();
  const long = new Uint8Array(64_000).fill(1);
  let before = context.fuel;
  const a = make(context, long);
  const b = make(context, long);
  assert.ok(before - context.fuel >= 2000);
  before = context.fuel;
  assert.is(equalStrings(context, a, b, 0), 1);
  assert.is(before - context.fuel, 2000);
});

test('of long strings with the same bytes one is the key for all, once each has been looked for', () => {
  const context = bareContext();
  const text = 'z'.repeat(100);
  const first = makeKey(context, text);
  assert.is(makeKey(context, text), first);
  assert.not.equal(makeKey(context, `${text}!`), first);
  assert.is(stringHash(context, make(context, bytesOf(text))), 0, 'one that is no key has no hash');
  assert.equal(checkHeap(context), []);
});

test('a long key is hashed and compared in steps, and each step is charged', () => {
  const context = bareContext();
  const text = 'long'.repeat(20_000);
  const first = makeKey(context, text);
  writeReference(context, HEADER.ERROR, TAG_LONG_STRING, make(context, bytesOf(text)));
  const before = context.fuel;
  assert.not.ok(prepareKey(context, HEADER.ERROR));
  assert.equal([context.failure, hasJob(context)], [MEMORY, true]);
  let turns = 0;
  const { fuel } = context;
  for (let signal: number = FUEL; signal === FUEL; turns++) {
    context.fuel = 1;
    signal = workOnJob(context);
    assert.ok(context.fuel >= -600, `a step of ${1 - context.fuel}`);
  }
  context.fuel = fuel;
  // 20,000 words: a step of hashing or comparing has 2,048.
  assert.ok(turns >= 20, `${turns} turns`);
  assert.is(before, fuel);
  assert.ok(prepareKey(context, HEADER.ERROR));
  assert.is(context.i32[HEADER.ERROR], first);
});

test('more strings of one hash than can be looked through at once are no memory any more', () => {
  const context = bareContext(64 << 20);
  let count = 0;
  context.failure = FUEL;
  while (count < 10_000 && newString(context, sameHash(count), 0, 8) !== 0) count++;
  assert.is(context.failure, MEMORY);
  assert.is(count, 8193);
  assert.is(make(context, sameHash(5)), make(context, sameHash(5)), 'those that are there are found');
});

test('a string that does not fit answers MEMORY and changes nothing', () => {
  const context = bareContext(64 << 10);
  context.failure = FUEL;
  assert.is(newLongString(context, MAXIMUM_STRING_BYTES + 1), 0);
  assert.is(context.failure, MEMORY);
  context.failure = FUEL;
  const bytes = new Uint8Array(100_000);
  assert.is(newString(context, bytes, 0, bytes.length), 0);
  assert.is(context.failure, MEMORY);
  assert.equal(checkHeap(context), []);
});

test('when memory is used up, short strings still answer MEMORY, and the table stays as it is', () => {
  const context = bareContext(20 << 10);
  let count = 0;
  while (newString(context, bytesOf(`string number ${count}`), 0, 14 + String(count).length) !== 0) count++;
  assert.is(context.failure, MEMORY);
  assert.ok(count > 100);
  assert.equal(checkHeap(context), []);
});

test('lengths that cannot be true are cut off at the region', () => {
  const context = bareContext();
  const address = make(context, bytesOf('short'));
  for (const length of [-1, 0x7fffffff, 1 << 28]) {
    context.i32[address + 2] = length;
    assert.ok(stringStart(context, address) + stringLength(context, address) <= context.u8.length);
  }
  assert.ok(stringStart(context, -7) < context.u8.length);
  assert.is(context.i32[address + STRING_HASH], stringHash(context, address));
});

test.run();
