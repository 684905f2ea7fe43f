/* Hostile: sorts with a comparator that never returns.
 * Expected: limit instructions */
#include <stdlib.h>
static int compare(const void *left, const void *right) {
  for (;;) {
  }
  return left < right;
}
int main(void) {
  int values[] = {2, 1};
  qsort(values, 2, sizeof values[0], compare);
  return 0;
}
