// Scopes and storage: shadowing, static locals, extern in blocks, tentative definitions, tags and enumerators by block.
#include <stdio.h>

int tentative;
int tentative = 3;
static int array[];
static int array[4];
extern int later;
static int hidden(void);
enum { ZERO, FIVE = 5, SIX, AGAIN = FIVE };

static int next(void) {
  static int value, *pointer = &value;
  return ++*pointer;
}

int main(void) {
  int value = 1;
  {
    extern int later;
    int value = 2;
    enum { ZERO = 100 };
    struct tag { char c; };
    typedef char type;
    type t = 'x';
    printf("%d %d %d %d %c\n", value, later, ZERO, (int)sizeof(struct tag), t);
  }
  struct tag { int a[3]; };
  int type = 4;
  printf("%d %d %d %d\n", value, ZERO, (int)(sizeof(struct tag) / sizeof(int)), type);
  next();
  next();
  printf("%d %d %d %d\n", next(), tentative, (int)(sizeof array / sizeof *array), hidden());
  printf("%d %d %d\n", FIVE, SIX, AGAIN);
  for (int value = 7; value; value = 0) printf("%d ", value);
  printf("%d\n", value);
  int x = sizeof(int[3]) / sizeof(int), y = (int){x} + x;
  printf("%d %d\n", x, y);
  return 0;
}

int later = 42;
static int hidden(void) { return tentative * 2; }

// expect: 2 42 100 1 x
// expect: 1 0 3 4
// expect: 3 3 4 6
// expect: 5 6 5
// expect: 7 1
// expect: 3 6
