/* The rest of math.h: inverse hyperbolic functions, error and gamma functions, neighbours and remainders. */
#include <math.h>
#include <limits.h>
#include <stdint.h>

#define DEFINE_1(name, value) \
  double name(double x) { return value; } \
  float name##f(float x) { return name(x); } \
  long double name##l(long double x) { return name(x); }

static uint64_t bits_of(double x) {
  union { double value; uint64_t bits; } both = {x};
  return both.bits;
}

static double from_bits(uint64_t bits) {
  union { uint64_t bits; double value; } both = {bits};
  return both.value;
}

/* --- exact arithmetic on pairs of doubles, for what must not lose anything --- */

struct pair { double high, low; };

static struct pair sum_of(double a, double b) {
  double high = a + b, part = high - a;
  return (struct pair){high, (a - (high - part)) + (b - part)};
}

static struct pair product_of(double a, double b) {
  double high = a * b;
  double x = a * 134217729.0, y = b * 134217729.0;
  double a1 = x - (x - a), b1 = y - (y - b), a2 = a - a1, b2 = b - b1;
  return (struct pair){high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2};
}

static struct pair add(struct pair a, struct pair b) {
  struct pair s = sum_of(a.high, b.high);
  return sum_of(s.high, s.low + (a.low + b.low));
}

