// Compiling in a thread: tenants in turn, limits to time and memory, and a thread that is there again after each.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompileReply, type CompileRequest, CompilerThread } from '../../../host/core/workers/compiler';
import { Compilers } from '../../../host/core/workers/compilers';
import type { SpecialiseReply } from '../../../host/core/workers/specialising';
import { nodeCodeCache } from '../../../host/node/code-cache';
import {
  type CodeCache,
  createHost,
  type DeployError,
  type StartWorker,
  startWorker,
  type WorkerThread,
} from '../../../host/node/index';

const request = (fileName: string): CompileRequest => ({
  language: 'lua',
  fileName,
  source: new TextEncoder().encode('return 1'),
  files: {},
});

/** A thread that answers when it is told to, and remembers what it was asked. */
function puppet() {
  const asked: string[] = [];
  const held: boolean[] = [];
  let ended = 0;
  let answer: (reply: CompileReply) => void = () => {};
  let begin: () => void = () => {};
  let fail: (reason: string, isOutOfMemory: boolean) => void = () => {};
  const start: StartWorker = (): WorkerThread => ({
    post: (message) => asked.push((message as { request: Partial<CompileRequest> }).request.fileName ?? 'hot code'),
    listen: (receive) => {
      answer = (reply) => receive({ type: 'compiled', reply });
      begin = () => receive({ type: 'started' });
    },
    onFailure: (report) => {
      fail = report;
    },
    hold: (isHeld) => held.push(isHeld),
    terminate: async () => {
      ended++;
    },
  });
  return {
    start,
    asked,
    held,
    begin: () => begin(),
    answer: () => answer({ module: null, diagnostics: [], failure: null }),
    /** How the thread that is there now answers, whatever thread takes its place. */
    holdAnswer: () => answer,
    fail: (reason: string, isOutOfMemory: boolean) => fail(reason, isOutOfMemory),
    ended: () => ended,
  };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'compiled',
    (error: unknown) => (error as DeployError).code,
  );

test('tenants take turns, whoever has more to compile', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start);
  const [many, one] = [{}, {}];
  const jobs = ['a', 'b', 'c'].map((name) => compiler.compile(many, request(name)));
  jobs.push(compiler.compile(one, request('single')));
  for (let job = 0; job < 4; job++) thread.answer();
  await Promise.all(jobs);
  assert.equal(thread.asked, ['a', 'b', 'single', 'c']);
});

test('what takes too long is given up, and the next text has a new thread', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start, 20);
  const slow = codeOf(compiler.compile({}, request('slow')));
  const next = codeOf(compiler.compile({}, request('next')));
  assert.is(await slow, 'deploy.compile_time');
  assert.is(thread.ended(), 1);
  thread.answer();
  assert.is(await next, 'compiled');
});

test('an answer that comes after its time is not taken for that of the next text', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start, 20);
  const slow = codeOf(compiler.compile({}, request('slow')));
  const answerLate = thread.holdAnswer();
  const next = compiler.compile({}, request('next'));
  assert.is(await slow, 'deploy.compile_time');
  answerLate({ module: null, diagnostics: [], failure: 'of the slow text' });
  thread.answer();
  assert.is((await next)!.failure, null);
});

test('what is not wanted any more when its turn comes is not compiled', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start);
  const tenant = {};
  const first = compiler.compile(tenant, request('first'));
  let isWanted = true;
  for (let job = 0; job < 100; job++) void compiler.compile(tenant, request('dropped'), () => isWanted);
  const last = compiler.compile(tenant, request('last'));
  isWanted = false;
  thread.answer();
  thread.answer();
  await Promise.all([first, last]);
  assert.equal(thread.asked, ['first', 'last']);
});

test('what takes too much memory ends the thread, and nothing else', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start);
  const large = codeOf(compiler.compile({}, request('large')));
  const next = codeOf(compiler.compile({}, request('next')));
  thread.fail('out of memory', true);
  assert.is(await large, 'deploy.compile_memory');
  thread.answer();
  assert.is(await next, 'compiled');
});

test('a thread that fails before it begins is no thread: who asks compiles, until hosts open anew', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start);
  const jobs = ['a', 'b'].map((name) => compiler.compile({}, request(name)));
  thread.fail('no such script', false);
  assert.equal(await Promise.all(jobs), [null, null]);
  assert.is(await compiler.compile({}, request('c')), null);
  assert.equal([thread.asked, thread.ended()], [['a'], 1]);
  compiler.keep();
  const later = compiler.compile({}, request('d'));
  thread.begin();
  thread.answer();
  assert.is((await later)!.failure, null);
});

test('a text that makes a thread fail which has begun is refused, and the next one has another thread', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start);
  const wrong = codeOf(compiler.compile({}, request('wrong')));
  const next = codeOf(compiler.compile({}, request('next')));
  thread.begin();
  thread.fail('a defect', false);
  assert.is(await wrong, 'deploy.compile');
  thread.answer();
  assert.is(await next, 'compiled');
});

