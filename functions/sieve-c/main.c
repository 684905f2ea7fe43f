/* Counts the prime numbers below a limit with the sieve of Eratosthenes.
 * Argument: the limit, a whole number. Prints how many primes are smaller than it.
 * Exit code: 0, or 2 for a bad limit, or 3 when there is no memory for the sieve. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `is_composite` has `limit` entries, all zero at first. Below 2^31 `multiple` cannot wrap around. */
static int count_primes(char *is_composite, uint32_t limit) {
  int count = 0;
  for (uint32_t candidate = 2; candidate < limit; candidate++) {
    if (is_composite[candidate]) continue;
    count++;
    if (candidate > limit / candidate) continue; /* its square lies above the limit */
    for (uint32_t multiple = candidate * candidate; multiple < limit; multiple += candidate) is_composite[multiple] = 1;
  }
  return count;
}

int main(int argc, char **argv) {
  int limit = argc > 1 ? atoi(argv[1]) : 0;
  if (limit <= 0) {
    fprintf(stderr, "usage: sieve LIMIT, a positive whole number\n");
    return 2;
  }
  char *is_composite = malloc(limit);
  if (is_composite == NULL) {
    fprintf(stderr, "no memory for %d numbers\n", limit);
    return 3;
  }
  memset(is_composite, 0, limit);
  printf("%d\n", count_primes(is_composite, limit));
  free(is_composite);
  return 0;
}
