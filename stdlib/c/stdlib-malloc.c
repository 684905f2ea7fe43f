/*
 * malloc: blocks with their size in front, and the size of the block before them, so that neighbours join when freed.
 * Free blocks are in lists by size: one list a multiple of 8 up to 256 bytes, then one a power of two. The heap ends
 * in a block of size 0 that is never free; it grows at its end by the machine's memory.grow. It begins in static memory.
 *
 * Small blocks are quick: a freed one is kept as it is for the next request of its size, and joins its neighbours only
 * before the heap would grow. New small blocks are cut one after the other from one free block that is in no list.
 */
#include <stdlib.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct block {
  /* Bytes from this header to the next, a multiple of 8; the lowest bits say that the block is in use, or kept. */
  uint32_t size;
  /* Size of the block before. */
  uint32_t before;
  /* Only in a free block: its neighbours in the list. */
  struct block *next, *previous;
};

#define HEADER 8
#define SMALLEST 16
#define IN_USE 1u
/* Besides IN_USE: freed, and in the list of its size to be used again. */
#define KEPT 2u
#define FLAGS 7u
#define SMALL_LISTS 32
#define FIRST_BYTES 4096
#define LISTS (SMALL_LISTS + 24)
#define LARGEST_REQUEST 0x7fff0000u
/* Requests from here on are not small. */
#define LARGEST_SMALL (SMALL_LISTS * 8 - HEADER - 7)

static struct block *lists[LISTS];
static struct block *kept[SMALL_LISTS];
/* Where new small blocks come from: free, and in no list. */
static struct block *rest;
/* The heap's first block, and the one that ends it. */
static struct block *heap, *heap_end;
/* Bytes that the heap has grown by behind its first part. */
static uint32_t grown;

static struct block *behind(struct block *b) { return (struct block *)((char *)b + (b->size & ~FLAGS)); }
static struct block *ahead(struct block *b) { return (struct block *)((char *)b - b->before); }

static unsigned list_of(uint32_t size) {
  if (size < SMALL_LISTS * 8) return size / 8;
  unsigned log = 31 - __intrinsic(int, "i32.clz", size);
  return SMALL_LISTS + log - 8;
}

static void insert(struct block *b) {
  struct block **list = &lists[list_of(b->size)];
  b->next = *list;
  b->previous = NULL;
  if (*list) (*list)->previous = b;
  *list = b;
}

static void take(struct block *b) {
  if (b == rest) {
    rest = NULL;
    return;
  }
  if (b->next) b->next->previous = b->previous;
  if (b->previous) b->previous->next = b->next;
  else lists[list_of(b->size)] = b->next;
}

static void set_size(struct block *b, uint32_t size, uint32_t use) {
  b->size = size | use;
  behind(b)->before = size;
}

static _Noreturn void corrupt(const char *what, void *block) {
  fprintf(stderr, "%s (block %p)\n", what, block);
  abort();
}

/* The first part of the heap: small, so that what needs no more does not reach behind the memory stack. */
static uint64_t first[FIRST_BYTES / 8];

static void begin(void) {
  heap = (struct block *)first;
  heap->size = FIRST_BYTES - HEADER;
  heap_end = behind(heap);
  heap_end->size = IN_USE;
  heap_end->before = heap->size;
  insert(heap);
}

/* Makes the heap larger by at least `size` bytes; gives the free block at its end, or NULL. */
static struct block *grow(uint32_t size) {
  uint32_t total = grown;
  uint32_t step = total / 8 > 4096 ? (total / 8 + 15) & ~15u : 4096;
  uint32_t wanted = size + 3 * HEADER;
  if (step < wanted) step = wanted;
  char *start = __intrinsic(char *, "memory.grow", step);
  if (start == (char *)-1 && step > wanted) {
    step = wanted;
    start = __intrinsic(char *, "memory.grow", step);
  }
  if (start == (char *)-1) return NULL;
  grown += step;
  struct block *b = heap_end;
  if (total == 0) {
    /* What lies between the first part and this one is a block in use, for ever. */
    uint32_t skipped = -(uint32_t)start & 7;
    b = (struct block *)(start + skipped);
    set_size(heap_end, (char *)b - (char *)heap_end, IN_USE);
    step -= skipped + HEADER;
  }
  step &= ~7u;
  heap_end = (struct block *)((char *)b + step);
  b->size = step;
  heap_end->size = IN_USE;
  heap_end->before = step;
  if (!(ahead(b)->size & IN_USE)) {
    b = ahead(b);
    take(b);
    set_size(b, b->size + step, 0);
  }
  insert(b);
  return b;
}

