/* Multiplies two matrices of n by n doubles. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  double *a = malloc(n * n * sizeof *a), *b = malloc(n * n * sizeof *b), *c = malloc(n * n * sizeof *c);
  for (int i = 0; i < n * n; i++) {
    a[i] = i % 7 - 3;
    b[i] = i % 5 + 1;
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
  }
  double total = 0;
  for (int i = 0; i < n * n; i++) total += c[i] * (i % 3);
  printf("%.0f\n", total);
}
