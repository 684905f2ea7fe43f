// JSON in pieces: the same text as JSON.stringify's, whatever is long in it.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeParts, jsonPieces, TextParts } from '../../../../host/node/server/json-text';
import { allSteps } from '../../../../vm/index';

/** A piece, the longest part of a string as escapes, and a name. */
const LONGEST_PIECE = (1 << 14) + 6 * ((1 << 12) + 1) + 100;

function write(value: unknown): string {
  const pieces = [...jsonPieces(value)];
  for (const piece of pieces)
    assert.ok(piece.length > 0 && piece.length <= LONGEST_PIECE, `${piece.length} characters`);
  return pieces.join('');
}

test('the text is that of JSON.stringify', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      assert.is(write(value), JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
});

test('lists and records of many members, and long texts, are the same too', () => {
  const halves = `${'x'.repeat(4095)}\u{1f98c}${'\ud800'.repeat(5000)}"\\\n\u0000`.repeat(3);
  const values: unknown[] = [
    Array.from({ length: 50_000 }, (_, index) => index / 7),
    Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`name ${index}`, [index, null, `${index}`]])),
    halves,
    [{}, [], [[]], { a: undefined, b: halves, c: Number.NaN }, [undefined]],
    { a: undefined },
  ];
  for (const value of values) assert.ok(write(value) === JSON.stringify(value));
});

test('a text that comes in parts is one string', () => {
  const parts = ['a"', '', 'ä\n', 'x'.repeat(40_000)];
  const value = { before: 1, text: new TextParts(parts[Symbol.iterator]()), behind: [2] };
  assert.is(write(value), JSON.stringify({ before: 1, text: parts.join(''), behind: [2] }));
});

test('what is sent is the same text, as bytes when it is long', () => {
  const short = ['{"a":', '"ä"', '}'];
  assert.equal(allSteps(encodeParts(short)), ['{"a":"ä"}']);
  const long = Array.from({ length: 100 }, (_, index) => `${index}é`.repeat(1000));
  const parts = allSteps(encodeParts(long));
  assert.ok(parts.length > 3);
  assert.is(parts.map(String).join(''), long.join(''));
});

test.run();
