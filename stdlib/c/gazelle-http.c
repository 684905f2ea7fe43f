/* gazelle.h: HTTP. */
#include <gazelle.h>
#include <gazelle_json.h>
#include <stdlib.h>
#include <string.h>

/* The handle and status at the beginning of the last answer: {"handle":7,"status":200,... */
static int head(int length, int *status) {
  char text[48] = { 0 };
  char *at;
  int handle;
  if (length < 0) return GAZELLE_FAILED;
  gazelle_answer_read(0, text, sizeof text - 1);
  handle = strtol(text + strlen("{\"handle\":"), &at, 10);
  if (status != NULL) *status = strtol(at + strlen(",\"status\":"), NULL, 10);
  return handle;
}

int gazelle_http_request_json(const char *request, const void *body, size_t size, int *status) {
  return head(__syscall(int, "http_request", request, strlen(request), body, size), status);
}

int gazelle_http_request(const char *method, const char *url, const char *headers, const void *body, size_t size,
                         int *status) {
  gazelle_json_writer writer;
  gazelle_json given;
  int handle;
  size_t room = 6 * (strlen(method) + strlen(url)) + (headers == NULL ? 0 : strlen(headers)) + 64;
  char *request = malloc(room);
  if (request == NULL) return GAZELLE_FAILED;
  gazelle_json_begin(&writer, request, room);
  gazelle_json_open_object(&writer);
  gazelle_json_write_name(&writer, "method");
  gazelle_json_write_string(&writer, method);
  gazelle_json_write_name(&writer, "url");
  gazelle_json_write_string(&writer, url);
  if (headers != NULL) {
    given = gazelle_json_parse(headers, strlen(headers));
    gazelle_json_write_name(&writer, "headers");
    gazelle_json_write_value(&writer, given);
  }
  gazelle_json_close_object(&writer);
  gazelle_json_end(&writer);
  handle = gazelle_http_request_json(request, body, size, status);
  free(request);
  return handle;
}

int gazelle_http_open(const char *request) {
  int handle = __syscall(int, "http_open", request, strlen(request));
  return handle < 0 ? GAZELLE_FAILED : handle;
}

int gazelle_http_write(int handle, const void *from, size_t size) {
  int written = __syscall(int, "http_write", handle, from, size);
  return written < 0 ? GAZELLE_FAILED : written;
}

int gazelle_http_response(int handle, int *status) { return head(__syscall(int, "http_response", handle), status); }

int gazelle_http_read(int handle, void *to, size_t size) { return __syscall(int, "http_read", handle, to, size); }

void gazelle_http_close(int handle) { __syscall(void, "http_close", handle); }
