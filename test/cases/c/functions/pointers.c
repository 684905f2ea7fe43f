// Functions: recursion, pointers to functions, tables of them, callbacks, many parameters, old-style definitions.
#include <stdio.h>
#include <stdlib.h>

static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static double scale(double x, float y, char z, long long w) { return x * y + z - w; }

typedef int (*operation)(int, int);
static const struct { const char *name; operation run; } table[] = {{"add", add}, {"sub", &sub}};

static operation choose(int which) { return which ? sub : add; }

static int apply(int f(int, int), int a, int b) { return (*f)(a, b); }

int (*select_nested(int n))(int, int) { return n > 5 ? add : sub; }

static int old_style(a, b, c)
  int a, c;
  char *b;
{
  return a + b[0] + c;
}

static int ackermann(int m, int n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

static int is_odd(unsigned n);
static int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1); }
static int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1); }

static int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l) {
  return a - b + c - d + e - f + g - h + i - j + k - l;
}

static int counter(void) {
  static int count = 10;
  return count++;
}

static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }

static int modify(int x, int *y) {
  x *= 2;
  *y = x;
  y = &x;
  *y += 1;
  return x;
}

int main(void) {
  for (int i = 0; i < 2; i++) printf("%s %d\n", table[i].name, table[i].run(7, 3));
  printf("%d %d %d\n", choose(0)(1, 2), choose(1)(1, 2), apply(add, 3, 4));
  printf("%d %d\n", select_nested(9)(1, 1), (*select_nested(1))(1, 1));
  printf("%g\n", scale(2, 1.5f, 'A', 5));
  printf("%d\n", old_style(1, "A", 2));
  printf("%d %d %d\n", ackermann(2, 3), is_even(10), is_odd(7));
  printf("%d\n", many(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
  counter();
  printf("%d", counter());
  printf(" %d\n", counter());
  int values[7] = {3, 9, 1, 7, 5, 9, 2};
  qsort(values, 7, sizeof *values, descending);
  for (int i = 0; i < 7; i++) printf("%d ", values[i]);
  int wanted = 5;
  int *found = bsearch(&wanted, values, 7, sizeof *values, descending);
  printf("at %d\n", (int)(found - values));
  int y = 1, r = modify(21, &y);
  printf("%d %d\n", y, r);
  operation p = add;
  printf("%d %d %d\n", p == add, p != sub, p ? 1 : 0);
  printf("%d\n", (p = sub)(10, 4));
  return 0;
}

// expect: add 10
// expect: sub 4
// expect: 3 -1 7
// expect: 2 0
// expect: 63
// expect: 68
// expect: 9 1 1
// expect: 6
// expect: 11 12
// expect: 9 9 7 5 3 2 1 at 3
// expect: 42 43
// expect: 1 1 1
// expect: 6
