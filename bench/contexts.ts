// What contexts cost: a new one from its image on a recycled region, and many in turn against one alone.
import { readFileSync } from 'node:fs';
import { Languages } from '../host/core/languages';
import { INTRINSICS } from '../host/core/libraries';
import { DEFAULT_LIMITS } from '../host/core/limits';
import { textCodec } from '../host/core/text';
import type { Context } from '../vm/context';
import { GuestExecution } from '../vm/execution';
import { createContext, startEntry } from '../vm/image';
import { run } from '../vm/interpreter';
import { link } from '../vm/linker';
import type { Program } from '../vm/program';
import { RegionPool } from '../vm/regions';
import { FUEL } from '../vm/signals';
import { readSnapshot } from '../vm/snapshot';
import { allSteps } from '../vm/steps';
import { verifyModule } from '../vm/verifier';
import { formatTable, median } from './statistics';

const MEMORY_BYTES = 16 << 20;

export function compile(language: string, path: string): Program {
  return compileText(language, readFileSync(path), path);
}

export function compileText(language: string, source: Uint8Array, path: string): Program {
  const found = new Languages([]).find(language)!;
  const { module, diagnostics } = found.frontend.compile(source, { fileName: path });
  if (module === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  verifyModule(module);
  return link([...found.library(), module], { intrinsics: INTRINSICS });
}

/** Median of the time of one context's creation and disposal, in µs: batches, since clocks are coarse. */
export function measureStart(program: Program): number {
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

const SNAPSHOT_PROGRAMS: readonly [language: string, source: string][] = [
  ['lua', 'local t = {} for i = 1, 300 do t[i] = { "item" .. i } end while true do t[1] = t[2] end'],
  ['c', 'static char block[59000]; int main(void) { for (int i = 0; ; i++) block[i % 59000] = i; }'],
];

/** Medians of saving and of restoring a context of some 64 KiB, in µs. */
function measureSnapshots(program: Program): { bytes: number; save: number; restore: number } {
  const execution = (bytes?: Uint8Array) => {
    const made = new GuestExecution({
      program,
      pool,
      limits: { ...DEFAULT_LIMITS, memoryBytes: MEMORY_BYTES },
      args: [],
      name: 'main',
      host: { text: textCodec, isGranted: () => true, output: () => undefined, answer: () => 0 },
      now: () => 0,
      wake: () => {},
      startTimer: () => () => {},
      ended: () => {},
      failed: (error) => {
        throw error;
      },
    });
    if (bytes !== undefined) allSteps(made.restore(allSteps(readSnapshot(bytes))));
    return made;
  };
  const pool = new RegionPool();
  const BATCH = 20;
  const first = execution();
  first.run(200_000, 0);
  first.suspend();
  const bytes = allSteps(first.snapshot(() => []));
  const saves: number[] = [];
  const restores: number[] = [];
  for (let round = 0; round < 100; round++) {
    const start = performance.now();
    for (let index = 0; index < BATCH; index++) allSteps(first.snapshot(() => []));
    const middle = performance.now();
    for (let index = 0; index < BATCH; index++) execution(bytes).cancel();
    saves.push(((middle - start) * 1000) / BATCH);
    restores.push(((performance.now() - middle) * 1000) / BATCH);
  }
  return { bytes: bytes.length, save: median(saves), restore: median(restores) };
}

export async function measureContexts(): Promise<unknown> {
  const lua = compile('lua', 'bench/endless.lua');
  const c = compile('c', 'test/attacks/endless-loop.c');
  const sm = compile('sm', 'test/attacks/endless-loop.sm');
  const starts = { lua: measureStart(lua), c: measureStart(c), sm: measureStart(sm) };
  const rows = Object.entries(starts).map(([language, time]) => [language, `${time.toFixed(2)} µs`]);
  console.log(formatTable(['a new context, recycled region (bar 10 µs)', 'median'], rows));
  const snapshots = Object.fromEntries(
    SNAPSHOT_PROGRAMS.map(([language, source]) => {
      return [language, measureSnapshots(compileText(language, new TextEncoder().encode(source), 'snapshot'))];
    }),
  );
  const snapshotRows = Object.entries(snapshots).map(([language, { bytes, save, restore }]) => [
    `${language}, ${Math.round(bytes / 1024)} KiB`,
    `${save.toFixed(0)} µs`,
    `${restore.toFixed(0)} µs`,
  ]);
  console.log(`\n${formatTable(['a snapshot (bar 200 µs each)', 'save', 'restore and end'], snapshotRows)}`);
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
  return {
    startMicroseconds: starts,
    imageBytes: { lua: lua.image.length * 4, c: c.image.length * 4 },
    snapshots,
    alone,
    many,
  };
}
