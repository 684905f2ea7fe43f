/* stdio.h's files. The function's own are read through syscalls and never change; what is written lies in the malloc
   heap over them, and is gone with the execution. Writes go through at once, so there is nothing to flush. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "stdio-file.h"

/* What a name stands for. */
struct __contents {
  struct __contents *next;
  /* NULL: it was removed, or replaced, while open. */
  char *name;
  char *bytes;
  size_t size, capacity;
  int open_count;
  /* There is no such file any more, whatever the function brought along. */
  int is_removed;
};

static struct __contents *all;

enum { READS = 1, WRITES = 2, APPENDS = 4, TRUNCATES = 8, EXCLUSIVE = 16 };

/* --- contents --- */

static int is_same(const char *a, const char *b) { return a != NULL && strcmp(a, b) == 0; }

static const char *plain_name(const char *name) {
  while (name[0] == '.' && name[1] == '/') name += 2;
  return name;
}

static int reserve(struct __contents *contents, size_t size) {
  if (size <= contents->capacity) return 1;
  size_t capacity = size < 2 * contents->capacity ? 2 * contents->capacity : size < 64 ? 64 : size;
  char *bytes = realloc(contents->bytes, capacity);
  if (bytes == NULL) {
    errno = ENOMEM;
    return 0;
  }
  contents->bytes = bytes;
  contents->capacity = capacity;
  return 1;
}

static struct __contents *create(const char *name) {
  struct __contents *contents = calloc(1, sizeof *contents);
  char *copy = name == NULL ? NULL : strdup(name);
  if (contents == NULL || (copy == NULL && name != NULL)) {
    free(contents);
    errno = ENOMEM;
    return NULL;
  }
  contents->name = copy;
  contents->next = all;
  return all = contents;
}

static void drop(struct __contents *contents) {
  struct __contents **place = &all;
  while (*place != contents) place = &(*place)->next;
  *place = contents->next;
  free(contents->bytes);
  free(contents->name);
  free(contents);
}

/* One of the function's own files, read into memory. */
static struct __contents *load(const char *name) {
  int size = __syscall(int, "file_size", name, strlen(name));
  if (size < 0) {
    errno = ENOENT;
    return NULL;
  }
  struct __contents *contents = create(name);
  if (contents == NULL) return NULL;
  if (!reserve(contents, size)) {
    drop(contents);
    return NULL;
  }
  while (contents->size < size) {
    size_t done = contents->size;
    int got = __syscall(int, "file_read", name, strlen(name), done, contents->bytes + done, size - done);
    if (got <= 0) break;
    contents->size += got;
  }
  return contents;
}

/* The file `name`, or NULL with errno. */
static struct __contents *find(const char *name) {
  for (struct __contents *contents = all; contents != NULL; contents = contents->next) {
    if (!is_same(contents->name, name)) continue;
    if (!contents->is_removed) return contents;
    errno = ENOENT;
    return NULL;
  }
  return load(name);
}

/* Takes the name from what has it now. */
static void forget(const char *name) {
  struct __contents *next;
  for (struct __contents *contents = all; contents != NULL; contents = next) {
    next = contents->next;
    if (!is_same(contents->name, name)) continue;
    if (contents->open_count == 0) drop(contents);
    else {
      free(contents->name);
      contents->name = NULL;
    }
  }
}

/* --- streams --- */

static int write_file(FILE *file, const char *from, size_t size) {
  struct __contents *contents = file->contents;
  if (!(file->mode & WRITES)) {
    errno = EBADF;
    file->has_failed = 1;
    return EOF;
  }
  if (file->mode & APPENDS) file->offset = contents->size;
  else file->offset -= file->end - file->start;
  file->start = file->end = 0;
  if (size > 0x7fffffff - file->offset || !reserve(contents, file->offset + size)) {
    file->has_failed = 1;
    return EOF;
  }
  if (file->offset > contents->size) memset(contents->bytes + contents->size, 0, file->offset - contents->size);
  memcpy(contents->bytes + file->offset, from, size);
  file->offset += size;
  if (file->offset > contents->size) contents->size = file->offset;
  return 0;
}

static int fill_file(FILE *file) {
  struct __contents *contents = file->contents;
  if (!(file->mode & READS)) {
    errno = EBADF;
    file->has_failed = 1;
    return 0;
  }
  size_t rest = file->offset < contents->size ? contents->size - file->offset : 0;
  if (rest > BUFSIZ) rest = BUFSIZ;
  if (rest == 0) {
    file->is_at_end = 1;
    return 0;
  }
  memcpy(file->buffer, contents->bytes + file->offset, rest);
  file->start = 0;
  file->end = rest;
  file->offset += rest;
  return 1;
}

static const struct __file_operations operations = {write_file, fill_file};

/* What `mode` asks for, or 0. */
static int parse_mode(const char *mode) {
  int wanted;
  if (*mode == 'r') wanted = READS;
  else if (*mode == 'w') wanted = WRITES | TRUNCATES;
  else if (*mode == 'a') wanted = WRITES | APPENDS;
  else return 0;
  while (*++mode) {
    if (*mode == '+') wanted |= READS | WRITES;
    else if (*mode == 'x') wanted |= EXCLUSIVE;
  }
  return wanted;
}

