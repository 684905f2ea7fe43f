/* Counts lines, words and bytes of the standard input, as wc does: a word is a run of bytes that are not white space.
 * Input: any text on stdin. Prints "LINES WORDS BYTES". Exit code: 0. */
#include <ctype.h>
#include <stdio.h>

int main(void) {
  int lines = 0, words = 0, bytes = 0, in_word = 0;
  int c;
  while ((c = getchar()) != EOF) {
    bytes++;
    if (c == '\n') lines++;
    if (isspace(c)) {
      in_word = 0;
    } else if (!in_word) {
      in_word = 1;
      words++;
    }
  }
  printf("%d %d %d\n", lines, words, bytes);
  return 0;
}
