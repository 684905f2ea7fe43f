/* The printf family: one formatter, whose output goes to a stream or into a block. */
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include "stdio-file.h"

/* Where output goes: to `file`, or else into `buffer` as far as `capacity` allows. `count` is all there was. */
struct sink {
  FILE *file;
  char *buffer;
  size_t capacity;
  size_t count;
  int has_failed;
};

struct conversion {
  int left, plus, space, alternate, zero;
  int width;
  int precision; /* -1: none */
  int length;    /* 'H' for hh, 'h', 0, 'l', 'L' for ll */
  char type;
};

static void put(struct sink *sink, const char *from, size_t size) {
  if (sink->file != NULL) {
    if (size > 0 && __file_write(sink->file, from, size) != 0) sink->has_failed = 1;
  } else if (sink->count < sink->capacity) {
    size_t room = sink->capacity - sink->count;
    memcpy(sink->buffer + sink->count, from, size < room ? size : room);
  }
  sink->count += size;
}

static void pad(struct sink *sink, char c, int count) {
  char block[32];
  if (count <= 0) return;
  memset(block, c, count < 32 ? count : 32);
  for (; count > 32; count -= 32) put(sink, block, 32);
  put(sink, block, count);
}

/* A prefix (sign, 0x), zeros and the digits, in a field. */
static void put_number(struct sink *sink, struct conversion *c, const char *prefix, int zeros, const char *digits,
                       int length, int trailing_zeros) {
  int prefix_length = strlen(prefix);
  int room = c->width - prefix_length - zeros - length - trailing_zeros;
  if (!c->left && !c->zero) pad(sink, ' ', room);
  put(sink, prefix, prefix_length);
  if (!c->left && c->zero) pad(sink, '0', room);
  pad(sink, '0', zeros);
  put(sink, digits, length);
  pad(sink, '0', trailing_zeros);
  if (c->left) pad(sink, ' ', room);
}

/* Writes the digits of `value` in front of `end`; gives the first. */
static char *digits_of(unsigned long long value, unsigned base, int upper, char *end) {
  const char *letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  while (value > 0xffffffffu) {
    *--end = letters[value % base];
    value /= base;
  }
  for (unsigned rest = value; rest > 0; rest /= base) *--end = letters[rest % base];
  return end;
}

static void put_integer(struct sink *sink, struct conversion *c, unsigned long long value, int negative) {
  char buffer[24];
  char *end = buffer + sizeof buffer;
  unsigned base = c->type == 'o' ? 8 : c->type == 'x' || c->type == 'X' || c->type == 'p' ? 16 : 10;
  char *first = digits_of(value, base, c->type == 'X', end);
  int length = end - first;
  const char *prefix = "";
  if (c->type == 'd') prefix = negative ? "-" : c->plus ? "+" : c->space ? " " : "";
  else if (c->type == 'p' || (base == 16 && c->alternate && value != 0)) prefix = c->type == 'X' ? "0X" : "0x";
  int zeros = c->precision < 0 ? (length == 0) : c->precision - length;
  if (c->type == 'o' && c->alternate && zeros <= 0) zeros = 1;
  if (c->precision >= 0) c->zero = 0;
  put_number(sink, c, prefix, zeros > 0 ? zeros : 0, first, length, 0);
}

/* No double has more digits behind its point than this. */
#define MOST_DIGITS 1080

static void put_floating(struct sink *sink, struct conversion *c, double value) {
  char buffer[MOST_DIGITS + 340];
  int precision = c->precision > MOST_DIGITS ? MOST_DIGITS : c->precision;
  int length = __intrinsic(int, "c.format_double", buffer, value, c->type, precision, c->alternate);
  char *text = buffer;
  const char *prefix = c->plus ? "+" : c->space ? " " : "";
  if (*text == '-') {
    prefix = "-";
    text++;
    length--;
  }
  int is_finite = value - value == 0;
  int missing = 0;
  if (!is_finite) c->zero = 0;
  else if (c->precision > precision && (c->type | 32) == 'f') missing = c->precision - precision;
  char hexadecimal[4];
  if ((c->type | 32) == 'a' && is_finite) {
    /* Zeros of a field come between 0x and the digits. */
    hexadecimal[0] = 0;
    strcat(strcat(hexadecimal, prefix), c->type == 'a' ? "0x" : "0X");
    prefix = hexadecimal;
    text += 2;
    length -= 2;
  }
  put_number(sink, c, prefix, 0, text, length, missing);
}

static void put_string(struct sink *sink, struct conversion *c, const char *s) {
  if (s == NULL) s = "(null)";
  int length = c->precision < 0 ? strlen(s) : strnlen(s, c->precision);
  if (!c->left) pad(sink, ' ', c->width - length);
  put(sink, s, length);
  if (c->left) pad(sink, ' ', c->width - length);
}

/* UTF-8 of one wide character; gives its length. */
static int encode(char *to, unsigned c) {
  if (c < 0x80) {
    *to = c;
    return 1;
  }
  int length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (int i = length - 1; i > 0; i--, c >>= 6) to[i] = 0x80 | (c & 0x3f);
  to[0] = (0xf00 >> length) | c;
  return length;
}