/* Makes `b`, which is in use, free, together with free neighbours. */
static void release(struct block *b) {
  uint32_t size = b->size & ~FLAGS;
  struct block *next = behind(b);
  if (!(next->size & IN_USE)) {
    take(next);
    size += next->size;
  }
  if (b != heap && !(ahead(b)->size & IN_USE)) {
    b = ahead(b);
    take(b);
    size += b->size;
  }
  set_size(b, size, 0);
  insert(b);
}

/* Makes all kept blocks free: whether there were any. */
static int release_kept(void) {
  int any = 0;
  for (int i = 0; i < SMALL_LISTS; i++) {
    while (kept[i] != NULL) {
      struct block *b = kept[i];
      kept[i] = b->next;
      release(b);
      any = 1;
    }
  }
  return any;
}

static struct block *search(uint32_t size) {
  for (unsigned list = list_of(size); list < LISTS; list++)
    for (struct block *b = lists[list]; b; b = b->next)
      if (b->size >= size) return b;
  return NULL;
}

/* A free block of at least `size` bytes, taken from its list; NULL when there is no more memory. */
static struct block *find(uint32_t size) {
  if (rest != NULL) {
    struct block *old = rest;
    rest = NULL;
    insert(old);
  }
  struct block *b = search(size);
  if (b == NULL && release_kept()) b = search(size);
  if (b == NULL && heap == NULL) {
    begin();
    b = search(size);
  }
  if (b == NULL) b = grow(size);
  if (b != NULL) take(b);
  return b;
}

/* Uses the first `size` bytes of a block that is in no list, and frees the rest. */
static void *use(struct block *b, uint32_t size) {
  uint32_t left = (b->size & ~FLAGS) - size;
  if (left >= SMALLEST) {
    set_size(b, size, IN_USE);
    struct block *other = behind(b);
    set_size(other, left, 0);
    struct block *next = behind(other);
    if (!(next->size & IN_USE)) {
      take(next);
      set_size(other, left + next->size, 0);
    }
    if (rest == NULL) rest = other;
    else insert(other);
  } else b->size |= IN_USE;
  return (char *)b + HEADER;
}

static uint32_t rounded(size_t size) {
  uint32_t bytes = (size + HEADER + 7) & ~7u;
  return bytes < SMALLEST ? SMALLEST : bytes;
}

