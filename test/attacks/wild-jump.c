/* Hostile: calls a function at an address of its own choice.
 * Expected: error trap.undefined_element */
typedef int (*function)(void);
int main(void) {
  volatile unsigned address = 0x12345;
  return ((function)address)();
}