static struct pair multiply(struct pair a, struct pair b) {
  struct pair p = product_of(a.high, b.high);
  return sum_of(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static struct pair divide(struct pair a, struct pair b) {
  double first = a.high / b.high;
  struct pair p = multiply((struct pair){first, 0}, b);
  double second = (((a.high - p.high) - p.low) + a.low) / b.high;
  return sum_of(first, second);
}

static struct pair only(double x) { return (struct pair){x, 0}; }

#define LN2 ((struct pair){0.6931471805599453, 2.3190468138462996e-17})

/* exp(x) = the pair * 2^*exponent: a series for a small part of x, squared again and again. */
static struct pair exp_pair(struct pair x, int *exponent) {
  double k = rint(x.high / M_LN2);
  struct pair whole = multiply(only(k), LN2), rest = add(x, (struct pair){-whole.high, -whole.low});
  struct pair part = {rest.high / 256, rest.low / 256}, sum = only(1);
  for (int n = 10; n > 0; n--) sum = add(only(1), divide(multiply(part, sum), only(n)));
  for (int i = 0; i < 8; i++) sum = multiply(sum, sum);
  *exponent = k;
  return sum;
}

static double exp_of(struct pair x) {
  int exponent;
  struct pair value = exp_pair(x, &exponent);
  return scalbn(value.high + value.low, exponent);
}

/* log as a pair: one step of Newton's from the double. */
static struct pair log_of(struct pair x) {
  double first = log(x.high);
  int exponent;
  struct pair inverse = exp_pair(only(-first), &exponent);
  struct pair near = multiply((struct pair){scalbn(x.high, exponent), scalbn(x.low, exponent)}, inverse);
  double over = (near.high - 1) + near.low;
  return sum_of(first, over - over * over / 2);
}

/* --- inverse hyperbolic functions: logarithms of pairs --- */

static struct pair root_of(struct pair a) {
  double root = sqrt(a.high);
  if (root == 0) return only(0);
  struct pair square = product_of(root, root);
  return sum_of(root, ((a.high - square.high) - square.low + a.low) / (2 * root));
}

static double log_of_twice(double x) {
  struct pair value = add(log_of(only(x)), LN2);
  return value.high + value.low;
}

static double inverse_sinh(double x) {
  double size = fabs(x);
  if (x - x != 0 || size < 0x1p-28) return x;
  if (size > 0x1p28) return copysign(log_of_twice(size), x);
  struct pair root = root_of(add(product_of(size, size), only(1))), value = log_of(add(root, only(size)));
  return copysign(value.high + value.low, x);
}

static double inverse_cosh(double x) {
  if (!(x >= 1)) return (x - x) / (x - x);
  if (x > 0x1p28) return x == HUGE_VAL ? x : log_of_twice(x);
  struct pair root = root_of(add(product_of(x, x), only(-1))), value = log_of(add(root, only(x)));
  return value.high + value.low;
}

static double inverse_tanh(double x) {
  double size = fabs(x);
  if (size < 0x1p-28) return x;
  if (!(size < 1)) return size == 1 ? x * HUGE_VAL : (x - x) / (x - x);
  struct pair value = log_of(divide(sum_of(1, size), sum_of(1, -size)));
  return copysign((value.high + value.low) / 2, x);
}

DEFINE_1(asinh, inverse_sinh(x))
DEFINE_1(acosh, inverse_cosh(x))
DEFINE_1(atanh, inverse_tanh(x))

/* --- error functions --- */

#define TWO_OVER_ROOT_PI ((struct pair){1.1283791670955126, 1.533545961316588e-17})
#define ONE_OVER_ROOT_PI ((struct pair){0.5641895835477563, 7.66772980658294e-18})

/* erf by its series of positive terms, 2 / sqrt(pi) * exp(-x^2) * sum of x * (2x^2)^n / (2n + 1)!!, without the factor. */
static struct pair error_series(double x) {
  struct pair square = product_of(x, x), twice = {2 * square.high, 2 * square.low};
  struct pair term = only(x), sum = only(x);
  for (int n = 1; fabs(term.high) > 1e-34 * fabs(sum.high) && n < 200; n++) {
    term = divide(multiply(term, twice), only(2 * n + 1));
    sum = add(sum, term);
  }
  return sum;
}

static struct pair gauss(double x) {
  int exponent;
  struct pair square = product_of(x, x), value = exp_pair((struct pair){-square.high, -square.low}, &exponent);
  return (struct pair){scalbn(value.high, exponent), scalbn(value.low, exponent)};
}

/* erfc for large x: exp(-x^2) / (x sqrt(pi)) times a continued fraction. */
static double error_tail(double x) {
  struct pair square = product_of(x, x), fraction = only(x);
  int terms = x > 6 ? 30 : x > 3 ? 80 : 200, exponent;
  for (int n = terms; n > 0; n--) fraction = add(only(x), divide(only(n * 0.5), fraction));
  struct pair value = exp_pair((struct pair){-square.high, -square.low}, &exponent);
  value = divide(multiply(ONE_OVER_ROOT_PI, value), fraction);
  return scalbn(value.high + value.low, exponent);
}

static double error_function(double x) {
  double size = fabs(x);
  if (x != x || x == 0) return x;
  if (size < 0x1p-28) {
    struct pair value = multiply(TWO_OVER_ROOT_PI, only(x));
    return value.high + value.low;
  }
  double result;
  if (size > 6) result = 1;
  else if (size < 2) {
    struct pair value = multiply(multiply(TWO_OVER_ROOT_PI, gauss(size)), error_series(size));
    result = value.high + value.low;
  } else result = 1 - error_tail(size);
  return copysign(result, x);
}

static double complementary(double x) {
  if (x != x) return x;
  if (x < -6) return 2;
  if (x > 27.3) return 0;
  if (x >= 2) return error_tail(x);
  if (x <= -2) return 2 - error_tail(-x);
  struct pair value = multiply(multiply(TWO_OVER_ROOT_PI, gauss(fabs(x))), error_series(x));
  value = add(only(1), (struct pair){-value.high, -value.low});
  return value.high + value.low;
}

DEFINE_1(erf, error_function(x))
DEFINE_1(erfc, complementary(x))

/* --- gamma functions: Stirling's series, far enough out --- */

/* B(2k) / (2k (2k - 1)) */
static const struct { double above, below; } stirling[] = {
    {1, 12}, {-1, 360}, {1, 1260}, {-1, 1680}, {1, 1188}, {-691, 360360}, {1, 156}, {-3617, 122400}, {43867, 244188},
    {-174611, 125400},
};

/* What Stirling's series adds at y. */
static struct pair stirling_sum(struct pair y) {
  struct pair inverse = divide(only(1), y), square = multiply(inverse, inverse), sum = only(0);
  for (int k = sizeof stirling / sizeof *stirling - 1; k >= 0; k--) {
    sum = add(multiply(sum, square), divide(only(stirling[k].above), only(stirling[k].below)));
  }
  return multiply(sum, inverse);
}

#define HALF_LOG_TWO_PI ((struct pair){0.9189385332046728, -3.8782941580672414e-17})

/* log(gamma(x)) for positive x as a pair. */
static struct pair log_gamma(double x) {
  struct pair product = only(1), y = only(x);
  while (y.high < 18) {
    product = multiply(product, y);
    y = add(y, only(1));
  }
  struct pair log_y = log_of(y);
  struct pair result = multiply(add(y, only(-0.5)), log_y);
  result = add(add(result, (struct pair){-y.high, -y.low}), add(HALF_LOG_TWO_PI, stirling_sum(y)));
  if (product.high == 1) return result;
  struct pair log_product = log_of(product);
  return add(result, (struct pair){-log_product.high, -log_product.low});
}

#define PI ((struct pair){3.141592653589793, 1.2246467991473532e-16})

/* |sin(pi x)|, x not an integer: the series of sin or cos for an angle of at most pi / 4. */
static struct pair sine_of_pi(double x) {
  double part = fmod(fabs(x), 1);
  if (part > 0.5) part = 1 - part;
  int is_sine = part < 0.25;
  struct pair angle = multiply(PI, only(is_sine ? part : 0.5 - part)), square = multiply(angle, angle);
  struct pair term = is_sine ? angle : only(1), sum = term;
  for (int n = is_sine ? 2 : 1; n < 28; n += 2) {
    term = divide(multiply(term, square), only(-(double)n * (n + 1)));
    sum = add(sum, term);
  }
  return sum;
}

/* log(gamma(1 + x)) or, with `two`, log(gamma(2 + x)) for small x. */
static double near_one(double x, int two) {
  /* zeta(k) / k with alternating signs */
  static const double terms[] = {0.8224670334241132, -0.40068563438653143, 0.27058080842778454, -0.20738555102867398,
                                 0.16955717699740818};
  struct pair linear = two ? (struct pair){0.42278433509846713, 4.942915152430645e-18} : (struct pair){-0.5772156649015329, 4.942915152430645e-18};
  double sum = 0;
  for (int k = 6; k >= 2; k--) {
    double sign = k % 2 ? -1 : 1;
    sum = (sum + terms[k - 2] - (two ? sign / k : 0)) * x;
  }
  struct pair first = product_of(linear.high, x);
  return first.high + (first.low + (linear.low + sum) * x);
}

static double log_gamma_function(double x) {
  if (x - x != 0) return x * x;
  if (x == trunc(x) && x <= 0) return 1 / fabs(x - x);
  if (fabs(x - 1) < 0x1p-12) return near_one(x - 1, 0);
  if (fabs(x - 2) < 0x1p-12) return near_one(x - 2, 1);
  if (fabs(x) < 0x1p-60) return -log(fabs(x));
  if (x > 1e17) return x > 2.55e305 ? x * 1e308 : x * (log(x) - 1);
  struct pair value = log_gamma(fabs(x));
  if (x > 0) return value.high + value.low;
  /* gamma(x) gamma(-x) = -pi / (x sin(pi x)) */
  struct pair other = log_of(divide(PI, multiply(sine_of_pi(x), only(-x))));
  value = add(other, (struct pair){-value.high, -value.low});
  return value.high + value.low;
}

static double gamma_function(double x) {
  if (x != x || x == HUGE_VAL) return x;
  if (x == 0) return 1 / x;
  if (x == trunc(x)) {
    if (x < 0) return (x - x) / (x - x);
    if (x <= 23) {
      double product = 1;
      for (int i = 2; i < x; i++) product *= i;
      return product;
    }
  }
  if (x > 171.7) return HUGE_VAL;
  if (fabs(x) < 0x1p-54) return 1 / x;
  if (x > 0) return exp_of(log_gamma(x));
  if (x < -184) return fmod(-x, 2) < 1 ? -0.0 : 0.0;
  int exponent;
  struct pair value = log_gamma(-x);
  value = exp_pair((struct pair){-value.high, -value.low}, &exponent);
  value = multiply(value, divide(PI, multiply(sine_of_pi(x), only(-x))));
  double size = scalbn(value.high + value.low, exponent);
  return fmod(-x, 2) < 1 ? -size : size;
}

DEFINE_1(lgamma, log_gamma_function(x))
DEFINE_1(tgamma, gamma_function(x))

/* --- exponents and neighbours --- */

static int exponent_of(double x) {
  int exponent = __intrinsic(int, "c.frexp_exponent", x);
  return exponent - 1;
}

int ilogb(double x) { return x == 0 || x != x ? INT_MIN : x - x != 0 ? INT_MAX : exponent_of(x); }
int ilogbf(float x) { return ilogb(x); }
int ilogbl(long double x) { return ilogb(x); }

DEFINE_1(logb, x == 0 ? -1 / fabs(x) : x - x != 0 ? x * x : exponent_of(x))

double nextafter(double x, double y) {
  if (x != x || y != y) return x + y;
  if (x == y) return y;
  if (x == 0) return copysign(0x1p-1074, y);
  uint64_t bits = bits_of(x);
  return from_bits((x < y) == (x > 0) ? bits + 1 : bits - 1);
}

float nexttowardf(float x, long double y) {
  if (x != x || y != y) return x + y;
  if (x == y) return y;
  if (x == 0) return copysign(0x1p-149, y);
  union { float value; uint32_t bits; } both = {x};
  if ((x < y) == (x > 0)) both.bits++;
  else both.bits--;
  return both.value;
}

float nextafterf(float x, float y) { return nexttowardf(x, y); }
long double nextafterl(long double x, long double y) { return nextafter(x, y); }
double nexttoward(double x, long double y) { return nextafter(x, y); }
long double nexttowardl(long double x, long double y) { return nextafter(x, y); }

double nan(const char *tag) { return NAN; }
float nanf(const char *tag) { return NAN; }
long double nanl(const char *tag) { return NAN; }

/* --- remainders --- */

double remquo(double x, double y, int *quotient) {
  *quotient = 0;
  if (x - x != 0 || y != y || y == 0) return (x * y) / (x * y);
  double size = fabs(y);
  if (size == HUGE_VAL) return x;
  /* Three more bits of the quotient, then the choice of the nearer multiple. */
  double rest = size < 0x1p1020 ? fmod(fabs(x), 8 * size) : fabs(x);
  int count = 0;
  for (int i = 4; i > 0; i /= 2)
    if (size < 0x1p1020 && rest >= i * size) {
      rest -= i * size;
      count += i;
    }
  while (rest >= size) {
    rest -= size;
    count++;
  }
  double other = size - rest;
  if (rest > other || (rest == other && (count & 1))) {
    rest = -other;
    count++;
  }
  count &= 7;
  *quotient = (x < 0) != (y < 0) ? -count : count;
  if (rest == 0) return copysign(0, x);
  return x < 0 ? -rest : rest;
}

double remainder(double x, double y) {
  int quotient;
  return remquo(x, y, &quotient);
}

float remquof(float x, float y, int *quotient) { return remquo(x, y, quotient); }
long double remquol(long double x, long double y, int *quotient) { return remquo(x, y, quotient); }
float remainderf(float x, float y) { return remainder(x, y); }
long double remainderl(long double x, long double y) { return remainder(x, y); }

/* --- x * y + z, rounded once --- */

/* The sum of a pair and a double, rounded to odd where it is not exact, so that a second rounding does no harm. */
static double sum_to_odd(double a, double b) {
  struct pair s = sum_of(a, b);
  if (s.low != 0 && !(bits_of(s.high) & 1)) {
    uint64_t bits = bits_of(s.high);
    return from_bits((s.low > 0) == (s.high > 0) ? bits + 1 : bits - 1);
  }
  return s.high;
}

double fma(double x, double y, double z) {
  if (x - x != 0 || y - y != 0 || x == 0 || y == 0) return x * y + z;
  if (z - z != 0) return z;
  int a = exponent_of(x), b = exponent_of(y), c = z == 0 ? -2000 : exponent_of(z);
  x = scalbn(x, -a);
  y = scalbn(y, -b);
  /* Too far apart to meet: the smaller only says in which direction to round. */
  if (c < a + b - 110) z = copysign(0x1p-120, z) * (z != 0);
  /* Less than half of the last place of z. */
  else if (c > a + b + 56) return z;
  else z = scalbn(z, -(a + b));
  struct pair p = product_of(x, y), s = sum_of(p.high, z);
  if (s.high == 0 && p.low == 0) return s.high;
  int shift = a + b;
  double low = sum_to_odd(p.low, s.low);
  double sum = s.high + low;
  if (shift + exponent_of(sum == 0 ? 1 : sum) >= -1022) return scalbn(sum, shift);
  /* Subnormal: everything is rounded to odd before the one rounding of the scaling. */
  return scalbn(sum_to_odd(s.high, low), shift);
}

/* Doubles hold the product of two floats, and to odd it does no harm that the sum is rounded twice. */
float fmaf(float x, float y, float z) {
  double product = (double)x * y;
  if (product - product != 0 || (double)z - z != 0) return product + z;
  return sum_to_odd(product, z);
}

long double fmal(long double x, long double y, long double z) { return fma(x, y, z); }
