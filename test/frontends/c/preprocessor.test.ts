// The preprocessor alone: macros as the standard's examples have them, directives, limits.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { preprocessed, summary } from './front';

function expands(name: string, text: string, expected: string, files?: Record<string, string>): void {
  test(name, () => {
    const { value, report } = preprocessed(text, files);
    assert.equal(report.diagnostics, []);
    assert.is(value, expected);
  });
}

function reports(name: string, text: string, expected: string[], files?: Record<string, string>): void {
  test(name, () => {
    assert.equal(summary(preprocessed(text, files).report), expected);
  });
}

const STANDARD_EXAMPLE_3 = `#define x 3
#define f(a) f(x * (a))
#undef x
#define x 2
#define g f
#define z z[0]
#define h g(~
#define m(a) a(w)
#define w 0,1
#define t(a) a
#define p() int
#define q(x) x
#define r(x,y) x ## y
#define str(x) # x
`;

expands(
  'rescans as the example of C99 6.10.3.5 says',
  `${STANDARD_EXAMPLE_3}f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);`,
  'f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1);',
);
expands(
  'calls a function-like macro whose name a replacement ends with',
  `${STANDARD_EXAMPLE_3}g(x+(3,4)-w) | h 5) & m\n(f)^m(m);`,
  'f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);',
);
expands('pastes with empty operands', `${STANDARD_EXAMPLE_3}r(2,3) r(4,) r(,5) r(,)`, '23 4 5');
expands('takes a missing argument as empty', `${STANDARD_EXAMPLE_3}p() q() str()`, 'int ""');
expands(
  'stringizes literals with their escapes',
  '#define str(s) # s\nstr(strncmp("abc\\0d", \'\\4\') == 0) str(: @\\n)',
  '"strncmp(\\"abc\\\\0d\\", \'\\\\4\') == 0" ": @\\n"',
);
expands(
  'replaces the operands of # and ## only through another macro',
  '#define glue(a, b) a ## b\n#define xglue(a, b) glue(a, b)\n#define HIGHLOW "hello"\n#define LOW LOW ", world"\n' +
    'glue(HIGH, LOW) xglue(HIGH, LOW)',
  '"hello" "hello" ", world"',
);
expands(
  'makes ## by pasting without pasting by it',
  '#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n' +
    '#define join(c, d) in_between(c hash_hash d)\njoin(x, y)',
  '"x ## y"',
);
expands(
  'pastes three operands, any of them empty',
  '#define t(x,y,z) x ## y ## z\nt(1,2,3) t(,4,5) t(6,,7) t(8,9,) t(10,,) t(,,)',
  '123 45 67 89 10',
);
expands(
  'passes variable arguments, and drops the comma in front of none',
  '#define e(f, ...) p(f, ## __VA_ARGS__)\n#define s(...) #__VA_ARGS__\n#define n(a...) a\ne("a") e("b", 1, 2) s(x, y  z) n(1, 2)',
  'p("a") p("b", 1, 2) "x, y z" 1, 2',
);
expands('reads an argument over several lines', '#define f(a) <a>\nf(1\n+\n2)', '<1 + 2>');
expands(
  'joins lines that end in a backslash and keeps counting them',
  '#define a 1 \\\n + 2\na __LI\\\nNE__',
  '1 + 2 3',
);
expands(
  'has __LINE__ of the use, __FILE__ and __COUNTER__',
  '#define l __LINE__\n\nl __FILE__ __COUNTER__ __COUNTER__',
  '3 "test.c" 0 1',
);
expands('obeys #line', '#line 42 "other.c"\n__LINE__ __FILE__\n__LINE__', '42 "other.c" 43');
expands('skips comments of both kinds', 'a/* x\n */b // c\nd', 'a b d');
expands('reads digraphs', '%:define a <: :> <% %>\na', '<: :> <% %>');
expands(
  'evaluates conditions with defined, characters, signs and the conditional operator',
  "#define x 2\n#if defined(x) && x == 2 && !defined nope && 'a' == 97 && -1 > 0u && (1 ? 2 : 1/0) == 2\nyes\n#elif 1/0\nno\n#else\nno\n#endif",
  'yes',
);
expands(
  'has 64-bit arithmetic in conditions',
  '#if 0x7fffffff * 2 + 2 == 0x100000000 && (1 << 40) > 1\nyes\n#endif',
  'yes',
);
expands(
  'skips nested groups, whatever stands in them',
  '#if 0\n#if 1\n#else\nit\'s "odd\n#bad\n#endif\n#else\nyes\n#endif',
  'yes',
);
expands('takes one group of several', '#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif', 'b');
expands('includes headers of the language and files', '#include <stdbool.h>\n#include "a/b.h"\ntrue x', '1 7', {
  'a/b.h': '#include "c.h"',
  'a/c.h': '#define x 7',
});
expands('includes what a macro names', '#define h <stdbool.h>\n#include h\ntrue', '1');
expands('reads a file with #pragma once only once', '#include "a.h"\n#include "a.h"\n', '1', {
  'a.h': '#pragma once\n1',
});
expands('drops _Pragma', 'a _Pragma("x") b', 'a b');

reports('says where a file is missing and offers a near one', '#include "b.h"', ['1:10 c.include-not-found'], {
  'a/b.h': '',
});
reports('refuses a file that includes itself', '#include "a.h"', ['1:10 c.include-too-deep'], {
  'a.h': '#include "a.h"',
});
reports('reports #error and #warning', '#error no good\n#warning hm', [
  '1:2 c.error-directive',
  '2:2 c.warning-directive',
]);
reports('reports unknown directives and conditions without end', '#foo\n#if 1\n', [
  '1:2 c.bad-directive',
  '2:1 c.bad-directive',
]);
reports('reports a different redefinition only', '#define a 1\n#define a 1\n#define a 2\n', ['3:9 c.macro-redefined']);
reports('reports a wrong number of arguments', '#define f(a, b) a\nf(1)\nf(1, 2, 3)\n', [
  '2:1 c.bad-macro-call',
  '3:1 c.bad-macro-call',
]);
reports('reports what ## makes no token of', '#define p(a, b) a ## b\np(+, -)', ['2:1 c.bad-paste']);
reports('reports malformed conditions', '#if (1\n#endif\n#if 1 +\n#endif\n#if 1 / 0\n#endif', [
  '1:2 c.bad-condition',
  '3:2 c.bad-condition',
  '5:7 c.bad-condition',
]);
reports('reports stray characters and open literals', 'int @ x = "abc\n;', [
  '1:5 c.invalid-token',
  '1:11 c.invalid-token',
]);
reports(
  'stops a macro bomb',
  `#define a0 x x x x x x x x x x\n${Array.from({ length: 9 }, (_, i) => `#define a${i + 1} ${`a${i} `.repeat(10)}`).join('\n')}\na9`,
  ['11:1 c.too-many-tokens'],
);
reports('stops macro calls nested without end', `#define f(a) a\n${'f('.repeat(1000)}${')'.repeat(1000)}`, [
  '2:203 c.nesting-too-deep',
]);
reports('stops conditions nested without end', `#if ${'('.repeat(10000)}\n#endif`, ['1:105 c.bad-condition']);

test.run();
