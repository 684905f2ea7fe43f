/* Smooths the readings of a sensor: prints for each the average of the last few, and marks outliers.
 * Argument: how many readings to average, 1 to 1000. Reads numbers from stdin, separated by white space, and prints a
 * line "READING AVERAGE" each, with " outlier" after it when a full window's readings before it lie more than three
 * standard deviations away. Exit code: 0, or 1 for input that is no number (after the lines before), or 2 for a bad
 * argument. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LARGEST_WINDOW 1000
#define TOKEN_BYTES 64

struct window {
  double readings[LARGEST_WINDOW];
  int size, count, next;
};

/* Reads the next word into `token`, cut off at its size; returns 0 at the end of the input. */
static int read_token(char *token) {
  int length = 0, c = getchar();
  while (c != EOF && isspace(c)) c = getchar();
  for (; c != EOF && !isspace(c); c = getchar())
    if (length < TOKEN_BYTES - 1) token[length++] = (char)c;
  token[length] = '\0';
  return length > 0;
}

static void add(struct window *window, double reading) {
  window->readings[window->next] = reading;
  window->next = (window->next + 1) % window->size;
  if (window->count < window->size) window->count++;
}

/* Sums anew each time instead of keeping a running sum, whose rounding errors would add up. */
static double average(const struct window *window) {
  double sum = 0;
  for (int i = 0; i < window->count; i++) sum += window->readings[i];
  return sum / window->count;
}

static double deviation(const struct window *window, double mean) {
  double sum = 0;
  for (int i = 0; i < window->count; i++) {
    double difference = window->readings[i] - mean;
    sum += difference * difference;
  }
  return sqrt(sum / window->count);
}

static int is_outlier(const struct window *window, double reading) {
  if (window->count < window->size) return 0;
  double mean = average(window);
  return fabs(reading - mean) > 3 * deviation(window, mean);
}

int main(int argc, char **argv) {
  static struct window window;
  window.size = argc > 1 ? atoi(argv[1]) : 0;
  if (window.size < 1 || window.size > LARGEST_WINDOW) {
    fprintf(stderr, "usage: moving-average READINGS, 1 to %d\n", LARGEST_WINDOW);
    return 2;
  }
  char token[TOKEN_BYTES], *end;
  while (read_token(token)) {
    double reading = strtod(token, &end);
    if (*end != '\0') {
      fprintf(stderr, "'%s' is no number\n", token);
      return 1;
    }
    const char *mark = is_outlier(&window, reading) ? " outlier" : "";
    add(&window, reading);
    printf("%g %.3f%s\n", reading, average(&window), mark);
  }
  return 0;
}
