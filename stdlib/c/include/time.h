/* Time (part of C99 7.23); the clock must be granted to the function. */
#ifndef _TIME_H
#define _TIME_H
#include <stddef.h>
typedef long long time_t;
typedef long long clock_t;
#define CLOCKS_PER_SEC 1000000LL
time_t time(time_t *to);
clock_t clock(void);
double difftime(time_t end, time_t start);
#endif
