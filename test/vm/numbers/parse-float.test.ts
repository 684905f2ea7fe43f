import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as numbers from '../../../vm/numbers/index';
import { doubles, edgeDoubles, edgeIntegers, low, signed, top } from './arbitraries';
import { runC } from './c-compiler';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(text: string): [number, number] {
  const bytes = encode(`9${text}9`); // what lies outside of the range must not matter
  return [numbers.parseDouble(bytes, 1, bytes.length - 1), numbers.consumed];
}

function parseFloat32(text: string): number {
  const bytes = encode(text);
  return numbers.parseFloat32(bytes, 0, bytes.length);
}

test('parses prefixes as strtod does', () => {
  const rows: [string, number, number][] = [
    ['', 0, 0],
    ['x', 0, 0],
    ['.', 0, 0],
    ['-', 0, 0],
    ['e5', 0, 0],
    ['  \t\n12', 12, 6],
    ['-0', -0, 2],
    ['+1.5e3x', 1500, 6],
    ['1e', 1, 1],
    ['1e+', 1, 1],
    ['1.e2', 100, 4],
    ['.5.5', 0.5, 2],
    ['1..2', 1, 2],
    ['0x', 0, 1],
    ['0xg', 0, 1],
    ['0x.', 0, 1],
    ['0x1.8p3', 12, 7],
    ['0X.8P+1', 1, 7],
    ['0xAp', 10, 3],
    ['-0x1p-1074', -5e-324, 10],
    ['0x1p-1075', 0, 9],
    ['0x1.8p-1075', 5e-324, 11],
    ['0x1.00000000000008p0', 1, 20],
    ['0x1.000000000000080000000000000000000000001p0', 1.0000000000000002, 45],
    ['0x1p1024', Infinity, 8],
    ['0x0.0p99999999999', 0, 17],
    ['inf', Infinity, 3],
    ['-INFINITYx', -Infinity, 9],
    ['infinit', Infinity, 3],
    ['in', 0, 0],
    ['1e999999999999', Infinity, 14],
    ['1e-999999999999', 0, 15],
    ['0e999999999999', 0, 14],
  ];
  for (const [text, value, length] of rows) {
    const [actual, consumed] = parse(text);
    assert.ok(Object.is(actual, value), `${text}: ${actual}`);
    assert.is(consumed, length, text);
  }
  for (const [text, length] of [
    ['nan', 3],
    ['-NaN(12_ab)', 11],
    ['nan(', 3],
    ['nan(a-)', 3],
  ] as [string, number][]) {
    assert.ok(Number.isNaN(parse(text)[0]));
    assert.is(numbers.consumed, length, text);
  }
});

test('long digits and far exponents cancel out', () => {
  const zeros = '0'.repeat(5000);
  assert.is(parse(`1${zeros}e-5000`)[0], 1);
  assert.is(parse(`0.${zeros}1e5001`)[0], 1);
  assert.is(parse(`${zeros}12.5${zeros}`)[0], 12.5);
  assert.is(parse(`0x1${zeros}p-20000`)[0], 1);
  assert.is(parse(`0x.${zeros}1p20004`)[0], 1);
});

/** All digits of the middle between a double and the next, written out. */
const middle = (value: number): string => {
  const exponent = numbers.frexpExponent(value);
  const unit = Math.max(exponent - 53, -1074) - 1;
  const integer = BigInt(numbers.ldexp(value, -Math.max(unit, -1000)) * 2 ** Math.max(0, -1000 - unit)) + 1n;
  return unit >= 0 ? String(integer << BigInt(unit)) : `${integer * 5n ** BigInt(-unit)}e${unit}`;
};