static struct __contents *open_contents(const char *name, int wanted) {
  struct __contents *contents = find(name);
  if (contents != NULL) {
    if (wanted & EXCLUSIVE) {
      errno = EEXIST;
      return NULL;
    }
    if (wanted & TRUNCATES) contents->size = 0;
    return contents;
  }
  if (errno == ENOMEM || !(wanted & (TRUNCATES | APPENDS))) return NULL;
  if (*name == 0) {
    errno = ENOENT;
    return NULL;
  }
  forget(name);
  return create(name);
}

/* Makes `file` a stream on `contents`. */
static FILE *attach(FILE *file, struct __contents *contents, int wanted) {
  char *buffer = malloc(BUFSIZ);
  if (buffer == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  *file = (FILE){-1, 0, buffer, .pushed = -1, .operations = &operations, .contents = contents, .mode = wanted};
  contents->open_count++;
  return file;
}

static FILE *open_as(FILE *file, const char *name, const char *mode) {
  int wanted = parse_mode(mode);
  if (wanted == 0) {
    errno = EINVAL;
    return NULL;
  }
  struct __contents *contents = open_contents(plain_name(name), wanted);
  return contents == NULL ? NULL : attach(file, contents, wanted);
}

FILE *fopen(const char *restrict name, const char *restrict mode) {
  FILE *file = malloc(sizeof *file);
  if (file == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  if (open_as(file, name, mode) != NULL) return file;
  free(file);
  return NULL;
}

FILE *tmpfile(void) {
  FILE *file = malloc(sizeof *file);
  struct __contents *contents = create(NULL);
  if (file != NULL && contents != NULL && attach(file, contents, READS | WRITES) != NULL) return file;
  if (contents != NULL) drop(contents);
  free(file);
  return NULL;
}

static void detach(FILE *file) {
  struct __contents *contents = file->contents;
  free(file->buffer);
  if (--contents->open_count == 0 && contents->name == NULL) drop(contents);
}

static int is_standard(FILE *file) { return file == stdin || file == stdout || file == stderr; }

/* What a closed standard stream has: neither reading nor writing goes. */
static struct __contents nothing = {.open_count = 1};

int fclose(FILE *file) {
  int result = fflush(file);
  if (file->operations != NULL) detach(file);
  if (!is_standard(file)) free(file);
  else {
    *file = (FILE){-1, .pushed = -1, .operations = &operations, .contents = &nothing};
    nothing.open_count++;
  }
  return result;
}

FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict file) {
  fflush(file);
  FILE old = *file;
  if (name == NULL || open_as(file, name, mode) == NULL) return NULL;
  if (old.operations != NULL) detach(&old);
  return file;
}

int fseek(FILE *file, long distance, int origin) {
  if (file->operations == NULL) {
    errno = ESPIPE;
    return -1;
  }
  long long target = distance;
  if (origin == SEEK_CUR) target += ftell(file);
  else if (origin == SEEK_END) target += file->contents->size;
  if (target < 0 || target > 0x7fffffff || origin < SEEK_SET || origin > SEEK_END) {
    errno = EINVAL;
    return -1;
  }
  file->offset = target;
  file->start = file->end = 0;
  file->pushed = -1;
  file->is_at_end = 0;
  return 0;
}

long ftell(FILE *file) {
  if (file->operations == NULL) {
    errno = ESPIPE;
    return -1;
  }
  return file->offset - (file->end - file->start) - (file->pushed >= 0);
}

void rewind(FILE *file) {
  fseek(file, 0, SEEK_SET);
  file->has_failed = 0;
}

int fgetpos(FILE *restrict file, fpos_t *restrict position) {
  *position = ftell(file);
  return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *file, const fpos_t *position) { return fseek(file, *position, SEEK_SET); }

/* Buffers are the library's own business. */
int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size) {
  if (mode < _IOFBF || mode > _IONBF) return -1;
  return 0;
}

void setbuf(FILE *restrict file, char *restrict buffer) {}

/* --- names --- */

int remove(const char *path) {
  const char *name = plain_name(path);
  if (find(name) == NULL) return -1;
  forget(name);
  if (__syscall(int, "file_size", name, strlen(name)) < 0) return 0;
  struct __contents *tombstone = create(name);
  if (tombstone == NULL) return -1;
  tombstone->is_removed = 1;
  return 0;
}

int rename(const char *old_path, const char *new_path) {
  const char *old = plain_name(old_path), *name = plain_name(new_path);
  struct __contents *contents = find(old);
  if (contents == NULL) return -1;
  if (strcmp(old, name) == 0) return 0;
  char *copy = strdup(name);
  if (copy == NULL) {
    errno = ENOMEM;
    return -1;
  }
  forget(name);
  char *former = contents->name;
  contents->name = copy;
  if (__syscall(int, "file_size", former, strlen(former)) >= 0) {
    struct __contents *tombstone = create(former);
    if (tombstone != NULL) tombstone->is_removed = 1;
  }
  free(former);
  return 0;
}

char *tmpnam(char *to) {
  static char name[L_tmpnam];
  static unsigned count;
  if (to == NULL) to = name;
  sprintf(to, "tmp%u", ++count);
  return to;
}
