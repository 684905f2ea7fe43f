// Writing and reading a snapshot, step by step: how much is done in each, whatever the heap holds.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { encodeInSteps } from '../../vm/codec';
import {
  allSteps,
  type FunctionDefinition,
  GuestExecution,
  HEADER,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  KIND_THREAD,
  type Module,
  type Program,
  RegionPool,
  readSnapshot,
  type Snapshot,
  SnapshotError,
  type Steps,
  sealSnapshot,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_STACK,
} from '../../vm/index';
import { verifyInSteps } from '../../vm/verifier';
import { makeProgram, RecordedHost } from '../support/snapshots';

/** Bytes that a step may copy: one piece, and the ends of others. */
const MOST_BYTES = (1 << 17) + 4096;
const pool = new RegionPool();

function executionOf(program: Program): GuestExecution {
  return new GuestExecution({
    program,
    pool,
    limits: { ...DEFAULT_LIMITS, memoryBytes: 1 << 27 },
    args: [],
    name: 'main',
    host: new RecordedHost(),
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: () => {},
    failed: (error) => {
      throw error;
    },
  });
}

/** Runs a program that goes on for ever until nothing new comes of it, and has it stand still. */
function still(program: Program): GuestExecution {
  const execution = executionOf(program);
  for (let turn = 0; turn < 8; turn++) execution.run(10_000_000, 0);
  execution.suspend();
  assert.is(execution.status, 'suspended');
  return execution;
}

interface Walk<T> {
  readonly value: T;
  readonly steps: number;
  /** The most bytes that typed arrays have taken from others in one step. */
  readonly mostBytes: number;
}

/** Takes all steps, and counts. */
function walk<T>(steps: Steps<T>): Walk<T> {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const { set } = prototype;
  let bytes = 0;
  let mostBytes = 0;
  prototype.set = function (this: Uint8Array, from: ArrayLike<number>, at?: number) {
    bytes += from.length * this.BYTES_PER_ELEMENT;
    set.call(this, from, at);
  };
  try {
    for (let count = 1; ; count++) {
      bytes = 0;
      const { done, value } = steps.next();
      mostBytes = Math.max(mostBytes, bytes);
      if (done) return { value, steps: count, mostBytes };
    }
  } finally {
    prototype.set = set;
  }
}

const HEAPS: readonly [what: string, source: string, words: number, blocks: number][] = [
  ['one string of 32 MiB', 'local s = ("x"):rep(32 << 20) while true do end', 8 << 20, 0],
  ['100,000 tables', 'local t = {} for i = 1, 100000 do t[i] = { i } end while true do end', 2 << 20, 200_000],
  [
    'a stack of 150,000 calls',
    'local function f(n) if n == 0 then while true do end end return 1 + f(n - 1) end f(150000)',
    2 << 20,
    150_000,
  ],
];

for (const [what, source, words, blocks] of HEAPS) {
  test(`a heap with ${what} is written and read in short steps`, () => {
    const program = makeProgram('lua', source);
    const execution = still(program);
    const written = walk(execution.snapshot(() => []));
    const bytes = written.value;
    assert.ok(bytes.length > words * 4, `${bytes.length} bytes`);
    // Each word is copied and summed up, in steps of 32,768.
    assert.ok(written.steps >= bytes.length >> 16, `${written.steps} steps`);
    assert.ok(written.mostBytes <= MOST_BYTES, `${written.mostBytes} bytes`);
    const read = walk(readSnapshot(bytes));
    assert.ok(read.steps >= bytes.length >> 16, `${read.steps} steps`);
    assert.ok(read.mostBytes <= MOST_BYTES, `${read.mostBytes} bytes`);
    const copy = executionOf(program);
    const restored = walk(copy.restore(read.value));
    // Blocks and frames are looked at 4096 in a step.
    assert.ok(restored.steps >= (bytes.length >> 17) + (blocks >> 12), `${restored.steps} steps`);
    assert.ok(restored.mostBytes <= MOST_BYTES, `${restored.mostBytes} bytes`);
    copy.suspend();
    const again = allSteps(copy.snapshot(() => []));
    assert.is(Buffer.compare(again, bytes), 0, 'the same bytes');
    copy.cancel();
    execution.cancel();
  });
}

test('a heap of 64 KiB is written, and read, in one step', () => {
  const program = makeProgram('lua', 'while true do end');
  const execution = still(program);
  allSteps(execution.snapshot(() => []));
  const { value, steps } = walk(execution.snapshot(() => []));
  const read = walk(readSnapshot(value));
  const copy = executionOf(program);
  assert.equal([steps, read.steps, walk(copy.restore(read.value)).steps], [1, 1, 1]);
  copy.cancel();
  execution.cancel();
});

