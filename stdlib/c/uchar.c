/* uchar.h over wchar.h's conversions. */
#include <errno.h>
#include <uchar.h>

size_t mbrtoc32(char32_t *restrict to, const char *restrict s, size_t size, mbstate_t *restrict state) {
  static mbstate_t own;
  wchar_t c;
  size_t length = mbrtowc(&c, s, size, state == NULL ? &own : state);
  if (to != NULL && length <= 4) *to = c;
  return length;
}

size_t mbrtoc16(char16_t *restrict to, const char *restrict s, size_t size, mbstate_t *restrict state) {
  static mbstate_t own;
  char32_t c = 0;
  size_t length = mbrtoc32(&c, s, size, state == NULL ? &own : state);
  if (c > 0xffff) {
    errno = EILSEQ;
    return (size_t)-1;
  }
  if (to != NULL && length <= 4) *to = c;
  return length;
}

size_t c32rtomb(char *restrict to, char32_t c, mbstate_t *restrict state) { return wcrtomb(to, c, state); }
size_t c16rtomb(char *restrict to, char16_t c, mbstate_t *restrict state) { return wcrtomb(to, c, state); }
