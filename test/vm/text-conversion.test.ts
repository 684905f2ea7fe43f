// Long texts cross in pieces: the same text as in one go, the same cost in every slicing, no step that is long.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../host/core/index';
import { textCodec } from '../../host/core/text';
import { bytesOfText, TEXT_PIECE, textOfBytes } from '../../vm/text-conversion';
import { runLua } from '../support/lua-runs';

interface Run<T> {
  readonly value: T;
  readonly cost: number;
  readonly longest: number;
}

function run<T>(start: (meter: { fuel: number }) => Generator<undefined, T, unknown>, slice: number): Run<T> {
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

const decode = (bytes: Uint8Array, slice: number) =>
  run((meter) => textOfBytes(meter, bytes.length, (start, end) => bytes.subarray(start, end), textCodec), slice);
const encode = (text: string, slice: number) => run((meter) => bytesOfText(meter, text, textCodec), slice);

/** Of a piece: each byte or character may be charged one and a half times. */
const LONGEST_STEP = TEXT_PIECE * 1.5;

for (const character of ['x', 'ü', '€', '\u{1f600}', '\ufeff']) {
  test(`converts many of U+${character.codePointAt(0)!.toString(16)}, wherever the pieces end`, () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = '-'.repeat(shift) + character.repeat(TEXT_PIECE);
      const bytes = textCodec.encode(text);
      const decoded = decode(bytes, 1);
      assert.is(decoded.value, text);
      assert.is(decode(bytes, 1 << 30).cost, decoded.cost);
      assert.ok(decoded.longest <= LONGEST_STEP && decoded.cost >= (bytes.length >> 3) - 1);
      const encoded = encode(text, 1);
      assert.equal(Buffer.from(encoded.value), Buffer.from(bytes));
      assert.is(encode(text, 1 << 30).cost, encoded.cost);
      assert.ok(encoded.longest <= LONGEST_STEP && encoded.cost >= (text.length >> 3) - 1);
    }
  });
}

for (const [what, tail] of [
  ['a byte that no text has', [255]],
  ['a character that is cut off', [0xe2, 0x82]],
  ['continuations alone', [0x80, 0x80, 0x80, 0x80, 0x80]],
] as const) {
  test(`gives base64 for long bytes that end with ${what}`, () => {
    for (const length of [TEXT_PIECE - 1, TEXT_PIECE, TEXT_PIECE + 1, 3 * TEXT_PIECE]) {
      const bytes = Uint8Array.from([...new Uint8Array(length).fill(120), ...tail]);
      const { value, longest } = decode(bytes, 1);
      assert.equal(value, { base64: Buffer.from(bytes).toString('base64') });
      assert.ok(longest <= LONGEST_STEP);
    }
  });
}

test('keeps surrogates that stand alone as they are encoded in one go', () => {
  const text = `${'x'.repeat(TEXT_PIECE - 1)}\ud83dx${'\udc00'.repeat(10)}`;
  assert.equal(Buffer.from(encode(text, 1).value), Buffer.from(textCodec.encode(text)));
});

test('charges results and arguments by their bytes, and the same for every slice', async () => {
  const source = (count: number) =>
    `return ('\\255'):rep(${count}), ('ü'):rep(${count >> 1}), { [('k'):rep(${count})] = 1 }`;
  const small = runLua(source(1000));
  const large = runLua(source(1_000_000));
  assert.equal(large.outcome.values[0], { base64: Buffer.alloc(1_000_000, 255).toString('base64') });
  assert.equal(large.outcome.values[2], { ['k'.repeat(1_000_000)]: 1 });
  assert.ok(large.usage.instructions - small.usage.instructions > 3 * (1_000_000 / 8));
  assert.is(runLua(source(1_000_000), { slice: 1000 }).usage.instructions, large.usage.instructions);
  const host = await createHost();
  const fn = await host.deploy({
    name: 'f',
    language: 'lua',
    source: 'local t = ... return #t.text, #t.bytes, #next(t.key)',
  });
  const cost = async (size: number) => {
    const key = { ['k'.repeat(size)]: 1 };
    const { values, usage } = await fn.execute({ text: 'ü'.repeat(size), bytes: new Uint8Array(size), key });
    assert.equal(values, [2 * size, size, size]);
    return usage.instructions;
  };
  assert.ok((await cost(500_000)) - (await cost(500)) > 2 * (500_000 / 8));
  await host.close();
});

// Tables are small here: one that grows is moved in one step, which is charged.
for (const [what, source] of [
  ['a long list', 'local t = {} for i = 1, 3000 do t[i] = i end return t'],
  ['a large record', 'local t = {} for i = 1, 3000 do t["k" .. i] = i end return t'],
  ['numbered gaps', 'local t = {} for i = 1, 3000 do t[i * 3] = i end return t'],
  ['a long text', 'return ("ü"):rep(500000)'],
  ['long bytes', 'return ("\\255"):rep(1000000)'],
] as const) {
  test(`stops in the middle of reading ${what}`, () => {
    const whole = runLua(source);
    const sliced = runLua(source, { slice: 1000 });
    assert.equal(sliced.outcome, whole.outcome);
    assert.is(sliced.usage.instructions, whole.usage.instructions);
    assert.ok(sliced.longestTurn <= 1000 + LONGEST_STEP, `${sliced.longestTurn}`);
  });
}

for (const [what, argument] of [
  ['a long list', Array.from({ length: 10_000 }, (_, index) => index)],
  ['a large record', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]))],
  ['a long text', 'ü'.repeat(500_000)],
  ['long bytes', new Uint8Array(1_000_000)],
] as const) {
  test(`stops in the middle of writing ${what}`, () => {
    const whole = runLua('return type(...)', { argument });
    const sliced = runLua('return type(...)', { argument, slice: 1000 });
    assert.is(sliced.usage.instructions, whole.usage.instructions);
    assert.ok(sliced.longestTurn <= 1000 + LONGEST_STEP, `${sliced.longestTurn}`);
  });
}

test.run();
