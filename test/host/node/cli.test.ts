// The command line: options, exit statuses, messages, streams. Most of it in this process, since starting fifty others
// takes its time; what needs a process (signals, pipes) with the built program.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../../host/node/command-line';

const PROGRAM = resolve('dist/gazelle.js');
const ATTACKS = resolve('test/attacks');
const folder = mkdtempSync(join(tmpdir(), 'gazelle-cli-'));
test.before(() => process.chdir(folder));
test.after(() => rmSync(folder, { recursive: true }));

const files: Record<string, string> = {
  'arguments.c': `#include <stdio.h>
    int main(int argc, char **argv) {
      for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
      return argc - 1;
    }`,
  'arguments.lua': 'print(...) print(#arg, arg[0])',
  'copy.lua': 'io.write(io.read("a"))',
  'exit.lua': 'io.write("out") io.stderr:write("err") os.exit(42)',
  'error.lua': 'local function f(t)\n  return t.x.y\nend\nf({})',
  'syntax.lua': 'print("a"\nlocal = 3',
  'several.c': 'int main(void) {\n  return x;\n}\nint f(void) { return y; }\n',
  'warnings.c': 'int main(void) {\n  int unused;\n  double d = 1.5;\n  return d;\n}\nint f(void) {}\n',
  'trap.c': 'int zero;\nint main(void) {\n  return 7 / zero;\n}\n',
  'add.sm': 'func main(a: i32, b: i32) -> i32\n  a b i32.add\nend\n',
  'value.lua': 'local t = ... return t.list[2], {1, 2, {x = t.name}}',
  'floats.lua': 'return 0/0, 1/0, { -1/0, 2^63, 1 << 62 }',
  'requires.lua': 'print(require("parts.part"), io.open("input"):read("a"))',
  'parts/part.lua': 'return ...',
  'memory.lua': 'local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end',
  'caught.lua': 'print(pcall(function() local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end end))',
  'overflow.lua': 'local function f() return 1 + f() end\nf()',
  'output.c': '#include <stdio.h>\nint main(void) { for (int i = 0; i < 200000; i++) puts("0123456789"); return 0; }',
  'include.c': '#include <stdio.h>\n#include "parts/part.h"\nint main(void) { puts(PART); return 0; }',
  'parts/part.h': '#define PART "from the part"\n',
  'clock.lua': 'print(os.clock() >= 0)',
  'get.lua': "print(select(2, pcall(require 'gazelle'.http.get, ...)))",
  'initialise.lua': 'local double = { factor = 2 } return function(n) print(math.tointeger(n * double.factor)) end',
  'two.answer': '21',
  'frontend.mjs': `import { readFileSync } from 'node:fs';
    export const frontend = {
      name: 'answer',
      extensions: ['.answer'],
      compile(source, { fileName }) {
        return { diagnostics: [{ severity: 'error', code: 'answer.no', message: 'no ' + new TextDecoder().decode(source),
          file: fileName, line: 1, column: 1, length: 2 }] };
      },
    };`,
  input: 'from a file',
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** Runs a command line in the folder; the streams are the test's. */
async function gazelle(args: readonly string[], input = '') {
  const texts = { stdout: '', stderr: '' };
  const collect = (name: keyof typeof texts) =>
    new Writable({
      write(piece, _, done) {
        texts[name] += String(piece);
        done();
      },
    });
  const status = await runCommandLine(args, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    onInterrupt: () => () => {},
    onStop: () => {},
  });
  return { status, ...texts };
}