/* A wide string as UTF-8: no more whole characters than the precision has bytes. */
static void put_wide_string(struct sink *sink, struct conversion *c, const wchar_t *s) {
  char bytes[4];
  int length = 0, count = 0;
  for (; s[count]; count++) {
    int size = encode(bytes, s[count]);
    if (c->precision >= 0 && length + size > c->precision) break;
    length += size;
  }
  if (!c->left) pad(sink, ' ', c->width - length);
  for (int i = 0; i < count; i++) put(sink, bytes, encode(bytes, s[i]));
  if (c->left) pad(sink, ' ', c->width - length);
}

static const char *parse_number(const char *format, int *value) {
  long long number = 0;
  for (; *format >= '0' && *format <= '9'; format++)
    if (number < 1000000000) number = number * 10 + (*format - '0');
  *value = number > 0x7fffffff ? 0x7fffffff : number;
  return format;
}

static const char *parse_flags(const char *format, struct conversion *c) {
  for (;; format++) {
    if (*format == '-') c->left = 1;
    else if (*format == '+') c->plus = 1;
    else if (*format == ' ') c->space = 1;
    else if (*format == '#') c->alternate = 1;
    else if (*format == '0') c->zero = 1;
    else return format;
  }
}

static const char *parse_length(const char *format, struct conversion *c) {
  c->length = 0;
  if (*format == 'h') {
    c->length = format[1] == 'h' ? 'H' : 'h';
    return format + (format[1] == 'h' ? 2 : 1);
  }
  if (*format == 'l') {
    c->length = format[1] == 'l' ? 'L' : 'l';
    return format + (format[1] == 'l' ? 2 : 1);
  }
  if (*format == 'j') c->length = 'L';
  else if (*format == 'z' || *format == 't') c->length = 'l';
  else if (*format != 'L') return format;
  return format + 1;
}

static void store_count(void *to, int length, int count) {
  if (length == 'H') *(signed char *)to = count;
  else if (length == 'h') *(short *)to = count;
  else if (length == 'L') *(long long *)to = count;
  else *(int *)to = count;
}

static int format_all(struct sink *sink, const char *format, va_list list) {
  for (;;) {
    const char *start = format;
    while (*format && *format != '%') format++;
    put(sink, start, format - start);
    if (!*format) break;
    start = format++;
    struct conversion c = {.precision = -1};
    format = parse_flags(format, &c);
    if (*format == '*') {
      c.width = va_arg(list, int);
      if (c.width < 0) {
        c.left = 1;
        c.width = -c.width;
      }
      format++;
    } else format = parse_number(format, &c.width);
    if (*format == '.') {
      format++;
      if (*format == '*') {
        c.precision = va_arg(list, int);
        if (c.precision < 0) c.precision = -1;
        format++;
      } else format = parse_number(format, &c.precision);
    }
    format = parse_length(format, &c);
    c.type = *format++;
    switch (c.type) {
      case 'd':
      case 'i': {
        long long value = c.length == 'L' ? va_arg(list, long long) : va_arg(list, int);
        if (c.length == 'H') value = (signed char)value;
        else if (c.length == 'h') value = (short)value;
        c.type = 'd';
        put_integer(sink, &c, value < 0 ? -(unsigned long long)value : value, value < 0);
        break;
      }
      case 'u':
      case 'o':
      case 'x':
      case 'X': {
        unsigned long long value = c.length == 'L' ? va_arg(list, unsigned long long) : va_arg(list, unsigned);
        if (c.length == 'H') value = (unsigned char)value;
        else if (c.length == 'h') value = (unsigned short)value;
        put_integer(sink, &c, value, 0);
        break;
      }
      case 'p':
        put_integer(sink, &c, (uintptr_t)va_arg(list, void *), 0);
        break;
      case 'c': {
        int value = va_arg(list, int), length = 1;
        char bytes[4] = {value};
        if (c.length == 'l') length = encode(bytes, value);
        if (!c.left) pad(sink, ' ', c.width - length);
        put(sink, bytes, length);
        if (c.left) pad(sink, ' ', c.width - length);
        break;
      }
      case 's':
        if (c.length == 'l') {
          const wchar_t *wide = va_arg(list, const wchar_t *);
          put_wide_string(sink, &c, wide == NULL ? L"(null)" : wide);
        } else put_string(sink, &c, va_arg(list, const char *));
        break;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        put_floating(sink, &c, va_arg(list, double));
        break;
      case 'n':
        store_count(va_arg(list, void *), c.length, sink->count);
        break;
      case '%':
        put(sink, "%", 1);
        break;
      case 0:
        /* A lone % at the end is text. */
        put(sink, start, format - 1 - start);
        format--;
        break;
      default:
        put(sink, start, format - start);
    }
  }
  return sink->has_failed ? -1 : (int)sink->count;
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list list) {
  struct sink sink = {.file = file};
  return format_all(&sink, format, list);
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list list) {
  struct sink sink = {.buffer = to, .capacity = size};
  int count = format_all(&sink, format, list);
  if (size > 0) to[sink.count < size ? sink.count : size - 1] = 0;
  return count;
}

int vprintf(const char *restrict format, va_list list) { return vfprintf(stdout, format, list); }
int vsprintf(char *restrict to, const char *restrict format, va_list list) {
  return vsnprintf(to, 0x7fffffff, format, list);
}

int printf(const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vfprintf(stdout, format, list);
}

int fprintf(FILE *restrict file, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vfprintf(file, format, list);
}

int sprintf(char *restrict to, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vsprintf(to, format, list);
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  return vsnprintf(to, size, format, list);
}
