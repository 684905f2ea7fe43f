// 64-bit arithmetic, signed and unsigned.
#include <stdio.h>
#include <stdint.h>

static long long twice(long long x) { return x + x; }

int main(void) {
  long long a = 123456789012345LL, b = -987654321LL;
  unsigned long long u = 0xfedcba9876543210ULL;
  printf("%lld %lld %lld %lld %lld\n", a + b, a - b, a * b, a / b, a % b);
  printf("%llu %llu %llx\n", u / 10, u % 1000, u * u);
  printf("%llx %llx %llx\n", u << 12, u >> 12, (unsigned long long)((long long)u >> 12));
  printf("%llx %llx %llx %llx\n", u & 0xffff0000ffffULL, u | 1, u ^ ~0ULL, ~u);
  printf("%d %d %d %d\n", a > b, u > 0, b < 0, (unsigned long long)b > u);
  printf("%d %d\n", (int)a, (int)(a >> 32));
  printf("%lld %llu\n", (long long)(int)u, (unsigned long long)(unsigned)u);
  int64_t values[3] = {1, -1, INT64_MAX};
  int64_t sum = 0;
  for (int i = 0; i < 3; i++) sum += values[i] / 2;
  printf("%lld\n", (long long)sum);
  a++;
  --a;
  a <<= 3;
  a |= 5;
  b = -b;
  printf("%lld %lld %lld\n", a, b, twice(a));
  int shift = 40;
  printf("%lld %d\n", 1LL << shift, (1LL << shift) != 0);
  if (u >> 63) puts("negative");
  printf("%d\n", !u + !0LL);
  switch (a) {
    case 987654312098765LL: puts("found"); break;
    default: puts("other");
  }
  switch ((long long)1 << 33) {
    case 0: puts("zero"); break;
    case 1LL << 33: puts("large"); break;
  }
  printf("%lld\n", (long long)(char)a + (short)a);
  return 0;
}

// expect: 123455801358024 123457776666666 347202392274589015 -124999 986541666
// expect: 1836475854449306472 720 deec6cd7a44a4100
// expect: cba9876543210000 fedcba9876543 ffffedcba9876543
// expect: ba9800003210 fedcba9876543211 123456789abcdef 123456789abcdef
// expect: 1 1 1 1
// expect: -2045911175 28744
// expect: 1985229328 1985229328
// expect: 4611686018427387903
// expect: 987654312098765 987654321 1975308624197530
// expect: 1099511627776 1
// expect: negative
// expect: 1
// expect: found
// expect: large
// expect: -1126
