// All statements, among them switch with fallthrough, Duff's device, goto in and out of blocks, nested loops.
#include <stdio.h>

static const char *kind(int c) {
  switch (c) {
    case 'a' ... 'z': return "lower";
    case 'A' ... 'Z': return "upper";
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      return "digit";
    case -1: return "end";
    default: return "other";
  }
}

static int sparse(int x) {
  switch (x) {
    case -1000000: return 1;
    case 0: return 2;
    case 77: x++;
    case 78: return x;
    case 1000000: return 4;
    case 2147483647: return 5;
    case -2147483647 - 1: return 6;
  }
  return -1;
}

static void copy(char *to, const char *from, int count) {
  int n = (count + 7) / 8;
  switch (count % 8) {
    case 0: do { *to++ = *from++;
    case 7:      *to++ = *from++;
    case 6:      *to++ = *from++;
    case 5:      *to++ = *from++;
    case 4:      *to++ = *from++;
    case 3:      *to++ = *from++;
    case 2:      *to++ = *from++;
    case 1:      *to++ = *from++;
            } while (--n > 0);
  }
}

int main(void) {
  for (const char *s = "aZ5 "; *s; s++) printf("%s ", kind(*s));
  printf("%s\n", kind(-1));
  int values[] = {-1000000, 0, 77, 78, 1000000, 2147483647, -2147483647 - 1, 5};
  for (int i = 0; i < 8; i++) printf("%d ", sparse(values[i]));
  printf("\n");
  char buffer[32] = {0};
  copy(buffer, "a device by Tom Duff", 20);
  puts(buffer);
  int i = 0, sum = 0;
  while (1) {
    if (++i > 10) break;
    if (i % 2) continue;
    sum += i;
  }
  do sum--; while (sum > 25);
  printf("%d\n", sum);
  for (i = 0; i < 3; i++)
    for (int j = 0; ; j++) {
      if (j == i) break;
      if (i == 2 && j == 1) goto done;
      printf("%d%d ", i, j);
    }
done:
  printf("\n");
  int round = 0;
  goto inside;
  while (round < 3) {
    printf("top ");
  inside:
    printf("in%d ", round++);
  }
  printf("\n");
again:
  if (round-- > 0) goto again;
  printf("%d\n", round);
  for (int a = 0, b = 10; a < b; a += 2, b--) printf("%d-%d ", a, b);
  printf("\n");
  if (i) if (!i) puts("no"); else puts("dangling");
  switch (3) { int hidden; case 3: hidden = 4; printf("%d\n", hidden); }
  switch (1) { }
  switch (5) case 5: puts("single");
  for (;;) { { break; } }
  int t = 3 > 2 ? 1 ? 5 : 6 : 7;
  printf("%d\n", (t++, t * 2));
  printf("%d %d %d\n", t && 0 || 1, !t || t == 6, (t > 5) + (t >= 6) + (t < 6));
  int x = 5;
  x = x && x--;
  printf("%d\n", x);
  x = x ? x + 1 : x - 1;
  printf("%d\n", x);
  { int x = 9; { int x = 10; printf("%d ", x); } printf("%d\n", x); }
  return 0;
}

// expect: lower upper digit other end
// expect: 1 2 78 78 4 5 6 -1
// expect: a device by Tom Duff
// expect: 25
// expect: 10 20
// expect: in0 top in1 top in2
// expect: -1
// expect: 0-10 2-9 4-8 6-7
// expect: dangling
// expect: 4
// expect: single
// expect: 12
// expect: 1 1 2
// expect: 1
// expect: 2
// expect: 10 9
