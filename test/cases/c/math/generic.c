// tgmath.h chooses by the arguments' types; fenv.h knows one rounding and no flags.
#include <fenv.h>
#include <stdio.h>
#include <tgmath.h>

#define KIND(x) _Generic((x), float: "float", double: "double", default: "?")

int main(void) {
  float f = 2;
  double d = 2;
  int i = 2;
  puts(KIND(sqrt(f)));      // expect: float
  puts(KIND(sqrt(d)));      // expect: double
  puts(KIND(sqrt(i)));      // expect: double
  puts(KIND(pow(f, f)));    // expect: float
  puts(KIND(pow(f, i)));    // expect: double
  puts(KIND(ldexp(f, 3)));  // expect: float
  puts(KIND(fma(f, f, d))); // expect: double
  printf("%.9g %.17g %ld\n", sqrt(f), sqrt(i), lround(2.5)); // expect: 1.41421354 1.4142135623730951 3
  fenv_t environment;
  printf("%d %d\n", fegetround() == FE_TONEAREST, fesetround(99) != 0); // expect: 1 1
  printf("%d %d\n", feholdexcept(&environment), fetestexcept(FE_ALL_EXCEPT)); // expect: 0 0
}
