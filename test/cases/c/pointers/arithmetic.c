// Pointer arithmetic, arrays of several dimensions, decay, pointers to pointers and to arrays.
#include <stdio.h>

static int sum(const int *first, const int *last) {
  int total = 0;
  while (first < last) total += *first++;
  return total;
}

static void swap(int *a, int *b) {
  int t = *a;
  *a = *b;
  *b = t;
}

static int trace(int m[][3], int n) {
  int t = 0;
  for (int i = 0; i < n; i++) t += m[i][i];
  return t;
}

int main(void) {
  int a[6] = {1, 2, 3, 4, 5, 6};
  int *p = a + 2, *q = &a[5];
  printf("%d %d %d %d\n", *p, p[-1], p[2], (int)(q - p));
  printf("%d\n", sum(a, a + 6));
  *p++ = 30;
  ++*p;
  (*p)--;
  p += 2;
  p--;
  printf("%d %d %d\n", a[2], a[3], (int)(p - a));
  swap(&a[0], &a[5]);
  printf("%d %d %d\n", a[0], 5[a], *(a + 1));
  int m[3][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  int (*row)[3] = m + 1;
  printf("%d %d %d %d\n", m[2][1], (*row)[2], row[1][0], trace(m, 3));
  printf("%d %d\n", (int)(sizeof m / sizeof *m), (int)(sizeof *row / sizeof **row));
  int **pp = &p;
  **pp = 99;
  printf("%d %d\n", *p, &a[4] == *pp);
  char text[] = "hello";
  char *end = text;
  while (*end) end++;
  while (end > text) putchar(*--end);
  putchar('\n');
  const char *names[] = {"one", "two", "three", 0};
  for (const char **n = names; *n; n++) printf("%s%c", *n, n[1] ? ' ' : '\n');
  short s[4] = {1, -2, 3, -4};
  short *sp = s;
  printf("%d ", *sp++);
  printf("%d %d\n", *sp, sp[2]);
  double d[3] = {1.5, 2.5, 3.5}, *dp = d + 3;
  printf("%g ", *--dp);
  printf("%g\n", dp[-2]);
  void *v = a;
  printf("%d\n", ((int *)v)[1]);
  int i = 1;
  a[i] = i + 1;
  a[i + 1] = a[i] * a[i];
  a[i + 2]++;
  printf("%d %d %d\n", a[1], a[2], a[3]);
  int local = 5, *lp = &local;
  *lp += 3;
  local *= 2;
  printf("%d %d\n", *lp, !lp);
  unsigned char bytes[8] = {0x78, 0x56, 0x34, 0x12, 0xff};
  printf("%x %x\n", *(unsigned *)bytes, *(unsigned *)(bytes + 1));
  int (*matrix)[2][2] = &(int[2][2]){{1, 2}, {3, 4}};
  printf("%d\n", (*matrix)[1][0]);
  return 0;
}

// expect: 3 2 5 3
// expect: 21
// expect: 30 4 4
// expect: 6 1 2
// expect: 8 6 7 15
// expect: 3 3
// expect: 99 1
// expect: olleh
// expect: one two three
// expect: 1 -2 -4
// expect: 3.5 1.5
// expect: 2
// expect: 2 4 5
// expect: 16 0
// expect: 12345678 ff123456
// expect: 3