test('the middle between two doubles goes to the even one, and the least more goes up', () => {
  const check = (value: number): void => {
    const next = value + numbers.ldexp(1, Math.max(numbers.frexpExponent(value) - 53, -1074));
    const text = middle(value);
    const [digits, exponent] = text.split('e');
    const isEven = (numbers.doubleToBits(value) & 1) === 0;
    assert.is(parse(text)[0], isEven ? value : next, text);
    assert.is(parse(`${digits}.${'0'.repeat(900)}1e${exponent ?? 0}`)[0], next);
    const less = `${BigInt(digits) * 10n - 1n}e${Number(exponent ?? 0) - 1}`;
    assert.is(parse(less)[0], value, less);
  };
  [
    1,
    2 ** 53,
    2 ** 53 + 2,
    0.1,
    5e-324,
    2 ** -1022,
    1e22,
    1e23,
    1e300,
    1.5e-300,
    2 ** 100,
    2 ** -1022 - 5e-324,
  ].forEach(check);
  const positive = doubles.filter((value) => Number.isFinite(value) && value !== 0 && Math.abs(value) < 1e308);
  fc.assert(
    fc.property(positive, (value) => check(Math.abs(value))),
    { numRuns: 500 },
  );
  assert.is(parse('1.7976931348623158079e308')[0], Number.MAX_VALUE);
  assert.is(parse('1.797693134862315808e308')[0], Infinity);
});

test('every double reads back from its texts', () => {
  const check = (value: number): void => {
    if (Number.isNaN(value)) return;
    const back = (text: string): void => assert.ok(Object.is(parse(text)[0], value), `${text} of ${value}`);
    back(numbers.shortestToString(value));
    back(numbers.floatToString(value, 0x65, 16, false));
    back(numbers.floatToString(value, 0x61, -1, false));
    if (Math.abs(value) > 1e-200) back(numbers.floatToString(value, 0x67, 40, false));
  };
  edgeDoubles.forEach(check);
  fc.assert(fc.property(doubles, check), { numRuns: 3000 });
});

test('short decimals agree with Number', () => {
  const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }), fc.integer({ min: -345, max: 310 }));
  fc.assert(
    fc.property(decimal, ([digits, exponent]) => {
      const text = `${digits}e${exponent}`;
      assert.is(parse(text)[0], Number(text), text);
    }),
    { numRuns: 5000 },
  );
  for (const text of ['9007199254740993', '9007199254740993e1', '9999999999999999', '0.9007199254740993']) {
    assert.is(parse(text)[0], Number(text));
  }
});

test('float32 is rounded once', () => {
  // Just above the middle of two float32; rounded to double first it is the middle itself, which goes down.
  assert.is(parseFloat32('1.00000005960464477540'), 1.0000001192092896);
  assert.is(parseFloat32('1.00000005960464477539'), 1);
  assert.is(parseFloat32('3.4028235677973367e38'), Infinity);
  assert.is(parseFloat32('3.4028235677973366e38'), 3.4028234663852886e38);
  assert.is(parseFloat32('1e-45'), 1.401298464324817e-45);
  assert.is(parseFloat32('7.006492321624085e-46'), 0);
  assert.is(parseFloat32('7.006492321624086e-46'), 1.401298464324817e-45);
  assert.is(parseFloat32('0x1.000001p0'), 1);
  assert.is(parseFloat32('0x1.000001000000000001p0'), 1.0000001192092896);
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      assert.is(parseFloat32(numbers.shortestToString(value)), value);
      assert.is(parseFloat32(numbers.floatToString(value, 0x65, 8, false)), value);
    }),
    { numRuns: 2000 },
  );
});

