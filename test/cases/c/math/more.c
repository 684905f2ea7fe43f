// The functions that are not the machine's own; the values are those of correctly rounded mathematics.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

int main(void) {
  printf("%.15g %.15g %.15g\n", asinh(1), acosh(2), atanh(0.5));
  // expect: 0.881373587019543 1.31695789692482 0.549306144334055
  printf("%.15g %.15g %.15g %g\n", erf(0.5), erfc(0.5), erfc(10), erf(-HUGE_VAL));
  // expect: 0.520499877813047 0.479500122186953 2.08848758376254e-45 -1
  printf("%.15g %.15g %.15g %.15g\n", tgamma(0.5), tgamma(5), lgamma(0.5), lgamma(100));
  // expect: 1.77245385090552 24 0.5723649429247 359.134205369575
  printf("%.15g %.15g %g %g\n", tgamma(-1.5), lgamma(-1.5), tgamma(200), lgamma(-2));
  // expect: 2.36327180120735 0.860047015376481 inf inf
  printf("%a %a %a\n", nextafter(1, 2), nextafter(0, -1), nextafterf(1, 0));
  // expect: 0x1.0000000000001p+0 -0x0.0000000000001p-1022 0x1.fffffep-1
  int quotient;
  double rest = remquo(29, 3, &quotient);
  printf("%g %d %g %g\n", rest, quotient & 7, remainder(5, 2), remainder(-7, 2));
  // expect: -1 2 1 1
  printf("%a %a\n", fma(0x1p-30 + 1, 1 - 0x1p-30, -1), fma(1e308, 10, -HUGE_VAL));
  // expect: -0x1p-60 -inf
  printf("%d %g %g %ld %lld\n", ilogb(0.1), logb(1000), scalbln(1.5, 4), lroundf(2.5f), llrint(2.5));
  // expect: -4 9 24 3 2
  float whole;
  int exponent;
  long double part = frexpl(10, &exponent);
  float fraction = modff(-2.5f, &whole);
  printf("%g %g %Lg %d\n", fraction, whole, part, exponent);
  // expect: -0.5 -2 0.625 4
  printf("%" PRIdMAX " %" PRIx64 " %" PRIuFAST16 "\n", imaxabs(-5), (uint64_t)1 << 40, (uint_fast16_t)9);
  // expect: 5 10000000000 9
  return 0;
}
