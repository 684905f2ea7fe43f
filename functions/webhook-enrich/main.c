/* A webhook that enriches an event: asks a service for the customer whom the event names, and adds what it knows.
 * Argument: a JSON object with "service", the service's URL, and "event", an object with "customer", a number.
 * Value: the event with the customer in place of the number; unknown customers become null. Logs what it did. */
#include <gazelle.h>
#include <gazelle_json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXIMUM_BYTES 16384

static char body[MAXIMUM_BYTES], enriched[2 * MAXIMUM_BYTES];

static void fail(const char *message) {
  fprintf(stderr, "webhook-enrich: %s\n", message);
  exit(1);
}

/* The customer's record in `body`: its length, or -1 when there is none. */
static int fetch_customer(const char *service, long long customer) {
  char url[512];
  int handle, status, size, length = 0;
  if (snprintf(url, sizeof url, "%s/customers/%lld", service, customer) >= (int)sizeof url) fail("a URL that is too long");
  handle = gazelle_http_request("GET", url, "{\"accept\":\"application/json\"}", NULL, 0, &status);
  if (handle < 0) {
    gazelle_answer_read(0, body, sizeof body - 1);
    fail(body);
  }
  while ((size = gazelle_http_read(handle, body + length, sizeof body - length)) > 0) {
    length += size;
    if (length == sizeof body) fail("an answer that is too long");
  }
  if (size == GAZELLE_FAILED) fail("the answer broke off");
  return status == 200 ? length : -1;
}

static void log_outcome(long long customer, int is_known) {
  char fields[128];
  gazelle_json_writer writer;
  gazelle_json_begin(&writer, fields, sizeof fields);
  gazelle_json_open_object(&writer);
  gazelle_json_write_name(&writer, "customer");
  gazelle_json_write_integer(&writer, customer);
  gazelle_json_close_object(&writer);
  gazelle_json_end(&writer);
  gazelle_log(is_known ? GAZELLE_INFO : GAZELLE_WARN, is_known ? "enriched" : "unknown customer", fields);
}

int main(int argc, char **argv) {
  const char *text = argc > 1 ? argv[1] : "";
  char service[256];
  gazelle_json_writer writer;
  gazelle_json_iterator iterator = { 0 };
  gazelle_json argument, event, name, value, customer = { 0 };
  argument = gazelle_json_parse(text, strlen(text));
  event = gazelle_json_member(argument, "event");
  long long number = gazelle_json_integer(gazelle_json_member(event, "customer"), -1);
  if (gazelle_json_string(gazelle_json_member(argument, "service"), service, sizeof service) < 0) fail("no service");
  if (number < 0) fail("the event names no customer");

  int length = fetch_customer(service, number);
  if (length >= 0) customer = gazelle_json_parse(body, length);
  log_outcome(number, customer.kind == GAZELLE_JSON_OBJECT);

  gazelle_json_begin(&writer, enriched, sizeof enriched);
  gazelle_json_open_object(&writer);
  while (gazelle_json_next(event, &iterator, &name, &value)) {
    char member[256];
    gazelle_json_string(name, member, sizeof member);
    gazelle_json_write_name(&writer, member);
    gazelle_json_write_value(&writer, gazelle_json_equals(name, "customer") ? customer : value);
  }
  gazelle_json_close_object(&writer);
  if (gazelle_json_end(&writer) < 0) fail("an event that is too long");
  gazelle_result(enriched);
  return 0;
}
