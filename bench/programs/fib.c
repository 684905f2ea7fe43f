/* Calls: the naive Fibonacci function. */
#include <stdlib.h>

static int fib(int n) {
  if (n < 2) return n;
  return fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv) {
  (void)argc;
  return fib(atoi(argv[1]));
}
