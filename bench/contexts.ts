// What contexts cost: a new one from its image on a recycled region, and many in turn against one alone.
import { readFileSync } from 'node:fs';
import { INTRINSICS, Languages } from '../host/core/languages';
import type { Context } from '../vm/context';
import { createContext, startEntry } from '../vm/image';
import { run } from '../vm/interpreter';
import { link } from '../vm/linker';
import type { Program } from '../vm/program';
import { RegionPool } from '../vm/regions';
import { FUEL } from '../vm/signals';
import { verifyModule } from '../vm/verifier';
import { formatTable, median } from './statistics';

const MEMORY_BYTES = 16 << 20;

function compile(language: string, path: string): Program {
  const found = new Languages([]).find(language)!;
  const { module, diagnostics } = found.frontend.compile(readFileSync(path), { fileName: path });
  if (module === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  verifyModule(module);
  return link([...found.library(), module], { intrinsics: INTRINSICS });
}

/** Median of the time of one context's creation and disposal, in µs: batches, since clocks are coarse. */
function measureStart(program: Program): number {
  const pool = new RegionPool();
  const BATCH = 200;
  const samples: number[] = [];
  for (let round = 0; round < 200; round++) {
    const start = performance.now();
    for (let index = 0; index < BATCH; index++) {
      const context = createContext(program, pool, MEMORY_BYTES)!;
      startEntry(context, 0);
      context.dispose();
    }
    samples.push(((performance.now() - start) * 1000) / BATCH);
  }
  return median(samples);
}

/** Instructions a second of `count` endless contexts that take turns of `slice` instructions. */
function measureTurns(program: Program, count: number, slice: number, turns: number): number {
  const pool = new RegionPool();
  const contexts: Context[] = [];
  for (let index = 0; index < count; index++) {
    const context = createContext(program, pool, MEMORY_BYTES)!;
    startEntry(context, 0);
    contexts.push(context);
  }
  let done = 0;
  const start = performance.now();
  for (let turn = 0; turn < turns; turn++) {
    const context = contexts[turn % count]!;
    context.fuel = slice;
    if (run(context) !== FUEL) throw new Error('an endless loop has ended');
    done += slice - context.fuel;
  }
  const seconds = (performance.now() - start) / 1000;
  for (const context of contexts) context.dispose();
  return done / seconds;
}

export async function measureContexts(): Promise<unknown> {
  const lua = compile('lua', 'bench/endless.lua');
  const c = compile('c', 'test/attacks/endless-loop.c');
  const sm = compile('sm', 'test/attacks/endless-loop.sm');
  const starts = { lua: measureStart(lua), c: measureStart(c), sm: measureStart(sm) };
  const rows = Object.entries(starts).map(([language, time]) => [language, `${time.toFixed(2)} µs`]);
  console.log(formatTable(['a new context, recycled region (bar 10 µs)', 'median'], rows));
  const samples = { alone: [] as number[], many: [] as number[] };
  measureTurns(lua, 1, 1_000_000, 100);
  for (let round = 0; round < 5; round++) {
    samples.alone.push(measureTurns(lua, 1, 1_000_000, 50));
    samples.many.push(measureTurns(lua, 10_000, 1_000, 50_000));
  }
  const alone = median(samples.alone);
  const many = median(samples.many);
  console.log(
    `\n10,000 contexts in turns of 1,000: ${Math.round(many / 1e6)} million instructions a second; one alone: ${Math.round(
      alone / 1e6,
    )}; share ${((100 * many) / alone).toFixed(0)} % (bar 80 %)`,
  );
  return { startMicroseconds: starts, imageBytes: { lua: lua.image.length * 4, c: c.image.length * 4 }, alone, many };
}
