/* stdio.h: the standard streams, buffered, over the read and write syscalls. */
#include <stdio.h>
#include <errno.h>
#include <start.h>
#include <string.h>
#include "stdio-file.h"

static char input_buffer[BUFSIZ], output_buffer[BUFSIZ];
static struct __file input = {0, 0, input_buffer, 0, 0, 0, 0, -1};
static struct __file output = {1, 1, output_buffer, 0, 0, 0, 0, -1};
static struct __file errors = {2, 1, NULL, 0, 0, 0, 0, -1};

#undef stdin
#undef stdout
#undef stderr
FILE *const stdin = &input;
FILE *const stdout = &output;
FILE *const stderr = &errors;

/* --- writing --- */

static int write_all(FILE *file, const char *from, size_t size) {
  while (size > 0) {
    int done = __syscall(int, "write", file->descriptor, from, size);
    if (done <= 0) {
      file->has_failed = 1;
      return EOF;
    }
    from += done;
    size -= done;
  }
  return 0;
}

int fflush(FILE *file) {
  if (file == NULL) {
    __flush_all();
    return 0;
  }
  if (!file->is_output || file->end == 0) return 0;
  size_t size = file->end;
  file->end = 0;
  return write_all(file, file->buffer, size);
}

void __flush_all(void) { fflush(&output); }

/* Adds bytes to a stream: to its buffer, which is written when full or when a line is complete. */
int __file_write(FILE *file, const char *from, size_t size) {
  if (file->operations != NULL) return file->operations->write(file, from, size);
  if (!file->is_output) {
    file->has_failed = 1;
    return EOF;
  }
  if (file->buffer == NULL) return write_all(file, from, size);
  if (size > BUFSIZ - file->end) {
    if (fflush(file) != 0) return EOF;
    if (size > BUFSIZ) return write_all(file, from, size);
  }
  memcpy(file->buffer + file->end, from, size);
  file->end += size;
  return memchr(from, '\n', size) == NULL ? 0 : fflush(file);
}

int fputc(int c, FILE *file) {
  char byte = c;
  if (file->buffer != NULL && file->is_output && byte != '\n' && file->end < BUFSIZ) file->buffer[file->end++] = byte;
  else if (__file_write(file, &byte, 1) != 0) return EOF;
  return (unsigned char)byte;
}

int putc(int c, FILE *file) { return fputc(c, file); }
int putchar(int c) { return fputc(c, &output); }
int fputs(const char *restrict s, FILE *restrict file) { return __file_write(file, s, strlen(s)); }

int puts(const char *s) {
  if (fputs(s, &output) != 0) return EOF;
  return putchar('\n') == EOF ? EOF : 0;
}

size_t fwrite(const void *restrict items, size_t size, size_t count, FILE *restrict file) {
  if (size == 0 || count == 0) return 0;
  return __file_write(file, items, size * count) == 0 ? count : 0;
}

void perror(const char *s) {
  if (s != NULL && *s) {
    fputs(s, &errors);
    fputs(": ", &errors);
  }
  fputs(strerror(errno), &errors);
  fputc('\n', &errors);
}

/* --- reading --- */

/* Fills the buffer of an input stream; 0 at its end. What the program has written so far appears first. */
static int fill(FILE *file) {
  if (file->is_output) {
    file->has_failed = 1;
    return 0;
  }
  if (file->is_at_end) return 0;
  if (file->operations != NULL) return file->operations->fill(file);
  fflush(&output);
  int got = __syscall(int, "read", file->descriptor, file->buffer, BUFSIZ);
  file->start = 0;
  file->end = got > 0 ? got : 0;
  if (got <= 0) file->is_at_end = 1;
  return got > 0;
}

int fgetc(FILE *file) {
  if (file->pushed >= 0) {
    int c = file->pushed;
    file->pushed = -1;
    return c;
  }
  if (file->start == file->end && !fill(file)) return EOF;
  return (unsigned char)file->buffer[file->start++];
}

int getc(FILE *file) { return fgetc(file); }
int getchar(void) { return fgetc(&input); }

int ungetc(int c, FILE *file) {
  if (c == EOF || file->pushed >= 0) return EOF;
  file->is_at_end = 0;
  return file->pushed = (unsigned char)c;
}

char *fgets(char *restrict to, int size, FILE *restrict file) {
  int length = 0;
  if (size == 1) *to = 0;
  if (size <= 1) return size == 1 ? to : NULL;
  while (length < size - 1) {
    int c = fgetc(file);
    if (c == EOF) break;
    to[length++] = c;
    if (c == '\n') break;
  }
  if (length == 0) return NULL;
  to[length] = 0;
  return to;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file) {
  char *p = to;
  size_t wanted = size * count, done = 0;
  if (wanted == 0) return 0;
  if (file->pushed >= 0) p[done++] = fgetc(file);
  while (done < wanted) {
    if (file->start == file->end && !fill(file)) break;
    size_t piece = file->end - file->start;
    if (piece > wanted - done) piece = wanted - done;
    memcpy(p + done, file->buffer + file->start, piece);
    file->start += piece;
    done += piece;
  }
  return done / size;
}

int feof(FILE *file) { return file->is_at_end && file->pushed < 0 && file->start == file->end; }
int ferror(FILE *file) { return file->has_failed; }

void clearerr(FILE *file) {
  file->is_at_end = 0;
  file->has_failed = 0;
}
