// exit runs what atexit was given, in reverse, and flushes.
#include <stdio.h>
#include <stdlib.h>

static void first(void) { puts("first"); }
static void second(void) { printf("second "); }

int main(void) {
  atexit(first);
  atexit(second);
  printf("main ");
  exit(3);
}

// expect: main second first
// exit: 3
