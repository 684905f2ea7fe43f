// What comes of a call: results, exit codes, arguments, output, errors with their place.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type FunctionOptions } from '../../../host/core/index';
import { ManualTime } from '../../support/manual-time';

const host = await createHost();
test.after(() => host.close());

const c = (source: string): FunctionOptions => ({ language: 'c', source });
const sm = (source: string): FunctionOptions => ({ language: 'sm', source });

test('answers with the numbers that an sm entry returns', async () => {
  const result = await host.run({
    ...sm('func main(a: i32, b: f64) -> i64, f64\n  a i64.extend_i32_s b\nend'),
    argument: [-3, 0.5],
  });
  assert.is(result.status, 'ok');
  assert.equal(result.values, [-3, 0.5]);
  assert.is(result.value, -3);
  assert.is(result.exitCode, 0);
});

test('reads the numbers of an sm entry from text', async () => {
  const result = await host.run({
    ...sm('func main(a: i64, b: i32, c: f32) -> i64, i32, f32\n  a b c\nend'),
    args: ['9223372036854775807', '0xff', '-1.5e3'],
  });
  assert.equal(result.values, ['9223372036854775807', 255, -1500]);
});

test('gives integers beyond 2^53 as decimal strings', async () => {
  const program = sm('func main(a: i64) -> i64\n  a\nend');
  assert.is((await host.run({ ...program, argument: 2n ** 53n - 1n })).value, 2 ** 53 - 1);
  assert.is((await host.run({ ...program, argument: 2n ** 53n })).value, '9007199254740992');
  assert.is((await host.run({ ...program, argument: -(2n ** 63n) })).value, '-9223372036854775808');
});

test('gives floats that are no numbers, or infinite, as words, and takes the words back', async () => {
  const program = sm('func main(a: f64, b: f64, c: f32) -> f64, f64, f32\n  a b c\nend');
  const { values } = await host.run({ ...program, argument: [Number.NaN, -Infinity, Infinity] });
  assert.equal(values, ['NaN', '-Infinity', 'Infinity']);
  assert.equal((await host.run({ ...program, argument: values })).values, values);
  const text = c('#include <stdio.h>\nint main(int argc, char **argv) { puts(argv[1]); return 0; }');
  assert.is((await host.run({ ...text, argument: [Number.NaN, -Infinity] })).stdout, '["NaN","-Infinity"]\n');
});

for (const [what, argument, code] of [
  ['too few', [], 'argument.count'],
  ['too many', [1, 2], 'argument.count'],
  ['a fraction', 1.5, 'argument.kind'],
  ['text that is no number', 'one', 'argument.kind'],
  ['a number that is too large', 2 ** 32, 'argument.range'],
] as const) {
  test(`refuses ${what} as the arguments of an sm entry`, async () => {
    const result = await host.run({ ...sm('func main(a: i32) -> i32\n  a\nend'), argument });
    assert.is(result.status, 'error');
    assert.is(result.error?.code, code);
  });
}

test("gives C's main its arguments, and its result as value and exit code", async () => {
  const program = c(`#include <stdio.h>
    int main(int argc, char **argv) {
      for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
      fprintf(stderr, "%d", argc);
      return argc;
    }`);
  const { status, value, exitCode, stdout, stderr, usage } = await host.run({ ...program, args: ['a b', '', 'ü'] });
  assert.is(status, 'ok');
  assert.is(value, 4);
  assert.is(exitCode, 4);
  assert.is(stdout, '[a b][][ü]');
  assert.is(stderr, '4');
  assert.is(usage.outputBytes, 12);
  assert.ok(usage.instructions > 0 && usage.memoryPeakBytes > 0 && usage.syscalls > 0);
  assert.is((await host.run({ ...program, argument: { a: [1, null] } })).stdout, '[{"a":[1,null]}]');
  assert.is((await host.run({ ...program, argument: Uint8Array.of(65, 66) })).stdout, '[AB]');
});

