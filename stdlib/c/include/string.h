/* Strings and blocks of memory (C99 7.21, and POSIX's memccpy, stpcpy, strdup, strnlen, strsep, strtok_r). */
#ifndef _STRING_H
#define _STRING_H
#include <stddef.h>
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *block, int value, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t size);
char *strcpy(char *restrict to, const char *restrict from);
char *strncpy(char *restrict to, const char *restrict from, size_t size);
char *strcat(char *restrict to, const char *restrict from);
char *strncat(char *restrict to, const char *restrict from, size_t size);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
int strcoll(const char *a, const char *b);
size_t strxfrm(char *restrict to, const char *restrict from, size_t size);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *wanted);
size_t strspn(const char *s, const char *accepted);
size_t strcspn(const char *s, const char *rejected);
char *strpbrk(const char *s, const char *accepted);
char *strtok(char *restrict s, const char *restrict separators);
char *strtok_r(char *restrict s, const char *restrict separators, char **restrict state);
char *strdup(const char *s);
char *strndup(const char *s, size_t size);
char *strsep(char **restrict s, const char *restrict separators);
char *stpcpy(char *restrict to, const char *restrict from);
void *memccpy(void *restrict to, const void *restrict from, int last, size_t size);
char *strerror(int number);
#endif
