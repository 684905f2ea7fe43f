// free notices that a neighbour wrote over the end of its block.
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *first = malloc(16), *second = malloc(16);
  second[0] = 1;
  memset(first, 'x', 40);
  free(first); // trap: trap.aborted
  return 0;
}

// stderr: the heap was written to outside of a block (block 0x*)
