/* Hostile: sets all of a large block again and again.
 * Expected: limit instructions */
#include <stdlib.h>
#include <string.h>
int main(void) {
  char *block = malloc(8000000);
  for (;;) memset(block, 1, 8000000);
}
