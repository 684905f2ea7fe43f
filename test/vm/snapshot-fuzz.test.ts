// Snapshots with bits flipped, and with words changed that matter and the checksum put right: each is refused with a typed error,
// or becomes an execution that ends inside its limits. Nothing throws anything else, nothing hangs.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { textCodec } from '../../host/core/text';
import { encodeModule } from '../../vm/codec';
import {
  allSteps,
  ENDED,
  type ExecutionOptions,
  GuestExecution,
  HEADER,
  HEADER_GRANULES_SHIFT,
  HEADER_KIND_MASK,
  HEADER_KIND_SHIFT,
  type Outcome,
  type Program,
  READY,
  RegionPool,
  readSnapshot,
  SnapshotError,
  type SyscallHost,
  sealSnapshot,
  THREAD_FRAME,
  THREAD_FRAMES,
  THREAD_SIZE,
  WAITING,
} from '../../vm/index';
import { decodeLoaded, encodeParts } from '../../vm/snapshot-modules';
import { fuzzRuns } from '../support/fuzz-runs';
import { mutateModule } from '../support/module-mutations';
import { Random } from '../support/random';
import { makeProgram } from '../support/snapshots';

const RUNS = fuzzRuns(20_000);
const LIMITS = { ...DEFAULT_LIMITS, instructions: 100_000, memoryBytes: 1 << 20 };
/** What one step may do beyond its fuel: a pass over all of the largest heap here. */
const MOST_OVERSHOOT = 4 << 20;
const pool = new RegionPool();

const host: SyscallHost = {
  text: textCodec,
  isGranted: () => true,
  output: (_stream, bytes) => (bytes.length % 2 === 0 ? undefined : Promise.resolve()),
  answer: ({ name, result }) => {
    if (name === 'host_call') return Promise.resolve([1, 'two']);
    return result === 'i32' ? 0 : result === 'i64' ? 0n : null;
  },
};

const LUA = `
  local Class = {} ; Class.__index = function(_, key) return key .. "!" end
  local list = {}
  for round = 1, 100 do
    list[#list + 1] = setmetatable({ n = round, name = "k" .. round }, Class)
    local ok, message = pcall(function() return list[1].missing + nil end)
    if #list > 20 then list = { list[1], message } end
    if round % 7 == 0 then list.answer = ask(round, { list[1].n, "x" }) io.write(round, " ", message, "\\n") end
  end
  return list, Class, #list`;
/** Coroutines, some in the middle of protected calls; chunks that are loaded; weak tables; variables to be closed. */
const LOADING = `
  local weak = setmetatable({}, { __mode = "k" })
  local function body(n)
    local guard <close> = setmetatable({}, { __close = function() weak[{}] = n end })
    for i = 1, n do
      local ok, e = pcall(function() local v = coroutine.yield(i) if v % 3 == 0 then error({ v }) end return v end)
      weak[e] = not ok and { e } or nil
    end
    error("end of " .. n, 0)
  end
  local list = {}
  for i = 1, 4 do
    list[i] = coroutine.create(body)
    list[i + 4] = assert(load("local f = ... ; local n = " .. i .. " return function(x) return f(x) + n .. 'x' end"))
  end
  local out = {}
  for round = 1, 12 do
    for i = 1, 4 do
      out[#out + 1] = tostring(select(2, coroutine.resume(list[i], round + i)))
      out[#out + 1] = list[i + 4](tonumber)(round)
    end
    if round % 4 == 0 then collectgarbage() out = { table.concat(out) } end
  end
  for i = 1, 4 do coroutine.close(list[i]) end
  return #out[1]`;
const C = `
  #include <gazelle.h>
  #include <stdio.h>
  #include <stdlib.h>
  #include <string.h>
  static int depth(int n) { char local[40]; memset(local, n, 40); return n == 0 ? 0 : local[3] + depth(n - 1); }
  int main(void) {
    char text[40];
    for (int round = 1; round < 60; round++) {
      char *block = malloc(round * 8);
      sprintf(block, "%d %d", round, depth(9));
      if (round % 5 == 0) { gazelle_call("ask", "[1, {}]"); gazelle_answer_read(0, text, sizeof text); puts(block); }
      if (round % 3) free(block);
    }
    return 3;
  }`;

interface Base {
  readonly program: Program;
  readonly bytes: Uint8Array;
}

