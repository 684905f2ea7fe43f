// Lua through the interface: values in both directions, errors with their place, host functions, limits.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type ExecutionResult, type FunctionOptions } from '../../../host/core/index';

const host = await createHost();
test.after(() => host.close());

const lua = (source: string): FunctionOptions => ({ language: 'lua', source, fileName: 'main.lua' });
const run = (source: string, argument?: unknown, more: Partial<FunctionOptions> = {}): Promise<ExecutionResult> =>
  host.run({ ...lua(source), ...(argument !== undefined && { argument }), ...more });

/** What comes back of a value that goes in. */
const roundTrips: [what: string, value: unknown, expected?: unknown][] = [
  ['null', null],
  ['booleans', [true, false]],
  ['integers', [0, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53) + 1]],
  ['floats', [0.5, -1.25e300, 5e-324, 2 ** 53]],
  ['infinities', [Infinity, -Infinity], ['Infinity', '-Infinity']],
  ['NaN', [Number.NaN, 'NaN'], ['NaN', 'NaN']],
  ['minus zero', -0],
  ['text', ['', 'short', 'ünïcødé \u{1f600}', 'long '.repeat(100), 'nul\0byte']],
  ['bytes that are text', Uint8Array.of(72, 105), 'Hi'],
  ['bytes that are no text', Uint8Array.of(255, 0, 254), { base64: '/wD+' }],
  ['large integers', [2n ** 62n, -(2n ** 63n), 7n], ['4611686018427387904', '-9223372036854775808', 7]],
  ['lists', [[], [1], [[1, 2], [3]], Array.from({ length: 1000 }, (_, index) => index)]],
  ['records', { a: 1, b: { c: [true] }, 'key with spaces': 'x', ['k'.repeat(100)]: 'long key' }],
  ['a record that could be mistaken', { __proto__x: 1, constructor: 2, toString: 3 }],
  ['an empty record, which is an empty list', {}, []],
  ['a record without its nulls', { a: null, b: 1 }, { b: 1 }],
];
for (const [what, value, expected] of roundTrips) {
  test(`passes ${what} through`, async () => {
    const { value: got, error } = await run('return ...', value);
    assert.is(error, undefined);
    assert.equal(got, expected === undefined ? value : expected);
  });
}

test('sets a member named __proto__ without touching the prototype', async () => {
  const { value } = await run('return { ["__proto__"] = { evil = true }, x = 1 }');
  assert.equal(Object.keys(value as object).sort(), ['__proto__', 'x']);
  assert.is((value as { evil?: boolean }).evil, undefined);
  const back = await run('local t = ... return t["__proto__"].evil, t.x', JSON.parse('{"__proto__":{"evil":1},"x":2}'));
  assert.equal(back.values, [1, 2]);
});

test('gives tables of mixed keys as records with text for keys', async () => {
  const { value } = await run('return { 10, 20, x = 1, [5] = 2, [-1] = 3, [1.5] = 4 }');
  assert.equal(value, { 1: 10, 2: 20, 5: 2, '-1': 3, '1.5': 4, x: 1 });
});

test('gives the first result as the value, and all as values', async () => {
  const { value, values, exitCode } = await run('return 1, nil, "x"');
  assert.is(value, 1);
  assert.equal(values, [1, null, 'x']);
  assert.is(exitCode, 0);
  assert.is((await run('')).value, null);
});

test('gives args as ... and as arg', async () => {
  const source = 'local a, b = ... return a, b, #arg, arg[0], arg[1], arg[2]';
  const { values } = await host.run({ ...lua(source), args: ['one', 'two'] });
  assert.equal(values, ['one', 'two', 2, 'main.lua', 'one', 'two']);
  assert.equal((await run('return #arg, select("#", ...)')).values, [0, 0]);
});

