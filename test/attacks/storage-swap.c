/* Hostile: swaps megabytes back and forth, with versions that are never right.
 * Expected: limit instructions
 * Grants: { "capabilities": ["storage"] } */
#include <gazelle.h>
static char value[1024 * 1024];
int main(void) {
  for (long long version = 0;; version += 1000) {
    gazelle_storage_compare_and_swap("key", version, value, sizeof value);
    gazelle_storage_get("key", value, sizeof value, 0);
  }
}
