/* wchar.h, wctype.h, and stdlib.h's conversions: wide characters are code points, multibyte ones UTF-8. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* --- strings --- */

size_t wcslen(const wchar_t *s) {
  const wchar_t *p = s;
  while (*p) p++;
  return p - s;
}

wchar_t *wmemcpy(wchar_t *restrict to, const wchar_t *restrict from, size_t count) {
  return memcpy(to, from, count * sizeof(wchar_t));
}

wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t count) { return memmove(to, from, count * sizeof(wchar_t)); }

wchar_t *wmemset(wchar_t *to, wchar_t c, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = c;
  return to;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (s[i] == c) return (wchar_t *)s + i;
  return NULL;
}

wchar_t *wcscpy(wchar_t *restrict to, const wchar_t *restrict from) { return wmemcpy(to, from, wcslen(from) + 1); }

wchar_t *wcsncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t size) {
  size_t i = 0;
  for (; i < size && from[i]; i++) to[i] = from[i];
  wmemset(to + i, 0, size - i);
  return to;
}

wchar_t *wcscat(wchar_t *restrict to, const wchar_t *restrict from) {
  wcscpy(to + wcslen(to), from);
  return to;
}

wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t size) {
  wchar_t *p = to + wcslen(to);
  for (; size > 0 && *from; size--) *p++ = *from++;
  *p = 0;
  return to;
}

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t size) {
  for (; size > 0; size--, a++, b++)
    if (*a != *b || !*a) return *a < *b ? -1 : *a > *b;
  return 0;
}

int wcscmp(const wchar_t *a, const wchar_t *b) { return wcsncmp(a, b, (size_t)-1); }

int wcscoll(const wchar_t *a, const wchar_t *b) { return wcscmp(a, b); }

size_t wcsxfrm(wchar_t *restrict to, const wchar_t *restrict from, size_t size) {
  size_t length = wcslen(from);
  if (size > 0) {
    wcsncpy(to, from, size - 1);
    to[length < size ? length : size - 1] = 0;
  }
  return length;
}

wchar_t *wcsdup(const wchar_t *s) {
  size_t size = (wcslen(s) + 1) * sizeof *s;
  wchar_t *copy = malloc(size);
  return copy == NULL ? NULL : memcpy(copy, s, size);
}

wchar_t *wcschr(const wchar_t *s, wchar_t c) {
  for (; *s != c; s++)
    if (!*s) return NULL;
  return (wchar_t *)s;
}

wchar_t *wcsrchr(const wchar_t *s, wchar_t c) {
  const wchar_t *found = NULL;
  for (;; s++) {
    if (*s == c) found = s;
    if (!*s) return (wchar_t *)found;
  }
}

wchar_t *wcsstr(const wchar_t *s, const wchar_t *wanted) {
  size_t length = wcslen(wanted);
  for (;; s++) {
    if (wcsncmp(s, wanted, length) == 0) return (wchar_t *)s;
    if (!*s) return NULL;
  }
}

size_t wcsspn(const wchar_t *s, const wchar_t *accepted) {
  size_t i = 0;
  while (s[i] && wcschr(accepted, s[i])) i++;
  return i;
}

size_t wcscspn(const wchar_t *s, const wchar_t *rejected) {
  size_t i = 0;
  while (s[i] && !wcschr(rejected, s[i])) i++;
  return i;
}

wchar_t *wcspbrk(const wchar_t *s, const wchar_t *accepted) {
  s += wcscspn(s, accepted);
  return *s ? (wchar_t *)s : NULL;
}

wchar_t *wcstok(wchar_t *restrict s, const wchar_t *restrict separators, wchar_t **restrict state) {
  if (s == NULL) s = *state;
  s += wcsspn(s, separators);
  *state = s;
  if (!*s) return NULL;
  wchar_t *end = s + wcscspn(s, separators);
  *state = end;
  if (*end) {
    *end = 0;
    *state = end + 1;
  }
  return s;
}

/* --- UTF-8 --- */

static int fail(void) {
  errno = EILSEQ;
  return -1;
}

