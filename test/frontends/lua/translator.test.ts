// Which instructions a piece of Lua becomes: forms of operands, folding, jumps, loops, calls, closing.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { body, compile, listing } from './listing';

test('loads constants in the shortest form', () => {
  assert.equal(body('local a, b, c, d, e, f, g = 1, -32768, 32768, 2.0, 2.5, "s", true'), [
    'load_integer r0 1',
    'load_integer r1 -32768',
    'load_constant r2 32768',
    'load_float r3 2',
    'load_constant r4 2.5f',
    'load_constant r5 "s"',
    'load_boolean r6 1',
  ]);
  assert.equal(body('local a = 9223372036854775807'), ['load_constant r0 9223372036854775807']);
  assert.equal(body('local a = 1e15'), ['load_constant r0 1000000000000000f']);
  assert.equal(body('local a, b, c'), ['load_nil r0 2']);
});

const folded: [string, string][] = [
  ['-5', 'load_integer r0 -5'],
  ['- -5', 'load_integer r0 5'],
  ['~5', 'load_integer r0 -6'],
  ['1 + 2 * 3', 'load_integer r0 7'],
  ['(1 + 2) * (3 + 4) - 1', 'load_integer r0 20'],
  ['1 << 62', 'load_constant r0 4611686018427387904'],
  ['1 << 63', 'load_constant r0 -9223372036854775808'],
  ['1 << 64', 'load_integer r0 0'],
  ['-1 >> 1', 'load_constant r0 9223372036854775807'],
  ['1 >> -3', 'load_integer r0 8'],
  ['9223372036854775807 + 1', 'load_constant r0 -9223372036854775808'],
  ['-9223372036854775807 - 1', 'load_constant r0 -9223372036854775808'],
  ['9223372036854775807 * 2', 'load_integer r0 -2'],
  ['0xff & 0x0f | 0x100 ~ 1', 'load_integer r0 271'],
  ['7 // -2', 'load_integer r0 -4'],
  ['-7 % 3', 'load_integer r0 2'],
  ['7 / 2', 'load_constant r0 3.5f'],
  ['7.5 // 2', 'load_float r0 3'],
  ['3.0 | 4', 'load_integer r0 7'],
  ['2 ^ 53', 'load_constant r0 9007199254740992f'],
  ['3 ^ 2', 'load_float r0 9'],
  ['2 ^ 0.5', 'load_constant r0 1.4142135623730951f'],
  ['-5.5 % 2', 'load_constant r0 0.5f'],
  ['1e308 * 10', 'load_constant r0 Infinityf'],
];
for (const [source, expected] of folded) {
  test(`folds ${source}`, () => assert.equal(body(`local x = ${source}`), [expected]));
}

const unfolded: [string, string[]][] = [
  ['1 // 0', ['load_integer r1 1', 'idiv_k r0 r1 0']],
  ['1 % 0', ['load_integer r1 1', 'mod_k r0 r1 0']],
  ['0.0 * -1', ['load_float r2 0', 'mul_k r0 r2 -1']],
  ['-0.0', ['load_float r0 0', 'negate r0 r0']],
  ['1 - 1.0', ['load_integer r1 1', 'sub_k r0 r1 1f']],
  ['1.5 & 1', ['load_constant r2 1.5f', 'band_k r0 r2 1']],
  ['"1" + 2', ['load_constant r2 "1"', 'add_imm r0 r2 2']],
];
for (const [source, expected] of unfolded) {
  test(`does not fold ${source}`, () => {
    const withoutRegisters = (texts: string[]) => texts.map((text) => text.replace(/ r\d+/g, ' r'));
    assert.equal(withoutRegisters(body(`local x = ${source}`)), withoutRegisters(expected));
  });
}

test('does not fold into a local variable that is read again', () => {
  assert.equal(body('local x = 5; local y = x + 1; x = -x'), ['load_integer r0 5', 'add_imm r1 r0 1', 'negate r0 r0']);
});

test('puts constants on the right into the instruction', () => {
  assert.equal(body('local x = 0; x = x + 127; x = x + 128; x = x - 1; x = x * 1.5; x = x & 1').slice(1), [
    'add_imm r0 r0 127',
    'add_k r0 r0 128',
    'sub_imm r0 r0 1',
    'mul_k r0 r0 1.5f',
    'band_k r0 r0 1',
  ]);
  assert.equal(body('local x = 0; x = x + -5; x = x - 128').slice(1), ['add_imm r0 r0 -5', 'sub_k r0 r0 128']);
});

