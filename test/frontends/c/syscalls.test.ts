// gazelle.h: what C programs ask of the machine beyond the standard library.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';

const HEAD = '#include <gazelle.h>\n#include <stdio.h>\n#include <string.h>\n';

test('reads files and calls host functions', async () => {
  const host = await createHost();
  const source = `${HEAD}int main(void) {
  char text[100] = {0};
  printf("%d %d\\n", gazelle_file_size("data.txt"), gazelle_file_size("none"));
  printf("%d ", gazelle_file_read("data.txt", 2, text, sizeof text));
  printf("%s\\n", text);
  int length = gazelle_call("add", "[20, 22]");
  int got = gazelle_answer_read(0, text, sizeof text);
  printf("%d %d %.*s\\n", length, got, got, text);
  return 0;
}`;
  const functions = { add: async (a: unknown, b: unknown) => Number(a) + Number(b) };
  const result = await host.run({ language: 'c', source, files: { 'data.txt': 'abcdef' }, functions });
  assert.is(result.error?.message, undefined);
  assert.is(result.stdout, '6 -1\n4 cdef\n2 2 42\n');
  await host.close();
});

test('opens the files of the function, and lets what it writes lie over them', async () => {
  const host = await createHost();
  const source = `${HEAD}int main(void) {
  char line[20];
  FILE *file = fopen("./data.txt", "r+");
  fgets(line, sizeof line, file);
  fputs("TWO", file);
  fclose(file);
  file = fopen("data.txt", "r");
  printf("%s", line);
  while (fgets(line, sizeof line, file)) printf("%s", line);
  fclose(file);
  printf("\\n%d %d %d\\n", gazelle_file_size("data.txt"), remove("data.txt"), fopen("data.txt", "r") == NULL);
  file = fopen("data.txt", "a");
  printf("%ld\\n", (fputc('x', file), ftell(file)));
  return 0;
}`;
  const files = { 'data.txt': 'one\ntwo\nthree\n' };
  for (let run = 0; run < 2; run++) {
    const result = await host.run({ language: 'c', source, files });
    assert.is(result.error?.message, undefined);
    assert.is(result.stdout, 'one\none\nTWO\nthree\n\n14 0 1\n1\n');
  }
  assert.is(files['data.txt'], 'one\ntwo\nthree\n');
  await host.close();
});

test('includes the files of the function', async () => {
  const host = await createHost();
  const source = '#include "lib/values.h"\nint main(void) { return VALUE; }';
  const files = { 'lib/values.h': '#include "more.h"\n#define VALUE (MORE + 1)\n', 'lib/more.h': '#define MORE 41\n' };
  const result = await host.run({ language: 'c', source, files });
  assert.is(result.value, 42);
  await host.close();
});

test('has clocks, sleep and random bytes only when they are granted', async () => {
  const host = await createHost();
  const source = `${HEAD}#include <time.h>
int main(void) {
  unsigned char bytes[16] = {0};
  long long start = gazelle_clock(1);
  gazelle_sleep(2000000);
  int different = 0;
  gazelle_random(bytes, sizeof bytes);
  for (int i = 1; i < 16; i++) different |= bytes[i] ^ bytes[0];
  printf("%d %d %d\\n", gazelle_clock(1) - start >= 2000000, different != 0, time(NULL) > 1500000000);
  return 0;
}`;
  const granted = await host.run({ language: 'c', source, capabilities: ['clock', 'sleep', 'random'] });
  assert.is(granted.stdout, '1 1 1\n', granted.error?.message);
  const refused = await host.run({ language: 'c', source });
  assert.is(refused.status, 'error');
  await host.close();
});

test.run();
