/* Builds a list of n nodes, reverses, splits and merges it, ten times. */
#include <stdio.h>
#include <stdlib.h>

struct node { int value; struct node *next; };

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  unsigned sum = 0;
  for (int round = 0; round < 10; round++) {
    struct node *list = NULL;
    for (int i = 0; i < n; i++) {
      struct node *node = malloc(sizeof *node);
      *node = (struct node){i, list};
      list = node;
    }
    struct node *reversed = NULL;
    while (list) {
      struct node *next = list->next;
      list->next = reversed;
      reversed = list;
      list = next;
    }
    struct node *odd = NULL, *even = NULL;
    while (reversed) {
      struct node *next = reversed->next, **to = reversed->value & 1 ? &odd : &even;
      reversed->next = *to;
      *to = reversed;
      reversed = next;
    }
    while (odd || even) {
      struct node **from = odd && (!even || odd->value > even->value) ? &odd : &even, *node = *from;
      *from = node->next;
      sum = sum * 31 + node->value;
      free(node);
    }
  }
  printf("%u\n", sum);
}
