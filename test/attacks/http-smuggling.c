/* Hostile: says headers that are not its own, and splits others.
 * Expected: error trap.aborted
 * Grants: { "capabilities": ["http"], "http": { "allow": [{ "host": "127.0.0.1", "port": 7433 }], "privateAddresses": ["127.0.0.1:7433"] } } */
#include <gazelle.h>
#include <stdlib.h>
#include <string.h>
static const char *headers[] = {
  "{\"Host\":\"internal\"}", "{\"content-length\":\"0\"}", "{\"Transfer-Encoding\":\"chunked\"}",
  "{\"Connection\":\"upgrade\"}", "{\"a\":\"b\\r\\nHost: internal\"}", "{\"a\\nb\":\"c\"}", "{\"\":\"c\"}",
};
int main(void) {
  for (unsigned i = 0; i < sizeof headers / sizeof *headers; i++) {
    char message[20] = { 0 };
    if (gazelle_http_request("GET", "http://127.0.0.1:7433/", headers[i], NULL, 0, NULL) >= 0) return 1;
    gazelle_answer_read(0, message, sizeof message - 1);
    if (strncmp(message, "\"http.request:", 14) != 0) return 2;
  }
  abort();
}