/* The bytes of the character at `s`: 0 for the end of the string, -1 for no character, -2 when it is cut off. */
static int decode(wchar_t *to, const char *s, size_t size) {
  const unsigned char *p = (const unsigned char *)s;
  if (size == 0) return -2;
  wchar_t c = *p;
  int length = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
  if (length == 0) return fail();
  if (length > 1) c &= 0x7f >> length;
  for (int i = 1; i < length; i++) {
    if (i == size) return -2;
    if ((p[i] & 0xc0) != 0x80) return fail();
    c = c << 6 | (p[i] & 0x3f);
  }
  if ((length == 3 && c < 0x800) || (length == 4 && c < 0x10000) || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
    return fail();
  if (to != NULL) *to = c;
  return c == 0 ? 0 : length;
}

int wctomb(char *to, wchar_t c) {
  if (to == NULL) return 0;
  if (c < 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return fail();
  if (c < 0x80) {
    *to = c;
    return 1;
  }
  int length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (int i = length - 1; i > 0; i--, c >>= 6) to[i] = 0x80 | (c & 0x3f);
  to[0] = (0xf00 >> length) | c;
  return length;
}

int mbtowc(wchar_t *restrict to, const char *restrict s, size_t size) {
  if (s == NULL) return 0;
  int length = decode(to, s, size);
  return length == -2 ? fail() : length;
}

int mblen(const char *s, size_t size) { return mbtowc(NULL, s, size); }

size_t mbsrtowcs(wchar_t *restrict to, const char **restrict from, size_t size, mbstate_t *restrict state) {
  const char *s = *from;
  size_t count = 0;
  for (;; count++) {
    if (to != NULL && count == size) break;
    wchar_t c;
    int length = decode(&c, s, 4);
    if (length < 0) return (size_t)fail();
    if (to != NULL) to[count] = c;
    if (length == 0) {
      s = NULL;
      break;
    }
    s += length;
  }
  if (to != NULL) *from = s;
  return count;
}

size_t wcsrtombs(char *restrict to, const wchar_t **restrict from, size_t size, mbstate_t *restrict state) {
  const wchar_t *s = *from;
  size_t count = 0;
  for (;; s++) {
    char bytes[4];
    int length = wctomb(bytes, *s);
    if (length < 0) return (size_t)-1;
    if (to != NULL && count + length > size) break;
    if (to != NULL) memcpy(to + count, bytes, length);
    if (*s == 0) {
      s = NULL;
      break;
    }
    count += length;
  }
  if (to != NULL) *from = s;
  return count;
}

size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t size) {
  return mbsrtowcs(to, &from, size, NULL);
}

size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t size) {
  return wcsrtombs(to, &from, size, NULL);
}

size_t mbrtowc(wchar_t *restrict to, const char *restrict s, size_t size, mbstate_t *restrict state) {
  static mbstate_t own;
  if (state == NULL) state = &own;
  if (s == NULL) return mbrtowc(NULL, "", 1, state);
  /* What was cut off before comes first. */
  char bytes[4];
  size_t before = state->count, length = before;
  memcpy(bytes, state->bytes, before);
  for (size_t i = 0; i < size && length < 4; i++) bytes[length++] = s[i];
  int used = decode(to, bytes, length);
  state->count = 0;
  if (used == -1) return (size_t)-1;
  if (used >= 0) return used == 0 ? 0 : used - before;
  if (length > 3) return (size_t)fail();
  memcpy(state->bytes, bytes, length);
  state->count = length;
  return (size_t)-2;
}

size_t mbrlen(const char *restrict s, size_t size, mbstate_t *restrict state) {
  static mbstate_t own;
  return mbrtowc(NULL, s, size, state == NULL ? &own : state);
}

size_t wcrtomb(char *restrict to, wchar_t c, mbstate_t *restrict state) { return to == NULL ? 1 : wctomb(to, c); }
int mbsinit(const mbstate_t *state) { return state == NULL || state->count == 0; }
wint_t btowc(int c) { return c >= 0 && c < 0x80 ? c : WEOF; }
int wctob(wint_t c) { return c >= 0 && c < 0x80 ? c : -1; }

/* --- kinds --- */

int iswalnum(wint_t c) { return isalnum(c); }
int iswalpha(wint_t c) { return isalpha(c); }
int iswblank(wint_t c) { return isblank(c); }
int iswcntrl(wint_t c) { return iscntrl(c); }
int iswdigit(wint_t c) { return isdigit(c); }
int iswgraph(wint_t c) { return isgraph(c) || c > 0x9f; }
int iswlower(wint_t c) { return islower(c); }
int iswprint(wint_t c) { return isprint(c) || c > 0x9f; }
int iswpunct(wint_t c) { return ispunct(c); }
int iswspace(wint_t c) { return isspace(c); }
int iswupper(wint_t c) { return isupper(c); }
int iswxdigit(wint_t c) { return isxdigit(c); }
wint_t towlower(wint_t c) { return tolower(c); }
wint_t towupper(wint_t c) { return toupper(c); }
