/* Hostile: copies a large block over itself again and again.
 * Expected: limit instructions */
#include <stdlib.h>
#include <string.h>
int main(void) {
  char *block = malloc(8000000);
  for (;;) memmove(block + 1, block, 7999999);
}
