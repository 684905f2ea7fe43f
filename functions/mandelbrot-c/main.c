/* Counts the iterations that drawing the Mandelbrot set takes, over the square from -2-1.5i to 1+1.5i.
 * Argument: the picture's width and height in points. Prints the iterations of all points together; a point counts
 * 100 when it has not escaped by then. Exit code: 0, or 2 for a bad size. */
#include <stdio.h>
#include <stdlib.h>

#define MOST_ITERATIONS 100

static int iterations_at(double real, double imaginary) {
  double x = 0.0, y = 0.0;
  for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    double x_squared = x * x, y_squared = y * y;
    if (x_squared + y_squared > 4.0) return iteration;
    y = 2.0 * x * y + imaginary;
    x = x_squared - y_squared + real;
  }
  return MOST_ITERATIONS;
}

int main(int argc, char **argv) {
  int size = argc > 1 ? atoi(argv[1]) : -1;
  if (size < 0) {
    fprintf(stderr, "usage: mandelbrot SIZE, a whole number\n");
    return 2;
  }
  int total = 0;
  for (int row = 0; row < size; row++) {
    double imaginary = 3.0 * row / size - 1.5;
    for (int column = 0; column < size; column++) total += iterations_at(3.0 * column / size - 2.0, imaginary);
  }
  printf("%d\n", total);
  return 0;
}
