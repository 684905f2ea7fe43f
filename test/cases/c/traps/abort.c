// abort writes out what is buffered, and ends in a trap.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  printf("unfinished line");
  abort(); // trap: trap.aborted
}

// expect: unfinished line
