// Sources that do not compile: Lua 5.4's own words and line, and a column. Compared with the real lua5.4 as well.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLua } from '../../../frontends/lua/index';
import { hasRealLua, runRealLuaText } from './real-lua';

const encoder = new TextEncoder();

function firstDiagnostic(source: string) {
  return compileLua(encoder.encode(source), { fileName: 'f' }).diagnostics[0];
}

function message(source: string): string {
  const diagnostic = firstDiagnostic(source);
  return diagnostic === undefined ? 'compiles' : `${diagnostic.line}: ${diagnostic.message}`;
}

/** Source, what is said about it. The real Lua says the same. */
const ERRORS: [source: string, expected: string][] = [
  // statements
  ['x =', '1: unexpected symbol near <eof>'],
  ['x = }', "1: unexpected symbol near '}'"],
  ['x', '1: syntax error near <eof>'],
  ['x y', "1: syntax error near 'y'"],
  ['f() = 1', "1: syntax error near '='"],
  ['(a) = 1', "1: syntax error near '='"],
  ['a, f() = 1', "1: syntax error near '='"],
  ['"x" = 1', `1: unexpected symbol near '"x"'`],
  ['return return', "1: unexpected symbol near 'return'"],
  ['return 1 x = 2', "1: <eof> expected near 'x'"],
  ['if x then', "1: 'end' expected near <eof>"],
  ['if x then\n\n\nelse foo bar', "4: syntax error near 'bar'"],
  ['if x\nthen\n', "3: 'end' expected (to close 'if' at line 1) near <eof>"],
  ['if x do', "1: 'then' expected near 'do'"],
  ['while 1', "1: 'do' expected near <eof>"],
  ['repeat', "1: 'until' expected near <eof>"],
  ['repeat\nx()\n', "3: 'until' expected (to close 'repeat' at line 1) near <eof>"],
  ['for i', "1: '=' or 'in' expected near <eof>"],
  ['for 3', "1: <name> expected near '3'"],
  ['for i in 3', "1: 'do' expected near <eof>"],
  ['for i = 1 do end', "1: ',' expected near 'do'"],
  ['for a.b = 1, 2 do end', "1: '=' or 'in' expected near '.'"],
  ['end', "1: <eof> expected near 'end'"],
  ['local function a.b() end', "1: '(' expected near '.'"],
  ['local 3', "1: <name> expected near '3'"],
  ['function a.b:c.d() end', "1: '(' expected near '.'"],
  ['function f(a,) end', "1: <name> or '...' expected near ')'"],
  ['function f(...,a) end', "1: ')' expected near ','"],
  ['function f() return ... end', "1: cannot use '...' outside a vararg function near '...'"],
  ['goto 3', "1: <name> expected near '3'"],
  ['::a', "1: '::' expected near <eof>"],
  // expressions: a numeral is never taken for an argument
  ['f 3', "1: syntax error near '3'"],
  ['f(1) 3', "1: unexpected symbol near '3'"],
  ['x = a 3', "1: unexpected symbol near '3'"],
  ['x = t[1] 0x10', "1: unexpected symbol near '0x10'"],
  ['x = {a 3}', "1: '}' expected near '3'"],
  ['x = a. 1', "1: <name> expected near '1'"],
  ['x = "a" 5', "1: unexpected symbol near '5'"],
  ['x = 5 "a"', `1: unexpected symbol near '"a"'`],
  ['x = 1 [[a\nb]]', "2: unexpected symbol near '[[a\nb]]'"],
  ['x = 1 [=[a]]]=]', "1: unexpected symbol near '[=[a]]]=]'"],
  ['x = 1 "a\\65\\tb"', `1: unexpected symbol near '"aA\tb"'`],
  ['x = 1 "a\\0b"', `1: unexpected symbol near '"a'`],
  ['f(\n\n', '3: unexpected symbol near <eof>'],
  ['f(1\n', "2: ')' expected (to close '(' at line 1) near <eof>"],
  ['a.b:c = 1', "1: function arguments expected near '='"],
  ['a.b:c', '1: function arguments expected near <eof>'],
  ['local t = {1,2', "1: '}' expected near <eof>"],
  ['local t = {a=}', "1: unexpected symbol near '}'"],
  ['local t = {[1=2}', "1: ']' expected near '='"],
  ['x = 1 and', '1: unexpected symbol near <eof>'],
  ['x = @', "1: unexpected symbol near '@'"],
  ['x = \x01', "1: unexpected symbol near '<\\1>'"],
  ['x = \x7f', "1: unexpected symbol near '<\\127>'"],
  ['x = ~', '1: unexpected symbol near <eof>'],
  ['x = not', '1: unexpected symbol near <eof>'],
  // lexical errors where the parser is
  ['x = 3x', "1: malformed number near '3x'"],
  ['x = "abc', '1: unfinished string near <eof>'],
  // goto and labels
  ['break', '1: break outside loop at line 1'],
  ['do break end\n\nlocal x', '3: break outside loop at line 1'],
  ['while 1 do function f() break end end', '1: break outside loop at line 1'],
  ['goto x', "1: no visible label 'x' for <goto> at line 1"],
  ['do\nlocal y\n::x::\nend goto x', "4: no visible label 'x' for <goto> at line 4"],
  ['goto x; local y; ::x:: print(y)', "1: <goto x> at line 1 jumps into the scope of local 'y'"],
  ['repeat goto c; local y; ::c:: until y', "1: <goto c> at line 1 jumps into the scope of local 'y'"],
  ['::x:: ::y::\n::x:: z = 1', "2: label 'x' already defined on line 2"],
  ['::x:: ::y:: z = 1\n::x:: z = 1', "2: label 'x' already defined on line 1"],
  ['::x::\n\n;\ndo ::x:: end\n x=1', "4: label 'x' already defined on line 1"],
  ['::x:: do do\n::x::\n;;\nend end', "4: label 'x' already defined on line 1"],
  ['::x:: function f() ::x:: end do ::y:: end do ::y:: end', 'compiles'],
  // attributes
  ['local x <const> = 1\nx = 2', "2: attempt to assign to const variable 'x'"],
  ['local x <const> = 1\ny,\nx = 2', "3: attempt to assign to const variable 'x'"],
  ['local x <const> = 1\nx, y\n= 2', "2: attempt to assign to const variable 'x'"],
  ['local x <const> = 1; t.a, x, t.b = 2', "1: attempt to assign to const variable 'x'"],
  ['local x <const> = 1; t[1].a, f(1).b, x = 2', "1: attempt to assign to const variable 'x'"],
  ['local x <const> = 1; x = x', "1: attempt to assign to const variable 'x'"],
  ['local x <const> = 1\nfunction x()\n\nend\n\n', "6: attempt to assign to const variable 'x'"],
  ['local x <const> = 1\nfunction x(a) if a then b() end end y()', "2: attempt to assign to const variable 'x'"],
  [
    'local x <const> = 1; local function f() return function() x = 2 end end',
    "1: attempt to assign to const variable 'x'",
  ],
  ['local x <close> = nil; x = 3', "1: attempt to assign to const variable 'x'"],
  ['local y, x <const>, z = 1; f(y) x = 3', "1: attempt to assign to const variable 'x'"],
  ['local _ENV <const> = {}; x = 1; _ENV = 2', "1: attempt to assign to const variable '_ENV'"],
  ['local x <const> = 1; do local x; x = 2 end', 'compiles'],
  ['do local x <const> = 1 end x = 2', 'compiles'],
  ['local x; local x <const> = 1; local x = 2; x = 3', 'compiles'],
  ['local x <const> = x = 1', "1: unexpected symbol near '='"],
  ['local x <const> = 1; for x = 1, 2 do x = 3 end for y, x in f do x = 4 end', 'compiles'],
  ['local x <const> = 1; local t = {x = 2, [x] = 3, y = function() local x; x = 1 end, x = 5}', 'compiles'],
  ['local x <const> = 1; x.y, x[1], f(x).x, (x).x = 1, 2, 3, 4', 'compiles'],
  ['local x <const> = 1; local y, z = x, x; a = x', 'compiles'],
  ['local x <const> = 1; local function g(x) x = 2 end function t:x() end function x.f() end', 'compiles'],
  ['local self <const> = 1; function t:f() self = 2 end', 'compiles'],
  ['local x <const> = 1; goto x; ::x:: a.x = 2 a:x() x = 3', "1: attempt to assign to const variable 'x'"],
  ['local x <foo> = 1', "1: unknown attribute 'foo'"],
  ['local x <close>, y <close> = 1', '1: multiple to-be-closed variables in local list'],
  ['local x <const = 1', "1: '>' expected near '='"],
  ['local x <3> = 1', "1: <name> expected near '3'"],
  ['local x <const> y', '1: syntax error near <eof>'],
  ['local x <close> = f() local y <close>', 'compiles'],
];

