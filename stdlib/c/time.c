/* time.h over the clock syscall. */
#include <time.h>

time_t time(time_t *to) {
  time_t now = __syscall(long long, "clock", 0) / 1000000000;
  if (to != NULL) *to = now;
  return now;
}

int timespec_get(struct timespec *to, int base) {
  if (base != TIME_UTC) return 0;
  long long now = __syscall(long long, "clock", 0);
  *to = (struct timespec){now / 1000000000, now % 1000000000};
  return base;
}

clock_t clock(void) { return __syscall(long long, "clock", 1) / 1000; }
double difftime(time_t end, time_t start) { return end - start; }
