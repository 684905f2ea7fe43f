// A null function pointer traps.
int main(void) {
  void (*none)(void) = 0;
  none(); // trap: trap.undefined_element
  return 0;
}