function options(program: Program, ended: (outcome: Outcome) => void): ExecutionOptions {
  return {
    program,
    pool,
    limits: LIMITS,
    args: [],
    name: 'main',
    host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended,
    failed: (error) => {
      throw error;
    },
  };
}

/** Snapshots of a program from all along its way: running, waiting, collecting, reading its results. */
async function basesOf(program: Program, every: number): Promise<Base[]> {
  const bases: Base[] = [];
  const execution = new GuestExecution(options(program, () => {}));
  for (let state = READY; state !== ENDED; ) {
    state = execution.run(every, 0);
    if (state === ENDED) break;
    execution.suspend();
    if (execution.status === 'suspended') {
      const saved = allSteps(execution.snapshot(() => [new Uint8Array(8)]));
      bases.push({ program, bytes: saved });
    }
    execution.resume();
    if (state === WAITING) await Promise.resolve();
  }
  return bases;
}

/** Word addresses of the blocks of each kind, in the heap of an untouched snapshot. */
function blocksOf(bytes: Uint8Array): number[][] {
  const { heap } = allSteps(readSnapshot(bytes));
  const kinds: number[][] = [];
  for (let address: number = HEADER.SIZE; address < heap.length; ) {
    const header = heap[address]!;
    (kinds[(header >>> HEADER_KIND_SHIFT) & HEADER_KIND_MASK] ??= []).push(address);
    address += (header >>> HEADER_GRANULES_SHIFT) * 4;
  }
  return kinds.filter((kind) => kind !== undefined);
}

/**
 * Changes one to three objects with knowledge of what they are: links, lengths, tags, saved pcs lie in the first words of their
 * blocks, or in every fourth behind them. They become what others have, or close to what they were.
 */
function mutateObjects(bytes: Uint8Array, start: number, blocks: number[][], random: Random): void {
  const words = new Int32Array(bytes.buffer);
  for (let count = random.between(1, 3); count > 0; count--) {
    const kind = random.pick(blocks);
    const address = random.pick(kind);
    const size = (words[start + address]! >>> HEADER_GRANULES_SHIFT) * 4;
    const offset = random.oneIn(2) ? random.below(Math.max(1, Math.min(16, size))) : random.below(Math.max(1, size));
    const at = start + address + offset;
    const old = words[at]!;
    words[at] = random.pick([
      () => random.pick(random.pick(blocks)),
      () => random.pick(kind),
      () => random.pick(kind) + 4,
      () => words[start + random.pick(kind) + offset]!,
      () => old + random.between(-2, 2),
      () => old ^ (1 << random.below(8)),
      () => random.below(12),
      () => random.pick([0, -1, 0x7fffffff, 1 << 30, words.length]),
    ])();
  }
}

/** A snapshot whose loaded modules are damaged, with lengths, hash and checksum put right; the same when it has none. */
function mutateLoaded(bytes: Uint8Array, random: Random): Uint8Array {
  const { loaded } = allSteps(readSnapshot(bytes));
  if (loaded.length === 0) return bytes;
  const { modules, strings } = allSteps(decodeLoaded(loaded));
  const changed = random.below(modules.length);
  const isModule = random.oneIn(2);
  const encoded = modules.map((module, index) =>
    isModule && index === changed ? mutateModule(module, random) : encodeModule(module),
  );
  if (random.oneIn(6)) encoded.splice(changed, 1);
  if (random.oneIn(6)) encoded.push(encoded[changed % encoded.length] ?? encodeModule(modules[0]!));
  const addresses = Array.from(strings);
  if (!isModule)
    addresses[random.below(addresses.length)] = random.pick([random.pick(addresses), random.below(20_000), 0]);
  const part = allSteps(encodeParts(encoded, addresses));
  const words = new Int32Array(bytes.buffer);
  const at = loaded.byteOffset >> 2;
  const result = new Int32Array(words.length - loaded.length + part.length);
  result.set(words.subarray(0, at));
  result.set(part, at);
  result.set(words.subarray(at + loaded.length), at + part.length);
  result[4] = result.length;
  result[21] = part.length;
  return new Uint8Array(result.buffer);
}

/** Words before the heap: the length of the parts says where it begins. */
function heapStart(bytes: Uint8Array): number {
  const snapshot = allSteps(readSnapshot(bytes));
  return snapshot.heap.byteOffset >> 2;
}

