// Lua's library here and in its peers, a function a program: calls with short strings and small tables, as programs make
// them, by processor time, results compared. ONLY=gsub picks the programs whose names hold that, PEERS=lua5.4 some peers,
// ROUNDS=1 makes it short.
import { createHost } from '../host/node/index';
import { subjectOf } from './languages';
import { interleaveRuns, luaPeers, type Run } from './peers';
import { formatMs, formatRatio, formatTable, geometricMean } from './statistics';

const ROUNDS = 3;
const PEERS = ['lua5.4', 'wasmoon'];

interface Program {
  readonly name: string;
  /** How often `body` runs: for some hundredths of a second under lua5.4. */
  readonly n: number;
  /** A statement, which adds to `result`, and what stands before the loop. */
  readonly body: string;
  readonly before: string;
}

const program = (name: string, n: number, body: string, before = ''): Program => ({ name, n, body, before });
const sum = (name: string, n: number, expression: string, before = '') =>
  program(name, n, `result = result + ${expression}`, before);

const TEXT = `local text = ('the quick brown fox jumps over the lazy dog; '):rep(20)`;
const LIST = 'local list = {} for index = 1, 100 do list[index] = index end';
const GSUB = 'local changed, count = text:gsub';
const COUNTED = 'result = result + count + #changed';

const PROGRAMS: readonly Program[] = [
  program('gsub, function', 1_500, `${GSUB}('%w+', f) ${COUNTED}`, `${TEXT} local f = function(word) return word end`),
  program(
    'gsub, function of captures',
    1_500,
    `${GSUB}('(%w)(%w*)', f) ${COUNTED}`,
    `${TEXT} local f = function(first, rest) return rest end`,
  ),
  program(
    'gsub, table',
    1_500,
    `${GSUB}('%w+', words) ${COUNTED}`,
    `${TEXT} local words = { quick = 'slow', dog = 'cat' }`,
  ),
  program('gsub, string', 1_500, `${GSUB}('(%w+) (%w+)', '%2 %1') ${COUNTED}`, TEXT),
  program('gmatch', 1_500, `for word in text:gmatch('%w+') do result = result + #word end`, TEXT),
  program('gmatch, captures', 1_500, `for a, b in text:gmatch('(%w+) (%w+)') do result = result + #a + #b end`, TEXT),
  sum('find, plain', 300_000, `text:find('lazy', 1, true)`, TEXT),
  sum('find, plain, far', 50_000, `text:find('cat', 1, true)`, `${TEXT} text = text .. 'cat'`),
  program('find, captures', 150_000, `local _, _, a, b = text:find('(%a+) (%a+)', 5) result = result + #a + #b`, TEXT),
  program('match', 150_000, `local k, v = ('key = value'):match('^(%w+)%s*=%s*(%w+)$') result = result + #k + #v`),
  sum('format, %d and %s', 150_000, `#string.format('%d: %s', index & 1023, 'name')`),
  sum('format, %5.2f', 100_000, `#string.format('%5.2f', index / 8)`),
  sum('rep', 300_000, `#('ab'):rep(20)`),
  sum('byte and char', 300_000, `#string.char(('abc'):byte(1, 3))`),
  sum('sub', 500_000, `#text:sub(index % 40, index % 40 + 4)`, TEXT),
  sum('upper', 300_000, `#('Quick brown'):upper()`),
  sum('reverse', 300_000, `#('Quick brown'):reverse()`),
  sum('len', 800_000, `string.len('Quick brown')`),
  sum('..', 300_000, `#('key' .. (index & 1023) .. ':')`),
  sum('tostring', 300_000, '#tostring(index & 4095)'),
  sum('tostring of floats', 50_000, '#tostring(index / 8)'),
  sum('tonumber', 500_000, `tonumber('1234')`),
  sum('pack and unpack', 100_000, `string.unpack('<i4', string.pack('<i4', index))`),
  sum('utf8.char, codepoint', 200_000, 'utf8.codepoint(utf8.char(200 + (index & 255)))'),
  program('insert and remove', 300_000, 'table.insert(list, index) result = result + table.remove(list)', LIST),
  program(
    'insert and remove at 1',
    100_000,
    'table.insert(list, 1, index) result = result + table.remove(list, 1)',
    LIST,
  ),
  sum('concat', 15_000, `#table.concat(list, ',')`, LIST),
  program('unpack', 200_000, 'local a, b, c = table.unpack(list, 1, 3) result = result + a + b + c', LIST),
  program(
    'sort, function',
    2_000,
    'local copy = table.move(list, 1, 100, 1, {}) table.sort(copy, f) result = result + copy[1]',
    `${LIST} local f = function(a, b) return a > b end`,
  ),
  program('ipairs', 10_000, 'for at, value in ipairs(list) do result = result + value end', LIST),
  program('pairs', 10_000, 'for key, value in pairs(list) do result = result + value end', LIST),
  program(
    'pairs, six fields',
    100_000,
    'for key, value in pairs(t) do result = result + value end',
    'local t = { a = 1, b = 2, c = 3, d = 4, e = 5, f = 6 }',
  ),
  sum('select', 200_000, 'f(index, 2, 3)', `local f = function(...) return select('#', ...) + select(2, ...) end`),
  sum('type', 800_000, '#type(index)'),
  sum('setmetatable', 200_000, 'setmetatable({}, class).one', 'local class = { __index = { one = 1 } }'),
  program(
    'pcall',
    300_000,
    'local _, value = pcall(f, index) result = result + value',
    'local f = function(x) return 2 * x end',
  ),
  program('pcall, error', 100_000, `if not pcall(error, 'x') then result = result + 1 end`),
  sum('floor and max', 400_000, 'math.max(math.floor(index / 3), 7)'),
  sum('sin', 300_000, 'math.sin(index)'),
  sum('random', 400_000, '(math.random(6) < 7 and 1 or 0)'),
];

