/* Summarises a column of a CSV file (RFC 4180: quoted fields may hold commas, quotes and line breaks).
 * Argument: the column's name, which the first record must contain. Reads the file from stdin; prints how many records
 * have a number there, and their sum, mean, least and greatest. Fields that are no number count as empty.
 * Exit code: 0, or 1 if there is no such column, or 2 without an argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_BYTES 256 /* what is longer is cut off */

enum ending { AFTER_FIELD, AFTER_RECORD, AFTER_FILE };

struct summary {
  int numbers, empty;
  double sum, least, greatest;
};

static void append(char *field, size_t *length, int c) {
  if (*length < FIELD_BYTES - 1) field[(*length)++] = (char)c;
}

/* Reads the next field, without its quotes, and returns what ended it. */
static enum ending read_field(char *field) {
  size_t length = 0;
  int quoted = 0, c;
  while ((c = getchar()) != EOF) {
    if (c == '"') {
      /* A quote that follows the closing quote at once stands for itself. */
      if (!quoted && length > 0) append(field, &length, c);
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      break;
    } else if (quoted || c != '\r') {
      append(field, &length, c);
    }
  }
  field[length] = '\0';
  switch (c) {
    case ',': return AFTER_FIELD;
    case '\n': return AFTER_RECORD;
    default: return AFTER_FILE;
  }
}

/* Reads the first record and returns the index of the column called `name`, or -1. */
static int find_column(const char *name) {
  char field[FIELD_BYTES];
  int column = -1, index = 0;
  enum ending ending;
  do {
    ending = read_field(field);
    if (strcmp(field, name) == 0) column = index;
    index++;
  } while (ending == AFTER_FIELD);
  return column;
}

static void add_field(struct summary *summary, const char *field) {
  char *end;
  double number = strtod(field, &end);
  if (end == field || *end != '\0') {
    summary->empty++;
    return;
  }
  if (summary->numbers == 0 || number < summary->least) summary->least = number;
  if (summary->numbers == 0 || number > summary->greatest) summary->greatest = number;
  summary->sum += number;
  summary->numbers++;
}

/* Reads one record into the summary; returns whether another one may follow. An empty line is no record. */
static int add_record(struct summary *summary, int column) {
  char field[FIELD_BYTES];
  enum ending ending = AFTER_FIELD;
  for (int index = 0; ending == AFTER_FIELD; index++) {
    ending = read_field(field);
    int is_empty_line = index == 0 && ending != AFTER_FIELD && field[0] == '\0';
    if (index == column && !is_empty_line) add_field(summary, field);
  }
  return ending == AFTER_RECORD;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: csv-summary COLUMN\n");
    return 2;
  }
  int column = find_column(argv[1]);
  if (column < 0) {
    fprintf(stderr, "no column '%s'\n", argv[1]);
    return 1;
  }
  struct summary summary = {0, 0, 0.0, 0.0, 0.0};
  while (add_record(&summary, column)) continue;
  printf("numbers %d, empty %d\n", summary.numbers, summary.empty);
  if (summary.numbers > 0) {
    printf("sum %.2f, mean %.2f\n", summary.sum, summary.sum / summary.numbers);
    printf("least %.2f, greatest %.2f\n", summary.least, summary.greatest);
  }
  return 0;
}
