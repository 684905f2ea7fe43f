// Large local arrays, called without end, stop at the memory stack's limit.
static int deeper(int x) {
  char block[1000];
  block[x] = 1;
  return deeper(x + 1) + block[0];
}

int main(void) {
  return deeper(0);
}

// trap: limit.memory_stack
