// free notices what was freed already.
#include <stdlib.h>

int main(void) {
  char *block = malloc(10);
  free(block);
  free(block); // trap: trap.aborted
  return 0;
}

// stderr: double free (block 0x*)
