/* time.h's calendar: Gregorian, in UTC. */
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Days from 1970 to a day of `year`, whose months count from 0: inside, years begin in March, so leap days end them. */
static long long days_of(long long year, int month, int day) {
  year -= month < 2;
  long long era = (year >= 0 ? year : year - 399) / 400;
  int in_era = year - era * 400;
  int in_year = (153 * ((month + 10) % 12) + 2) / 5 + day - 1;
  return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

struct tm *gmtime_r(const time_t *restrict when, struct tm *restrict to) {
  long long days = *when / 86400, rest = *when % 86400;
  if (rest < 0) {
    rest += 86400;
    days--;
  }
  long long shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  int in_era = shifted - era * 146097;
  int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  int in_year = in_era - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
  long long full = era * 400 + year + (month >= 10);
  if (full - 1900 > 0x7fffffff || full - 1900 < -0x7fffffff) return NULL;
  to->tm_mday = in_year - (153 * month + 2) / 5 + 1;
  to->tm_mon = (month + 2) % 12;
  to->tm_year = full - 1900;
  to->tm_hour = rest / 3600;
  to->tm_min = rest / 60 % 60;
  to->tm_sec = rest % 60;
  to->tm_wday = (days % 7 + 11) % 7;
  to->tm_yday = days - days_of(full, 0, 1);
  to->tm_isdst = 0;
  return to;
}

static struct tm latest;

struct tm *localtime_r(const time_t *restrict when, struct tm *restrict to) { return gmtime_r(when, to); }
struct tm *gmtime(const time_t *when) { return gmtime_r(when, &latest); }
struct tm *localtime(const time_t *when) { return gmtime_r(when, &latest); }

time_t mktime(struct tm *from) {
  long long month = from->tm_mon % 12, year = 1900LL + from->tm_year + from->tm_mon / 12;
  if (month < 0) {
    month += 12;
    year--;
  }
  time_t when = (days_of(year, month, 1) + from->tm_mday - 1) * 86400;
  when += from->tm_hour * 3600LL + from->tm_min * 60LL + from->tm_sec;
  return gmtime_r(&when, from) == NULL ? -1 : when;
}

static const char days[][10] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char months[][10] = {"January", "February", "March",     "April",   "May",      "June",
                                  "July",    "August",   "September", "October", "November", "December"};

static const char *name_of(const char (*names)[10], int index, int count) {
  return index >= 0 && index < count ? names[index] : "?";
}

char *asctime(const struct tm *from) {
  static char text[64];
  snprintf(text, sizeof text, "%.3s %.3s%3d %.2d:%.2d:%.2d %d\n", name_of(days, from->tm_wday, 7),
           name_of(months, from->tm_mon, 12), from->tm_mday, from->tm_hour, from->tm_min, from->tm_sec,
           1900 + from->tm_year);
  return text;
}

char *ctime(const time_t *when) {
  struct tm *from = gmtime(when);
  return from == NULL ? NULL : asctime(from);
}

static int is_leap(long long year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/* The year and the number of the week by ISO 8601: weeks begin on Monday, the first has the year's first Thursday. */
static int iso_week(const struct tm *from, long long *year) {
  int weekday = (from->tm_wday + 6) % 7, week = (from->tm_yday - weekday + 10) / 7;
  *year = 1900LL + from->tm_year;
  if (week < 1) {
    --*year;
    return (from->tm_yday + 365 + is_leap(*year) - weekday + 10) / 7;
  }
  if (week == 53 && from->tm_yday - weekday + 3 >= 365 + is_leap(*year)) {
    ++*year;
    return 1;
  }
  return week;
}

/* One conversion of strftime: its length. */
static int convert(char *to, size_t size, char kind, const struct tm *t) {
  long long year = 1900LL + t->tm_year;
  switch (kind) {
    case 'a': return snprintf(to, size, "%.3s", name_of(days, t->tm_wday, 7));
    case 'A': return snprintf(to, size, "%s", name_of(days, t->tm_wday, 7));
    case 'b':
    case 'h': return snprintf(to, size, "%.3s", name_of(months, t->tm_mon, 12));
    case 'B': return snprintf(to, size, "%s", name_of(months, t->tm_mon, 12));
    case 'c': return strftime(to, size, "%a %b %e %H:%M:%S %Y", t);
    case 'C': return snprintf(to, size, "%02lld", year / 100);
    case 'd': return snprintf(to, size, "%02d", t->tm_mday);
    case 'D':
    case 'x': return strftime(to, size, "%m/%d/%y", t);
    case 'e': return snprintf(to, size, "%2d", t->tm_mday);
    case 'F': return strftime(to, size, "%Y-%m-%d", t);
    case 'g':
    case 'G':
    case 'V': {
      int week = iso_week(t, &year);
      if (kind == 'V') return snprintf(to, size, "%02d", week);
      return kind == 'G' ? snprintf(to, size, "%lld", year) : snprintf(to, size, "%02d", (int)(year % 100));
    }
    case 'H': return snprintf(to, size, "%02d", t->tm_hour);
    case 'I': return snprintf(to, size, "%02d", t->tm_hour % 12 == 0 ? 12 : t->tm_hour % 12);
    case 'j': return snprintf(to, size, "%03d", t->tm_yday + 1);
    case 'm': return snprintf(to, size, "%02d", t->tm_mon + 1);
    case 'M': return snprintf(to, size, "%02d", t->tm_min);
    case 'n': return snprintf(to, size, "\n");
    case 'p': return snprintf(to, size, t->tm_hour < 12 ? "AM" : "PM");
    case 'r': return strftime(to, size, "%I:%M:%S %p", t);
    case 'R': return strftime(to, size, "%H:%M", t);
    case 'S': return snprintf(to, size, "%02d", t->tm_sec);
    case 't': return snprintf(to, size, "\t");
    case 'T':
    case 'X': return strftime(to, size, "%H:%M:%S", t);
    case 'u': return snprintf(to, size, "%d", t->tm_wday == 0 ? 7 : t->tm_wday);
    case 'U': return snprintf(to, size, "%02d", (t->tm_yday + 7 - t->tm_wday) / 7);
    case 'w': return snprintf(to, size, "%d", t->tm_wday);
    case 'W': return snprintf(to, size, "%02d", (t->tm_yday + 7 - (t->tm_wday + 6) % 7) / 7);
    case 'y': return snprintf(to, size, "%02d", (int)(year % 100));
    case 'Y': return snprintf(to, size, "%lld", year);
    case 'z': return snprintf(to, size, "+0000");
    case 'Z': return snprintf(to, size, "UTC");
    case '%': return snprintf(to, size, "%%");
    default: return snprintf(to, size, "%%%c", kind);
  }
}

size_t strftime(char *restrict to, size_t size, const char *restrict format, const struct tm *restrict from) {
  size_t length = 0;
  for (; *format; format++) {
    char piece[128];
    int count = 1;
    piece[0] = *format;
    if (*format == '%' && format[1]) {
      format++;
      if ((*format == 'E' || *format == 'O') && format[1]) format++;
      count = convert(piece, sizeof piece, *format, from);
    }
    if (length + count >= size) return 0;
    memcpy(to + length, piece, count);
    length += count;
  }
  if (size > 0) to[length] = 0;
  return length;
}
