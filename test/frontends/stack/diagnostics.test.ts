// Every mistake is reported where it is, several a run.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDiagnostic } from '../../../frontends/diagnostics';
import { SM_DIAGNOSTIC_CODES, stackFrontend } from '../../../frontends/stack/index';
import { diagnose } from './listing';

type Row = readonly [behaviour: string, source: string, ...expected: string[]];

const MAIN = 'func main()\nend\n';

const ROWS: readonly Row[] = [
  ['a line that is none', 'func main(\nend', '1:11 syntax'],
  ['a value that is missing', 'func main()\n  i32.const\nend', '2:12 syntax'],
  ['a declaration with too much', `${MAIN}entry main main`, '3:12 syntax'],
  ['a byte that means nothing', 'func main()\n  nop $ nop\nend', '2:7 character'],
  ['a string that is open', `${MAIN}data a = "abc`, '3:10 text'],
  ['an unknown escape sequence', `${MAIN}data a = "a\\q"`, '3:10 text'],
  ['a character of two bytes', "func main()\n  'ab' drop\nend", '2:3 text'],
  ['a malformed number', 'func main()\n  0x drop 12ab drop\nend', '2:3 number', '2:11 number'],
  [
    'numbers out of range',
    'func main()\n  4294967296 drop\n  i32.const -2147483649 drop\nend',
    '2:3 range',
    '3:13 range',
  ],
  ['a float where a whole number belongs', 'func main()\n  i64.const 1.5 drop\nend', '2:13 range'],
  ['a float in a sum', 'func main()\n  (1 + 1.5) drop\nend', '2:8 number'],
  [
    'elements out of range',
    `${MAIN}data a = i8 255 -128 256 -129, i16 65536`,
    '3:22 range',
    '3:26 range',
    '3:36 range',
  ],
  ['an alignment that is no power of two', `${MAIN}data a align 3 = i8 1`, '3:14 range'],
  ['an offset that is too large', 'func main()\n  0 i32.load offset=16777216 drop\nend', '2:21 range'],
  ['code outside of a function', `${MAIN}nop\nlocal a: i32\nend`, '3:1 placement', '4:1 placement', '5:1 placement'],
  ['declarations inside of one', 'func main()\nconst A = 1\nend', '2:1 placement'],
  ['functions without an end', 'func main()\nfunc f()', '1:6 placement', '2:6 placement'],
  ['data that goes on with nothing', `${MAIN}data = i8 1`, '3:1 placement'],
  ['names that are taken', `${MAIN}const A = 1\ndata A = i8 1\nfunc main()\nend`, '4:6 duplicate', '5:6 duplicate'],
  ['locals that are taken', 'func main(a: i32)\n  local b: i32, a: i64\nend', '2:17 duplicate'],
  ['labels that are taken', 'func main()\na: a: br a\nend', '2:4 duplicate'],
  [
    'names that mean something',
    `${MAIN}const drop = 1\nconst i32.add = 1\nconst null = 2`,
    '3:7 reserved',
    '4:7 reserved',
    '5:7 reserved',
  ],
  ['names with dots', `${MAIN}const a.b = 1`, '3:7 reserved'],
  ['two entries', `${MAIN}entry main\nentry main`, '4:1 duplicate'],
  [
    'unknown instructions',
    'func main()\n  i32.foo\n  f32.clz\nend',
    '2:3 unknown-instruction',
    '3:3 unknown-instruction',
  ],
  [
    'unknown names',
    `${MAIN}func f()\n a\n =b\n br c\n call d\n syscall e\n &g\n g.length\nend\ntable h\nconst A = B`,
    '4:2 unknown-name',
    '5:3 unknown-name',
    '6:5 unknown-name',
    '7:7 unknown-name',
    '8:10 unknown-name',
    '9:2 unknown-name',
    '10:2 unknown-instruction',
    '12:7 unknown-name',
    '13:11 unknown-name',
  ],
  ['a constant above its line, in a declaration', `${MAIN}const A = B\nconst B = 1`, '3:11 unknown-name'],
  ['functions that are not in the table', `${MAIN}func f()\n &f drop\nend`, '4:2 unknown-name'],
  ['labels and functions as values', 'func main()\nl: l main\nend', '2:4 wrong-kind', '2:6 wrong-kind'],
  [
    'operands that there are not',
    'func main()\n  nop offset=1 0 i32.load offset=1 offset=2 drop\nend',
    '2:7 operand',
    '2:36 operand',
  ],
  ['an empty stack', 'func main()\n  drop\nend', '2:3 underflow'],
  ['too little on the stack', 'func main()\n  1 i32.add drop\nend', '2:5 underflow'],
  ['too little for a call', 'func f(a: i32, b: i32)\nend\nfunc main()\n 1 call f\nend', '4:4 underflow'],
  ['operands of a wrong type', 'func main()\n  1 i64.const 2 i32.add drop\nend', '2:17 type'],
  ['a condition of a wrong type', 'func main()\nl: 1.5 br_if l\nend', '2:8 type'],
  ['locals of a wrong type', 'func main(a: i64)\n  1 =a\nend', '2:5 type'],
  ['selecting between two types', 'func main()\n  1 1.5 1 select drop\nend', '2:11 type'],
  ['results of a wrong type', 'func main() -> i32\n  1.5\nend', '3:1 type'],
  ['values left over', 'func main() -> i32\n  1 2\nend', '3:1 leftover'],
  ['values left over at a return', 'func main() -> i32\n  1 2 return\nend', '2:7 leftover'],
  ['an end without results', 'func main() -> i32\n  nop\nend', '3:1 no-return'],
  ['a return without results', 'func main() -> i32\n  return\nend', '2:3 underflow'],
  ['a loop that grows the stack', 'func main()\nl: 1 br l\nend', '2:6 join'],
  ['ways with different heights', 'func main(a: i32)\n a br_if l\n 1\nl:\nend', '4:1 join'],
  ['ways with different types', 'func main(a: i32) -> f64\n 1.5 a br_if l\n drop 2\nl:\nend', '4:1 join'],
  ['no entry', 'func f()\nend', '1:1 entry'],
  ['an empty source', '', '1:1 entry'],
  ['code that no way leads to', 'func main()\n return\n nop\n nop\nl: nop\nend', '3:2 unreachable'],
  ['a stack that is too high', `func main()\n${'1 '.repeat(250)}\nend`, '2:499 too-complex'],
  [
    'too many locals',
    `func main()\n local ${Array.from({ length: 250 }, (_, i) => `a${i}: i32`).join(', ')}\nend`,
    '2:2637 too-complex',
  ],
  [
    'too many parameters',
    `func main(${Array.from({ length: 201 }, (_, i) => `a${i}: i32`).join(', ')})\nend`,
    '1:1 limit',
  ],
  ['too many words on a line', `func main()\n${'nop '.repeat(2_001)}\nend`, '2:1 limit'],
  ['too many words', `func main()\n${`${'nop '.repeat(2_000)}\n`.repeat(51)}end`, '51:1 limit'],
  ['too large a source', ' '.repeat(1024 * 1024 + 1), '1:1 limit'],
  ['too much reserved memory', `${MAIN}reserve a 64MiB\nreserve b 1`, '3:11 limit'],
  ['too much data', `${MAIN}data a = zero 64MiB`, '3:10 limit'],
  ['too long a name', `func ${'a'.repeat(201)}()\nend\nfunc main()\nend`, '1:6 limit'],
  ['too long a number', `func main()\n ${'1'.repeat(201)} drop\nend`, '2:2 number'],
];

