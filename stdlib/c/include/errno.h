/* Error numbers (C99 7.5). */
#ifndef _ERRNO_H
#define _ERRNO_H
extern int errno;
#define ENOENT 2
#define EIO 5
#define EBADF 9
#define ENOMEM 12
#define EACCES 13
#define EEXIST 17
#define EINVAL 22
#define EMFILE 24
#define ESPIPE 29
#define EDOM 33
#define ERANGE 34
#define EILSEQ 84
#endif