/** A command line, the exit status, and what stdout and stderr must contain (a string: stdout all of it). */
const rows: [what: string, args: string[], status: number, stdout: string | RegExp, stderr?: RegExp, input?: string][] =
  [
    ["C's result as the status", ['run', 'arguments.c', 'a', 'b c'], 2, '[a][b c]'],
    ['options before FILE', ['run', '--memory', '1MiB', 'arguments.c', 'a'], 1, '[a]'],
    ['options behind FILE and among ARGs', ['run', 'arguments.c', 'a', '--memory', '1048576', 'b'], 2, '[a][b]'],
    ['ARGs that look like options behind --', ['run', 'arguments.c', '--', '--json', '-x'], 2, '[--json][-x]'],
    ['-- in front of FILE', ['run', '--', 'arguments.c', '--wall'], 1, '[--wall]'],
    ['args to Lua as ... and arg', ['run', 'arguments.lua', 'x', 'y'], 0, 'x\ty\n2\targuments.lua\n'],
    ['the files of its folder to Lua', ['run', 'requires.lua'], 0, 'parts.part\tfrom a file\n'],
    ['stdin to stdout', ['run', 'copy.lua'], 0, 'typed in', undefined, 'typed in'],
    ['stdin from a file', ['run', 'copy.lua', '--stdin-file', 'input'], 0, 'from a file'],
    ['the status of os.exit', ['run', 'exit.lua'], 42, 'out', /^err$/],
    ['numbers to sm', ['run', 'add.sm', '2', '0x10'], 0, ''],
    [
      'an uncaught error with its trace',
      ['run', 'error.lua'],
      1,
      '',
      /error\.lua:2: attempt to index.*\n.*traceback:\n\terror\.lua:2.*\n\terror\.lua:4/,
    ],
    ['a trap with its trace', ['run', 'trap.c'], 1, '', /integer division by zero\n.*\n\ttrap\.c:3: in main/],
    [
      'a syntax error with line, column, source and caret',
      ['run', 'syntax.lua'],
      2,
      '',
      /^syntax\.lua:2:\d+: error: .*\n.*\n\s*\^/,
    ],
    ['several errors of C', ['run', 'several.c'], 2, '', /several\.c:2:10: error[\s\S]*several\.c:4:22: error/],
    ['a file that is not there', ['run', 'missing.lua'], 64, '', /missing\.lua/],
    ['a stdin file that is not there', ['run', 'copy.lua', '--stdin-file', 'missing'], 64, '', /missing/],
    ['a folder', ['run', 'parts'], 64, '', /EISDIR/],
    ['an ending that says nothing', ['run', 'input'], 64, '', /--language/],
    ['an unknown language', ['run', 'input', '--language', 'cobol'], 64, '', /cobol/],
    ['a language that is told', ['run', 'input', '--language', 'lua'], 2, '', /input:1/],
    ['an unknown option', ['run', 'arguments.c', '--nonsense'], 64, '', /--nonsense/],
    ['a size that is none', ['run', 'arguments.c', '--memory', '1MB'], 64, '', /--memory/],
    ['a count that is none', ['run', 'arguments.c', '--instructions', '1.5'], 64, '', /--instructions/],
    ['JSON that is none', ['run', 'value.lua', '--arg-json', '{'], 64, '', /--arg-json/],
    ['ARGs and --arg-json at once', ['run', 'value.lua', 'x', '--arg-json', '1'], 64, '', /not both/],
    ['no command', [], 64, ''],
    ['no FILE', ['run'], 64, '', /file/],
    ['too few numbers for sm', ['run', 'add.sm', '1'], 64, '', /takes 2 numbers/],
    [
      'the instruction limit',
      ['run', `${ATTACKS}/endless-loop.sm`, '--instructions', '100000'],
      124,
      '',
      /instructions limit 100000[\s\S]*endless-loop\.sm:5/,
    ],
    ['the wall time limit', ['run', `${ATTACKS}/endless-loop.c`, '--wall', '50'], 124, '', /wall_time limit 50/],
    ['the memory limit of Lua', ['run', 'memory.lua', '--memory', '1MiB'], 125, '', /not enough memory/],
    ['a caught "not enough memory"', ['run', 'caught.lua', '--memory', '1MiB'], 0, 'false\tnot enough memory\n'],
    ["C's stack overflow", ['run', `${ATTACKS}/unbounded-recursion.c`], 125, '', /stack overflow[\s\S]*calls left out/],
    ["sm's memory limit", ['run', `${ATTACKS}/memory-hog.sm`, '--memory', '1MiB'], 125, '', /not enough memory/],
    ["Lua's stack overflow, which is an error", ['run', 'overflow.lua'], 1, '', /stack overflow/],
    ['files of the folder', ['run', 'include.c'], 0, 'from the part\n'],
    ['the clock', ['run', 'clock.lua'], 0, 'true\n'],
    ['HTTP that no rule names', ['run', 'get.lua', 'http://127.0.0.1:1/'], 0, /^http\.denied/],
    ['HTTP to the own network', ['run', 'get.lua', 'http://127.0.0.1:1/', '--allow-http', '*:1'], 0, /^http\.address/],
    [
      'HTTP that is granted',
      ['run', 'get.lua', 'http://127.0.0.1:1/', '--allow-http', 'GET@*:1', '--private-address', '127.0.0.1:1'],
      0,
      /^http\.failed.*ECONNREFUSED/,
    ],
    ['a rule that is none', ['run', 'get.lua', '--allow-http', 'a b'], 64, '', /no rule/],
    ['a method that is none', ['run', 'get.lua', '--allow-http', 'FETCH@*'], 64, '', /FETCH/],
    ['top-level code that runs first', ['run', 'initialise.lua', '20', '--initialise'], 0, '40\n'],
    ['top-level code that returns no function', ['run', 'clock.lua', '--initialise'], 2, '', /clock.*|must return/],
    [
      'a frontend from outside',
      ['run', '--frontend', './frontend.mjs', 'two.answer'],
      2,
      '',
      /two\.answer:1:1: error: no 21\n21\n\^~/,
    ],
    ['a frontend that is not there', ['run', '--frontend', './none.mjs', 'two.answer'], 64, '', /none\.mjs/],
  ];
