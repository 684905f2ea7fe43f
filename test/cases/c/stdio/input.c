// Reading stdin: characters, lines, blocks, ungetc, the end.
#include <stdio.h>
#include <string.h>

int main(void) {
  char line[16], block[8];
  int c = getchar();
  ungetc('X', stdin);
  printf("%c%c\n", c, getchar());
  printf("%s|\n", fgets(line, sizeof line, stdin));
  printf("%s|\n", fgets(line, 4, stdin));
  printf("%d %.*s\n", (int)fread(block, 1, 5, stdin), 5, block);
  int rest = 0;
  while ((c = getc(stdin)) != EOF) rest++;
  printf("%d %d %d %d\n", rest, feof(stdin) != 0, ferror(stdin), fgets(line, 9, stdin) == NULL);
  return 0;
}

// stdin: first line
// stdin: second line
// stdin: third
// expect: fX
// expect: irst line
// expect: |
// expect: sec|
// expect: 5 ond l
// expect: 9 1 0 1
