/* The scanf family: one scanner, whose characters come from a stream or a string. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where input comes from: `file`, or else `text`. `count` is how much was taken. */
struct source {
  FILE *file;
  const char *text;
  int count;
};

/* The next character, which stays; EOF at the end. */
static int peek(struct source *source) {
  if (source->file == NULL) return *source->text ? (unsigned char)*source->text : EOF;
  int c = getc(source->file);
  if (c != EOF) ungetc(c, source->file);
  return c;
}

static void take(struct source *source) {
  source->count++;
  if (source->file == NULL) source->text++;
  else getc(source->file);
}

static void skip_spaces(struct source *source) {
  while (isspace(peek(source))) take(source);
}

struct field {
  int is_skipped;
  int width;  /* 0: none */
  int length; /* 'H' for hh, 'h', 0, 'l', 'L' for 64 bits and long double */
  char type;
};

/* Longer numbers are cut: no double needs more digits to be told from its neighbours. */
#define MOST_CHARACTERS 1100

/* The characters of a number as they come. */
struct text {
  char bytes[MOST_CHARACTERS];
  int length, limit;
};

/* Takes the next character if it is in `wanted`, whatever its case. */
static int accept(struct source *source, struct text *text, const char *wanted) {
  if (text->length >= text->limit) return 0;
  int c = peek(source);
  if (c == EOF || !strchr(wanted, tolower(c))) return 0;
  take(source);
  text->bytes[text->length++] = c;
  text->bytes[text->length] = 0;
  return 1;
}

static int accept_digits(struct source *source, struct text *text, const char *digits) {
  int count = 0;
  while (accept(source, text, digits)) count++;
  return count;
}

static void start_text(struct text *text, int width) {
  text->length = 0;
  text->bytes[0] = 0;
  text->limit = width > 0 && width < MOST_CHARACTERS ? width : MOST_CHARACTERS - 1;
}

static int scan_integer(struct source *source, struct field *field, int base, unsigned long long *value) {
  static const char digits[] = "0123456789abcdef";
  char allowed[sizeof digits];
  struct text text;
  start_text(&text, field->width);
  accept(source, &text, "+-");
  int count = 0;
  if ((base == 0 || base == 16) && accept(source, &text, "0")) {
    count = 1;
    if (accept(source, &text, "x")) {
      base = 16;
      count = 0;
    } else if (base == 0) base = 8;
  }
  if (base == 0) base = 10;
  strcpy(allowed, digits);
  allowed[base] = 0;
  count += accept_digits(source, &text, allowed);
  if (count == 0) return 0;
  int is_signed = field->type == 'd' || field->type == 'i';
  *value = is_signed ? (unsigned long long)strtoll(text.bytes, NULL, base) : strtoull(text.bytes, NULL, base);
  return 1;
}

static int accept_word(struct source *source, struct text *text, const char *word) {
  for (; *word; word++) {
    char one[2] = {*word, 0};
    if (!accept(source, text, one)) return 0;
  }
  return 1;
}

static int scan_floating(struct source *source, struct field *field, struct text *text) {
  start_text(text, field->width);
  accept(source, text, "+-");
  if (accept(source, text, "n")) return accept_word(source, text, "an");
  if (accept(source, text, "i")) {
    if (!accept_word(source, text, "nf")) return 0;
    return !accept(source, text, "i") || accept_word(source, text, "nity");
  }
  const char *digits = "0123456789";
  int count = 0, is_hexadecimal = 0;
  if (accept(source, text, "0")) {
    count = 1;
    if (accept(source, text, "x")) {
      is_hexadecimal = 1;
      digits = "0123456789abcdef";
      count = 0;
    }
  }
  count += accept_digits(source, text, digits);
  if (accept(source, text, ".")) count += accept_digits(source, text, digits);
  if (count == 0) return 0;
  if (!accept(source, text, is_hexadecimal ? "p" : "e")) return 1;
  accept(source, text, "+-");
  return accept_digits(source, text, "0123456789") > 0;
}

static void store_integer(void *to, int length, unsigned long long value) {
  if (length == 'H') *(char *)to = value;
  else if (length == 'h') *(short *)to = value;
  else if (length == 'L') *(long long *)to = value;
  else *(int *)to = value;
}

/* Puts one byte, or a wide character that it begins, where a string goes. */
static char *store_character(struct source *source, char *to, int is_wide) {
  int c = peek(source);
  take(source);
  if (to == NULL) return NULL;
  if (!is_wide) {
    *to = c;
    return to + 1;
  }
  int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
  wchar_t wide = more == 0 ? c : c & (0x3f >> more);
  for (; more > 0 && (peek(source) & 0xc0) == 0x80; more--) {
    wide = wide << 6 | (peek(source) & 0x3f);
    take(source);
  }
  *(wchar_t *)to = wide;
  return to + sizeof(wchar_t);
}

