/* Hostile: has an array on the stack that is larger than the stack.
 * Expected: limit memory_stack */
static int sum(volatile int *values) { return values[0]; }
int main(void) {
  volatile int values[200000];
  values[0] = 1;
  return sum(values);
}
