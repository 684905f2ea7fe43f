// Floating constants are rounded once, to their own type.
#include <stdio.h>

int main(void) {
  /* Just above the middle of two floats; as a double it is the middle itself. */
  float above = 1.00000005960464477540f;
  printf("%d %a %a\n", above > 1.0f, 0x1.000001000000000001p0f, 0x1.00000000000008000001p0);
  // expect: 1 0x1.000002p+0 0x1.0000000000001p+0
  printf("%g %g %g %a\n", 1e400, 1e-400, 1e39f, 0x1.8p-1074);
  // expect: inf 0 inf 0x0.0000000000002p-1022
  printf("%g %g %g %g\n", 0x.8p1, 0x1P-2f, 1.e2, .5e+1L);
  // expect: 1 0.25 100 5
  return 0;
}
