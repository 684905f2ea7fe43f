/* Hostile: asks for more memory than there can be.
 * Expected: limit instructions */
#include <stdlib.h>
int main(void) {
  for (;;)
    if (malloc(0x7fffffff) != NULL) return 1;
}