const seen = new Set<string>();
for (const [behaviour, source, ...expected] of ROWS) {
  test(`reports ${behaviour}`, () => {
    const found = diagnose(source);
    for (const text of found) seen.add(text.split(' ')[1]!);
    assert.equal(found, expected);
  });
}

test('every code is raised by some source', () => {
  assert.equal([...seen].sort(), Object.keys(SM_DIAGNOSTIC_CODES).sort());
});

test('stops after 20 errors', () => {
  assert.is(diagnose(`func main()\n${'foo\n'.repeat(100)}end`).length, 20);
});

test('shows the line and a caret', () => {
  const source = 'func main()\n  1 2.5 i32.add\nend';
  const { diagnostics } = stackFrontend.compile(new TextEncoder().encode(source), { fileName: 'a.sm' });
  assert.is(
    formatDiagnostic(diagnostics[0]!, source),
    "a.sm:2:9: error: 'i32.add' takes an i32, but an f64 is on top of the stack\n  1 2.5 i32.add\n        ^~~~~~~",
  );
});

test('takes a lower limit from its caller', () => {
  const source = new TextEncoder().encode(MAIN);
  const { diagnostics } = stackFrontend.compile(source, { fileName: 'a.sm', maxSourceBytes: source.length - 1 });
  assert.is(diagnostics[0]!.code, 'sm.limit');
  assert.ok(stackFrontend.compile(source, { fileName: 'a.sm', maxSourceBytes: source.length }).module);
});

test.run();
