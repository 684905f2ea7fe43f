// What the parser and the checker report: code and place of each error, several in one run, and no avalanche.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { C_DIAGNOSTIC_CODES } from '../../../frontends/c/diagnostic-codes';
import { checked, diagnosed } from './front';

function reports(name: string, text: string, ...expected: string[]): void {
  test(name, () => {
    assert.equal(diagnosed(text), expected);
  });
}

function inMain(name: string, text: string, ...expected: string[]): void {
  reports(name, `int main(void) {\n${text}\n}`, ...expected);
}

// --- syntax ---

inMain('points behind the line where a semicolon is missing', 'int x = 1\nreturn x;', '2:9 c.syntax');
reports(
  'reports several syntax errors in a run',
  'int f( { }\nint g(void) { x = ; return }\nint h;',
  '1:8 c.syntax',
  '2:19 c.syntax',
  '2:28 c.syntax',
);
reports(
  'names a type that is not declared, once',
  'foo bar;\nint f(void) { size_t n; return n; }',
  '1:1 c.undeclared',
  '2:15 c.undeclared',
);
inMain('goes on behind a bad statement', 'if (1 { }\nint y = ;\nz = 1;', '2:7 c.syntax', '3:9 c.syntax');
reports('wants the closing brace', 'int f(void) { return 1;', '1:23 c.syntax');
inMain('refuses assembler', 'asm("nop");', '2:1 c.unsupported');
reports(
  'reads typedef names by scope',
  'typedef int T; int f(void) { T T = 1; T *= 2; { typedef char T; T t = 1; return t + (T)3; } }',
);
reports('tells a cast from a parenthesised name', 'typedef int T; int f(int a) { return (T)+a + (a)+1; }');

// --- limits ---

test('stops at parentheses, blocks, declarators and initialisers without end', () => {
  const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
  const texts = [
    `int x = ${deep('(', ')')};`,
    `int f(void) ${deep('{', '}')}`,
    `int ${deep('(', ')')};`,
    `int x[] = ${deep('{', '}')};`,
    `int f(void) { ${'if (1) '.repeat(100_000)}; }`,
    `int x = ${'-'.repeat(100_000)}1;`,
    `int x = ${'sizeof '.repeat(100_000)}1;`,
    `int x = ${'1 ? 1 : '.repeat(100_000)}1;`,
    `int f(int x) { ${'x = '.repeat(100_000)}1; }`,
    `${'struct { '.repeat(100_000)}`,
    `int x = 1${' + 1'.repeat(100_000)};`,
    `int f(int *x) { return x${'[0]'.repeat(100_000)}; }`,
    `int f(void) { ${'x: '.repeat(100_000)}; }`,
  ];
  for (const text of texts) assert.match(diagnosed(text).join(), 'c.nesting-too-deep', text.slice(0, 40));
});

test('accepts what C99 promises', () => {
  const parentheses = `int x = ${'('.repeat(63)}1${')'.repeat(63)};`;
  const blocks = `void f(void) ${'{'.repeat(127)}${'}'.repeat(127)}`;
  const sum = `int y = 1${' + 1'.repeat(500)};`;
  const chain = `int g(int a) { ${'if (a == 1) return 2; else '.repeat(500)}return 3; }`;
  const pointers = `int ${'*'.repeat(12)}p;`;
  assert.equal(diagnosed(parentheses + blocks + sum + chain + pointers), []);
});

reports('stops at types without end', `int ${'*'.repeat(100_000)}x;`, '1:100005 c.nesting-too-deep');
reports(
  'stops after twenty errors',
  `int f(void) {\n${'a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t;u;v;w;'.replaceAll(';', '+;')}}`,
  ...Array.from({ length: 20 }, (_, index) => `2:${3 + 3 * index} c.syntax`),
);

// --- names ---

