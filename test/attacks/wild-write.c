/* Hostile: writes to all addresses from one of its own on.
 * Expected: error trap.memory_out_of_bounds */
static char own[16];
int main(void) {
  for (volatile char *at = own;; at++) *at = 1;
}
