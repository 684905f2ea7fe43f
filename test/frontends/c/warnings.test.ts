// The warnings that must be asked for: what each one finds, what it lets pass, and how it is turned on and off.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCFrontend } from '../../../frontends/c/index';
import { warningCodes } from '../../../frontends/c/warnings';
import { C_LIBRARY } from '../../../stdlib/c/index';

const frontend = createCFrontend(C_LIBRARY);

/** `line:column code` of the warnings about `text`, and its errors with a mark. */
function warned(text: string, warnings: readonly string[]): string[] {
  const { diagnostics } = frontend.compile(new TextEncoder().encode(text), { fileName: 'main.c', warnings });
  return diagnostics.map(({ severity, line, column, code }) => {
    return `${line}:${column} ${severity === 'error' ? '!' : ''}${code.replace('c.', '')}`;
  });
}

function warns(name: string, option: string, text: string, ...expected: string[]): void {
  test(name, () => {
    assert.equal(warned(`${text}\nint main(void) { return 0; }`, [option]), expected);
    assert.equal(warned(`${text}\nint main(void) { return 0; }`, []), []);
  });
}

warns(
  'finds variables that nothing reads',
  'unused-variable',
  `void f(int unread) { int a; int b = 1; b = 2; int c; c = 3; int d; d = d + 1; (void)unread; static int e; }
static int g; static int h; int i; int k(void) { int x; int y __attribute__((unused)); return sizeof x + h; }`,
  '1:26 unused-variable',
  '1:33 unused-variable',
  '1:51 unused-variable',
  '1:104 unused-variable',
  '2:12 unused-variable',
);
warns(
  'finds parameters that nothing reads',
  'unused-parameter',
  'int f(int a, int b, int c __attribute__((unused)), int) { return a; }',
  '1:18 unused-parameter',
);
warns(
  'finds static functions that nothing calls',
  '-Wunused-function',
  'static void f(void) {} static void g(void) {} static inline void h(void) {} void (*p)(void) = g;',
  '1:13 unused-function',
);
warns('finds labels without a goto', 'unused-label', 'void f(void) { a: b: goto b; }', '1:16 unused-label');
warns(
  'finds values that nobody uses',
  'unused-value',
  `int f(int *p) { p[0] == 1; *p++; p[1] + 2; (void)p[2]; f(p); (int)1; return ({ *p; }); }`,
  '1:22 unused-value',
  '1:28 unused-value',
  '1:39 unused-value',
  '1:62 unused-value',
);
warns(
  'finds assignments as conditions',
  'parentheses',
  'int f(int a, int b) { if (a = b) return 1; while ((a = b)) b--; return a; }',
  '1:29 assignment-in-condition',
);
warns(
  'finds an if without a body',
  'extra',
  'int f(int a) { if (a); if (a) {} while (a--); return a; }',
  '1:22 empty-body',
);
warns(
  'finds variables that hide others',
  'shadow',
  'int a; int f(int b) { int a = b; { int b = a; return b; } }',
  '1:27 shadow',
  '1:40 shadow',
);
warns(
  'finds comparisons of different signs',
  'sign-compare',
  'int f(int a, unsigned b, unsigned char c) { return a < b || a == 3u || c < b || 3 < b || b == sizeof a; }',
  '1:54 sign-compare',
  '1:63 sign-compare',
);
warns(
  'finds conversions that can lose something',
  'conversion',
  `void f(int i, long long l, double d, float x) {
char a = i; char b = i & 127; char c = 300; char e = 'x'; char g = i == 3; short h = a; int k = l;
i = d; x = d; x = i; d = l; d = i; i = 1.5; i = 2.0; x = 0.1f; i *= 1.5; i = (int)d; a = l >> 60; _Bool t = l;
unsigned char u = i % 200; unsigned v = -1; i = a ? b : c; a = u ? i : 1; }`,
  '2:10 lossy-conversion',
  '2:40 lossy-conversion',
  '2:97 lossy-conversion',
  '3:5 lossy-conversion',
  '3:12 lossy-conversion',
  '3:19 lossy-conversion',
  '3:26 lossy-conversion',
  '3:40 lossy-conversion',
  '3:69 lossy-conversion',
  '4:66 lossy-conversion',
);
warns(
  'finds arguments that do not fit a format',
  'format',
  `#include <stdio.h>
void f(int i, long long l, double d, char *s, const void *p, float x, wchar_t *w) {
printf("%d %lld %f %s %p %g %ls %c %% %*d %.*f %zu %hhd", i, l, d, s, p, x, w, i, i, i, i, d, sizeof i, s[0]);
printf("%d", l); printf("%lld", i); printf("%f", i); printf("%s", i); printf("%d %d", i); printf("%d", i, i);
printf("%y", i); printf("%s", w); printf("%ls", s); printf(s, i); snprintf(s, 4, "%x", d); fprintf(stderr, "%p", i);
scanf("%d %lf %s %f %hhd %[a-z] %*d %c", &i, &d, s, &x, s, s, s); scanf("%d", i); scanf("%d", &d); sscanf(s, "%f", &d); }`,
  '4:14 format',
  '4:33 format',
  '4:50 format',
  '4:67 format',
  '4:78 format',
  '4:107 format',
  '5:8 format',
  '5:31 format',
  '5:49 format',
  '5:88 format',
  '5:114 format',
  '6:79 format',
  '6:95 format',
  '6:116 format',
);

test('says nothing about the library and its macros', () => {
  const text =
    '#include <stdio.h>\n#include <tgmath.h>\n#include <wchar.h>\nint main(void) { return (int)sqrt(4.0) - 2; }';
  assert.equal(warned(text, ['all', 'extra', 'conversion', 'shadow']), []);
});

test('follows the pragmas from line to line', () => {
  const unused = (name: string) => `static void ${name}(void) {}`;
  const text = [
    unused('a'),
    '#pragma GCC diagnostic push',
    '#pragma GCC diagnostic ignored "-Wunused-function"',
    unused('b'),
    '#pragma GCC diagnostic pop',
    unused('c'),
    'int main(void) { return 0; }',
  ].join('\n');
  assert.equal(warned(text, ['all']), ['1:13 unused-function', '6:13 unused-function']);
  assert.equal(warned(`#pragma GCC diagnostic warning "-Wunused"\n${text}`, []).length, 2);
});

test('knows the names of GNU options, alone and in groups', () => {
  assert.equal(warningCodes('-Wformat'), ['format']);
  assert.ok(warningCodes('all')!.includes('unused-variable'));
  for (const name of ['nonsense', 'constructor', '']) assert.is(warningCodes(name), undefined);
});

test.run();
