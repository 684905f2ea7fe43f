// JSON text: read as JSON.parse reads it, written as JSON.stringify writes it, in small charged steps.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { textCodec } from '../../host/core/text';
import type { GuestValue, HostValue } from '../../vm/host-values';
import { readJson, writeJson } from '../../vm/json-text';
import { MAXIMUM_JSON_BYTES, MAXIMUM_VALUE_DEPTH } from '../../vm/limits';
import { TEXT_PIECE } from '../../vm/text-conversion';

/** Runs a conversion in slices; its value, its cost, and the most that one step took. */
function inSlices<T>(
  start: (meter: { fuel: number }) => Generator<undefined, T, unknown>,
  slice: number,
): { value: T; cost: number; longest: number } {
  const meter = { fuel: 0 };
  const work = start(meter);
  let cost = 0;
  let longest = 0;
  for (;;) {
    meter.fuel = slice;
    const { done, value } = work.next();
    cost += slice - meter.fuel;
    longest = Math.max(longest, slice - meter.fuel);
    if (done) return { value, cost, longest };
  }
}

const read = (text: string, slice = 1 << 30, mostValues = MAXIMUM_JSON_BYTES) =>
  inSlices((meter) => readJson(meter, text, mostValues), slice);
const write = (value: HostValue, slice = 1 << 30) => {
  const written = inSlices((meter) => writeJson(meter, value, textCodec), slice);
  return { ...written, value: textCodec.decode(written.value) };
};

/** What JSON.parse gives, or undefined. */
function parsed(text: string): GuestValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

for (const text of [
  '',
  ' ',
  '1',
  ' 1 ',
  '01',
  '-',
  '-0',
  '1.',
  '.5',
  '1e',
  '1e+5',
  '1E400',
  '+1',
  'NaN',
  'Infinity',
  'true',
  'tru',
  'truex',
  'nul',
  '"',
  '"\\"',
  '"\\u12"',
  '"\\u1234"',
  '"\\x"',
  '"\n"',
  '"a" "b"',
  '[]',
  '[ ]',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1',
  ']',
  '[1]]',
  '[[1],[2,[3]],[]]',
  '{}',
  '{ "a" : 1 , "b":{}}',
  '{"a":1,}',
  '{"a"}',
  '{a:1}',
  '{"a":1 "b":2}',
  '{"a":1]',
  '[1}',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1},"constructor":2}',
  '\u00a01',
  '\ufeff1',
  '[1]\0',
  '\t\r\n[ \t1\r\n]\n',
]) {
  test(`reads ${JSON.stringify(text)} as JSON is read`, () => {
    const expected = parsed(text);
    assert.equal(read(text).value, expected);
    assert.equal(read(text, 1).value, expected);
  });
}

test('reads and writes any value as JSON.parse and JSON.stringify do, in every slicing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const whole = read(text);
      assert.equal(whole.value, JSON.parse(text));
      assert.equal(read(text, 3).cost, whole.cost);
      const plain = toHost(whole.value!);
      const written = write(plain);
      assert.is(written.value, JSON.stringify(JSON.parse(text)));
      assert.is(write(plain, 3).value, written.value);
      assert.is(write(plain, 3).cost, written.cost);
    }),
    { numRuns: 500 },
  );
});

function toHost(value: GuestValue): HostValue {
  if (Array.isArray(value)) return value.map(toHost);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([name, element]) => [name, toHost(element)]));
}

test('reads what somebody has damaged as JSON.parse does', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom('', ',', '"', '[', '}', '\\', ' ', '1'),
      (text, at, piece) => {
        const position = at % (text.length + 1);
        const damaged = text.slice(0, position) + piece + text.slice(position + (at % 2));
        assert.equal(read(damaged, 5).value, parsed(damaged));
      },
    ),
    { numRuns: 2000 },
  );
});

