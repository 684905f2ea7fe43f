/* Multiplies two square matrices of floating-point numbers and digests the product.
 * Argument: the matrices' size, at most 1000. They hold small whole numbers, so that every sum is exact in any order.
 * Prints the sum of the product's elements, each weighted by (row + column) % 10, as a whole number.
 * Exit code: 0, or 2 for a bad size, or 3 when there is no memory for the matrices. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void fill(double *left, double *right, int size) {
  for (int row = 0; row < size; row++) {
    for (int column = 0; column < size; column++) {
      left[row * size + column] = (row * 3 + column * 5) % 11 - 5.0;
      right[row * size + column] = (row * 7 + column * 2) % 13 - 4.0;
    }
  }
}

static void multiply(double *product, const double *left, const double *right, int size) {
  for (int row = 0; row < size; row++) {
    for (int column = 0; column < size; column++) {
      double sum = 0.0;
      for (int k = 0; k < size; k++) sum += left[row * size + k] * right[k * size + column];
      product[row * size + column] = sum;
    }
  }
}

static int64_t digest(const double *matrix, int size) {
  double sum = 0.0;
  for (int row = 0; row < size; row++)
    for (int column = 0; column < size; column++) sum += matrix[row * size + column] * ((row + column) % 10);
  return (int64_t)sum;
}

int main(int argc, char **argv) {
  int size = argc > 1 ? atoi(argv[1]) : -1;
  if (size < 0 || size > 1000) {
    fprintf(stderr, "usage: matrix-product SIZE, a whole number up to 1000\n");
    return 2;
  }
  int elements = size * size;
  double *matrices = malloc((3 * elements + 1) * sizeof *matrices);
  if (matrices == NULL) {
    fprintf(stderr, "no memory for three matrices of %d x %d\n", size, size);
    return 3;
  }
  double *left = matrices, *right = left + elements, *product = right + elements;
  fill(left, right, size);
  multiply(product, left, right, size);
  printf("%lld\n", (long long)digest(product, size));
  free(matrices);
  return 0;
}
