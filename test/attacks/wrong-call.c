/* Hostile: calls a function as if it had other parameters.
 * Expected: error trap.indirect_call_type_mismatch */
static int one(int value) { return value; }
typedef double (*other)(double, double);
int main(void) {
  int (*volatile function)(int) = one;
  return (int)((other)function)(1.0, 2.0);
}
