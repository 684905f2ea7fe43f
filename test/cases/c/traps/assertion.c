// A failed assertion says what and where, on stderr.
#include <assert.h>

int main(void) {
  int x = 2;
  assert(x == 2);
  assert(x > 2 && "text"); // trap: trap.aborted
  return 0;
}

// stderr: traps/assertion.c:7: main: assertion failed: x > 2 && "text"
