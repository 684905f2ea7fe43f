/* Loops that decide how fast C is: sums, sorting, a sieve, matrices, hashing, lists, strings. */
struct list { int value; struct list *next; };

static int length(const struct list *list) {
  int n = 0;
  for (; list; list = list->next) n += list->value != 0;
  return n;
}

static void sort(int *a, int n) {
  for (int i = 0; i < n - 1; i++)
    for (int j = 0; j < n - i - 1; j++)
      if (a[j] > a[j + 1]) {
        int t = a[j];
        a[j] = a[j + 1];
        a[j + 1] = t;
      }
}

static int sieve(unsigned char *composite, int n) {
  int count = 0;
  for (int i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    for (int j = i * 2; j < n; j += i) composite[j] = 1;
  }
  return count;
}

static void multiply(double c[][8], double a[][8], double b[][8]) {
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++) {
      double sum = 0;
      for (int k = 0; k < 8; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
}

static unsigned hash(const char *s) {
  unsigned h = 2166136261u;
  while (*s) h = (h ^ (unsigned char)*s++) * 16777619u;
  return h;
}

static long long collatz(long long n) {
  long long steps = 0;
  while (n != 1) {
    n = n % 2 ? 3 * n + 1 : n / 2;
    steps++;
  }
  return steps;
}

int main(void) {
  struct list nodes[2] = {{1, &nodes[1]}, {2, 0}};
  int a[3] = {3, 1, 2};
  unsigned char composite[100] = {0};
  double m[8][8] = {{1}}, r[8][8];
  sort(a, 3);
  multiply(r, m, m);
  return length(nodes) + a[0] + sieve(composite, 100) + (int)r[0][0] + (hash("x") & 7) + (int)collatz(27);
}
