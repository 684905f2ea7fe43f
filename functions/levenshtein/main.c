/* Measures how far apart two words are: the least number of letters to insert, delete or replace (Levenshtein).
 * Arguments: the two words, then any further words. Prints the distance of the first word from each of the others, one
 * "DISTANCE WORD" a line, and with three words or more the nearest one ("nearest: WORD") at the end, as a spelling
 * corrector would. Exit code: 0, or 2 with fewer than two words, or 3 when there is no memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int smaller(int a, int b) { return a < b ? a : b; }

/* Wagner and Fischer's table, of which only one row is kept: `row` has a place for each letter of `to` and one more. */
static int distance(const char *from, const char *to, int *row) {
  int width = (int)strlen(to);
  for (int column = 0; column <= width; column++) row[column] = column;
  for (int line = 1; from[line - 1] != '\0'; line++) {
    int diagonal = row[0];
    row[0] = line;
    for (int column = 1; column <= width; column++) {
      int replaced = diagonal + (from[line - 1] != to[column - 1]);
      diagonal = row[column];
      row[column] = smaller(replaced, smaller(row[column], row[column - 1]) + 1);
    }
  }
  return row[width];
}

static size_t longest(char **words, int count) {
  size_t length = 0;
  for (int i = 0; i < count; i++)
    if (strlen(words[i]) > length) length = strlen(words[i]);
  return length;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: levenshtein WORD OTHER...\n");
    return 2;
  }
  int *row = malloc((longest(argv + 2, argc - 2) + 1) * sizeof *row);
  if (row == NULL) {
    fprintf(stderr, "no memory\n");
    return 3;
  }
  int nearest = 2, nearest_distance = -1;
  for (int i = 2; i < argc; i++) {
    int found = distance(argv[1], argv[i], row);
    printf("%d %s\n", found, argv[i]);
    if (nearest_distance < 0 || found < nearest_distance) {
      nearest = i;
      nearest_distance = found;
    }
  }
  if (argc > 3) printf("nearest: %s\n", argv[nearest]);
  free(row);
  return 0;
}
