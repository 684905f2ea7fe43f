// What C programs are charged: the same for every slice, in proportion to the work of the library's intrinsics, and
// limits that stop them at their line.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCFrontend } from '../../../frontends/c/index';
import { createHost } from '../../../host/core/index';
import { C_INTRINSICS, C_LIBRARY } from '../../../stdlib/c/index';
import { createContext, startEntry } from '../../../vm/image';
import { link, type Program, RegionPool, verifyModule } from '../../../vm/index';
import { run } from '../../../vm/interpreter';
import { FUEL, SYSCALL, TRAP } from '../../../vm/signals';

const frontend = createCFrontend(C_LIBRARY);
const pool = new RegionPool();

function compile(source: string): Program {
  const { module, diagnostics } = frontend.compile(new TextEncoder().encode(source), { fileName: 'main.c' });
  if (module === undefined) throw new Error(JSON.stringify(diagnostics));
  verifyModule(module);
  return link([module], { intrinsics: C_INTRINSICS });
}

/** Runs up to the first syscall or trap, in slices; the instructions used, and the signal that ended it. */
function instructionsOf(program: Program, slice: number): { used: number; signal: number } {
  const context = createContext(program, pool, 8 << 20)!;
  startEntry(context, 0);
  let used = 0;
  for (;;) {
    context.fuel = slice;
    const signal = run(context);
    used += slice - context.fuel;
    if (signal !== FUEL) {
      context.dispose();
      return { used, signal };
    }
  }
}

const EVERYTHING = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
struct s { int a[12]; double d; };
static struct s make(int n) { struct s s = {{n, n + 1}, sin(n)}; return s; }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  char text[300], *copy = malloc(5000);
  int values[50];
  for (int i = 0; i < 50; i++) values[i] = rand() % 100;
  qsort(values, 50, sizeof *values, compare);
  memset(copy, 'x', 4999);
  memmove(copy + 1, copy, 4000);
  int length = snprintf(text, sizeof text, "%.40f %g %s %d", M_PI, make(3).d, "text", values[7]);
  return length + (int)strtod("1234.5e-1", NULL) + (int)strlen(copy);
}`;

const MORE = `#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <math.h>
#include <wchar.h>
static jmp_buf place;
static void leave(int depth) { char block[depth + 1]; block[depth] = 1; if (depth == 0) longjmp(place, block[0]); leave(depth - 1); }
int main(void) {
  volatile int sum = 0;
  int value, count = 0;
  double number;
  char word[20], bytes[20];
  for (int n = 1; n < 20; n++) {
    long long square[n][n];
    memset(square, n, sizeof square);
    sum += (int)square[n - 1][n - 1];
  }
  if (setjmp(place) < 1) leave(40);
  count += sscanf("12 3.5e1 word", "%d %lf %s", &value, &number, word);
  FILE *file = fopen("file", "w+");
  for (int i = 0; i < 500; i++) fprintf(file, "%d ", i);
  rewind(file);
  while (fscanf(file, "%d", &value) == 1) count += value;
  struct tm *day = gmtime(&(time_t){1000000000});
  count += strftime(word, sizeof word, "%F", day) + wcsrtombs(bytes, &(const wchar_t *){L"wide"}, 20, NULL);
  return count + sum + (int)tgamma(4.5) + (int)erfc(1);
}`;

test('charges the same in every slicing for jumps, arrays of variable length, files and scanning', () => {
  const program = compile(MORE);
  const whole = instructionsOf(program, 1_000_000_000);
  assert.is(whole.signal, SYSCALL);
  for (const slice of [1, 7, 1000]) assert.equal(instructionsOf(program, slice), whole);
});

test('charges the same in every slicing', () => {
  const program = compile(EVERYTHING);
  const whole = instructionsOf(program, 1_000_000_000);
  assert.is(whole.signal, SYSCALL);
  for (const slice of [1, 2, 3, 7, 100, 1000])
    assert.equal(instructionsOf(program, slice), whole, `slices of ${slice}`);
});

function cost(body: string): number {
  const source = `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <math.h>\nstatic char big[200000];
double d = 0.1; int main(void) { ${body} return 0; }`;
  const { used, signal } = instructionsOf(compile(source), 1_000_000_000);
  assert.is(signal, SYSCALL);
  return used;
}

function grows(name: string, small: string, large: string, atLeast: number): void {
  test(`charges ${name} in proportion`, () => {
    const difference = cost(large) - cost(small);
    assert.ok(difference >= atLeast, `${difference} more`);
  });
}

grows('formatting by digits', 'sprintf(big, "%.10f", d);', 'sprintf(big, "%.1000f", d);', 900);
grows('formatting by size', 'sprintf(big, "%f", d);', 'sprintf(big, "%f", d * 1e300);', 900);
grows('padding', 'sprintf(big, "%10d", 1);', 'sprintf(big, "%100000d", 1);', 3000);
grows(
  'parsing by length',
  'memset(big, 49, 10); strtod(big, NULL);',
  'memset(big, 49, 10000); strtod(big, NULL);',
  30_000,
);
grows('copying by size', 'memcpy(big, big + 100000, 10);', 'memcpy(big, big + 100000, 90000);', 80);
grows('mathematics by call', 'd = 1;', 'd = sin(d) + pow(d, d) + exp(d);', 60);

test('traps where an intrinsic is given memory that is not there', () => {
  for (const body of ['sprintf((char *)8, "%f", 1.0);', 'strtod((char *)0x7fffffff, 0);', 'memset(big, 1, -1);']) {
    const source = `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nstatic char big[100]; int main(void) { ${body} return 0; }`;
    assert.is(instructionsOf(compile(source), 1_000_000_000).signal, TRAP, body);
  }
});

test('stops attacks by their limit, with the line', async () => {
  const host = await createHost();
  const attacks: [string, string, number][] = [
    ['int main(void) {\n  for (;;) ;\n}', 'limit.instructions', 2],
    [
      '#include <string.h>\nstatic char b[900000];\nint main(void) {\n  for (;;) memset(b, 1, sizeof b);\n}',
      'limit.instructions',
      4,
    ],
    ['int f(int x) {\n  return f(x + 1) + 1;\n}\nint main(void) { return f(0); }', 'limit.stack', 2],
  ];
  for (const [source, code, line] of attacks) {
    const limits = { instructions: 20_000_000, memoryBytes: 64 << 20 };
    const result = await host.run({ language: 'c', source, fileName: 'attack.c', limits });
    assert.is(result.status, 'limit', code);
    assert.is(result.error?.code, code);
    const frame = result.error?.stack.find(({ file }) => file === 'attack.c');
    assert.is(frame?.line, line);
  }
  await host.close();
});

test('answers NULL when there is no memory, and goes on', async () => {
  const host = await createHost();
  const source = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  int blocks = 0;
  for (char *b; (b = malloc(100000)) != NULL; blocks++) memset(b, 1, 100000);
  printf("%s\\n", blocks > 70 && blocks < 84 ? "full" : "odd");
  return 0;
}`;
  const result = await host.run({ language: 'c', source, limits: { memoryBytes: 8 << 20 } });
  assert.is(result.stdout, 'full\n', result.error?.message);
  await host.close();
});

test.run();
