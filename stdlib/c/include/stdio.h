/* Input and output (C99 7.19, and GNU's getline and asprintf): the standard streams, and files in memory over those of the
   function. */
#ifndef _STDIO_H
#define _STDIO_H
#include <stdarg.h>
#include <stddef.h>
#define EOF (-1)
#define BUFSIZ 1024
#define FOPEN_MAX 64
#define FILENAME_MAX 1024
#define L_tmpnam 32
#define TMP_MAX 1000000
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
typedef struct __file FILE;
typedef long fpos_t;
extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr
int printf(const char *restrict format, ...);
int fprintf(FILE *restrict file, const char *restrict format, ...);
int sprintf(char *restrict to, const char *restrict format, ...);
int snprintf(char *restrict to, size_t size, const char *restrict format, ...);
int vprintf(const char *restrict format, va_list list);
int vfprintf(FILE *restrict file, const char *restrict format, va_list list);
int vsprintf(char *restrict to, const char *restrict format, va_list list);
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list list);
int asprintf(char **restrict to, const char *restrict format, ...);
int vasprintf(char **restrict to, const char *restrict format, va_list list);
int scanf(const char *restrict format, ...);
int fscanf(FILE *restrict file, const char *restrict format, ...);
int sscanf(const char *restrict from, const char *restrict format, ...);
int vscanf(const char *restrict format, va_list list);
int vfscanf(FILE *restrict file, const char *restrict format, va_list list);
int vsscanf(const char *restrict from, const char *restrict format, va_list list);
int putchar(int c);
int putc(int c, FILE *file);
int fputc(int c, FILE *file);
int puts(const char *s);
int fputs(const char *restrict s, FILE *restrict file);
size_t fwrite(const void *restrict items, size_t size, size_t count, FILE *restrict file);
int getchar(void);
int getc(FILE *file);
int fgetc(FILE *file);
int ungetc(int c, FILE *file);
char *fgets(char *restrict to, int size, FILE *restrict file);
ptrdiff_t getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict file);
ptrdiff_t getline(char **restrict line, size_t *restrict size, FILE *restrict file);
size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file);
int fflush(FILE *file);
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);
void perror(const char *s);
FILE *fopen(const char *restrict name, const char *restrict mode);
FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict file);
FILE *tmpfile(void);
char *tmpnam(char *to);
int fclose(FILE *file);
int fseek(FILE *file, long distance, int origin);
long ftell(FILE *file);
void rewind(FILE *file);
int fgetpos(FILE *restrict file, fpos_t *restrict position);
int fsetpos(FILE *file, const fpos_t *position);
int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size);
void setbuf(FILE *restrict file, char *restrict buffer);
int remove(const char *name);
int rename(const char *old, const char *name);
#endif
