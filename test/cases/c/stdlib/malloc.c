// The allocator: alignment, reuse, growth in place, joined neighbours, and a NULL when there is no more.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *blocks[200];
  int sizes[200], wrong = 0;
  unsigned state = 1;
  memset(blocks, 0, sizeof blocks);
  for (int round = 0; round < 3000; round++) {
    state = state * 1664525u + 1013904223u;
    int i = (state >> 8) % 200;
    int size = (state >> 16) % 700;
    if (blocks[i]) {
      for (int k = 0; k < sizes[i]; k++) wrong += blocks[i][k] != (char)i;
      if (round % 3 == 0) {
        char *moved = realloc(blocks[i], size);
        for (int k = 0; k < sizes[i] && k < size; k++) wrong += moved[k] != (char)i;
        blocks[i] = moved;
      } else {
        free(blocks[i]);
        blocks[i] = malloc(size);
      }
    } else blocks[i] = calloc(1, size);
    if ((uintptr_t)blocks[i] % 8 != 0) wrong++;
    sizes[i] = size;
    memset(blocks[i], i, size);
  }
  for (int i = 0; i < 200; i++) free(blocks[i]);
  printf("%d\n", wrong);
  char *large = malloc(100000);
  printf("%d\n", large != NULL);
  large[99999] = 1;
  large = realloc(large, 200000);
  printf("%d\n", large[99999]);
  free(large);
  free(NULL);
  int *zeros = calloc(1000, sizeof(int)), sum = 0;
  for (int i = 0; i < 1000; i++) sum += zeros[i];
  printf("%d\n", sum);
  void *volatile huge = malloc(2000000000);
  printf("%d\n", huge == NULL || (free(huge), 1));
  return 0;
}

// expect: 0
// expect: 1
// expect: 1
// expect: 0
// expect: 1