test('puts constants on the left of +, -, * and / into the instruction', () => {
  assert.equal(body('local x = 0; x = 1 - x; x = 2.5 * x; x = 1 + x; x = 1 / x; x = 2 % x').slice(1), [
    'sub_left_k r0 r0 1',
    'mul_left_k r0 r0 2.5f',
    'add_left_k r0 r0 1',
    'div_left_k r0 r0 1',
    'load_integer r2 2',
    'mod r0 r2 r0',
  ]);
});

test('names fields, small integers and other keys in their own forms', () => {
  assert.equal(body('local t, k; t.a = t.b; t[1] = t[255]; t[256] = t[k]; t[1.5] = nil').slice(1), [
    'get_field r2 r0 "b"',
    'set_field r0 "a" r2',
    'get_index r2 r0 255',
    'set_index r0 1 r2',
    'get_table r2 r0 r1',
    'load_integer r4 256',
    'set_table r0 r4 r2',
    'load_nil r3 0',
    'load_constant r4 1.5f',
    'set_table r0 r4 r3',
  ]);
});

test('long strings are no field names', () => {
  const name = 'x'.repeat(41);
  assert.equal(body(`local t; t.${name} = t.y; ${name} = 1`).slice(1), [
    'get_field r1 r0 "y"',
    `load_constant r3 "${name}"`,
    'set_table r0 r3 r1',
    'get_upvalue r4 0',
    'load_integer r2 1',
    `load_constant r3 "${name}"`,
    'set_table r4 r3 r2',
  ]);
});

test('a local function finds itself without its upvalue, unless something sets the variable', () => {
  const all = (source: string) => {
    const module = compile(source);
    return module.functions.flatMap((_, index) => listing(module, index));
  };
  assert.ok(all('local function f() return f end').includes('get_closure r0'));
  for (const source of [
    'local function f() return f end f = nil',
    'local function f() f = nil return f end',
    'local function f() local function g() f = 1 end return f end',
    'local f f = function() return f end',
    'local function f() end return function() return f end',
  ]) {
    assert.ok(!all(source).includes('get_closure r0'), source);
  }
});

test('globals are fields of an upvalue', () => {
  assert.equal(body('x = y; x = 1'), [
    'get_upvalue_field r0 0 "y"',
    'set_upvalue_field 0 "x" r0',
    'load_integer r2 1',
    'set_upvalue_field 0 "x" r2',
  ]);
});

test('fuses comparisons with their jumps', () => {
  assert.equal(body('local a, b; if a == b then a() end').slice(1), [
    'jump_eq r0 r1 0 ->5',
    'move r2 r0',
    'call r2 1 1',
  ]);
  const test = (condition: string) => body(`local a, b; if ${condition} then a() end`)[1]!.replace(/ ->\d+/, '');
  assert.is(test('a ~= b'), 'jump_eq r0 r1 1');
  assert.is(test('a == nil'), 'jump_eq_k r0 nil 0');
  assert.is(test('"x" == a'), 'jump_eq_k r0 "x" 0');
  assert.is(test('a ~= 1.5'), 'jump_eq_k r0 1.5f 1');
  assert.is(test('a < b'), 'jump_lt r0 r1 0');
  assert.is(test('a > b'), 'jump_lt r1 r0 0');
  assert.is(test('not (a <= b)'), 'jump_le r0 r1 1');
  assert.is(test('a < 5'), 'jump_lt_imm r0 5 0');
  assert.is(test('a <= -128'), 'jump_le_imm r0 -128 0');
  assert.is(test('a > 127'), 'jump_gt_imm r0 127 0');
  assert.is(test('5 <= a'), 'jump_ge_imm r0 5 0');
  assert.is(test('a'), 'jump_unless r0');
  assert.is(test('not a'), 'jump_if r0');
  assert.is(test('a < 128'), 'jump_lt_k r0 128 0');
  assert.is(test('a <= 1.5'), 'jump_le_k r0 1.5f 0');
  assert.is(test('a > -129'), 'jump_gt_k r0 -129 0');
  assert.is(test('1.0 <= a'), 'jump_ge_k r0 1f 0');
  assert.equal(body('local a; local b = a < "x"')[1], 'load_constant r3 "x"');
});

test('makes values of conditions', () => {
  assert.equal(body('local a, b; local c = a < b').slice(1), [
    'jump_lt r0 r1 1 ->5',
    'load_boolean r2 0',
    'jump ->6',
    'load_boolean r2 1',
  ]);
  assert.equal(body('local a, b; local c = a and b').slice(1), ['move r2 r0', 'jump_unless r2 ->4', 'move r2 r1']);
  assert.equal(body('local a, b; a = a or b').slice(1), ['jump_if r0 ->3', 'move r0 r1']);
  // The old value of b is still wanted when a is false.
  assert.equal(body('local a, b; b = a and b + 1').slice(1), [
    'jump_if r0 ->4',
    'move r1 r0',
    'jump ->5',
    'add_imm r1 r1 1',
  ]);
});

