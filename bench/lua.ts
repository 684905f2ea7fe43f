// Lua here and in its peers: nineteen programs of the classic kinds by processor time, with their results compared; then what
// compiling, collecting and contexts cost (lua-costs.ts). PROGRAMS=fib,words picks some, PEERS=lua5.4 some peers, ROUNDS=1
// makes it short.
import { readFileSync } from 'node:fs';
import { createHost } from '../host/node/index';
import { subject } from './languages';
import { measureLuaCosts } from './lua-costs';
import { interleaveRuns, luaPeers, type Run } from './peers';
import { formatMs, formatRatio, formatTable, geometricMean } from './statistics';

const ROUNDS = 3;

/** Programs of bench/programs with their argument: about a tenth of a second under lua5.4. */
const PROGRAMS: readonly (readonly [path: string, n: number])[] = [
  ['fib', 32],
  ['lua/ackermann', 1_500],
  ['c/queens', 11],
  ['c/sieve', 1_000_000],
  ['c/matrix', 160],
  ['c/n-body', 40_000],
  ['c/spectral-norm', 300],
  ['c/fannkuch', 9],
  ['c/binary-trees', 13],
  ['c/mandelbrot', 350],
  ['c/heapsort', 100_000],
  ['lua/sort', 40_000],
  ['lua/string-building', 60_000],
  ['c/words', 800_000],
  ['lua/patterns', 90],
  ['closure', 600_000],
  ['method-call', 600_000],
  ['lua/coroutines', 300_000],
  ['lua/richards', 60],
];

const PEERS = ['lua5.4', 'wasmoon', 'fengari'];

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

export async function measureLua(): Promise<unknown> {
  const { PROGRAMS: programs, PEERS: peers, ROUNDS: rounds } = process.env;
  const wantedPeers = peers?.split(',') ?? PEERS;
  const present = luaPeers((missing) => console.log(missing)).filter(({ name }) => wantedPeers.includes(name));
  const host = await createHost({ workers: 0 });
  const results: Record<string, Record<string, number>> = {};
  const wanted = PROGRAMS.filter(([path]) => programs === undefined || programs.split(',').includes(nameOf(path)));
  const fileOf = (path: string) => `bench/programs/${path}.lua`;
  const own: (() => Promise<Run>)[] = [];
  for (const [path, n] of wanted) own.push(await subject(host, 'lua', fileOf(path), n));
  // All once, so that the host's compiler is done with what they have in common before the first one is measured.
  for (const run of own) await run();
  for (const [index, [path, n]] of wanted.entries()) {
    const source = readFileSync(fileOf(path), 'utf8');
    const subjects: Record<string, () => Promise<Run>> = { gazelle: own[index]! };
    for (const peer of present) subjects[peer.name] = () => peer.measure(source, n);
    results[`${nameOf(path)}(${n})`] = await interleaveRuns(path, subjects, Number(rounds ?? ROUNDS));
  }
  await host.close();
  report(results);
  return { programs: results, costs: programs === undefined ? await measureLuaCosts() : undefined };
}

function report(results: Readonly<Record<string, Record<string, number>>>): void {
  const ratiosOf = (ms: Record<string, number>) => [
    ms.gazelle! / ms['lua5.4']!,
    ms.gazelle! / ms.wasmoon!,
    ms.fengari! / ms.gazelle!,
  ];
  const rows = Object.entries(results).map(([name, ms]) => [
    name,
    ...['gazelle', ...PEERS].map((peer) => formatMs(ms[peer])),
    ...ratiosOf(ms).map(formatRatio),
  ]);
  const ratios = Object.values(results).map(ratiosOf);
  const means = [0, 1, 2].map((column) => formatRatio(geometricMean(ratios.map((row) => row[column]!))));
  rows.push(['geometric mean (bars 2.5x, 1x, 8x)', '', '', '', '', ...means]);
  console.log(formatTable(['Lua program', 'gazelle', ...PEERS, '/lua5.4 (bar 5x)', '/wasmoon', 'fengari/'], rows));
}