/** Changes one to three words: those of the header, of the heap's header, of threads and frames, of anything. */
function mutate(bytes: Uint8Array, start: number, random: Random): void {
  const words = new Int32Array(bytes.buffer);
  const top = words.length - start - 4;
  const thread = words[start + HEADER.THREAD]! & ~3;
  const frames = words[start + ((thread + THREAD_FRAMES) % top)]!;
  const frame = words[start + ((thread + THREAD_FRAME) % top)]!;
  const places = [
    () => random.between(14, start - 1) - start,
    () => random.below(HEADER.SIZE),
    () => random.below(HEADER.BIN_MAP),
    () => thread + random.below(THREAD_SIZE),
    () => frames + random.below(Math.max(8, Math.min(frame - frames, 200) + 8)),
    () => frame + random.below(8),
    () => (random.below(top) & ~3) + 2,
    () => random.below(top) & ~3,
    () => random.below(top),
  ];
  const values = [
    (old: number) => old ^ (1 << random.below(32)),
    (old: number) => old + random.between(-8, 8),
    () => random.below(16),
    () => random.below(top),
    () => random.below(top) & ~3,
    () => random.int32(),
    () => words[start + random.below(top)]!,
    () => -random.between(1, 100),
  ];
  for (let count = random.between(1, 3); count > 0; count--) {
    const at = start + random.pick(places)();
    if (at >= 14 && at < words.length) words[at] = random.pick(values)(words[at]!);
  }
}

test(`${RUNS} changed snapshots are refused, or end inside their limits`, async () => {
  const bases = [
    ...(await basesOf(makeProgram('lua', LUA, ['ask']), 997)),
    ...(await basesOf(makeProgram('c', C), 211)),
    ...(await basesOf(makeProgram('lua', LOADING), 1499)),
  ];
  assert.ok(bases.length > 50, `${bases.length}`);
  const starts = bases.map(({ bytes }) => heapStart(bytes));
  const blocks = bases.map(({ bytes }) => blocksOf(bytes));
  const ends: Record<string, number> = {};
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = new Random(seed);
    const which = random.below(bases.length);
    const { program } = bases[which]!;
    let bytes: Uint8Array = bases[which]!.bytes.slice();
    const isSealed = !random.oneIn(8);
    if (isSealed) {
      if (random.oneIn(8)) bytes = mutateLoaded(bytes, random);
      else if (random.oneIn(2)) mutateObjects(bytes, starts[which]!, blocks[which]!, random);
      else mutate(bytes, starts[which]!, random);
      sealSnapshot(bytes);
    } else bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    const end = await endOf(program, bytes, seed);
    if (!isSealed) assert.match(end, /^snapshot\./);
    ends[end] = (ends[end] ?? 0) + 1;
  }
  for (const end of ['snapshot.corrupt', 'snapshot.checksum', 'ok', 'error']) {
    assert.ok((ends[end] ?? 0) > RUNS / 100, JSON.stringify(ends));
  }
  assert.ok((ends.limit ?? 0) > 0, JSON.stringify(ends));
});

/** The code of the refusal, or the status. */
async function endOf(program: Program, bytes: Uint8Array, seed: number): Promise<string> {
  let outcome: Outcome | null = null;
  let execution: GuestExecution;
  try {
    execution = new GuestExecution(
      options(program, (ended) => {
        outcome = ended;
      }),
    );
    allSteps(execution.restore(allSteps(readSnapshot(bytes))));
  } catch (error) {
    if (error instanceof SnapshotError) return error.code;
    throw new Error(`seed ${seed}: ${(error as Error).stack}`);
  }
  let turns = 0;
  try {
    for (let state = READY; state !== ENDED; turns++) {
      state = execution.run(5000, 0);
      if (state === WAITING) await Promise.resolve();
      if (turns > 5000) throw new Error('it does not end');
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).stack}`);
  }
  const { memoryPeakBytes, instructions } = execution.usage();
  assert.ok(memoryPeakBytes <= LIMITS.memoryBytes, `seed ${seed}: ${memoryPeakBytes} bytes`);
  const allowed = Math.max(LIMITS.instructions, allSteps(readSnapshot(bytes)).usage.instructions) + MOST_OVERSHOOT;
  assert.ok(instructions <= allowed, `seed ${seed}: ${instructions} instructions`);
  return (outcome as unknown as Outcome).status;
}

test.run();
