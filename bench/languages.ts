// The same programs here and in the peers, warm: calls, table access, float arithmetic, fields, methods, closures.
import { readFileSync } from 'node:fs';
import { createHost, type Host } from '../host/node/index';
import { luaPeers, measureQuickJs, type Run, timedRun, warmUpOf } from './peers';
import { formatMs, formatRatio, formatTable, interleave } from './statistics';

const ROUNDS = 5;

/** Programs of bench/programs with their argument, large enough to run for some tenths of a second. */
const PROGRAMS: readonly { name: string; n: number; bar: string }[] = [
  { name: 'fib', n: 32, bar: '2x, 12x faster than fengari' },
  { name: 'table-access', n: 5_000, bar: '3x' },
  { name: 'float-arithmetic', n: 5_000_000, bar: '3x' },
  { name: 'field-access', n: 2_500_000, bar: '3x' },
  { name: 'method-call', n: 1_000_000, bar: '3x' },
  { name: 'closure', n: 500_000, bar: '-' },
];

const read = (path: string) => readFileSync(path, 'utf8');

/** Executions before the first that is measured. */
const RUNS_UNTIL_WARM = 10;

/** Deploys a program and returns a function that runs it warm; ms of processor time of its run. */
export function subject(host: Host, language: string, path: string, n: number): Promise<() => Promise<Run>> {
  return subjectOf(host, language, path.replaceAll('/', '.'), read(path), n);
}

/** As `subject`, of a source text. */
export async function subjectOf(
  host: Host,
  language: string,
  name: string,
  source: string,
  n: number,
): Promise<() => Promise<Run>> {
  const limits = { instructions: 1e12, wallTimeMs: 600_000 };
  const deployed = await host.deploy({ name, language, source, limits });
  const once = async (argument: number) => {
    const result =
      language === 'lua'
        ? await deployed.execute(argument)
        : await deployed.execute(undefined, { args: [String(argument)] });
    if (result.status !== 'ok') throw new Error(`${name}: ${result.error?.message}`);
    return String(language === 'lua' ? result.value : result.stdout);
  };
  // Until what runs often is specialised and the host's compiler is done with it.
  for (let run = 0; run < RUNS_UNTIL_WARM; run++) await once(n);
  return async () => {
    await once(warmUpOf(n));
    return timedRun(() => once(n));
  };
}

export async function measureLanguages(): Promise<unknown> {
  const host = await createHost({ workers: 0 });
  const peers = luaPeers((missing) => console.log(missing));
  const rows: string[][] = [];
  const results: Record<string, Record<string, number>> = {};
  for (const { name, n, bar } of PROGRAMS) {
    const path = `bench/programs/${name}.lua`;
    const source = read(path);
    const timeOf = (run: () => Promise<Run>) => async () => (await run()).ms;
    const subjects: Record<string, () => Promise<number>> = { gazelle: timeOf(await subject(host, 'lua', path, n)) };
    for (const peer of peers) subjects[peer.name] = timeOf(() => peer.measure(source, n));
    if (name === 'fib') {
      subjects.c = timeOf(await subject(host, 'c', 'bench/programs/fib.c', n));
      subjects.sm = timeOf(await subject(host, 'sm', 'functions/fib-sm/main.sm', n));
      subjects.quickjs = async () => (await measureQuickJs(n)).fib;
    }
    const medians = await interleave(subjects, ROUNDS);
    results[name] = medians;
    const own = medians.gazelle!;
    rows.push([
      `${name}(${n})`,
      ...['gazelle', 'lua5.4', 'wasmoon', 'fengari'].map((peer) => formatMs(medians[peer])),
      formatRatio(own / medians['lua5.4']!),
      formatRatio(own / medians.wasmoon!),
      formatRatio(medians.fengari! / own),
      bar,
    ]);
  }
  console.log(
    formatTable(
      ['Lua program', 'gazelle', 'lua5.4', 'wasmoon', 'fengari', '/lua5.4', '/wasmoon', 'fengari/', 'bar'],
      rows,
    ),
  );
  const fib = results.fib!;
  const typed = ['c', 'sm', 'quickjs'].map((name) => [
    `fib(32) in ${name}`,
    formatMs(fib[name]),
    formatRatio(fib[name]! / fib['lua5.4']!),
  ]);
  console.log(`\n${formatTable(['', 'time', 'against lua5.4 on the Lua version (bar 1.5x)'], typed)}`);
  await host.close();
  return results;
}
