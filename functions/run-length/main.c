/* Compresses text by run-length encoding, or restores it: "aaab" is "3ab", runs of one stay as they are.
 * Arguments: "encode" or "decode", then the text, which must not contain digits when encoding.
 * Prints the result. Exit code: 0, or 1 for text that cannot be encoded or decoded, or 2 for wrong usage. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int encode(const char *text) {
  for (const char *run = text; *run != '\0';) {
    if (isdigit((unsigned char)*run)) return 0;
    size_t length = 1;
    while (run[length] == *run) length++;
    if (length > 1) printf("%d", (int)length);
    putchar(*run);
    run += length;
  }
  return 1;
}

static int decode(const char *text) {
  while (*text != '\0') {
    char *rest = (char *)text;
    long length = isdigit((unsigned char)*text) ? strtol(text, &rest, 10) : 1;
    if (*rest == '\0') return 0; /* a number without its character */
    for (long i = 0; i < length; i++) putchar(*rest);
    text = rest + 1;
  }
  return 1;
}

int main(int argc, char **argv) {
  int (*convert)(const char *text) = NULL;
  if (argc == 3 && strcmp(argv[1], "encode") == 0) convert = encode;
  if (argc == 3 && strcmp(argv[1], "decode") == 0) convert = decode;
  if (convert == NULL) {
    fprintf(stderr, "usage: run-length encode|decode TEXT\n");
    return 2;
  }
  int converted = convert(argv[2]);
  printf("\n");
  if (!converted) fprintf(stderr, "the text cannot be converted\n");
  return converted ? 0 : 1;
}
