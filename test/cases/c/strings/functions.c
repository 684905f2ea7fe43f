// string.h and ctype.h.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

static int sign(int x) { return (x > 0) - (x < 0); }

int main(void) {
  char a[40] = "hello", b[40];
  printf("%d %d %d\n", (int)strlen(a), (int)strlen(""), (int)strnlen("abcdef", 3));
  strcpy(b, a);
  strcat(b, ", ");
  strncat(b, "world and more", 5);
  puts(b);
  strncpy(a, "xy", 5);
  printf("%s %d %d\n", a, a[3], a[4]);
  printf("%d %d %d %d\n", sign(strcmp("a", "b")), sign(strcmp("b", "a")), strcmp("same", "same"), sign(strcmp("ab", "a")));
  printf("%d %d %d\n", strncmp("abcx", "abcy", 3), sign(strncmp("abcx", "abcy", 4)), sign(strcmp("\xff", "a")));
  printf("%s %s %d\n", strchr("hello", 'l'), strrchr("hello", 'l'), strchr("hello", 'z') == NULL);
  printf("%s %d %s\n", strstr("one two three", "two"), strstr("abc", "abd") == NULL, strstr("abc", ""));
  printf("%d %d %s\n", (int)strspn("aabbc", "ab"), (int)strcspn("hello, world", " ,"), strpbrk("key=value", "=:"));
  char list[] = "a,b;;c";
  for (char *t = strtok(list, ",;"); t; t = strtok(NULL, ",;")) printf("<%s>", t);
  printf("\n");
  char block[20] = "0123456789abcdef";
  memmove(block + 2, block, 10);
  printf("%s\n", block);
  memcpy(block, "AB", 2);
  memset(block + 2, '-', 3);
  printf("%s %d %d\n", block, memcmp("abcdefgh", "abcdefgh", 8), sign(memcmp("abcdefgx", "abcdefgh", 8)));
  printf("%d\n", (int)((char *)memchr(block, '-', 20) - block));
  char *copy = strdup("duplicate");
  printf("%s\n", copy);
  free(copy);
  for (const char *s = "a1 Z_"; *s; s++)
    printf("%d%d%d%d%d%d ", !!isalpha(*s), !!isdigit(*s), !!isspace(*s), !!isupper(*s), !!ispunct(*s), !!isxdigit(*s));
  printf("%c%c%c\n", toupper('q'), tolower('Q'), toupper('1'));
  printf("%s" "%s\n", "con" "cat", "e\x6e\141te\0d");
  printf("%d %d\n", (int)sizeof "abc", 'ab' == ('a' << 8 | 'b'));
  return 0;
}

// expect: 5 0 3
// expect: hello, world
// expect: xy 0 0
// expect: -1 1 0 1
// expect: 0 -1 1
// expect: llo lo 1
// expect: two three 1 abc
// expect: 4 5 =value
// expect: <a><b><c>
// expect: 010123456789cdef
// expect: AB---3456789cdef 0 1
// expect: 2
// expect: duplicate
// expect: 100001 010001 001000 100100 000010 Qq1
// expect: concatenate
// expect: 4 1
