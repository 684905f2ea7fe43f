// Functions whose top-level code runs once, when they are deployed: calls go on from what it has left.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, DeployError, type DeployOptions, type Host } from '../../../host/core/index';

const COUNTER = `
  local table_of = {}
  for i = 1, 1000 do table_of[i] = i * i end
  local calls = 0
  return function(n, ...)
    calls = calls + 1
    return table_of[n], calls, select('#', ...)
  end`;

async function withHost(body: (host: Host) => Promise<void>): Promise<void> {
  const host = await createHost({ training: false });
  try {
    await body(host);
  } finally {
    await host.close();
  }
}

function lua(source: string, more: Partial<DeployOptions> = {}): DeployOptions {
  return { name: 'f', language: 'lua', source, initialise: true, ...more };
}

async function refusal(deploying: Promise<unknown>): Promise<string> {
  try {
    await deploying;
  } catch (error) {
    assert.instance(error, DeployError);
    assert.is((error as DeployError).code, 'deploy.initialise');
    return (error as DeployError).message;
  }
  throw new Error('it was deployed');
}

test('each call starts behind the top-level code, in the function that it has returned', () =>
  withHost(async (host) => {
    const fn = await host.deploy(lua(COUNTER));
    const first = await fn.execute(12);
    assert.equal(first.values, [144, 1, 0]);
    assert.equal((await fn.execute(12)).values, [144, 1, 0], 'nothing is left of the first call');
    const plain = await host.deploy(
      lua(`local f = (function() ${COUNTER} end)() return f(...)`, { initialise: false }),
    );
    assert.ok(first.usage.instructions * 20 < (await plain.execute(12)).usage.instructions);
    assert.is((await fn.execute(undefined, { args: ['7', 'x', 'y'] })).values[2], 2);
  }));

test("what the top-level code uses is its function's, and held to the limits of a call", () =>
  withHost(async (host) => {
    const fn = await host.deploy(lua(COUNTER));
    const { instructions, memoryBytes } = fn.usage;
    assert.ok(instructions > 5000 && memoryBytes === 0, `${instructions} ${memoryBytes}`);
    const message = await refusal(host.deploy(lua('while true do end', { limits: { instructions: 10_000 } })));
    assert.match(message, 'instructions limit 10000');
    assert.match(await refusal(host.deploy(lua('local t = {} while true do t[#t + 1] = {} end'))), 'memory');
    const suspended = { instructions: 10_000, policies: { instructions: 'suspend' as const } };
    assert.match(await refusal(host.deploy(lua('while true do end', { limits: suspended }))), 'instructions limit');
  }));

test('top-level code has no argument, no input, no capability and no host function, and is not heard', () =>
  withHost(async (host) => {
    const source = `
      local count, line = select('#', ...), io.read()
      local asked, problem = pcall(ask, 1)
      print('not heard')
      return function() return count, line == nil, asked, problem, os.time() > 0, ask(2) end`;
    const functions = { ask: (n: unknown) => Number(n) * 10 };
    const fn = await host.deploy(lua(source, { functions, capabilities: ['clock'] }));
    const { values, stdout } = await fn.execute();
    assert.equal([values[0], values[1], values[2], values[4], values[5], stdout], [0, true, false, true, 20, '']);
    assert.match(String(values[3]), "no host function 'ask' is granted");
    const refused = await refusal(host.deploy(lua('os.time() return print', { capabilities: ['clock'] })));
    assert.match(refused, "needs the capability 'clock'");
  }));

test('it must return a function, of a state that can be copied at each call', () =>
  withHost(async (host) => {
    for (const source of ['return 5', 'x = 1', 'return setmetatable({}, { __call = print })', 'os.exit(0)']) {
      assert.match(await refusal(host.deploy(lua(source))), 'must return the function');
    }
    assert.match(
      await refusal(host.deploy(lua(`local s = ('x'):rep(2 << 20) return function() return #s end`))),
      '524288',
    );
    assert.match(await refusal(host.deploy(lua("error('no luck')"))), 'no luck');
    const c = { name: 'c', language: 'c', source: 'int main(void) { return 0; }', initialise: true };
    assert.match(await refusal(host.deploy(c)), 'functions in c');
    assert.is(host.get('f'), undefined);
  }));

test('coroutines, closures, metatables, finalisers and loaded code go on in every call', () =>
  withHost(async (host) => {
    const source = `
      local ends = 0
      kept = setmetatable({}, { __gc = function() ends = ends + 1 end })
      local co = coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end)
      co()
      local double = load('local n = ... return n * 2')
      local long = ('long key '):rep(20)
      local t = setmetatable({ [long] = 'found' }, { __index = function(_, k) return k .. '!' end })
      return function(n)
        collectgarbage()
        return co(), double(n), t[('long key '):rep(20)], t.x, ends
      end`;
    const fn = await host.deploy(lua(source));
    for (let round = 0; round < 2; round++) {
      assert.equal((await fn.execute(21)).values, [2, 42, 'found', 'x!', 0]);
    }
    const again = await host.deploy(
      lua(`local d = load('return 1') return function() return load('return 2')() + d() end`),
    );
    assert.is((await again.execute()).value, 3);
  }));

test('its counts are the same in every host, and so is what its snapshots are of', () =>
  withHost(async (host) => {
    const source = `local n = 0 for i = 1, 100 do n = n + i end
      return function(x) for i = 1, 1e6 do n = n + x end return n end`;
    const fn = await host.deploy(lua(source));
    const whole = await fn.execute(2);
    const execution = fn.execute(2, { limits: { instructions: 50_000, policies: { instructions: 'suspend' } } });
    await execution.suspension();
    const bytes = await execution.snapshot();
    execution.cancel();
    await withHost(async (other) => {
      const same = await other.deploy(lua(source));
      assert.is((await same.execute(2)).usage.instructions, whole.usage.instructions);
      const restored = other.restore(bytes, { suspended: true });
      restored.refill({ instructions: 100_000_000 });
      restored.resume();
      const result = await restored;
      assert.equal([result.value, result.usage.instructions], [whole.value, whole.usage.instructions]);
    });
  }));

test('a deployment whose top-level code still runs gives way to a later one', () =>
  withHost(async (host) => {
    const slow = host.deploy(lua('for i = 1, 1e6 do end return function() return "slow" end'));
    const quick = await host.deploy(lua('return function() return "quick" end'));
    assert.is((await (await slow).execute()).value, 'slow', 'it can be called all the same');
    assert.is(host.get('f'), quick);
    const removed = host.deploy(lua('for i = 1, 1e6 do end return print', { name: 'g' }));
    host.remove('g');
    await removed;
    assert.is(host.get('g'), undefined);
    await refusal(host.deploy(lua('return 1')));
    assert.is(host.get('f'), quick, 'one that fails changes nothing');
  }));

test('run does the same in one go', () =>
  withHost(async (host) => {
    const result = await host.run({ ...lua(COUNTER), argument: 3 });
    assert.is(result.value, 9);
  }));

test.run();
