// Running programs whose heap is corrupted at random safepoints, and mutated modules that the verifier has accepted: every
// run ends in a result, an error or a typed trap; nothing throws, hangs, or runs uncharged.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { decodeModule } from '../../vm/codec';
import type { Context } from '../../vm/context';
import { ModuleError, TRAP_COUNT } from '../../vm/errors';
import { createContext, startEntry } from '../../vm/image';
import { run } from '../../vm/interpreter';
import { FRAME_SIZE, HEADER, TAG_COUNT, THREAD_FRAME, THREAD_FRAMES, THREAD_SIZE, VALUE_TAG } from '../../vm/layout';
import { link } from '../../vm/linker';
import type { Program } from '../../vm/program';
import { RegionPool } from '../../vm/regions';
import { DONE, EXIT, FUEL, SYSCALL, THROW, TRAP } from '../../vm/signals';
import { verifyModule } from '../../vm/verifier';
import { mutateModule } from '../support/module-mutations';
import { Random } from '../support/random';
import { randomModule } from '../support/random-module';

const RUNS = 20_000;
const MEMORY_BYTES = 1 << 20;
const SLICE = 300;
const SLICES = 6;
/** What one step may do beyond its fuel: a pass over all of the largest heap here. */
const MOST_OVERSHOOT = 4 << 20;

/** Endless programs that keep all kinds of objects in use. */
const PROGRAMS: readonly { language: string; source: string }[] = [
  {
    language: 'lua',
    source: `
      local Class = {} ; Class.__index = function(_, key) return key .. "!" end
      Class.__add = function(a, b) return a.n + b.n end
      Class.__lt = function(a, b) return a.n < b.n end
      local function variadic(...) return select('#', ...), ... end
      local seen, list, files = {}, {}, {}
      local round = 0
      while true do
        round = round + 1
        local object = setmetatable({ n = round }, Class)
        list[#list + 1] = object
        seen["key" .. round % 20] = { round, object, tostring(round) }
        local ok, message = pcall(function() return object.missing.n + nil end)
        local count, first = variadic(round, message, ok)
        local closures = {}
        for i = 1, 3 do closures[i] = function() count = count + i; return count end end
        for key, value in pairs(seen) do if value[1] < round - 15 then seen[key] = nil end end
        if #list > 10 then table.sort(list); list = { list[1], list[2] } end
        local text = table.concat({ "a", round, closures[2]() }, ",") .. string.rep("x", round % 50)
        if object < list[1] then text = text:upper() end
        local file = io.tmpfile()
        file:write(text, "\\n", round)
        file:seek("set")
        for line in file:lines() do text = line end
        files[round % 5] = file
      end`,
  },
  {
    language: 'c',
    source: `
      #include <stdlib.h>
      #include <string.h>
      #include <stdio.h>
      struct node { struct node *next; double weight; char name[12]; };
      static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
      static int depth(int n) { char local[40]; memset(local, n, sizeof local); return n == 0 ? 0 : local[3] + depth(n - 1); }
      int main(void) {
        struct node *list = 0;
        for (int round = 1;; round++) {
          struct node *node = malloc(sizeof *node);
          if (!node) return 1;
          node->next = list; node->weight = round / 3.0; list = node;
          snprintf(node->name, sizeof node->name, "n%d %.1f", round, node->weight);
          int numbers[12];
          for (int i = 0; i < 12; i++) numbers[i] = (round * 37 + i * 91) % 50;
          qsort(numbers, 12, sizeof numbers[0], order);
          if (depth(6) == 12345) return 2;
          if (round % 8 == 0) while (list) { struct node *next = list->next; free(list); list = next; }
        }
      }`,
  },
];

function compile(language: string, source: string): Program {
  const found = new Languages([]).find(language)!;
  const { module, diagnostics } = found.frontend.compile(new TextEncoder().encode(source), { fileName: 'fuzz' });
  if (module === undefined) throw new Error(diagnostics[0]!.message);
  verifyModule(module);
  return link([...found.library(), module], { intrinsics: INTRINSICS });
}

