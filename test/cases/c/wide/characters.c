// Wide characters and UTF-8.
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

int main(void) {
  setlocale(LC_ALL, "");
  wchar_t s[] = L"a\u00e9\u20ac\U0001F600";
  for (wchar_t *p = s; *p; p++) printf("%X ", (unsigned)*p);
  printf("%zu\n", wcslen(s));
  // expect: 61 E9 20AC 1F600 4
  char bytes[32];
  size_t length = wcstombs(bytes, s, sizeof bytes);
  printf("%zu %s %d\n", length, bytes, (int)strlen(bytes));
  // expect: 10 aé€😀 10
  wchar_t back[10];
  printf("%zu %d\n", mbstowcs(back, bytes, 10), wcscmp(s, back));
  // expect: 4 0
  printf("%d %d %d\n", mblen(bytes + 1, 4), mblen("\xff", 1), (int)mbstowcs(back, "\xc3(", 5));
  // expect: 2 -1 -1
  mbstate_t state = {0};
  wchar_t wide;
  int first = mbrtowc(&wide, bytes + 3, 1, &state);
  int second = mbrtowc(&wide, bytes + 4, 2, &state);
  printf("%d %d %x\n", first, second, wide);
  // expect: -2 2 20ac
  printf("[%ls] [%6.3ls] [%-3lc]\n", s, s, L'\u00e9');
  // expect: [aé€😀] [   aé] [é ]
  wchar_t text[20] = L"one";
  wcscat(text, L",two");
  wchar_t *rest, *token = wcstok(text, L",", &rest);
  printf("%ls %ls %d %d\n", token, wcstok(NULL, L",", &rest), wcsncmp(L"abc", L"abd", 3), iswalpha(L'x') != 0);
  // expect: one two -1 1
  printf("%d %d %ls\n", (int)(wcschr(s, 0xe9) - s), wcsstr(L"xyz", L"yz") != NULL, wmemset(text, L'-', 3));
  // expect: 1 1 ---
  return 0;
}