test('numeric loops are prepared once', () => {
  assert.equal(body('for i = 1, 10 do f(i) end'), [
    'load_integer r0 1',
    'load_integer r1 10',
    'load_integer r2 1',
    'for_prepare r0 ->8',
    'get_upvalue_field r4 0 "f"',
    'move r5 r3',
    'call r4 2 1',
    'for_loop r0 ->4',
  ]);
});

test('generic loops have a fourth value, which is closed on every way out', () => {
  assert.equal(body('for k in f do if k then break end end'), [
    'get_upvalue_field r0 0 "f"',
    'load_nil r1 1',
    'load_nil r3 0',
    'generic_for_prepare r0 ->7',
    'jump_unless r4 ->7',
    'close r3',
    'jump ->10',
    'generic_for_call r0 1',
    'generic_for_loop r0 ->4',
    'close r3',
  ]);
});

const lists: [string, string][] = [
  ['f()', 'call r0 1 5'],
  ['a, f()', 'call r1 1 4'],
  ['a, b, f()', 'call r2 1 3'],
  ['a, b, c, f()', 'call r3 1 2'],
  ['(f())', 'load_nil r3 0'],
  ['a, b, (f())', 'load_nil r3 0'],
  ['a, b, x or f()', 'load_nil r3 0'],
  ['a, b, false or f()', 'load_nil r3 0'],
  ['a, b, true and f()', 'load_nil r3 0'],
  ['a and b, c or d, f()', 'call r2 1 3'],
  ['a, b, f(x and y)', 'call r2 0 3'],
  ['a, b, -f()', 'load_nil r3 0'],
  ['a, b, {f()}', 'load_nil r3 0'],
  ['a, b, f().x', 'load_nil r3 0'],
  ['a, b, f(x or y)', 'call r2 0 3'],
  ['a, b, f{}', 'call r2 2 3'],
  ['a, b, o:f()', 'call r2 2 3'],
  ['...', 'vararg r0 5'],
  ['a, b, ...', 'vararg r2 3'],
  ['a, b, (...)', 'load_nil r3 0'],
  ['a, b, c, ...', 'vararg r3 2'],
];
for (const [list, expected] of lists) {
  test(`gets the fourth value of "in ${list}"`, () => {
    const texts = body(`local _ENV <const> = ...; for k in ${list} do end`);
    const last = texts[texts.findIndex((text) => text.startsWith('generic_for_prepare')) - 1]!;
    const shifted = last.replace(/ r(\d+)/, (_, register) => ` r${Number(register) - 1}`);
    assert.is(shifted.replace(/^(call r\d+) \d+/, '$1'), expected.replace(/^(call r\d+) \d+/, '$1'));
  });
}

test('an iteration closes the variables that a closure captured, but not the closing value', () => {
  const texts = body('for k in f do g(function() return k end) end');
  assert.ok(texts.includes('close r4'));
  assert.is(texts.indexOf('close r4') + 1, texts.indexOf('generic_for_call r0 1'));
  assert.is(texts[texts.length - 1], 'close r3');
});

test('a jump to the end of a loop closes what is inside, not the closing value', () => {
  const closes = (source: string) => body(source).filter((text) => text.startsWith('close '));
  assert.equal(closes('for k in f do if k then g() end end'), ['close r3']);
  assert.equal(closes('for k in f do if k then goto continue end g() ::continue:: end'), ['close r3']);
  // A closure may have captured a variable of the block that is left.
  assert.equal(closes('for k in f do do local x; g(function() return x end) if k then goto c end end ::c:: end'), [
    'close r4',
    'close r4',
    'close r3',
  ]);
  // The inner loop's closing value is closed by its break, although that jumps to the end of the outer loop.
  assert.equal(closes('for k in f do for l in g do if l then break end end end'), ['close r4', 'close r8', 'close r3']);
});

test('leaving a block closes what was captured', () => {
  assert.equal(body('while f() do local x; g = function() return x end; if x then break end end').slice(2), [
    'jump_unless r0 ->12',
    'load_nil r0 0',
    'closure r1 1',
    'set_upvalue_field 0 "g" r1',
    'jump_unless r0 ->9',
    'close r0',
    'jump ->12',
    'close r0',
    'jump ->0',
    'jump ->0',
  ]);
});

test('to-be-closed variables are marked when they have their value', () => {
  assert.equal(body('do local x <close>, y = f(), 1 end'), [
    'get_upvalue_field r0 0 "f"',
    'call r0 1 2',
    'load_integer r1 1',
    'to_be_closed r0',
    'close r0',
  ]);
});

