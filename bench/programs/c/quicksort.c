/* Sorts n pseudo-random integers by quicksort. */
#include <stdio.h>
#include <stdlib.h>

static void sort(int *a, int low, int high) {
  while (low < high) {
    int pivot = a[(low + high) >> 1], i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i > j) break;
      int t = a[i];
      a[i++] = a[j];
      a[j--] = t;
    }
    sort(a, low, j);
    low = i;
  }
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  int *a = malloc(n * sizeof *a);
  unsigned state = 1;
  for (int i = 0; i < n; i++) {
    state = state * 1103515245 + 12345;
    a[i] = state >> 8;
  }
  sort(a, 0, n - 1);
  unsigned sum = 0;
  for (int i = 0; i < n; i++) sum = sum * 31 + a[i];
  printf("%u\n", sum);
}
