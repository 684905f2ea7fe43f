// GNU's labels as values: a table of them, differences, jumps into and out of loops, an interpreter's dispatch.
#include <stdio.h>

enum { PUSH, ADD, MULTIPLY, PRINT, LOOP, END };

static void interpret(const int *code) {
  static const void *const table[] = {&&push, &&add, &&multiply, &&print, &&loop, &&end};
  int stack[8], *top = stack, count = 0;
  const int *start = code;
  goto *table[*code++];
push:
  *top++ = *code++;
  goto *table[*code++];
add:
  top--;
  top[-1] += top[0];
  goto *table[*code++];
multiply:
  top--;
  top[-1] *= top[0];
  goto *table[*code++];
print:
  printf("%d\n", *--top);
  goto *table[*code++];
loop:
  if (++count < 2) code = start;
  goto *table[*code++];
end:
  return;
}

static int states(const char *text) {
  void *state = &&even;
  static const long distances[] = {&&odd - &&even, &&even - &&even};
  for (; *text; text++) {
    goto *state;
  even:
    state = (char *)&&even + distances[0];
    continue;
  odd:
    state = (char *)&&even + distances[1];
  }
  return state == &&odd;
}

int main(void) {
  interpret((int[]){PUSH, 3, PUSH, 4, ADD, PUSH, 5, MULTIPLY, PRINT, LOOP, END});
  // expect: 35
  // expect: 35
  printf("%d %d\n", states("abc"), states("ab")); // expect: 1 0
  void *nowhere = 0;
  if (states("a")) goto *nowhere; // trap: trap.unreachable
here:
  printf("%p\n", &&here);
}
