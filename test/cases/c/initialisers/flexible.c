// Flexible array members of objects with static storage have initialisers (GNU).
#include <stdio.h>
#include <stdlib.h>

struct list { int count; int items[]; };
struct text { char kind; char bytes[]; };
static struct list list = {3, {10, 20, 30}}, sparse = {.items = {[4] = 5}, .count = 5};
struct text text = {'t', "hello"};
static int behind = 77;

int main(void) {
  static struct list here = {1, {8}};
  printf("%d %d %d %s %d %d\n", list.items[2], sparse.items[4], sparse.count, text.bytes, here.items[0], behind);
  // expect: 30 5 5 hello 8 77
  printf("%d %d\n", (int)sizeof list, (int)sizeof text);
  // expect: 4 1
  struct list *made = malloc(sizeof *made + 3 * sizeof *made->items);
  *made = list;
  for (int i = 0; i < made->count; i++) made->items[i] = list.items[i] + i;
  printf("%d\n", made->items[2]);
  // expect: 32
  return 0;
}
