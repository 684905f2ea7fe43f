/* wchar.h's streams: what goes through them is UTF-8, so wide and narrow output mix. Formats are those of printf and scanf;
   widths and precisions count bytes. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* `s` as UTF-8 in a block of its own; NULL with errno. */
static char *narrow(const wchar_t *s) {
  size_t size = wcstombs(NULL, s, 0);
  char *copy = size == (size_t)-1 ? NULL : malloc(size + 1);
  if (copy != NULL) wcstombs(copy, s, size + 1);
  return copy;
}

wint_t fputwc(wchar_t c, FILE *file) {
  char bytes[4];
  int length = wctomb(bytes, c);
  return length > 0 && fwrite(bytes, 1, length, file) == (size_t)length ? c : WEOF;
}

wint_t putwc(wchar_t c, FILE *file) { return fputwc(c, file); }
wint_t putwchar(wchar_t c) { return fputwc(c, stdout); }

int fputws(const wchar_t *restrict s, FILE *restrict file) {
  while (*s)
    if (fputwc(*s++, file) == WEOF) return -1;
  return 0;
}

wint_t fgetwc(FILE *file) {
  mbstate_t state = {0};
  for (;;) {
    int c = fgetc(file);
    if (c == EOF) return WEOF;
    char byte = c;
    wchar_t wide;
    size_t length = mbrtowc(&wide, &byte, 1, &state);
    if (length == (size_t)-1) return WEOF;
    if (length != (size_t)-2) return wide;
  }
}

wint_t getwc(FILE *file) { return fgetwc(file); }
wint_t getwchar(void) { return fgetwc(stdin); }

/* Only ASCII can be given back: one byte. */
wint_t ungetwc(wint_t c, FILE *file) { return c >= 0 && c < 0x80 && ungetc(c, file) != EOF ? c : WEOF; }

wchar_t *fgetws(wchar_t *restrict to, int size, FILE *restrict file) {
  int length = 0;
  while (length < size - 1) {
    wint_t c = fgetwc(file);
    if (c == WEOF) break;
    to[length++] = c;
    if (c == L'\n') break;
  }
  if (length == 0) return NULL;
  to[length] = 0;
  return to;
}

/* Streams have no orientation here. */
int fwide(FILE *file, int mode) { return mode; }

int vfwprintf(FILE *restrict file, const wchar_t *restrict format, va_list list) {
  char *plain = narrow(format);
  int count = plain == NULL ? -1 : vfprintf(file, plain, list);
  free(plain);
  return count;
}

int vwprintf(const wchar_t *restrict format, va_list list) { return vfwprintf(stdout, format, list); }

int vswprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, va_list list) {
  char *plain = narrow(format), *text = NULL;
  int length = plain == NULL ? -1 : vasprintf(&text, plain, list);
  free(plain);
  if (length < 0) return -1;
  size_t count = mbstowcs(to, text, size);
  free(text);
  if (count == size) {
    if (size > 0) to[size - 1] = 0;
    return -1;
  }
  return count;
}

int fwprintf(FILE *restrict file, const wchar_t *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int count = vfwprintf(file, format, list);
  va_end(list);
  return count;
}

int wprintf(const wchar_t *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int count = vfwprintf(stdout, format, list);
  va_end(list);
  return count;
}

int swprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int count = vswprintf(to, size, format, list);
  va_end(list);
  return count;
}

int vfwscanf(FILE *restrict file, const wchar_t *restrict format, va_list list) {
  char *plain = narrow(format);
  int count = plain == NULL ? EOF : vfscanf(file, plain, list);
  free(plain);
  return count;
}

int vswscanf(const wchar_t *restrict from, const wchar_t *restrict format, va_list list) {
  char *plain = narrow(format), *text = narrow(from);
  int count = plain == NULL || text == NULL ? EOF : vsscanf(text, plain, list);
  free(plain);
  free(text);
  return count;
}

int fwscanf(FILE *restrict file, const wchar_t *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int count = vfwscanf(file, format, list);
  va_end(list);
  return count;
}

int wscanf(const wchar_t *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int count = vfwscanf(stdin, format, list);
  va_end(list);
  return count;
}

int swscanf(const wchar_t *restrict from, const wchar_t *restrict format, ...) {
  va_list list;
  va_start(list, format);
  int count = vswscanf(from, format, list);
  va_end(list);
  return count;
}

/* --- numbers: what a number can consist of is ASCII, one byte a character --- */

#define NUMBER(type, name, plain, ...) \
  type name { \
    char *text = narrow(s), *stop; \
    if (text == NULL) return 0; \
    type value = plain(text, &stop __VA_OPT__(,) __VA_ARGS__); \
    if (end != NULL) *end = (wchar_t *)s + (stop - text); \
    free(text); \
    return value; \
  }

NUMBER(long, wcstol(const wchar_t *restrict s, wchar_t **restrict end, int base), strtol, base)
NUMBER(unsigned long, wcstoul(const wchar_t *restrict s, wchar_t **restrict end, int base), strtoul, base)
NUMBER(long long, wcstoll(const wchar_t *restrict s, wchar_t **restrict end, int base), strtoll, base)
NUMBER(unsigned long long, wcstoull(const wchar_t *restrict s, wchar_t **restrict end, int base), strtoull, base)
NUMBER(double, wcstod(const wchar_t *restrict s, wchar_t **restrict end), strtod)
NUMBER(float, wcstof(const wchar_t *restrict s, wchar_t **restrict end), strtof)
NUMBER(long double, wcstold(const wchar_t *restrict s, wchar_t **restrict end), strtold)
