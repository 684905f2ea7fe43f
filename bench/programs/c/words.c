/* Counts the words of a generated text of n letters, with a chained table of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word { struct word *next; int count; char text[8]; };

static struct word *table[1024];

static struct word *find(const char *text, int length) {
  unsigned hash = 5381;
  for (int i = 0; i < length; i++) hash = hash * 33 + text[i];
  struct word **list = &table[hash % 1024];
  for (struct word *word = *list; word; word = word->next)
    if (strncmp(word->text, text, length) == 0 && word->text[length] == 0) return word;
  struct word *word = calloc(1, sizeof *word);
  memcpy(word->text, text, length);
  word->next = *list;
  return *list = word;
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]), different = 0, most = 0;
  char *text = malloc(n + 1);
  unsigned state = 9;
  for (int i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223;
    text[i] = i % 4 == 3 ? ' ' : 'a' + (state >> 24) % 6;
  }
  text[n] = 0;
  for (char *p = text; *p;) {
    char *start = p;
    while (*p && *p != ' ') p++;
    find(start, p - start)->count++;
    if (*p) p++;
  }
  for (int i = 0; i < 1024; i++) {
    for (struct word *word = table[i]; word; word = word->next) {
      different++;
      if (word->count > most) most = word->count;
    }
  }
  printf("%d %d\n", different, most);
}
