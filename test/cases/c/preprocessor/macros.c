// Macros at work: X macros, variadic ones, conditions, stringizing, __LINE__.
#include <stdio.h>
#define COLOURS(X) X(RED, 1) X(GREEN, 2) X(BLUE, 4)
#define ENUM(name, value) name = value,
#define CASE(name, value) case name: return #name;
#define COUNT(...) COUNT_(__VA_ARGS__, 5, 4, 3, 2, 1)
#define COUNT_(a, b, c, d, e, n, ...) n
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define STRING(x) #x
#define XSTRING(x) STRING(x)
#define JOIN(a, b) a##b
#define SWAP(type, a, b) do { type t = a; a = b; b = t; } while (0)
#define LOG(format, ...) printf("%d: " format "\n", __LINE__, ##__VA_ARGS__)

enum colour { COLOURS(ENUM) };

static const char *name_of(enum colour c) {
  switch (c) { COLOURS(CASE) }
  return "?";
}

#if defined(__STDC__) && __STDC_VERSION__ >= 199901L
#define STANDARD 1
#else
#define STANDARD 0
#endif

int main(void) {
  int JOIN(val, ue) = MAX(3, 4), other = 1;
  SWAP(int, value, other);
  printf("%s %s %d\n", name_of(GREEN), name_of(BLUE), COUNT(a, b, c));
  printf("%d %d %s %s\n", value, other, STRING(a + "b"), XSTRING(COUNT(x)));
  LOG("plain");
  LOG("%d %s", 5, "args");
  printf("%d %s\n", STANDARD, __func__);
#undef MAX
#ifdef MAX
  puts("still there");
#elif 0
  puts("never");
#else
  puts("gone");
#endif
  return 0;
}

// expect: GREEN BLUE 3
// expect: 1 4 a + "b" 1
// expect: 33: plain
// expect: 34: 5 args
// expect: 1 main
// expect: gone