inMain(
  'reports an undeclared name once a function',
  'x = 1; x = 2; return y;',
  '2:1 c.undeclared',
  '2:22 c.undeclared',
);
test('says which header declares a name', () => {
  const [diagnostic] = checked('int main(void) { printf("x"); }').report.diagnostics;
  assert.is(diagnostic?.hint, '#include <stdio.h>');
});
reports(
  'refuses different declarations of a name',
  'int x; char x; int f(void); int f(int a);',
  '1:13 c.redefinition',
  '1:33 c.redefinition',
);
reports(
  'accepts the same declaration twice',
  'extern int x[]; int x[3]; int f(); int f(int); int x[3]; static int y; static int y;',
);
reports(
  'refuses two definitions',
  'int x = 1; int x = 2;\nvoid f(void) {} void f(void) {}\nstruct s { int a; }; struct s { int b; };',
  '1:16 c.redefinition',
  '2:22 c.redefinition',
  '3:29 c.redefinition',
);
inMain(
  'refuses a variable declared twice in a block, not in another',
  'int a; { int a; } int a;',
  '2:23 c.redefinition',
);
reports('refuses a member twice', 'struct s { int a; char a; };', '1:24 c.redefinition');
reports('keeps tags of one name apart by kind', 'struct s { int a; }; union s x;', '1:28 c.redefinition');
inMain('wants labels that are there, once', 'goto out; a: a: ;', '2:14 c.redefinition', '2:6 c.undeclared-label');

// --- types ---

reports(
  'wants complete types',
  'struct s x; struct s *p; int f(void) { return p->a; }',
  '1:50 c.incomplete-type',
  '1:10 c.incomplete-type',
);
reports(
  'refuses impossible types',
  'int f(void)[3];\nint a[-1];\nvoid v;\nint (*g)(void)(int);\nunsigned float x;',
  '1:6 c.bad-type',
  '2:7 c.bad-type',
  '3:6 c.incomplete-type',
  '4:9 c.bad-type',
  '5:1 c.bad-type',
);
reports(
  'refuses arrays outside of functions whose size is not constant',
  'int n = 3; int a[n];',
  '1:18 c.not-constant',
);
inMain('accepts variable length arrays', 'int n = 3; int a[n]; typedef int row[n]; row b[n]; b[0][0] = a[0];');
inMain('refuses static variable length arrays', 'int n = 3; static int a[n];', '2:23 c.bad-declaration');
reports('refuses complex numbers and threads', 'double _Complex z;', '1:1 c.unsupported');
reports('refuses objects that are too large', 'char a[0x7fffffff];', '1:8 c.too-large');

// --- expressions ---

const THINGS = 'struct s { int a; const int c; } s; int *p; double d; void f(int); int a[3]; const int k = 1;';
const inThings = (name: string, text: string, ...expected: string[]) =>
  reports(name, `${THINGS}\nvoid g(void) {\n${text}\n}`, ...expected);

