/* Wide characters (C99 7.24): strings, streams, and conversion from and to UTF-8. */
#ifndef _WCHAR_H
#define _WCHAR_H
#include <stddef.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
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
int wcscoll(const wchar_t *a, const wchar_t *b);
size_t wcsxfrm(wchar_t *restrict to, const wchar_t *restrict from, size_t size);
wchar_t *wcsdup(const wchar_t *s);
long wcstol(const wchar_t *restrict s, wchar_t **restrict end, int base);
unsigned long wcstoul(const wchar_t *restrict s, wchar_t **restrict end, int base);
long long wcstoll(const wchar_t *restrict s, wchar_t **restrict end, int base);
unsigned long long wcstoull(const wchar_t *restrict s, wchar_t **restrict end, int base);
double wcstod(const wchar_t *restrict s, wchar_t **restrict end);
float wcstof(const wchar_t *restrict s, wchar_t **restrict end);
long double wcstold(const wchar_t *restrict s, wchar_t **restrict end);
wint_t fgetwc(FILE *file);
wint_t getwc(FILE *file);
wint_t getwchar(void);
wint_t ungetwc(wint_t c, FILE *file);
wchar_t *fgetws(wchar_t *restrict to, int size, FILE *restrict file);
wint_t fputwc(wchar_t c, FILE *file);
wint_t putwc(wchar_t c, FILE *file);
wint_t putwchar(wchar_t c);
int fputws(const wchar_t *restrict s, FILE *restrict file);
int fwide(FILE *file, int mode);
int wprintf(const wchar_t *restrict format, ...);
int fwprintf(FILE *restrict file, const wchar_t *restrict format, ...);
int swprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, ...);
int vwprintf(const wchar_t *restrict format, va_list list);
int vfwprintf(FILE *restrict file, const wchar_t *restrict format, va_list list);
int vswprintf(wchar_t *restrict to, size_t size, const wchar_t *restrict format, va_list list);
int wscanf(const wchar_t *restrict format, ...);
int fwscanf(FILE *restrict file, const wchar_t *restrict format, ...);
int swscanf(const wchar_t *restrict from, const wchar_t *restrict format, ...);
int vfwscanf(FILE *restrict file, const wchar_t *restrict format, va_list list);
int vswscanf(const wchar_t *restrict from, const wchar_t *restrict format, va_list list);
#endif
