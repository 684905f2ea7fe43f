/* Computes the CRC-32 (the one of zip, gzip and PNG) of a generated buffer, as a checksum service would of a body.
 * Argument: the buffer's length in bytes; the bytes come from a linear congruential generator that starts at 1.
 * Prints the checksum as a decimal number from 0 to 4294967295. Exit code: 0, or 2 for a bad length, or 3 when
 * there is no memory for the buffer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define POLYNOMIAL 0xEDB88320u /* 0x04C11DB7 with its bits reversed */

static uint32_t checksums[256];

static void make_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t checksum = byte;
    for (int bit = 0; bit < 8; bit++) checksum = checksum & 1 ? (checksum >> 1) ^ POLYNOMIAL : checksum >> 1;
    checksums[byte] = checksum;
  }
}

static uint32_t crc32(const uint8_t *bytes, size_t length) {
  uint32_t checksum = 0xFFFFFFFFu;
  for (const uint8_t *end = bytes + length; bytes < end; bytes++)
    checksum = checksums[(checksum ^ *bytes) & 0xFF] ^ (checksum >> 8);
  return ~checksum;
}

static void generate(uint8_t *bytes, size_t length) {
  uint32_t state = 1;
  for (size_t i = 0; i < length; i++) {
    state = state * 1664525u + 1013904223u;
    bytes[i] = (uint8_t)(state >> 24);
  }
}

int main(int argc, char **argv) {
  int length = argc > 1 ? atoi(argv[1]) : -1;
  if (length < 0) {
    fprintf(stderr, "usage: crc32 LENGTH, a whole number\n");
    return 2;
  }
  uint8_t *bytes = malloc(length + 1);
  if (bytes == NULL) {
    fprintf(stderr, "no memory for %d bytes\n", length);
    return 3;
  }
  make_table();
  generate(bytes, length);
  printf("%u\n", (unsigned)crc32(bytes, length));
  free(bytes);
  return 0;
}
