// What Lua costs beside its programs: compiling, a new and an idle context, and the collector's longest slice.
import { readdirSync, readFileSync } from 'node:fs';
import { SLICE_INSTRUCTIONS } from '../host/core/engine';
import { Languages } from '../host/core/languages';
import { createContext, startEntry } from '../vm/image';
import { run } from '../vm/interpreter';
import { HEADER } from '../vm/layout';
import type { Program } from '../vm/program';
import { RegionPool } from '../vm/regions';
import { DONE, FUEL } from '../vm/signals';
import { verifyModule } from '../vm/verifier';
import { compile, compileText, measureStart } from './contexts';
import { PARKED, park } from './isolation/memory';
import { formatTable, median } from './statistics';

const FOLDERS = ['bench/programs', 'bench/programs/c', 'bench/programs/lua'];
const COMPILE_ROUNDS = 15;

/** Every program of this bench, each a function of one chunk. */
function manyPrograms(): Uint8Array {
  const texts = FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.lua'))
      .map((name) => `do local function program(...)\n${readFileSync(`${folder}/${name}`, 'utf8')}\nend end\n`),
  );
  return new TextEncoder().encode(texts.join('').repeat(4));
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Bytes of source a second of processor time, warm: compiled, and compiled and verified. */
function measureCompiler(): { bytes: number; compiled: number; verified: number } {
  const source = manyPrograms();
  const { frontend } = new Languages([]).find('lua')!;
  const times: { compile: number; verify: number }[] = [];
  for (let round = 0; round < COMPILE_ROUNDS; round++) {
    const start = processorMs();
    const { module } = frontend.compile(source, { fileName: 'programs' });
    const compiled = processorMs();
    verifyModule(module!);
    times.push({ compile: compiled - start, verify: processorMs() - compiled });
  }
  const warm = times.slice(3);
  const compileMs = median(warm.map((time) => time.compile));
  const verifyMs = median(warm.map((time) => time.verify));
  return {
    bytes: source.length,
    compiled: (source.length * 1000) / compileMs,
    verified: (source.length * 1000) / (compileMs + verifyMs),
  };
}

const HEAP_BYTES = 16 << 20;
/** Tables with an array and a node, until 16 MiB are used; then one collection after another. */
const FULL_OF_TABLES = `
local all = {}
while collectgarbage("count") < ${HEAP_BYTES / 1024} do
  for _ = 1, 100 do all[#all + 1] = { #all, name = "table" } end
end
for _ = 1, 3 do collectgarbage() end`;
const COLLECTIONS = 3;
const COLLECTOR_RUNS = 5;

/** How long each slice took in which a collection was under way, in ms: the last collections, on a full heap. */
function collectorSlices(program: Program): number[] {
  const context = createContext(program, new RegionPool(), 4 * HEAP_BYTES)!;
  startEntry(context, 0);
  const collections: number[][] = [];
  let wasCollecting = false;
  for (let signal = FUEL; signal === FUEL; ) {
    context.fuel = SLICE_INSTRUCTIONS;
    const start = performance.now();
    signal = run(context);
    const time = performance.now() - start;
    if (signal !== FUEL && signal !== DONE) throw new Error(`a collection ended with signal ${signal}`);
    const isCollecting = context.i32[HEADER.PHASE] !== 0;
    if (isCollecting && !wasCollecting) collections.push([]);
    if (isCollecting || wasCollecting) collections.at(-1)!.push(time);
    wasCollecting = isCollecting;
  }
  context.dispose();
  return collections.slice(-COLLECTIONS).flat();
}

/** The longest slice in ms: of each, which does the same in every run, the shortest time of several runs. */
function measureCollector(program: Program): { slices: number; longest: number } {
  const runs = Array.from({ length: COLLECTOR_RUNS }, () => collectorSlices(program));
  const shortest = runs[0]!.map((_, slice) => Math.min(...runs.map((times) => times[slice]!)));
  return { slices: shortest.length, longest: Math.max(...shortest) };
}

/** So many contexts wait at once. */
const IDLE_CONTEXTS = 10_000;

/** Resident bytes of a context that waits, of many: its heap as it is kept meanwhile, and all that the host has beside it. */
function idleResidentBytes(): number {
  const { bareBytes, parkedBytes, right } = park(PARKED.lua, IDLE_CONTEXTS);
  if (right !== IDLE_CONTEXTS) throw new Error('contexts that waited came to something else');
  return (parkedBytes - bareBytes) / IDLE_CONTEXTS;
}

/** Bytes of the heap of a context that has begun its function and waits. */
function idleBytes(program: Program): number {
  const context = createContext(program, new RegionPool(), HEAP_BYTES)!;
  startEntry(context, 0);
  context.fuel = 1000;
  run(context);
  const bytes = context.i32[HEADER.TOP] * 4;
  context.dispose();
  return bytes;
}

export async function measureLuaCosts(): Promise<unknown> {
  const compiler = measureCompiler();
  const endless = compile('lua', 'bench/endless.lua');
  const bytes = idleBytes(endless);
  const residentBytes = idleResidentBytes();
  const start = measureStart(endless);
  const collector = measureCollector(compileText('lua', new TextEncoder().encode(FULL_OF_TABLES), 'tables'));
  const megabytes = (value: number) => `${(value / 1e6).toFixed(2)} MB a second`;
  console.log(
    `\n${formatTable(
      ['what', 'bar', 'measured'],
      [
        ['compiled, warm', '1 MB a second', megabytes(compiler.compiled)],
        ['compiled and verified, warm', '', megabytes(compiler.verified)],
        [
          'an idle context with the library: resident memory of each of 10,000 that wait',
          '20 KiB',
          `${(residentBytes / 1024).toFixed(1)} KiB`,
        ],
        ['its heap when it has begun, as its memory limit counts it', '', `${(bytes / 1024).toFixed(1)} KiB`],
        ['a new context', '10 µs', `${start.toFixed(2)} µs`],
        [
          `longest of ${collector.slices} slices of collections, 16 MiB of tables`,
          '1 ms',
          `${collector.longest.toFixed(2)} ms`,
        ],
      ],
    )}`,
  );
  return { compiler, idleBytes: bytes, idleResidentBytes: residentBytes, startMicroseconds: start, collector };
}
