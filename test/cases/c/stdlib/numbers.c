// stdlib.h: conversions of text, absolute values, division, sorting of larger things.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <limits.h>

struct record { char name[12]; int key; };

static int by_key(const void *a, const void *b) {
  const struct record *x = a, *y = b;
  return x->key < y->key ? -1 : x->key > y->key;
}

int main(void) {
  char *end;
  printf("%d %d %d %d\n", atoi("42"), atoi("  -17xyz"), atoi("x"), atoi("+8"));
  printf("%d", (int)strtol("0x1fz", &end, 0));
  printf(" %s", end);
  printf(" %d %d %d\n", (int)strtol("077", NULL, 0), (int)strtol("zz", NULL, 36), (int)strtol("102", &end, 2));
  printf("%lld %llu\n", strtoll("-9223372036854775808", NULL, 10), strtoull("18446744073709551615", NULL, 10));
  errno = 0;
  printf("%d", strtoll("9999999999999999999999", NULL, 10) == LLONG_MAX);
  printf(" %d\n", errno == ERANGE);
  printf("%s|\n", (strtol("  none", &end, 10), end));
  printf("%g %g %g %g\n", atof("3.25"), strtod("-1e-3rest", &end), strtod("0x1p4", NULL), strtod(".5", NULL));
  printf("%s %g %g\n", end, strtod("1e400", NULL), strtod("inf", NULL));
  printf("%.17g %.9g\n", strtod("0.1", NULL), (double)strtof("0.1", NULL));
  printf("%d %lld\n", abs(-5), llabs(-5000000000LL));
  div_t d = div(-17, 5);
  printf("%d %d\n", d.quot, d.rem);
  static struct record records[100];
  unsigned state = 12345;
  for (int i = 0; i < 100; i++) {
    state = state * 1103515245u + 12345u;
    records[i].key = state >> 16 & 1023;
    sprintf(records[i].name, "r%d", records[i].key);
  }
  qsort(records, 100, sizeof *records, by_key);
  int wrong = 0;
  for (int i = 0; i < 100; i++) {
    if (i > 0 && records[i - 1].key > records[i].key) wrong++;
    if (atoi(records[i].name + 1) != records[i].key) wrong++;
  }
  printf("%d %d %d\n", wrong, records[0].key, records[99].key);
  srand(1);
  int r1 = rand(), r2 = rand();
  srand(1);
  printf("%d %d\n", r1 == rand() && r2 == rand(), r1 >= 0 && r1 <= RAND_MAX && r1 != r2);
  return 0;
}

// expect: 42 -17 0 8
// expect: 31 z 63 1295 2
// expect: -9223372036854775808 18446744073709551615
// expect: 1 1
// expect:   none|
// expect: 3.25 -0.001 16 0.5
// expect: rest inf inf
// expect: 0.10000000000000001 0.100000001
// expect: 5 5000000000
// expect: -3 -2
// expect: 0 16 1023
// expect: 1 1
