/* Counts the primes below n, as a sieve of bytes does. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int n = atoi(argv[1]), count = 0;
  char *composite = calloc(n, 1);
  for (int i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    for (int j = i + i; j < n; j += i) composite[j] = 1;
  }
  printf("%d\n", count);
}
