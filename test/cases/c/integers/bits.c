// Bit manipulation with constants that do and do not fit into an instruction.
#include <stdio.h>

static unsigned rotate(unsigned x, int n) { return x << n | x >> (32 - n); }

int main(void) {
  unsigned x = 0x12345678;
  printf("%x %x %x %x\n", x & 255, x & 256, x & 0xffff, x & ~15u);
  printf("%x %x %x\n", rotate(x, 4), rotate(x, 31), x ^ 0xffffffff);
  printf("%u %u %u\n", x % 16, x / 256, x * 8);
  int y = -77;
  printf("%d %d %d %d\n", y / 8, y % 8, y * 16, y >> 3);
  printf("%d %d %d\n", y + 127, y - 128, y * 127);
  printf("%d %d %d\n", y + 128, y - 129, y * -128);
  printf("%d %d\n", y & 7, y | 8);
  int count = 0;
  for (unsigned v = x; v; v &= v - 1) count++;
  printf("%d\n", count);
  unsigned z = 1;
  z <<= 31;
  z >>= 3;
  z |= z >> 1;
  z ^= 5;
  z %= 1000;
  printf("%u\n", z);
  return 0;
}

// expect: 78 0 5678 12345670
// expect: 23456781 91a2b3c edcba987
// expect: 8 1193046 2443359168
// expect: -9 -5 -1232 -10
// expect: 50 -205 -9779
// expect: 51 -206 9856
// expect: 3 -69
// expect: 13
// expect: 189