test('reads and writes long strings in pieces, whatever is torn apart there, at the same cost in every slicing', () => {
  const parts = ['\\u0041', '\\ud83d\\ude00', '\\"', '\\\\', '😀', 'é', '\\n', '\\u00', '\\', '\n', '"'];
  for (const part of parts) {
    for (let offset = 0; offset < 16; offset++) {
      const text = 'x'.repeat(TEXT_PIECE - offset) + part.repeat(3) + 'y'.repeat(TEXT_PIECE - offset) + part;
      for (const json of [`"${text}"`, `{"${text}":["${text}"]}`, `["${text}`]) {
        const whole = read(json);
        assert.equal(whole.value, parsed(json));
        const sliced = read(json, 1);
        assert.equal(sliced, { ...whole, longest: sliced.longest });
        assert.ok(sliced.longest <= TEXT_PIECE / 8 + 100, `${sliced.longest}`);
        if (whole.value === undefined) continue;
        const plain = toHost(whole.value);
        const written = write(plain, 1);
        assert.equal([written.value, written.cost], [JSON.stringify(whole.value), write(plain).cost]);
        assert.ok(written.longest <= TEXT_PIECE / 8 + 100, `${written.longest}`);
      }
    }
  }
});

test('reads lists up to the depth that values may have', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.ok(Array.isArray(read(nested(MAXIMUM_VALUE_DEPTH)).value));
  assert.is(read(nested(MAXIMUM_VALUE_DEPTH + 1)).value, undefined);
});

test('writes bytes, large integers and strange floats as they come back', () => {
  const value = [Uint8Array.of(104, 105), Uint8Array.of(255), 2n ** 60n, 7n, Number.NaN, -Infinity, -0];
  assert.is(write(value).value, '["hi",{"base64":"/w=="},"1152921504606846976",7,"NaN","-Infinity",0]');
});

test('writes records as Maps, texts and lists of any length, a pair of surrogates together wherever it lies', () => {
  const long = `${'x'.repeat(TEXT_PIECE - 1)}😀${'é"\u0001'.repeat(TEXT_PIECE)}`;
  const record = { long, [long]: [long, 1], list: Array.from({ length: 9000 }, (_, index) => index / 3) };
  const map = new Map<string, HostValue>(Object.entries(record));
  for (const slice of [1, 1000, 1 << 30]) {
    assert.is(write(record, slice).value, JSON.stringify(record));
    assert.is(write(map, slice).value, JSON.stringify(record));
    assert.is(write(record, slice).cost, write(map, slice).cost);
  }
});

const SHAPES: [what: string, text: string][] = [
  ['numbers', `[${'1,'.repeat(MAXIMUM_JSON_BYTES / 2 - 2)}1]`],
  ['empty lists', `[${'[],'.repeat(MAXIMUM_JSON_BYTES / 3 - 2)}[]]`],
  ['records', `[${'{"a":1},'.repeat(MAXIMUM_JSON_BYTES / 8 - 2)}1]`],
  ['a text', `"${'x'.repeat(MAXIMUM_JSON_BYTES - 2)}"`],
  ['blanks', `${' '.repeat(MAXIMUM_JSON_BYTES - 1)}1`],
  ['digits', '1'.repeat(MAXIMUM_JSON_BYTES)],
];
/** What one step may cost: a number, or blanks, are read at once, which for the longest takes a third of a millisecond. */
const longestStep = (what: string) =>
  (what === 'digits' || what === 'blanks' ? MAXIMUM_JSON_BYTES : TEXT_PIECE) / 8 + 100;

for (const [what, text] of SHAPES) {
  test(`takes the largest text of ${what} in short steps, charged by its size`, () => {
    const reading = read(text, 100);
    assert.ok(reading.cost >= text.length / 8, `${reading.cost}`);
    assert.ok(reading.longest <= longestStep(what), `${reading.longest}`);
    if (what === 'digits' || what === 'blanks') return;
    const writing = write(toHost(reading.value!), 100);
    assert.ok(writing.cost >= text.length / 8, `${writing.cost}`);
    assert.ok(writing.longest <= longestStep(what), `${writing.longest}`);
  });
}

test.run();
