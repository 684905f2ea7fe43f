/* Hostile: grows one block until memory ends, and begins again.
 * Expected: limit instructions */
#include <stdlib.h>
int main(void) {
  for (;;) {
    char *block = NULL;
    for (size_t size = 1000;; size *= 2) {
      char *larger = realloc(block, size);
      if (larger == NULL) break;
      block = larger;
    }
    free(block);
  }
}