const sourceOf = ({ before, body }: Program) =>
  `local result = 0\n${before}\nfor index = 1, ... do ${body} end\nreturn string.format('%.10g', result)`;

export async function measureLibrary(): Promise<unknown> {
  const { ONLY: only, PEERS: peers, ROUNDS: rounds } = process.env;
  const wantedPeers = peers?.split(',') ?? PEERS;
  const present = luaPeers((missing) => console.log(missing)).filter(({ name }) => wantedPeers.includes(name));
  const host = await createHost({ workers: 0 });
  const wanted = PROGRAMS.filter(({ name }) => name.includes(only ?? ''));
  const own: (() => Promise<Run>)[] = [];
  for (const each of wanted) own.push(await subjectOf(host, 'lua', `program-${own.length}`, sourceOf(each), each.n));
  // All once, so that the host's compiler is done with what they have in common before the first one is measured.
  for (const run of own) await run();
  const results: Record<string, Record<string, number>> = {};
  for (const [index, each] of wanted.entries()) {
    const subjects: Record<string, () => Promise<Run>> = { gazelle: own[index]! };
    for (const peer of present) subjects[peer.name] = () => peer.measure(sourceOf(each), each.n);
    results[each.name] = await interleaveRuns(each.name, subjects, Number(rounds ?? ROUNDS));
  }
  await host.close();
  report(results);
  return results;
}

function report(results: Readonly<Record<string, Record<string, number>>>): void {
  const ratiosOf = (ms: Record<string, number>) => [ms.gazelle! / ms['lua5.4']!, ms.gazelle! / ms.wasmoon!];
  const rows = Object.entries(results).map(([name, ms]) => [
    name,
    ...['gazelle', ...PEERS].map((peer) => formatMs(ms[peer])),
    ...ratiosOf(ms).map(formatRatio),
  ]);
  const ratios = Object.values(results).map(ratiosOf);
  const means = [0, 1].map((column) => formatRatio(geometricMean(ratios.map((row) => row[column]!))));
  rows.push(['geometric mean', '', '', '', ...means]);
  console.log(formatTable(['Lua program', 'gazelle', ...PEERS, '/lua5.4', '/wasmoon'], rows));
}
