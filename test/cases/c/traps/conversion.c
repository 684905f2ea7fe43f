// A floating value that the integer type cannot have traps.
int main(int argc, char **argv) {
  double huge = 1e10 * argc;
  return (int)huge; // trap: trap.invalid_conversion_to_integer
}
