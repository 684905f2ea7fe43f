// Constant distances beyond what an instruction holds: of elements, members and addresses, in both directions.
#include <stdio.h>
#include <stdlib.h>

struct large {
  char bytes[1 << 25];
  int x;
  struct {
    int y[4];
  } z;
};

int main(void) {
  struct large *l = malloc(sizeof *l);
  char *p = l->bytes;
  l->x = 5;
  l->x += 3;
  l->z.y[2] = 7;
  l->z.y[2]++;
  p[(32 << 20) - 1] = 3;
  printf("%d %d %d %d\n", l->x, l->z.y[2], p[(32 << 20) - 1], *(int *)(p + (1 << 25))); // expect: 8 8 3 8
  char *q = p + (32 << 20);
  printf("%d %d\n", (int)(q - p), q[-1]); // expect: 33554432 3
  printf("%d\n", (q - (32 << 20))[(32 << 20) - 1]); // expect: 3
  struct large *m = l;
  m->z = l->z;
  int *r = &m->z.y[3];
  *r = 9;
  printf("%d\n", l->z.y[3]); // expect: 9
  printf("%d\n", p[40 << 20]); // trap: trap.memory_out_of_bounds
}
