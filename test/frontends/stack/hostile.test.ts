// Sources made to hurt: large, deep, of random words or bytes. Each ends soon in diagnostics or in a module that the
// verifier accepts; nothing is thrown.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stackFrontend } from '../../../frontends/stack/index';
import { plainInstructions } from '../../../frontends/stack/instructions';
import { verifyModule } from '../../../vm/verifier';
import { blocksRun } from '../../support/work';
import { compile } from './listing';
import { TypedRunner } from './typed-runner';

/** Runs of blocks (see support/work.ts) for a byte of source. */
const MOST_BLOCKS_A_BYTE = 600;

/** Compiles whatever it is; the error codes, or none. */
function judge(source: string | Uint8Array): string[] {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const { module, diagnostics } = stackFrontend.compile(bytes, { fileName: 'f.sm' });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  assert.is(module === undefined, errors.length > 0);
  if (module !== undefined) verifyModule(module);
  for (const { line, column, length } of diagnostics) assert.ok(line >= 1 && column >= 1 && length >= 1);
  return errors.map(({ code }) => code);
}

const LARGE: readonly (readonly [behaviour: string, source: string])[] = [
  ['a megabyte of parentheses', `func main()\n${'('.repeat(1_000_000)}`],
  ['a megabyte of one word', `func main()\n${'a'.repeat(1_000_000)}\nend`],
  ['a megabyte of digits', `func main()\n${'1'.repeat(1_000_000)} drop\nend`],
  ['a megabyte of string', `data a = "${'a'.repeat(1_000_000)}"\nfunc main()\nend`],
  ['a megabyte of backslashes in an open string', `data a = "${'\\'.repeat(1_000_000)}`],
  ['a megabyte of empty lines', `func main()\n${'\n'.repeat(1_000_000)}\nend`],
  ['a megabyte of comment', `func main()\n;${'x'.repeat(1_000_000)}\nend`],
  ['a sum of thousands', `func main()\n(${'1+'.repeat(990)}1) drop\nend`],
  ['negations on each other', `func main(a: i32)\na ${`${'i32.eqz '.repeat(1_900)}\n`.repeat(15)} drop\nend`],
  ['shifts on each other', `func main(a: i32)\na ${`${'2 i32.shl '.repeat(900)}\n`.repeat(15)} drop\nend`],
  [
    'a high stack at many branches',
    `func main(a: i32)\n${'a '.repeat(240)}\nl: ${`${'a br_if l '.repeat(600)}\n`.repeat(15)} ${'drop '.repeat(240)}\nend`,
  ],
  [
    'many labels',
    `func main(a: i32)\n${Array.from({ length: 5_000 }, (_, i) => `l${i}: a br_if l${(i * 7919) % 5_000}`).join('\n')}\nend`,
  ],
  ['loops that know less each time', `func main(a: i32)\n${lessEachTime(200)}\nend`],
  [
    'calls with hundreds of arguments',
    `func main()\n${'1 '.repeat(200)}\n${'call main2\n'.repeat(5_000)}${'drop '.repeat(200)}\nend\nfunc main2(${parameters(200)}) -> ${'i32, '.repeat(199)}i32\n${'1 '.repeat(200)}\nend`,
  ],
  ['a table of thousands', `${`table ${'main, '.repeat(990)}main\n`.repeat(15)}func main()\nend`],
  ['a branch table of thousands', `func main(a: i32)\nl: a br_table ${'l, '.repeat(990)}l\nend`],
  ['thousands of functions', `${'func main()\nend\n'.repeat(3_000)}`],
  [
    'thousands of constants',
    `func main()\nlocal a: f64\n${Array.from({ length: 10_000 }, (_, i) => `${i}.5 =a a drop`).join('\n')}\nend`,
  ],
  [
    'thousands of pieces of data',
    `${Array.from({ length: 4_000 }, (_, i) => `data d${i} = i8 ${i & 127}`).join('\n')}\nfunc main()\nend`,
  ],
];

for (const [behaviour, source] of LARGE) {
  test(`ends with ${behaviour}`, () => {
    const blocks = blocksRun(() => judge(source));
    assert.ok(blocks <= MOST_BLOCKS_A_BYTE * (source.length + 1000), `${blocks}`);
  });
}

