/* The spectral norm of a matrix of n by n that is computed on the way. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double element(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void multiply(int n, const double *v, double *to) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += element(i, j) * v[j];
    to[i] = sum;
  }
}

static void multiply_transposed(int n, const double *v, double *to) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += element(j, i) * v[j];
    to[i] = sum;
  }
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  double *u = malloc(n * sizeof *u), *v = malloc(n * sizeof *v), *t = malloc(n * sizeof *t);
  for (int i = 0; i < n; i++) u[i] = 1;
  for (int i = 0; i < 5; i++) {
    multiply(n, u, t);
    multiply_transposed(n, t, v);
    multiply(n, v, t);
    multiply_transposed(n, t, u);
  }
  double vbv = 0, vv = 0;
  for (int i = 0; i < n; i++) {
    vbv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  printf("%.9f\n", sqrt(vbv / vv));
}
