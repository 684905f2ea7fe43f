// Files in memory: writing, reading, positions, modes, names.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(const char *name) {
  FILE *file = fopen(name, "r");
  char line[100];
  if (file == NULL) {
    printf("%s: %s\n", name, strerror(errno));
    return;
  }
  while (fgets(line, sizeof line, file) != NULL) printf("%s: %s", name, line);
  printf("%d %d\n", feof(file) != 0, ferror(file));
  fclose(file);
}

int main(void) {
  show("a.txt");
  // expect: a.txt: No such file or directory
  FILE *file = fopen("a.txt", "w");
  fprintf(file, "one %d\n", 1);
  fputs("two\n", file);
  fputc('3', file);
  fwrite("\n", 1, 1, file);
  printf("%ld %d\n", ftell(file), getc(file));
  // expect: 12 -1
  fclose(file);
  show("./a.txt");
  // expect: ./a.txt: one 1
  // expect: ./a.txt: two
  // expect: ./a.txt: 3
  // expect: 1 0
  file = fopen("a.txt", "a+");
  fputs("four\n", file);
  rewind(file);
  int first = getc(file);
  ungetc('X', file);
  printf("%c %c %ld\n", first, getc(file), ftell(file));
  // expect: o X 1
  fclose(file);
  file = fopen("a.txt", "r+");
  fseek(file, 4, SEEK_SET);
  fputs("I", file);
  fseek(file, -5, SEEK_END);
  int number = 0;
  char word[10];
  printf("%d %s %ld\n", fscanf(file, "%9s", word), word, ftell(file));
  // expect: 1 four 16
  fseek(file, 0, SEEK_SET);
  printf("%d %s %d\n", fscanf(file, "%s %d", word, &number), word, number);
  // expect: 1 one 0
  fclose(file);
  printf("%d %d\n", rename("a.txt", "b.txt"), fopen("b.txt", "wx") == NULL);
  // expect: 0 1
  show("a.txt");
  // expect: a.txt: No such file or directory
  show("b.txt");
  // expect: b.txt: one I
  // expect: b.txt: two
  // expect: b.txt: 3
  // expect: b.txt: four
  // expect: 1 0
  file = fopen("b.txt", "rb");
  printf("%d %d", remove("b.txt"), remove("b.txt"));
  printf(" %c\n", getc(file));
  // expect: 0 -1 o
  fclose(file);
  /* Larger than any buffer, with a hole, read back in blocks. */
  file = tmpfile();
  for (int i = 0; i < 5000; i++) fwrite(&i, sizeof i, 1, file);
  fseek(file, 4000, SEEK_CUR);
  fputc(1, file);
  fseek(file, 3 * sizeof(int), SEEK_SET);
  int values[4000];
  size_t got = fread(values, sizeof(int), 4000, file);
  long sum = 0;
  for (int i = 0; i < 4000; i++) sum += values[i];
  fpos_t place;
  fgetpos(file, &place);
  fread(values, sizeof(int), 1, file);
  fsetpos(file, &place);
  fread(values + 1, sizeof(int), 1, file);
  fseek(file, 0, SEEK_END);
  printf("%zu %ld %d %d %ld\n", got, sum, values[0], values[1], ftell(file));
  // expect: 4000 8010000 4003 4003 24001
  fclose(file);
  freopen("in.txt", "w+", stdin);
  fputs("42", stdin);
  rewind(stdin);
  scanf("%d", &number);
  printf("%d %d\n", number, fclose(stdin));
  // expect: 42 0
  printf("%d %s\n", getchar(), fopen("x", "q") == NULL && errno == EINVAL ? "EINVAL" : "?");
  // expect: -1 EINVAL
  return 0;
}