test('gives stdin as it comes', async () => {
  const program = c(`#include <stdio.h>
    int main(void) { int c, n = 0; while ((c = getchar()) != EOF) { putchar(c); n++; } return n; }`);
  assert.is((await host.run({ ...program, stdin: 'abc' })).stdout, 'abc');
  async function* pieces() {
    yield Uint8Array.of(120);
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield Uint8Array.of();
    yield Uint8Array.of(121, 122);
  }
  const result = await host.run({ ...program, stdin: pieces() });
  assert.is(result.stdout, 'xyz');
  assert.is(result.value, 3);
});

test('ends with the status that exit is called with', async () => {
  const result = await host.run(c('#include <stdlib.h>\nvoid f(void) { exit(7); }\nint main(void) { f(); return 1; }'));
  assert.is(result.status, 'ok');
  assert.is(result.exitCode, 7);
  assert.is(result.value, 7);
});

test('names the trap, and each call with file and line', async () => {
  const result = await host.run({
    ...c('int divide(int a, int b) {\n  return a / b;\n}\nint main(void) {\n  return divide(1, 0);\n}'),
    fileName: 'divide.c',
  });
  assert.is(result.status, 'error');
  assert.is(result.error?.code, 'trap.integer_divide_by_zero');
  assert.is(result.exitCode, null);
  const places = result.error!.stack.map((frame) => `${frame.function} ${frame.file}:${frame.line}`);
  assert.equal(places.slice(0, 2), ['divide divide.c:2', 'main divide.c:5']);
  assert.ok(result.usage.instructions > 0);
});

test('reports reading outside of memory at its line', async () => {
  const result = await host.run({ ...c('int main(void) {\n  int *p = 0;\n\n  return *p;\n}'), fileName: 'null.c' });
  assert.is(result.error?.code, 'trap.memory_out_of_bounds');
  assert.is(result.error?.stack[0]?.line, 4);
});

test('refuses a syscall whose capability is not granted, and names it', async () => {
  const program = c('#include <gazelle.h>\nint main(void) { return gazelle_clock(1) >= 0; }');
  const denied = await host.run(program);
  assert.is(denied.status, 'error');
  assert.is(denied.error?.code, 'capability_denied');
  assert.is(denied.error?.capability, 'clock');
  const granted = await host.run({ ...program, capabilities: ['clock'] });
  assert.is(granted.value, 1);
});

test('traps when a syscall names memory that is not there', async () => {
  for (const [address, length] of [
    [0, 8],
    [1023, 8],
    [2 ** 30, 8],
    [1024, -1],
    [-1, 1],
  ]) {
    const result = await host.run(sm(`func main() -> i32\n  1 ${address} ${length} syscall write\nend`));
    assert.is(result.error?.code, 'trap.memory_out_of_bounds', `${address}, ${length}`);
    assert.is(result.stdout, '');
  }
});

test('starts each execution afresh', async () => {
  const fn = await host.deploy({ name: 'fresh', ...c('static int n;\nint main(void) { return ++n; }') });
  const results = await fn.executeMany(5);
  assert.equal(
    results.map(({ value }) => value),
    [1, 1, 1, 1, 1],
  );
});

test('counts the same instructions each time, alone or among others', async () => {
  const fn = await host.deploy({
    name: 'same',
    ...c('int main(void) { int s = 0; for (int i = 0; i < 200000; i++) s += i % 7; return s & 127; }'),
  });
  const alone = await fn.execute();
  const many = await fn.executeMany(10);
  for (const { usage, value } of many) {
    assert.is(usage.instructions, alone.usage.instructions);
    assert.is(value, alone.value);
  }
});

