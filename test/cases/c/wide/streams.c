// Wide streams, formats and numbers, and uchar.h: everything goes through as UTF-8.
#include <stdio.h>
#include <stdlib.h>
#include <uchar.h>
#include <wchar.h>

int main(void) {
  wprintf(L"%ls %d %s\n", L"h\u00e9", 7, "plain"); // expect: hé 7 plain
  fputws(L"\u20ac\n", stdout);                     // expect: €
  putwchar(L'x');
  putwc(L'\n', stdout); // expect: x
  wchar_t text[16];
  printf("%d ", swprintf(text, 16, L"%05.1f|%lc", 2.25, L'\u00e9'));
  printf("%ls ", text);
  printf("%d\n", swprintf(text, 4, L"%s", "long")); // expect: 7 002.2|é -1
  wchar_t *end;
  printf("%ld %g ", wcstol(L" -12z", &end, 10), wcstod(L"0x1p4", NULL));
  printf("%lc\n", *end); // expect: -12 16 z
  int a;
  float f;
  printf("%d ", swscanf(L"17 2.5", L"%d %f", &a, &f));
  printf("%d %g\n", a, f); // expect: 2 17 2.5
  wint_t c = getwchar(); // stdin: ñandú
  wchar_t line[16];
  fgetws(line, 16, stdin);
  printf("%#x %zu %#x\n", c, wcslen(line), line[3]); // expect: 0xf1 4 0xfa
  char32_t wide;
  char16_t half;
  printf("%zu %#x ", mbrtoc32(&wide, "\xf0\x9f\x98\x80", 4, NULL), wide);
  printf("%zd\n", (ptrdiff_t)mbrtoc16(&half, "\xf0\x9f\x98\x80", 4, NULL)); // expect: 4 0x1f600 -1
  char bytes[5] = "";
  printf("%zu ", c32rtomb(bytes, U'\u20ac', NULL));
  puts(bytes); // expect: 3 €
  wchar_t *copy = wcsdup(L"copy");
  printf("%ls %d\n", copy, wcscoll(copy, L"cord") < 0); // expect: copy 1
}