test('branches reach over more than 16 bits of code', () => {
  const filler = `${'a a i32.mul =a '.repeat(300)}\n`.repeat(60);
  const source = `func main(a: i32, b: i32) -> i32\nback: b br_if out\n${filler} a 1 i32.eq b i32.eqz i32.and br_if again 7 return\nagain: 1 =b br back\nout: 9\nend`;
  const runner = new TypedRunner(compile(source));
  assert.equal(
    runner.run([
      [1, 0],
      [0, 0],
    ])![0],
    9,
  );
  assert.equal(
    runner.run([
      [0, 0],
      [0, 0],
    ])![0],
    7,
  );
});

test('bytes that are no UTF-8 are errors outside of strings and comments, and themselves inside', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i).filter(
    (byte) => !'"\\\n'.includes(String.fromCharCode(byte)),
  );
  const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const head = latin('func main()\nend ; ');
  const source = Uint8Array.from([...head, ...bytes, ...latin('\ndata all = "'), ...bytes, ...latin('"\n')]);
  const { module } = stackFrontend.compile(source, { fileName: 'f.sm' });
  assert.equal([...module!.memory!.segments[0]!.bytes], [...bytes]);
  for (const byte of [0, 1, 0x7f, 0x80, 0xa0, 0xc3, 0xff]) {
    assert.equal(judge(Uint8Array.from([...latin('func main()\n'), byte, ...latin('\nend')])), ['sm.character']);
  }
});

test('random bytes are judged', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      judge(bytes);
    }),
    { numRuns: 300 },
  );
});

const WORDS = [
  ...plainInstructions().map(({ name }) => name),
  ...'a b =a =b 1 -1 1.5 i64.const f32.const 0xff br br_if br_table l m l: m: , ( ) + - -> = call call_indirect'.split(
    ' ',
  ),
  ...'main f syscall write exit stack.allocate local.tee a return drop select offset=4 "x" \'y\' &f c d d.length'.split(
    ' ',
  ),
  ...'func local end entry const data reserve memory stack table align zero null i32 i64 f32 f64 : ; \n \n \n'.split(
    ' ',
  ),
];

test('random words are judged', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }), (words) => {
      judge(`func main(a: i32, b: f64)\n${words.join(' ')}\nend\nfunc f()\nend\ntable f\nconst c = 1\ndata d = "abc"`);
    }),
    { numRuns: 400 },
  );
});

test('random code that balances gives modules that the verifier accepts', () => {
  const definitions = plainInstructions().filter(({ name }) => !/^(return|unreachable)$/.test(name));
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 80 }), (choices) => {
      assert.equal(judge(balancedSource(choices, definitions)), []);
    }),
    { numRuns: 400 },
  );
});

/** A function that applies instructions chosen by numbers, each with constants or locals for what it lacks. */
function balancedSource(choices: readonly number[], definitions: ReturnType<typeof plainInstructions>): string {
  const stack: string[] = [];
  const code: string[] = [];
  choices.forEach((choice, i) => {
    const definition = definitions[choice % definitions.length]!;
    const params =
      definition.name === 'drop' ? ['i32'] : definition.name === 'select' ? ['f32', 'f32', 'i32'] : definition.params;
    const held = stack.slice(Math.max(0, stack.length - params.length));
    const isFitting = held.length === params.length && params.every((type, position) => type === held[position]);
    if (isFitting) stack.length -= params.length;
    else for (const type of params) code.push(choice % 2 === 0 ? `${type}_` : `${type}.const ${choice}`);
    code.push(definition.name);
    const results = definition.name === 'select' ? ['f32'] : definition.results;
    stack.push(...results);
    if (choice % 7 === 0 && stack.length > 0) code.push(`=${stack.pop()}_`);
    if (choice % 11 === 0) code.push(`l${i}: i32_ i32.eqz br_if l${i}`);
    if (stack.length > 100) code.push(...stack.splice(0).map(() => 'drop'));
  });
  return `func main(i32_: i32, i64_: i64, f32_: f32, f64_: f64)\n${code.join(' ')} ${stack.map(() => 'drop').join(' ')}\nend`;
}

/** Each way back to the label brings one local less that is set for sure. */
function lessEachTime(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `x${i}`);
  const locals = `local ${names.map((name) => `${name}: i32`).join(', ')}`;
  const labels = names.map((name, i) => `l${i}: a br_if l${(i + 1) % count} ${name} drop 1 =${names[(i + 1) % count]}`);
  return `${locals}\n${labels.join('\n')}`;
}

function parameters(count: number): string {
  return Array.from({ length: count }, (_, i) => `p${i}: i32`).join(', ');
}

test.run();