inThings(
  'refuses operands of the wrong kind',
  's + 1; p * 2; d % 2; ~d; !s; -p; *d; s(); 3[4];',
  '3:3 c.bad-operand',
  '3:10 c.bad-operand',
  '3:17 c.bad-operand',
  '3:22 c.bad-operand',
  '3:27 c.bad-operand',
  '3:30 c.bad-operand',
  '3:34 c.bad-operand',
  '3:38 c.not-callable',
  '3:44 c.bad-operand',
);
inThings(
  'refuses to assign what cannot be changed',
  '1 = 2; a = 0; k = 2; s.c = 1; f = 0; &1; p + 1 = 0; ++k;',
  '3:3 c.not-assignable',
  '3:10 c.not-assignable',
  '3:17 c.not-assignable',
  '3:26 c.not-assignable',
  '3:33 c.not-assignable',
  '3:38 c.bad-operand',
  '3:48 c.not-assignable',
  '3:53 c.not-assignable',
);
inThings(
  'refuses to assign values, those of casts and unary plus among them',
  '(int)a = 2; +k = 1; (struct s)s = s; __builtin_expect(*p, 1) = 3;',
  '3:8 c.not-assignable',
  '3:16 c.not-assignable',
  '3:33 c.not-assignable',
  '3:62 c.not-assignable',
);
inThings(
  'knows the members',
  's.b; p->a; (&s).a; s->a;',
  '3:3 c.unknown-member',
  '3:9 c.bad-operand',
  '3:17 c.bad-operand',
  '3:23 c.bad-operand',
);
inThings(
  'counts arguments',
  'f(); f(1, 2); f(s);',
  '3:1 c.argument-count',
  '3:6 c.argument-count',
  '3:17 c.incompatible-types',
);
inThings(
  'refuses incompatible values',
  'p = s; s = 1; d = p; p = d;',
  '3:5 c.incompatible-types',
  '3:12 c.incompatible-types',
  '3:19 c.incompatible-types',
  '3:26 c.incompatible-types',
);
inThings(
  'warns where other compilers do',
  'p = 1; int i = p; char *q = p; p = &k; q == p; p == 1;',
  '3:5 c.pointer-from-integer',
  '3:16 c.pointer-from-integer',
  '3:29 c.pointer-mismatch',
  '3:36 c.discards-qualifiers',
  '3:42 c.pointer-mismatch',
  '3:50 c.pointer-from-integer',
);
inThings('knows null pointers', 'p = 0; p = (void *)0; p == 0; p ? 1 : 2; void *v = p; p = v; int *q = 1 ? 0 : p;');
inThings('warns of division by a zero constant', 'int x = 1 / 0;', '3:11 c.division-by-zero');
inThings(
  'refuses the address of a bit-field and of a register',
  'struct { int b : 3; } t; &t.b; sizeof t.b;',
  '3:26 c.bad-operand',
  '3:32 c.bad-operand',
);

// --- statements ---

inMain(
  'knows where break, continue, case and default stand',
  'break; continue; case 1: ; default: ;',
  '2:1 c.bad-statement',
  '2:8 c.bad-statement',
  '2:18 c.bad-statement',
  '2:28 c.bad-statement',
);
inMain(
  'refuses the same case twice',
  'switch (1) { case 1: case 2 ... 4: case 3: ; default: ; default: ; }',
  '2:57 c.duplicate-case',
  '2:41 c.duplicate-case',
);
inMain(
  'wants constants where they must be',
  'static int x = main(); int y; switch (1) { case y: ; } enum { A = y };',
  '2:16 c.not-constant',
  '2:49 c.not-constant',
  '2:67 c.not-constant',
);
reports(
  'checks static assertions',
  '_Static_assert(sizeof(long) == 4, "ok"); _Static_assert(1 == 2, "no");',
  '1:42 c.static-assert',
);

reports(
  'warns of a function that can end without its result',
  'int f(int x) { if (x) return 1; }\nint g(int x) { while (1) { if (x) return 2; } }\nint h(int x) { switch (x) { case 1: return 1; default: return 2; } }\nint i(void) { for (;;) break; }\n_Noreturn void e(void); int j(void) { e(); }',
  '1:33 c.missing-return',
  '4:31 c.missing-return',
);

// --- initialisers ---

reports(
  'checks initialisers',
  'struct s { int a, b[2]; };\nstruct s x = { .c = 1 };\nint a[2] = { [2] = 1 };\nint b[2] = { 1, 2, 3 };\nint c = { 1, 2 };\nint d[] = 1;\nchar e[2] = "abcd";',
  '2:17 c.unknown-member',
  '3:14 c.bad-initialiser',
  '4:20 c.bad-initialiser',
  '5:14 c.bad-initialiser',
  '6:11 c.bad-initialiser',
  '7:13 c.bad-initialiser',
);

test('documents each code', () => {
  const document = readFileSync('docs/languages/c.md', 'utf8');
  for (const [code, meaning] of Object.entries(C_DIAGNOSTIC_CODES)) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(document.includes(`| \`c.${code}\` | ${meaning} |`), code);
  }
});

test('raises each code somewhere', () => {
  const folder = 'frontends/c';
  const sources = readdirSync(folder).filter((name) => name !== 'diagnostic-codes.ts');
  const text = sources.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join('');
  for (const code of Object.keys(C_DIAGNOSTIC_CODES)) assert.ok(text.includes(`'${code}'`), code);
});

test.run();
