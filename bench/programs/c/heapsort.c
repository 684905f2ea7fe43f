/* Sorts n pseudo-random doubles in a heap. */
#include <stdio.h>
#include <stdlib.h>

static void sift(double *a, int start, int end) {
  double value = a[start];
  for (int child; (child = 2 * start + 1) < end; start = child) {
    if (child + 1 < end && a[child] < a[child + 1]) child++;
    if (value >= a[child]) break;
    a[start] = a[child];
  }
  a[start] = value;
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  double *a = malloc(n * sizeof *a);
  unsigned state = 42;
  for (int i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223;
    a[i] = (state >> 4) / 16.0;
  }
  for (int i = n / 2; i-- > 0;) sift(a, i, n);
  for (int end = n; end-- > 1;) {
    double top = a[0];
    a[0] = a[end];
    a[end] = top;
    sift(a, 0, end);
  }
  printf("%.4f %.4f %.4f\n", a[0], a[n / 2], a[n - 1]);
}
