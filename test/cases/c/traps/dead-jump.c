#include <setjmp.h>

static jmp_buf buffer;
static int again;

static int fill(void) {
  if (again) longjmp(buffer, 1);  // trap: trap.wrong_argument
  again = 1;
  return setjmp(buffer);
}

int main(void) {
  fill();
  // The same function in the same place, and yet another call.
  return fill();
}
