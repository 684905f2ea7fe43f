/* gazelle_json.h: reading. A value is checked once, when the text is parsed; afterwards its parts are only passed over. */
#include <errno.h>
#include <gazelle_json.h>
#include <stdlib.h>
#include <string.h>

#define MAXIMUM_DEPTH 128

static const gazelle_json none = { GAZELLE_JSON_NONE, NULL, 0 };

static const char *skip(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
  return at;
}

static int is_digit(const char *at, const char *end) { return at < end && *at >= '0' && *at <= '9'; }

static int hexadecimal(const char *at, const char *end) {
  int value = 0;
  if (end - at < 4) return -1;
  for (int i = 0; i < 4; i++) {
    char c = at[i] | 32;
    if (at[i] >= '0' && at[i] <= '9') value = value * 16 + (at[i] - '0');
    else if (c >= 'a' && c <= 'f') value = value * 16 + (c - 'a' + 10);
    else return -1;
  }
  return value;
}

/* Behind the string whose quote is at `at`; NULL if it is none. */
static const char *pass_string(const char *at, const char *end) {
  for (at++; at < end && *at != '"'; at++) {
    if ((unsigned char)*at < 32) return NULL;
    if (*at != '\\') continue;
    if (++at == end) return NULL;
    if (*at == 'u') {
      if (hexadecimal(at + 1, end) < 0) return NULL;
      at += 4;
    } else if (*at == 0 || strchr("\"\\/bfnrt", *at) == NULL) return NULL;
  }
  return at < end ? at + 1 : NULL;
}

static const char *pass_digits(const char *at, const char *end) {
  if (!is_digit(at, end)) return NULL;
  while (is_digit(at, end)) at++;
  return at;
}

static const char *pass_number(const char *at, const char *end) {
  if (at < end && *at == '-') at++;
  if (at < end && *at == '0') at++;
  else at = pass_digits(at, end);
  if (at != NULL && at < end && *at == '.') at = pass_digits(at + 1, end);
  if (at == NULL || at == end || (*at | 32) != 'e') return at;
  at++;
  if (at < end && (*at == '+' || *at == '-')) at++;
  return pass_digits(at, end);
}

static const char *pass_scalar(const char *at, const char *end) {
  if (at == end) return NULL;
  if (*at == '"') return pass_string(at, end);
  if (end - at >= 4 && (memcmp(at, "true", 4) == 0 || memcmp(at, "null", 4) == 0)) return at + 4;
  if (end - at >= 5 && memcmp(at, "false", 5) == 0) return at + 5;
  return pass_number(at, end);
}

/* Behind a name and its colon. */
static const char *pass_name(const char *at, const char *end) {
  at = skip(at, end);
  if (at == end || *at != '"') return NULL;
  at = pass_string(at, end);
  if (at == NULL) return NULL;
  at = skip(at, end);
  return at < end && *at == ':' ? at + 1 : NULL;
}

/* Behind the value at `at`; NULL if it is none. */
static const char *pass_value(const char *at, const char *end) {
  char closers[MAXIMUM_DEPTH];
  int depth = 0;
  for (;;) {
    at = skip(at, end);
    if (at < end && (*at == '[' || *at == '{')) {
      if (depth == MAXIMUM_DEPTH) return NULL;
      closers[depth++] = *at == '[' ? ']' : '}';
      at = skip(at + 1, end);
      if (at == end) return NULL;
      if (*at != closers[depth - 1]) {
        if (closers[depth - 1] == '}' && (at = pass_name(at, end)) == NULL) return NULL;
        continue;
      }
    } else {
      at = pass_scalar(at, end);
      if (at == NULL) return NULL;
      if (depth == 0) return at;
      at = skip(at, end);
      if (at == end) return NULL;
    }
    /* Behind a value of a container, at what follows; or at the end of an empty one. */
    while (*at == closers[depth - 1]) {
      at++;
      if (--depth == 0) return at;
      at = skip(at, end);
      if (at == end) return NULL;
    }
    if (*at != ',') return NULL;
    at++;
    if (closers[depth - 1] == '}' && (at = pass_name(at, end)) == NULL) return NULL;
  }
}

static gazelle_json value_at(const char *at, const char *behind) {
  gazelle_json value = { GAZELLE_JSON_NUMBER, at, behind - at };
  switch (*at) {
    case '{': value.kind = GAZELLE_JSON_OBJECT; break;
    case '[': value.kind = GAZELLE_JSON_LIST; break;
    case '"': value.kind = GAZELLE_JSON_STRING; break;
    case 'n': value.kind = GAZELLE_JSON_NULL; break;
    case 't':
    case 'f': value.kind = GAZELLE_JSON_BOOLEAN; break;
  }
  return value;
}

gazelle_json gazelle_json_parse(const char *text, size_t size) {
  const char *end = text + size;
  const char *at = skip(text, end);
  const char *behind = pass_value(at, end);
  if (behind == NULL || skip(behind, end) != end) return none;
  return value_at(at, behind);
}

