/* Hostile: takes small pieces until malloc answers NULL, for ever.
 * Expected: limit instructions */
#include <stdlib.h>
int main(void) {
  for (;;) malloc(1);
}
