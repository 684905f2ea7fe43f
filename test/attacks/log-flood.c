/* Hostile: prints without end.
 * Expected: limit output_bytes
 * Limits: { "outputBytes": 100000 } */
#include <stdio.h>
int main(void) {
  for (;;) puts("flood");
}