/** Runs a slice; what it answers must be one of the machine's signals, and what it did must be charged. */
function step(context: Context): number {
  context.fuel = SLICE;
  const signal = run(context);
  assert.ok([FUEL, DONE, EXIT, SYSCALL, THROW, TRAP].includes(signal), `signal ${signal}`);
  assert.ok(context.fuel > -MOST_OVERSHOOT, `fuel ${context.fuel}`);
  if (signal === TRAP) assert.ok(context.trap >= 0 && context.trap < TRAP_COUNT, `trap ${context.trap}`);
  return signal;
}

/** Overwrites a word: half of the time one that matters (frames, thread, header, tags), with a value that is half true. */
function corrupt(context: Context, random: Random): void {
  const { i32 } = context;
  const top = Math.min(i32[HEADER.TOP]! >>> 0, i32.length);
  const thread = i32[HEADER.THREAD]! & context.mask;
  const frames = i32[(thread + THREAD_FRAMES) & context.mask]! & context.mask;
  const frame = i32[(thread + THREAD_FRAME) & context.mask]! & context.mask;
  const targets = [
    () => random.below(top),
    () => random.below(top),
    () => random.below(HEADER.SIZE),
    () => thread + random.below(THREAD_SIZE),
    () => frames + random.below(Math.max(frame - frames, 0) + FRAME_SIZE),
    () => (random.below(top) & ~3) + VALUE_TAG,
  ];
  const values = [
    () => random.below(0x7fffffff) * 2,
    () => random.below(top),
    () => random.below(TAG_COUNT + 2),
    () => i32[random.below(top)]!,
    () => i32[random.below(top)]! + random.below(9) - 4,
    () => -1 - random.below(100),
  ];
  const at = targets[random.below(targets.length)]!() & context.mask;
  i32[at] = values[random.below(values.length)]!();
}

for (const { language, source } of PROGRAMS) {
  const runs = RUNS / PROGRAMS.length;
  test(`${runs} corruptions of a running ${language} program end in a result or a typed trap`, () => {
    const program = compile(language, source);
    const pool = new RegionPool();
    const ends = new Map<number, number>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const context = createContext(program, pool, MEMORY_BYTES)!;
        startEntry(context, 0);
        let signal = FUEL;
        for (let slice = 0; slice < SLICES && signal === FUEL; slice++) {
          signal = step(context);
          for (let count = random.below(3); count >= 0; count--) corrupt(context, random);
        }
        ends.set(signal, (ends.get(signal) ?? 0) + 1);
        context.dispose();
      }),
      { numRuns: runs },
    );
    // The damage is felt, and it is not always fatal.
    assert.ok((ends.get(TRAP) ?? 0) > runs / 100, [...ends].join(' '));
    assert.ok((ends.get(FUEL) ?? 0) > runs / 100, [...ends].join(' '));
  });
}

test(`${RUNS} mutated modules are refused, or run to a proper end`, () => {
  const modules = Array.from({ length: 200 }, (_, seed) => randomModule(seed));
  const pool = new RegionPool();
  let ran = 0;
  fc.assert(
    fc.property(fc.nat(modules.length - 1), fc.integer(), (base, seed) => {
      const program = accepted(mutateModule(modules[base]!, new Random(seed)));
      if (program === null) return;
      const context = createContext(program, pool, MEMORY_BYTES);
      if (context === null || program.entry < 0) return;
      if (startEntry(context, 0)) {
        for (let slice = 0; slice < SLICES && step(context) === FUEL; slice++);
        ran++;
      }
      context.dispose();
    }),
    { numRuns: RUNS },
  );
  assert.ok(ran > RUNS / 100, `${ran} ran`);
});

function accepted(bytes: Uint8Array): Program | null {
  try {
    const module = decodeModule(bytes);
    verifyModule(module);
    return link([module], { intrinsics: INTRINSICS });
  } catch (error) {
    if (error instanceof ModuleError) return null;
    throw error;
  }
}

test.run();