test('threads end with the last host that is open, and not while they compile', async () => {
  const thread = puppet();
  const compilers = new Compilers(thread.start, 0);
  const [leaveFirst, leaveSecond] = [compilers.join(), compilers.join()];
  const job = compilers.chunks.compile({}, request('a'));
  leaveFirst();
  leaveFirst();
  const passed = () => new Promise((resolve) => setTimeout(resolve, 5));
  await passed();
  leaveSecond();
  const leaveThird = compilers.join();
  await passed();
  assert.is(thread.ended(), 0, 'one is open');
  leaveThird();
  await passed();
  assert.is(thread.ended(), 0, 'a text is being compiled');
  thread.answer();
  await job;
  assert.is(thread.ended(), 1);
});

test('a thread without anything to do ends after a while, and the next text has a new one', async () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start, 20_000, undefined, 10);
  const compile = async () => {
    const job = compiler.compile({}, request('a'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.is(thread.ended(), count, 'a text is being compiled');
    thread.answer();
    await job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  let count = 0;
  for (; count < 2; count++) await compile();
  assert.is(thread.ended(), 2);
});

test('a process ends though a host without workers is open that has compiled in threads', () => {
  const program = `
    import { createHost } from ${JSON.stringify(resolve('dist/index.js'))};
    const host = await createHost({ workers: 0, training: false });
    console.log((await host.run({ language: 'lua', source: 'return #load("return [[" .. ("x"):rep(3000) .. "]]")()' })).value);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal([status, stdout], [0, '3000\n']);
});

test('a thread of Node ends when it has used up its memory', async () => {
  const compiler = new CompilerThread(startWorker, 60_000, 24 << 20);
  const source = new TextEncoder().encode(`return {${'{1, {2, "text"}}, '.repeat(120_000)}}`);
  assert.is(await codeOf(compiler.compile({}, { ...request('large'), source })), 'deploy.compile_memory');
});

test('a process does not go on for code that is being specialised', () => {
  const thread = puppet();
  const compiler = new CompilerThread(thread.start);
  void compiler.specialise({ hotFunctions: [] });
  void compiler.compile({}, request('source'));
  assert.equal([thread.asked, thread.held], [['hot code'], [false]]);
  thread.answer();
  assert.equal(
    [thread.asked, thread.held],
    [
      ['hot code', 'source'],
      [false, true],
    ],
  );
  thread.answer();
  assert.equal(thread.held, [false, true, false]);
});

const HOT = 'local s = 0 for i = 1, ... do s = s + i % 7 end return s';

test('code that runs often is specialised in the thread, for the host and for its workers', async () => {
  for (const workers of [0, 1]) {
    const loaded: boolean[] = [];
    const told: string[] = [];
    const codeCache: CodeCache = {
      ...nodeCodeCache,
      load: (text, compiled) => {
        loaded.push(compiled !== null);
        return nodeCodeCache.load(text, compiled);
      },
    };
    const watched: StartWorker = (options) => {
      const thread = startWorker(options);
      return {
        ...thread,
        post: (message) => {
          const { type, reply } = message as { type: string; reply?: SpecialiseReply };
          if (type === 'specialised') told.push(`${reply!.text !== null} ${reply!.compiled !== null}`);
          thread.post(message);
        },
      };
    };
    const host = await createHost({ workers, startWorker: watched, codeCache, training: false });
    await host.startWorkers();
    const limits = { instructions: 1e12 };
    const hot = await host.deploy({ name: 'hot', language: 'lua', source: HOT, limits });
    const before = await hot.execute(1000);
    const isDone = () => (workers === 0 ? loaded : told).length > 0;
    for (let round = 0; round < 200 && !isDone(); round++) await hot.execute(300_000);
    if (workers === 0) assert.ok(loaded.length > 0 && loaded.every(Boolean), `${loaded}`);
    else assert.ok(told.includes('true true'), `${told}`);
    const after = await hot.execute(1000);
    assert.equal([after.value, after.usage.instructions], [before.value, before.usage.instructions]);
    await host.close();
  }
});

test('errors and warnings are those of compiling here, and of two deployments of a name the last one stays', async () => {
  const kinds = [{ workers: 0, startWorker: null }, { workers: 0 }, { workers: 1 }];
  const hosts = await Promise.all(kinds.map((kind) => createHost({ ...kind, training: false })));
  const wrong = { name: 'wrong', language: 'lua', source: 'return +' };
  const errors = await Promise.all(
    hosts.map((host) =>
      host.deploy(wrong).then(
        () => null,
        (error: DeployError) => [error.code, error.message, error.diagnostics],
      ),
    ),
  );
  assert.ok(errors[0] !== null);
  assert.equal(errors[1], errors[0]);
  assert.equal(errors[2], errors[0]);
  for (const host of hosts) {
    const [long, short] = [`local x = 1 ${'x = x + 1 '.repeat(20_000)} return 'first'`, `return 'second'`];
    await Promise.all([long, short].map((source) => host.deploy({ name: 'twice', language: 'lua', source })));
    assert.is((await host.get('twice')!.execute()).value, 'second');
  }
  const ids = await Promise.all(
    hosts.map((host) => host.deploy({ name: 'id', language: 'c', source: 'int main(void) { return 3; }' })),
  );
  assert.is(new Set(ids.map(({ id }) => id)).size, 1);
  await Promise.all(hosts.map((host) => host.close()));
});

test.run();
