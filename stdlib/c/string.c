/* string.h: blocks by the machine's bulk operations, strings byte by byte. */
#include <string.h>
#include <stdlib.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  if (size > 0) __intrinsic(void, "memory.copy", to, from, size);
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  if (size > 0) __intrinsic(void, "memory.copy", to, from, size);
  return to;
}

void *memset(void *to, int value, size_t size) {
  if (size > 0) __intrinsic(void, "memory.fill", to, value, size);
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *p = a, *q = b;
  size_t i = 0;
  for (; i + 4 <= size; i += 4)
    if (*(const unsigned *)(p + i) != *(const unsigned *)(q + i)) break;
  for (; i < size; i++)
    if (p[i] != q[i]) return p[i] - q[i];
  return 0;
}

void *memchr(const void *block, int value, size_t size) {
  const unsigned char *p = block;
  unsigned char wanted = value;
  for (size_t i = 0; i < size; i++)
    if (p[i] == wanted) return (void *)(p + i);
  return NULL;
}

size_t strlen(const char *s) {
  const char *p = s;
  while (*p) p++;
  return p - s;
}

size_t strnlen(const char *s, size_t size) {
  size_t i = 0;
  while (i < size && s[i]) i++;
  return i;
}

char *strcpy(char *restrict to, const char *restrict from) {
  char *p = to;
  while ((*p++ = *from++)) {}
  return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t size) {
  size_t i = 0;
  for (; i < size && from[i]; i++) to[i] = from[i];
  memset(to + i, 0, size - i);
  return to;
}

char *strcat(char *restrict to, const char *restrict from) {
  strcpy(to + strlen(to), from);
  return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t size) {
  char *p = to + strlen(to);
  for (; size > 0 && *from; size--) *p++ = *from++;
  *p = 0;
  return to;
}

int strcmp(const char *a, const char *b) {
  const unsigned char *p = (const unsigned char *)a, *q = (const unsigned char *)b;
  size_t i = 0;
  while (p[i] == q[i]) {
    if (!p[i]) return 0;
    i++;
  }
  return p[i] - q[i];
}

int strncmp(const char *a, const char *b, size_t size) {
  const unsigned char *p = (const unsigned char *)a, *q = (const unsigned char *)b;
  for (size_t i = 0; i < size; i++) {
    if (p[i] != q[i]) return p[i] - q[i];
    if (!p[i]) return 0;
  }
  return 0;
}

int strcoll(const char *a, const char *b) { return strcmp(a, b); }

size_t strxfrm(char *restrict to, const char *restrict from, size_t size) {
  size_t length = strlen(from);
  if (size > 0) {
    strncpy(to, from, size - 1);
    to[size - 1] = 0;
  }
  return length;
}

char *strchr(const char *s, int c) {
  char wanted = c;
  for (; *s != wanted; s++)
    if (!*s) return NULL;
  return (char *)s;
}

char *strrchr(const char *s, int c) {
  char wanted = c;
  const char *found = NULL;
  for (;; s++) {
    if (*s == wanted) found = s;
    if (!*s) return (char *)found;
  }
}

/* Knuth, Morris and Pratt's search would need memory: this one compares at each place where the first byte fits. */
char *strstr(const char *s, const char *wanted) {
  if (!*wanted) return (char *)s;
  size_t length = strlen(wanted);
  while ((s = strchr(s, *wanted))) {
    if (strncmp(s, wanted, length) == 0) return (char *)s;
    s++;
  }
  return NULL;
}

size_t strspn(const char *s, const char *accepted) {
  size_t i = 0;
  while (s[i] && strchr(accepted, s[i])) i++;
  return i;
}

size_t strcspn(const char *s, const char *rejected) {
  size_t i = 0;
  while (s[i] && !strchr(rejected, s[i])) i++;
  return i;
}

char *strpbrk(const char *s, const char *accepted) {
  s += strcspn(s, accepted);
  return *s ? (char *)s : NULL;
}

char *strtok_r(char *restrict s, const char *restrict separators, char **restrict state) {
  if (s == NULL) s = *state;
  s += strspn(s, separators);
  *state = s;
  if (!*s) return NULL;
  char *end = s + strcspn(s, separators);
  *state = end;
  if (*end) {
    *end = 0;
    *state = end + 1;
  }
  return s;
}

char *strtok(char *restrict s, const char *restrict separators) {
  static char *state = "";
  return strtok_r(s, separators, &state);
}

char *strndup(const char *s, size_t size) {
  size_t length = strnlen(s, size);
  char *copy = malloc(length + 1);
  if (copy == NULL) return NULL;
  copy[length] = 0;
  return memcpy(copy, s, length);
}

char *strdup(const char *s) { return strndup(s, strlen(s)); }

char *strerror(int number) {
  switch (number) {
    case 0: return "Success";
    case 2: return "No such file or directory";
    case 5: return "Input/output error";
    case 9: return "Bad file descriptor";
    case 12: return "Cannot allocate memory";
    case 13: return "Permission denied";
    case 17: return "File exists";
    case 22: return "Invalid argument";
    case 24: return "Too many open files";
    case 29: return "Illegal seek";
    case 33: return "Numerical argument out of domain";
    case 34: return "Numerical result out of range";
    case 84: return "Invalid or incomplete multibyte or wide character";
    default: return "Unknown error";
  }
}

char *strsep(char **restrict s, const char *restrict separators) {
  char *start = *s;
  if (start == NULL) return NULL;
  char *end = start + strcspn(start, separators);
  *s = *end ? end + 1 : NULL;
  *end = 0;
  return start;
}

char *stpcpy(char *restrict to, const char *restrict from) {
  size_t length = strlen(from);
  memcpy(to, from, length + 1);
  return to + length;
}

void *memccpy(void *restrict to, const void *restrict from, int last, size_t size) {
  const char *end = memchr(from, last, size);
  size_t count = end == NULL ? size : (size_t)(end - (const char *)from) + 1;
  memcpy(to, from, count);
  return end == NULL ? NULL : (char *)to + count;
}
