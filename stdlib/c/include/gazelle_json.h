/* JSON text: a reader that needs no memory of its own, and a writer into a buffer. */
#ifndef _GAZELLE_JSON_H
#define _GAZELLE_JSON_H
#include <stddef.h>

/* What a value is. */
enum gazelle_json_kind {
  GAZELLE_JSON_NONE, /* there is no such value, or the text is no JSON */
  GAZELLE_JSON_NULL,
  GAZELLE_JSON_BOOLEAN,
  GAZELLE_JSON_NUMBER,
  GAZELLE_JSON_STRING,
  GAZELLE_JSON_LIST,
  GAZELLE_JSON_OBJECT
};

/* A value: a part of the text, which must stay as it is while the value is used. */
typedef struct {
  enum gazelle_json_kind kind;
  const char *text;
  size_t size;
} gazelle_json;

/* The value of a whole JSON text, checked to its end; of kind GAZELLE_JSON_NONE if it is none, or nested over 128 deep. */
gazelle_json gazelle_json_parse(const char *text, size_t size);
/* A member of an object by its name, the first of that name; an element of a list by its index from 0 on. GAZELLE_JSON_NONE when
   there is none. Both look through the value from its beginning. */
gazelle_json gazelle_json_member(gazelle_json object, const char *name);
gazelle_json gazelle_json_element(gazelle_json list, size_t index);
/* The elements of a list or the members of an object one after the other: begin with an iterator of zeros (`{0}`). 1 while there
   is one. `name` is the member's name, a string; both may be NULL. */
typedef struct {
  size_t position;
} gazelle_json_iterator;
int gazelle_json_next(gazelle_json container, gazelle_json_iterator *iterator, gazelle_json *name, gazelle_json *value);
/* How many elements or members there are. */
size_t gazelle_json_count(gazelle_json container);
/* A value as what it should be; `otherwise` when it is something else. Numbers are rounded correctly; an integer is one without
   a fraction and an exponent that fits into a long long. */
double gazelle_json_number(gazelle_json value, double otherwise);
long long gazelle_json_integer(gazelle_json value, long long otherwise);
int gazelle_json_boolean(gazelle_json value, int otherwise);
/* The characters of a string in UTF-8 with a zero behind them, as many as fit into `size`: how many there are in all, or -1 when it
   is no string. */
int gazelle_json_string(gazelle_json value, char *to, size_t size);
/* Whether it is the string `text`. */
int gazelle_json_equals(gazelle_json value, const char *text);

/* A text that is being written. */
typedef struct {
  char *to;
  size_t size;
  size_t length; /* as if everything fitted */
  int needs_comma;
} gazelle_json_writer;

/* Begins a text in a buffer. Commas and colons come by themselves; that brackets match and names stand in objects is the caller's
   part. */
void gazelle_json_begin(gazelle_json_writer *writer, char *to, size_t size);
void gazelle_json_open_object(gazelle_json_writer *writer);
void gazelle_json_close_object(gazelle_json_writer *writer);
void gazelle_json_open_list(gazelle_json_writer *writer);
void gazelle_json_close_list(gazelle_json_writer *writer);
/* The name of the member that comes next. */
void gazelle_json_write_name(gazelle_json_writer *writer, const char *name);
void gazelle_json_write_string(gazelle_json_writer *writer, const char *text);
void gazelle_json_write_bytes(gazelle_json_writer *writer, const char *text, size_t size);
void gazelle_json_write_integer(gazelle_json_writer *writer, long long value);
/* The shortest of 15 to 17 digits that reads back as the same number; null for infinities and NaN. */
void gazelle_json_write_number(gazelle_json_writer *writer, double value);
void gazelle_json_write_boolean(gazelle_json_writer *writer, int value);
void gazelle_json_write_null(gazelle_json_writer *writer);
/* A value that was read, or any other JSON text, as it is. */
void gazelle_json_write_value(gazelle_json_writer *writer, gazelle_json value);
/* Puts a zero behind the text: its length, or -1 when it did not fit. */
int gazelle_json_end(gazelle_json_writer *writer);
#endif
