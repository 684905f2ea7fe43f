// setjmp and longjmp: across calls, more than once, with memory on the stack, out of a signal handler.
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf outer, inner;

static void deep(int depth, int value) {
  char block[100];
  memset(block, depth, sizeof block);
  if (depth == 0) longjmp(outer, value);
  deep(depth - 1, value);
  printf("%d\n", block[0]);
}

static int attempts(void) {
  volatile int count = 0;
  if (setjmp(outer) < 3) {
    count++;
    deep(20, count);
  }
  return count;
}

static int nested(void) {
  int outside = setjmp(outer);
  if (outside != 0) return outside;
  switch (setjmp(inner)) {
    case 0: longjmp(inner, 5);
    case 5: longjmp(inner, 6);
    case 6: longjmp(outer, 0);
    default: return -1;
  }
}

/* 500 rounds of 4 KiB fit the memory stack only if longjmp gives the arrays back. */
static int give_back(int size) {
  volatile int rounds = 0;
  setjmp(outer);
  char block[size];
  memset(block, 1, size);
  if (++rounds < 500) longjmp(outer, 1);
  return rounds;
}

static void handler(int number) { longjmp(outer, number); }

static double keeps(double x) {
  double sum = x, square = x * x;
  long long big = 1LL << 40;
  if (setjmp(outer) == 0) deep(3, 1);
  return sum + square + (double)(big >> 40);
}

static int compare(const void *a, const void *b) {
  longjmp(outer, *(const int *)a + *(const int *)b);
}

int main(void) {
  printf("%d %d %d\n", attempts(), nested(), give_back(4096));
  // expect: 3 1 500
  signal(SIGFPE, handler);
  int number = setjmp(outer);
  if (number == 0) raise(SIGFPE);
  printf("%d %g\n", number, keeps(1.5));
  // expect: 8 4.75
  int two[] = {30, 12};
  int sum = setjmp(outer);
  if (sum == 0) qsort(two, 2, sizeof *two, compare);
  printf("%d\n", sum);
  // expect: 42
  return 0;
}
