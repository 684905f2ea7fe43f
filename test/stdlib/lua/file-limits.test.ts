// What files cost: work with them is charged in proportion to their bytes, what is written counts as memory, and
// nothing of it is left for another execution.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { runLua } from '../../support/lua-runs';

const host = await createHost();
test.after(() => host.close());

const big = new Uint8Array(1 << 20).fill(0x78);
for (let at = 63; at < big.length; at += 64) big[at] = 0x0a;
const files = { 'small.txt': big.slice(0, 1 << 14), 'big.txt': big };

/** What a program costs on the small file and on one of 64 times its size. */
function costs(body: string): [small: number, large: number] {
  return ['small.txt', 'big.txt'].map((name) => {
    const { usage, outcome } = runLua(`local name = '${name}' ${body}`, { files });
    assert.is(outcome.error, null, body);
    return usage.instructions;
  }) as [number, number];
}

for (const [what, body, bytesAnInstruction] of [
  ['reading all of a file', 'io.open(name):read("a")', 64],
  ['reading many bytes', 'local f = io.open(name) while f:read(5000) do end', 64],
  ['reading lines', 'for line in io.lines(name) do end', 8],
  [
    'passing over white space',
    'local f = io.open("w", "w+") f:write((" "):rep(#io.open(name):read("a"))) f:seek("set") f:read("n")',
    8,
  ],
  ['writing', 'local f = io.open("w", "w") for line in io.lines(name, 4096) do f:write(line) end', 64],
  ['writing in one go', 'local text = io.open(name):read("a") io.open("w", "w"):write(text)', 32],
  ['taking a file into the overlay', 'io.open(name, "r+"):write("x")', 32],
  ['leaving a gap', 'local f = io.open("w", "w") f:seek("set", #io.open(name):read("a")) f:write("x")', 64],
] as const) {
  test(`charges ${what} in proportion`, () => {
    const [small, large] = costs(body);
    assert.ok(large - small >= (63 << 14) / bytesAnInstruction, `${small} and ${large}`);
  });
}

test('counts what is written as memory, and reports it', () => {
  const write = (bytes: number) => runLua(`io.open('x', 'w'):write(('x'):rep(${bytes}))`).usage.memoryPeakBytes;
  assert.ok(write(1_000_000) - write(1000) >= 1_900_000);
});

test('ends as a memory limit, or lets it be caught, when too much is written', () => {
  const source = `local f = io.open('x', 'w+') local function fill() while true do f:write(('x'):rep(1000)) end end`;
  const limits = { memoryBytes: 1 << 20 };
  const { outcome, usage } = runLua(`${source} fill()`, { limits });
  assert.is(outcome.status, 'limit');
  assert.is(outcome.error?.resource, 'memory');
  assert.ok(usage.memoryPeakBytes <= 1 << 20);
  const caught = runLua(`${source} print(pcall(fill)) print(f:seek('end') > 100000, f:seek('set'), f:read(2))`, {
    limits,
  });
  assert.is(caught.written, 'false\tnot enough memory\ntrue\t0\txx\n');
});

test('gives the memory of a file back when it is removed', () => {
  const source = `for i = 1, 200 do
    local f = io.open('x' .. i, 'w')
    f:write(('x'):rep(100000))
    f:close()
    os.remove('x' .. i)
  end`;
  const { outcome, usage } = runLua(source, { limits: { memoryBytes: 4 << 20 } });
  assert.is(outcome.error, null);
  assert.ok(usage.memoryPeakBytes < 4 << 20);
});

test('refuses positions beyond what a file can have', () => {
  const source = `local f = io.open('x', 'w')
    print(f:seek('set', math.maxinteger), f:write('x'))
    print(f:seek('cur', 1))
    print(f:seek('set', 1 << 40), f:write('x'))
    f = io.open('data')
    print(f:seek('set', 1 << 40), f:read(1), f:read('a'))`;
  const { written, outcome } = runLua(source, { files: { data: 'text' } });
  assert.is(outcome.error, null);
  assert.is(
    written,
    '9223372036854775807\tnil\tFile too large\t27\nnil\tInvalid argument\t22\n' +
      '1099511627776\tnil\tFile too large\t27\n1099511627776\tnil\t\n',
  );
});

test("leaves the deployment's files and other executions alone", async () => {
  const source = `local before = io.open('data'):read('a')
    io.open('data', 'w'):write('changed')
    os.remove('other')
    return before, io.open('data'):read('a'), (io.open('other'))`;
  const fn = await host.deploy({ name: 'f', language: 'lua', source, files: { data: 'text', other: 'x' } });
  for (const { values } of await fn.executeMany(2)) assert.equal(values, ['text', 'changed', null]);
});

test('keeps paths inside the folder', () => {
  const source = `for _, path in ipairs({ '../x', 'a/../../x', '..', '.', '', 'a/', '/', ('x'):rep(5000), 'a\\0b' }) do
    io.write(tostring((io.open(path, 'w'))):sub(1, 4), ' ')
  end
  print()
  io.open('a/./b//c', 'w'):write('one')
  io.open('/top', 'w'):write('two')
  print(io.open('a/b/c'):read('a'), io.open('a/x/../b/c'):read('a'), io.open('/../top'):read('a'), (io.open('top')))`;
  const { written, outcome } = runLua(source);
  assert.is(outcome.error, null);
  assert.is(written, 'nil nil nil nil nil nil nil nil file \none\tone\ttwo\tnil\n');
});

test('finds the files that a folder has when they are asked for by name', async () => {
  const found: Record<string, string> = {
    'part.lua': 'return "part " .. require("deep.er")',
    'deep/er/init.lua': 'return "deeper"',
    'run.lua': 'return ...',
    'unused.lua': '= broken',
  };
  const asked: string[] = [];
  const find = (path: string) => {
    asked.push(path);
    return found[path] === undefined ? undefined : new TextEncoder().encode(found[path]);
  };
  const source = 'return require("part"), loadfile("./run.lua")(7)';
  const { values } = await host.run({ language: 'lua', source, files: find });
  assert.equal(values, ['part deeper', 7]);
  assert.not(asked.includes('unused.lua'));
});

test('loads what was compiled when a module is deployed without its files', async () => {
  const { compileLua } = await import('../../../frontends/lua/index');
  const { encodeModule } = await import('../../../vm/index');
  const own = { 'part.lua': new TextEncoder().encode('return 42') };
  const { module } = compileLua(new TextEncoder().encode('return require("part")'), { fileName: 'm', files: own });
  assert.is((await host.run({ module: encodeModule(module!) })).value, 42);
});

test('loads what the program has written', () => {
  const { written } = runLua(`io.open('x.lua', 'w'):write('return 1'):close() print(loadfile('x.lua')())`);
  assert.is(written, '1\n');
});

test('deploys when a required file is beyond the limits of the compiler, and says so when it is required', async () => {
  const locals = Array.from({ length: 250 }, (_, index) => `v${index}`).join(',');
  const files = { 'wide.lua': `return {${'f(1),'.repeat(10)} (function(${locals}) end)}`, 'fine.lua': 'return 1' };
  const { values, error } = await host.run({
    language: 'lua',
    source: 'return require("fine"), pcall(require, "wide")',
    files,
  });
  assert.is(error, undefined);
  assert.equal(values.slice(0, 2), [1, false]);
  assert.match(String(values[2]), "error loading module 'wide' from file 'wide.lua'");
});

test.run();
