/* Counts the ways to place n queens. */
#include <stdio.h>
#include <stdlib.h>

static int n, columns[32], up[64], down[64];

static int place(int row) {
  if (row == n) return 1;
  int count = 0;
  for (int column = 0; column < n; column++) {
    if (columns[column] || up[row + column] || down[row - column + n]) continue;
    columns[column] = up[row + column] = down[row - column + n] = 1;
    count += place(row + 1);
    columns[column] = up[row + column] = down[row - column + n] = 0;
  }
  return count;
}

int main(int argc, char **argv) {
  n = atoi(argv[1]);
  printf("%d\n", place(0));
}
