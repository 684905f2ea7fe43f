/* What GNU's builtins on bits call where the machine has no single instruction for them. */
unsigned short __bswap16(unsigned short x) { return (unsigned short)(x << 8 | x >> 8); }

unsigned __bswap32(unsigned x) {
  x = (x & 0xff00ff) << 8 | (x >> 8 & 0xff00ff);
  return x << 16 | x >> 16;
}

unsigned long long __bswap64(unsigned long long x) {
  return (unsigned long long)__bswap32((unsigned)x) << 32 | __bswap32((unsigned)(x >> 32));
}

int __parity(unsigned x) { return __intrinsic(int, "i32.popcnt", x) & 1; }
int __parityll(unsigned long long x) { return __parity((unsigned)(x ^ x >> 32)); }

int __ffsll(long long x) {
  if (x == 0) return 0;
  long long zeros = __intrinsic(long long, "i64.ctz", x);
  return (int)zeros + 1;
}

int __clrsb(int x) { return __intrinsic(int, "i32.clz", (x ^ x >> 31) << 1 | 1); }
