// The code of small functions, instruction by instruction: what is fused, folded, and kept in registers.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf } from './front';

function compiles(name: string, text: string, ...expected: string[]): void {
  test(name, () => {
    assert.equal(codeOf(text, 'f'), expected);
  });
}

compiles(
  'computes where the value goes',
  'int f(int a, int b) { int c; c = a + b; return c; }',
  'i32.add 0 0 1',
  'return_value 0',
);
compiles('returns a variable as it is', 'int f(int a) { return a; }', 'return_value 0');
compiles(
  'makes recursion of eight instructions',
  'int f(int n) { if (n < 2) return n; return f(n - 1) + f(n - 2); }',
  'i32.br_ge_s_imm 0 2 L0',
  'return_value 0',
  'L0:',
  'i32.add_imm 1 0 -1',
  'call 1 7',
  'i32.add_imm 2 0 -2',
  'call 2 7',
  'i32.add 0 1 2',
  'return_value 0',
);
compiles(
  'tests loops at the bottom, with indexed loads',
  'int f(int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }',
  'i32.const 2 0',
  'i32.const 3 0',
  'i32.br_le_s 1 3 L0',
  'L1:',
  'i32.load_indexed 4 0 3',
  'i32.add 2 2 4',
  'i32.add_imm_br_lt_s 3 1 1 L1',
  'L0:',
  'return_value 2',
);
compiles(
  'steps pointers behind the access',
  'void f(char *d, const char *s) { while ((*d++ = *s++)) ; }',
  'L0:',
  'i32.load8_s 2 1 0',
  'i32.add_imm 1 1 1',
  'i32.store8 2 0 0',
  'i32.add_imm 0 0 1',
  'br_if 2 L0',
  'return',
);
compiles(
  'puts offsets into loads and stores',
  'struct s { int a, b; double d; }; void f(struct s *p) { p->b = p->a; p->d += 1; }',
  'i32.load 1 0 0',
  'i32.store 1 0 4',
  'i64.load 1 0 8',
  'const 2 1',
  'f64.add 1 1 2',
  'i64.store 1 0 8',
  'return',
);
compiles(
  'folds constants',
  'int f(void) { enum { A = 3 }; return (A + 4) * 2 - sizeof(int) / 2 + (1 ? 5 : 0) + !0; }',
  'i32.const 0 18',
  'return_value 0',
);
compiles(
  'uses immediates and shifts',
  'unsigned f(unsigned x) { return (x * 8 + x / 4 + x % 16 - 5) & 255; }',
  'i32.shr_u_imm 1 0 2',
  'i32.shl_add 1 0 1 3',
  'i32.and_imm 0 0 15',
  'i32.add 0 1 0',
  'i32.add_imm 0 0 -5',
  'i32.and_imm 0 0 255',
  'return_value 0',
);
compiles(
  'makes control flow of conditions',
  'int f(int a, char b) { if (a > 3 && (a <= 7 || b == 120)) return 1; return 0; }',
  'i32.br_lt_s_imm 0 4 L0',
  'i32.br_lt_s_imm 0 8 L1',
  'i32.br_ne_imm 1 120 L0',
  'L1:',
  'i32.const 0 1',
  'return_value 0',
  'L0:',
  'i32.const 0 0',
  'return_value 0',
);
compiles(
  'jumps through a table where cases are dense',
  'int f(int x) { switch (x) { case 1: case 2: return 5; case 3: return 6; case 4: return 7; } return 8; }',
  'br_table 0 L0 L1 L2 L3 L4 L0',
  'L1:',
  'L2:',
  'i32.const 0 5',
  'return_value 0',
  'L3:',
  'i32.const 0 6',
  'return_value 0',
  'L4:',
  'i32.const 0 7',
  'return_value 0',
  'L0:',
  'i32.const 0 8',
  'return_value 0',
);
compiles(
  'leaves out what cannot be reached',
  'int f(int a) { while (1) { if (0) a = 1; return a; a = 2; } a = 3; }',
  'return_value 0',
);
compiles(
  'keeps narrow variables narrow',
  'int f(int a) { unsigned char c = a; c += 3; short s = c; return s + c; }',
  'i32.and_imm 0 0 255',
  'i32.add_imm 0 0 3',
  'i32.and_imm 0 0 255',
  'i32.add 0 0 0',
  'return_value 0',
);
compiles(
  'takes memory only for what has an address',
  'void g(int *); int f(int a) { int x = a, y = 2; g(&x); return x + y; }',
  'stack.allocate 1 1',
  'i32.store 0 1 0',
  'i32.const 0 2',
  'move 3 1',
  'call 3 7',
  'i32.load 1 1 0',
  'i32.add 0 1 0',
  'return_value 0',
);
compiles(
  'passes arguments in consecutive registers, and calls inside arguments where they go',
  'int g(int, int); int f(int a) { return g(g(a, 1), g(2, a)); }',
  'move 1 0',
  'i32.const 2 1',
  'call 1 7',
  'i32.const 2 2',
  'move 3 0',
  'call 2 7',
  'call 1 7',
  'return_value 1',
);
compiles(
  'stores variable arguments in slots',
  'int g(const char *, ...); int f(int a) { return g(0, a, 2.5f); }',
  'stack.allocate 3 1',
  'i32.store 0 3 0',
  'const 0 2.5',
  'i64.store 0 3 8',
  'i32.const 2 0',
  'call 2 7',
  'return_value 2',
);
compiles(
  'reads and writes globals at their addresses',
  'int g, h[9]; int f(int i) { h[2] = g; return h[i]; }',
  'i32.load_static 1 500',
  'i32.store_static 1 502',
  'i32.const 1 2000',
  'i32.load_indexed 0 1 0',
  'return_value 0',
);
compiles(
  'calls through pointers with a signature',
  'int f(int (*p)(int), int x) { return p(x); }',
  'move 2 1',
  'call_indirect 2 0 5',
  'return_value 2',
);
compiles(
  'puts small functions that cannot trap in place of their calls, others not',
  'static int sq(int x) { return x * x; } static int first(int *p) { return *p; } int f(int a, int *p) { return sq(a + 1) + first(p); }',
  'i32.add_imm 0 0 1',
  'i32.mul 0 0 0',
  'move 3 1',
  'call 3 7',
  'i32.add 0 0 3',
  'return_value 0',
);
compiles(
  'multiplies and adds, and shifts and adds, at once',
  'double f(double a, double b, double c, int *p, int i, int j, int n) { p[i * n + j] = i * n + j; int *q = p + i; return c - a * b + *q; }',
  'i32.mul_add 5 4 6 5',
  'i32.store_indexed 5 3 5',
  'i32.shl_add 3 4 3 2',
  'f64.mul_sub 0 0 1 2',
  'i32.load 1 3 0',
  'f64.convert_i32_s 1 1',
  'f64.add 0 0 1',
  'return_value 0',
);
compiles(
  'counts and branches at once, by immediates and by registers, down and up',
  'int f(int n, int s) { int c = 0; for (int i = 0; i < 50; i++) c ^= i; for (int i = n; i >= 0; i--) c ^= i; for (int i = s; i <= n; i += s) c ^= i; return c; }',
  'i32.const 2 0',
  'i32.const 3 0',
  'i32.const 4 50',
  'i32.br_ge_s_imm 3 50 L0',
  'L1:',
  'i32.xor 2 2 3',
  'i32.add_imm_br_lt_s 3 1 4 L1',
  'L0:',
  'move 3 0',
  'i32.const 4 0',
  'i32.br_lt_s_imm 3 0 L2',
  'L3:',
  'i32.xor 2 2 3',
  'i32.add_imm_br_ge_s 3 -1 4 L3',
  'L2:',
  'move 3 1',
  'i32.br_lt_s 0 3 L4',
  'L5:',
  'i32.xor 2 2 3',
  'i32.add_br_le_s 3 1 0 L5',
  'L4:',
  'return_value 2',
);
compiles(
  'moves what stays the same out of a loop without calls',
  'int f(int *a, int n, int k) { int s = 0; for (int i = 0; i < n; i++) s ^= a[i] + k * 100; return s; }',
  'i32.const 3 0',
  'i32.const 4 0',
  'i32.const 5 100',
  'i32.mul 2 2 5',
  'i32.br_le_s 1 4 L0',
  'L1:',
  'i32.load_indexed 5 0 4',
  'i32.add 5 5 2',
  'i32.xor 3 3 5',
  'i32.add_imm_br_lt_s 4 1 1 L1',
  'L0:',
  'return_value 3',
);
compiles(
  'keeps the code of a function with setjmp as it is written',
  'int f(int a) { int b = a + 1; if (__builtin_set_jump(&b, 1)) return a + 1; return a + 1; }',
  'stack.allocate 1 1',
  'i32.add_imm 2 0 1',
  'i32.store 2 1 0',
  'move 2 1',
  'i32.const 3 1',
  'intrinsic 2 0',
  'br_unless 2 L0',
  'i32.add_imm 2 0 1',
  'return_value 2',
  'L0:',
  'i32.add_imm 2 0 1',
  'return_value 2',
);
compiles(
  'knows what it has loaded and stored, until something else may have changed it',
  'int f(int *p, int *q) { int a = p[1]; p[0] = 3; a += p[1]; *q = 4; return a + p[1]; }',
  'i32.load 2 0 4',
  'i32.const 3 3',
  'i32.store 3 0 0',
  'i32.add 2 2 2',
  'i32.const 3 4',
  'i32.store 3 1 0',
  'i32.load 0 0 4',
  'i32.add 0 2 0',
  'return_value 0',
);
compiles(
  'copies structs word by word or in bulk',
  'struct a { long long x; int y; }; struct b { int x[20]; }; void f(struct a *p, struct a *q, struct b *r, struct b *s) { *p = *q; *r = *s; }',
  'i64.load 4 1 0',
  'i64.store 4 0 0',
  'i64.load 1 1 8',
  'i64.store 1 0 8',
  'move 4 2',
  'move 5 3',
  'i32.const 6 80',
  'memory.copy 4 5 6',
  'return',
);

test.run();
