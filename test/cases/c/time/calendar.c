// Calendar time, in UTC.
#include <stdio.h>
#include <time.h>

static void show(time_t when) {
  struct tm t = *gmtime(&when);
  char text[80];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %j %U %W %G-W%V-%u %I%p", &t);
  printf("%s %d\n", text, mktime(&t) == when);
}

int main(void) {
  show(0);
  // expect: 1970-01-01 00:00:00 Thu 001 00 00 1970-W01-4 12AM 1
  show(-1);
  // expect: 1969-12-31 23:59:59 Wed 365 52 52 1970-W01-3 11PM 1
  show(951782400);
  // expect: 2000-02-29 00:00:00 Tue 060 09 09 2000-W09-2 12AM 1
  show(1104537600);
  // expect: 2005-01-01 00:00:00 Sat 001 00 00 2004-W53-6 12AM 1
  show(1230768000 - 86400 * 2);
  // expect: 2008-12-30 00:00:00 Tue 365 52 52 2009-W01-2 12AM 1
  show(-2208988800LL);
  // expect: 1900-01-01 00:00:00 Mon 001 00 01 1900-W01-1 12AM 1
  show(253402300799);
  // expect: 9999-12-31 23:59:59 Fri 365 52 52 9999-W52-5 11PM 1
  struct tm odd = {.tm_year = 121, .tm_mon = 13, .tm_mday = -3, .tm_hour = 30, .tm_sec = -1};
  time_t when = mktime(&odd);
  printf("%lld %s", (long long)when, asctime(&odd));
  // expect: 1643435999 Sat Jan 29 05:59:59 2022
  char small[4];
  printf("%d %s", (int)strftime(small, sizeof small, "%Y", &odd), ctime(&(time_t){86399}));
  // expect: 0 Thu Jan  1 23:59:59 1970
  return 0;
}
