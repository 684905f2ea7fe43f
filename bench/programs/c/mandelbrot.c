/* Counts the steps of a Mandelbrot set of n by n points. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int n = atoi(argv[1]), total = 0;
  for (int y = 0; y < n; y++) {
    double ci = 2.0 * y / n - 1;
    for (int x = 0; x < n; x++) {
      double cr = 3.0 * x / n - 2, zr = 0, zi = 0;
      int steps = 0;
      while (steps < 50 && zr * zr + zi * zi < 4) {
        double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
        steps++;
      }
      total += steps;
    }
  }
  printf("%d\n", total);
}
