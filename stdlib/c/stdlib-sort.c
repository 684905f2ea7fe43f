/* qsort: quicksort on ranges kept in an array of its own, the smaller part first; heapsort where that goes badly. */
#include <stdlib.h>
#include <stdint.h>

typedef int comparison(const void *, const void *);

static void swap(char *a, char *b, size_t size) {
  for (; size >= 4; size -= 4, a += 4, b += 4) {
    uint32_t word = *(uint32_t *)a;
    *(uint32_t *)a = *(uint32_t *)b;
    *(uint32_t *)b = word;
  }
  for (; size > 0; size--) {
    char byte = *a;
    *a++ = *b;
    *b++ = byte;
  }
}

static void insertion_sort(char *first, size_t count, size_t size, comparison *compare) {
  char *end = first + count * size;
  for (char *next = first + size; next < end; next += size)
    for (char *p = next; p > first && compare(p - size, p) > 0; p -= size) swap(p - size, p, size);
}

static void sift_down(char *first, size_t root, size_t count, size_t size, comparison *compare) {
  for (;;) {
    size_t child = 2 * root + 1;
    if (child >= count) return;
    if (child + 1 < count && compare(first + child * size, first + (child + 1) * size) < 0) child++;
    if (compare(first + root * size, first + child * size) >= 0) return;
    swap(first + root * size, first + child * size, size);
    root = child;
  }
}

static void heap_sort(char *first, size_t count, size_t size, comparison *compare) {
  for (size_t root = count / 2; root-- > 0;) sift_down(first, root, count, size, compare);
  for (size_t last = count - 1; last > 0; last--) {
    swap(first, first + last * size, size);
    sift_down(first, 0, last, size, compare);
  }
}

/* Puts the median of first, middle and last at the front. */
static void choose_pivot(char *first, size_t count, size_t size, comparison *compare) {
  char *middle = first + count / 2 * size;
  char *last = first + (count - 1) * size;
  if (compare(middle, last) > 0) swap(middle, last, size);
  if (compare(first, last) > 0) swap(first, last, size);
  if (compare(middle, first) > 0) swap(middle, first, size);
}

/* Moves what is less than the first element in front of it; gives its new index. */
static size_t partition(char *first, size_t count, size_t size, comparison *compare) {
  size_t low = 1, high = count - 1;
  for (;;) {
    while (low <= high && compare(first + low * size, first) < 0) low++;
    while (high >= low && compare(first, first + high * size) < 0) high--;
    if (low >= high) break;
    swap(first + low * size, first + high * size, size);
    low++;
    high--;
  }
  swap(first, first + high * size, size);
  return high;
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  struct { char *first; size_t count; int depth; } ranges[32];
  int top = 0;
  if (count < 2 || size == 0) return;
  char *first = base;
  int depth = 2 * (32 - __intrinsic(int, "i32.clz", count));
  for (;;) {
    if (count <= 8) insertion_sort(first, count, size, compare);
    else if (depth == 0) heap_sort(first, count, size, compare);
    else {
      choose_pivot(first, count, size, compare);
      size_t pivot = partition(first, count, size, compare);
      size_t above = count - pivot - 1;
      char *upper = first + (pivot + 1) * size;
      depth--;
      /* The larger part waits, so that never more than 32 do. */
      if (pivot < above) {
        ranges[top].first = upper;
        ranges[top].count = above;
        count = pivot;
      } else {
        ranges[top].first = first;
        ranges[top].count = pivot;
        first = upper;
        count = above;
      }
      ranges[top++].depth = depth;
      continue;
    }
    if (top == 0) return;
    top--;
    first = ranges[top].first;
    count = ranges[top].count;
    depth = ranges[top].depth;
  }
}
