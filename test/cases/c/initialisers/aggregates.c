// Initialisers: designators, missing braces, strings, zeros, addresses, static and automatic.
#include <stdio.h>

struct inner { int a, b[3]; char name[6]; };
struct outer { struct inner first, second; int *p; int (*f)(void); };

static int seven(void) { return 7; }
static int numbers[] = {[5] = 50, 60, [1] = 10, 20};
static int *middle = &numbers[3], *last = numbers + sizeof numbers / sizeof *numbers - 1;
static struct outer global = {{1, {2, 3}, "abc"}, .second = {.b[1] = 8, .name = {'x'}}, .p = numbers + 1, .f = seven};
static const char *words[] = {"zero", [2] = "two"};
static char exact[3] = "abc", padded[8] = "abc";
static int flat[2][3] = {1, 2, 3, 4};
static int ranges[10] = {[2 ... 4] = 7, [8 ... 9] = 1};
static union { int i; char c[4]; } u = {.c = {1, 1}};
static double third = 1.0 / 3;
static unsigned char wrapped = (unsigned char)-1;
static struct { int kind; union { int i; struct { short s, t; }; }; int end; } anonymous = {1, {2}, 3};
static int negative = -(5 + 3) * 2, shifted = 1 << 4 | 1, chosen = sizeof(int) > 2 ? 11 : 22;
static char (*strings)[6] = &(char[6]){"hello"};

static void show(const struct inner *i) {
  printf("%d %d %d %d '%s'\n", i->a, i->b[0], i->b[1], i->b[2], i->name);
}

int main(void) {
  for (int i = 0; i < (int)(sizeof numbers / sizeof *numbers); i++) printf("%d ", numbers[i]);
  printf("%d %d\n", *middle, *last);
  show(&global.first);
  show(&global.second);
  printf("%d %d\n", *global.p, global.f());
  printf("%s %d %s\n", words[0], words[1] == 0, words[2]);
  printf("%.3s %s %d\n", exact, padded, padded[7]);
  printf("%d %d %d\n", flat[0][2], flat[1][0], flat[1][1]);
  for (int i = 0; i < 10; i++) printf("%d", ranges[i]);
  printf(" %d %g %d\n", u.i, third, wrapped);
  printf("%d %d %d %d %d %d\n", anonymous.kind, anonymous.s, anonymous.end, negative, shifted, chosen);
  puts(*strings);
  int n = 4;
  struct outer local = {{n, {n + 1, [2] = n + 2}, "loc"}, {.a = n * n}, .p = &n};
  show(&local.first);
  show(&local.second);
  printf("%d %d\n", *local.p, local.f == 0);
  int matrix[3][2] = {{1}, {2, n}}, sum = 0;
  for (int i = 0; i < 6; i++) sum += matrix[0][i];
  printf("%d\n", sum);
  char text[] = "auto", big[100] = "big";
  printf("%s %d %s %d\n", text, (int)sizeof text, big, big[99]);
  struct inner copies[2] = {global.first, {9}};
  show(&copies[0]);
  show(&copies[1]);
  int braced = {5}, list[] = {1, 2, 3, };
  printf("%d %d\n", braced, (int)(sizeof list / sizeof *list));
  for (int i = 0; i < 2; i++) {
    int fresh[4] = {i};
    fresh[3] += i + 1;
    printf("%d%d ", fresh[0], fresh[3]);
  }
  printf("\n");
  const struct inner *literal = &(struct inner){.a = n, .name = "lit"};
  show(literal);
  return 0;
}

// expect: 0 10 20 0 0 50 60 0 60
// expect: 1 2 3 0 'abc'
// expect: 0 0 8 0 'x'
// expect: 10 7
// expect: zero 1 two
// expect: abc abc 0
// expect: 3 4 0
// expect: 0077700011 257 0.333333 255
// expect: 1 2 3 -16 17 11
// expect: hello
// expect: 4 5 0 6 'loc'
// expect: 16 0 0 0 ''
// expect: 4 1
// expect: 7
// expect: auto 5 big 0
// expect: 1 2 3 0 'abc'
// expect: 9 0 0 0 ''
// expect: 5 3
// expect: 01 12
// expect: 4 0 0 0 'lit'