for (const [what, args, status, stdout, stderr, input] of rows) {
  test(`handles ${what}`, async () => {
    const result = await gazelle(args, input);
    assert.is(result.status, status, `${result.stdout}${result.stderr}`);
    if (typeof stdout === 'string') assert.is(result.stdout, stdout);
    else assert.match(result.stdout, stdout);
    if (stderr !== undefined) assert.match(result.stderr, stderr);
    else if (status === 0) assert.is(result.stderr, '');
  });
}

test('prints exactly one JSON object with --json', async () => {
  const { status, stdout, stderr } = await gazelle([
    'run',
    'value.lua',
    '--json',
    '--arg-json',
    '{"list":[1,2.5],"name":"n"}',
  ]);
  assert.is(status, 0);
  assert.is(stderr, '');
  const result = JSON.parse(stdout);
  assert.equal(result.values, [2.5, [1, 2, { x: 'n' }]]);
  assert.is(result.status, 'ok');
  assert.ok(result.usage.instructions > 0);
  assert.is(stdout.trimEnd().split('\n').length, 1);
});

test('has a word for every float in the JSON object', async () => {
  const { stdout } = await gazelle(['run', '--json', 'floats.lua']);
  assert.equal(JSON.parse(stdout).values, ['NaN', 'Infinity', ['-Infinity', 2 ** 63, '4611686018427387904']]);
});

test('keeps output and errors in the JSON object', async () => {
  const exited = JSON.parse((await gazelle(['run', 'exit.lua', '--json'])).stdout);
  assert.is(exited.exitCode, 42);
  assert.is(exited.stdout, 'out');
  assert.is(exited.stderr, 'err');
  const failed = await gazelle(['run', 'error.lua', '--json']);
  assert.is(failed.status, 1);
  assert.is(failed.stderr, '');
  const { error } = JSON.parse(failed.stdout);
  assert.is(error.code, 'guest_error');
  assert.is(error.stack[0].line, 2);
  const refused = await gazelle(['run', 'syntax.lua', '--json']);
  assert.is(refused.status, 2);
  assert.is(JSON.parse(refused.stdout).error.diagnostics[0].line, 2);
  const limited = JSON.parse((await gazelle(['run', 'memory.lua', '--memory', '1MiB', '--json'])).stdout);
  assert.is(limited.error.resource, 'memory');
  assert.is(limited.error.limit, 2 ** 20);
});

