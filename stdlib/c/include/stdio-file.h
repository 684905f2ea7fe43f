/* What a stream is; not for programs. */
#ifndef _STDIO_FILE_H
#define _STDIO_FILE_H
#include <stdio.h>
struct __file {
  int descriptor;
  int is_output;
  /* BUFSIZ bytes, or NULL: unbuffered output. */
  char *buffer;
  /* Input: bytes from start to end are still to be read. Output: bytes up to end are still to be written. */
  size_t start, end;
  int is_at_end;
  int has_failed;
  /* What ungetc gave back, or -1. */
  int pushed;
  /* Of a file in memory; the streams of the machine have none of this. */
  const struct __file_operations *operations;
  struct __contents *contents;
  /* Where the buffer ends in the contents. */
  size_t offset;
  int mode;
};
struct __file_operations {
  int (*write)(FILE *file, const char *from, size_t size);
  /* Fills the buffer: whether there was anything left. */
  int (*fill)(FILE *file);
};
/* Writes all bytes: 0, or EOF. */
int __file_write(FILE *file, const char *from, size_t size);
#endif
