// Integer division by zero traps.
int main(int argc, char **argv) {
  int zero = argc - 1;
  return 7 / zero; // trap: trap.integer_divide_by_zero
}
