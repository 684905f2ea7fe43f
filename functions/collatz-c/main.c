/* Finds the number below a limit whose Collatz sequence (halve the even, 3n + 1 the odd, until 1) is the longest.
 * Argument: the limit, a whole number above 1. Prints that number (the smallest, if several).
 * Exit code: 0, or 2 for a bad limit. The sequences leave 32 bits early: 113383 already climbs to 2482111348. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int steps_from(int start) {
  int64_t number = start;
  int steps = 0;
  while (number != 1) {
    number = number % 2 == 0 ? number / 2 : 3 * number + 1;
    steps++;
  }
  return steps;
}

int main(int argc, char **argv) {
  int limit = argc > 1 ? atoi(argv[1]) : 0;
  if (limit <= 1) {
    fprintf(stderr, "usage: collatz LIMIT, a whole number above 1\n");
    return 2;
  }
  int longest = 1, most_steps = 0;
  for (int start = 1; start < limit; start++) {
    int steps = steps_from(start);
    if (steps > most_steps) {
      longest = start;
      most_steps = steps;
    }
  }
  printf("%d\n", longest);
  return 0;
}
