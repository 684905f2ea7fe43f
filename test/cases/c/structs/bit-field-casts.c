// A bit-field narrower than int is promoted to int; cast to its declared type it is of that type.
#include <stdio.h>

struct s { unsigned c : 9; long long m : 20; unsigned long long l : 37; };

int main(void) {
  struct s s = {1, -1, 5};
  printf("%d %d %d\n", -5 < s.c, -5 < (unsigned)s.c, -5 % ((unsigned)s.c & 1023) == 0);
  // expect: 1 0 1
  printf("%u %d\n", -5 % (((unsigned)s.c & 1023) + 1), (int)(-5 >> s.c));
  // expect: 1 -3
  printf("%d %d %d\n", (int)sizeof((long long)s.m), (long long)s.m < 0, (unsigned long long)s.l - 6 > 0);
  // expect: 8 1 1
  return 0;
}
