/* Hostile: sleeps longer than it may run.
 * Expected: limit wall_time
 * Limits: { "wallTimeMs": 50 } */
#include <gazelle.h>
int main(void) {
  gazelle_sleep(1000000000000LL);
  return 0;
}
