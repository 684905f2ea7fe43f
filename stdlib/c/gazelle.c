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
int gazelle_answer_size(void) { return __syscall(int, "answer_size"); }
int gazelle_answer_read(int offset, void *to, size_t size) {
  int done = 0;
  do {
    int read = __syscall(int, "answer_read", offset + done, (char *)to + done, size - done);
    if (read < 0) return done == 0 ? -1 : done;
    if (read == 0) break;
    done += read;
  } while ((size_t)done < size);
  return done;
}

int gazelle_storage_get(const char *key, void *to, size_t size, long long *version) {
  long long found = __syscall(long long, "storage_get", key, strlen(key));
  if (version != NULL) *version = found < 0 ? 0 : found;
  if (found <= 0) return found < 0 ? GAZELLE_FAILED : GAZELLE_NONE;
  gazelle_answer_read(0, to, size);
  return gazelle_answer_size();
}
long long gazelle_storage_put(const char *key, const void *value, size_t size) {
  return __syscall(long long, "storage_put", key, strlen(key), value, size);
}
int gazelle_storage_delete(const char *key) {
  return __syscall(long long, "storage_delete", key, strlen(key));
}
long long gazelle_storage_compare_and_swap(const char *key, long long version, const void *value, size_t size) {
  return __syscall(long long, "storage_swap", key, strlen(key), version, value, size);
}
int gazelle_storage_compare_and_delete(const char *key, long long version) {
  return __syscall(long long, "storage_remove", key, strlen(key), version);
}
int gazelle_storage_list(const char *prefix, const char *after, int limit) {
  return __syscall(int, "storage_list", prefix, strlen(prefix), after, strlen(after), limit);
}

void gazelle_log(int level, const char *message, const char *fields) {
  if (fields == NULL) fields = "null";
  __syscall(void, "log", level, message, strlen(message), fields, strlen(fields));
}

int gazelle_invoke(const char *name, const char *argument) {
  if (argument == NULL) argument = "null";
  return __syscall(int, "invoke", name, strlen(name), argument, strlen(argument));
}

int gazelle_invoke_all(const char *calls) { return __syscall(int, "invoke_all", calls, strlen(calls)); }

void gazelle_result(const char *value) { __syscall(void, "result", value, strlen(value)); }
