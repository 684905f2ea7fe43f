/* stdlib.h: ends of programs, numbers, searching. Memory and sorting have files of their own. */
#include <stdlib.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <start.h>

/* --- ends --- */

static void (*at_exit[32])(void);
static int at_exit_count;

int atexit(void (*function)(void)) {
  if (at_exit_count == 32) return -1;
  at_exit[at_exit_count++] = function;
  return 0;
}

static void (*at_quick_exits[32])(void);
static int at_quick_exit_count;

int at_quick_exit(void (*function)(void)) {
  if (at_quick_exit_count == 32) return -1;
  at_quick_exits[at_quick_exit_count++] = function;
  return 0;
}

_Noreturn void _Exit(int status) { __syscall(void, "exit", status); }

_Noreturn void exit(int status) {
  while (at_exit_count > 0) at_exit[--at_exit_count]();
  __flush_all();
  _Exit(status);
}

_Noreturn void quick_exit(int status) {
  while (at_quick_exit_count > 0) at_quick_exits[--at_quick_exit_count]();
  __flush_all();
  _Exit(status);
}

_Noreturn void abort(void) {
  __flush_all();
  __intrinsic(void, "trap.aborted");
}

char *getenv(const char *name) { return NULL; }

/* --- numbers --- */

int abs(int value) { return value < 0 ? -value : value; }
long labs(long value) { return value < 0 ? -value : value; }
long long llabs(long long value) { return value < 0 ? -value : value; }
div_t div(int a, int b) { return (div_t){a / b, a % b}; }
ldiv_t ldiv(long a, long b) { return (ldiv_t){a / b, a % b}; }
lldiv_t lldiv(long long a, long long b) { return (lldiv_t){a / b, a % b}; }

static unsigned digit_value(int c) {
  if (isdigit(c)) return c - '0';
  if (isalpha(c)) return (c | 32) - 'a' + 10;
  return 99;
}

/* The magnitude of an integer, at most `limit` (beyond it errno is ERANGE); its sign goes to `negative`. */
static unsigned long long parse_integer(const char *s, char **end, int base, int *negative,
                                        unsigned long long positive_limit, unsigned long long negative_limit) {
  const char *p = s;
  unsigned long long value = 0, limit;
  int any = 0, overflow = 0;
  while (isspace(*p)) p++;
  *negative = *p == '-';
  if (*p == '-' || *p == '+') p++;
  limit = *negative ? negative_limit : positive_limit;
  if ((base == 0 || base == 16) && p[0] == '0' && (p[1] | 32) == 'x' && digit_value(p[2]) < 16) {
    p += 2;
    base = 16;
  } else if (base == 0) base = *p == '0' ? 8 : 10;
  for (; digit_value(*p) < (unsigned)base; p++) {
    unsigned digit = digit_value(*p);
    any = 1;
    if (value > (limit - digit) / base) overflow = 1;
    else value = value * base + digit;
  }
  if (end != NULL) *end = (char *)(any ? p : s);
  if (!overflow) return value;
  errno = ERANGE;
  return limit;
}

long strtol(const char *restrict s, char **restrict end, int base) {
  int negative;
  long value = parse_integer(s, end, base, &negative, LONG_MAX, (unsigned long)LONG_MAX + 1);
  return negative ? -value : value;
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base) {
  int negative;
  unsigned long value = parse_integer(s, end, base, &negative, ULONG_MAX, ULONG_MAX);
  return negative ? -value : value;
}

long long strtoll(const char *restrict s, char **restrict end, int base) {
  int negative;
  long long value = parse_integer(s, end, base, &negative, LLONG_MAX, (unsigned long long)LLONG_MAX + 1);
  return negative ? -value : value;
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base) {
  int negative;
  unsigned long long value = parse_integer(s, end, base, &negative, ULLONG_MAX, ULLONG_MAX);
  return negative ? -value : value;
}

int atoi(const char *s) { return strtol(s, NULL, 10); }
long atol(const char *s) { return strtol(s, NULL, 10); }
long long atoll(const char *s) { return strtoll(s, NULL, 10); }

/* How much of `s` can be part of a number: what the machine looks at. */
static int number_span(const char *s) {
  int length = 0;
  while (isspace(s[length])) length++;
  while (length < 65536 && (isalnum(s[length]) || s[length] == '.' || s[length] == '+' || s[length] == '-')) length++;
  return length;
}

double strtod(const char *restrict s, char **restrict end) {
  int length;
  double value = __intrinsic(double, "c.parse_double", s, number_span(s), &length);
  if (end != NULL) *end = (char *)s + length;
  if (value == 1e300 * 1e300 || value == -1e300 * 1e300) errno = ERANGE;
  return value;
}

float strtof(const char *restrict s, char **restrict end) {
  int length;
  float value = __intrinsic(float, "c.parse_float", s, number_span(s), &length);
  if (end != NULL) *end = (char *)s + length;
  return value;
}

long double strtold(const char *restrict s, char **restrict end) { return strtod(s, end); }
double atof(const char *s) { return strtod(s, NULL); }

/* --- random numbers: a 64-bit linear congruential generator, its upper bits --- */

static unsigned long long random_state = 1;

void srand(unsigned seed) { random_state = seed; }

int rand(void) {
  random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (int)(random_state >> 33);
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *)) {
  const char *first = base;
  while (count > 0) {
    const char *middle = first + count / 2 * size;
    int order = compare(key, middle);
    if (order == 0) return (void *)middle;
    if (order > 0) {
      first = middle + size;
      count -= count / 2 + 1;
    } else count /= 2;
  }
  return NULL;
}
