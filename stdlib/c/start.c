/* Where execution begins: builds argv, calls main, ends with its result. */
#include <start.h>
#include <stdlib.h>

int main();

void __start(void) { exit(main()); }

/* argv: the pointers, the name "main", and all arguments one after the other, in one block. */
void __start_with_arguments(void) {
  int count = __syscall(int, "argument_count");
  char **argv = malloc((count + 2) * sizeof(char *));
  if (argv == NULL) _Exit(1);
  argv[0] = "main";
  for (int index = 0; index < count; index++) {
    size_t capacity = 32, length = 0;
    char *text = malloc(capacity);
    for (;;) {
      if (text == NULL) _Exit(1);
      int got = __syscall(int, "argument_read", index, length, text + length, capacity - length - 1);
      if (got <= 0) break;
      length += got;
      if (length + 1 < capacity) continue;
      capacity *= 2;
      text = realloc(text, capacity);
    }
    text[length] = 0;
    argv[index + 1] = text;
  }
  argv[count + 1] = NULL;
  exit(main(count + 1, argv));
}