int gazelle_json_next(gazelle_json container, gazelle_json_iterator *iterator, gazelle_json *name, gazelle_json *value) {
  int is_object = container.kind == GAZELLE_JSON_OBJECT;
  if (!is_object && container.kind != GAZELLE_JSON_LIST) return 0;
  const char *end = container.text + container.size;
  /* Behind the bracket at first, later behind a value, where a comma is or the end. */
  const char *at = skip(container.text + (iterator->position == 0 ? 1 : iterator->position), end);
  if (at < end && *at == ',') at = skip(at + 1, end);
  if (at >= end || *at == ']' || *at == '}') return 0;
  if (is_object) {
    const char *behind = pass_string(at, end);
    if (name != NULL) *name = value_at(at, behind);
    at = skip(skip(behind, end) + 1, end);
  } else if (name != NULL) *name = none;
  const char *behind = pass_value(at, end);
  if (behind == NULL) return 0;
  if (value != NULL) *value = value_at(at, behind);
  iterator->position = behind - container.text;
  return 1;
}

gazelle_json gazelle_json_member(gazelle_json object, const char *wanted) {
  gazelle_json_iterator iterator = { 0 };
  gazelle_json name, value;
  if (object.kind != GAZELLE_JSON_OBJECT) return none;
  while (gazelle_json_next(object, &iterator, &name, &value))
    if (gazelle_json_equals(name, wanted)) return value;
  return none;
}

gazelle_json gazelle_json_element(gazelle_json list, size_t index) {
  gazelle_json_iterator iterator = { 0 };
  gazelle_json value;
  if (list.kind != GAZELLE_JSON_LIST) return none;
  while (gazelle_json_next(list, &iterator, NULL, &value))
    if (index-- == 0) return value;
  return none;
}

size_t gazelle_json_count(gazelle_json container) {
  gazelle_json_iterator iterator = { 0 };
  size_t count = 0;
  while (gazelle_json_next(container, &iterator, NULL, NULL)) count++;
  return count;
}

/* A numeral ends where strtod must: behind the text may be anything, a digit too. */
double gazelle_json_number(gazelle_json value, double otherwise) {
  char *copy;
  char room[64];
  double number;
  if (value.kind != GAZELLE_JSON_NUMBER) return otherwise;
  copy = value.size < sizeof room ? room : malloc(value.size + 1);
  if (copy == NULL) return otherwise;
  memcpy(copy, value.text, value.size);
  copy[value.size] = 0;
  number = strtod(copy, NULL);
  if (copy != room) free(copy);
  return number;
}

long long gazelle_json_integer(gazelle_json value, long long otherwise) {
  char copy[24];
  char *end;
  long long number;
  int before = errno;
  if (value.kind != GAZELLE_JSON_NUMBER || value.size >= sizeof copy) return otherwise;
  memcpy(copy, value.text, value.size);
  copy[value.size] = 0;
  errno = 0;
  number = strtoll(copy, &end, 10);
  if (errno != 0 || *end != 0) number = otherwise;
  errno = before;
  return number;
}

int gazelle_json_boolean(gazelle_json value, int otherwise) {
  return value.kind == GAZELLE_JSON_BOOLEAN ? value.text[0] == 't' : otherwise;
}

/* The character that the escape sequence at `*at` stands for; half of a surrogate pair is no character. */
static unsigned unescape(const char **at, const char *end) {
  static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
  const char *letter;
  unsigned code, low;
  char c = (*at)[1];
  *at += 2;
  if (c != 'u') {
    letter = strchr(letters, c);
    return letter != NULL ? (unsigned char)controls[letter - letters] : (unsigned char)c;
  }
  code = hexadecimal(*at, end);
  *at += 4;
  if (code < 0xd800 || code > 0xdfff) return code;
  if (code > 0xdbff || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') return 0xfffd;
  low = hexadecimal(*at + 2, end);
  if (low < 0xdc00 || low > 0xdfff) return 0xfffd;
  *at += 6;
  return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}

static int encode(unsigned code, char *to) {
  if (code < 0x80) return to[0] = code, 1;
  if (code < 0x800) return to[0] = 0xc0 | code >> 6, to[1] = 0x80 | (code & 63), 2;
  if (code < 0x10000)
    return to[0] = 0xe0 | code >> 12, to[1] = 0x80 | (code >> 6 & 63), to[2] = 0x80 | (code & 63), 3;
  to[0] = 0xf0 | code >> 18;
  to[1] = 0x80 | (code >> 12 & 63);
  to[2] = 0x80 | (code >> 6 & 63);
  to[3] = 0x80 | (code & 63);
  return 4;
}

int gazelle_json_string(gazelle_json value, char *to, size_t size) {
  size_t length = 0;
  if (value.kind != GAZELLE_JSON_STRING) return -1;
  const char *end = value.text + value.size - 1;
  for (const char *at = value.text + 1; at < end;) {
    char bytes[4];
    int count = 1;
    if (*at == '\\') count = encode(unescape(&at, end), bytes);
    else bytes[0] = *at++;
    for (int i = 0; i < count; i++, length++)
      if (length + 1 < size) to[length] = bytes[i];
  }
  if (size > 0) to[length < size ? length : size - 1] = 0;
  return length;
}

int gazelle_json_equals(gazelle_json value, const char *text) {
  if (value.kind != GAZELLE_JSON_STRING) return 0;
  const char *end = value.text + value.size - 1;
  for (const char *at = value.text + 1; at < end;) {
    char bytes[4];
    int count = 1;
    if (*at == '\\') count = encode(unescape(&at, end), bytes);
    else bytes[0] = *at++;
    for (int i = 0; i < count; i++)
      if (*text == 0 || *text++ != bytes[i]) return 0;
  }
  return *text == 0;
}
