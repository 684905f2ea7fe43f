// The integer promotions and the usual arithmetic conversions.
#include <stdio.h>

int main(void) {
  unsigned char uc = 200;
  signed char sc = -100;
  unsigned short us = 65535;
  short s = -32768;
  printf("%d %d %d %d\n", uc + uc, sc * 2, us + 1, s - 1);
  printf("%d %d\n", ~uc, -us);
  uc += 100;
  sc -= 100;
  us++;
  s--;
  printf("%d %d %d %d\n", uc, sc, us, s);
  unsigned u = 1;
  int i = -2;
  printf("%d %d %d\n", u > i, u + i > 0, (long long)u > i);
  printf("%u %d\n", u + i, sizeof(char) == 1 && sizeof 'a' == sizeof(int));
  printf("%d %d\n", (unsigned char)300, (signed char)200);
  printf("%d %d\n", (short)70000, (unsigned short)-1);
  printf("%d %u\n", (int)3000000000u, (unsigned)-1);
  printf("%d %d %d\n", -7 / 2, -7 % 2, 7 % -2);
  printf("%u %u\n", -7 / 2u, -7 % 5u);
  printf("%d %d %d\n", -8 >> 1, 1 << 31 >> 31, 0x7fffffff >> 30);
  printf("%u\n", 0x80000000u >> 31);
  _Bool b = 5;
  b += 3;
  printf("%d %d %d\n", b, (_Bool)0.5, !b);
  b--;
  printf("%d\n", b);
  char c = 'a';
  c ^= ' ';
  c <<= 0;
  printf("%c %d\n", c, c | 0x80);
  return 0;
}

// expect: 400 -200 65536 -32769
// expect: -201 -65535
// expect: 44 56 0 32767
// expect: 0 1 1
// expect: 4294967295 1
// expect: 44 -56
// expect: 4464 65535
// expect: -1294967296 4294967295
// expect: -3 -1 1
// expect: 2147483644 4
// expect: -4 -1 1
// expect: 1
// expect: 1 1 0
// expect: 0
// expect: A 193