for (const [source, expected] of ERRORS) {
  test(`${JSON.stringify(source)} says ${JSON.stringify(expected)}`, () => assert.is(message(source), expected));
}

if (hasRealLua('syntax errors are not compared with it')) {
  test('the real Lua says the same', () => {
    const literal = ({ length }: string, source: string) =>
      `load("${Array.from({ length }, (_, index) => `\\${source.charCodeAt(index)}`).join('')}", "=f")`;
    const calls = ERRORS.map(([source]) => `show(${literal(source, source)})`);
    const prelude =
      'local function show(f, m) print(f and "compiles" or (m:gsub("^f:(%d+)", "%1"):gsub("\\n", "\\\\n"))) end\n';
    const { stdout } = runRealLuaText(prelude + calls.join('\n'), 10_000)!;
    assert.equal(
      stdout.trimEnd().split('\n'),
      ERRORS.map(([, expected]) => expected.replaceAll('\n', '\\n')),
    );
  });
}

test('a diagnostic has a code, a column and the length of the token', () => {
  assert.equal(firstDiagnostic('local x =\n  y + end'), {
    severity: 'error',
    code: 'lua.syntax',
    message: "unexpected symbol near 'end'",
    file: 'f',
    line: 2,
    column: 7,
    length: 3,
  });
  assert.is(firstDiagnostic('local x <const> = 1; x = 2')!.column, 22);
  assert.is(firstDiagnostic('local x <const> = 1; x = 2')!.code, 'lua.semantics');
  assert.equal([firstDiagnostic('x = "abc\\q"')!.column, firstDiagnostic('\r\n\r\n x = 3x')!.column], [5, 6]);
  assert.equal([firstDiagnostic('x = [[\n\n')!.line, firstDiagnostic('x = [[\n\n')!.column], [3, 1]);
});