test('lets more output through than the machine keeps', async () => {
  const { status, stdout } = await gazelle(['run', 'output.c']);
  assert.is(status, 0);
  assert.is(stdout.length, 200_000 * 11);
});

test('gives output as it comes, and ends on SIGINT', async () => {
  writeFileSync(
    join(folder, 'slow.c'),
    '#include <gazelle.h>\nint main(void) { gazelle_write(1, "first", 5); for (;;) gazelle_sleep(1000000LL); }',
  );
  const child = spawn(process.execPath, [PROGRAM, 'run', 'slow.c'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const first = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  assert.is(first, 'first');
  child.kill('SIGINT');
  assert.is(await new Promise((resolve) => child.once('close', resolve)), 130);
});

test('ends when nobody reads its output any more', async () => {
  writeFileSync(join(folder, 'endless.c'), '#include <stdio.h>\nint main(void) { for (;;) puts("more"); }');
  const child = spawn(process.execPath, [PROGRAM, 'run', 'endless.c'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.destroy();
  await new Promise((resolve) => child.once('close', resolve));
});

test('compiles to a module, which runs and disassembles like the source', async () => {
  for (const [file, args, status, stdout] of [
    ['arguments.c', ['x'], 1, '[x]'],
    ['arguments.lua', ['x'], 0, 'x\n1\targuments.gzm\n'],
    ['add.sm', ['1', '2'], 0, ''],
  ] as const) {
    assert.is((await gazelle(['compile', file, '-o', 'arguments.gzm'])).status, 0);
    const ran = await gazelle(['run', 'arguments.gzm', ...args]);
    assert.is(ran.status, status, ran.stderr);
    assert.is(ran.stdout, stdout);
    const listing = await gazelle(['disasm', 'arguments.gzm']);
    assert.is(listing.status, 0);
    assert.is(listing.stdout, (await gazelle(['disasm', file])).stdout);
    assert.match(listing.stdout, '.function');
  }
});

test("shows a compiler's warnings with their line, those that are asked for too", async () => {
  const missing = "warnings.c:6:14: warning: 'f' can end without returning a value\nint f(void) {}\n             ^\n";
  const plain = await gazelle(['run', 'warnings.c']);
  assert.equal([plain.status, plain.stderr], [1, missing]);
  const unused = "warnings.c:2:7: warning: nothing reads 'unused'\n  int unused;\n      ^~~~~~\n";
  for (const command of [['run'], ['compile', '-o', 'warnings.gzm'], ['disasm']]) {
    const { stderr } = await gazelle([...command, '-Wall', 'warnings.c', '--warning', 'conversion', '-Wno-such']);
    assert.ok(stderr.includes(missing) && stderr.includes(unused), stderr);
    assert.match(stderr, /warnings\.c:4:10: warning: .*\n {2}return d;\n {9}\^\n/);
  }
});

test('refuses to compile without a place for the module, or what does not compile', async () => {
  assert.is((await gazelle(['compile', 'add.sm'])).status, 64);
  assert.is((await gazelle(['compile', 'syntax.lua', '-o', 'never'])).status, 2);
  assert.not.ok(existsSync(join(folder, 'never')));
  assert.is((await gazelle(['disasm', 'several.c'])).status, 2);
});

test('refuses a module whose bytes were changed', async () => {
  assert.is((await gazelle(['compile', 'add.sm', '-o', 'changed'])).status, 0);
  const bytes = await gazelle(['run', 'changed', '1', '2']);
  assert.is(bytes.status, 0);
  const changed = readFileSync(join(folder, 'changed'));
  changed[changed.length - 1]! ^= 1;
  writeFileSync(join(folder, 'changed'), changed);
  const { status, stderr } = await gazelle(['run', 'changed', '1', '2']);
  assert.is(status, 2);
  assert.match(stderr, 'checksum');
});

test.run();
