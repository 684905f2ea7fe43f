// Patterns: random ones come to the same as with the real lua5.4, with every slice and every collection to the same as
// without; what they cost is charged before it is done.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasRealLua, runRealLuaText } from '../../frontends/lua/real-lua';
import { runLua } from '../../support/lua-runs';
import { Random } from '../../support/random';

const PROGRAMS = 30;
const CASES = 100;
const REAL_TIME_MS = 10_000;

const HEADER = `local function show(...)
  local list = table.pack(...)
  for i = 1, list.n do list[i] = tostring(list[i]) end
  print(table.concat(list, '|', 1, list.n))
end
local upper = { a = 'A', b = 2, c = false, ab = 'AB', [1] = 'one' }
local asked = setmetatable({}, { __index = function(_, key) return key ~= 'b' and key .. key end })
local function twice(first, second) return first ~= 'c' and (second or '') .. first .. first end
local function many(...) return select('#', ...) > 2 and select('#', ...) .. tostring(select(3, ...)) end
local function all(text, pattern)
  local found = {}
  for a, b in text:gmatch(pattern) do found[#found + 1] = tostring(a) .. ',' .. tostring(b) end
  return table.concat(found, ';')
end
`;

const ITEMS = [
  'a',
  'b',
  'c',
  '.',
  '%a',
  '%d',
  '%w',
  '%s',
  '%p',
  '%A',
  '%x',
  '%u',
  '[ab]',
  '[^a]',
  '[a-c]',
  '[%d_]',
  '[^%s]',
];
const ODD = [
  '%b()',
  '%bab',
  '%f[a]',
  '%f[%w]',
  '%f[%A]',
  '%1',
  '%2',
  '()',
  '$',
  '^',
  '-',
  '%%',
  '%.',
  '[]]',
  '[^]]',
  '[a-]',
];
const WRONG = ['[a', '%', '(', ')', '%f', '%b', '%ba', '[^', '[%', '%0', '%9', '['];
const SUFFIXES = ['', '', '', '*', '+', '-', '?'];

function randomPattern(random: Random): string {
  let text = random.oneIn(5) ? '^' : '';
  const open: number[] = [];
  for (let count = random.below(6); count >= 0; count--) {
    if (random.oneIn(4)) {
      text += '(';
      open.push(1);
    }
    if (random.oneIn(5)) text += random.pick(ODD);
    else if (random.oneIn(25)) text += random.pick(WRONG);
    else text += random.pick(ITEMS) + random.pick(SUFFIXES);
    if (open.length > 0 && random.oneIn(2)) {
      text += ')';
      open.pop();
    }
  }
  if (!random.oneIn(20)) text += ')'.repeat(open.length);
  return random.oneIn(6) ? `${text}$` : text;
}

function randomText(random: Random): string {
  return random.list(random.below(14), () => random.pick([...'aaabbbccAB01 _().,%-[]'])).join('');
}

