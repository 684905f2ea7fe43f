/* What Gazelle offers a function beyond standard C: the machine's syscalls. */
#ifndef _GAZELLE_H
#define _GAZELLE_H
#include <stddef.h>
/* Reads at most `size` bytes of stdin (stream 0): their number, or -1 at the end. */
int gazelle_read(int stream, void *to, size_t size);
/* Writes to stdout (1) or stderr (2): the number of bytes. */
int gazelle_write(int stream, const void *from, size_t size);
/* Number of text arguments, and the bytes of one from `offset` on: their number, or -1 when none are left. */
int gazelle_argument_count(void);
int gazelle_argument_read(int index, int offset, void *to, size_t size);
/* Nanoseconds since 1970 (clock 0) or since the start of the execution (clock 1). Needs `clock`. */
long long gazelle_clock(int clock);
/* Fills a block with random bytes. Needs `random`. */
int gazelle_random(void *to, size_t size);
/* Waits. Needs `sleep`. */
void gazelle_sleep(long long nanoseconds);
/* One of the function's files: its size, or -1 if there is none; bytes from `offset` on, or -1 at its end. */
int gazelle_file_size(const char *path);
int gazelle_file_read(const char *path, int offset, void *to, size_t size);
/* Calls a host function with a list of arguments in JSON: the length of the answer, also in JSON, or -1. */
int gazelle_call(const char *name, const char *arguments);
/* Bytes of the last answer from `offset` on: their number, or -1 when none are left. */
int gazelle_answer_read(int offset, void *to, size_t size);
#endif
