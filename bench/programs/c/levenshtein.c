/* The edit distance of two generated strings of n letters. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  char *a = malloc(n + 1), *b = malloc(n + 1);
  int *row = malloc((n + 1) * sizeof *row);
  unsigned state = 3;
  for (int i = 0; i < n; i++) {
    state = state * 1103515245 + 12345;
    a[i] = 'a' + (state >> 16) % 4;
    state = state * 1103515245 + 12345;
    b[i] = 'a' + (state >> 16) % 4;
  }
  for (int j = 0; j <= n; j++) row[j] = j;
  for (int i = 1; i <= n; i++) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= n; j++) {
      int best = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      if (diagonal + 1 < best) best = diagonal + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
    }
  }
  printf("%d\n", row[n]);
}