test('shows files of the function to it, and no others', async () => {
  const program = c(`#include <stdio.h>
    #include <gazelle.h>
    #include "part.h"
    int main(void) {
      char text[16];
      int size = gazelle_file_read("data/a.txt", 1, text, sizeof text);
      fwrite(text, 1, size, stdout);
      return gazelle_file_size("data/a.txt") * 100 + gazelle_file_size("/etc/passwd") + PART;
    }`);
  const result = await host.run({ ...program, files: { 'part.h': '#define PART 11\n', 'data/a.txt': 'hello' } });
  assert.is(result.stdout, 'ello');
  assert.is(result.value, 510);
});

test('sleeps without holding up others', async () => {
  const program = c('#include <gazelle.h>\nint main(void) { gazelle_sleep(100000000LL); return 5; }');
  const time = new ManualTime(0);
  const own = await createHost({ surroundings: time.surroundings });
  const fn = await own.deploy({ name: 'sleeper', ...program, capabilities: ['sleep'] });
  const running = fn.executeMany(20);
  for (const timer of await time.waitForTimers(20, (milliseconds) => milliseconds === 100)) timer.fire();
  const results = await running;
  assert.ok(results.every(({ value }) => value === 5));
  assert.ok(results.every(({ usage }) => usage.instructions < 1000));
  assert.is(time.timers.size, 0);
  await own.close();
});

test('calls host functions, which see plain data', async () => {
  const seen: unknown[] = [];
  const program = c(`#include <stdio.h>
    #include <gazelle.h>
    int main(void) {
      char text[64];
      int size = gazelle_call("lookup", "[\\"key\\", {\\"n\\": [1, null]}]");
      size = gazelle_answer_read(0, text, sizeof text);
      printf("%.*s|", size, text);
      size = gazelle_call("fail", "[]");
      printf("%d|", size);
      size = gazelle_answer_read(0, text, sizeof text);
      printf("%.*s|", size, text);
      printf("%d", gazelle_call("missing", "[]"));
      return 0;
    }`);
  const result = await host.run({
    ...program,
    functions: {
      lookup: async (...args) => {
        seen.push(...args);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { ok: true, big: 2n ** 60n };
      },
      fail: () => {
        throw new Error('out of order');
      },
    },
  });
  assert.is(result.status, 'ok', result.error?.message);
  assert.is(result.stdout, '{"ok":true,"big":"1152921504606846976"}|-1|"out of order"|-1');
  assert.equal(seen, ['key', { n: [1, null] }]);
});

test('gives logs as they come, several times', async () => {
  const program = c(`#include <stdio.h>
    #include <gazelle.h>
    int main(void) {
      for (int i = 0; i < 3; i++) { printf("line %d\\n", i); fflush(stdout); gazelle_sleep(5000000LL); }
      fputs("end", stderr);
      return 0;
    }`);
  const fn = await host.deploy({ name: 'logs', ...program, capabilities: ['sleep'] });
  const execution = fn.execute();
  const chunks: string[] = [];
  for await (const { stream, text } of execution.logs) chunks.push(`${stream}:${text}`);
  assert.equal(chunks, ['stdout:line 0\n', 'stdout:line 1\n', 'stdout:line 2\n', 'stderr:end']);
  let again = '';
  for await (const { text } of execution.logs) again += text;
  assert.is(again, 'line 0\nline 1\nline 2\nend');
  assert.is((await execution).stdout, 'line 0\nline 1\nline 2\n');
});

test('holds the guest until its output is taken', async () => {
  const pieces: string[] = [];
  const result = await host.run({
    ...c('#include <gazelle.h>\nint main(void) { gazelle_write(1, "a", 1); gazelle_write(2, "b", 1); return 0; }'),
    output: async ({ stream, bytes }) => {
      pieces.push(`start ${stream}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      pieces.push(`took ${String.fromCharCode(...bytes)}`);
    },
  });
  assert.equal(pieces, ['start stdout', 'took a', 'start stderr', 'took b']);
  assert.is(result.stdout, '');
  assert.is(result.usage.outputBytes, 2);
});

test.run();
