// Random words of a running execution's heap are overwritten between its turns: what decodes syscalls, carries values in
// and out, and takes traces ends in an outcome all the same, and never in an exception of the host.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../../host/core/compile';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { toPlain } from '../../host/core/plain-values';
import { textCodec } from '../../host/core/text';
import { Trap } from '../../vm/errors';
import { createContext, startEntry } from '../../vm/image';
import {
  type Context,
  ENDED,
  GuestExecution,
  HEADER,
  type HostValue,
  link,
  type Outcome,
  type Program,
  READY,
  RegionPool,
  type SyscallHost,
  WAITING,
} from '../../vm/index';
import { run } from '../../vm/interpreter';
import { prepareProgram } from '../../vm/prepared-program';
import { DONE } from '../../vm/signals';
import { Random } from '../support/random';

const RUNS = 4000;
const languages = new Languages([]);
const pool = new RegionPool();

const host: SyscallHost = {
  text: textCodec,
  isGranted: () => true,
  output: () => undefined,
  answer: ({ name, result }, args) => {
    if (name === 'host_call') return Promise.resolve(toPlain((args[1] as HostValue[])[0]));
    return result === 'i32' ? 0 : result === 'i64' ? 0n : null;
  },
};

function program(language: string, source: string): Program {
  const known = languages.find(language)!;
  const { module } = compileSource(languages, { language, source, fileName: 'main', files: {} });
  const bindings = known.bindings(['call']);
  return link([...known.library(), ...(bindings === null ? [] : [bindings]), module], { intrinsics: INTRINSICS });
}

const programs = [
  program(
    'lua',
    `local list = ...
     local out = {}
     for i, v in ipairs(list) do
       out[#out + 1] = { call(v), i, tostring(i) .. "x" }
       io.write(i, " ", #out, "\\n")
     end
     return out, list`,
  ),
  program(
    'c',
    `#include <stdio.h>
     #include <gazelle.h>
     int main(int argc, char **argv) {
       char text[100];
       for (int i = 0; i < 20; i++) {
         printf("%d %s\\n", i, argv[0]);
         gazelle_call("call", "[[1, 2, {}]]");
         gazelle_answer_read(0, text, sizeof text);
       }
       return text[0];
     }`,
  ),
];

/** Its heap is collected when it has returned: others are to start from it. */
const preparing = program(
  'lua',
  `local kept, names = {}, {}
   for i = 1, 300 do kept[i] = { name = 'n' .. i, function() return i end } ; names['n' .. i] = kept[i] end
   for i = 1, 300, 2 do names['n' .. i] = nil end
   return function(n) return kept[n], names end`,
);

/** The header, what is newest, or anywhere. */
function place(random: Random, words: number): number {
  const kind = random.below(3);
  if (kind === 0) return random.below(HEADER.SIZE);
  return kind === 1 ? words - 1 - random.below(1500) : random.below(words);
}

const ARGUMENT = toPlain([1, 'two', { three: [3, [4]], text: 'x'.repeat(100) }, 5.5, true]);

/** Small numbers, addresses, and anything. */
function word(random: Random): number {
  const kind = random.below(4);
  if (kind === 0) return random.below(16);
  if (kind === 1) return random.below(8192) * 4;
  return kind === 2 ? -random.below(64) : random.int32();
}

async function runCorrupted(seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const chosen = random.pick([...programs, preparing]);
  let ended: Outcome | null = null;
  let failure: unknown = null;
  const execution = new GuestExecution({
    program: chosen,
    pool,
    limits: { ...DEFAULT_LIMITS, instructions: 300_000, memoryBytes: 2 ** 20 },
    args: chosen === programs[0] ? [ARGUMENT] : [],
    name: 'main',
    host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: (outcome) => {
      ended = outcome;
    },
    failed: (error) => {
      failure = error;
    },
    ...(chosen === preparing && { prepared: () => {} }),
  });
  let corruptions = random.between(1, 8);
  for (let state = READY; state !== ENDED; ) {
    state = execution.run(random.between(1, 200), 0);
    if (state === WAITING) await Promise.resolve();
    const { context } = execution as unknown as { context: Context | null };
    if (context === null || corruptions === 0 || !random.oneIn(3)) continue;
    corruptions--;
    const { i32, peakWords } = context;
    i32[place(random, peakWords)] = word(random);
    if (random.oneIn(50)) execution.cancel();
  }
  if (failure !== null) throw new Error(`seed ${seed}: ${(failure as Error).stack}`);
  return ended!;
}

test('a heap that is found corrupt when others are to start from it ends the execution', () => {
  const context = createContext(preparing, pool, 2 ** 20)!;
  startEntry(context, 0);
  context.outlivesEntry = true;
  context.fuel = 1 << 20;
  assert.is(run(context), DONE);
  // The collection is in a phase that there is none of.
  context.i32[HEADER.PHASE] = 99;
  const { done, value } = prepareProgram(context).next();
  assert.equal([done, value, context.trap], [true, null, Trap.HEAP_CORRUPT]);
  context.dispose();
});

test(`ends ${RUNS} executions with corrupted heaps in an outcome`, async () => {
  const statuses: Record<string, number> = {};
  for (let seed = 1; seed <= RUNS; seed++) {
    const { status } = await runCorrupted(seed);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  for (const status of ['cancelled', 'error', 'ok']) assert.ok(statuses[status]! > 50, JSON.stringify(statuses));
});

test.run();
