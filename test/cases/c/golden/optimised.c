/* What the optimiser does, one function each. */
#include <stdint.h>

static unsigned char board[66][66];
int total, count;

/* The neighbours' addresses differ by constants: one address, and offsets. */
int neighbours(int x, int y) {
  return board[y - 1][x - 1] + board[y - 1][x] + board[y - 1][x + 1] + board[y][x - 1] + board[y][x + 1];
}

/* i * n is computed in front of the inner loop, the product is added in one instruction, counting branches itself. */
double row(const double *a, const double *b, int n, int i) {
  double sum = 0;
  for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n];
  return sum;
}

static uint32_t mixed(uint32_t key) {
  key ^= key >> 16;
  key *= 0x45d9f3b;
  return key ^ key >> 16;
}

/* A small function that cannot trap stands in place of its call. */
uint32_t mix_all(const uint32_t *keys, int n) {
  uint32_t sum = 0;
  for (int i = 0; i < n; i++) sum += mixed(keys[i]);
  return sum;
}

/* Globals are reached without a register; what was stored is known. */
int globals(int value) {
  total = value;
  count++;
  return total + value;
}

/* The steps go behind what reads the old values. */
void swap(int *a, int i, int j) {
  do {
    int t = a[i];
    a[i++] = a[j];
    a[j--] = t;
  } while (i < j);
}

/* Comparisons of doubles and 64-bit integers are fused with their branches, NaN included. */
int compare(double a, double b, int64_t c, int64_t d) {
  if (a < b) return 1;
  if (!(a <= b)) return 2;
  if (c < d) return 3;
  if (c) return 4;
  return 5;
}

/* Bits are tested, set and cleared by immediates. */
unsigned bits(unsigned flags) {
  if (flags & 4) flags |= 8;
  if (!(flags & 3)) flags &= ~7u;
  return flags ^ 1;
}

/* Jumps to a return are returns; loops are entered behind their test. */
int find(const char *s, char wanted) {
  int i = 0;
  while (s[i] != wanted) {
    if (!s[i]) return -1;
    i++;
  }
  return i;
}

/* All are called through pointers: so each has code of its own. */
const void *const functions[] = {neighbours, row, mix_all, globals, swap, compare, bits, find};

int main(void) { return functions[0] != 0; }
