/* Hostile: has a deeply nested text read from every position, again and again.
 * Expected: limit instructions */
#include <gazelle_json.h>
static char text[100000];
int main(void) {
  for (unsigned i = 0; i < sizeof text; i++) text[i] = i % 2 ? '[' : '{';
  for (;;)
    for (unsigned i = 0; i < sizeof text; i++) gazelle_json_parse(text + i, sizeof text - i);
}
