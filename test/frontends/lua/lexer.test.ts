// The lexer: kinds, values and positions of tokens, and the texts of lexical errors.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Lexer } from '../../../frontends/lua/lexer';
import { LiteralTable } from '../../../frontends/lua/literals';
import { LuaSyntaxError } from '../../../frontends/lua/syntax-error';
import { createToken, TOKEN } from '../../../frontends/lua/token';

const encoder = new TextEncoder();

/** The tokens of `source` as short texts: names, literals as kind:value, others as they are spelled. */
function tokens(source: string | Uint8Array): string[] {
  const bytes = typeof source === 'string' ? encoder.encode(source) : source;
  const literals = new LiteralTable();
  const lexer = new Lexer(bytes, literals);
  const token = createToken();
  const texts: string[] = [];
  for (lexer.next(token); token.kind !== TOKEN['<eof>']; lexer.next(token)) {
    if (token.kind === TOKEN['<name>']) texts.push(literals.names[token.value]!);
    else if (token.value >= 0) texts.push(describe(literals, token.value));
    else texts.push(new TextDecoder().decode(bytes.subarray(token.start, token.end)));
  }
  return texts;
}

function describe(literals: LiteralTable, index: number): string {
  const constant = literals.constants[index]!;
  if (constant.kind === 'string') return `s:${new TextDecoder('latin1').decode(constant.bytes)}`;
  if (constant.kind === 'integer') return `i:${(BigInt(constant.high) << 32n) | BigInt(constant.low >>> 0)}`;
  return constant.kind === 'float' ? `f:${constant.value}` : constant.kind;
}

