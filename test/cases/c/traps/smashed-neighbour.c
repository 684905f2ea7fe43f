// A block that was written beyond its end by a few bytes only is found when it is freed.
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *a = malloc(8), *b = malloc(8);
  memset(a, 0x55, 10);
  free(a); // trap: trap.aborted
  // stderr: *
  free(b);
}
