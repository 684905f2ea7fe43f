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
/* The last answer: its size in bytes; bytes from `offset` on: their number, or -1 when none are left. When a call says that
   it has failed, the message, as JSON text, is the last answer. */
int gazelle_answer_size(void);
int gazelle_answer_read(int offset, void *to, size_t size);

/* Calls a function of the same tenant with an argument in JSON (NULL: none), and waits for it: the length of its value in JSON,
   the last answer; or -1. Needs `invoke`, and a deployment that lists the name. */
int gazelle_invoke(const char *name, const char *argument);
/* Calls several at once (64 at most), [["name", argument], ...] in JSON: the length of the answer, a list of {"value": ...} or
   {"error": "message"} in the same order; or -1. */
int gazelle_invoke_all(const char *calls);
/* The execution's value, in JSON, in place of the exit code. The last one counts. */
void gazelle_result(const char *value);

/* A record beside the streams: a level, a message, and fields as the text of a JSON object (gazelle_json.h), or NULL. */
enum gazelle_level { GAZELLE_DEBUG, GAZELLE_INFO, GAZELLE_WARN, GAZELLE_ERROR };
void gazelle_log(int level, const char *message, const char *fields);

/* What calls answer that have found nothing, and that have failed. */
#define GAZELLE_NONE (-1)
#define GAZELLE_FAILED (-2)

/* The key-value storage of the function's tenant. Needs `storage`. Keys are strings of 1 to 512 bytes, values have at most
   1 MiB. Each value has a version, above 0, that no other value ever has. */
/* The value under a key: its size (bytes beyond `size` are not stored), or GAZELLE_NONE, or GAZELLE_FAILED. `version` may be
   NULL; it becomes 0 when there is none. */
int gazelle_storage_get(const char *key, void *to, size_t size, long long *version);
/* Puts a value under a key: its version, or -1 when it failed. */
long long gazelle_storage_put(const char *key, const void *value, size_t size);
/* Removes a key: 1 when it was there, 0 when it was not, or -1. */
int gazelle_storage_delete(const char *key);
/* The same if the version is still that, where 0 says that there is none: the new version; 0 when it is another, or -1. */
long long gazelle_storage_compare_and_swap(const char *key, long long version, const void *value, size_t size);
/* Removes a key if its version is still that: 1; 0 when it is another, or -1. */
int gazelle_storage_compare_and_delete(const char *key, long long version);
/* At most `limit` keys (1000 at most) with a prefix and behind the key `after`, in order, as a JSON list of strings: the
   length of the answer, or -1. An empty list: there are no more. */
int gazelle_storage_list(const char *prefix, const char *after, int limit);

/* HTTP. Needs `http`, and an allow-list that names host, port and method. `headers` is the text of a JSON object of names and
   values, or NULL; `status` becomes the response's status, and may be NULL. */
/* Sends a request with its body (NULL and 0: none): a handle above 0 when the response is there, or GAZELLE_FAILED. The last answer
   is then its head: {"handle":...,"status":...,"url":...,"headers":{...}}. Redirections are not followed. */
int gazelle_http_request(const char *method, const char *url, const char *headers, const void *body, size_t size,
                         int *status);
/* The same, all in JSON: {"method":...,"url":...,"headers":{...},"redirect":"follow","timeoutMs":...}. */
int gazelle_http_request_json(const char *request, const void *body, size_t size, int *status);
/* The same with a body in pieces: begins it, a handle or GAZELLE_FAILED; sends a piece, `size` or GAZELLE_FAILED; ends it and waits
   for the response, the handle or GAZELLE_FAILED. */
int gazelle_http_open(const char *request);
int gazelle_http_write(int handle, const void *from, size_t size);
int gazelle_http_response(int handle, int *status);
/* Bytes of the response's body, at least one: their number; -1 at its end, which closes it; or GAZELLE_FAILED. */
int gazelle_http_read(int handle, void *to, size_t size);
/* Ends a request, whatever has come of it. */
void gazelle_http_close(int handle);
#endif
