// GNU's builtin functions, without any header.
int printf(const char *format, ...);
static const char text[] = "abcdefgh";

int main(void) {
  unsigned x = 0x00f0;
  printf("%d %d %d\n", __builtin_clz(x), __builtin_ctz(x), __builtin_popcount(x));
  // expect: 24 4 4
  printf("%d %d %d %d\n", __builtin_clzll(1), __builtin_ctzll(1ULL << 40), __builtin_popcountll(-1LL),
         __builtin_clzl(1));
  // expect: 63 40 64 31
  printf("%x %x %llx\n", __builtin_bswap16(0x1234), __builtin_bswap32(0x12345678), __builtin_bswap64(0x123456789abcdef0));
  // expect: 3412 78563412 f0debc9a78563412
  printf("%d %d %d %d\n", __builtin_parity(7), __builtin_ffs(8), __builtin_ffsll(1LL << 40), __builtin_clrsb(-1));
  // expect: 1 4 41 31
  char copy[20];
  __builtin_memset(copy, 0, sizeof copy);
  char *p = __builtin_memcpy(copy, text, __builtin_strlen(text));
  printf("%s %d %d\n", p, __builtin_memcmp(p, text, 8), (int)(__builtin_strchr(p, 'c') - p));
  // expect: abcdefgh 0 2
  double inf = __builtin_inf();
  printf("%g %d %g %g\n", inf, __builtin_isnan(__builtin_nan("")), __builtin_fabs(-2.5), __builtin_huge_val());
  // expect: inf 1 2.5 inf
  if (__builtin_expect(x == 0, 0)) __builtin_abort();
  int *block = __builtin_assume_aligned(__builtin_malloc(16), 8);
  __builtin_prefetch(block);
  *block = 5;
  char *stack = __builtin_alloca(x);
  stack[x - 1] = 1;
  printf("%d %d\n", *block, stack[x - 1]);
  // expect: 5 1
  __builtin_free(block);
  __builtin_exit(0);
}
