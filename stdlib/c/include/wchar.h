/* Wide characters (basics of C99 7.24): strings, and conversion from and to UTF-8. */
#ifndef _WCHAR_H
#define _WCHAR_H
#include <stddef.h>
#include <limits.h>
typedef int wint_t;
typedef struct { unsigned char count, bytes[3]; } mbstate_t;
#define WEOF (-1)
#define WCHAR_MIN INT_MIN
#define WCHAR_MAX INT_MAX
size_t wcslen(const wchar_t *s);
wchar_t *wcscpy(wchar_t *restrict to, const wchar_t *restrict from);
wchar_t *wcsncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t size);
wchar_t *wcscat(wchar_t *restrict to, const wchar_t *restrict from);
wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t size);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t size);
wchar_t *wcschr(const wchar_t *s, wchar_t c);
wchar_t *wcsrchr(const wchar_t *s, wchar_t c);
wchar_t *wcsstr(const wchar_t *s, const wchar_t *wanted);
size_t wcsspn(const wchar_t *s, const wchar_t *accepted);
size_t wcscspn(const wchar_t *s, const wchar_t *rejected);
wchar_t *wcspbrk(const wchar_t *s, const wchar_t *accepted);
wchar_t *wcstok(wchar_t *restrict s, const wchar_t *restrict separators, wchar_t **restrict state);
wchar_t *wmemcpy(wchar_t *restrict to, const wchar_t *restrict from, size_t count);
wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t count);
wchar_t *wmemset(wchar_t *to, wchar_t c, size_t count);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count);
wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t count);
size_t mbrtowc(wchar_t *restrict to, const char *restrict s, size_t size, mbstate_t *restrict state);
size_t wcrtomb(char *restrict to, wchar_t c, mbstate_t *restrict state);
size_t mbsrtowcs(wchar_t *restrict to, const char **restrict from, size_t size, mbstate_t *restrict state);
size_t wcsrtombs(char *restrict to, const wchar_t **restrict from, size_t size, mbstate_t *restrict state);
size_t mbrlen(const char *restrict s, size_t size, mbstate_t *restrict state);
int mbsinit(const mbstate_t *state);
wint_t btowc(int c);
int wctob(wint_t c);
#endif
