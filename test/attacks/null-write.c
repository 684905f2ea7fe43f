/* Hostile: writes through a null pointer.
 * Expected: error trap.memory_out_of_bounds */
int main(void) {
  volatile int *volatile nothing = 0;
  *nothing = 1;
  return 0;
}
