// Variable length arrays: sizes, several dimensions, parameters, scopes that end in every way.
#include <stdio.h>
#include <string.h>

static int sum(int rows, int columns, int matrix[rows][columns]) {
  int total = 0;
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) total += matrix[i][j];
  return total;
}

static int last(int n, int (*rows)[n], int count);
static int prototype(int n, int m, double a[*][*]);

static int last(int n, int (*rows)[n], int count) {
  int (*end)[n] = rows + count;
  return (int)(end - rows) * 1000 + end[-1][n - 1];
}

static int prototype(int n, int m, double a[n][m]) { return sizeof a[0] / sizeof(double) * 10 + sizeof *a[0]; }

static int evaluations;
static int counted(int value) {
  evaluations++;
  return value;
}

/* 200 rounds of 4 KiB each fit the memory stack only if every round gives its array back. */
static int leave_by_continue(int n) {
  int total = 0;
  for (int i = 0; i < 200; i++) {
    char block[n];
    memset(block, i, n);
    total += block[n - 1] & 1;
    if (i % 2) continue;
    char second[n];
    second[0] = 1;
    total += second[0];
  }
  return total;
}

static int leave_by_goto(int n) {
  int rounds = 0;
again:;
  char block[n];
  block[n - 1] = 1;
  rounds += block[n - 1];
  if (rounds < 200) goto again;
  return rounds;
}

static int leave_by_outer_goto(int n) {
  int rounds = 0;
outer:
  rounds++;
  {
    char block[n];
    block[0] = rounds;
    if (rounds < 200) goto outer;
    return block[0] + rounds;
  }
}

static int leave_by_break(int n) {
  int rounds = 0;
  for (int i = 0; i < 200; i++) {
    while (1) {
      int size = n + i;
      char block[size];
      block[size - 1] = 2;
      rounds += block[size - 1];
      if (rounds) break;
    }
    switch (i & 1) {
      case 0: {
        char other[n];
        other[0] = 1;
        break;
      }
      default:
        rounds++;
    }
  }
  return rounds;
}

static int recursive(int n) {
  int here[n];
  for (int i = 0; i < n; i++) here[i] = n;
  int below = n > 1 ? recursive(n - 1) : 0;
  for (int i = 0; i < n; i++) below += here[i] == n;
  return below;
}

int main(void) {
  int n = 3, m = 4;
  int matrix[n][m];
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) matrix[i][j] = i * 10 + j;
  printf("%d %d %d\n", (int)sizeof matrix, (int)sizeof matrix[0], (int)sizeof matrix[0][0]);
  // expect: 48 16 4
  printf("%d %d %d\n", sum(n, m, matrix), last(m, matrix, n), prototype(2, 5, 0));
  // expect: 138 3023 58
  n = 100;
  printf("%d\n", (int)sizeof matrix);
  // expect: 48
  typedef int row[counted(5)];
  row a, b[2];
  printf("%d %d %d\n", (int)sizeof(a), (int)sizeof(b), evaluations);
  // expect: 20 40 1
  printf("%d %d\n", (int)sizeof(int[counted(7)]), evaluations);
  // expect: 28 2
  int flat[12];
  for (int i = 0; i < 12; i++) flat[i] = i;
  int (*view)[m] = (int (*)[m])flat;
  view++;
  printf("%d %d %d\n", view[1][2], ((int (*)[counted(3)])flat)[2][1], (int)(view - (int (*)[m])flat));
  // expect: 10 7 1
  char cube[2][n][3];
  cube[1][99][2] = 7;
  printf("%d %d %d\n", (int)sizeof cube, (int)(&cube[1][0][0] - &cube[0][0][0]), *(&cube[0][0][0] + 599));
  // expect: 600 300 7
  printf("%d %d %d %d\n", leave_by_continue(4096), leave_by_goto(4096), (char)leave_by_outer_goto(4096),
         leave_by_break(4096));
  // expect: 200 200 -112 500
  printf("%d\n", recursive(50));
  // expect: 1275
  return 0;
}