test('left between two steps, a restore gives its region back', () => {
  const program = makeProgram('lua', 'local t = {} for i = 1, 3000 do t[i] = { i } end while true do end');
  const execution = still(program);
  const snapshot = allSteps(readSnapshot(allSteps(execution.snapshot(() => []))));
  execution.cancel();
  const copy = executionOf(program);
  const { length } = Array.from(copy.restore(snapshot));
  copy.cancel();
  assert.ok(length > 2, `${length} steps`);
  const slabs = pool.slabBytes;
  for (let count = 0; count < 200; count++) {
    const steps = executionOf(program).restore(snapshot);
    for (let step = 0; step <= count % length; step++) steps.next();
    steps.return();
  }
  assert.is(pool.slabBytes, slabs);
});

const LOADED = `
  local parts = { "local t = {}" }
  for i = 1, 6000 do parts[#parts + 1] = "t.field" .. i .. " = " .. i .. " + #tostring(t)" end
  local f = assert(load(table.concat(parts, "\\n")))
  while true do end`;

test('a large module that was loaded is written, checked and linked in short steps', () => {
  const program = makeProgram('lua', LOADED);
  const execution = still(program);
  const { value: bytes } = walk(execution.snapshot(() => []));
  const { loaded } = allSteps(readSnapshot(bytes));
  assert.ok(loaded.length > 50_000, `${loaded.length} words`);
  const copy = executionOf(program);
  const { steps } = walk(copy.restore(allSteps(readSnapshot(bytes))));
  // Decoded in steps of 2 KiB.
  assert.ok(steps > loaded.length >> 9, `${steps} steps`);
  copy.suspend();
  assert.is(Buffer.compare(allSteps(copy.snapshot(() => [])), bytes), 0);
  copy.cancel();
  execution.cancel();
});

test('a module with one long function is encoded and verified in short steps', () => {
  const { modules } = makeProgram('lua', 'return 1');
  const module = modules[modules.length - 1]!;
  const [first] = module.functions as [FunctionDefinition];
  const end = first.code.length - 1;
  const code = new Int32Array(200_000).fill(first.code[0]!);
  code.set(first.code.subarray(end), code.length - 1);
  const long: Module = {
    ...module,
    functions: [{ ...first, code, debug: { ...first.debug, lines: [], operands: [] } }],
  };
  assert.ok(walk(encodeInSteps(long)).steps > (code.length * 4) / 2048);
  assert.ok(walk(verifyInSteps(long)).steps > code.length / 512);
});

/** Word addresses of the threads in a snapshot's heap. */
function threadsOf({ heap }: Snapshot): number[] {
  const threads: number[] = [];
  for (let address: number = HEADER.SIZE; address < heap.length; ) {
    const header = heap[address]!;
    if (((header >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK) === KIND_THREAD) threads.push(address);
    address += (header >>> HEADER_GRANULES_SHIFT) * 4;
  }
  return threads;
}

test('threads that share their frames are refused: looking at them would take as long as somebody likes', () => {
  const program = makeProgram(
    'lua',
    `local function deep(n) if n == 0 then coroutine.yield() end return 1 + deep(n - 1) end
     local list = {}
     for i = 1, 300 do list[i] = coroutine.create(deep) coroutine.resume(list[i], i == 150 and 3000 or 1) end
     while true do end`,
  );
  const execution = still(program);
  const bytes = allSteps(execution.snapshot(() => []));
  execution.cancel();
  const snapshot = allSteps(readSnapshot(bytes));
  const { heap } = snapshot;
  const threads = threadsOf(snapshot);
  const depth = (thread: number) => heap[thread + THREAD_FRAME]! - heap[thread + THREAD_FRAMES]!;
  const deepest = threads.reduce((best, thread) => (depth(thread) > depth(best) ? thread : best));
  assert.ok(threads.length > 300 && depth(deepest) > 3000 * 8);
  const [from, to] = [Math.min(THREAD_FRAMES, THREAD_STACK, THREAD_FRAME), Math.max(THREAD_FRAME, THREAD_STACK) + 2];
  const [current, main] = [heap[HEADER.THREAD]!, heap[HEADER.MAIN_THREAD]!];
  for (const thread of threads) {
    if (thread === current || thread === main) continue;
    heap.copyWithin(thread + from, deepest + from, deepest + to);
  }
  const changed = new Uint8Array(heap.buffer).slice();
  sealSnapshot(changed);
  assert.throws(
    () => allSteps(executionOf(program).restore(allSteps(readSnapshot(changed)))),
    (error: unknown) => error instanceof SnapshotError && error.message.endsWith('a thread'),
  );
});

test.run();
