// A function called through a pointer of another type traps.
static int one(int x) { return x; }

int main(void) {
  int (*wrong)(int, double) = (int (*)(int, double))one;
  return wrong(1, 2.0); // trap: trap.indirect_call_type_mismatch
}
