// The parser around fengari's: who imports fengari, that nothing of it stays changed, that opcode and token numbers
// agree, that hostile sources stay cheap, and that it works in a browser.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLua } from '../../../frontends/lua/index';
import { parse } from '../../../frontends/lua/parser';
import { OP } from '../../../frontends/lua/prototype';
import { TOKEN } from '../../../frontends/lua/token';
import { blocksRun } from '../../support/work';
import { globSync } from './glob';

// Not before the frontend: fengari's modules load in one order only.
const { default: lexerModule } = await import('fengari/src/llex.js');
const { default: opcodeModule } = await import('fengari/src/lopcodes.js');

const encoder = new TextEncoder();

test('only parser-fengari.ts imports fengari, and only its parser', () => {
  const importers = ['frontends', 'vm', 'stdlib', 'host', 'playground', 'bench'].flatMap((folder) => {
    try {
      return globSync(folder, /\.[mc]?[jt]sx?$/);
    } catch {
      return [];
    }
  });
  const isImport = /(?:from|import|require\()\s*\(?['"](fengari[^'"]*)['"]/g;
  for (const path of importers) {
    const imports = [...readFileSync(path, 'utf8').matchAll(isImport)].map((match) => match[1]!);
    if (path.startsWith('bench/')) continue;
    if (path !== 'frontends/lua/parser-fengari.ts') assert.equal(imports, [], path);
    else assert.equal(imports.map((name) => name.replace('fengari/src/', '')).sort(), ['lcode.js', 'llex.js', 'lparser.js', 'lstring.js', 'lzio.js']); // biome-ignore format: one line
  }
});

test("fengari's own lexer is in place again after a parse, also after a failed one", () => {
  const before = { ...(lexerModule as Record<string, unknown>) };
  parse(encoder.encode('local x = 1'));
  assert.throws(() => parse(encoder.encode('local x = = 1')));
  assert.equal(
    Object.keys(before).filter((name) => before[name] !== (lexerModule as Record<string, unknown>)[name]),
    [],
  );
});

test("opcode and token numbers agree with fengari's", () => {
  const { OpCodesI } = opcodeModule as { OpCodesI: Record<string, number> };
  for (const [name, number] of Object.entries(OpCodesI)) assert.is(OP[name.slice(3) as keyof typeof OP], number, name);
  const { RESERVED } = lexerModule as { RESERVED: Record<string, number> };
  const spellings: Record<string, string> = {
    TK_IDIV: '//', TK_CONCAT: '..', TK_DOTS: '...', TK_EQ: '==', TK_GE: '>=', TK_LE: '<=', TK_NE: '~=', TK_SHL: '<<',
    TK_SHR: '>>', TK_DBCOLON: '::', TK_EOS: '<eof>', TK_FLT: '<number>', TK_INT: '<integer>', TK_NAME: '<name>',
    TK_STRING: '<string>',
  }; // biome-ignore format: rows
  for (const [name, number] of Object.entries(RESERVED)) {
    const spelling = spellings[name] ?? name.slice(3).toLowerCase();
    assert.is(TOKEN[spelling as keyof typeof TOKEN], number, name);
  }
});

test('literals pass the parser unfolded and uncut', () => {
  const { constants } = parse(encoder.encode('x = 0xFFFFFFFF + 1 << 40, 2147483647 + 1, "\\0$1\\0", 1.0, 1'));
  const texts = constants.map((constant) => {
    if (constant.kind === 'integer') return (BigInt(constant.high) << 32n) | BigInt(constant.low >>> 0);
    if (constant.kind === 'string') return new TextDecoder().decode(constant.bytes);
    return constant.kind === 'float' ? `${constant.value}f` : constant.kind;
  });
  assert.equal(texts, ['x', 4294967295n, 1n, 40n, 2147483647n, '\0$1\0', '1f']);
});

test('names of any length are told apart', () => {
  const long = 'n'.repeat(5000);
  const { constants } = parse(encoder.encode(`local ${long}a; ${long}b = ${long}a; t.${long}c = 1; ${long}b = 2`));
  const names = constants.filter((constant) => constant.kind === 'string').map(({ bytes }) => bytes.length);
  assert.equal(names, [5001, 1, 5001]);
});

/** Sources on which fengari's parser takes quadratic time or worse. Each must end soon, one way or the other. */
const HOSTILE: [name: string, source: string][] = [
  ['elseif chain', `if a then ${'elseif a then x() '.repeat(20_000)} end`],
  ['and chain', `return ${'a and '.repeat(30_000)} a`],
  ['or chain', `return ${'a or '.repeat(30_000)} a`],
  ['pending gotos', `${'goto a '.repeat(20_000)} ::a::`],
  ['labels', Array.from({ length: 10_000 }, (_, index) => `::l${index}:: x()`).join(' ')],
  ['row of labels', Array.from({ length: 20_000 }, (_, index) => `::l${index}::`).join(' ')],
  ['breaks', `while a do ${'if a then break end '.repeat(20_000)} end`],
  ['returns in loops', 'for k in f do return f() end '.repeat(8_000)],
  [
    'lookups through many functions',
    `${Array.from({ length: 60 }, (_, level) => `local function f${level}() local ${names(150)} `).join('')} ${'x() '.repeat(20_000)} ${'end '.repeat(60)}`,
  ],
  ['long names of one length', `local ${names(190, 'x'.repeat(5000))} ${`${'x'.repeat(5000)}999() `.repeat(20)}`],
  ['comma list', `local a = ${'x,'.repeat(300_000)}x`],
  ['long concatenation', `return ${'"a" .. '.repeat(180)} "a"`],
  ['gotos out of blocks', 'do goto a end '.repeat(20_000)],
  ['long string', `return "${'x'.repeat(1_000_000)}"`],
  ['unfinished long comment', `--[==[${']=]'.repeat(1_000_000)}`],
  ['many escapes', `return "${'\\u{7fffffff}'.repeat(50_000)}"`],
  ['long numeral', `return ${'1'.repeat(1_000_000)}`],
  ['captured variables', 'do local x; f(function() return x end) goto a ::a:: end '.repeat(3_000)],
];
/** The parser's budget (parser-budget.ts), with 8 runs of blocks for each of its steps. */
const MOST_BLOCKS = 8 * (1 << 24);
const MOST_BLOCKS_A_BYTE = 8 * 64;

for (const [name, source] of HOSTILE) {
  test(`compiles or refuses a hostile source with bounded work: ${name}`, () => {
    const blocks = blocksRun(() => compileLua(encoder.encode(source), { fileName: 'f' }));
    assert.ok(blocks <= MOST_BLOCKS + MOST_BLOCKS_A_BYTE * source.length, `${blocks}`);
  });
}

test('the budget of work is an error of its own', () => {
  const source = `return ${'a and '.repeat(20_000)} a`;
  const { diagnostics } = compileLua(encoder.encode(source), { fileName: 'f' });
  assert.equal([diagnostics[0]!.code, diagnostics[0]!.message], ['lua.limit', 'chunk is too complex to compile']);
});

test('any bytes are a diagnostic or a module, never an exception', () => {
  let seed = 12345;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const words =
    'local function end if then x y = == ( ) { } [ ] , ; . : :: "s" 3 0x10 goto break do for in while repeat until return <const> <close> ... .. not - + and or else elseif nil true ~ < >> // #'.split(
      ' ',
    );
  for (let round = 0; round < 2000; round++) {
    const length = random(40);
    const isText = round % 2 === 0;
    const source = isText
      ? encoder.encode(Array.from({ length }, () => words[random(words.length)]).join(' '))
      : Uint8Array.from({ length }, () => random(256));
    const { module, diagnostics } = compileLua(source, { fileName: 'f' });
    assert.ok(module !== undefined || diagnostics.length > 0);
  }
});

test('bundles for a browser and runs there without anything of Node', async () => {
  const result = await build({
    stdin: {
      contents: "import { compileLua } from './frontends/lua/index'; globalThis.compileLua = compileLua;",
      resolveDir: '.',
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    // What fengari looks at while it loads: its configuration, and the host's path separator when there is a process.
    define: { 'process.env.FENGARICONF': 'undefined' },
    external: ['os'],
  });
  const context = createContext({ TextEncoder, TextDecoder }) as unknown as { compileLua: typeof compileLua };
  runInContext(result.outputFiles[0]!.text, context as object);
  assert.is(context.compileLua(encoder.encode('return 1 + 1'), { fileName: 'f' }).module!.functions.length, 1);
});

function names(count: number, prefix = 'v'): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${100 + index}`).join(',');
}

test.run();
