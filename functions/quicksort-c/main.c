/* Sorts a generated sequence with quicksort and digests the sorted order.
 * Argument: how many numbers; they come from a linear congruential generator that starts at 42, 24 bits each.
 * Prints a digest of the sorted sequence, a number from 0 to 4294967295. Exit code: 0, or 1 if the order were wrong,
 * 2 for a bad count, 3 when there is no memory for the numbers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void generate(uint32_t *numbers, int count) {
  uint32_t state = 42;
  for (int i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    numbers[i] = state >> 8;
  }
}

/* Moves what is smaller than the middle element to the left, what is larger to the right (Hoare's scheme), and
 * returns where the two parts meet. */
static int partition(uint32_t *numbers, int first, int last) {
  uint32_t pivot = numbers[first + (last - first) / 2];
  int left = first, right = last;
  for (;;) {
    while (numbers[left] < pivot) left++;
    while (numbers[right] > pivot) right--;
    if (left >= right) return right;
    uint32_t held = numbers[left];
    numbers[left++] = numbers[right];
    numbers[right--] = held;
  }
}

/* Recurses into the smaller part only and loops over the larger, so the depth grows with the logarithm of the length. */
static void quicksort(uint32_t *numbers, int first, int last) {
  while (first < last) {
    int border = partition(numbers, first, last);
    if (border - first < last - border) {
      quicksort(numbers, first, border);
      first = border + 1;
    } else {
      quicksort(numbers, border + 1, last);
      last = border;
    }
  }
}

static int is_sorted(const uint32_t *numbers, int count) {
  for (int i = 1; i < count; i++)
    if (numbers[i - 1] > numbers[i]) return 0;
  return 1;
}

static uint32_t digest(const uint32_t *numbers, int count) {
  uint32_t sum = 0;
  for (int i = 0; i < count; i++) sum = sum * 31 + numbers[i];
  return sum;
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : -1;
  if (count < 0 || count > 100000000) {
    fprintf(stderr, "usage: quicksort COUNT, a whole number up to 100000000\n");
    return 2;
  }
  uint32_t *numbers = malloc((count + 1) * sizeof *numbers);
  if (numbers == NULL) {
    fprintf(stderr, "no memory for %d numbers\n", count);
    return 3;
  }
  generate(numbers, count);
  quicksort(numbers, 0, count - 1);
  if (!is_sorted(numbers, count)) {
    fprintf(stderr, "the sequence is not sorted\n");
    return 1;
  }
  printf("%u\n", (unsigned)digest(numbers, count));
  free(numbers);
  return 0;
}
