/* gazelle_json.h: writing. What does not fit is counted all the same. */
#include <gazelle_json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(gazelle_json_writer *writer, const char *text, size_t size) {
  if (writer->length + size < writer->size) memcpy(writer->to + writer->length, text, size);
  writer->length += size;
}

static void put_value(gazelle_json_writer *writer, const char *text, size_t size) {
  if (writer->needs_comma) put(writer, ",", 1);
  put(writer, text, size);
  writer->needs_comma = 1;
}

void gazelle_json_begin(gazelle_json_writer *writer, char *to, size_t size) {
  writer->to = to;
  writer->size = size;
  writer->length = 0;
  writer->needs_comma = 0;
}

void gazelle_json_open_object(gazelle_json_writer *writer) {
  put_value(writer, "{", 1);
  writer->needs_comma = 0;
}

void gazelle_json_open_list(gazelle_json_writer *writer) {
  put_value(writer, "[", 1);
  writer->needs_comma = 0;
}

void gazelle_json_close_object(gazelle_json_writer *writer) {
  put(writer, "}", 1);
  writer->needs_comma = 1;
}

void gazelle_json_close_list(gazelle_json_writer *writer) {
  put(writer, "]", 1);
  writer->needs_comma = 1;
}

void gazelle_json_write_bytes(gazelle_json_writer *writer, const char *text, size_t size) {
  size_t from = 0;
  put_value(writer, "\"", 1);
  for (size_t at = 0; at < size; at++) {
    unsigned char c = text[at];
    char escape[8];
    if (c >= 32 && c != '"' && c != '\\') continue;
    put(writer, text + from, at - from);
    from = at + 1;
    if (c == '"' || c == '\\') put(writer, (char[]){ '\\', c }, 2);
    else {
      static const char digits[] = "0123456789abcdef";
      memcpy(escape, "\\u00", 4);
      escape[4] = digits[c >> 4];
      escape[5] = digits[c & 15];
      put(writer, escape, 6);
    }
  }
  put(writer, text + from, size - from);
  put(writer, "\"", 1);
}

void gazelle_json_write_string(gazelle_json_writer *writer, const char *text) {
  gazelle_json_write_bytes(writer, text, strlen(text));
}

void gazelle_json_write_name(gazelle_json_writer *writer, const char *name) {
  gazelle_json_write_string(writer, name);
  put(writer, ":", 1);
  writer->needs_comma = 0;
}

void gazelle_json_write_integer(gazelle_json_writer *writer, long long value) {
  char digits[24];
  char *at = digits + sizeof digits;
  unsigned long long rest = value < 0 ? -(unsigned long long)value : value;
  do *--at = '0' + rest % 10;
  while (rest /= 10);
  if (value < 0) *--at = '-';
  put_value(writer, at, digits + sizeof digits - at);
}

void gazelle_json_write_number(gazelle_json_writer *writer, double value) {
  char text[32];
  int length;
  if (!isfinite(value)) {
    gazelle_json_write_null(writer);
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    length = snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  put_value(writer, text, length);
}

void gazelle_json_write_boolean(gazelle_json_writer *writer, int value) {
  put_value(writer, value ? "true" : "false", value ? 4 : 5);
}

void gazelle_json_write_null(gazelle_json_writer *writer) { put_value(writer, "null", 4); }

void gazelle_json_write_value(gazelle_json_writer *writer, gazelle_json value) {
  if (value.kind == GAZELLE_JSON_NONE) gazelle_json_write_null(writer);
  else put_value(writer, value.text, value.size);
}

int gazelle_json_end(gazelle_json_writer *writer) {
  if (writer->length >= writer->size) return -1;
  writer->to[writer->length] = 0;
  return writer->length;
}