/* A block of at least `size` bytes where none of that size is kept. */
static void *allocate(size_t size) {
  if (size > LARGEST_REQUEST) {
    errno = ENOMEM;
    return NULL;
  }
  uint32_t bytes = rounded(size);
  struct block *b = rest;
  if (bytes < SMALL_LISTS * 8 && b != NULL && b->size >= bytes + SMALLEST) {
    uint32_t left = b->size - bytes;
    struct block *other = (struct block *)((char *)b + bytes);
    b->size = bytes | IN_USE;
    other->size = left;
    other->before = bytes;
    ((struct block *)((char *)other + left))->before = left;
    rest = other;
    return (char *)b + HEADER;
  }
  b = find(bytes);
  if (b == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  return use(b, bytes);
}

void *malloc(size_t size) {
  if (size >= LARGEST_SMALL) return allocate(size);
  /* The block's size in units of 8, but for malloc(0): no block is kept for that. */
  uint32_t list = (size + HEADER + 7) / 8;
  struct block *b = kept[list];
  if (b == NULL) return allocate(size);
  kept[list] = b->next;
  b->size &= ~KEPT;
  return (char *)b + HEADER;
}

/* Puts a small block of `size` bytes into the list of its size, to be used again. */
#define keep(b, bytes)                  \
  do {                                  \
    b->size = bytes | IN_USE | KEPT;    \
    b->next = kept[bytes / 8];          \
    kept[bytes / 8] = b;                \
  } while (0)

/* The block of a pointer that malloc gave; anything else ends the program. The block behind it must be whole too. */
static struct block *checked(void *pointer) {
  struct block *b = (struct block *)((char *)pointer - HEADER);
  if (((uintptr_t)pointer & 7) || b < heap || b >= heap_end) corrupt("free of a pointer that malloc did not give", pointer);
  uint32_t size = b->size;
  if ((size & (IN_USE | KEPT)) != IN_USE) corrupt("double free", pointer);
  size &= ~FLAGS;
  struct block *next = (struct block *)((char *)b + size), *second = next;
  if (next > b && next < heap_end) second = (struct block *)((char *)next + (next->size & ~FLAGS));
  if (next > heap_end || next <= b || next->before != size ||
      (next != heap_end && (second > heap_end || second <= next || second->before != (next->size & ~FLAGS)))) {
    corrupt("the heap was written to outside of a block", pointer);
  }
  return b;
}

static void free_slowly(void *pointer) {
  if (pointer == NULL) return;
  struct block *b = checked(pointer);
  uint32_t size = b->size & ~FLAGS;
  if (size < SMALL_LISTS * 8) keep(b, size);
  else release(b);
}

/*
 * Keeps a small block at once when all that `checked` looks at is as it should be; else asks that. The order of the
 * comparisons matters: each makes the next access safe.
 */
void free(void *pointer) {
  struct block *b = (struct block *)((char *)pointer - HEADER);
  char *end = (char *)heap_end;
  if (((uintptr_t)pointer & 7) == 0 && b >= heap && (char *)b < end) {
    uint32_t size = b->size ^ IN_USE;
    if ((size & FLAGS) == 0 && size < SMALL_LISTS * 8) {
      struct block *next = (struct block *)((char *)b + size);
      uint32_t next_size = next->size & ~FLAGS;
      if (next->before == size && next_size <= (uint32_t)(end - (char *)next) &&
          ((struct block *)((char *)next + next_size))->before == next_size) {
        keep(b, size);
        return;
      }
    }
  }
  free_slowly(pointer);
}

/* A larger block, whose front is freed again. */
void *aligned_alloc(size_t alignment, size_t size) {
  if (alignment == 0 || (alignment & (alignment - 1)) || size > LARGEST_REQUEST || alignment > LARGEST_REQUEST - size) {
    errno = EINVAL;
    return NULL;
  }
  if (alignment <= HEADER) return malloc(size);
  char *start = malloc(size + alignment + SMALLEST);
  if (start == NULL) return NULL;
  uintptr_t place = ((uintptr_t)start + alignment - 1) & -alignment;
  uint32_t front = place - (uintptr_t)start;
  if (front == 0) return start;
  if (front < SMALLEST) front += alignment;
  struct block *b = (struct block *)(start - HEADER);
  uint32_t left = (b->size & ~FLAGS) - front;
  set_size(b, front, IN_USE);
  set_size(behind(b), left, IN_USE);
  free(start);
  return start + front;
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
  void *place = aligned_alloc(alignment, size);
  if (place == NULL) return ENOMEM;
  *block = place;
  return 0;
}

void *calloc(size_t count, size_t size) {
  unsigned long long bytes = (unsigned long long)count * size;
  void *block = bytes > LARGEST_REQUEST ? malloc(SIZE_MAX) : malloc(bytes);
  if (block != NULL) memset(block, 0, bytes);
  return block;
}

void *realloc(void *pointer, size_t size) {
  if (pointer == NULL) return malloc(size);
  struct block *b = checked(pointer);
  uint32_t old = b->size & ~FLAGS;
  if (size > LARGEST_REQUEST) {
    errno = ENOMEM;
    return NULL;
  }
  uint32_t bytes = rounded(size);
  struct block *next = behind(b);
  if (bytes > old && !(next->size & IN_USE) && old + next->size >= bytes) {
    take(next);
    old += next->size;
    set_size(b, old, IN_USE);
  }
  if (bytes <= old) return use(b, bytes);
  void *moved = malloc(size);
  if (moved == NULL) return NULL;
  memcpy(moved, pointer, old - HEADER);
  free(pointer);
  return moved;
}