function randomReplacement(random: Random): string {
  const kinds = ['upper', 'asked', 'twice', 'many', 'tostring', '7', "''"];
  if (random.oneIn(2)) return random.pick(kinds);
  return quoted(
    random.list(random.below(5), () => random.pick(['x', '%0', '%1', '%2', '%%', 'yz', '%', '%a'])).join(''),
  );
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function randomCase(random: Random): string {
  const text = quoted(randomText(random));
  const pattern = quoted(randomPattern(random));
  const init = random.oneIn(3) ? random.between(-4, 16) : 1;
  switch (random.below(4)) {
    case 0:
      return `show(pcall(string.find, ${text}, ${pattern}, ${init}))`;
    case 1:
      return `show(pcall(string.match, ${text}, ${pattern}, ${init}))`;
    case 2:
      return `show(pcall(all, ${text}, ${pattern}))`;
    default: {
      const limit = random.oneIn(3) ? `, ${random.between(-1, 4)}` : '';
      return `show(pcall(string.gsub, ${text}, ${pattern}, ${randomReplacement(random)}${limit}))`;
    }
  }
}

function randomProgram(random: Random): string {
  return HEADER + random.list(CASES, () => randomCase(random)).join('\n');
}

if (hasRealLua('random patterns are not compared with it')) {
  test(`${PROGRAMS * CASES} random patterns match what they match with the real Lua`, () => {
    const random = new Random(5_4_4);
    for (let round = 0; round < PROGRAMS; round++) {
      const source = randomProgram(random);
      const real = runRealLuaText(source, REAL_TIME_MS);
      const ours = runLua(source, { fileName: 'stdin' });
      assert.is(ours.outcome.error, null);
      const lines = source.slice(HEADER.length).split('\n');
      const expected = real!.stdout.split('\n');
      ours.written.split('\n').forEach((line, index) => {
        assert.is(line, expected[index], lines[index]);
      });
    }
  });
}

/** Searches that last long enough to be stopped anywhere, with everything that their state has. */
const LONG = [
  `print(('a'):rep(60):find('.-.-.-b'))`,
  `print(('ab'):rep(200):match('^(a(.-)b)((.-)%2)*$'))`,
  `print(('a'):rep(300):match('(a*(.)%w(%s*))', 5))`,
  `print(('x(y(z)'):rep(40):find('%b()', 3))`,
  `print(('a'):rep(30000):match('^a*a?()'))`,
  `print(('ab '):rep(700):gsub('(%w)(%w)', '%2%1-%0'))`,
  `print(('k1 k2 k3 '):rep(300):gsub('%w+', { k1 = 'one', k2 = 2, k3 = false }))`,
  `print(('k1 k2 k3 '):rep(100):gsub('(%w)(%d)', function(a, b) if b ~= '2' then return b .. a end end))`,
  `print(('abcd '):rep(60):gsub('(%w)(%w)(%w)()', function(...) return table.concat({ ... }, ',') end))`,
  `local long = ('z'):rep(300) print(('ab'):rep(200):gsub('.-ba', function(m) if #m > 2 then return long end end, 9))`,
  `print((('x'):rep(70000) .. 'y'):gsub('(y)()', function(y, at) return y:rep(at) end):len())`,
  `print(('k'):rep(400):gsub('^(k)k-k', function(k) return 1.5 end), ('k'):rep(3):gsub('', function(k) return 7 end))`,
  `print(('k1 k2 '):rep(100):gsub('k%d', setmetatable({}, { __index = function(_, k) return k:upper() end })))`,
  `local n = 0 for a, b in ('one=1, two=22; '):rep(60):gmatch('(%a+)=(%d+)') do n = n + #a + #b end print(n)`,
  `local n = 0 for a in ('aab'):rep(60):gmatch('(.-)b.-a?.-a?.-c?') do n = n + #a end print(n)`,
  `print((('x'):rep(20000) .. 'y'):gsub('y', ('z'):rep(70000)):len())`,
  `print(('abc'):rep(3000):gsub('', ' '):len(), ('%1'):rep(500):gsub('%%', '%%%%'):len())`,
];

for (const source of LONG) {
  test(`comes to the same with every slice and every collection: ${source}`, () => {
    const whole = runLua(source);
    assert.is(whole.outcome.error, null);
    for (const slice of [1, 13, 1000]) {
      const sliced = runLua(source, { slice });
      assert.is(sliced.written, whole.written, `slice ${slice}`);
      assert.is(sliced.usage.instructions, whole.usage.instructions, `slice ${slice}`);
      assert.is(sliced.usage.memoryPeakBytes, whole.usage.memoryPeakBytes, `slice ${slice}`);
    }
    const real = runRealLuaText(source, REAL_TIME_MS);
    if (real !== null && real.error === null) assert.is(whole.written, real.stdout);
    assert.is(runLua(source, { collectAlways: true, slice: 5000 }).written, whole.written, 'collecting always');
  });
}

const LIMIT = 1_000_000;
for (const [what, source] of [
  ['lazy items', `return ('a'):rep(1e4):find('.-.-.-.-b$')`],
  ['twenty-five lazy items', `return ('a'):rep(30):find(('a-'):rep(25) .. 'b')`],
  ['greedy items', `return ('a'):rep(1e4):match(('a*'):rep(10) .. 'b')`],
  ['optional items', `return ('a'):rep(40):match(('a?'):rep(40) .. ('a'):rep(40) .. 'b')`],
  ['a long set', `return ('a'):rep(1e5):gsub('[' .. ('b'):rep(1e5) .. ']', '')`],
  ['open brackets', `return ('('):rep(1e5):gsub('%b()', '')`],
  ['a repeated capture', `return ('a'):rep(1e5):find('(a+)%1b')`],
] as const) {
  test(`ends in the instruction limit, soon: ${what}`, () => {
    const { outcome, usage, longestTurn } = runLua(source, { limits: { instructions: LIMIT }, slice: 10_000 });
    assert.is(outcome.status, 'limit', JSON.stringify(outcome));
    assert.is(outcome.error?.resource, 'instructions');
    assert.ok(usage.instructions < LIMIT * 1.1, `${usage.instructions}`);
    assert.ok(longestTurn < 100_000, `${longestTurn}`);
  });
}

for (const [what, body, bytesAnInstruction] of [
  ['finding a byte', `text:find('[y]')`, 16],
  ['matching a run', `text:match('x*')`, 4],
  ['replacing each byte', `text:gsub('x', 'yy')`, 1],
  ['replacing with a function', `text:gsub('x', function() end)`, 1],
  ['counting words', `for _ in text:gmatch('x') do end`, 1],
  ['refusing a long set', `pcall(string.match, 'a', '[' .. text)`, 2],
  ['refusing a long set behind a lazy item', `pcall(string.find, 'b', 'b-[' .. text)`, 2],
  ['a balanced match', `('(' .. text .. ')'):match('%b()')`, 4],
] as const) {
  test(`charges ${what} in proportion`, () => {
    const cost = (bytes: number) => {
      const { usage, outcome } = runLua(
        `local text = ('x'):rep(${bytes}) local _ = ${body.startsWith('for') ? 'nil' : '0'} ${
          body.startsWith('for') ? body : `_ = ${body}`
        }`,
      );
      assert.is(outcome.error, null, body);
      return usage.instructions;
    };
    assert.ok(cost(200_000) - cost(1000) >= 199_000 / bytesAnInstruction);
  });
}

test.run();
