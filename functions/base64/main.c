/* Encodes the standard input as base64, or decodes it (RFC 4648, with padding).
 * Argument: "decode" to decode; otherwise it encodes. Writes the result to stdout, encoded text with a newline.
 * When decoding, white space is skipped. Exit code: 0, or 1 for input that is not base64 (stdout then holds what came
 * before), or 2 for another argument. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Reads up to three bytes and writes them as four characters; returns whether there were three. */
static int encode_group(void) {
  int count = 0;
  unsigned group = 0;
  for (int c; count < 3 && (c = getchar()) != EOF; count++) group |= (unsigned)c << (16 - 8 * count);
  if (count > 0) {
    for (int i = 0; i < 4; i++) putchar(i <= count ? alphabet[group >> (18 - 6 * i) & 63] : '=');
  }
  return count == 3;
}

static int next_character(void) {
  int c;
  do c = getchar();
  while (c != EOF && isspace(c));
  return c;
}

/* Fills `sextets` with the values of the next four characters. Returns how many there were before the padding, or -1
 * if these are no four proper characters, or -2 at the end of the input. */
static int read_group(int *sextets) {
  int count = 0, padding = 0;
  for (int i = 0; i < 4; i++) {
    int c = next_character();
    if (c == EOF) return i == 0 ? -2 : -1;
    const char *place = strchr(alphabet, c);
    if (c == '=' && i >= 2) {
      padding++;
    } else if (c == '\0' || place == NULL || padding > 0) {
      return -1;
    } else {
      sextets[count++] = (int)(place - alphabet);
    }
  }
  return count;
}

/* Decodes one group and returns 1 if more may follow, 0 at the end, -1 for bad input. */
static int decode_group(void) {
  int sextets[4] = {0, 0, 0, 0};
  int count = read_group(sextets);
  if (count < 0) return count == -2 ? 0 : -1;
  unsigned group = (unsigned)sextets[0] << 18 | sextets[1] << 12 | sextets[2] << 6 | sextets[3];
  for (int i = 0; i < count - 1; i++) putchar((int)(group >> (16 - 8 * i) & 0xFF));
  if (count < 4) return next_character() == EOF ? 0 : -1; /* padding ends the text */
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    while (encode_group()) continue;
    putchar('\n');
    return 0;
  }
  if (strcmp(argv[1], "decode") != 0) {
    fprintf(stderr, "usage: base64 [decode]\n");
    return 2;
  }
  int more = 1;
  while (more > 0) more = decode_group();
  if (more < 0) fprintf(stderr, "the input is not base64\n");
  return more < 0 ? 1 : 0;
}
