// What pieces of code become: the instructions, one by one. A row is a function's parameters, results and body, and
// what must come out of it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compile, listing } from './listing';

type Row = readonly [behaviour: string, head: string, body: string, expected: string];

const ROWS: readonly Row[] = [
  ['reads locals where they lie', 'a: i32, b: i32 -> i32', 'a b i32.add', 'i32.add r2, r0, r1; return_value r2'],
  ['returns a local without a copy', 'a: i32 -> i32', 'a', 'return_value r0'],
  ['computes straight into a local', 'a: i32 -> i32', 'a 1 i32.add =a a', 'i32.add_imm r0, r0, 1; return_value r0'],
  ['sets and keeps', 'a: i32 -> i32', 'a 1 i32.add local.tee a', 'i32.add_imm r0, r0, 1; return_value r0'],
  ['moves a local', 'a: i32, b: i32 -> i32', 'b =a a', 'move r0, r1; return_value r0'],
  [
    'keeps the old value of a local that is set',
    'a: i32 -> i32',
    'a a 1 i32.add =a a i32.mul',
    'move r1, r0; i32.add_imm r0, r0, 1; i32.mul r1, r1, r0; return_value r1',
  ],
  ['loads short constants', '-> i32', '-32768', 'i32.const r0, -32768; return_value r0'],
  ['takes long constants from the pool', '-> i32', '32768', 'const r0, k0; return_value r0'],
  ['loads a float zero as an integer', '-> f64', '0.0', 'i64.const r0, 0; return_value r0'],
  ['but not a negative one', '-> f64', '-0.0', 'const r0, k0; return_value r0'],
  ['subtracts by adding', 'a: i32 -> i32', 'a 5 i32.sub', 'i32.add_imm r1, r0, -5; return_value r1'],
  [
    'has no immediate for -(-128)',
    'a: i32 -> i32',
    'a -128 i32.sub',
    'i32.const r1, -128; i32.sub r1, r0, r1; return_value r1',
  ],
  ['takes a constant from the left', 'a: i32 -> i32', '7 a i32.mul', 'i32.mul_imm r1, r0, 7; return_value r1'],
  [
    'but not where the order matters',
    'a: i32 -> i32',
    '7 a i32.sub',
    'i32.const r1, 7; i32.sub r1, r1, r0; return_value r1',
  ],
  ['shifts for small powers of two', 'a: i32 -> i32', 'a 8 i32.mul', 'i32.shl_imm r1, r0, 3; return_value r1'],
  [
    'takes shift counts modulo the width',
    'a: i64 -> i64',
    'a i64.const 65 i64.shl',
    'i64.shl_imm r1, r0, 1; return_value r1',
  ],
  ['exchanges the sides of gt and ge', 'a: f64, b: f64 -> i32', 'a b f64.ge', 'f64.le r2, r1, r0; return_value r2'],
  ['wraps and reinterprets for nothing', 'a: i64 -> f32', 'a i32.wrap_i64 f32.reinterpret_i32', 'return_value r0'],
  ['drops what has no effect', 'a: i32 -> i32', 'a 3 i32.mul drop a', 'return_value r0'],
  ['but computes what may trap', 'a: i32 -> i32', 'a a i32.div_s drop a', 'i32.div_s r1, r0, r0; return_value r0'],
  [
    'keeps what may trap in order',
    'a: i32 -> i32',
    'a i32.load a a i32.div_u drop',
    'i32.load r1, r0, 0; i32.div_u r2, r0, r0; return_value r1',
  ],
  [
    'does not move a load past a store',
    'a: i32 -> i32',
    'a i32.load a 1 i32.store',
    'i32.load r1, r0, 0; i32.const r3, 1; i32.store r3, r0, 0; return_value r1',
  ],
  ['adds small offsets', 'a: i32 -> i32', 'a i32.load8_u offset=255', 'i32.load8_u r1, r0, 255; return_value r1'],
  [
    'adds large offsets without wrapping',
    'a: i32 -> i32',
    'a i32.load16_s offset=256',
    'address.offset r1, r0, 256; i32.load16_s r1, r1, 0; return_value r1',
  ],
  [
    'indexes words',
    'a: i32, i: i32 -> i32',
    'a i 4 i32.mul i32.add i32.load',
    'i32.load_indexed r2, r0, r1; return_value r2',
  ],
  [
    'indexes with the base on either side',
    'a: i32, i: i32 -> f64',
    'i 3 i32.shl a i32.add f64.load',
    'i64.load_indexed r2, r0, r1; return_value r2',
  ],
  [
    'indexes bytes',
    'a: i32, i: i32 -> i32',
    'a i i32.add i32.load8_s',
    'i32.load8_s_indexed r2, r0, r1; return_value r2',
  ],
  [
    'does not index elements of another size',
    'a: i32, i: i32 -> i32',
    'a i 4 i32.mul i32.add i32.load16_u',
    'i32.shl_imm r2, r1, 2; i32.add r2, r0, r2; i32.load16_u r2, r2, 0; return_value r2',
  ],
  [
    'indexes stores',
    'a: i32, i: i32, v: f32',
    'a i 4 i32.mul i32.add v f32.store',
    'i32.store_indexed r2, r0, r1; return',
  ],
  [
    'computes an address whose register is needed',
    'a: i32, i: i32',
    'a i 1 i32.add 4 i32.mul i32.add i i i32.mul i i32.xor i32.store',
    'i32.add_imm r3, r1, 1; i32.shl_imm r2, r3, 2; i32.add r2, r0, r2; i32.mul r3, r1, r1; i32.xor r3, r3, r1; ' +
      'i32.store r3, r2, 0; return',
  ],
  [
    'widens narrow loads',
    'a: i32 -> i64',
    'a i64.load16_s',
    'i32.load16_s r1, r0, 0; i64.extend32_s r1, r1; return_value r1',
  ],
  ['stores the low bits of an i64', 'a: i32, v: i64', 'a v i64.store8', 'i32.store8 r1, r0, 0; return'],
  ['branches on comparisons', 'a: i32, b: i32', 'l: a b i32.gt_u br_if l', 'L1:; i32.br_lt_u r1, r0, L1; return'],
  [
    'branches on their opposites',
    'a: i32, b: i32',
    'l: a b i32.lt_s i32.eqz br_if l',
    'L1:; i32.br_le_s r1, r0, L1; return',
  ],
  ['branches on constants', 'a: i32', 'l: a 10 i32.le_s br_if l', 'L1:; i32.br_lt_s_imm r0, 11, L1; return'],
  [
    'branches on constants from the left',
    'a: i32',
    'l: 10 a i32.le_u br_if l',
    'L1:; i32.br_ge_u_imm r0, 10, L1; return',
  ],
  [
    'has no immediate above the largest',
    'a: i32',
    'l: a -1 i32.gt_u br_if l',
    'L1:; i32.const r1, -1; i32.br_lt_u r1, r0, L1; return',
  ],
  [
    'nor above 16 bits',
    'a: i32',
    'l: a 32767 i32.gt_s br_if l',
    'L1:; i32.const r1, 32767; i32.br_lt_s r1, r0, L1; return',
  ],
  [
    'branches on zero in one word',
    'a: i32',
    'l: a i32.eqz br_if l a 0 i32.ne br_if l',
    'L1:; br_unless r0, L1; br_if r0, L1; return',
  ],
  [
    'branches on two constants',
    '',
    'l: 1 2 i32.lt_s br_if l',
    'L1:; i32.const r0, 1; i32.br_lt_s_imm r0, 2, L1; return',
  ],
  ['branches on other values', 'a: f32', 'l: a a f32.ne br_if l', 'L1:; f32.ne r1, r0, r0; br_if r1, L1; return'],
  [
    'computes a comparison with a constant',
    'a: i32 -> i32',
    'a 3 i32.eq',
    'i32.const r1, 3; i32.eq r1, r0, r1; return_value r1',
  ],
  ['knows eqz', 'a: i32 -> i32', 'a i32.eqz', 'i32.eqz r1, r0; return_value r1'],
  [
    'brings values to their places at labels',
    'a: i32 -> i32',
    'a 2 l: i32.add a br_if m 5 br l m: a i32.xor',
    'move r1, r0; i32.const r2, 2; L1:; i32.add r1, r1, r2; br_if r0, L2; i32.const r2, 5; jump L1; L2:; ' +
      'i32.xor r1, r1, r0; return_value r1',
  ],
  [
    'passes arguments in a row',
    'a: i32, b: i32 -> i32',
    'b a 1 i32.add call callee',
    'move r2, r1; i32.add_imm r3, r0, 1; call r2, f1; return_value r2',
  ],
  [
    'keeps what a call overwrites',
    'a: i32 -> i32',
    'a a i32.mul a a i32.add i32.lt_s 1 2 call callee i32.add',
    'i32.mul r1, r0, r0; i32.add r2, r0, r0; i32.lt_s r1, r1, r2; i32.const r2, 1; i32.const r3, 2; call r2, f1; ' +
      'i32.add r1, r1, r2; return_value r1',
  ],
  [
    'calls by the table',
    'a: i32 -> i32',
    '1 2 a call_indirect (i32, i32) -> i32',
    'i32.const r1, 1; i32.const r2, 2; call_indirect r1, r0, 0; return_value r1',
  ],
  [
    'selects in place',
    'a: i32, b: i32 -> i32',
    'a b a b i32.lt_s select',
    'i32.lt_s r4, r0, r1; move r2, r0; select r2, r1, r4; return_value r2',
  ],
  ['selects into its first local', 'a: i32, b: i32 -> i32', 'a b b select =a a', 'select r0, r1, r1; return_value r0'],
  [
    'selects into its second local',
    'a: i32, b: i32 -> i32',
    'a b a select =b b',
    'move r5, r0; select r5, r1, r0; move r1, r5; return_value r1',
  ],
  ['returns several values', 'a: i32, b: i64 -> i64, i32', 'b a', 'move r2, r1; move r3, r0; return_values r2, 2'],
  [
    'copies what memory.copy destroys',
    'a: i32, b: i32',
    'a b 4 memory.copy',
    'move r2, r0; move r3, r1; i32.const r4, 4; memory.copy r2, r3, r4; return',
  ],
  ['rounds the memory stack up', '-> i32', 'stack.allocate 17', 'stack.allocate r0, 2; return_value r0'],
  [
    'allocates much of it dynamically',
    '-> i32',
    'stack.allocate 2MiB',
    'const r0, k0; stack.allocate_dynamic r0, r0; return_value r0',
  ],
  ['clears a local that is read first', '-> i32', 'x', 'i64.const r0, 0; return_value r0'],
  [
    'clears a local that only some ways set',
    'a: i32 -> i32',
    'a br_if l 1 =x l: x',
    'i64.const r1, 0; br_if r0, L1; i32.const r1, 1; L1:; return_value r1',
  ],
  [
    'does not clear one that all ways set',
    'a: i32 -> i32',
    'a br_if l 1 =x br m l: 2 =x m: x',
    'br_if r0, L1; i32.const r1, 1; jump L2; L1:; i32.const r1, 2; L2:; return_value r1',
  ],
  [
    'does not clear one that a loop sets',
    'a: i32',
    '0 =x l: x 1 i32.add local.tee x a i32.lt_s br_if l',
    'i32.const r1, 0; L1:; i32.add_imm r1, r1, 1; i32.br_lt_s r1, r0, L1; return',
  ],
  ['traps', '', 'unreachable', 'trap 0'],
];

