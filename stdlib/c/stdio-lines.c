/* stdio.h's functions that make their own blocks: lines of any length, formatted text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

ptrdiff_t getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict file) {
  size_t length = 0;
  if (*line == NULL) *size = 0;
  for (;;) {
    if (length + 1 >= *size) {
      size_t larger = *size < 64 ? 64 : *size * 2;
      char *moved = realloc(*line, larger);
      if (moved == NULL) return -1;
      *line = moved;
      *size = larger;
    }
    int c = fgetc(file);
    if (c == EOF) break;
    (*line)[length++] = c;
    if (c == end) break;
  }
  (*line)[length] = 0;
  return length == 0 ? -1 : (ptrdiff_t)length;
}

ptrdiff_t getline(char **restrict line, size_t *restrict size, FILE *restrict file) {
  return getdelim(line, size, '\n', file);
}

int vasprintf(char **restrict to, const char *restrict format, va_list list) {
  va_list copy;
  va_copy(copy, list);
  int length = vsnprintf(NULL, 0, format, copy);
  va_end(copy);
  *to = length < 0 ? NULL : malloc(length + 1);
  return *to == NULL ? -1 : vsnprintf(*to, length + 1, format, list);
}

int asprintf(char **restrict to, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int length = vasprintf(to, format, list);
  va_end(list);
  return length;
}
