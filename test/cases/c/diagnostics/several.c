// Several errors in one run, each at its place.
#include <stdio.h>

int main(void) {
  int x = 1; // error: 6:3 c.undeclared
  y = x;
  x.member = 2; // error: 7:5 c.bad-operand
  printf("%d\n", x);
  return strlen("x"); // error: 9:10 c.undeclared
}
