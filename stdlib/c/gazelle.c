/* gazelle.h: the syscalls, as they are. */
#include <gazelle.h>
#include <string.h>

int gazelle_read(int stream, void *to, size_t size) { return __syscall(int, "read", stream, to, size); }
int gazelle_write(int stream, const void *from, size_t size) { return __syscall(int, "write", stream, from, size); }
int gazelle_argument_count(void) { return __syscall(int, "argument_count"); }
int gazelle_argument_read(int index, int offset, void *to, size_t size) {
  return __syscall(int, "argument_read", index, offset, to, size);
}
long long gazelle_clock(int clock) { return __syscall(long long, "clock", clock); }
int gazelle_random(void *to, size_t size) { return __syscall(int, "random", to, size); }
void gazelle_sleep(long long nanoseconds) { __syscall(void, "sleep", nanoseconds); }
int gazelle_file_size(const char *path) { return __syscall(int, "file_size", path, strlen(path)); }
int gazelle_file_read(const char *path, int offset, void *to, size_t size) {
  return __syscall(int, "file_read", path, strlen(path), offset, to, size);
}
int gazelle_call(const char *name, const char *arguments) {
  return __syscall(int, "host_call", name, strlen(name), arguments, strlen(arguments));
}
int gazelle_answer_read(int offset, void *to, size_t size) { return __syscall(int, "answer_read", offset, to, size); }