/* The characters of %[...]: fills `set`, and gives what comes behind. */
static const char *parse_set(const char *format, unsigned char *set) {
  int is_negated = *format == '^';
  if (is_negated) format++;
  memset(set, is_negated, 256);
  const char *first = format;
  for (; *format && (*format != ']' || format == first); format++) {
    unsigned char from = *format, to = from;
    if (format[1] == '-' && format[2] && format[2] != ']') {
      to = format[2];
      format += 2;
    }
    for (int c = from; c <= to; c++) set[c] = !is_negated;
  }
  return *format ? format + 1 : format;
}

static const char *parse_length(const char *format, struct field *field) {
  field->length = 0;
  if (*format == 'h' || *format == 'l') {
    int is_double = format[1] == *format;
    field->length = !is_double ? *format : *format == 'h' ? 'H' : 'L';
    return format + 1 + is_double;
  }
  if (*format == 'j' || *format == 'L') field->length = 'L';
  else if (*format == 'z' || *format == 't') field->length = 'l';
  else return format;
  return format + 1;
}

static int scan_all(struct source *source, const char *format, va_list list) {
  int done = 0;
  for (; *format;) {
    if (isspace((unsigned char)*format)) {
      format++;
      skip_spaces(source);
      continue;
    }
    if (*format != '%') {
      int c = peek(source);
      if (c != (unsigned char)*format) return c == EOF && done == 0 ? EOF : done;
      take(source);
      format++;
      continue;
    }
    struct field field = {0};
    format++;
    if (*format == '*') {
      field.is_skipped = 1;
      format++;
    }
    for (; isdigit((unsigned char)*format); format++)
      if (field.width < 100000000) field.width = field.width * 10 + (*format - '0');
    format = parse_length(format, &field);
    field.type = *format++;
    unsigned char set[256];
    if (field.type == '[') format = parse_set(format, set);
    else if (field.type != 'c' && field.type != 'n') skip_spaces(source);
    if (field.type == 0) return done;
    if (field.type == 'n') {
      if (!field.is_skipped) store_integer(va_arg(list, void *), field.length, source->count);
      continue;
    }
    if (peek(source) == EOF) return done == 0 ? EOF : done;
    void *to = field.is_skipped || field.type == '%' ? NULL : va_arg(list, void *);
    switch (field.type) {
      case '%':
        if (peek(source) != '%') return done;
        take(source);
        continue;
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
      case 'p': {
        unsigned long long value;
        int base = field.type == 'i' ? 0 : field.type == 'o' ? 8 : field.type == 'd' || field.type == 'u' ? 10 : 16;
        if (!scan_integer(source, &field, base, &value)) return done;
        if (to != NULL) store_integer(to, field.length, value);
        break;
      }
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        struct text text;
        if (!scan_floating(source, &field, &text)) return done;
        if (to == NULL) break;
        if (field.length == 0) *(float *)to = strtof(text.bytes, NULL);
        else *(double *)to = strtod(text.bytes, NULL);
        break;
      }
      case 'c': {
        char *next = to;
        int left = field.width > 0 ? field.width : 1;
        for (; left > 0 && peek(source) != EOF; left--) next = store_character(source, next, field.length == 'l');
        if (left > 0) return done;
        break;
      }
      case 's':
      case '[': {
        char *next = to;
        int count = 0;
        for (int left = field.width > 0 ? field.width : 0x7fffffff; left > 0; left--, count++) {
          int c = peek(source);
          if (c == EOF || (field.type == 's' ? isspace(c) : !set[c])) break;
          next = store_character(source, next, field.length == 'l');
        }
        if (count == 0) return done;
        if (to == NULL) break;
        if (field.length == 'l') *(wchar_t *)next = 0;
        else *next = 0;
        break;
      }
      default:
        return done;
    }
    if (!field.is_skipped) done++;
  }
  return done;
}

int vfscanf(FILE *restrict file, const char *restrict format, va_list list) {
  struct source source = {.file = file};
  return scan_all(&source, format, list);
}

int vsscanf(const char *restrict from, const char *restrict format, va_list list) {
  struct source source = {.text = from};
  return scan_all(&source, format, list);
}

int vscanf(const char *restrict format, va_list list) { return vfscanf(stdin, format, list); }

int scanf(const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vfscanf(stdin, format, list);
}

int fscanf(FILE *restrict file, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vfscanf(file, format, list);
}

int sscanf(const char *restrict from, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vsscanf(from, format, list);
}
