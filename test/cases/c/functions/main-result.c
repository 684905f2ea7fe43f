// main's result is the exit status; its arguments start at argv[1].
#include <stdio.h>

int main(int argc, char *argv[]) {
  for (int i = 1; i < argc; i++) printf("%s|", argv[i]);
  printf("%d %d\n", argc, argv[argc] == NULL);
  return argc * 10;
}

// args: one two three
// expect: one|two|three|4 1
// exit: 40