for (const [behaviour, head, body, expected] of ROWS) {
  test(behaviour, () => {
    const [params, results] = head.split('->');
    const arrow = results === undefined ? '' : ` -> ${results}`;
    const locals = /\bx\b/.test(body) ? 'local x: i32' : '';
    const module = compile(
      `func f(${params})${arrow}\n${locals}\n${body}\nend\nfunc callee(a: i32, b: i32) -> i32\na\nend\nentry f`,
    );
    assert.is(listing(module).join('; '), expected);
  });
}

test('gives every instruction its line', () => {
  const module = compile('func main(a: i32) -> i32\n  a 1\n  i32.add\n\n  a\n  i32.mul\nend');
  assert.equal(
    module.functions[0]!.debug.lines.map(({ line }) => line),
    [3, 6, 7],
  );
  const { line, lastLine, name } = module.functions[0]!.debug;
  assert.equal([line, lastLine, name], [1, 7, 'main']);
});

test('names parameters and locals', () => {
  const { locals } = compile('func main(a: i32)\n  local b: f64\n  nop\nend').functions[0]!.debug;
  assert.equal(
    locals.map(({ name, register, start, end }) => [name, register, start, end]),
    [
      ['a', 0, 0, 1],
      ['b', 1, 0, 1],
    ],
  );
});

test.run();
