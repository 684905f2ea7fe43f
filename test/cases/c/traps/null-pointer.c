// A null pointer traps at its line, and the trace names the functions.
#include <stdio.h>

struct node { int value; struct node *next; };

static int second(struct node *list) {
  return list->next->value; // trap: trap.memory_out_of_bounds
}

int main(void) {
  struct node one = {1, NULL};
  puts("before");
  printf("%d\n", second(&one));
  return 0;
}

// expect: before
