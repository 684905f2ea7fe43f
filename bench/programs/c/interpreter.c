/* A small machine's loop: sums up what a program of its own computes n times. */
#include <stdio.h>
#include <stdlib.h>

enum { PUSH, ADD, MULTIPLY, MASK, LOAD, STORE, DECREMENT, JUMP_UNLESS_ZERO, END };

static long long run(const int *code, int n) {
  int stack[16], variables[4] = {n, 1, 0, 0}, *top = stack - 1;
  for (const int *pc = code;;) {
    switch (*pc++) {
      case PUSH: *++top = *pc++; break;
      case ADD: top--; *top += top[1]; break;
      case MULTIPLY: top--; *top *= top[1]; break;
      case MASK: *top &= 0xffff; break;
      case LOAD: *++top = variables[*pc++]; break;
      case STORE: variables[*pc++] = *top--; break;
      case DECREMENT: variables[*pc++]--; break;
      case JUMP_UNLESS_ZERO: pc = variables[*pc] != 0 ? code + pc[1] : pc + 2; break;
      default: return variables[1];
    }
  }
}

int main(int argc, char **argv) {
  static const int code[] = {LOAD,  1, PUSH, 31, MULTIPLY,  LOAD, 0,                ADD, MASK,
                             STORE, 1, DECREMENT, 0, JUMP_UNLESS_ZERO, 0, 0, END};
  printf("%lld\n", run(code, atoi(argv[1])));
}
