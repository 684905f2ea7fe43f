/* Hostile: divides by zero.
 * Expected: error trap.integer_divide_by_zero */
int main(void) {
  volatile int zero = 0;
  return 1 / zero;
}
