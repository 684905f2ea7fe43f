/* locale.h. */
#include <locale.h>
#include <limits.h>
#include <string.h>

char *setlocale(int category, const char *name) {
  if (name == NULL || *name == 0 || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0) return "C";
  return NULL;
}

struct lconv *localeconv(void) {
  static struct lconv c = {".", "",       "",       "",       "",       "",       "",       "",       "",
                           "",  CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX};
  return &c;
}
