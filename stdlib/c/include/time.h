/* Time (C99 7.23), in UTC; the clock must be granted to the function. */
#ifndef _TIME_H
#define _TIME_H
#include <stddef.h>
typedef long long time_t;
typedef long long clock_t;
#define CLOCKS_PER_SEC 1000000LL
time_t time(time_t *to);
clock_t clock(void);
double difftime(time_t end, time_t start);
struct tm {
  int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
struct timespec {
  time_t tv_sec;
  long tv_nsec;
};
#define TIME_UTC 1
int timespec_get(struct timespec *to, int base);
struct tm *gmtime(const time_t *when);
struct tm *localtime(const time_t *when);
struct tm *gmtime_r(const time_t *restrict when, struct tm *restrict to);
struct tm *localtime_r(const time_t *restrict when, struct tm *restrict to);
time_t mktime(struct tm *from);
char *asctime(const struct tm *from);
char *ctime(const time_t *when);
size_t strftime(char *restrict to, size_t size, const char *restrict format, const struct tm *restrict from);
#endif
