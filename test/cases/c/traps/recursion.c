// Recursion without end stops at a limit.
static int deeper(int x) { return deeper(x + 1) + 1; }

int main(void) {
  return deeper(0);
}

// trap: limit.stack
