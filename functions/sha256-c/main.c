/* Computes the SHA-256 digest of its argument, or of the standard input when there is none (FIPS 180-4).
 * Argument: the message, a string. Prints the digest, 64 hexadecimal digits. Exit code: 0.
 * The input is digested block by block as it is read, so that its length does not matter to the memory used. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_BYTES 64
#define LENGTH_AT 56 /* where the last block holds the message's length in bits */

struct digest {
  uint32_t state[8];
  uint64_t length; /* bytes so far */
  uint8_t block[BLOCK_BYTES];
};

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotate_right(uint32_t word, int count) { return word >> count | word << (32 - count); }

static void make_schedule(uint32_t *schedule, const uint8_t *block) {
  for (int t = 0; t < 16; t++, block += 4)
    schedule[t] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
  for (int t = 16; t < 64; t++) {
    uint32_t w2 = schedule[t - 2], w15 = schedule[t - 15];
    uint32_t sigma1 = rotate_right(w2, 17) ^ rotate_right(w2, 19) ^ w2 >> 10;
    uint32_t sigma0 = rotate_right(w15, 7) ^ rotate_right(w15, 18) ^ w15 >> 3;
    schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
  }
}

static void add_block(struct digest *digest) {
  uint32_t schedule[64], v[8]; /* v holds what the standard calls a to h */
  make_schedule(schedule, digest->block);
  memcpy(v, digest->state, sizeof v);
  for (int t = 0; t < 64; t++) {
    uint32_t sum1 = rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
    uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    uint32_t sum0 = rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
    uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    uint32_t temporary = v[7] + sum1 + choice + round_constants[t] + schedule[t];
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += temporary;
    v[0] = temporary + sum0 + majority;
  }
  for (int i = 0; i < 8; i++) digest->state[i] += v[i];
}

static void begin(struct digest *digest) {
  memcpy(digest->state, initial_state, sizeof initial_state);
  digest->length = 0;
}

static void add_byte(struct digest *digest, int byte) {
  digest->block[digest->length++ % BLOCK_BYTES] = (uint8_t)byte;
  if (digest->length % BLOCK_BYTES == 0) add_block(digest);
}

/* Adds the padding: a 1 bit, zeros, and the length in bits, the most significant byte first. */
static void finish(struct digest *digest) {
  uint64_t bits = digest->length * 8;
  add_byte(digest, 0x80);
  while (digest->length % BLOCK_BYTES != LENGTH_AT) add_byte(digest, 0);
  for (int shift = 56; shift >= 0; shift -= 8) add_byte(digest, (int)(bits >> shift) & 0xFF);
}

int main(int argc, char **argv) {
  struct digest digest;
  begin(&digest);
  if (argc > 1) {
    for (const char *c = argv[1]; *c != '\0'; c++) add_byte(&digest, *c);
  } else {
    for (int c = getchar(); c != EOF; c = getchar()) add_byte(&digest, c);
  }
  finish(&digest);
  for (int i = 0; i < 8; i++) printf("%08x", (unsigned)digest.state[i]);
  printf("\n");
  return 0;
}
