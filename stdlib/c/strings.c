/* strings.h. */
#include <strings.h>
#include <ctype.h>
#include <string.h>

int strncasecmp(const char *a, const char *b, size_t size) {
  for (; size > 0; size--, a++, b++) {
    int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);
    if (x != y || x == 0) return x - y;
  }
  return 0;
}

int strcasecmp(const char *a, const char *b) { return strncasecmp(a, b, (size_t)-1); }
int ffs(int value) { return value == 0 ? 0 : __intrinsic(int, "i32.ctz", value) + 1; }
void bzero(void *to, size_t size) { memset(to, 0, size); }
void bcopy(const void *from, void *to, size_t size) { memmove(to, from, size); }
int bcmp(const void *a, const void *b, size_t size) { return memcmp(a, b, size); }
char *index(const char *s, int c) { return strchr(s, c); }
char *rindex(const char *s, int c) { return strrchr(s, c); }
