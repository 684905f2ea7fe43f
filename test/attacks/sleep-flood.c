/* Hostile: sleeps for an instant without end.
 * Expected: limit syscalls
 * Limits: { "syscalls": 20 } */
#include <gazelle.h>
int main(void) {
  for (;;) gazelle_sleep(1);
}