test('a jump to the start of a loop does not mark a variable again', () => {
  const texts = listing(compile('local x <close> = a or b; repeat c() until d'));
  const mark = texts.indexOf('to_be_closed r0');
  assert.ok(texts.includes(`jump_unless r1 ->${mark + 1}`));
  assert.ok(texts.includes(`jump_if r0 ->${mark}`));
});

test('a return is a tail call only where nothing must be closed', () => {
  const calls = (source: string, index = 0) =>
    body(source, index).filter((text) => /call/.test(text) && !/for/.test(text));
  assert.equal(calls('return f()'), ['tail_call r0 1']);
  assert.equal(calls('local x <close> = nil; return f()'), ['call r1 1 0']);
  assert.equal(calls('for k in f do return g() end'), ['call r5 1 0']);
  assert.equal(calls('local x <close> = nil; return function() return f() end', 1), ['tail_call r0 1']);
  assert.equal(calls('do local x <close> = nil end return f()'), ['tail_call r0 1']);
});

test('open results go on to calls, returns and tables', () => {
  assert.equal(body('f(a, g())').slice(3), ['call r2 1 0', 'call r0 0 1']);
  assert.equal(body('return f(), ...'), ['get_upvalue_field r0 0 "f"', 'call r0 1 2', 'vararg r1 0', 'return r0 0']);
  assert.equal(body('t = {f()}').slice(1, -1), ['get_upvalue_field r1 0 "f"', 'call r1 1 0', 'set_list r0 0 0']);
});

test('table constructors store fifty elements at once', () => {
  const texts = body(`t = {${'x,'.repeat(120)}}`).filter((text) => text.startsWith('set_list'));
  assert.equal(texts, ['set_list r0 50 0', 'set_list r0 50 50', 'set_list r0 20 100']);
  assert.is(body('t = {1, 2, x = 3, [4] = 5}')[0], 'new_table r0 2 2');
});

test('methods are one instruction', () => {
  assert.equal(body('o:m(1)'), ['get_upvalue_field r0 0 "o"', 'self r0 r0 "m"', 'load_integer r2 1', 'call r0 3 1']);
  assert.equal(body(`local o; o:${'m'.repeat(41)}()`).slice(1), [
    'move r2 r0',
    `load_constant r3 "${'m'.repeat(41)}"`,
    'get_table r1 r2 r3',
    'call r1 2 1',
  ]);
});

test('more constants than field instructions can name go through registers', () => {
  const fields = Array.from({ length: 300 }, (_, index) => `t.k${index} = ${index} + 0.5`).join('\n');
  const texts = body(`local t = {} ${fields}`);
  assert.ok(texts.includes('set_field r0 "k0" r1'));
  assert.ok(texts.some((text) => text.startsWith('load_constant') && text.endsWith(' "k299"')));
});

test('jumps over a lot of code take the long way', () => {
  const long = 'x = x + y '.repeat(20_000);
  const texts = body(`for i = 1, 2 do ${long} end`);
  const prepare = texts.findIndex((text) => text.startsWith('for_prepare'));
  assert.equal(texts.slice(prepare, prepare + 3), ['for_prepare r0 ->5', 'jump ->6', `jump ->${80_009}`]);
  compile(`if a then ${long} end while a do ${long} end for k in f do ${long} end`);
});

test('too many constants in a function are an error', () => {
  const numbers = Array.from({ length: 70_000 }, (_, index) => `${index}.5`).join(',');
  assert.throws(() => compile(`t = {${numbers}}`), /constants/);
});

test('knows lines, local variables and names of operands', () => {
  const { debug, upvalues } = compile('local t = {}\nlocal x = t.a.b\nreturn x + y').functions[0]!;
  assert.equal(
    debug.lines.map(({ pc, line }) => [pc, line]),
    [
      [0, 1],
      [1, 2],
      [3, 3],
    ],
  );
  assert.equal(
    debug.locals.map(({ name, register, start, end }) => [name, register, start, end]),
    [
      ['t', 0, 1, 7],
      ['x', 1, 3, 7],
    ],
  );
  assert.equal(
    debug.operands.map(({ pc, register, kind, name }) => [pc, register, kind, name]),
    [
      [2, 1, 'field', 'a'],
      [4, 2, 'global', 'y'],
    ],
  );
  assert.equal(upvalues, [{ fromRegister: true, index: 0, name: '_ENV' }]);
});

test('names functions after what the source calls them', () => {
  const names = compile(
    'local function a() end function b.c:d() end e = function() end local f = function() end g(function() end)',
  ).functions.map(({ debug }) => debug.name);
  assert.equal(names, ['main', 'a', 'b.c.d', 'e', 'f', 'anonymous']);
});

test('compiling twice gives the same module', () => {
  const source = 'local a = {1, x = 2} for k, v in pairs(a) do print(k, function() return v end) end return a.x * 3';
  assert.equal(compile(source), compile(source));
});

test.run();
