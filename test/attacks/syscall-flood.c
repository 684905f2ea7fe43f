/* Hostile: asks for the number of its arguments without end.
 * Expected: limit syscalls
 * Limits: { "syscalls": 10000 } */
#include <gazelle.h>
int main(void) {
  for (;;) gazelle_argument_count();
}
