// Variable arguments of all kinds, passed on, copied, and read twice.
#include <stdarg.h>
#include <stdio.h>

struct pair { int a; double b; };

static double sum(const char *kinds, ...) {
  va_list list;
  double total = 0;
  va_start(list, kinds);
  for (; *kinds; kinds++) {
    switch (*kinds) {
      case 'i': total += va_arg(list, int); break;
      case 'd': total += va_arg(list, double); break;
      case 'l': total += va_arg(list, long long); break;
      case 's': total += *va_arg(list, char *); break;
      case 'p': { struct pair p = va_arg(list, struct pair); total += p.a * p.b; break; }
    }
  }
  va_end(list);
  return total;
}

static int twice(int count, ...) {
  va_list first, second;
  int total = 0;
  va_start(first, count);
  va_copy(second, first);
  for (int i = 0; i < count; i++) total += va_arg(first, int);
  for (int i = 0; i < count; i++) total += 10 * va_arg(second, int);
  va_end(first);
  va_end(second);
  return total;
}

static void log_line(const char *format, ...) {
  char line[100];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(line, sizeof line, format, list);
  va_end(list);
  printf("[%s] %d\n", line, length);
}

int main(void) {
  char c = 'x';
  float f = 2.5f;
  struct pair p = {3, 1.5};
  printf("%g\n", sum("idlsp", 1, 2.5, 10000000000LL, "A", p));
  printf("%g\n", sum("iid", c, (short)-1, f));
  printf("%g %d %d\n", sum(""), twice(3, 1, 2, 3), twice(0));
  log_line("%s=%d", "answer", 42);
  log_line("none");
  printf("%d %s %c %g %lld %u\n", -1, "two", '3', 4.5, 5LL, 6u);
  return 0;
}

// expect: 1e+10
// expect: 121.5
// expect: 0 66 0
// expect: [answer=42] 9
// expect: [none] 4
// expect: -1 two 3 4.5 5 6
