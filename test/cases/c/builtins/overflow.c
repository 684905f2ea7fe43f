// __builtin_add_overflow and its like: every mixture of types, the value that wraps, and whether it did.
#include <limits.h>
#include <stdio.h>

#define SHOW(type, format, operation, a, b)                                              \
  do {                                                                                   \
    type result;                                                                         \
    int lost = __builtin_##operation##_overflow(a, b, &result);                          \
    printf("%d " format "\n", lost, result);                                             \
  } while (0)

int main(void) {
  SHOW(int, "%d", add, INT_MAX, 1);                            // expect: 1 -2147483648
  SHOW(int, "%d", add, INT_MAX, -1);                           // expect: 0 2147483646
  SHOW(unsigned, "%u", add, UINT_MAX, 1);                      // expect: 1 0
  SHOW(unsigned, "%u", sub, 3, 4);                             // expect: 1 4294967295
  SHOW(unsigned, "%u", add, -3, 4);                            // expect: 0 1
  SHOW(signed char, "%d", mul, 16, 8);                         // expect: 1 -128
  SHOW(signed char, "%d", mul, -16, 8);                        // expect: 0 -128
  SHOW(unsigned short, "%u", mul, 255, 257);                   // expect: 0 65535
  SHOW(long long, "%lld", mul, LLONG_MAX, 2);                  // expect: 1 -2
  SHOW(long long, "%lld", mul, LLONG_MIN, 1);                  // expect: 0 -9223372036854775808
  SHOW(long long, "%lld", sub, 0, LLONG_MIN);                  // expect: 1 -9223372036854775808
  SHOW(long long, "%lld", sub, -1, LLONG_MIN);                 // expect: 0 9223372036854775807
  SHOW(unsigned long long, "%llu", mul, 4294967296ULL, 4294967295U); // expect: 0 18446744069414584320
  SHOW(unsigned long long, "%llu", mul, 4294967296ULL, 4294967296LL); // expect: 1 0
  SHOW(unsigned long long, "%llu", add, ULLONG_MAX, -1);       // expect: 0 18446744073709551614
  SHOW(long long, "%lld", add, ULLONG_MAX, LLONG_MIN);         // expect: 0 9223372036854775807
  SHOW(int, "%d", sub, ULLONG_MAX, ULLONG_MAX);                // expect: 0 0
  int r;
  printf("%d %d\n", __builtin_smul_overflow(65536, 32768, &r), r); // expect: 1 -2147483648
}
