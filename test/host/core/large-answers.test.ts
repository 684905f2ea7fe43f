// Large answers of host functions, results and arguments as text: how large they may be, and that taking them in steps changes
// neither what they are nor what is counted.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { PlainCopy } from '../../../host/core/plain-values';
import { COPIED_AT_ONCE } from '../../../host/core/syscalls/calls';
import {
  allSteps,
  MAXIMUM_LIST_ELEMENTS,
  MAXIMUM_RECORD_NAMES,
  MAXIMUM_RESULT_NAMES,
  VALUE_LIMITS,
} from '../../../vm/index';
import { runMetered } from '../../support/metered-run';

const host = await createHost();
test.after(() => host.close());

const limits = { instructions: 1e9 };
const list = (n: number) => Array.from({ length: n }, (_, index) => index);
const record = (n: number) => Object.fromEntries(list(n).map((index) => [`n${index}`, index]));

for (const [what, make, most, refusal] of [
  ['list', list, MAXIMUM_LIST_ELEMENTS, /the answer of 'answer' cannot cross: \$: a list of more than 131072 elements/],
  ['record', record, MAXIMUM_RECORD_NAMES, /the answer of 'answer' cannot cross: \$: more than 4096 names/],
] as const) {
  test(`a host function answers a ${what} as large as it may be, and no larger`, async () => {
    const source = 'local n = 0 for _ in pairs(answer(...)) do n = n + 1 end return n';
    const functions = { answer: (n: unknown) => make(n as number) };
    const called = await host.deploy({ name: 'called', language: 'lua', source, functions, limits });
    for (const n of [most - 1, most]) assert.is((await called.execute(n)).value, n);
    assert.match((await called.execute(most + 1)).error?.message ?? '', refusal);
  });
}

for (const [what, source, most, refusal] of [
  ['list', 'local t = {} for i = 1, ... do t[i] = i end return t', MAXIMUM_LIST_ELEMENTS, /131072 elements/],
  ['record', "local t = {} for i = 1, ... do t['n' .. i] = i end return t", MAXIMUM_RESULT_NAMES, /16384 names/],
] as const) {
  test(`a result is a ${what} as large as it may be, and no larger`, async () => {
    const called = await host.deploy({ name: 'called', language: 'lua', source, limits });
    for (const n of [most - 1, most]) {
      const { value, error } = await called.execute(n);
      assert.is(Object.keys((value as object) ?? {}).length, n, error?.message);
    }
    const { error } = await called.execute(most + 1);
    assert.is(error?.code, 'result.size');
    assert.match(error?.message ?? '', refusal);
  });
}

test('a list whose elements are in no order in the table comes out in order', async () => {
  const source = `local t = {} for i = 1000, 1, -1 do t[i] = { i, n = i } end return t`;
  const { value } = await host.run({ language: 'lua', source, limits });
  assert.equal(
    value,
    list(1000).map((index) => ({ 1: index + 1, n: index + 1 })),
  );
});

/** More than is copied at once. */
const LARGE = {
  numbers: list(COPIED_AT_ONCE * 2),
  nested: list(300).map((index) => ({ index, list: [[], {}, [index]], text: 'é'.repeat(index % 9) })),
  bytes: Uint8Array.of(1, 255),
  absent: undefined,
};

test('a large answer is the same in slices of any size, at the same count', async () => {
  for (const [language, source] of [
    ['lua', 'return answer()'],
    [
      'c',
      `#include <gazelle.h>
      static char text[100000];
      int main(void) { int size = gazelle_call("answer", "[]"); gazelle_answer_read(0, text, sizeof text); return size % 251; }`,
    ],
  ] as const) {
    const options = { language, source, functions: { answer: () => LARGE } };
    const whole = await runMetered({ ...options, slice: 2 ** 30 });
    assert.is(whole.outcome.status, 'ok', JSON.stringify(whole.outcome.error));
    if (language === 'lua') {
      const { numbers, nested } = whole.outcome.values[0] as unknown as typeof LARGE;
      assert.equal(numbers, LARGE.numbers);
      assert.equal(nested[7], { index: 7, list: [[], [], [7]], text: 'é'.repeat(7) });
    }
    for (const slice of [1, 97, 5000]) {
      const sliced = await runMetered({ ...options, slice });
      assert.equal(sliced.outcome, whole.outcome);
      assert.is(sliced.usage.instructions, whole.usage.instructions, `${language} in slices of ${slice}`);
    }
  }
});

test('what cannot cross is found wherever in a large answer it is', async () => {
  const answers: [unknown, RegExp][] = [
    [[list(COPIED_AT_ONCE), { a: [print] }], /cannot cross: \$\[1\]\.a\[0\]: a function cannot cross/],
    [[list(COPIED_AT_ONCE), { a: 1n << 64n }], /cannot cross: \$\[1\]\.a: needs over 64 bits/],
    [{ list: list(COPIED_AT_ONCE), last: new Date() }, /cannot cross: \$\.last: an object of class Date/],
  ];
  for (const [answer, refusal] of answers) {
    const functions = { answer: () => answer };
    const { values } = await host.run({ language: 'lua', source: 'return pcall(answer)', functions, limits });
    assert.is(values[0], false);
    assert.match(String(values[1]), refusal);
  }
});

function print(): void {}

test('a copy in steps is the copy at once', () => {
  for (const atOnce of [0, 1, 2, 100, 1e6]) {
    const copy = new PlainCopy(LARGE, VALUE_LIMITS, atOnce);
    assert.is(copy.complete === null, atOnce < 1e6);
    const value = copy.complete?.value ?? allSteps(copy.inSteps({ fuel: 0 }));
    const { numbers, nested } = Object.fromEntries(value as Map<string, unknown>) as typeof LARGE;
    assert.equal(numbers, LARGE.numbers);
    assert.is(nested.length, LARGE.nested.length);
  }
});

const SIZE_OF_ARGUMENT = `#include <gazelle.h>
  static char piece[65536];
  int main(void) {
    int size = 0, got;
    while ((got = gazelle_argument_read(0, size, piece, sizeof piece)) > 0) size += got;
    char text[20];
    int at = sizeof text;
    text[--at] = 0;
    for (int rest = size; rest > 0; rest /= 10) text[--at] = '0' + rest % 10;
    gazelle_result(text + at);
    return 0;
  }`;

test('an argument as text is paid for when the guest begins, and not again when it goes on from a snapshot', async () => {
  const argument = [list(20_000), 'é'.repeat(50_000), record(3000)];
  const called = await host.deploy({ name: 'size', language: 'c', source: SIZE_OF_ARGUMENT, limits });
  const { value, usage } = await called.execute(argument);
  assert.is(value, Buffer.byteLength(JSON.stringify(argument)));
  assert.ok(usage.instructions > 20_000 * 8, `${usage.instructions}`);
  const slow = await createHost({ sliceInstructions: 100 });
  const again = await slow.deploy({ name: 'size', language: 'c', source: SIZE_OF_ARGUMENT, limits });
  assert.is((await again.execute(argument)).usage.instructions, usage.instructions);
  await slow.close();
  const stopped = called.execute(argument, { limits: { instructions: 1000, policies: { instructions: 'suspend' } } });
  assert.is(await stopped.suspension(), 'instructions');
  const restored = called.restore(await stopped.snapshot());
  restored.refill({ instructions: 1e9 });
  stopped.cancel();
  const result = await restored;
  assert.is(result.value, value, JSON.stringify(result.error));
  assert.is(result.usage.instructions, usage.instructions);
});

test.run();
