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

/* a OPERATION b (0 add, 1 subtract, 2 multiply) into *result, which has |size| bytes and is unsigned where size is
   negative: whether it did not fit. Computed with a sign and 128 bits. */
int __overflow(int operation, long long a, int isSignedA, long long b, int isSignedB, int size, void *result) {
  int negativeA = isSignedA && a < 0, negativeB = isSignedB && b < 0, negative;
  unsigned long long x = a, y = b, low, high = 0;
  if (operation == 0) low = x + y;
  else if (operation == 1) low = x - y;
  else low = x * y;
  unsigned long long m = negativeA ? -x : x, n = negativeB ? -y : y;
  if (operation == 1) negativeB = !negativeB;
  if (operation == 2) {
    unsigned long long m0 = (unsigned)m, m1 = m >> 32, n0 = (unsigned)n, n1 = n >> 32;
    unsigned long long middle = m1 * n0 + (m0 * n0 >> 32), other = m0 * n1 + (unsigned)middle;
    high = m1 * n1 + (middle >> 32) + (other >> 32);
    m *= n;
    negative = negativeA != negativeB;
  } else if (negativeA == negativeB) {
    negative = negativeA;
    m += n;
    high = m < n;
  } else {
    negative = m > n ? negativeA : negativeB;
    m = m > n ? m - n : n - m;
  }
  if (m == 0 && high == 0) negative = 0;
  int isSigned = size > 0, bytes = isSigned ? size : -size;
  if (bytes == 1) *(unsigned char *)result = (unsigned char)low;
  else if (bytes == 2) *(unsigned short *)result = (unsigned short)low;
  else if (bytes == 4) *(unsigned *)result = (unsigned)low;
  else *(unsigned long long *)result = low;
  unsigned long long most = (unsigned long long)-1 >> (64 - 8 * bytes + isSigned);
  if (negative) most = isSigned ? most + 1 : 0;
  return high != 0 || m > most;
}