const STRTOD = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  static char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\\n")] = 0;
    char *end;
    double value = strtod(line, &end);
    float single = strtof(line, NULL);
    unsigned long long bits;
    unsigned int word;
    memcpy(&bits, &value, 8);
    memcpy(&word, &single, 4);
    if (value != value) printf("nan nan %d\\n", (int)(end - line));
    else printf("%llx %x %d\\n", bits, word, (int)(end - line));
  }
  return 0;
}`;

test('all texts parse as the C library parses them', () => {
  const digits = (most: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`));
  const decimal = fc
    .tuple(digits(30), fc.constantFrom('', '.', '..'), digits(30), fc.constantFrom('', 'e', 'E-', 'e+', 'p'), digits(3))
    .map((parts) => parts.join(''));
  const hexadecimal = fc
    .tuple(
      fc.stringMatching(/^0[xX][0-9a-fA-F]{0,20}(\.[0-9a-f]{0,20})?$/),
      fc.stringMatching(/^([pP][+-]?[0-9]{0,4})?$/),
    )
    .map((parts) => parts.join(''));
  const soup = fc.stringMatching(/^[ \t+\-.0-9xXeEpPinfatyINF(){}]{0,12}$/);
  const middles = doubles
    .filter((value) => Number.isFinite(value) && value !== 0)
    .map((value) => middle(Math.abs(Math.fround(value)) < 1e37 ? Math.abs(value) : 1));
  const signs = fc.constantFrom('', '', '-', '+', ' -');
  const text = fc.tuple(signs, fc.oneof(decimal, decimal, hexadecimal, soup, middles)).map((parts) => parts.join(''));
  const texts = fc.sample(text, 8000).filter((line) => line.length < 4000);
  const output = runC('parse-float', STRTOD, `${texts.join('\n')}\n`);
  if (output === undefined) return;
  const lines = output.split('\n');
  texts.forEach((line, index) => {
    const bytes = encode(line);
    const word = numbers.floatToBits(numbers.parseFloat32(bytes, 0, bytes.length)) >>> 0;
    const value = numbers.parseDouble(bytes, 0, bytes.length);
    const length = numbers.consumed;
    const bits = (
      (BigInt(numbers.doubleToBits(value) >>> 0) | (BigInt(numbers.high) << 32n)) &
      ((1n << 64n) - 1n)
    ).toString(16);
    const actual = Number.isNaN(value) ? `nan nan ${length}` : `${bits} ${word.toString(16)} ${length}`;
    assert.is(actual, lines[index], JSON.stringify(line));
  });
});

function numeral(text: string): string {
  const bytes = encode(`1${text}1`);
  const kind = numbers.parseNumeral(bytes, 1, bytes.length - 1);
  if (kind === numbers.NUMERAL_NONE) return 'none';
  if (kind === numbers.NUMERAL_INTEGER) return String(signed(numbers.numeralLow, numbers.numeralHigh));
  return `float ${numbers.shortestToString(numbers.numeralFloat)}`;
}

test('numerals are integers, floats or neither', () => {
  const rows: [string, string][] = [
    ['0', '0'],
    [' \n-12\t ', '-12'],
    ['+7', '7'],
    ['007', '7'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', 'float 9223372036854775808'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['-9223372036854775809', 'float -9223372036854775808'],
    ['18446744073709551616', 'float 18446744073709552000'],
    ['0xff', '255'],
    ['0XFFFFFFFFFFFFFFFF', '-1'],
    ['-0xffffffffffffffff', '1'],
    ['0x1ffffffffffffffff', '-1'],
    ['0x10000000000000000', '0'],
    ['1.', 'float 1'],
    ['.5', 'float 0.5'],
    ['-0.0', 'float -0'],
    ['-0', '0'],
    ['3e2', 'float 300'],
    ['1e400', 'float inf'],
    ['0x.8', 'float 0.5'],
    ['0x1p4', 'float 16'],
    ['0xA.8p1', 'float 21'],
    ['', 'none'],
    ['  ', 'none'],
    ['.', 'none'],
    ['-', 'none'],
    ['- 1', 'none'],
    ['--1', 'none'],
    ['+-1', 'none'],
    ['0x', 'none'],
    ['0x.', 'none'],
    ['0xp1', 'none'],
    ['0x1p', 'none'],
    ['1e', 'none'],
    ['1e+', 'none'],
    ['1 2', 'none'],
    ['1_0', 'none'],
    ['1\0', 'none'],
    ['inf', 'none'],
    ['nan', 'none'],
    ['-inf', 'none'],
    ['0b1', 'none'],
    ['1f', 'none'],
  ];
  for (const [text, expected] of rows)
    assert.is(
      numeral(text),
      expected.replace('9223372036854775808', (found) =>
        expected.startsWith('float') ? '9223372036854776000' : found,
      ),
      text,
    );
  for (const value of edgeIntegers) {
    assert.is(numeral(String(value)), String(value));
    assert.is(signed(low(value), top(value)), value);
  }
});

test.run();
