// Aligned blocks, lines and texts of any length, quick_exit.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void bye(void) { puts("bye"); }

int main(void) {
  void *blocks[12];
  for (int i = 0; i < 12; i++) {
    blocks[i] = aligned_alloc((size_t)1 << i, 100 + i);
    memset(blocks[i], i, 100 + i);
    if ((uintptr_t)blocks[i] % ((size_t)1 << i)) puts("not aligned");
  }
  for (int i = 0; i < 12; i++) {
    if (((char *)blocks[i])[99 + i] != i) puts("overlap");
    free(blocks[i]);
  }
  void *block;
  printf("%d ", posix_memalign(&block, 64, 10));
  printf("%d %d\n", (int)((uintptr_t)block % 64), aligned_alloc(24, 8) == NULL); // expect: 0 0 1
  free(block);
  char *text;
  printf("%d ", asprintf(&text, "%s-%d", "text", 42));
  puts(text); // expect: 7 text-42
  // stdin: the first line, which is longer than the sixty-four bytes that getline takes at first
  // stdin: last
  char *line = NULL;
  size_t size = 0;
  printf("%td ", getline(&line, &size, stdin));
  printf("%td ", getline(&line, &size, stdin));
  printf("%td %s\n", getline(&line, &size, stdin), line); // expect: 86 4 -1
  char list[] = "a,,b", *rest = list;
  for (char *item; (item = strsep(&rest, ",")) != NULL;) printf("[%s]", item);
  char copied[8] = "";
  printf(" %d", (int)(stpcpy(copied, "abc") - copied));
  printf(" %d\n", (int)((char *)memccpy(copied, "xyz", 'y', 3) - copied)); // expect: [a][][b] 3 2
  at_quick_exit(bye);
  atexit(bye);
  quick_exit(3); // expect: bye
  // exit: 3
}
