/* Counts the bits of n numbers of xorshift64: arithmetic of 64 bits. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int n = atoi(argv[1]), bits = 0;
  uint64_t x = 88172645463325252u, sum = 0;
  for (int i = 0; i < n; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    sum += x;
    for (uint64_t rest = x & 0xffff; rest; rest &= rest - 1) bits++;
  }
  printf("%d %llx\n", bits, (unsigned long long)sum);
}
