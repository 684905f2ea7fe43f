/* Where execution begins: builds argv, calls main, ends with its result. */
#include <start.h>
#include <stdlib.h>

int main();

void __start(void) { exit(main()); }

/* A block that lasts until the calling function returns. */
#define allocate(size) __intrinsic(void *, "stack.allocate_dynamic", size)

/* argv and its strings lie in the memory stack, below everything that main has there. */
void __start_with_arguments(void) {
  int count = __syscall(int, "argument_count");
  char **argv = allocate((count + 2) * sizeof(char *));
  argv[0] = "main";
  for (int index = 0; index < count; index++) {
    int length = 0, got;
    char piece[64];
    while ((got = __syscall(int, "argument_read", index, length, piece, sizeof piece)) > 0) length += got;
    char *text = allocate(length + 1);
    for (int done = 0; done < length; done += got) {
      got = __syscall(int, "argument_read", index, done, text + done, length - done);
    }
    text[length] = 0;
    argv[index + 1] = text;
  }
  argv[count + 1] = NULL;
  exit(main(count + 1, argv));
}
