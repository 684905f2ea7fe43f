/* Flips pancakes in all orders of n. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int n = atoi(argv[1]), p[16], q[16], count[16], most = 0, sum = 0, sign = 1, r = n;
  for (int i = 0; i < n; i++) p[i] = i;
  for (;;) {
    for (; r > 1; r--) count[r - 1] = r;
    int first = p[0];
    if (first != 0) {
      for (int i = 1; i < n; i++) q[i] = p[i];
      int flips = 1;
      for (;;) {
        int next = q[first];
        if (next == 0) break;
        q[first] = first;
        for (int i = 1, j = first - 1; i < j; i++, j--) {
          int t = q[i];
          q[i] = q[j];
          q[j] = t;
        }
        first = next;
        flips++;
      }
      if (flips > most) most = flips;
      sum += sign * flips;
    }
    sign = -sign;
    for (r = 1;; r++) {
      if (r >= n) {
        printf("%d %d\n", sum, most);
        return 0;
      }
      int t = p[0];
      for (int i = 0; i < r; i++) p[i] = p[i + 1];
      p[r] = t;
      if (--count[r] > 0) break;
    }
  }
}
