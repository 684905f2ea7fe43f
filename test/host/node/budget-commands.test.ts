// The commands for limits, budgets, tenants and what stands still: against servers in processes of their own, with what they
// print.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { end, type Ran, type Served, serve, start } from '../../support/commands';
import { until } from '../../support/condition';

const folder = mkdtempSync(join(tmpdir(), 'gazelle-budgets-'));
const files: Record<string, string> = {
  'count.lua': 'print("begun", ...) local s = 0 for i = 1, 200000 do s = s + i end print("done") return s',
  'other.lua': 'return 1',
  'loop.c': 'int main(void) { for (;;) {} }',
  'tenants.json': JSON.stringify({
    acme: { weight: 2, budget: { requests: 10, instructions: null, policies: { requests: 'suspend' } } },
    beta: { limits: { instructions: 5000 } },
  }),
  'wrong.json': JSON.stringify({ acme: { weight: 2, budget: { apples: 10 } } }),
  'text.json': 'acme',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

let served: Served;
test.before(async () => {
  process.chdir(folder);
  const limits = ['--budget', 'memoryBytes=1GiB', '--limit', 'instructions=100M', '--limit', 'wallTimeMs=1min'];
  served = await serve(folder, '--tenants', 'tenants.json', ...limits, '--policy', 'memoryBytes=suspend');
});
test.after(async () => {
  await end(served.child, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A command on the served process. */
function gazelle(...args: string[]): Promise<Ran> {
  return start([...args, '--url', served.url]).ended;
}

async function succeed(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await gazelle(...args);
  assert.is(status, 0, stderr);
  return stdout;
}

/** How far a limit is exceeded is the cost model's. */
function withoutUsed<T extends { readonly stderr: string }>(ran: T): T {
  return { ...ran, stderr: ran.stderr.replace(/used 1000\d\d\)/, 'used 1000xx)') };
}

const SUSPENDING = ['--instructions', '100k', '--policy', 'instructions=suspend'];

test('run is suspended to a file, and goes on from it to the same result and counts', async () => {
  const straight = JSON.parse((await start(['run', 'count.lua', 'a', '--json']).ended).stdout);
  const first = await start(['run', 'count.lua', 'a', ...SUSPENDING, '--suspend-to', 'run.snapshot']).ended;
  assert.equal(withoutUsed(first), {
    status: 75,
    stdout: 'begun\ta\n',
    stderr: 'gazelle: suspended (instructions limit 100000, used 1000xx); saved to run.snapshot\n',
  });
  const again = ['run', 'count.lua', '--snapshot', 'run.snapshot'];
  const second = await start([...again, '--refill', 'instructions=100k', '--suspend-to', 'run.snapshot']).ended;
  assert.equal([second.status, second.stdout], [75, '']);
  assert.match(second.stderr, 'limit 200000');
  const last = await start([...again, '--refill', 'instructions=none', '--json']).ended;
  const result = JSON.parse(last.stdout);
  assert.equal([last.status, result.status, result.value, result.stdout], [0, 'ok', straight.value, 'done\n']);
  assert.is(result.usage.instructions, straight.usage.instructions);
  assert.not.ok(readdirSync('.').some((name) => name.endsWith('.part')));
});

test('run that is suspended and not saved ends, and says how it would have been', async () => {
  assert.equal(withoutUsed(await start(['run', 'count.lua', ...SUSPENDING]).ended), {
    status: 75,
    stdout: 'begun\n',
    stderr: 'gazelle: suspended (instructions limit 100000, used 1000xx); --suspend-to FILE would have saved it\n',
  });
  const json = await start(['run', 'count.lua', ...SUSPENDING, '--suspend-to', 'json.snapshot', '--json']).ended;
  const { status, stdout, suspension, snapshot } = JSON.parse(json.stdout);
  assert.equal([json.status, status, stdout, snapshot], [75, 'suspended', 'begun\n', 'json.snapshot']);
  const { used, ...others } = suspension;
  assert.equal(others, { reason: 'instructions', level: 'invocation', limit: 100_000 });
  assert.ok(used >= 100_000);
});

test('what is suspended on one server is restored on another', async () => {
  await succeed('deploy', 'lua', 'count', 'count.lua');
  const straight = JSON.parse(await succeed('execute', 'count', '--json'));
  const first = await gazelle('execute', 'count', ...SUSPENDING, '--suspend-to', 'served.snapshot');
  assert.equal(withoutUsed(first), {
    status: 75,
    stdout: 'begun\n',
    stderr: 'gazelle: suspended (instructions limit 100000, used 1000xx); saved to served.snapshot\n',
  });
  const other = await serve(folder);
  const url = ['--url', other.url];
  assert.is((await start(['tenant', 'set', 'mine', ...url]).ended).status, 0);
  assert.is((await start(['deploy', 'lua', 'renamed', 'count.lua', '--tenant', 'mine', ...url]).ended).status, 0);
  // Its file's name is part of a module, and so is told.
  const restore = ['restore', 'served.snapshot', '--tenant', 'mine', ...url];
  const { status, stdout, stderr } = await start([...restore, '--refill', 'instructions=1G', '--json']).ended;
  assert.is(status, 0, stderr);
  const result = JSON.parse(stdout);
  assert.equal([result.value, result.stdout], [straight.value, 'done\n']);
  assert.is(result.usage.instructions, straight.usage.instructions);
  const stalled = await start([...restore, '--suspend-to', 'again.snapshot']).ended;
  assert.equal([stalled.status, existsSync('again.snapshot')], [75, true]);
  await end(other.child, 'SIGTERM');
});

test('what is no snapshot, or of another function, is refused', async () => {
  await start(['run', 'count.lua', ...SUSPENDING, '--suspend-to', 'foreign.snapshot']).ended;
  const text = await start(['run', 'count.lua', '--snapshot', 'count.lua']).ended;
  assert.equal([text.status, text.stderr], [2, 'gazelle: these bytes are no snapshot\n']);
  const other = await start(['run', 'other.lua', '--snapshot', 'foreign.snapshot']).ended;
  assert.equal([other.status, other.stderr], [2, 'gazelle: the snapshot belongs to a program of other modules\n']);
  const served = await gazelle('restore', 'count.lua', '--json');
  assert.is(served.status, 2);
  assert.equal(JSON.parse(served.stdout).error.code, 'snapshot.format');
});

test('an execution whose tenant has nothing left says so, and goes on when that is refilled', async () => {
  await succeed('tenant', 'set', 'short', '--budget', 'instructions=100k', '--policy', 'instructions=suspend');
  await succeed('deploy', 'lua', 'count', 'count.lua', '--tenant', 'short');
  const running = start(['execute', 'count', '--tenant', 'short', '--url', served.url]);
  await until(() => running.texts.stderr !== '');
  assert.is(
    withoutUsed(running.texts).stderr,
    'gazelle: suspended (instructions limit of the tenant 100000, used 1000xx); it goes on when more is granted ' +
      '(gazelle tenant refill), and ends with Ctrl-C\n',
  );
  await succeed('tenant', 'refill', 'short', 'instructions=1M');
  const { status, stdout } = await running.ended;
  assert.equal([status, stdout], [0, 'begun\ndone\n']);
});

test('an interrupt ends what stands still', async () => {
  await succeed('tenant', 'set', 'empty', '--budget', 'instructions=10k', '--policy', 'instructions=suspend');
  await succeed('deploy', 'lua', 'count', 'count.lua', '--tenant', 'empty');
  const running = start(['execute', 'count', '--tenant', 'empty', '--url', served.url]);
  await until(() => running.texts.stderr !== '');
  running.interrupt();
  assert.is((await running.ended).status, 130);
  await until(() => running.texts.stderr.includes('the execution was cancelled'));
});

test('an error of a limit names its level', async () => {
  await succeed('deploy', 'c', 'loop', 'loop.c', '--budget', 'instructions=20k');
  const { status, stderr } = await gazelle('execute', 'loop');
  assert.is(status, 124);
  assert.match(stderr, /^gazelle: too many instructions \(instructions limit of the function 20000, used 200\d\d\)\n/);
  await succeed('function', 'change', 'loop', '--budget', 'instructions=none', '--budget', 'concurrentInvocations=1');
  await succeed('function', 'change', 'loop', '--budget', 'queueLength=0');
  const many = await gazelle('execute', 'loop', '-n', '2', '--wall', '50ms');
  assert.match(many.stderr, 'too many invocations queue (queue_length limit of the function 0, used 0)');
});

test('tenant describe prints limits, budget and what is used', async () => {
  const args = [
    '--policy',
    'memoryBytes=suspend',
    '--policy',
    'wallTimeMs=suspend',
    '--limit',
    'instructions=1M',
    '--budget',
    'memoryBytes=64MiB',
    '--budget',
    'queueLength=5',
  ];
  const made = await succeed('tenant', 'set', 'golden', ...args, '--wall', '2s', '--weight', '0.5');
  const expected = `name    golden
weight  0.5

limit                     each invocation              together  used
instructions                    1,000,000              no limit     0
instructionsPerSecond            no limit              no limit
instructionsBurst                no limit              no limit
memoryBytes                    67,108,864  67,108,864 (suspend)     0
wallTimeMs                2,000 (suspend)              no limit     0
outputBytes                     4,194,304              no limit     0
logBytes                        1,048,576              no limit     0
syscalls                       10,000,000              no limit     0
requests                            1,000              no limit     0
openRequests                           16              no limit     0
networkInBytes                 67,108,864              no limit     0
networkInBytesPerSecond          no limit              no limit
networkOutBytes                67,108,864              no limit     0
networkOutBytesPerSecond         no limit              no limit
storageBytes                   16,777,216            67,108,864     0
storageOperations                 100,000              no limit     0
concurrentInvocations                                  no limit     0
queueLength                                                   5     0
`;
  assert.is(made, expected);
  assert.is(await succeed('tenant', 'describe', 'golden'), expected);
  const json = JSON.parse(await succeed('tenant', 'describe', 'golden', '--json'));
  assert.equal([json.name, json.weight, json.sharedLimits.queueLength], ['golden', 0.5, 5]);
  assert.equal([await succeed('tenant', 'remove', 'golden')], ['']);
  const again = await gazelle('tenant', 'remove', 'golden');
  assert.equal(again, { status: 64, stdout: '', stderr: "gazelle: there is no tenant 'golden'\n" });
});

test('tenant list has a row for each, those of the file among them', async () => {
  const rows = (await succeed('tenant', 'list')).split('\n');
  assert.is(rows[0], 'tenant   weight  instructions  memory held  running');
  assert.is(rows[1], 'acme          2             0            0        0');
  assert.is(rows[2], 'beta          1             0            0        0');
  const [acme, beta] = JSON.parse(await succeed('tenant', 'list', '--json'));
  assert.equal([acme.sharedLimits.requests, acme.sharedLimits.instructions], [10, null]);
  assert.is(beta.limits.instructions, 5000);
});

test('the host has the budget of serve; it is changed and refilled', async () => {
  const row = async (name: string, ...args: string[]) =>
    (await succeed('host', ...args))
      .split('\n')
      .find((line) => line.startsWith(`${name} `))!
      .split(/ {2,}/)
      .slice(0, 3);
  assert.equal(await row('memoryBytes', 'describe'), ['memoryBytes', '67,108,864', '1,073,741,824 (suspend)']);
  assert.equal(await row('instructions', 'describe'), ['instructions', '100,000,000', 'no limit']);
  assert.equal(await row('requests', 'change', '--budget', 'requests=2k'), ['requests', '1,000', '2,000']);
  assert.equal(await row('requests', 'refill', 'requests=500'), ['requests', '1,000', '2,500']);
  await succeed('host', 'change', '--budget', 'requests=none');
});

test('the functions of a tenant are its own in every command', async () => {
  await succeed('deploy', 'lua', 'own', 'other.lua', '--tenant', 'acme', '--budget', 'requests=7', '--weight', '3');
  assert.match(await succeed('list', '--tenant', 'acme'), /^own +lua +[0-9a-f]{12}\n$/);
  assert.not.match(await succeed('list'), /^own/m);
  assert.match(await succeed('describe', 'own', '--tenant', 'acme'), /^requests +1,000 +7 +0$/m);
  assert.match(
    await succeed('function', 'refill', 'own', 'requests=3', '--tenant', 'acme'),
    /^requests +1,000 +10 +0$/m,
  );
  assert.is(JSON.parse(await succeed('execute', 'own', '--tenant', 'acme', '--json')).value, 1);
  assert.is((await gazelle('execute', 'own')).stderr, "gazelle: no function 'own' is deployed\n");
  const missing = await gazelle('execute', 'own', '--tenant', 'nobody');
  assert.equal(missing, {
    status: 64,
    stdout: '',
    stderr: "gazelle: there is no tenant 'nobody'\n`gazelle tenant set NAME` makes one.\n",
  });
  assert.is((await gazelle('logs', '-f', 'own', '--tenant', 'nobody')).status, 64);
  await succeed('remove', 'own', '--tenant', 'acme');
  assert.is(await succeed('list', '--tenant', 'acme'), '');
});

test('amounts have units, and names and policies are checked', async () => {
  const set = async (...limits: string[]) => {
    const args = limits.flatMap((limit) => ['--budget', limit]);
    return JSON.parse(await succeed('tenant', 'set', 'units', ...args, '--json')).sharedLimits;
  };
  const limits = await set('memoryBytes=1.5KiB', 'instructions=1_000k', 'requests=1e3', 'wallTimeMs=0.5s');
  assert.equal(
    [limits.memoryBytes, limits.instructions, limits.requests, limits.wallTimeMs],
    [1536, 1_000_000, 1000, 500],
  );
  for (const [args, stderr] of [
    [
      ['--budget', 'instructions=1MiB'],
      /instructions: It must be a whole number from 1 on, perhaps with k, M, G behind it/,
    ],
    [['--budget', 'memoryBytes=1MB'], /KiB, MiB, GiB/],
    [['--budget', 'wallTimeMs=5h'], /ms, s, min/],
    [['--budget', 'instructions=0'], /from 1 on/],
    [['--budget', 'instructions=1.5'], /whole number/],
    [['--budget', 'apples=1'], /no limit 'apples' \(instructions, /],
    [['--budget', 'instructions'], /NAME=VALUE/],
    [['--limit', 'queueLength=1'], /no limit 'queueLength'/],
    [['--policy', 'memoryBytes=throttle'], /policy of memoryBytes must be one of: kill, suspend/],
    [['--policy', 'instructionsBurst=kill'], /must be one of: none/],
    [['--weight', '0'], /0\.001/],
  ] as const) {
    const result = await gazelle('tenant', 'set', 'units', ...args);
    assert.is(result.status, 64, args.join(' '));
    assert.match(result.stderr, stderr);
  }
});

test('a policy is of the budget where the budget is given, else of each invocation', async () => {
  await succeed('tenant', 'set', 'policies', '--policy', 'instructions=suspend');
  await succeed('deploy', 'lua', 'count', 'count.lua', '--tenant', 'policies', '--instructions', '50k');
  const own = await gazelle('execute', 'count', '--tenant', 'policies');
  assert.match(own.stderr, 'suspended (instructions limit 50000');
  await succeed('deploy', 'lua', 'count', 'count.lua', '--tenant', 'policies', '--budget', 'instructions=40k');
  assert.match((await gazelle('execute', 'count', '--tenant', 'policies')).stderr, 'too many instructions');
});

test('wrong usage is refused before anything is done', async () => {
  for (const [args, stderr] of [
    [['run', 'count.lua', '--refill', 'instructions=1'], /--refill is for --snapshot/],
    [['run', 'count.lua', 'a', '--snapshot', 'run.snapshot'], /has its arguments/],
    [['run', 'count.lua', '--snapshot', 'missing'], /missing/],
    [['run', 'count.lua', '--suspend-to', 'no/such/folder'], /no/],
    [['execute', 'count', '-n', '2', '--suspend-to', 'x'], /not for -n/],
    [['restore', 'missing'], /missing/],
    [['host', 'change'], /say what to change/],
    [['function', 'change', 'count'], /say what to change/],
    [['tenant', 'refill', 'acme'], /amounts/],
    [['tenant', 'refill', 'acme', 'requests=x'], /requests: It must be a whole number from 0 on/],
    [['tenant', 'set', 'a/b'], /must match/],
    [['tenant', 'describe', 'nobody'], /no tenant 'nobody'/],
    [['tenant', 'fly'], /fly/],
  ] as const) {
    const isLocal = args[0] === 'run';
    const result = isLocal ? await start(args).ended : await gazelle(...args);
    assert.is(result.status, 64, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, stderr);
  }
});

test('serve refuses a file of tenants that is wrong, and says where', async () => {
  for (const [file, stderr] of [
    ['wrong.json', 'gazelle: wrong.json: acme: budget: Unrecognized key: "apples"\n'],
    ['text.json', /^gazelle: text\.json: .*JSON/],
    ['missing.json', /missing\.json/],
  ] as const) {
    const result = await start(['serve', '--port', '0', '--tenants', file]).ended;
    assert.is(result.status, 64);
    if (typeof stderr === 'string') assert.is(result.stderr, stderr);
    else assert.match(result.stderr, stderr);
  }
  assert.is(JSON.parse(readFileSync('tenants.json', 'utf8')).acme.weight, 2);
});

test.run();