function lexicalError(source: string): string {
  try {
    tokens(source);
  } catch (error) {
    if (error instanceof LuaSyntaxError) return `${error.line}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

test('tells names, reserved words and operators apart', () => {
  assert.equal(tokens('local x1 = and_ .. ...'), ['local', 'x1', '=', 'and_', '..', '...']);
  assert.equal(tokens('a==b~=c<=d>=e<<f>>g//h::i'), 'a == b ~= c <= d >= e << f >> g // h :: i'.split(' '));
  assert.equal(tokens('a=b~c<d>e/f:g.h#i'), 'a = b ~ c < d > e / f : g . h # i'.split(' '));
  assert.equal(tokens('<===>'), ['<=', '==', '>']);
});

const numerals: [string, string][] = [
  ['0', 'i:0'],
  ['3', 'i:3'],
  ['007', 'i:7'],
  ['9223372036854775807', 'i:9223372036854775807'],
  ['9223372036854775808', 'f:9223372036854776000'],
  ['00000000000000000000000000001', 'i:1'],
  ['0xff', 'i:255'],
  ['0XA', 'i:10'],
  ['0xffffffffffffffff', 'i:-1'],
  ['0x1ffffffffffffffff', 'i:-1'],
  ['0x7fffffffffffffff', 'i:9223372036854775807'],
  ['3.0', 'f:3'],
  ['3.', 'f:3'],
  ['.5', 'f:0.5'],
  ['3e2', 'f:300'],
  ['3E+2', 'f:300'],
  ['3e-2', 'f:0.03'],
  ['0.1', 'f:0.1'],
  ['1e400', 'f:Infinity'],
  ['5e-324', 'f:5e-324'],
  ['2e-324', 'f:0'],
  ['0x.8', 'f:0.5'],
  ['0x8.', 'f:8'],
  ['0x1p4', 'f:16'],
  ['0xA.8p0', 'f:10.5'],
  ['0x1P-2', 'f:0.25'],
  ['0x1p-1074', 'f:5e-324'],
  ['0x1p-1075', 'f:0'],
  ['0x1.8p-1075', 'f:5e-324'],
  ['0x1p1023', 'f:8.98846567431158e+307'],
  ['0x1p1024', 'f:Infinity'],
  ['0x0p99999999999', 'f:0'],
  ['0x1.fffffffffffff7p0', 'f:1.9999999999999998'],
  ['0x1.fffffffffffff8p0', 'f:2'],
  ['0x20000000000001p0', 'f:9007199254740992'],
  ['0x20000000000003p0', 'f:9007199254740996'],
  // One bit far behind the last one decides what would be a tie.
  ['0x20000000000001000000000000001p-60', 'f:9007199254740994'],
];
for (const [source, expected] of numerals) {
  test(`reads ${source} as ${expected}`, () => {
    const [kind, value] = tokens(source)[0]!.split(':');
    assert.is(tokens(source).length, 1);
    assert.is(kind, expected[0]);
    if (kind === 'i') assert.is(value, expected.slice(2));
    else assert.is(Number(value), Number(expected.slice(2)));
  });
}

test('reads numerals greedily', () => {
  assert.equal(tokens('1 ..2'), ['i:1', '..', 'i:2']);
  assert.equal(tokens('1 ..4294967295'), ['i:1', '..', 'i:4294967295']);
  assert.is(lexicalError('x = 3x'), "1: malformed number near '3x'");
  assert.is(lexicalError('x = 3..4'), "1: malformed number near '3..4'");
  assert.is(lexicalError('x = 0x'), "1: malformed number near '0x'");
  assert.is(lexicalError('x = 1e'), "1: malformed number near '1e'");
  assert.is(lexicalError('x = 1e+'), "1: malformed number near '1e+'");
  assert.is(lexicalError('x = 0x1p'), "1: malformed number near '0x1p'");
  assert.is(lexicalError('x = 1.2.3'), "1: malformed number near '1.2.3'");
  assert.is(lexicalError('x = 08f'), "1: malformed number near '08f'");
});

test('replaces escapes', () => {
  assert.equal(tokens(String.raw`"\a\b\f\n\r\t\v\\\"\'"`), ['s:\x07\b\f\n\r\t\v\\"\'']);
  assert.equal(tokens(String.raw`"\65\066\0067\255"`), ['s:AB\x067\xff']);
  assert.equal(tokens(String.raw`"\x41\xfF"`), ['s:A\xff']);
  assert.equal(tokens(String.raw`"\u{41}\u{e9}\u{20AC}"`), ['s:A\xc3\xa9\xe2\x82\xac']);
  assert.equal(tokens(String.raw`"\u{7FFFFFFF}"`), ['s:\xfd\xbf\xbf\xbf\xbf\xbf']);
  assert.equal(tokens(String.raw`"\u{3FFFFFF}\u{200000}"`), ['s:\xfb\xbf\xbf\xbf\xbf\xf8\x88\x80\x80\x80']);
  assert.equal(tokens('"a\\z \n\t b"'), ['s:ab']);
  assert.equal(tokens('"a\\\nb\\\r\nc"'), ['s:a\nb\nc']);
  assert.equal(tokens(`'it"s'`), ['s:it"s']);
});

const stringErrors: [string, string][] = [
  [String.raw`x = "abc\q"`, String.raw`1: invalid escape sequence near '"abc\q'`],
  ['x = "abc', '1: unfinished string near <eof>'],
  ['x = "abc\\', '1: unfinished string near <eof>'],
  ['x = "abc\ndef"', `1: unfinished string near '"abc'`],
  [String.raw`x = "\300"`, String.raw`1: decimal escape too large near '"\300"'`],
  [String.raw`x = "\xzz"`, String.raw`1: hexadecimal digit expected near '"\xz'`],
  [String.raw`x = "\u41"`, String.raw`1: missing '{' near '"\u4'`],
  [String.raw`x = "\u{zz"`, String.raw`1: hexadecimal digit expected near '"\u{z'`],
  [String.raw`x = "\u{80000000}"`, String.raw`1: UTF-8 value too large near '"\u{80000000'`],
  [String.raw`x = "a\nb\u{12"`, `1: missing '}' near '"a\nb\\u{12"'`],
  ['x = "a\\\nb\\q"', `2: invalid escape sequence near '"a\nb\\q'`],
];
for (const [source, expected] of stringErrors) {
  test(`complains: ${JSON.stringify(expected)}`, () => assert.is(lexicalError(source), expected));
}

test('reads long strings and comments of every level', () => {
  assert.equal(tokens('[[a]] [==[b]]]==] [=[]=]'), ['s:a', 's:b]]', 's:']);
  assert.equal(tokens('[[\na\r\nb\n\rc\rd\\n]]'), ['s:a\nb\nc\nd\\n']);
  assert.equal(tokens('a--[[x\ny]]b--c\nd--[==[ ]] ]==]e'), ['a', 'b', 'd', 'e']);
  assert.equal(tokens('--[=x\na --[ y\nb'), ['a', 'b']);
  assert.equal(tokens('t[a[1]]'), ['t', '[', 'a', '[', 'i:1', ']', ']']);
  assert.is(lexicalError('x = [==abc'), "1: invalid long string delimiter near '[=='");
  assert.is(lexicalError('x = [[abc\n'), '2: unfinished long string (starting at line 1) near <eof>');
  assert.is(lexicalError('\n\n--[==[abc\n]]'), '4: unfinished long comment (starting at line 3) near <eof>');
});

test('counts lines by any line end', () => {
  const lines = (source: string) => {
    const lexer = new Lexer(encoder.encode(source), new LiteralTable());
    const token = createToken();
    const numbers: number[] = [];
    for (lexer.next(token); token.kind !== TOKEN['<eof>']; lexer.next(token)) numbers.push(token.line);
    return numbers;
  };
  assert.equal(lines('a\nb\r\nc\n\rd\re\n\nf\r\rg'), [1, 2, 3, 4, 5, 7, 9]);
  assert.equal(lines('[[\n\n]] x "a\\\n" y "\\z\n\n" z'), [3, 3, 4, 4, 6, 6]);
});

test('skips a first line for the shell and a byte order mark', () => {
  assert.equal(tokens('#!/usr/bin/lua\nx'), ['x']);
  assert.equal(tokens('#'), []);
  assert.equal(tokens(new Uint8Array([0xef, 0xbb, 0xbf, 0x78])), ['x']);
  assert.equal(tokens('x #'), ['x', '#']);
});

test('takes any byte for a token and leaves the complaint to the parser', () => {
  assert.equal(tokens('@ $'), ['@', '$']);
  assert.is(tokens(new Uint8Array([0, 255, 1])).length, 3);
});

test('interns equal literals once, and tells integers, floats and signs of zero apart', () => {
  const literals = new LiteralTable();
  const lexer = new Lexer(encoder.encode('1 1.0 1 "1" 0x1 "1"'), literals);
  const token = createToken();
  for (lexer.next(token); token.kind !== TOKEN['<eof>']; lexer.next(token));
  assert.is(literals.constants.length, 3);
});

test.run();
