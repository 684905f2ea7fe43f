/* Puts n keys into a hash table with open addressing, and looks 2n up. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t mixed(uint32_t key) {
  key ^= key >> 16;
  key *= 0x45d9f3b;
  key ^= key >> 16;
  return key;
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  uint32_t size = 1;
  while (size < 2u * n) size *= 2;
  uint32_t *keys = calloc(size, sizeof *keys), *values = calloc(size, sizeof *values), mask = size - 1;
  for (int i = 1; i <= n; i++) {
    uint32_t key = i * 2654435761u, place = mixed(key) & mask;
    while (keys[place] != 0 && keys[place] != key) place = (place + 1) & mask;
    keys[place] = key;
    values[place] = i;
  }
  uint32_t found = 0, sum = 0;
  for (int i = 1; i <= 2 * n; i++) {
    uint32_t key = i * 2654435761u, place = mixed(key) & mask;
    while (keys[place] != 0 && keys[place] != key) place = (place + 1) & mask;
    if (keys[place] != key) continue;
    found++;
    sum += values[place];
  }
  printf("%u %u\n", found, sum);
}
