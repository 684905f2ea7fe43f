// float and double: rounding, conversions, comparisons with NaN.
#include <stdio.h>
#include <math.h>

static float half(float x) { return x / 2; }

int main(void) {
  float f = 0.1f, g = 16777216.0f;
  double d = 0.1;
  printf("%.10f %.20f\n", f, d);
  printf("%.1f %.1f\n", g + 1, (double)g + 1);
  printf("%d %d\n", f == 0.1, f == 0.1f);
  printf("%g %g %g\n", 1.0 / 3, 1.0f / 3, half(3));
  printf("%d %d %d %d\n", (int)2.9, (int)-2.9, (int)1e9, (unsigned char)200.7);
  printf("%u %lld\n", (unsigned)3e9, (long long)1e15);
  printf("%g %g %g\n", (double)-1, (double)4000000000u, (double)(1LL << 60));
  printf("%g %g\n", (float)16777217, (double)(unsigned long long)-1);
  double nan = NAN, inf = INFINITY;
  printf("%d %d %d %d\n", nan == nan, nan != nan, nan < 1, !(nan >= 1));
  if (nan < 1 || nan > 1 || nan == 1) puts("ordered");
  else puts("unordered");
  while (nan > 0) puts("never");
  printf("%d %d\n", inf > 1e308, -inf < inf);
  printf("%d %d %d\n", !0.0, !d, d && f);
  double sum = 0;
  for (int i = 0; i < 10; i++) sum += 0.1;
  printf("%.17g %d\n", sum, sum == 1);
  f += 1;
  f *= 3;
  d -= 1;
  d /= 7;
  printf("%g %g %g\n", f, d, -d);
  int i = 7;
  i *= 1.5;
  i += 0.9;
  printf("%d\n", i);
  char c = 3;
  c *= 2.6f;
  printf("%d %g\n", c, i / 4 + i / 4.0);
  printf("%g\n", f++ + --d);
  printf("%a %a\n", 1.0, 0.1);
  long double l = 1.5L;
  printf("%d %.2Lf\n", l == 1.5, l);
  return 0;
}

// expect: 0.1000000015 0.10000000000000000555
// expect: 16777216.0 16777217.0
// expect: 0 1
// expect: 0.333333 0.333333 1.5
// expect: 2 -2 1000000000 200
// expect: 3000000000 1000000000000000
// expect: -1 4e+09 1.15292e+18
// expect: 1.67772e+07 1.84467e+19
// expect: 0 1 0 1
// expect: unordered
// expect: 1 1
// expect: 1 0 1
// expect: 0.99999999999999989 0
// expect: 3.3 -0.128571 0.128571
// expect: 10
// expect: 7 4.5
// expect: 2.17143
// expect: 0x1p+0 0x1.999999999999ap-4
// expect: 1 1.50
