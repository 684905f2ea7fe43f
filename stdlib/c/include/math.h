/* Mathematics (C99 7.12). Functions of float compute in double and round once. */
#ifndef _MATH_H
#define _MATH_H
typedef float float_t;
typedef double double_t;
#define HUGE_VAL (1e300 * 1e300)
#define HUGE_VALF ((float)HUGE_VAL)
#define HUGE_VALL HUGE_VAL
#define INFINITY ((float)(1e300 * 1e300))
#define NAN ((float)(0.0 * (1e300 * 1e300)))
#define M_E 2.7182818284590452354
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_PI 0.63661977236758134308
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#define isnan(x) __isnan(x)
#define isinf(x) __isinf(x)
#define isfinite(x) __isfinite(x)
#define isnormal(x) (fpclassify(x) == FP_NORMAL)
#define signbit(x) __signbit(x)
#define fpclassify(x) (sizeof(x) == sizeof(float) ? __classify_float(x) : __classify(x))
#define isgreater(x, y) ((x) > (y))
#define isgreaterequal(x, y) ((x) >= (y))
#define isless(x, y) ((x) < (y))
#define islessequal(x, y) ((x) <= (y))
#define islessgreater(x, y) ((x) < (y) || (x) > (y))
#define isunordered(x, y) (__isnan(x) || __isnan(y))
int __isnan(double x);
int __isinf(double x);
int __isfinite(double x);
int __signbit(double x);
int __classify(double x);
int __classify_float(float x);
#define __MATH_1(name) double name(double x); float name##f(float x); long double name##l(long double x)
#define __MATH_2(name) double name(double x, double y); float name##f(float x, float y); \
  long double name##l(long double x, long double y)
__MATH_1(acos); __MATH_1(asin); __MATH_1(atan); __MATH_1(cos); __MATH_1(sin); __MATH_1(tan);
__MATH_1(cosh); __MATH_1(sinh); __MATH_1(tanh); 
__MATH_1(exp); __MATH_1(exp2); __MATH_1(expm1); __MATH_1(log); __MATH_1(log2); __MATH_1(log10); __MATH_1(log1p);
__MATH_1(sqrt); __MATH_1(cbrt); __MATH_1(fabs);
__MATH_1(floor); __MATH_1(ceil); __MATH_1(trunc); __MATH_1(round); __MATH_1(rint); __MATH_1(nearbyint);
__MATH_2(atan2); __MATH_2(pow); __MATH_2(fmod); __MATH_2(hypot); __MATH_2(copysign);
__MATH_2(fmax); __MATH_2(fmin); __MATH_2(fdim);
__MATH_1(asinh); __MATH_1(acosh); __MATH_1(atanh); __MATH_1(erf); __MATH_1(erfc); __MATH_1(lgamma); __MATH_1(tgamma);
__MATH_1(logb);
__MATH_2(remainder); __MATH_2(nextafter);
#define __MATH_ALL(result, name, ...) \
  result name(double x __VA_ARGS__); result name##f(float x __VA_ARGS__); result name##l(long double x __VA_ARGS__)
__MATH_ALL(long, lround); __MATH_ALL(long, lrint); __MATH_ALL(long long, llround); __MATH_ALL(long long, llrint);
__MATH_ALL(int, ilogb);
#undef __MATH_ALL
#define __MATH_SAME(name, ...) \
  double name(double x, __VA_ARGS__); float name##f(float x, __VA_ARGS__); long double name##l(long double x, __VA_ARGS__)
__MATH_SAME(ldexp, int exponent); __MATH_SAME(scalbn, int exponent); __MATH_SAME(scalbln, long exponent);
__MATH_SAME(frexp, int *exponent); __MATH_SAME(nexttoward, long double y);
#undef __MATH_SAME
double modf(double x, double *whole);
float modff(float x, float *whole);
long double modfl(long double x, long double *whole);
double remquo(double x, double y, int *quotient);
float remquof(float x, float y, int *quotient);
long double remquol(long double x, long double y, int *quotient);
double fma(double x, double y, double z);
float fmaf(float x, float y, float z);
long double fmal(long double x, long double y, long double z);
double nan(const char *tag);
float nanf(const char *tag);
long double nanl(const char *tag);
#define FP_ILOGB0 (-2147483647 - 1)
#define FP_ILOGBNAN (-2147483647 - 1)
#define MATH_ERRNO 1
#define MATH_ERREXCEPT 2
#define math_errhandling 0
#endif
