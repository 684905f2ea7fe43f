// __has_include, and __VA_OPT__.
#include <stddef.h>
#include <stdio.h>

#if !defined(__has_include) || !__has_include(<stdio.h>) || __has_include("missing.h") || __has_include(<missing.h>)
#error __has_include
#endif
#define HEADER <stdlib.h>
#if !__has_include(HEADER)
#error macros are replaced
#endif
#ifndef __has_include
#error it is there
#endif

#define COUNT(first, ...) (1 __VA_OPT__(+rest(__VA_ARGS__, 0)))
#define TEXT(format, ...) printf(format "\n" __VA_OPT__(, ) __VA_ARGS__)

static int rest(int value, ...) { return value; }

struct s {
  int a;
  struct {
    char x[4];
    int y;
  } b[3];
};

int main(void) {
  TEXT("none");          // expect: none
  TEXT("%d %d", 1, 2);   // expect: 1 2
  printf("%d %d %d\n", COUNT(9), COUNT(9, ), COUNT(9, 5)); // expect: 1 1 6
  int i = 1;
  printf("%d\n", (int)offsetof(struct s, b[i + 1].y)); // expect: 24
}
