/* math.h: rounding and roots are single instructions, the rest is the machine's own exact-enough arithmetic. */
#include <math.h>
#include <stdint.h>

#define DEFINE_1(name, value) \
  double name(double x) { return value; } \
  float name##f(float x) { return name(x); } \
  long double name##l(long double x) { return name(x); }
#define DEFINE_2(name, value) \
  double name(double x, double y) { return value; } \
  float name##f(float x, float y) { return name(x, y); } \
  long double name##l(long double x, long double y) { return name(x, y); }

DEFINE_1(acos, __intrinsic(double, "c.acos", x))
DEFINE_1(asin, __intrinsic(double, "c.asin", x))
DEFINE_1(atan, __intrinsic(double, "c.atan", x))
DEFINE_1(cos, __intrinsic(double, "c.cos", x))
DEFINE_1(sin, __intrinsic(double, "c.sin", x))
DEFINE_1(tan, __intrinsic(double, "c.tan", x))
DEFINE_1(cosh, __intrinsic(double, "c.cosh", x))
DEFINE_1(sinh, __intrinsic(double, "c.sinh", x))
DEFINE_1(tanh, __intrinsic(double, "c.tanh", x))
DEFINE_1(exp, __intrinsic(double, "c.exp", x))
DEFINE_1(exp2, __intrinsic(double, "c.exp2", x))
DEFINE_1(expm1, __intrinsic(double, "c.expm1", x))
DEFINE_1(log, __intrinsic(double, "c.log", x))
DEFINE_1(log2, __intrinsic(double, "c.log2", x))
DEFINE_1(log10, __intrinsic(double, "c.log10", x))
DEFINE_1(log1p, __intrinsic(double, "c.log1p", x))
DEFINE_1(cbrt, __intrinsic(double, "c.cbrt", x))
DEFINE_1(sqrt, __intrinsic(double, "f64.sqrt", x))
DEFINE_1(fabs, __intrinsic(double, "f64.abs", x))
DEFINE_1(floor, __intrinsic(double, "f64.floor", x))
DEFINE_1(ceil, __intrinsic(double, "f64.ceil", x))
DEFINE_1(trunc, __intrinsic(double, "f64.trunc", x))
DEFINE_1(rint, __intrinsic(double, "f64.nearest", x))
DEFINE_1(nearbyint, __intrinsic(double, "f64.nearest", x))
DEFINE_2(atan2, __intrinsic(double, "c.atan2", x, y))
DEFINE_2(pow, __intrinsic(double, "c.pow", x, y))
DEFINE_2(fmod, __intrinsic(double, "c.fmod", x, y))
DEFINE_2(hypot, __intrinsic(double, "c.hypot", x, y))
DEFINE_2(copysign, __intrinsic(double, "f64.copysign", x, y))
DEFINE_2(fdim, x > y ? x - y : x != x || y != y ? x + y : 0.0)
DEFINE_2(fmax, x != x ? y : y != y ? x : __intrinsic(double, "f64.max", x, y))
DEFINE_2(fmin, x != x ? y : y != y ? x : __intrinsic(double, "f64.min", x, y))

static double round_away(double x) {
  double whole = trunc(x);
  return fabs(x - whole) >= 0.5 ? whole + copysign(1, x) : copysign(whole, x);
}

DEFINE_1(round, round_away(x))

/* Functions with another result, or with more arguments of other types. */
#define DEFINE_ALL(result, name, value) \
  result name(double x) { return value; } \
  result name##f(float x) { return name(x); } \
  result name##l(long double x) { return name(x); }
#define DEFINE_SCALE(name, type) \
  double name(double x, type exponent) { return scale(x, exponent); } \
  float name##f(float x, type exponent) { return scale(x, exponent); } \
  long double name##l(long double x, type exponent) { return scale(x, exponent); }

DEFINE_ALL(long, lround, round(x))
DEFINE_ALL(long, lrint, rint(x))
DEFINE_ALL(long long, llround, round(x))
DEFINE_ALL(long long, llrint, rint(x))

static double scale(double x, int exponent) { return __intrinsic(double, "c.ldexp", x, exponent); }

DEFINE_SCALE(ldexp, int)
DEFINE_SCALE(scalbn, int)
DEFINE_SCALE(scalbln, long)

double frexp(double x, int *exponent) {
  *exponent = __intrinsic(int, "c.frexp_exponent", x);
  return __intrinsic(double, "c.frexp_fraction", x);
}

float frexpf(float x, int *exponent) { return frexp(x, exponent); }
long double frexpl(long double x, int *exponent) { return frexp(x, exponent); }

double modf(double x, double *whole) {
  *whole = trunc(x);
  return copysign(x - x == 0 ? x - *whole : 0, x);
}

float modff(float x, float *whole) {
  double all;
  double rest = modf(x, &all);
  *whole = all;
  return rest;
}

long double modfl(long double x, long double *whole) {
  double all;
  double rest = modf(x, &all);
  *whole = all;
  return rest;
}

int __isnan(double x) { return x != x; }
int __isinf(double x) { return x - x != 0 && x == x; }
int __isfinite(double x) { return x - x == 0; }
int __signbit(double x) { return copysign(1, x) < 0; }

static int classify(double x, double smallest) {
  if (x != x) return FP_NAN;
  if (x - x != 0) return FP_INFINITE;
  if (x == 0) return FP_ZERO;
  return fabs(x) < smallest ? FP_SUBNORMAL : FP_NORMAL;
}

int __classify(double x) { return classify(x, 0x1p-1022); }
int __classify_float(float x) { return classify(x, 0x1p-126); }
