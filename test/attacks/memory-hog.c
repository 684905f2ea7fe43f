/* Hostile: takes all the memory there is and writes to each page of it. malloc answers NULL at the memory limit, which
 * is no end; so it asks again and again, and never holds more than the limit.
 * Expected: limit instructions */
#include <stdlib.h>

#define PIECE_BYTES 65536
#define PAGE_BYTES 4096

int main(void) {
  for (;;) {
    char *piece = malloc(PIECE_BYTES);
    if (piece == NULL) continue;
    for (int offset = 0; offset < PIECE_BYTES; offset += PAGE_BYTES) piece[offset] = 1;
  }
}
