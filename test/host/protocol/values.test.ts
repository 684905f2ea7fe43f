// Base64 and tagged values: what goes in comes out, and nothing else is taken.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exceededBy } from '../../../host/node/server/json-size';
import {
  decodeBase64,
  decodeTagged,
  encodeBase64,
  encodeTagged,
  needsTags,
  TagError,
} from '../../../host/protocol/index';

test('base64 is that of the platform, and strict', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = encodeBase64(bytes);
      assert.is(text, Buffer.from(bytes).toString('base64'));
      assert.equal([...decodeBase64(text)!], [...bytes]);
    }),
  );
  for (const text of [
    'A',
    'AA',
    'AAA',
    'AB==',
    'AAB=',
    'A===',
    '====',
    'AAA ',
    'AA\n=',
    'AA-_',
    'AAAé',
    'A=AA',
    'AA==AAAA',
  ]) {
    assert.is(decodeBase64(text), null, text);
  }
});

test('any text is either what encodeBase64 writes, or refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      const bytes = decodeBase64(text);
      if (bytes !== null) assert.is(encodeBase64(bytes), text);
    }),
  );
});

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, Number.NaN, Number.POSITIVE_INFINITY, -0, 1.5, 7n, -(2n ** 63n)),
    fc.string(),
    fc.uint8Array({ maxLength: 5 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', '$bytes', '$object', '$float', '$x', '__proto__', ''), tie('any'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).any;

test('tagged values survive JSON', () => {
  fc.assert(
    fc.property(value, (original) => {
      const text = JSON.stringify(encodeTagged(original));
      assert.equal(decodeTagged(JSON.parse(text)), original);
      if (!needsTags(original)) assert.equal(JSON.parse(JSON.stringify(original)), original);
    }),
    { numRuns: 1000 },
  );
});

test('tags that say nothing are refused', () => {
  for (const wrong of [
    { $bytes: 1 },
    { $bytes: '!' },
    { $integer: 7 },
    { $integer: '1.5' },
    { $integer: '1'.repeat(30) },
    { $float: 'toString' },
    { $object: 1 },
    [{ a: { $bytes: {} } }],
  ]) {
    assert.throws(
      () => decodeTagged(structuredClone(wrong)),
      (error: unknown) => error instanceof TagError,
    );
  }
  const deep: unknown[] = [];
  let inner = deep;
  for (let depth = 0; depth < 1000; depth++) inner.push((inner = []));
  assert.throws(
    () => encodeTagged(deep),
    (error: unknown) => error instanceof TagError,
  );
});

test('the depth of a text is that of its value, and it has as many members and elements', () => {
  const depthOf = (json: unknown): number =>
    typeof json !== 'object' || json === null ? 0 : 1 + Math.max(0, ...Object.values(json).map(depthOf));
  const sizeOf = (json: unknown): number => {
    if (typeof json !== 'object' || json === null) return 0;
    const members = Object.values(json);
    return members.reduce((sum: number, member) => sum + sizeOf(member), Math.max(0, members.length - 1));
  };
  const unlimited = { messageDepth: 1000, messageValues: 1e6 };
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (json) => {
      // Short texts are never looked at.
      const text = Buffer.from(JSON.stringify(json) + ' '.repeat(20));
      const depth = depthOf(json);
      assert.is(exceededBy(text, { ...unlimited, messageDepth: depth }), null);
      if (depth > 0) assert.is(exceededBy(text, { ...unlimited, messageDepth: depth - 1 }), 'message.depth');
      // One value, and one more behind each comma.
      const values = 1 + sizeOf(json);
      assert.is(exceededBy(text, { ...unlimited, messageValues: values }), null);
      if (values > 1) assert.is(exceededBy(text, { ...unlimited, messageValues: values - 1 }), 'message.values');
    }),
    { numRuns: 1000 },
  );
});

test.run();