const LIMITS: [name: string, source: string, expected: string][] = [
  ['parentheses', `return ${'('.repeat(300)}`, 'C stack overflow'],
  ['blocks', 'do '.repeat(300), 'C stack overflow'],
  ['functions', 'function f() '.repeat(300), 'C stack overflow'],
  ['tables', `return ${'{'.repeat(100_000)}`, 'C stack overflow'],
  ['concatenations', `return ${'a .. '.repeat(300)}a`, 'C stack overflow'],
  ['powers', `return ${'a ^ '.repeat(300)}a`, 'C stack overflow'],
  ['assigned variables', `a${',a'.repeat(300)} = 1`, 'C stack overflow'],
  ['local variables', `local ${names(201)}`, 'too many local variables (limit is 200) in main function near <eof>'],
  [
    'local variables of a function',
    `\nfunction f()\nlocal ${names(201)} end`,
    "too many local variables (limit is 200) in function at line 2 near 'end'",
  ],
  ['registers', `f(${'1,'.repeat(300)}1)`, "function or expression needs too many registers near ','"],
];
for (const [name, source, expected] of LIMITS) {
  test(`too many ${name} are an error with code lua.limit`, () => {
    const diagnostic = firstDiagnostic(source)!;
    assert.is(diagnostic.message, expected);
    assert.is(diagnostic.code, 'lua.limit');
  });
}

test('just below the limits sources compile', () => {
  for (const source of [
    `return ${'('.repeat(195)}1${')'.repeat(195)}`,
    `${'do '.repeat(197)}${'end '.repeat(197)}`,
    `return ${'a .. '.repeat(190)}a`,
    `a${',a'.repeat(150)} = 1`,
    `local ${names(200)}`,
    `f(${'1,'.repeat(240)}1)`,
    `return ${'- '.repeat(190)}1`,
  ]) {
    assert.is(message(source), 'compiles');
  }
});

test('a source that is too long is refused unread', () => {
  const { diagnostics } = compileLua(encoder.encode('return 1'), { fileName: 'f', maxSourceBytes: 7 });
  assert.is(diagnostics[0]!.message, 'source has 8 bytes (limit is 7)');
});

test('an exhausted host stack is a diagnostic too', () => {
  const deepest = (depth: number): string => {
    try {
      return deepest(depth + 1);
    } catch {
      return message(`return ${'('.repeat(150)}1${')'.repeat(150)}`);
    }
  };
  assert.ok(['compiles', '1: C stack overflow'].includes(deepest(0)));
});

function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `v${index}`).join(',');
}

test.run();