for (const [what, source, code, path] of [
  ['a function', 'return { a = { print } }', 'result.kind', 'values[0].a[0]'],
  ['a cycle', 'local t = {} t.list = { t } return 1, t', 'result.cycle', 'values[1].list[0]'],
  ['a key that is a table', 'return { [{}] = 1 }', 'result.key', 'values[0]'],
  ['nesting without end', 'local t = {} for i = 1, 1000 do t = { t } end return t', 'result.depth', 'values[0][0]'],
  ['too much text', 'local s = string.rep("x", 1000000) return { s, s, s, s, s }', 'result.size', 'values[0][4]'],
] as const) {
  test(`tells that ${what} cannot be a result, and where it is`, async () => {
    const { status, error, value } = await run(source);
    assert.is(status, 'error');
    assert.is(error?.code, code);
    assert.match(error!.message, path);
    assert.is(value, null);
  });
}

test('refuses arguments that cannot cross', async () => {
  const cyclic: unknown[] = [];
  cyclic.push({ cyclic });
  let deep: unknown = 1;
  for (let depth = 0; depth < 1000; depth++) deep = [deep];
  for (const [argument, code] of [
    [cyclic, 'argument.cycle'],
    [deep, 'argument.depth'],
    [{ f: () => 1 }, 'argument.kind'],
    [new Map(), 'argument.kind'],
    [Symbol.iterator, 'argument.kind'],
    [2n ** 64n, 'argument.range'],
    ['x'.repeat(5_000_000), 'argument.size'],
    [new Array(1_000_001), 'argument.size'],
  ] as const) {
    const { status, error, usage } = await run('return 1', argument);
    assert.is(status, 'error');
    assert.is(error?.code, code);
    assert.is(usage.instructions, 0);
  }
});

test('ends as a memory limit when the argument does not fit', async () => {
  const { status, error } = await run('return 1', 'x'.repeat(200_000), { limits: { memoryBytes: 100_000 } });
  assert.is(status, 'limit');
  assert.is(error?.code, 'limit.memory');
});

test('charges for arguments and results by their size', async () => {
  const small = await run('return ...', [1]);
  const large = await run(
    'return ...',
    Array.from({ length: 10_000 }, () => 1),
  );
  assert.ok(large.usage.instructions > small.usage.instructions + 20_000);
});

test('gives the message of an error with its place, and a trace', async () => {
  const { status, error } = await run('local function f(t)\n  return t.x.y\nend\nlocal r = f({})\nreturn r');
  assert.is(status, 'error');
  assert.is(error?.code, 'guest_error');
  assert.is(error?.message, "main.lua:2: attempt to index a nil value (field 'x')");
  assert.equal(
    error?.stack.map(({ file, line }) => `${file}:${line}`),
    ['main.lua:2', 'main.lua:4'],
  );
});

test("gives an error's data when it is no text", async () => {
  const { error } = await run('error({ code = 7 })');
  assert.is(error?.message, '(error object is a table value)');
  assert.equal(error?.value, { code: 7 });
  assert.is((await run('error(42)')).error?.value, 42);
  assert.is((await run('error(nil)')).error?.message, '(error object is a nil value)');
});

test('keeps the output that was written before an error', async () => {
  const { stdout, usage } = await run('print("before") io.write("x") error("stop")');
  assert.is(stdout, 'before\nx');
  assert.is(usage.outputBytes, 8);
});

test('lets host functions be called like functions of its own', async () => {
  const calls: unknown[][] = [];
  const functions = {
    add: (a: unknown, b: unknown) => (a as number) + (b as number),
    later: async (...args: unknown[]) => {
      calls.push(args);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { list: [1, 2, { x: null }], text: 'ü', bytes: Uint8Array.of(255), big: 2n ** 60n };
    },
    'odd-name': () => 'odd',
  };
  const source = `
    local r = later(nil, {1, {a = true}}, "x", nil, 5)
    return add(1, 2), #r.list, r.text, #r.bytes, r.big, _G["odd-name"](), (next(r.list[3]))`;
  const { values, error } = await run(source, undefined, { functions });
  assert.is(error, undefined);
  assert.equal(values, [3, 3, 'ü', 1, '1152921504606846976', 'odd', null]);
  assert.equal(calls, [[null, [1, { a: true }], 'x', null, 5]]);
});

