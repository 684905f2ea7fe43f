/* Hostile: prints one number with ten million places.
 * Expected: limit output_bytes
 * Limits: { "outputBytes": 100000 } */
#include <stdio.h>
int main(void) {
  printf("%*d", 10000000, 1);
  return 0;
}
