// The statements of random programs that show one feature each, with the declarations that they need.
import { ASSIGNMENTS, type ProgramContext, TYPES } from './random-program';

/** What the statements need. */
export const FEATURES = [
  '#include <stdarg.h>',
  '#include <stdlib.h>',
  '#include <string.h>',
  'union u { unsigned i; unsigned char b[4]; short h[2]; struct { unsigned short low, high; } p; };',
  'struct wide { unsigned long long l : 37; long long m : 20; float f; struct { signed char x; unsigned y : 5; } in; };',
  'struct pair { int key; struct pair *next; union { unsigned char c[2]; short s; } u; };',
  'enum colour { RED = -1, GREEN, BLUE = 70000 };',
  'static struct s mix(struct s x, int k) { x.a += k; x.b = k; x.e[k & 1] -= x.c; x.d += k / 4; return x; }',
  'static int op_add(int a, int b) { return a + b; }',
  'static int op_shift(int a, int b) { return a >> b; }',
  'static int op_less(int a, int b) { return a < b; }',
  'static int op_mix(int a, int b) { return (a ^ b) * 31; }',
  'static int (*const operations[])(int, int) = {op_add, op_shift, op_less, &op_mix};',
  'static int clamp(double d);',
  // The sign of a NaN that an operation makes is the processor's.
  'static double known(double d) { return d == d ? d : 0; }',
  'static long long total(int count, ...) {',
  '  va_list list, copy; long long all = 0; va_start(list, count); va_copy(copy, list);',
  '  for (int i = 0; i < count; i++) { all += va_arg(list, int); all ^= clamp(va_arg(list, double)); all -= va_arg(list, long long); }',
  '  all += va_arg(copy, int); va_end(copy); va_end(list); return all;',
  '}',
  'static long long deep(int n, long long a) { return n <= 0 ? a : deep(n - 1, a * 3 + n) ^ n; }',
  'static int chain(int n, unsigned seed) {',
  '  struct pair pool[8], *first = 0; int sum = 0;',
  '  for (int i = 0; i < n; i++) { pool[i] = (struct pair){(int)(seed >> i), first, {{i, seed}}}; first = &pool[i]; }',
  '  for (struct pair *p = first; p; p = p->next) sum = sum * 7 + p->key + p->u.c[1] - p->u.s;',
  '  return sum;',
  '}',
  'static int compare(const void *a, const void *b) { int x = *(const int *)a, y = *(const int *)b; return (x > y) - (x < y); }',
  'static int count(void) { static unsigned char calls = 250; return ++calls; }',
  'static short grid[4][5]; static char text[160]; static _Bool flag; static enum colour colour = BLUE;',
  'static void noteText(void) { for (char *p = text; *p; p++) note(*p); }',
];

/** A statement with what FEATURES declares. */
export function feature(program: ProgramContext): string {
  const { random } = program;
  return random.pick(STATEMENTS)(program, program.expression(1), random.pick(TYPES));
}

type Statement = (program: ProgramContext, value: string, type: string) => string;

const STATEMENTS: readonly Statement[] = [
  (_, value) => `s = mix(s, (int)(${value}));`,
  ({ random }, value) => `gu.${random.pick(['i', 'b[1]', 'h[1]', 'p.high'])} ${random.pick(ASSIGNMENTS)} ${value};`,
  ({ random }, value) => `note(operations[${random.below(4)}]((int)(${value}), ${random.below(9)}));`,
  ({ random }, value) =>
    `gw.${random.pick(['l', 'm', 'in.x', 'in.y'])} ${random.pick(['=', '+=', '^=', '|='])} ${value};`,
  (program) => {
    const { random } = program;
    return `gw.f ${random.pick(['=', '+=', '*=', '-='])} (float)clamp(${program.floating(1)}) / ${1 + random.below(7)};`;
  },
  (program, value) =>
    `note(total(3, (int)(${value}), ${program.floating(1)}, (long long)(${value}), 1, 0.25, 7LL, 2, w, 5LL));`,
  ({ random }, value, type) =>
    `{ ${type} *p0 = (${type}[]){${value}, 1, 2}, *p1 = p0 + ${random.below(3)}; note(*p1++); note((int)(p1 - p0)); }`,
  (program, _, type) => `note((${type})(long long)(float)clamp(${program.floating(1)}));`,
  (program, value) => {
    const shift = program.random.below(30);
    return `gw = (struct wide){.in = {${value}, .y = ${program.constant()}}, .l = (unsigned long long)(${value}) << ${shift}, .f = gw.f};`;
  },
  () => 'note((long long)((unsigned long long)gw.l * 3 + (unsigned long long)gw.m) + gu.h[0]);',
  ({ random }, value) => `note(deep(${random.below(12)}, ${value}));`,
  ({ random }, value) => `note(chain(${random.below(9)}, ${value}));`,
  (program, value) => `grid[${value} & 3][(unsigned)(${value}) % 5] ${program.random.pick(ASSIGNMENTS)} ${value};`,
  (_, value) => `for (int i = 0; i < 20; i++) note(grid[i / 5][i % 5] - (${value}));`,
  (_, value) =>
    `{ int a[6] = {${value}, v0, 3, -4, v1, 0}; qsort(a, 6, sizeof *a, compare); for (int i = 0; i < 6; i++) note(a[i]); }`,
  ({ random }, value) => {
    const format = random.pick(['%d|%5u|%-8x', '%+d|%o|%X', '%08d|%#x|%u', '% d|%.6u|%#o']);
    return `snprintf(text, sizeof text, "${format}|%c", (int)(${value}), (unsigned)(${value}), (unsigned)(${value}), 'a' + v1 % 20); noteText();`;
  },
  (program) => {
    const format = program.random.pick(['%g', '%.3e', '%.2f', '%a', '%15.7g', '%-12.1f|', '%+.0f', '%#.5g']);
    return `snprintf(text, sizeof text, "${format}", (double)clamp(${program.floating(1)}) / 7); noteText();`;
  },
  (_, value) =>
    `memmove(text + 2, text, strlen(text) & 63); text[(unsigned)(${value}) & 63] = 0; note((int)strlen(text));`,
  (_, value) => `flag = ${value}; note(flag += 3); note(flag--); note(--flag);`,
  (_, value) => `colour = ${value} & 1 ? RED : GREEN; note(colour < GREEN); note(colour + 1ll);`,
  (_, __, type) =>
    `{ ${type} x0 = (${type})v0; note(x0++); note(--x0); x0 <<= 3; note(x0); x0 >>= 2; note(x0); x0 /= 3; note(x0 % 5); }`,
  () => 'note(count());',
  (_, value) =>
    `switch ((long long)(${value})) { case -5 ... 5: note(1); case 0x100000000: break; case -1000: note(2); break; default: note(3); }`,
  (_, value, type) =>
    `{ double d0 = (${type})(${value}); note(clamp(d0 * 0.5)); note((float)d0 < d0); note(d0 != (float)d0); }`,
  (_, value) =>
    `{ struct s t[2] = {s, gs}, *t0 = t; t0++->a = ${value}; *t0 = t0[-1]; t0->e[2]++; s = t[1]; note(t[0].a - t[1].e[2]); }`,
  (program, value) => `(${value}) ? (${program.place()} = ${value}) : (v2 += 3, v1 = v2);`,
];