test('turns what host functions throw into errors that can be caught', async () => {
  const functions = {
    fail: async () => {
      throw new Error('no such key');
    },
    strange: () => () => 1,
    huge: () => 'x'.repeat(300_000),
  };
  const caught = await run('return pcall(fail)', undefined, { functions });
  assert.equal(caught.values, [false, 'no such key']);
  const uncaught = await run('\nfail()', undefined, { functions });
  assert.is(uncaught.error?.code, 'guest_error');
  assert.is(uncaught.error?.message, 'no such key');
  assert.is(uncaught.error?.stack.at(-1)?.line, 2);
  for (const name of ['strange', 'huge']) {
    const { values } = await run(`return pcall(${name})`, undefined, { functions });
    assert.is(values[0], false);
    assert.match(String(values[1]), `the answer of '${name}' cannot cross`);
  }
  const { values } = await run('return pcall(fail, print)', undefined, { functions });
  assert.match(String(values[1]), 'a function cannot cross');
});

test('gives host functions so many arguments that the host’s stack holds them', async () => {
  const functions = { count: (...args: unknown[]) => args.length };
  const source = `local many, last = {}, ...
    for i = 1, last do many[i] = true end
    return select(2, pcall(count, table.unpack(many))), select(2, pcall(count, nil, table.unpack(many)))`;
  assert.equal((await run(source, 249, { functions })).values, [249, 250]);
  for (const last of [251, 200_000]) {
    const { values, error } = await run(source, last, { functions });
    assert.is(error, undefined);
    const expected = /the arguments of 'count' are no list of at most 250|more than (4096 names|131072 elements)/;
    for (const message of values) assert.match(String(message), expected);
  }
});

test('sees nothing of the host through a host function', async () => {
  let seen: unknown;
  const functions = { look: (value: unknown) => void (seen = value) };
  await run('look({ a = { 1 } })', undefined, { functions });
  assert.equal(seen, { a: [1] });
  assert.is(Object.getPrototypeOf(seen as object), Object.prototype);
});

test('is cancelled while it waits for a host function', async () => {
  let release = () => {};
  const functions = { wait: () => new Promise<void>((resolve) => void (release = resolve)) };
  const fn = await host.deploy({ name: 'waits', ...lua('wait() return 1'), functions });
  const execution = fn.execute();
  await new Promise((resolve) => setTimeout(resolve, 10));
  execution.cancel();
  const { status, error } = await execution;
  assert.is(status, 'cancelled');
  assert.is(error?.stack.at(-1)?.file, 'main.lua');
  release();
  await new Promise((resolve) => setTimeout(resolve, 5));
});

test('ends a memory hog as a memory limit, and lets it be caught', async () => {
  const limits = { memoryBytes: 2 ** 20 };
  const hog = await run(readFileSync('test/attacks/memory-hog.lua', 'utf8'), undefined, { limits });
  assert.is(hog.status, 'limit');
  assert.is(hog.error?.resource, 'memory');
  assert.ok(hog.usage.memoryPeakBytes <= 2 ** 20);
  const source = 'local t = {} return pcall(function() while true do t[#t + 1] = string.rep("x", 1000) .. #t end end)';
  assert.equal((await run(source, undefined, { limits })).values, [false, 'not enough memory']);
});

test('needs the capability for the clock', async () => {
  const denied = await run('return os.clock()');
  assert.is(denied.error?.code, 'capability_denied');
  assert.is(denied.error?.capability, 'clock');
  assert.is((await run('return os.clock() >= 0', undefined, { capabilities: ['clock'] })).value, true);
});

test('ends with the status of os.exit', async () => {
  const { status, exitCode, value } = await run('os.exit(3)');
  assert.is(status, 'ok');
  assert.is(exitCode, 3);
  assert.is(value, null);
});

test('gives the same counts alone and among others, arguments and results included', async () => {
  const fn = await host.deploy({
    name: 'counts',
    ...lua('local t = ... table.sort(t) local s = 0 for i, v in ipairs(t) do s = s + i * v end return s, t'),
  });
  const argument = Array.from({ length: 3000 }, (_, index) => (index * 7919) % 3001);
  const alone = await fn.execute(argument);
  const many = await fn.executeMany(5, argument);
  for (const { usage, values } of many) {
    assert.is(usage.instructions, alone.usage.instructions);
    assert.is(usage.memoryPeakBytes, alone.usage.memoryPeakBytes);
    assert.equal(values, alone.values);
  }
});

test.run();
