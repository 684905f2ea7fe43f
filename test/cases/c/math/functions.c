// math.h: values that are exact, or rounded to what every good library gives.
#include <math.h>
#include <stdio.h>

int main(void) {
  printf("%g %g %g %g\n", sqrt(2.25), cbrt(27), fabs(-1.5), hypot(3, 4));
  printf("%g %g %g %g %g %g\n", floor(-1.5), ceil(-1.5), trunc(-1.5), round(-1.5), round(2.5), rint(2.5));
  printf("%.12f %.12f %.12f\n", sin(1), cos(1), tan(1));
  printf("%.12f %.12f %.12f %.12f\n", asin(0.5), acos(0.5), atan(0.5), atan2(-1, -1));
  printf("%.12f %.12f %.12f %.12f\n", exp(1), log(10), log2(8), log10(0.001));
  printf("%.12f %.12f %.12f\n", sinh(1), cosh(1), tanh(1));
  printf("%.12f %.12f\n", expm1(1e-5), log1p(1e-5));
  printf("%g %g %g %g\n", pow(2, 10), pow(2, 0.5), pow(-2, 3), pow(0, 0));
  printf("%g %g %g\n", fmod(7.5, 2), fmod(-7.5, 2), fmod(1e300, 7));
  int e;
  double m = frexp(48, &e), whole;
  printf("%g %d %g\n", m, e, ldexp(0.75, 6));
  printf("%g", modf(-3.25, &whole));
  printf(" %g\n", whole);
  printf("%g %g %g %g\n", fmax(1, NAN), fmin(1, 2), fdim(5, 3), copysign(2, -0.0));
  printf("%d %d %d %d %d\n", !!isnan(NAN), !!isinf(-INFINITY), !!isfinite(1.0), !!signbit(-0.0), isnormal(1e-310) != 0);
  printf("%g %g %ld\n", sqrtf(2.0f), powf(2, 0.5f), lround(-2.5));
  printf("%d\n", isnan(sqrt(-1)) && isinf(log(0)) && isnan(log(-1)));
  return 0;
}

// expect: 1.5 3 1.5 5
// expect: -2 -1 -1 -2 3 2
// expect: 0.841470984808 0.540302305868 1.557407724655
// expect: 0.523598775598 1.047197551197 0.463647609001 -2.356194490192
// expect: 2.718281828459 2.302585092994 3.000000000000 -3.000000000000
// expect: 1.175201193644 1.543080634815 0.761594155956
// expect: 0.000010000050 0.000009999950
// expect: 1024 1.41421 -8 1
// expect: 1.5 -1.5 1
// expect: 0.75 6 48
// expect: -0.25 -3
// expect: 1 1 2 -2
// expect: 1 1 1 1 0
// expect: 1.41421 1.41421 -3
// expect: 1
